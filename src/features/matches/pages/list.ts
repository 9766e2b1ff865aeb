import { dayIn, daysBetween } from '../../../clock.ts'
import type { Chip, Dots } from '../../../web/components.ts'
import type { Rows } from '../../../web/csv.ts'
import { timeZoneOf } from '../../../web/viewer.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { callNameOf, pairNames } from '../../people/index.ts'
import { SHOWN, SORTED, type Shown, type Sorted } from '../forms.ts'
import type { ListedMatchRow } from '../queries.ts'
import { mayBeStuck } from '../service.ts'
import { matchChip } from './match.ts'

export type ListedMatch = {
  href: string
  title: string
  ref: string
  chip: Chip
  dots: Dots | undefined
  waiting: string
  last: string
  stage: string
  stuck: Chip | undefined
  signed: string
  reports: string
}
export type MatchesPage = PageModel & {
  shown: { value: Shown; label: string; selected: boolean }[]
  sort: Sorted
  heads: { label: string; href: string | undefined; sorted: boolean }[]
  matches: ListedMatch[]
  csvHref: string
  moreHref: string | undefined
}
export const renderMatches = view<MatchesPage>('matches/list')

export type ListedMatches = { matches: ListedMatchRow[]; hasMore: boolean; show: Shown; sort: Sorted }

/** All pairs as facts: never what they wrote (spec 5.5). */
export function matchesPage(words: Words, { matches, hasMore, show, sort }: ListedMatches): MatchesPage {
  const { t } = words
  const href = (by: Sorted, after?: number) =>
    `/admin/matches?show=${show}&sort=${by}${after === undefined ? '' : `&after=${after}`}`
  return {
    title: t('matches.list.title'),
    here: '/admin/matches',
    wide: true,
    shown: SHOWN.map((value) => ({ value, label: t(`matches.list.show.${value}`), selected: value === show })),
    sort,
    heads: (['name', 'state', 'contacts', 'contact', 'stage', 'signed', 'reports'] as const).map((name) => ({
      label: t(`matches.list.head.${name}`),
      href: isSort(name) && name !== sort ? href(name) : undefined,
      sorted: name === sort,
    })),
    matches: matches.map((match) => listed(words, match)),
    csvHref: `/admin/matches/table.csv?show=${show}&sort=${sort}`,
    moreHref: hasMore ? href(sort, matches.at(-1)?.id) : undefined,
  }
}

const isSort = (name: string): name is Sorted => (SORTED as readonly string[]).includes(name)

function listed(words: Words, match: ListedMatchRow): ListedMatch {
  const { t } = words
  const { contacts_counted: counted, contacts_waiting: waiting, minimum } = match
  const begun = match.active_at !== null
  return {
    href: `/admin/matches/${match.id}`,
    title: titleOf(words, match),
    ref: match.mentee.ref,
    chip: matchChip(t, match),
    dots: begun
      ? { counted, waiting, of: minimum, strong: t('matches.list.counted', { counted, minimum }), text: '' }
      : undefined,
    waiting: waiting > 0 ? t('matches.list.waiting', { count: waiting }) : '',
    last: begun ? lastContact(words, match) : '',
    stage: begun ? stageOf(words, match) : t('matches.list.notBegun'),
    stuck: mayBeStuck(match) ? { kind: 'wait', icon: 'hourglass-split', text: t('matches.list.stuck') } : undefined,
    signed: signedBy(words, match),
    reports: reportsOf(words, match),
  }
}

const titleOf = ({ t }: Words, match: ListedMatchRow) => t('matches.match.title', pairNames(t, match))

function lastContact({ t, dates }: Words, { last_contact_on: last }: ListedMatchRow): string {
  return last === null ? t('matches.list.noContact') : t('matches.list.days', { count: daysBetween(last, dates.today) })
}

function stageOf({ t, dates, viewer }: Words, { stage, stage_since: since }: ListedMatchRow): string {
  if (since === null) return String(stage)
  return t('matches.list.stage', { stage, day: daysBetween(dayIn(timeZoneOf(viewer), since), dates.today) + 1 })
}

function signedBy({ t }: Words, match: ListedMatchRow): string {
  if (match.in_force_at !== null) return t('matches.list.signed.both')
  if (match.state !== 'agreeing') return ''
  return t(`matches.list.signed.${match.signed === 0 ? 'none' : match.signed === 1 ? 'one' : 'both'}`)
}

function reportsOf({ t }: Words, { mentee_report, mentor_report, mentee, mentor }: ListedMatchRow): string {
  if (mentee_report && mentor_report) return t('matches.list.reports.both')
  if (!mentee_report && !mentor_report) return t('matches.list.reports.none')
  const name = mentee_report
    ? callNameOf(t, { ...mentee, role: 'mentee' })
    : callNameOf(t, { ...mentor, role: 'mentor' })
  return t('matches.list.reports.one', { name })
}

/** The same, for a spreadsheet. */
export function matchRows(words: Words, matches: readonly ListedMatchRow[]): Rows {
  const { t } = words
  const heads = ['name', 'ref', 'state', 'contacts', 'asked', 'lastOn', 'stage', 'signed', 'reports'] as const
  const lines = matches.map((match) => [
    ...[titleOf(words, match), match.mentee.ref, matchChip(t, match).text],
    ...[match.contacts_counted, match.minimum, match.last_contact_on ?? '', match.active_at ? match.stage : ''],
    ...[signedBy(words, match), reportsOf(words, match)],
  ])
  return [heads.map((name) => t(`matches.list.head.${name}`)), ...lines]
}
