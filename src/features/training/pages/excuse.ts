import { errorLines, type ErrorLine, type Field } from '../../../web/components.ts'
import type { Form } from '../../../web/forms.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { callNameOf, nameOf } from '../../people/index.ts'
import { excuseForm, type ExcuseForm } from '../forms.ts'
import type { MentorRow } from '../queries.ts'

export type ExcusePage = PageModel & {
  back: { href: string; label: string }
  lede: string
  action: string
  keptAt: Date | undefined
  errors: ErrorLine[]
  reason: Field
}
export const renderExcuse = view<ExcusePage>('training/excuse')

/** Why a mentor needs no training: they read the reason too. */
export function excusePage({ t }: Words, mentor: MentorRow, form: Form<ExcuseForm>): ExcusePage {
  return {
    title: t('training.excuse.title', { mentor: nameOf(t, mentor) }),
    here: '/admin/training',
    hasErrors: Object.keys(form.errors).length > 0,
    back: { href: '/admin/training', label: t('training.title') },
    lede: t('training.excuse.lede', { mentor: callNameOf(t, mentor) }),
    action: `/admin/training/excuses/${mentor.id}`,
    keptAt: form.keptAt,
    errors: errorLines(form.errors, excuseForm),
    reason: {
      name: 'reason',
      label: t('training.excuse.reason'),
      hint: t('training.excuse.hint', { mentor: callNameOf(t, mentor) }),
      value: form.values.reason ?? mentor.reason ?? '',
      error: form.errors.reason,
    },
  }
}
