import { errorLines, isWrong, type ErrorLine, type Field, type Notice, type Tick } from '../../../web/components.ts'
import type { Form } from '../../../web/forms.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { countedLines, type Counted, type CountsRow } from '../../erasure/index.ts'
import { monthsForm, sureForm, type MonthsForm, type SureForm } from '../forms.ts'
import type { ClockRow, GoingWithRow } from '../queries.ts'
import { isHeld, phaseOf } from '../service.ts'

export type Typed = MonthsForm & SureForm
export type Dated = { label: string; text: string }
export type RetentionPage = PageModel & {
  errors: ErrorLine[]
  lede: string
  held: Notice | undefined
  dates: Dated[]
  /** Closing or archiving by hand, where that is the next step. */
  step: { action: string; title: string; text: string; label: string; tick: Tick } | undefined
  months: Field | undefined
  goes: Counted[]
  stays: Counted[]
  refs: string
}
export const renderRetention = view<RetentionPage>('retention/show')

type Facts = { row: ClockRow; going: GoingWithRow; counts: CountsRow }

/** How long a programme keeps what people wrote, its days, and what would go: nothing happens by looking (spec 5.5). */
export function retentionPage(words: Words, { row, going, counts }: Facts, form: Form<Typed>): RetentionPage {
  const { t } = words
  const { values, errors } = form
  const phase = phaseOf(row)
  const months: Field = {
    ...{ name: 'months', type: 'number', label: t('retention.months'), hint: t('retention.monthsHint'), short: true },
    ...{ value: values.months ?? String(row.months), error: errors.months, min: '1', max: '60' },
  }
  return {
    title: t('retention.title'),
    here: '/admin/setup',
    hasErrors: isWrong(errors),
    errors: [...errorLines(errors, monthsForm), ...errorLines(errors, sureForm)],
    lede: t(`retention.phase.${phase}`),
    held: phase !== 'erased' && isHeld(going) ? heldNotice(words, going) : undefined,
    dates: datesOf(words, row),
    step: stepOf(words, phase, form),
    months: phase === 'erased' ? undefined : months,
    ...countedLines(t, counts),
    refs: going.refs.join(', '),
  }
}

function heldNotice({ t }: Words, { concerns, payments }: GoingWithRow): Notice {
  const text = [
    ...(concerns > 0 ? [t('retention.heldConcerns')] : []),
    ...(payments > 0 ? [t('retention.heldPayments', { count: payments })] : []),
  ].join(' ')
  return { kind: 'wait', icon: 'exclamation-triangle', title: t('retention.held'), text }
}

function datesOf({ t, dates }: Words, row: ClockRow): Dated[] {
  const said = (done: Date | null, day: string) =>
    done ? t('retention.was', { day: dates.date(day) }) : t('retention.will', { day: dates.date(day) })
  return [
    { label: t('retention.ends'), text: dates.date(row.ends_on) },
    { label: t('retention.closes'), text: said(row.closed_at, row.closes_on) },
    { label: t('retention.archives'), text: said(row.archived_at, row.archives_on) },
    { label: t('retention.erases'), text: said(row.erased_at, row.erases_on) },
  ]
}

function stepOf({ t }: Words, phase: ReturnType<typeof phaseOf>, { errors }: Form<Typed>): RetentionPage['step'] {
  if (phase !== 'closing' && phase !== 'closed') return undefined
  const step = phase === 'closing' ? 'closing' : 'archiving'
  return {
    action: `/admin/data/retention/${step}`,
    title: t(`retention.${step}.title`),
    text: t(`retention.${step}.text`),
    label: t(`retention.${step}.yes`),
    tick: { name: 'sure', label: t(`retention.${step}.sure`), ticked: false, error: errors.sure },
  }
}
