import { randomUUID } from 'node:crypto'
import type { Channel } from '../../../models/index.ts'
import type { Chip, Dots } from '../../../web/components.ts'
import type { T } from '../../../web/i18n.ts'
import type { IconName } from '../../../web/icons.ts'
import { coordinatorOf } from '../../../web/viewer.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { isReadable, type OwnMatchRow } from '../../matches/index.ts'
import { callNameOf } from '../../people/index.ts'
import type { StageItem } from '../../stages/index.ts'
import { planHref } from '../../plan/index.ts'
import type { Exchange } from '../../threads/index.ts'
import type { ContactRow, CorrectionRow, ExchangeRow, NextContactRow } from '../queries.ts'
import { countContacts, mayConfirm, mayDispute, mayLog, mayWithdraw, type Counting } from '../service.ts'

export type ContactItem = {
  id: number
  icon: IconName
  title: string
  line: string
  difference: string | undefined
  /** On a page of its own, whose heading says the title. */
  alone: boolean
  chip: Chip
  why: string
  href: string
  mine: boolean
  mayConfirm: boolean
  mayDispute: boolean
  mayWithdraw: boolean
  /** Of a visit to a class: where. */
  visit: string | undefined
  /** What they talked about. */
  talked: string | undefined
  /** To write about the newest one in one's own diary or log book. */
  writeHref: string | undefined
}
/** When the two are in touch next, and how; nothing when nothing is planned. */
export type NextItem = { text: string | undefined; href: string; calendarHref: string }
export type ContactsPage = PageModel & {
  dots: Dots
  newHref: string | undefined
  planHref: string | undefined
  next: NextItem | undefined
  exchange: Exchange | undefined
  contacts: ContactItem[]
}
export const renderContacts = view<ContactsPage>('contacts/list')

export const ICONS: Record<Channel, IconName> = {
  face_to_face: 'people',
  telephone: 'telephone',
  text: 'phone',
  email: 'envelope',
  forum: 'chat-left-text',
  shadowing: 'signpost-split',
  moodle: 'mortarboard',
  other: 'three-dots',
}
/** `2 of 4`, as dots and as words; from nine on as words alone. */
export function contactDots(
  t: T,
  { minimum, ...match }: { contacts_counted: number; contacts_waiting: number; minimum: number },
): Dots {
  const { contacts_counted: counted, contacts_waiting: waiting } = match
  return {
    counted: Math.min(counted, minimum),
    waiting: Math.max(0, Math.min(waiting, minimum - counted)),
    of: minimum,
    strong: t('contacts.dots.strong', { counted, minimum }),
    text: waiting > 0 ? t('contacts.dots.waiting', { count: waiting }) : t('contacts.dots.contacts'),
  }
}

/** What else the list of contacts shows: what stage items are called, what is planned, and messages that may be a contact. */
export type Ahead = {
  items: readonly StageItem[]
  next?: NextContactRow | undefined
  exchange?: ExchangeRow | undefined
}

/** All contacts of a pair, each with why it counts or not. */
export function contactsPage(words: Words, match: OwnMatchRow, contacts: ContactRow[], ahead: Ahead): ContactsPage {
  const { t } = words
  const partner = callNameOf(t, match)
  const counting = countContacts([...contacts].reverse())
  const newest = contacts.find(({ outcome, state }) => outcome === 'made' && state !== 'withdrawn')
  return {
    title: t('contacts.list.title', { partner }),
    here: '/contacts',
    dots: { ...contactDots(t, match), big: true },
    newHref: mayLog(match) ? `/matches/${match.id}/contacts/new` : undefined,
    planHref: match.active_at && isReadable(match) ? planHref(match.id) : undefined,
    next: mayLog(match) ? nextItem(words, match.id, ahead.next) : undefined,
    exchange: mayLog(match) && ahead.exchange ? exchangeItem(t, partner, ahead.exchange) : undefined,
    contacts: contacts.map((contact) => ({
      ...contactItem(words, partner, contact, counting.get(contact.id) ?? 'waiting'),
      talked: talkedOf(t, ahead.items, contact),
      writeHref: contact === newest ? `/logbook?contact=${contact.id}` : undefined,
    })),
  }
}

function exchangeItem(t: T, partner: string, { id }: ExchangeRow): Exchange {
  return { action: `/exchanges/${id}`, key: randomUUID(), text: t('threads.exchange.text', { partner }) }
}

/** `Thursday 26 November, 18:30, phone`. */
export function nextText({ t, dates }: Pick<Words, 't' | 'dates'>, next: NextContactRow): string {
  const parts = [dates.date(next.planned_on), next.planned_at ?? undefined]
  if (next.channel) parts.push(t(`contacts.channel.${next.channel}`))
  return parts.filter((part) => part !== undefined).join(', ')
}

function nextItem(words: Words, matchId: number, next: NextContactRow | undefined): NextItem {
  const href = `/matches/${matchId}/contacts/next`
  return { text: next && nextText(words, next), href, calendarHref: `${href}.ics` }
}

