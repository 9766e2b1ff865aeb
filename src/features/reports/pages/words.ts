import type { Chip } from '../../../web/components.ts'
import { isReady, type FileRow } from '../../../files/index.ts'
import type { Words } from '../../../web/views.ts'
import { PROMPTS } from '../forms.ts'
import type { ReportFactsRow, ReportRow, ReportState } from '../queries.ts'
import { isOverdue, mayHandIn, type Asked } from '../service.ts'

const LOOKS: Record<ReportState, Pick<Chip, 'kind' | 'icon'>> = {
  open: { kind: 'plain', icon: 'circle' },
  received: { kind: 'ok', icon: 'check-lg' },
  in_review: { kind: 'plain', icon: 'search' },
  returned: { kind: 'wait', icon: 'chat-left-text' },
  accepted: { kind: 'ok', icon: 'check-lg' },
  waived: { kind: 'ok', icon: 'check-lg' },
}

/** How a report stands, in a word; `late` and `overdue` are words, never a colour alone. */
export function stateChip(words: Words, report: ReportFactsRow, hasDraft = false): Chip {
  const { t, dates } = words
  if (report.state === 'open' && isOverdue(report, dates.today))
    return { kind: 'wait', icon: 'exclamation-circle', text: t('reports.state.overdue') }
  const state = report.state === 'open' ? openState(report, hasDraft) : report.state
  const text = t(`reports.state.${state}`)
  return { ...LOOKS[report.state], text: report.late ? `${text}, ${t('reports.state.late')}` : text }
}

function openState(report: ReportFactsRow, hasDraft: boolean): 'notOpen' | 'open' | 'draft' {
  if (!mayHandIn(report)) return 'notOpen'
  return hasDraft ? 'draft' : 'open'
}

/** The day by which it should be there. */
export function dueText({ t, dates }: Words, { due_on: due }: ReportFactsRow): string {
  return due === null ? t('reports.facts.noDay') : dates.date(due)
}

export type Answered = { prompt: string; text: string }
/** What somebody wrote, question by question; nothing where a file says it all. What is not asked any more stays to be read. */
export function answersOf({ t }: Words, { answers, file_id }: ReportRow, asked: readonly Asked[]): Answered[] {
  const written = PROMPTS.filter((prompt) => answers?.[prompt] !== undefined)
  if (file_id !== null && written.length === 0) return []
  const titles = new Map(asked.map(({ prompt, title }) => [prompt, title]))
  return PROMPTS.filter((prompt) => titles.has(prompt) || written.includes(prompt)).map((prompt) => ({
    prompt: titles.get(prompt) ?? t('reports.notAsked'),
    text: answers?.[prompt] ?? t('reports.none'),
  }))
}

export type FileCard = {
  name: string
  /** Its kind and size. */
  text: string
  /** Missing while it cannot be had; then `waits` says why. */
  href: string | undefined
  waits: string | undefined
}
/** The file of a report, for who may read that report; they get it at `href`. */
export function fileCard(
  { t }: Words,
  { participant_id: id }: ReportRow,
  file: FileRow | undefined,
  href = `/reports/${id}/file`,
): FileCard | undefined {
  if (!file) return undefined
  const size = megabytes.format(Math.max(file.bytes / 1024 / 1024, 0.1))
  const ready = isReady(file)
  return {
    name: file.name,
    text: t('reports.file.text', { kind: t(`reports.file.kind.${file.kind}`), size }),
    href: ready ? href : undefined,
    waits: ready ? undefined : t(file.state === 'infected' ? 'reports.file.infected' : 'reports.file.waiting'),
  }
}
const megabytes = new Intl.NumberFormat('en', { maximumFractionDigits: 1 })
