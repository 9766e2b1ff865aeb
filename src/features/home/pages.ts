import { now } from '../../clock.ts'
import type { Dots } from '../../web/components.ts'
import type { Dates } from '../../web/dates.ts'
import type { T } from '../../web/i18n.ts'
import type { Role, Viewer } from '../../web/viewer.ts'
import { view, type PageModel } from '../../web/views.ts'
import { contactDots, contactTitle, type ToConfirmRow } from '../contacts/index.ts'
import type { OwnMatchRow } from '../matches/index.ts'
import { callNameOf, nameOf } from '../people/index.ts'
import { sendingItem, type SendingRow } from '../progress/index.ts'
import { nextStepFor, type NextStep } from './service.ts'

export type NextStepCard = {
  title: string
  text: string
  /** A page to go to. */
  link: { href: string; label: string } | undefined
  /** Something to do at once, without another page. */
  act: { action: string; label: string } | undefined
  quiet: { href: string; label: string } | undefined
}
export type PartnerCard = {
  id: number
  name: string
  mark: string
  callName: string
  text: string
  dots: Dots
  contactsHref: string
  newHref: string
}
export type HomePage = PageModel & {
  preview: boolean
  next: NextStepCard
  partnersTitle: string
  partners: PartnerCard[]
  minimumText: string
  progress: { strong: string; text: string }
}
export const renderHome = view<HomePage>('home/show')

export type HomeFacts = { matches: OwnMatchRow[]; toConfirm: ToConfirmRow | undefined; sending: SendingRow | undefined }
type Words = { t: T; dates: Dates; viewer: Viewer }

/** One thing to do next, the partner or partners, and the number. */
export function homePage(words: Words, { matches, toConfirm, sending }: HomeFacts): HomePage {
  const { t, dates, viewer } = words
  const role = viewer.participant?.role ?? 'mentee'
  const minimum = viewer.programme?.minimumContacts ?? 4
  return {
    title: t('home.title', { context: viewer.givenName === undefined ? 'unnamed' : 'named', name: viewer.givenName }),
    here: '/',
    preview: false,
    next: nextStepCard(words, nextStepFor({ role, minimum, matches, toConfirm })),
    partnersTitle: t(`home.partners.${role}`),
    partners: matches.map((match) => partnerCard(words, role, match)),
    minimumText: t('home.minimum', { count: minimum }),
    progress: {
      strong: t('home.progress.number', { score: viewer.participant?.progress ?? 0 }),
      text: sendingItem({ t, dates, own: true }, sending).text,
    },
  }
}

function partnerCard({ t, dates, viewer }: Words, role: Role, match: OwnMatchRow): PartnerCard {
  const name = nameOf(t, match)
  return {
    id: match.id,
    name: t(`home.partner.${role}`, { name }),
    mark: firstLetterOf(name),
    callName: callNameOf(t, match),
    text:
      match.last_contact_on === null
        ? t('home.partner.noContact')
        : t('home.partner.lastContact', { day: dates.dayInText(match.last_contact_on) }),
    dots: contactDots(t, { ...match, minimum: viewer.programme?.minimumContacts ?? 4 }),
    contactsHref: `/matches/${match.id}/contacts`,
    newHref: `/matches/${match.id}/contacts/new`,
  }
}

const letters = new Intl.Segmenter()
/** As people see it: an accent belongs to its letter. */
function firstLetterOf(name: string): string {
  return letters.segment(name)[Symbol.iterator]().next().value?.segment ?? ''
}

function nextStepCard(words: Words, step: NextStep): NextStepCard {
  const { t } = words
  const card = { link: undefined, act: undefined, quiet: undefined }
  switch (step.kind) {
    case 'confirm':
      return { ...card, ...confirmCard(words, step.contact) }
    case 'wait':
      return {
        ...card,
        title: t(`home.next.wait.${step.role}`),
        text: t('home.next.wait.text', { coordinator: words.viewer.programme?.coordinatorName }),
      }
    case 'log': {
      const partner = callNameOf(t, step.match)
      const key = step.match.contacts_counted + step.match.contacts_waiting === 0 ? 'first' : 'next'
      return {
        ...card,
        title: t(`home.next.${key}.title`, { partner }),
        text: t(`home.next.${key}.text`, { partner }),
        link: { href: `/matches/${step.match.id}/contacts/new`, label: t('home.next.log') },
      }
    }
    case 'partner': {
      const partner = callNameOf(t, step.match)
      return {
        ...card,
        title: t('home.next.partner.title', { partner }),
        text: t('home.next.partner.text', { partner, count: step.match.contacts_waiting }),
        quiet: { href: `/matches/${step.match.id}/contacts/new`, label: t('home.next.log') },
      }
    }
    case 'done':
      return { ...card, title: t('home.next.done.title'), text: t('home.next.done.text') }
  }
}

function confirmCard(
  words: Words,
  contact: ToConfirmRow,
): Partial<NextStepCard> & Pick<NextStepCard, 'title' | 'text'> {
  const { t } = words
  const partner = callNameOf(t, contact)
  return {
    title: t('home.next.confirm.title', { partner }),
    text: t('home.next.confirm.text', { partner, contact: contactTitle(words, contact, true) }),
    act: { action: `/contacts/${contact.id}/confirmation`, label: t('contacts.list.confirm') },
    quiet: { href: `/contacts/${contact.id}/difference`, label: t('contacts.list.different') },
  }
}

const SENT = { connected: true, score: 50, sent_score: 50, waiting: false, problem: null }

/** What students see, with made-up people: for staff, who never become mentee or mentor here. */
export function previewPage(words: Words, role: Role): HomePage {
  const { t, dates, viewer } = words
  const partner: OwnMatchRow = {
    id: 0,
    active_at: new Date(0),
    ended_at: null,
    contacts_counted: 2,
    contacts_waiting: 0,
    last_contact_on: dates.today,
    role: role === 'mentee' ? 'mentor' : 'mentee',
    ref: 'A2',
    name: t('home.preview.partner'),
    given_name: t('home.preview.partnerCallName'),
  }
  const person = { id: 0, role, ref: 'B3', progress: 50 }
  const made = homePage(
    { t, dates, viewer: { ...viewer, participant: person, givenName: t('home.preview.you') } },
    { matches: [partner], toConfirm: undefined, sending: { ...SENT, sent_at: now() } },
  )
  return { ...made, here: '/preview', preview: true }
}

export type WhichPage = PageModel & { lede: string; partners: { label: string; text: string; href: string }[] }
export const renderWhich = view<WhichPage>('home/which')

/** For somebody with several partners who comes to log a contact: with whom? The one that waits longest is first. */
export function whichPage(words: Words, matches: readonly OwnMatchRow[]): WhichPage {
  const { t } = words
  return {
    title: t('home.log'),
    lede: t('home.which.lede'),
    partners: matches.map((match) => {
      const { text, newHref } = partnerCard(words, match.role === 'mentee' ? 'mentor' : 'mentee', match)
      return { label: t('home.withName', { name: nameOf(t, match) }), text, href: newHref }
    }),
  }
}

/** Pages that a link in a course may lead to before there is anything on them. */
export type Later = 'training' | 'report'
export type LaterPage = PageModel & { lede: string }
export const renderLater = view<LaterPage>('home/later')

export function laterPage(t: T, place: Later): LaterPage {
  return { title: t(`home.later.${place}.title`), lede: t(`home.later.${place}.lede`) }
}
