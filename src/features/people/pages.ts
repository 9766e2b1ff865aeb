import type { Chip } from '../../web/components.ts'
import type { Dates } from '../../web/dates.ts'
import type { T } from '../../web/i18n.ts'
import { view, type PageModel } from '../../web/views.ts'
import type { CoursePersonRow, RosterStateRow } from './queries.ts'

type Words = { t: T; dates: Dates }

export type CoursePersonItem = { name: string; email: string; chip: Chip }
export type PeoplePage = PageModel & {
  lede: string
  /** When the roster was read last, or why it was not. */
  roster: string
  mayAsk: boolean
  people: CoursePersonItem[]
  moreHref: string | undefined
}
export const renderPeople = view<PeoplePage>('people/list')

/** Who is in the course, as the LMS tells, and who of them came: for the coordinator (spec 5.5). */
export function peoplePage(
  { t, dates }: Words,
  { people, hasMore }: { people: CoursePersonRow[]; hasMore: boolean },
  state: RosterStateRow | undefined,
): PeoplePage {
  return {
    title: t('people.list.title'),
    here: '/admin/people',
    wide: true,
    lede: t('people.list.lede'),
    roster: rosterText({ t, dates }, state),
    mayAsk: state?.known === true,
    people: people.map((row) => ({
      name: row.name ?? t('people.list.unnamed', { id: row.sub }),
      email: row.email ?? '',
      chip: chipOf(t, row),
    })),
    moreHref: hasMore ? `/admin/people?after=${encodeURIComponent(people.at(-1)?.sub ?? '')}` : undefined,
  }
}

/** When the roster was read, or what keeps it from being read, in words. */
export function rosterText({ t, dates }: Words, state: RosterStateRow | undefined): string {
  if (!state?.known) return t('people.roster.none')
  if (state.problem !== null) return t(`people.roster.${state.problem}`)
  return state.read_at ? t('people.roster.read', { when: dates.moment(state.read_at) }) : t('people.roster.soon')
}

function chipOf(t: T, { role, opened, left_at }: CoursePersonRow): Chip {
  const here = t(role ? `shared.role.${role}` : opened ? 'people.chip.opened' : 'people.chip.notYet')
  if (left_at)
    return { kind: 'wait', icon: 'dash', text: role ? t('people.chip.leftAs', { here }) : t('people.chip.left') }
  return { kind: role ? 'ok' : 'plain', icon: role ? 'check-lg' : 'dash', text: here }
}
