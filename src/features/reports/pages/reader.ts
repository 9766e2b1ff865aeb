import { dayIn } from '../../../clock.ts'
import { errorLines, isWrong, type Chip, type ErrorLine, type Field } from '../../../web/components.ts'
import type { Form } from '../../../web/forms.ts'
import { timeZoneOf } from '../../../web/viewer.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import type { FileRow } from '../../../files/index.ts'
import { callNameOf, nameOf } from '../../people/index.ts'
import type { SupportRow } from '../../supervision/index.ts'
import { extensionForm, returnForm, SHOWN, waiverForm, type ReturnForm, type Shown } from '../forms.ts'
import type { ReportFactsRow, ReportRow } from '../queries.ts'
import { isHandedIn, mayRead, mayWaive, receiptOf, type Asked } from '../service.ts'
import type { Fact } from './own.ts'
import { answersOf, dueText, fileCard, stateChip, type Answered, type FileCard } from './words.ts'

export type ListedReport = { href: string; name: string; line: string; chip: Chip; due: string; received: string }
export type ReportsPage = PageModel & {
  lede: string
  shown: { value: Shown; label: string; selected: boolean }[]
  reports: ListedReport[]
  moreHref: string | undefined
}
export const renderReports = view<ReportsPage>('reports/list')

/** The reports of a programme, for its coordinator. */
export function reportsPage(
  words: Words,
  { reports, hasMore, show }: { reports: readonly ReportFactsRow[]; hasMore: boolean; show: Shown },
): ReportsPage {
  const { t } = words
  return {
    title: t('reports.list.title'),
    here: '/admin/reports',
    wide: true,
    lede: t('reports.list.lede'),
    shown: SHOWN.map((value) => ({ value, label: t(`reports.list.shown.${value}`), selected: value === show })),
    reports: reports.map((report) => listed(words, report)),
    moreHref: hasMore ? `/admin/reports?show=${show}&after=${reports.at(-1)?.participant_id ?? ''}` : undefined,
  }
}

function listed(words: Words, report: ReportFactsRow): ListedReport {
  const { t, dates, viewer } = words
  const { first_received_at: first } = report
  return {
    href: `/admin/reports/${report.participant_id}`,
    name: nameOf(t, report),
    line: t('reports.read.lede', { role: t(`shared.role.${report.role}`), ref: report.ref }),
    chip: stateChip(words, report),
    due: report.due_on === null ? t('reports.list.noDay') : dates.date(report.due_on),
    received: first ? dates.day(dayIn(timeZoneOf(viewer), first)) : t('reports.list.notYet'),
  }
}

/** A small form on the page: where it goes, and what stands in it. */
export type Step = { action: string; title: string; field: Field; label: string; open: boolean }
export type ReportPage = PageModel & {
  back: { href: string; label: string }
  lede: string
  chip: Chip
  errors: ErrorLine[]
  facts: Fact[]
  /** What is to be done now, in a sentence. */
  text: string | undefined
  begin: { action: string; label: string } | undefined
  note: { title: string; text: string } | undefined
  answersTitle: string
  file: FileCard | undefined
  answers: Answered[] | undefined
  accept: { action: string; text: string } | undefined
  steps: Step[]
  unwaive: string | undefined
  progress: { href: string; label: string }
}
export const renderReport = view<ReportPage>('reports/show')

/** A report, its file once it may be read, and what the programme asks. */
type Read = { report: ReportRow; file: FileRow | undefined; asked: readonly Asked[] }

/** What may be wrong in one of the small forms. */
export type Wrong = { note?: string; reason?: string; until?: string }

/** One report, for its coordinator: facts, the text once they read it, and what they can do. */
export function reportPage(words: Words, { report, file, asked }: Read, form: Form<Wrong>): ReportPage {
  const { t } = words
  const name = callNameOf(t, report)
  const href = `/admin/reports/${report.participant_id}`
  return {
    title: t('reports.read.title', { name: nameOf(t, report) }),
    here: '/admin/reports',
    hasErrors: isWrong(form.errors),
    back: { href: '/admin/reports', label: t('reports.list.title') },
    lede: t('reports.read.lede', { role: t(`shared.role.${report.role}`), ref: report.ref }),
    chip: stateChip(words, report),
    errors: [returnForm, waiverForm, extensionForm].flatMap((schema) => errorLines(form.errors, schema)),
    facts: factsOf(words, report),
    text: textOf(words, report, name),
    begin: report.state === 'received' ? { action: `${href}/review`, label: t('reports.read.begin') } : undefined,
    note: noteOf(words, report, name),
    answersTitle: t('reports.read.text', { name }),
    file: fileCard(words, report, file),
    answers: mayRead(report) ? answersOf(words, report, asked) : undefined,
    accept:
      report.state === 'in_review'
        ? { action: `${href}/acceptance`, text: t('reports.read.acceptText', { name }) }
        : undefined,
    steps: stepsOf(words, report, form, { href, name }),
    unwaive: report.state === 'waived' ? `${href}/waiver/withdrawal` : undefined,
    progress: { href: `/admin/progress/${report.participant_id}`, label: t('reports.read.progress', { name }) },
  }
}

