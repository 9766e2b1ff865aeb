import { errorLines, isWrong, type Choice, type ErrorLine, type Field, type Notice } from '../../../web/components.ts'
import type { Form } from '../../../web/forms.ts'
import type { T } from '../../../web/i18n.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { nameOf } from '../../people/index.ts'
import { erasureForm, GOES, refusalForm, STAYS, type ErasureForm, type RefusalForm } from '../forms.ts'
import type { BlockRow, CountsRow, RequestRow } from '../queries.ts'
import { reasonsOf } from '../service.ts'

export type Typed = ErasureForm & RefusalForm
export type Counted = { label: string; count: number }
export type ErasurePage = PageModel & {
  errors: ErrorLine[]
  lede: string
  notice: Notice | undefined
  goes: Counted[]
  stays: Counted[]
  /** It can be done now: the form with the typed reference. */
  erase: { action: string; field: Field } | undefined
  /** Something holds it back: the form that says so. */
  refuse: { action: string; choice: Choice } | undefined
}
export const renderErasure = view<ErasurePage>('erasure/show')

type Facts = { row: RequestRow; counts: CountsRow; blocks: BlockRow }

/** What would go of somebody, and the two things that their coordinator can do. */
export function erasurePage(words: Words, { row, counts, blocks }: Facts, form: Form<Typed>): ErasurePage {
  const { t, dates } = words
  const { errors } = form
  const name = nameOf(t, row)
  const reasons = reasonsOf(blocks)
  const action = `/admin/data/erasures/${row.id}`
  const isOpen = row.state === 'open'
  return {
    title: t('erasure.show.title', { name }),
    here: '/admin/setup',
    hasErrors: isWrong(errors),
    errors: [...errorLines(errors, erasureForm), ...errorLines(errors, refusalForm)],
    lede: t('erasure.show.lede', { ref: row.ref, when: dates.stamp(row.asked_at) }),
    notice: isOpen ? heldNotice(words, reasons) : doneNotice(words, row),
    ...countedLines(t, counts),
    erase: isOpen && reasons.length === 0 ? { action, field: refField(words, row, form) } : undefined,
    refuse:
      isOpen && reasons.length > 0
        ? { action: `${action}/refusal`, choice: reasonChoice(words, reasons, form) }
        : undefined,
  }
}

/** What goes and what stays as numbers, with how many there are of each. */
export function countedLines(t: T, counts: CountsRow): { goes: Counted[]; stays: Counted[] } {
  return {
    goes: GOES.map((what) => ({ label: t(`erasure.counted.${what}`), count: counts[what] })),
    stays: STAYS.map((what) => ({ label: t(`erasure.kept.${what}`), count: counts[what] })),
  }
}

function heldNotice({ t }: Words, reasons: ReturnType<typeof reasonsOf>): Notice | undefined {
  if (reasons.length === 0) return undefined
  const text = reasons.map((reason) => t(`erasure.show.held.${reason}`)).join(' ')
  return { kind: 'stop', icon: 'exclamation-triangle', title: t('erasure.show.heldTitle'), text }
}

function doneNotice({ t, dates }: Words, { state, decided_at: at }: RequestRow): Notice {
  const when = at ? dates.stamp(at) : ''
  const kind = state === 'done' ? 'done' : state === 'refused' ? 'refused' : 'withdrawn'
  return { kind: 'plain', icon: 'check-circle', title: t(`erasure.show.${kind}`), text: when }
}

function refField({ t }: Words, { ref }: RequestRow, { values, errors }: Form<Typed>): Field {
  const label = t('erasure.show.ref', { ref })
  return { name: 'ref', label, hint: t('erasure.show.refHint'), value: values.ref, error: errors.ref, short: true }
}

function reasonChoice({ t }: Words, reasons: ReturnType<typeof reasonsOf>, { values, errors }: Form<Typed>): Choice {
  return {
    name: 'reason',
    legend: t('erasure.show.reason'),
    options: reasons.map((value) => ({ value, label: t(`erasure.own.because.${value}`) })),
    value: values.reason ?? reasons[0],
    error: errors.reason,
    wide: true,
  }
}
