import { errorLines, isWrong, type Chip, type ErrorLine, type Field, type Notice } from '../../../web/components.ts'
import type { Form } from '../../../web/forms.ts'
import { coordinatorOf } from '../../../web/viewer.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { isNeeded, REPORT_FIELDS, type Answers, type ReportFields } from '../forms.ts'
import type { FileRow } from '../../../files/index.ts'
import type { TextKey } from '../../../web/i18n.ts'
import { callNameOf } from '../../people/index.ts'
import type { ReportRow, SharingRow } from '../queries.ts'
import { isHandedIn, mayHandIn, mayTakeBack, receiptOf, type Asked, type NameHit } from '../service.ts'
import { answersOf, dueText, fileCard, stateChip, type Answered, type FileCard } from './words.ts'

export type Fact = { label: string; value: string }
export type WritePart = {
  errors: ErrorLine[]
  names: { title: string; text: string; at: { href: string; label: string }[] } | undefined
  keptAt: Date | undefined
  hint: string
  fields: Field[]
  file: { card: FileCard | undefined; without: boolean; error: TextKey | undefined; open: boolean }
  until: string
}
export type ReceiptPart = {
  facts: Fact[]
  step: { title: string; text: string; isLast: boolean }
  back: boolean
  file: FileCard | undefined
  answers: Answered[]
  share: { title: string; text: string; value: 'yes' | 'no'; label: string }
}
export type OwnReportPage = PageModel & {
  lede: string
  facts: Fact[]
  chip: Chip
  /** Why it came back, or why there is nothing to write. */
  notice: Notice | undefined
  write: WritePart | undefined
  receipt: ReceiptPart | undefined
  /** The reports that partners share. */
  shared: { href: string; label: string }[]
}
export const renderOwnReport = view<OwnReportPage>('reports/own')

export type OwnReportFacts = {
  report: ReportRow
  file: FileRow | undefined
  shared: readonly SharingRow[]
  hits: readonly NameHit[]
  asked: readonly Asked[]
}

/** Somebody's own report: to write, or with its receipt and what has become of it (R141, R147). */
export function ownReportPage(words: Words, facts: OwnReportFacts, form: Form<ReportFields>): OwnReportPage {
  const { report, shared } = facts
  const { t, viewer } = words
  const coordinator = coordinatorOf(viewer)
  const writes = mayHandIn(report)
  return {
    title: t('reports.title'),
    here: '/report',
    hasErrors: isWrong(form.errors),
    lede: t(`reports.lede.${report.role}`),
    chip: stateChip(words, report, form.keptAt !== undefined),
    facts: [
      { label: t('reports.facts.due'), value: dueFact(words, report) },
      { label: t('reports.facts.reads'), value: t('reports.facts.readers', { coordinator }) },
    ],
    notice: noticeOf(words, report),
    write: writes ? writePart(words, facts, form) : undefined,
    receipt: isHandedIn(report) ? receiptPart(words, facts) : undefined,
    shared: shared.map((one) => ({
      href: `/matches/${one.match_id}/report`,
      label: t('reports.shared.look', { name: callNameOf(t, one) }),
    })),
  }
}

function dueFact(words: Words, report: ReportRow): string {
  const day = dueText(words, report)
  const coordinator = coordinatorOf(words.viewer)
  return report.extended_to === null ? day : words.t('reports.facts.extended', { day, coordinator })
}

function noticeOf({ t, dates, viewer }: Words, report: ReportRow): Notice | undefined {
  const coordinator = coordinatorOf(viewer)
  if (report.state === 'returned') {
    const stays = report.first_received_at
      ? t('reports.returned.receipt', { when: dates.full(report.first_received_at) })
      : ''
    const title = t('reports.returned.title', { coordinator })
    return { kind: 'wait', icon: 'chat-left-text', title, text: `“${report.note ?? ''}” ${stays}` }
  }
  if (report.state === 'waived') {
    const text = t('reports.waived.text', { coordinator, note: report.note ?? '' })
    return { kind: 'ok', icon: 'check-circle', title: t('reports.waived.title'), text }
  }
  if (mayHandIn(report) || isHandedIn(report)) return undefined
  return { kind: 'plain', icon: 'info-circle', title: t('reports.notOpen.title'), text: t('reports.notOpen.text') }
}

function writePart(words: Words, { report, file, hits, asked }: OwnReportFacts, form: Form<ReportFields>): WritePart {
  const { t, viewer } = words
  const typed = form.keptAt !== undefined || Object.keys(form.values).length > 0
  const values: Answers = typed ? form.values : (report.answers ?? {})
  return {
    errors: errorLines(form.errors, REPORT_FIELDS),
    keptAt: form.keptAt,
    hint: t(`reports.hint.${report.role}`),
    names: hits.length === 0 ? undefined : namesPart(words, { report, asked, hits }),
    fields: asked.map(({ prompt, title, text }, at) => ({
      name: prompt,
      label: t('reports.question', { number: at + 1, title }),
      hint: text,
      value: values[prompt],
      error: form.errors[prompt],
      rows: 4,
      optional: file !== undefined || !isNeeded(prompt),
    })),
    file: {
      card: fileCard(words, report, file),
      without: form.values.without === 'yes',
      error: form.errors.file,
      open: file !== undefined || form.errors.file !== undefined,
    },
    until: t('reports.until', { coordinator: coordinatorOf(viewer) }),
  }
}

function namesPart(
  { t }: Words,
  { report: { role }, asked, hits }: Pick<OwnReportFacts, 'report' | 'asked' | 'hits'>,
): WritePart['names'] {
  return {
    title: t('reports.names.title', { count: hits.length }),
    text: t(`reports.names.text.${role}`),
    at: hits.map(({ prompt, name }) => ({
      href: `#${prompt}`,
      label:
        prompt === 'file'
          ? t('reports.names.inFile', { name })
          : t('reports.names.at', { number: asked.findIndex((one) => one.prompt === prompt) + 1, name }),
    })),
  }
}

function receiptPart(words: Words, { report, file, asked }: OwnReportFacts): ReceiptPart {
  const { t, dates, viewer } = words
  const coordinator = coordinatorOf(viewer)
  return {
    facts: [
      {
        label: t('reports.receipt.received'),
        value: report.first_received_at ? dates.full(report.first_received_at) : '',
      },
      { label: t('reports.receipt.number'), value: receiptOf(report) },
      { label: t('reports.receipt.onTime'), value: onTime(words, report) },
    ],
    step: stepOf(words, report),
    back: mayTakeBack(report),
    file: fileCard(words, report, file),
    answers: answersOf(words, report, asked),
    share: {
      title: t(`reports.share.title.${report.role}`),
      text: report.shared ? t('reports.share.on') : t('reports.share.off', { coordinator }),
      value: report.shared ? 'no' : 'yes',
      label: t(report.shared ? 'reports.share.shutOut' : 'reports.share.letIn'),
    },
  }
}

function onTime({ t, dates }: Words, { late, due_on: due }: ReportRow): string {
  if (due === null) return t('reports.receipt.free')
  return t(late ? 'reports.receipt.no' : 'reports.receipt.yes', { day: dates.date(due) })
}

function stepOf({ t, viewer }: Words, { state }: ReportRow): ReceiptPart['step'] {
  const of = state === 'accepted' || state === 'in_review' ? state : 'received'
  const title = t(`reports.then.${of}`, { coordinator: coordinatorOf(viewer) })
  const isLast = of === 'accepted'
  const text = t(`reports.then.${of}Text`)
  return { title, text: isLast ? text : `${text} ${t('reports.then.back')}`, isLast }
}
