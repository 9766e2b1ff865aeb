import type { T } from '../../../web/i18n.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import type { Programme } from '../../../models/index.ts'
import type { ConnectionRow } from '../queries.ts'
import { needsOf, type Need } from '../service.ts'
import { stepHref } from './setup.ts'

export type CheckItem = {
  kind: 'yes' | 'part' | 'no'
  text: string
  action: { href: string; label: string } | undefined
}
export type CheckPage = PageModel & {
  lede: string
  groups: { id: string; title: string; items: CheckItem[] }[]
  mayOpen: boolean
  isOpen: boolean
}
export const renderCheck = view<CheckPage>('programmes/check')

/** Where each thing that a programme needs is filled in. */
const PLACES: Record<Need['need'], string> = {
  coordinator: '/admin/people/duties',
  contact: stepHref(2),
  lead: stepHref(2),
  leadHolder: '/admin/people/duties',
  urgent: stepHref(2),
  privacy: stepHref(2),
}

/** What is missing before the programme can open, and how it is connected to the LMS (spec 5.5). */
export function checkPage({ t, dates }: Words, programme: Programme, connection: ConnectionRow | undefined): CheckPage {
  const needs = needsOf(programme, connection)
  const missing = needs.filter(({ met }) => !met)
  const isOpen = programme.state === 'open'
  const lede = isOpen
    ? t('programmes.check.isOpen', { when: programme.openedAt ? dates.moment(programme.openedAt) : '' })
    : t(missing.length > 0 ? 'programmes.check.missing' : 'programmes.check.ready', { count: missing.length })
  return {
    title: t('programmes.check.title'),
    here: '/admin/setup',
    lede,
    groups: [
      { id: 'needs', title: t('programmes.check.heading.needs'), items: needs.map((need) => needItem(t, need)) },
      {
        id: 'connection',
        title: t('programmes.check.heading.connection'),
        items: connectionItems(t, programme, connection),
      },
    ],
    mayOpen: !isOpen && missing.length === 0,
    isOpen,
  }
}

function needItem(t: T, { need, met }: Need): CheckItem {
  return {
    kind: met ? 'yes' : 'no',
    text: t(`programmes.check.need.${need}.${met ? 'met' : 'missing'}`),
    action: met ? undefined : { href: PLACES[need], label: t('programmes.check.fill') },
  }
}

function connectionItems(t: T, programme: Programme, connection: ConnectionRow | undefined): CheckItem[] {
  const item = (name: 'column' | 'roster' | 'names', is: boolean, href?: string): CheckItem => ({
    kind: is ? 'yes' : 'part',
    text: t(`programmes.check.${name}.${is ? 'yes' : 'no'}`),
    action: is || href === undefined ? undefined : { href, label: t('programmes.check.look') },
  })
  return [
    item('column', connection?.has_column === true, '/admin/setup/launch'),
    item('roster', connection?.has_roster === true, '/admin/setup/launch'),
    item('names', connection?.names_shared === true, '/admin/setup/launch'),
    { kind: 'yes', text: t('programmes.check.timeZone', { timeZone: programme.timeZone }), action: undefined },
  ]
}
