import type { Empty } from '../../../web/components.ts'
import type { IconName } from '../../../web/icons.ts'
import { dayIn } from '../../../clock.ts'
import { timeZoneOf } from '../../../web/viewer.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import type { RaisedRow } from '../../concerns/index.ts'
import { callNameOf, nameOf } from '../../people/index.ts'
import { CONCERN_LINES, LINES, TODAY_KINDS, URGENT, type TodayKind } from '../forms.ts'
import type { StageRow, StripRow, TodayRow, WeekRow } from '../queries.ts'
import { daysOf, nextDate } from '../service.ts'
import { stageTable, weekTable, type ChartTable } from './charts.ts'

export type TodayLine = {
  icon: IconName
  waits: boolean
  title: string
  text: string
  action: { href: string; label: string; of: string }
}
export type Stat = { label: string; value: string; of: string | undefined }
export type TodayPage = PageModel & {
  lede: string
  urgent: TodayLine[]
  later: TodayLine[]
  nothing: Empty | undefined
  next: string | undefined
  strip: { title: string; stats: Stat[] } | undefined
  charts: ChartTable[]
}
export const renderToday = view<TodayPage>('overview/today')

export type TodayFacts = {
  rows: TodayRow[]
  concerns: RaisedRow
  strip: StripRow | undefined
  weeks: WeekRow[]
  stages: StageRow[]
}

/** A coordinator's first page: what waits, each as a sentence and a button; then the programme in numbers (spec 5.5). */
export function todayPage(words: Words, { rows, concerns, strip, weeks, stages }: TodayFacts): TodayPage {
  const { t, dates } = words
  const lines = TODAY_KINDS.flatMap((kind) =>
    linesOf(
      words,
      rows.filter((row) => row.kind === kind),
    ),
  )
  const urgent = [...draftLines(words), ...concernLines(words, concerns), ...lines.filter(({ kind }) => isUrgent(kind))]
  const later = lines.filter(({ kind }) => !isUrgent(kind))
  return {
    title: t('overview.today.title', { day: dates.date(dates.today) }),
    here: '/',
    wide: true,
    lede: t('overview.today.lede', { count: urgent.length + later.length }),
    urgent,
    later,
    nothing: urgent.length + later.length > 0 ? undefined : nothingFor(words, strip),
    next: nextWords(words, strip),
    strip: strip && stripOf(words, strip),
    charts: strip && strip.open > 0 ? [weekTable(words, weeks), stageTable(words, stages)] : [],
  }
}

const isUrgent = (kind: TodayKind) => (URGENT as readonly TodayKind[]).includes(kind)

const ICONS: Record<TodayKind, IconName> = {
  request: 'people',
  wish: 'people',
  question: 'question-circle',
  dispute: 'people',
  grades: 'arrow-repeat',
  applications: 'person-plus',
  erasure: 'eye-slash',
  place: 'person-plus',
  over: 'hourglass-split',
  ready: 'people',
  unmatched: 'people',
  unsigned: 'pencil-square',
  silent: 'clock-history',
  stuck: 'hourglass-split',
  reportIn: 'file-earmark-text',
  reportLate: 'file-earmark-text',
  honoraria: 'wallet2',
  directory: 'signpost',
}
/** Where the button of a line leads. */
const HREFS: Record<TodayKind, (row: TodayRow) => string> = {
  request: ({ id }) => `/admin/requests/${id}`,
  wish: ({ id }) => `/admin/matches/${id}/wishes`,
  question: ({ id }) => `/admin/matches/${id}`,
  dispute: ({ id }) => `/admin/matches/${id}/contacts`,
  grades: () => '/admin/grades?show=unsent',
  applications: () => '/admin/applications',
  erasure: ({ id }) => `/admin/data/erasures/${id}`,
  place: () => '/admin/applications',
  over: () => '/admin/matching',
  ready: ({ id }) => `/admin/matches/${id}/ending`,
  unmatched: () => '/admin/matching',
  unsigned: ({ id, number }) =>
    number === 3 ? '/admin/training' : `/admin/matches/${id}/nudges/${number === 1 ? 'mentor' : 'mentee'}/unsigned`,
  silent: ({ id }) => `/admin/matches/${id}/nudges/mentor/silent`,
  stuck: ({ id }) => `/admin/matches/${id}/nudges/mentor/stuck`,
  reportIn: ({ id }) => `/admin/reports/${id}`,
  reportLate: ({ id }) => `/admin/reports/${id}`,
  honoraria: () => '/admin/honoraria',
  directory: () => '/admin/content/directory',
}
/** Where all of a kind stand, when there are more than Today shows. */
const LISTS: Partial<Record<TodayKind, string>> = {
  request: '/admin/requests',
  reportIn: '/admin/reports?show=toRead',
  reportLate: '/admin/reports?show=overdue',
}

