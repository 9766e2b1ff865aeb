import { errorLines, isWrong, type Choice, type ErrorLine, type Field } from '../../../web/components.ts'
import type { Form } from '../../../web/forms.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { callNameOf, nameOf } from '../../people/index.ts'
import { excuseForm, type ExcuseForm } from '../forms.ts'
import type { MeasuredRow } from '../queries.ts'
import { progressOf } from '../service.ts'
import { partsTable, sendingCard, type PartsTable, type SendingCard, type Shown } from './own.ts'

export type PersonProgressPage = PageModel & {
  back: { href: string; label: string }
  lede: string
  table: PartsTable
  sending: SendingCard
  errors: ErrorLine[]
  keptAt: Date | undefined
  excuse: { action: string; requirement: Choice; reason: Field; hint: string } | undefined
  /** Excuses that can be taken back. */
  excuses: { action: string; label: string }[]
}
export const renderPersonProgress = view<PersonProgressPage>('progress/person')

/** Somebody's number for their coordinator: what it is made of, and what they are excused from. */
export function personProgressPage(
  words: Words,
  { person, ...shown }: Shown & { person: MeasuredRow },
  form: Form<ExcuseForm>,
): PersonProgressPage {
  const { t } = words
  const name = callNameOf(t, person)
  const href = `/admin/progress/${person.id}`
  return {
    title: t('progress.person.title', { name: nameOf(t, person), score: progressOf(shown.facts).score }),
    here: '/admin/people',
    hasErrors: isWrong(form.errors),
    back: { href: `/admin/applications/${person.id}`, label: nameOf(t, person) },
    lede: t('progress.person.lede', { role: t(`shared.role.${person.role}`), ref: person.ref }),
    table: partsTable(words, shown.facts, shown.excuses, false),
    sending: sendingCard(words, { ...shown, own: false }),
    errors: errorLines(form.errors, excuseForm),
    keptAt: form.keptAt,
    excuse: excusePart(words, shown, form, { href, name }),
    excuses: shown.excuses.map(({ requirement }) => ({
      action: `${href}/excuses/${requirement}/withdrawal`,
      label: t(`progress.part.${requirement}`),
    })),
  }
}

function excusePart(
  { t }: Words,
  { facts }: Shown,
  { values, errors }: Form<ExcuseForm>,
  { href, name }: { href: string; name: string },
): PersonProgressPage['excuse'] {
  const open = progressOf(facts).parts.filter(({ met }) => !met)
  if (open.length === 0) return undefined
  return {
    action: `${href}/excuses`,
    hint: t('progress.person.excuseHint', { name }),
    requirement: {
      name: 'requirement',
      legend: t('progress.person.from'),
      value: values.requirement,
      error: errors.requirement,
      options: open.map(({ requirement }) => ({ value: requirement, label: t(`progress.part.${requirement}`) })),
    },
    reason: {
      name: 'reason',
      label: t('progress.person.reason'),
      hint: t('progress.person.reasonHint', { name }),
      value: values.reason,
      error: errors.reason,
      rows: 2,
    },
  }
}
