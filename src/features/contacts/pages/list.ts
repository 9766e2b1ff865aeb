import type { Channel } from '../../../models/index.ts'
import type { Chip, Dots } from '../../../web/components.ts'
import type { T } from '../../../web/i18n.ts'
import type { IconName } from '../../../web/icons.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import type { OwnMatchRow } from '../../matches/index.ts'
import { callNameOf } from '../../people/index.ts'
import type { ContactRow } from '../queries.ts'
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
  /** To write about the newest one in one's own diary or log book. */
  writeHref: string | undefined
}
export type ContactsPage = PageModel & {
  dots: Dots
  newHref: string | undefined
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

export function contactsPage(words: Words, match: OwnMatchRow, contacts: ContactRow[]): ContactsPage {
  const { t } = words
  const partner = callNameOf(t, match)
  const counting = countContacts([...contacts].reverse())
  const newest = contacts.find(({ outcome, state }) => outcome === 'made' && state !== 'withdrawn')
  return {
    title: t('contacts.list.title', { partner }),
    dots: { ...contactDots(t, match), big: true },
    newHref: mayLog(match) ? `/matches/${match.id}/contacts/new` : undefined,
    contacts: contacts.map((contact) => ({
      ...contactItem(words, partner, contact, counting.get(contact.id) ?? 'waiting'),
      writeHref: contact === newest ? `/logbook?contact=${contact.id}` : undefined,
    })),
  }
}

function contactItem(
  words: Words,
  partner: string,
  contact: ContactRow,
  counting: Counting,
): Omit<ContactItem, 'writeHref'> {
  const { t, viewer } = words
  const mine = contact.recorded_by_id === viewer.participant?.id
  return {
    id: contact.id,
    icon: contact.channel ? ICONS[contact.channel] : 'arrow-repeat',
    title: contactTitle(words, contact),
    line: lineOf(t, partner, contact, mine),
    difference:
      contact.difference === null
        ? undefined
        : t(mine ? 'contacts.list.theyRemember' : 'contacts.list.youRemember', { partner, text: contact.difference }),
    alone: false,
    chip: chipOf(t, partner, counting, mine),
    why: t(`contacts.why.${counting === 'waiting' && mine ? 'waitingForThem' : counting}`, { partner }),
    href: `/contacts/${contact.id}`,
    mine,
    mayConfirm: mayConfirm(viewer, contact),
    mayDispute: mayDispute(viewer, contact),
    mayWithdraw: mayWithdraw(viewer, contact),
  }
}

function lineOf(t: T, partner: string, { line }: ContactRow, mine: boolean): string {
  if (line === null) return t(mine ? 'contacts.list.byYou' : 'contacts.list.byThem', { partner })
  return t(mine ? 'contacts.list.you' : 'contacts.list.they', { partner, text: line })
}

/** `Thursday 19 November, phone, 30 minutes`; inside a sentence `today, phone, 30 minutes`. */
export function contactTitle({ t, dates }: Words, contact: ContactRow, inText = false): string {
  const parts = [inText ? dates.dayInText(contact.happened_on) : dates.day(contact.happened_on)]
  if (contact.channel) parts.push(t(`contacts.channel.${contact.channel}`))
  if (contact.minutes !== null) parts.push(t('contacts.minutes', { count: contact.minutes }))
  return parts.join(', ')
}

function chipOf(t: T, partner: string, counting: Counting, mine: boolean): Chip {
  const chips: Record<Counting, Chip> = {
    counted: { kind: 'ok', icon: 'check-lg', text: t('contacts.chip.confirmed') },
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

export type ContactPage = PageModel & { back: { href: string; label: string }; contact: ContactItem }
export const renderContact = view<ContactPage>('contacts/show')

export function contactPage(words: Words, match: OwnMatchRow, contacts: ContactRow[], id: number): ContactPage {
  const list = contactsPage(words, match, contacts)
  const contact = list.contacts.find((one) => one.id === id)
  if (!contact) throw new Error('A contact is not among those of its match')
  return {
    title: contact.title,
    back: { href: `/matches/${match.id}/contacts`, label: list.title },
    contact: { ...contact, alone: true },
  }
}