type KindLine = TodayLine & { kind: TodayKind }

function linesOf(words: Words, rows: readonly TodayRow[]): KindLine[] {
  const shown = rows.slice(0, LINES).map((row) => lineOf(words, row))
  const [row] = rows
  return row && rows.length > LINES ? [...shown, moreOf(words, row)] : shown
}

function lineOf(words: Words, row: TodayRow): KindLine {
  const { kind } = row
  const { t } = words
  const said = saidOf(words, row)
  const how = kind === 'unsigned' ? (`unsigned${row.number ?? 0}` as 'unsigned0') : kind
  return {
    kind,
    icon: ICONS[kind],
    waits: isUrgent(kind) || kind === 'silent',
    title: t(`overview.line.${kind}.title`, said),
    text: t(`overview.line.${how}.text`, said),
    action: {
      href: HREFS[kind](row),
      label: t(`overview.line.${how}.action`, said),
      of: t(`overview.line.${kind}.title`, said),
    },
  }
}

function saidOf({ t, dates, viewer }: Words, row: TodayRow) {
  const { mentee, mentor, number, since } = row
  const call = (who: TodayRow['mentee'], role: 'mentee' | 'mentor') => (who ? callNameOf(t, { ...who, role }) : '')
  const full = mentee
    ? nameOf(t, { ...mentee, role: 'mentee' })
    : mentor
      ? nameOf(t, { ...mentor, role: 'mentor' })
      : ''
  return {
    ...{ mentee: call(mentee, 'mentee'), mentor: call(mentor, 'mentor'), name: full },
    count: number ?? 0,
    when: since ? dates.moment(since) : '',
    day: since ? dates.dayInText(dayIn(timeZoneOf(viewer), since)) : '',
  }
}

function moreOf({ t }: Words, { kind }: TodayRow): KindLine {
  const said = t(`overview.line.${kind}.more` as 'overview.more.title')
  return {
    kind,
    icon: ICONS[kind],
    waits: false,
    title: said,
    text: t('overview.more.text', { count: LINES }),
    action: { href: LISTS[kind] ?? '/admin/matches?show=attention', label: t('overview.more.action'), of: said },
  }
}

function draftLines({ t, viewer }: Words): TodayLine[] {
  if (viewer.programme?.state !== 'draft') return []
  const title = t('overview.today.draft.title')
  const line: TodayLine = {
    icon: 'signpost',
    waits: true,
    title,
    text: t('overview.today.draft.text'),
    action: { href: '/admin/setup', label: t('overview.today.draft.action'), of: title },
  }
  return [line]
}

/** For who reads them, and for a coordinator who may only know that one waits. */
function concernLines({ t }: Words, { own, others }: RaisedRow): TodayLine[] {
  const line = (kind: (typeof CONCERN_LINES)[number]): TodayLine => {
    const title = t(`overview.line.${kind}.title`, { count: own })
    const action = { href: '/admin/concerns', label: t(`overview.line.${kind}.action`), of: title }
    return { icon: 'life-preserver', waits: true, title, text: t(`overview.line.${kind}.text`), action }
  }
  const waits = { concern: own > 0, concernOfOthers: others }
  return CONCERN_LINES.filter((kind) => waits[kind]).map(line)
}

function nothingFor({ t }: Words, strip: StripRow | undefined): TodayPage['nothing'] {
  const kind =
    strip && strip.mentees === 0 && strip.open === 0 ? 'nobody' : strip?.without_mentor ? 'noMentors' : 'none'
  return { title: t(`overview.nothing.${kind}.title`), text: t(`overview.nothing.${kind}.text`) }
}

function nextWords({ t, dates, viewer }: Words, strip: StripRow | undefined): string | undefined {
  const next = strip && nextDate(viewer, strip)
  return next && t(`overview.next.${next.what}`, { day: dates.date(next.day) })
}

function stripOf({ t, viewer }: Words, strip: StripRow): TodayPage['strip'] {
  const stat = (
    name: 'mentees' | 'open' | 'without' | 'contacts' | 'reports' | 'payments',
    value: number,
    of?: number,
  ) => ({
    label: t(`overview.strip.${name}`),
    value: String(value),
    of: of === undefined ? undefined : t('overview.strip.of', { of }),
  })
  const payments = viewer.programme?.paysMentors ? [stat('payments', strip.payments_due)] : []
  const days = daysOf(viewer)
  return {
    title: days ? t('overview.strip.day', days) : t('overview.strip.title'),
    stats: [
      stat('mentees', strip.mentees, strip.places),
      stat('open', strip.open),
      stat('without', strip.without_mentor),
      stat('contacts', strip.contacts, strip.asked),
      stat('reports', strip.reports_in, strip.reports_of),
      ...payments,
    ],
  }
}
