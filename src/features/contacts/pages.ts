import { randomUUID } from 'node:crypto'
import { addDays } from '../../clock.ts'
import type { Channel } from '../../models/index.ts'
import { errorLines, type Chip, type Choice, type Dots, type ErrorLine, type Field } from '../../web/components.ts'
import type { Dates } from '../../web/dates.ts'
import type { Form } from '../../web/forms.ts'
import type { T } from '../../web/i18n.ts'
import type { IconName } from '../../web/icons.ts'
import { view, type PageModel } from '../../web/views.ts'
import type { Viewer } from '../../web/viewer.ts'
import type { OwnMatchRow } from '../matches/index.ts'
import { callNameOf } from '../people/index.ts'
import { MINUTES, type ContactForm, type DifferenceForm } from './forms.ts'
import type { ContactRow } from './queries.ts'
import { countContacts, mayConfirm, mayDispute, mayLog, mayWithdraw, type Counting } from './service.ts'

/** What the functions below need to say things. */
export type Words = { t: T; dates: Dates; viewer: Viewer }

export type ContactItem = {
  id: number
  icon: IconName
  title: string
  line: string | undefined
  difference: string | undefined
  chip: Chip
  why: string
  href: string
  mine: boolean
  mayConfirm: boolean
  mayDispute: boolean
  mayWithdraw: boolean
}
export type ContactsPage = PageModel & {
  dots: Dots
  newHref: string | undefined
  contacts: ContactItem[]
}
export const renderContacts = view<ContactsPage>('contacts/list')

const ICONS: Record<Channel, IconName> = {
  face_to_face: 'people',
  telephone: 'telephone',
  text: 'phone',
  email: 'envelope',
  forum: 'chat-left-text',
  shadowing: 'signpost-split',
  moodle: 'mortarboard',
  other: 'three-dots',
}
/** The order of the buttons: what pairs use most comes first. */
const OFFERED = ['face_to_face', 'telephone', 'text', 'email', 'forum', 'shadowing', 'moodle', 'other'] as const

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
  const { t, viewer } = words
  const partner = callNameOf(t, match)
  const counting = countContacts([...contacts].reverse())
  return {
    title: t('contacts.list.title', { partner }),
    dots: { ...contactDots(t, { ...match, minimum: viewer.programme?.minimumContacts ?? 4 }), big: true },
    newHref: mayLog(match) ? `/matches/${match.id}/contacts/new` : undefined,
    contacts: contacts.map((contact) => contactItem(words, partner, contact, counting.get(contact.id) ?? 'waiting')),
  }
}

function contactItem(words: Words, partner: string, contact: ContactRow, counting: Counting): ContactItem {
  const { t, viewer } = words
  const mine = contact.recorded_by_id === viewer.participant?.id
  const said = (text: string | null) => text ?? undefined
  return {
    id: contact.id,
    icon: contact.channel ? ICONS[contact.channel] : 'arrow-repeat',
    title: contactTitle(words, contact),
    line:
      contact.line === null
        ? undefined
        : t(mine ? 'contacts.list.you' : 'contacts.list.they', { partner, text: contact.line }),
    difference: said(contact.difference),
    chip: chipOf(t, partner, counting, mine),
    why: t(`contacts.why.${counting === 'waiting' && mine ? 'waitingForThem' : counting}`, { partner }),
    href: `/contacts/${contact.id}`,
    mine,
    mayConfirm: mayConfirm(viewer, contact),
    mayDispute: mayDispute(viewer, contact),
    mayWithdraw: mayWithdraw(viewer, contact),
  }
}

/** `Thursday 19 November, phone, 30 minutes`. */
export function contactTitle({ t, dates }: Words, contact: ContactRow): string {
  const parts = [dates.day(contact.happened_on)]
  if (contact.channel) parts.push(t(`contacts.channel.${contact.channel}.inText`))
  if (contact.minutes !== null) parts.push(t('contacts.minutes', { count: contact.minutes }))
  return parts.join(', ')
}

function chipOf(t: T, partner: string, counting: Counting, mine: boolean): Chip {
  switch (counting) {
    case 'counted':
    case 'sameDay':
      return { kind: 'ok', icon: 'check-lg', text: t('contacts.chip.confirmed') }
    case 'attempted':
      return { kind: 'plain', icon: 'arrow-repeat', text: t('contacts.chip.tried') }
    case 'withdrawn':
      return { kind: 'plain', icon: 'dash', text: t('contacts.chip.withdrawn') }
    case 'disputed':
      return { kind: 'wait', icon: 'question-circle', text: t('contacts.chip.different') }
    case 'waiting':
      return mine
        ? { kind: 'wait', icon: 'hourglass-split', text: t('contacts.chip.waitingForThem', { partner }) }
        : { kind: 'you', icon: 'arrow-right-circle', text: t('contacts.chip.waitingForYou') }
  }
}

export type NewContactPage = PageModel & {
  back: { href: string; label: string }
  lede: string
  action: string
  keptAt: Date | undefined
  errors: ErrorLine[]
  outcome: Choice
  when: Choice
  date: Field
  channel: Choice
  minutes: Choice
  otherMinutes: Field
  line: Field
  moreOpen: boolean
  key: string
  privacy: string
}
export const renderNewContact = view<NewContactPage>('contacts/new')

