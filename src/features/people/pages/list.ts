import { isWrong, type Chip, type ErrorLine } from '../../../web/components.ts'
import { ticked, type Form } from '../../../web/forms.ts'
import type { T } from '../../../web/i18n.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { isAcceptedState } from '../../../web/viewer.ts'
import type { InviteForm } from '../forms.ts'
import type { CoursePersonRow, RosterStateRow } from '../queries.ts'

export type CoursePersonItem = {
  name: string
  email: string
  /** That mail does not reach them, whatever address stands there. */
  unreachable: Chip | undefined
  chip: Chip
  /** Their page, when they have applied; else whether they can be invited, by their id in the LMS. */
  href: string | undefined
  invite: string | undefined
  ticked: boolean
}
export type PeoplePage = PageModel & {
  lede: string
  /** When the roster was read last, or why it was not. */
  roster: string
  mayAsk: boolean
  errors: ErrorLine[]
  keptAt: Date | undefined
  mayInvite: boolean
  people: CoursePersonItem[]
  moreHref: string | undefined
}
export const renderPeople = view<PeoplePage>('people/list')

/** Who is in the course, as the LMS tells, and who of them came: for the coordinator (spec 5.5). */
export function peoplePage(
  words: Words,
  { people, hasMore }: { people: CoursePersonRow[]; hasMore: boolean },
  state: RosterStateRow | undefined,
  form: Form<InviteForm>,
): PeoplePage {
  const { t } = words
  const { errors } = form
  const chosen = ticked(form, 'who', [])
  return {
    title: t('people.list.title'),
    here: '/admin/people',
    wide: true,
    lede: t('people.list.lede'),
    roster: rosterText(words, state),
    mayAsk: state?.known === true,
    hasErrors: isWrong(errors),
    errors: Object.values(errors).map((error) => ({ href: '#invite', error })),
    keptAt: form.keptAt,
    mayInvite: people.some(mayBeInvited),
    people: people.map((row) => ({
      name: row.name ?? t('people.list.unnamed', { id: row.sub }),
      email: row.email ?? '',
      unreachable: row.mailable === false ? unreachable(t) : undefined,
      chip: chipOf(t, row),
      href: row.participant_id === null ? undefined : `/admin/applications/${row.participant_id}`,
      invite: mayBeInvited(row) ? row.sub : undefined,
      ticked: chosen.includes(row.sub),
    })),
    moreHref: hasMore ? `/admin/people?after=${encodeURIComponent(people.at(-1)?.sub ?? '')}` : undefined,
  }
}

const unreachable = (t: T): Chip => ({ kind: 'wait', icon: 'exclamation-triangle', text: t('mail.unreachable.chip') })

/** When the roster was read, or what keeps it from being read, in words. */
export function rosterText({ t, dates }: Words, state: RosterStateRow | undefined): string {
  if (!state?.known) return t('people.roster.none')
  if (state.problem !== null) return t(`people.roster.${state.problem}`)
  return state.read_at ? t('people.roster.read', { when: dates.moment(state.read_at) }) : t('people.roster.soon')
}

function mayBeInvited({ participant_id, invited, left_at }: CoursePersonRow): boolean {
  return participant_id === null && invited === null && left_at === null
}

function chipOf(t: T, row: CoursePersonRow): Chip {
  const here = standingOf(t, row)
  const { role, left_at, state } = row
  if (left_at)
    return { kind: 'wait', icon: 'dash', text: role ? t('people.chip.leftAs', { here }) : t('people.chip.left') }
  const accepted = isAcceptedState(state)
  return { kind: accepted ? 'ok' : 'plain', icon: accepted ? 'check-lg' : 'dash', text: here }
}

function standingOf(t: T, { role, state, invited, opened }: CoursePersonRow): string {
  if (role && isAcceptedState(state)) return t(`shared.role.${role}`)
  if (role && state) return t('people.chip.as', { role: t(`shared.role.${role}`), state: t(`shared.state.${state}`) })
  if (invited) return t('people.chip.invited', { role: t(`shared.role.${invited}`) })
  return t(opened ? 'people.chip.opened' : 'people.chip.notYet')
}
