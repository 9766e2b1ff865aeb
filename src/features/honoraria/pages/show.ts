import { dayIn } from '../../../clock.ts'
import { errorLines, isWrong, type Chip, type ErrorLine, type Field } from '../../../web/components.ts'
import type { Form } from '../../../web/forms.ts'
import { timeZoneOf } from '../../../web/viewer.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { callNameOf, nameOf } from '../../people/index.ts'
import type { Progress } from '../../progress/index.ts'
import { correctionForm, withholdingForm } from '../forms.ts'
import type { HonorariumRow, StepRow } from '../queries.ts'
import { mayDecide, mayPay } from '../service.ts'
import { openWords, reportWords } from './list.ts'
import { moneyWords, stateChip } from './words.ts'

export type ActPart = {
  action: string
  title: string
  text: string | undefined
  fields: Field[]
  label: string
  open: boolean
}
export type HonorariumPage = PageModel & {
  back: { href: string; label: string }
  lede: string
  chip: Chip
  errors: ErrorLine[]
  facts: { label: string; value: string }[]
  /** What would usually be done next: a form of its own. */
  approve: { action: string; text: string } | undefined
  release: string | undefined
  acts: ActPart[]
  history: { at: Date; when: string; text: string; by: string | undefined }[]
  progress: { href: string; label: string } | undefined
}
export const renderHonorarium = view<HonorariumPage>('honoraria/show')

/** What may be wrong in one of the small forms. */
export type Wrong = { reason?: string; paidOn?: string; reference?: string; note?: string }
export type Found = { row: HonorariumRow; steps: readonly StepRow[]; progress: Progress | undefined }

/** One honorarium: where it stands, what can be done with it, and everything that has happened (spec 4.7). */
export function honorariumPage(words: Words, { row, steps, progress }: Found, form: Form<Wrong>): HonorariumPage {
  const { t, viewer } = words
  const person = { ...row, role: 'mentor' as const }
  const name = callNameOf(t, person)
  const href = `/admin/honoraria/${row.participant_id}`
  const decides = mayDecide(viewer)
  return {
    title: t('honoraria.show.title', { name: nameOf(t, person) }),
    here: '/admin/honoraria',
    hasErrors: isWrong(form.errors),
    back: { href: '/admin/honoraria', label: t('honoraria.list.title') },
    lede: t('honoraria.show.lede', { ref: row.ref }),
    chip: stateChip(t, row.state),
    errors: [withholdingForm, correctionForm].flatMap((schema) => errorLines(form.errors, schema)),
    facts: factsOf(words, row, progress),
    approve:
      decides && row.state === 'due'
        ? { action: `${href}/approval`, text: t('honoraria.show.approveText', { name }) }
        : undefined,
    release: decides && row.state === 'withheld' ? `${href}/release` : undefined,
    acts: actsOf(words, row, form, { href, name }),
    history: steps.map((step) => stepItem(words, step)),
    progress: decides
      ? { href: `/admin/progress/${row.participant_id}`, label: t('honoraria.show.progress', { name }) }
      : undefined,
  }
}

function factsOf(words: Words, row: HonorariumRow, progress: Progress | undefined): HonorariumPage['facts'] {
  const { t, dates, viewer } = words
  const facts = [
    [t('honoraria.list.amount'), moneyWords(t, row)],
    [t('honoraria.show.due'), row.due_at ? dates.day(dayIn(timeZoneOf(viewer), row.due_at)) : undefined],
    [t('honoraria.show.report'), reportWords(words, row)],
    [t('honoraria.show.open'), progress && openWords(words, progress)],
    [t('honoraria.show.reason'), row.reason ?? undefined],
    [t('honoraria.show.paidOn'), row.paid_on ? dates.date(row.paid_on) : undefined],
    [t('honoraria.show.reference'), row.reference ?? undefined],
  ] as const
  return facts.flatMap(([label, value]) => (value === undefined ? [] : [{ label, value }]))
}

type At = { href: string; name: string }

function actsOf(words: Words, row: HonorariumRow, form: Form<Wrong>, at: At): ActPart[] {
  const acts: ActPart[] = []
  if (mayPay(row)) acts.push(payAct(words, form, at))
  if (row.state === 'paid') acts.push(correctAct(words, row, form, at))
  if (mayDecide(words.viewer) && (row.state === 'due' || row.state === 'approved'))
    acts.push(withholdAct(words, form, at))
  return acts
}

function withholdAct({ t }: Words, { values, errors }: Form<Wrong>, { href, name }: At): ActPart {
  const reason: Field = {
    name: 'reason',
    label: t('honoraria.show.reasonLabel'),
    hint: t('honoraria.show.reasonHint', { name }),
    value: values.reason,
    error: errors.reason,
    rows: 2,
  }
  const title = t('honoraria.show.withhold')
  return {
    action: `${href}/withholding`,
    title,
    text: undefined,
    fields: [reason],
    label: title,
    open: !!errors.reason,
  }
}

function payAct(words: Words, form: Form<Wrong>, { href, name }: At): ActPart {
  const { t } = words
  return {
    action: `${href}/payment`,
    title: t('honoraria.show.pay'),
    text: undefined,
    fields: paymentFields(words, form, { paidOn: words.dates.today, reference: undefined, name }),
    label: t('honoraria.show.payYes'),
    open: true,
  }
}

function correctAct(words: Words, row: HonorariumRow, form: Form<Wrong>, { href, name }: At): ActPart {
  const { t } = words
  const note: Field = {
    name: 'note',
    label: t('honoraria.show.note'),
    hint: t('honoraria.show.noteHint'),
    value: form.values.note,
    error: form.errors.note,
    rows: 2,
  }
  const standing = { paidOn: row.paid_on ?? undefined, reference: row.reference ?? undefined, name }
  return {
    action: `${href}/correction`,
    title: t('honoraria.show.correct'),
    text: undefined,
    fields: [...paymentFields(words, form, standing), note],
    label: t('honoraria.show.correctYes'),
    open: isWrong(form.errors),
  }
}

type Standing = { paidOn: string | undefined; reference: string | undefined; name: string }
function paymentFields({ t, dates }: Words, { values, errors }: Form<Wrong>, standing: Standing): Field[] {
  return [
    {
      name: 'paidOn',
      label: t('honoraria.show.paidOnLabel'),
      value: values.paidOn ?? standing.paidOn,
      error: errors.paidOn,
      ...{ type: 'date', short: true, max: dates.today },
    },
    {
      name: 'reference',
      label: t('honoraria.show.referenceLabel'),
      hint: t('honoraria.show.referenceHint', { name: standing.name }),
      value: values.reference ?? standing.reference,
      error: errors.reference,
    },
  ]
}

function stepItem({ t, dates }: Words, step: StepRow): HonorariumPage['history'][number] {
  const values = {
    day: step.paid_on ? dates.date(step.paid_on) : '',
    reference: step.reference ?? '',
    note: step.note ?? '',
  }
  return {
    at: step.at,
    when: dates.stamp(step.at),
    text: t(`honoraria.step.${step.step}`, values),
    by: step.by_name ?? undefined,
  }
}