/** Three taps on a good day: today, yes, and the way used last are chosen already. */
export function newContactPage(
  words: Words,
  match: OwnMatchRow,
  form: Form<ContactForm>,
  last?: ContactRow,
): NewContactPage {
  const { t, viewer } = words
  const partner = callNameOf(t, match)
  const coordinator = viewer.programme?.coordinatorName ?? ''
  const { errors, values } = form
  return {
    title: t('contacts.new.title', { partner }),
    hasErrors: Object.keys(errors).length > 0,
    back: { href: `/matches/${match.id}/contacts`, label: t('contacts.new.back') },
    lede: t('contacts.new.lede', { partner }),
    action: `/matches/${match.id}/contacts`,
    keptAt: form.keptAt,
    errors: errorLines(errors),
    ...questions(words, partner, form, last),
    moreOpen: errors.line !== undefined || (values.line ?? '') !== '',
    key: randomUUID(),
    privacy: t('contacts.new.privacy', { coordinator }),
  }
}

type Questions = Pick<NewContactPage, 'outcome' | 'when' | 'date' | 'channel' | 'minutes' | 'otherMinutes' | 'line'>

function questions(words: Words, partner: string, form: Form<ContactForm>, last?: ContactRow): Questions {
  const { t, viewer } = words
  const { values, errors } = form
  return {
    ...whenQuestions(words, form),
    outcome: {
      name: 'outcome',
      legend: t('contacts.new.outcome'),
      value: values.outcome ?? 'made',
      error: errors.outcome,
      options: [
        { value: 'made', label: t('contacts.new.yes'), icon: 'check-lg' },
        {
          value: 'attempted',
          label: t('contacts.new.tried'),
          small: t('contacts.new.triedHint'),
          icon: 'arrow-repeat',
        },
      ],
    },
    channel: channelQuestion(t, form, last),
    ...minutesQuestions(t, form),
    line: {
      name: 'line',
      label: t('contacts.new.line'),
      hint: t('contacts.new.lineHint', { partner, coordinator: viewer.programme?.coordinatorName }),
      value: values.line,
      error: errors.line,
      optional: true,
    },
  }
}

function channelQuestion(t: T, { values, errors }: Form<ContactForm>, last?: ContactRow): Choice {
  return {
    name: 'channel',
    legend: t('contacts.new.channel'),
    value: values.channel ?? last?.channel ?? undefined,
    error: errors.channel,
    options: OFFERED.map((value) => ({
      value,
      icon: ICONS[value],
      label: t(`contacts.channel.${value}.label`),
      small: value === 'shadowing' ? t('contacts.new.shadowingHint') : undefined,
    })),
  }
}

function whenQuestions({ t, dates }: Words, { values, errors }: Form<ContactForm>): Pick<Questions, 'when' | 'date'> {
  const { today } = dates
  return {
    when: {
      name: 'when',
      legend: t('contacts.new.when'),
      value: values.when ?? 'today',
      error: errors.when,
      options: [
        { value: 'today', label: t('shared.today'), small: dates.shortDay(today) },
        { value: 'yesterday', label: t('shared.yesterday'), small: dates.shortDay(addDays(today, -1)) },
        { value: 'other', label: t('contacts.new.otherDay') },
      ],
    },
    date: {
      name: 'date',
      type: 'date',
      label: t('contacts.new.date'),
      value: values.date,
      error: errors.date,
      short: true,
      max: today,
    },
  }
}

function minutesQuestions(t: T, { values, errors }: Form<ContactForm>): Pick<Questions, 'minutes' | 'otherMinutes'> {
  return {
    minutes: {
      name: 'minutes',
      legend: t('contacts.new.minutes'),
      value: values.minutes,
      error: errors.minutes,
      small: true,
      options: [
        ...MINUTES.map((value) => ({ value, label: t(`contacts.new.for.${value}`) })),
        { value: 'other', label: t('contacts.new.for.other') },
      ],
    },
    otherMinutes: {
      name: 'otherMinutes',
      type: 'number',
      label: t('contacts.new.otherMinutes'),
      value: values.otherMinutes,
      error: errors.otherMinutes,
      short: true,
      min: '1',
      max: '720',
    },
  }
}

export type ContactPage = PageModel & { back: { href: string; label: string }; contact: ContactItem }
export const renderContact = view<ContactPage>('contacts/show')

export function contactPage(words: Words, match: OwnMatchRow, contacts: ContactRow[], id: number): ContactPage {
  const list = contactsPage(words, match, contacts)
  const contact = list.contacts.find((one) => one.id === id)
  if (!contact) throw new Error('A contact is not among those of its match')
  return { title: contact.title, back: { href: `/matches/${match.id}/contacts`, label: list.title }, contact }
}

export type DifferencePage = PageModel & {
  back: { href: string; label: string }
  lede: string
  what: string
  action: string
  keptAt: Date | undefined
  errors: ErrorLine[]
  difference: Field
}
export const renderDifference = view<DifferencePage>('contacts/difference')

export function differencePage(
  words: Words,
  match: OwnMatchRow,
  contact: ContactRow,
  form: Form<DifferenceForm>,
): DifferencePage {
  const { t } = words
  const partner = callNameOf(t, match)
  return {
    title: t('contacts.difference.title'),
    hasErrors: Object.keys(form.errors).length > 0,
    back: { href: `/matches/${match.id}/contacts`, label: t('contacts.list.title', { partner }) },
    lede: t('contacts.difference.lede', { partner }),
    what: contactTitle(words, contact),
    action: `/contacts/${contact.id}/difference`,
    keptAt: form.keptAt,
    errors: errorLines(form.errors),
    difference: {
      name: 'difference',
      label: t('contacts.difference.label'),
      hint: t('contacts.difference.hint', { partner }),
      value: form.values.difference,
      error: form.errors.difference,
      rows: 3,
    },
  }
}
