import type { Connection } from '../../../lti/index.ts'
import type { Chip, Notice } from '../../../web/components.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { SHOWN, type Shown } from '../forms.ts'
import type { ColumnStateRow, GradeRow, GradesStateRow, StrangerRow } from '../queries.ts'
import { sendingItem } from './sending.ts'

export type GradeItem = { name: string; score: string; has: string; chip: Chip; text: string; next: string }
export type GradesPage = PageModel & {
  lede: string
  /** What a test of the connection came to. */
  tried: Notice | undefined
  /** The oldest waits for more than a day. */
  late: Notice | undefined
  facts: { label: string; value: string }[]
  /** Of each column: when it was compared, and what came out. */
  compared: string[]
  isConnected: boolean
  maySendFailed: boolean
  maySendAll: boolean
  filters: { href: string; label: string; current: boolean }[]
  rows: GradeItem[]
  strangers: { name: string; score: string }[]
  moreHref: string | undefined
}
export const renderGrades = view<GradesPage>('grades/list')

type Facts = {
  rows: GradeRow[]
  hasMore: boolean
  show: Shown
  state: GradesStateRow
  strangers: StrangerRow[]
  tried: Connection | null | undefined
}

/** How the numbers of a programme stand in the gradebook, and what can be done: for its coordinator. */
export function gradesPage(words: Words, { rows, hasMore, show, state, strangers, tried }: Facts): GradesPage {
  const { t } = words
  return {
    title: t('grades.list.title'),
    here: '/admin/grades',
    wide: true,
    lede: t('grades.list.lede'),
    tried: tried === undefined ? undefined : triedNotice(words, tried),
    late: lateNotice(words, state.since),
    facts: (['sent', 'waiting', 'failed', 'changed'] as const).map((name) => ({
      label: t(`grades.list.count.${name}`),
      value: String(state[name]),
    })),
    compared: state.columns.map((column) => comparedText(words, column)),
    isConnected: state.columns.length > 0,
    maySendFailed: state.tried > 0,
    maySendAll: state.total > 0,
    filters: SHOWN.map((one) => ({
      href: one === 'all' ? '/admin/grades' : `/admin/grades?show=${one}`,
      label: t(`grades.list.show.${one}`),
      current: one === show,
    })),
    rows: rows.map((row) => gradeItem(words, row)),
    strangers: strangers.map(({ name, sub, theirs }) => ({
      name: name ?? t('grades.list.stranger', { id: sub }),
      score: t('grades.list.number', { score: rounded(theirs) }),
    })),
    moreHref: hasMore ? `/admin/grades?show=${show}&after=${rows.at(-1)?.id ?? 0}` : undefined,
  }
}

const rounded = (number: number) => Math.round(number * 100) / 100

function gradeItem(words: Words, row: GradeRow): GradeItem {
  const { t, dates } = words
  return {
    name: row.name ?? t('grades.list.unnamed', { ref: row.ref }),
    score: t('grades.list.number', { score: row.progress }),
    has: row.sent_score === null ? '' : t('grades.list.number', { score: row.sent_score }),
    ...standingOf(words, row),
    next: row.waiting && row.next_try_at ? dates.stamp(row.next_try_at) : '',
  }
}

/** How a number stands: what the gradebook shows otherwise goes before what was sent. */
export function standingOf({ t, dates }: Words, row: GradeRow): { chip: Chip; text: string } {
  if (row.difference === null || row.waiting) return sendingItem({ t, dates, own: false }, row)
  const chip: Chip = { kind: 'stop', icon: 'exclamation-triangle', text: t('grades.chip.different') }
  return { chip, text: t(`grades.difference.${row.difference}`, { score: rounded(row.theirs ?? 0) }) }
}

const DAY_MS = 86_400_000

/** Said here and on the coordinator's first page, when a number waits for more than a day. */
export function lateNotice({ t, dates }: Pick<Words, 't' | 'dates'>, since: Date | null): Notice | undefined {
  if (since === null || Date.now() - since.getTime() < DAY_MS) return undefined
  const text = t('grades.late.text', { when: dates.moment(since) })
  return { kind: 'wait', icon: 'hourglass-split', title: t('grades.late.title'), text }
}

function triedNotice({ t }: Words, tried: Connection | null): Notice {
  if (tried === null) return stopped(t('grades.tried.none'), t('grades.notConnected'))
  if (tried.kind === 'works')
    return {
      kind: 'ok',
      icon: 'check-circle',
      title: t('grades.tried.works'),
      text: t('grades.tried.label', { label: tried.label }),
    }
  if (tried.kind === 'no_answer') return stopped(t('grades.tried.no_answer'), t('grades.tried.keep'))
  return stopped(t(`grades.tried.${tried.kind}`, { status: tried.status }), t(`grades.tried.${tried.kind}_do`))
}

const stopped = (title: string, text: string): Notice => ({ kind: 'stop', icon: 'exclamation-triangle', title, text })

function comparedText(
  { t, dates }: Words,
  { compared_at, compared_equal, problem, comparing }: ColumnStateRow,
): string {
  if (comparing) return t('grades.compared.soon')
  if (problem !== null) return t(`grades.compared.${problem}`)
  if (!compared_at) return t('grades.compared.never')
  return t('grades.compared.done', { when: dates.moment(compared_at), count: compared_equal ?? 0 })
}
