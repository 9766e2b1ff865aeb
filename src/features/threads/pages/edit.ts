import { errorLines, isWrong, type ErrorLine, type Field } from '../../../web/components.ts'
import type { Form } from '../../../web/forms.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { callNameOf } from '../../people/index.ts'
import { editForm, type EditForm } from '../forms.ts'
import type { OwnMessageRow, ThreadRow } from '../queries.ts'
import { goesOutLater } from '../service.ts'

export type EditPage = PageModel & {
  back: { href: string; label: string }
  lede: string
  action: string
  errors: ErrorLine[]
  keptAt: Date | undefined
  body: Field
}
export const renderEdit = view<EditPage>('threads/edit')

/** One's own message, to change. */
export function editPage({ t }: Words, of: ThreadRow, own: OwnMessageRow, form: Form<EditForm>): EditPage {
  const { errors, values, keptAt } = form
  return {
    title: t('threads.edit.title'),
    here: '/conversation',
    hasErrors: isWrong(errors),
    back: { href: `/threads/${of.id}`, label: t('threads.edit.back') },
    lede: t('threads.edit.lede', { partner: callNameOf(t, of) }),
    action: `/threads/${of.id}/messages/${own.id}/edit`,
    errors: errorLines(errors, editForm),
    keptAt,
    body: {
      name: 'body',
      label: t('threads.write.body'),
      hint: t('threads.write.bodyHint'),
      value: values.body ?? own.body ?? '',
      error: errors.body,
      rows: 6,
    },
  }
}

export type WithdrawalPage = PageModel & {
  back: { href: string; label: string }
  lede: string
  /** The message, in Markdown. */
  text: string
  action: string
  label: string
}
export const renderWithdrawal = view<WithdrawalPage>('threads/withdrawal')

/** Asked once more, since the words do not come back. */
export function withdrawalPage({ t }: Words, of: ThreadRow, own: OwnMessageRow): WithdrawalPage {
  const partner = callNameOf(t, of)
  const unseen = goesOutLater(own)
  return {
    title: t(unseen ? 'threads.withdrawal.takeBack' : 'threads.withdrawal.title'),
    here: '/conversation',
    back: { href: `/threads/${of.id}`, label: t('threads.edit.back') },
    lede: t(unseen ? 'threads.withdrawal.unseen' : 'threads.withdrawal.lede', { partner }),
    text: own.body ?? '',
    action: `/threads/${of.id}/messages/${own.id}/withdrawal`,
    label: t(unseen ? 'threads.withdrawal.doUnseen' : 'threads.withdrawal.do'),
  }
}