function factsOf(words: Words, report: ReportRow): Fact[] {
  const { t, dates } = words
  const facts = [
    ['due', dueText(words, report)],
    ['first', report.first_received_at ? dates.full(report.first_received_at) : undefined],
    ['received', isHandedIn(report) && report.received_at ? dates.full(report.received_at) : undefined],
    ['number', report.first_received_at ? receiptOf(report) : undefined],
    ['names', namesLeft(words, report)],
  ] as const
  return facts.flatMap(([name, value]) => (value === undefined ? [] : [{ label: t(`reports.read.${name}`), value }]))
}

/** Before somebody reads it they know that it may name somebody. */
function namesLeft({ t }: Words, report: ReportRow): string | undefined {
  if (report.names_in.length === 0 || !isHandedIn(report)) return undefined
  const count = report.names_in.filter((place) => place !== 'file').length
  const answers = count > 0 ? t('reports.read.namesLeft', { count }) : ''
  return `${answers} ${count < report.names_in.length ? t('reports.read.namesInFile') : ''}`.trim()
}

function textOf({ t }: Words, report: ReportRow, name: string): string | undefined {
  if (report.state === 'received') return t('reports.read.beginText', { name })
  if (report.state !== 'open') return undefined
  return t(report.first_received_at ? 'reports.read.takenBack' : 'reports.read.waiting', { name })
}

function noteOf({ t }: Words, { state, note }: ReportRow, name: string): ReportPage['note'] {
  if (note === null || (state !== 'returned' && state !== 'waived')) return undefined
  return { title: t(`reports.read.${state}`, { name }), text: note }
}

type At = { href: string; name: string }

function stepsOf(words: Words, report: ReportRow, form: Form<Wrong>, at: At): Step[] {
  if (report.state === 'in_review') return [returnStep(words, form, at)]
  return mayWaive(report) ? [extendStep(words, report, form, at), waiveStep(words, form, at)] : []
}

function returnStep({ t }: Words, { values, errors }: Form<Wrong>, { href, name }: At): Step {
  const field: Field = {
    name: 'note' satisfies keyof ReturnForm,
    label: t('reports.read.note'),
    hint: t('reports.read.noteHint', { name }),
    value: values.note,
    error: errors.note,
    rows: 4,
  }
  return step({ action: `${href}/return`, title: t('reports.read.return'), field, label: t('reports.read.return') })
}

function extendStep({ t, dates }: Words, report: ReportRow, { values, errors }: Form<Wrong>, { href, name }: At): Step {
  const field: Field = {
    name: 'until',
    label: t('reports.read.until'),
    hint: t('reports.read.untilHint', { name }),
    value: values.until ?? report.extended_to ?? undefined,
    error: errors.until,
    type: 'date',
    short: true,
    min: dates.today,
  }
  return step({ action: `${href}/extension`, title: t('reports.read.extend'), field, label: t('reports.read.extend') })
}

function waiveStep({ t }: Words, { values, errors }: Form<Wrong>, { href, name }: At): Step {
  const field: Field = {
    name: 'reason',
    label: t('reports.read.reason'),
    hint: t('reports.read.reasonHint', { name }),
    value: values.reason,
    error: errors.reason,
    rows: 3,
  }
  return step({ action: `${href}/waiver`, title: t('reports.read.waive'), field, label: t('reports.read.waiveYes') })
}

const step = (of: Omit<Step, 'open'>): Step => ({
  ...of,
  open: of.field.error !== undefined || of.field.value !== undefined,
})

export type SharedReportPage = PageModel & {
  back: { href: string; label: string }
  lede: string
  file: FileCard | undefined
  answers: Answered[]
}
export const renderSharedReport = view<SharedReportPage>('reports/shared')

/** A report that a partner lets the viewer read. */
export function sharedReportPage(words: Words, matchId: number, { report, file, asked }: Read): SharedReportPage {
  const { t } = words
  const name = callNameOf(t, report)
  return {
    title: t(`reports.shared.title.${report.role}`),
    here: '/',
    back: { href: `/matches/${matchId}/partner`, label: t('reports.shared.back', { name }) },
    lede: t('reports.shared.lede', { name }),
    file: fileCard(words, report, file),
    answers: answersOf(words, report, asked),
  }
}

export type SupportedReportPage = PageModel & {
  back: { href: string; label: string }
  lede: string
  /** Missing before it is handed in. */
  read: { file: FileCard | undefined; answers: Answered[] } | undefined
}
export const renderSupportedReport = view<SupportedReportPage>('reports/supported')

/** A mentor's report for their supervisor; `hide` puts references where mentees are named (spec 4.4, R38). */
export function supportedReportPage(
  words: Words,
  of: SupportRow,
  hide: (text: string) => string,
  read?: Read,
): SupportedReportPage {
  const { t } = words
  const mentor = nameOf(t, { ...of, role: 'mentor' })
  const room = `/admin/supervision/${of.mentor_id}`
  return {
    title: t('reports.supported.title', { mentor }),
    here: '/admin/supervision',
    back: { href: room, label: t('supervision.room.of', { mentor }) },
    lede: t('reports.supported.lede', { mentor }),
    read: read && {
      file: fileCard(words, read.report, read.file, `${room}/report/file`),
      answers: answersOf(words, read.report, read.asked).map(({ prompt, text }) => ({ prompt, text: hide(text) })),
    },
  }
}