function contactItem(
  words: Words,
  partner: string,
  contact: ContactRow,
  counting: Counting,
): Omit<ContactItem, 'writeHref' | 'talked'> {
  const { t, viewer } = words
  const mine = contact.recorded_by_id === viewer.participant?.id
  const coordinator = coordinatorOf(viewer)
  return {
    id: contact.id,
    icon: contact.channel ? ICONS[contact.channel] : 'arrow-repeat',
    title: contactTitle(words, contact),
    line: contact.on_behalf ? t('contacts.list.byCoordinator', { coordinator }) : lineOf(t, partner, contact, mine),
    difference: differenceOf(words, partner, contact),
    visit: visitOf(t, contact),
    alone: false,
    chip: chipOf(t, partner, counting, mine),
    why: t(`contacts.why.${whyOf(contact, counting, mine)}`, { partner, coordinator }),
    href: `/contacts/${contact.id}`,
    mine,
    mayConfirm: mayConfirm(viewer, contact),
    mayDispute: mayDispute(viewer, contact),
    mayWithdraw: mayWithdraw(viewer, contact),
  }
}

function whyOf({ on_behalf }: ContactRow, counting: Counting, mine: boolean) {
  if (counting === 'counted' && on_behalf) return 'told'
  return counting === 'waiting' && mine ? 'waitingForThem' : counting
}

function differenceOf({ t, viewer }: Words, partner: string, { difference, disputed_by_id }: ContactRow) {
  if (difference === null) return undefined
  const own = disputed_by_id === viewer.participant?.id
  return t(own ? 'contacts.list.youRemember' : 'contacts.list.theyRemember', { partner, text: difference })
}

function visitOf(t: T, { place, course_area: area }: ContactRow): string | undefined {
  if (place === null) return undefined
  return area === null ? t('contacts.list.visit', { place }) : t('contacts.list.visitArea', { place, area })
}

function talkedOf(t: T, items: readonly StageItem[], { agenda }: ContactRow): string | undefined {
  const titles = items.filter(({ key }) => agenda.includes(key)).map(({ title }) => title)
  return titles.length === 0 ? undefined : t('contacts.list.talked', { items: titles.join(', ') })
}

function lineOf(t: T, partner: string, { line }: ContactRow, mine: boolean): string {
  if (line === null) return t(mine ? 'contacts.list.byYou' : 'contacts.list.byThem', { partner })
  return t(mine ? 'contacts.list.you' : 'contacts.list.they', { partner, text: line })
}

/** `Thursday 19 November, phone, 30 minutes`; inside a sentence `today, phone, 30 minutes`. */
export function contactTitle(
  { t, dates }: Pick<Words, 't' | 'dates'>,
  contact: Pick<ContactRow, 'happened_on' | 'channel' | 'minutes'>,
  inText = false,
): string {
  const parts = [inText ? dates.dayInText(contact.happened_on) : dates.day(contact.happened_on)]
  if (contact.channel) parts.push(t(`contacts.channel.${contact.channel}`))
  if (contact.minutes !== null) parts.push(t('contacts.minutes', { count: contact.minutes }))
  return parts.join(', ')
}

function chipOf(t: T, partner: string, counting: Counting, mine: boolean): Chip {
  const chips: Record<Counting, Chip> = {
    counted: { kind: 'ok', icon: 'check-lg', text: t('contacts.chip.confirmed') },
    presumed: { kind: 'ok', icon: 'check-lg', text: t('contacts.chip.presumed') },
    upheld: { kind: 'ok', icon: 'check-lg', text: t('contacts.chip.upheld') },
    sameDay: { kind: 'ok', icon: 'check-lg', text: t('contacts.chip.confirmed') },
    attempted: { kind: 'plain', icon: 'arrow-repeat', text: t('contacts.chip.tried') },
    withdrawn: { kind: 'plain', icon: 'dash', text: t('contacts.chip.withdrawn') },
    disputed: { kind: 'wait', icon: 'question-circle', text: t('contacts.chip.different') },
    waiting: waitingChip(t, partner, mine),
    waitingSameDay: waitingChip(t, partner, mine),
  }
  return chips[counting]
}

function waitingChip(t: T, partner: string, mine: boolean): Chip {
  return mine
    ? { kind: 'wait', icon: 'hourglass-split', text: t('contacts.chip.waitingForThem', { partner }) }
    : { kind: 'you', icon: 'arrow-right-circle', text: t('contacts.chip.waitingForYou') }
}

export type ContactPage = PageModel & {
  back: { href: string; label: string }
  contact: ContactItem
  /** What it said before it was put right, the newest first. */
  earlier: string[]
}
export const renderContact = view<ContactPage>('contacts/show')

/** One contact, with what it said before. */
export function contactPage(
  words: Words,
  match: OwnMatchRow,
  contacts: ContactRow[],
  of: { id: number; corrections: readonly CorrectionRow[]; items: readonly StageItem[] },
): ContactPage {
  const list = contactsPage(words, match, contacts, of)
  const contact = list.contacts.find((one) => one.id === of.id)
  if (!contact) throw new Error('A contact is not among those of its match')
  return {
    title: contact.title,
    here: '/contacts',
    back: { href: `/matches/${match.id}/contacts`, label: list.title },
    contact: { ...contact, alone: true },
    earlier: of.corrections.map((one) => earlierItem(words, one)),
  }
}

function earlierItem(words: Words, { line, difference, corrected_at, ...facts }: CorrectionRow): string {
  const { t, dates } = words
  const what = [contactTitle(words, facts), line, difference].filter((part) => part !== null).join('; ')
  return t('contacts.list.earlierItem', { what, when: dates.moment(corrected_at) })
}
