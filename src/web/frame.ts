import { phoneHref } from './components.ts'
import { formToken } from './form-token.ts'
import type { T } from './i18n.ts'
import { newWindowCode } from './new-window.ts'
import type { Session } from './session.ts'
import { hasDuty, type Viewer } from './viewer.ts'

export type NavLink = {
  href: string
  label: string
  current: boolean
  /** How many things wait there, in figures and in words for screen readers. */
  count?: { number: number; words: string } | undefined
}

/** What stands around every page: header, navigation, footer. */
export type Frame = Readonly<{
  bare: boolean
  programme: string | undefined
  role: string | undefined
  nav: NavLink[]
  /** What people need less often, behind “More”. */
  more: NavLink[]
  token: string
  /** For "open in a new window", in pages inside another page. */
  newWindowCode: string | undefined
  returnUrl: string | undefined
  coordinator: { name: string; phone: string; phoneHref: string; email: string } | undefined
}>

const BARE: Frame = {
  bare: true,
  programme: undefined,
  role: undefined,
  nav: [],
  more: [],
  token: '',
  newWindowCode: undefined,
  returnUrl: undefined,
  coordinator: undefined,
}

/** Pages without a session (refusals, session over) are bare: no navigation, no form that acts. */
export function frameOf(t: T, viewer: Viewer | undefined, session: Session | undefined, here?: string): Frame {
  if (!viewer || !session) return BARE
  const { programme } = viewer
  return {
    bare: false,
    programme: programme?.title,
    role: roleOf(t, viewer),
    ...linksOf(t, viewer, here),
    token: formToken(viewer),
    newWindowCode: session.framed ? newWindowCode(session.id) : undefined,
    returnUrl: session.returnUrl,
    coordinator: programme && {
      name: programme.coordinatorName,
      phone: programme.coordinatorPhone,
      phoneHref: phoneHref(programme.coordinatorPhone),
      email: programme.coordinatorEmail,
    },
  }
}

function roleOf(t: T, viewer: Viewer): string | undefined {
  if (!viewer.programme) return undefined
  if (viewer.participant) return t(`shared.role.${viewer.participant.role}`)
  if (hasDuty(viewer, 'coordinator')) return t('shared.role.coordinator')
  if (viewer.duties.length > 0) return viewer.duties.map((duty) => t(`shared.role.${duty}`)).join(', ')
  return viewer.staff ? t('shared.role.tutor') : undefined
}

/** As many links as fit in one row on a laptop; a phone has room for the first two of them. */
const MAIN_LINKS = 6

function linksOf(t: T, viewer: Viewer, here: string | undefined): { nav: NavLink[]; more: NavLink[] } {
  const link = (href: string, label: string): NavLink => ({ href, label, current: href === here })
  const links = [link('/', t('shared.nav.home'))]
  if (viewer.participant || viewer.duties.length > 0)
    links.push({ ...link('/notifications', t('shared.nav.notifications')), count: countOf(t, viewer.notifications) })
  if (viewer.participant) links.push(...participantLinks(t, viewer, link))
  links.push(...dutyLinks(t, viewer, link))
  if (viewer.participant || viewer.duties.length > 0) links.push(link('/my-data', t('shared.nav.myData')))
  if (viewer.programme && viewer.staff) links.push(link('/tutor', t('shared.nav.progress')))
  const reading = [link('/handbook', t('shared.nav.handbook')), link('/directory', t('shared.nav.directory'))]
  return { nav: links.slice(0, MAIN_LINKS), more: [...links.slice(MAIN_LINKS), ...reading] }
}

type MakeLink = (href: string, label: string) => NavLink

function participantLinks(t: T, { participant, programme }: Viewer, link: MakeLink): NavLink[] {
  const role = participant?.role ?? 'mentee'
  const own = [
    link('/conversation', t('shared.nav.conversation')),
    link('/contacts', t('shared.nav.contacts')),
    link('/logbook', t(`shared.nav.logbook.${role}`)),
    link('/stages', t('shared.nav.stages')),
    link('/skills', t('shared.nav.skills')),
    link('/report', t('shared.nav.report')),
    link('/progress', t('shared.nav.ownProgress')),
    link('/apply', t('shared.nav.apply')),
    link('/welcome/3', t('shared.nav.name')),
  ]
  if (role === 'mentee') return own
  const paid = programme?.paysMentors ? [link('/honorarium', t('shared.nav.honorarium'))] : []
  const support = link('/supervision', t('shared.nav.support'))
  return [...own, link('/training', t('shared.nav.training')), support, ...paid]
}

function dutyLinks(t: T, viewer: Viewer, link: MakeLink): NavLink[] {
  if (hasDuty(viewer, 'coordinator')) return coordinatorLinks(t, link)
  return [
    ...(hasDuty(viewer, 'supervisor')
      ? [link('/admin/supervision', t('shared.nav.supervision')), link('/admin/training', t('shared.nav.training'))]
      : []),
    ...(hasDuty(viewer, 'concern_lead')
      ? [link('/admin/concerns', t('shared.nav.concerns')), link('/admin/audit', t('shared.nav.audit'))]
      : []),
    ...(hasDuty(viewer, 'payer') ? [link('/admin/honoraria', t('shared.nav.honoraria'))] : []),
  ]
}

function coordinatorLinks(t: T, link: MakeLink): NavLink[] {
  return [
    link('/admin/matches', t('shared.nav.matches')),
    link('/admin/applications', t('shared.nav.applications')),
    link('/admin/matching', t('shared.nav.matching')),
    link('/admin/people', t('shared.nav.people')),
    link('/admin/training', t('shared.nav.training')),
    link('/admin/supervision', t('shared.nav.supervision')),
    link('/admin/reports', t('shared.nav.reports')),
    link('/admin/honoraria', t('shared.nav.honoraria')),
    link('/admin/grades', t('shared.nav.grades')),
    link('/admin/content', t('shared.nav.content')),
    link('/admin/concerns', t('shared.nav.concerns')),
    link('/admin/audit', t('shared.nav.audit')),
    link('/admin/setup', t('shared.nav.setup')),
  ]
}

function countOf(t: T, number: number): NavLink['count'] {
  return number === 0 ? undefined : { number, words: t('shared.nav.new', { count: number }) }
}
