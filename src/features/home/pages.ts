import { now } from '../../clock.ts'
import { firstLetterOf, type Dots } from '../../web/components.ts'
import type { T } from '../../web/i18n.ts'
import { coordinatorOf, type Role } from '../../web/viewer.ts'
import { view, type PageModel, type Words } from '../../web/views.ts'
import { contactDots, contactTitle, nextText, type AheadRow, type NextContactRow } from '../contacts/index.ts'
import type { OwnMatchRow } from '../matches/index.ts'
import { callNameOf, nameOf } from '../people/index.ts'
import { sendingItem, type SendingRow } from '../progress/index.ts'
import { needsTraining, trainingWords, type TrainingRow } from '../training/index.ts'
import { nextStepFor, type NextStep, type ToConfirm } from './service.ts'

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
  dots: Dots | undefined
  minimumText: string
  /** How many messages are new. */
  fresh: string | undefined
  threadsHref?: string
  /** When the two are in touch next. */
  next: { text: string; calendarHref: string } | null | undefined
  /** Only once the two have begun. */
  stage?: { href: string; label: string }
  contactsHref?: string
  newHref?: string
  agreementHref: string | undefined
}
export type HomePage = PageModel & {
  preview: boolean
  next: NextStepCard
  partnersTitle: string
  partners: PartnerCard[]
  /** The session that a mentor has signed up for. */
  training: { title: string; text: string } | undefined
  progress: { strong: string; text: string }
}
export const renderHome = view<HomePage>('home/show')

export type HomeFacts = {
  matches: OwnMatchRow[]
  /** How many messages are new, by match. */
  unread: ReadonlyMap<number, number>
  /** What lies ahead in each match. */
  ahead: readonly AheadRow[]
  sending: SendingRow | undefined
  /** Of a mentor: how their training stands. */
  training: TrainingRow | undefined
}
/** One thing to do next, the partner or partners, and the number. */
export function homePage(words: Words, facts: HomeFacts): HomePage {
  const { matches, unread, ahead, sending, training } = facts
  const { t, dates, viewer } = words
  const { role, state, progress } = viewer.participant ?? NOBODY
  const name = viewer.givenName
  const step = nextStepFor({ role, state, matches, ahead, needsTraining: needsTraining(viewer, training) })
  return {
    title: t('home.title', { context: name === undefined ? 'unnamed' : 'named', name }),
    here: '/',
    preview: false,
    next: nextStepCard(words, step),
    training: training?.state === 'booked' ? trainingWords(words, training) : undefined,
    partnersTitle: t(`home.partners.${role}`),
    partners: matches
      .filter((match) => match.state !== 'offered')
      .map((match) => {
        const next = ahead.find(({ match_id }) => match_id === match.id)?.next
        return partnerCard(words, role, match, { next, unread: unread.get(match.id) })
      }),
    progress: {
      strong: t('home.progress.number', { score: progress }),
      text: sendingItem({ t, dates, own: true }, sending).text,
    },
  }
}

const NOBODY = { role: 'mentee', state: 'applied', progress: 0 } as const

type Ahead = { next?: NextContactRow | null | undefined; unread?: number | undefined }
function partnerCard(
  { t, dates }: Words,
  role: Role,
  match: OwnMatchRow,
  { next, unread = 0 }: Ahead = {},
): PartnerCard {
  const name = nameOf(t, match)
  const begun = match.active_at !== null
  return {
    id: match.id,
    name: t(`home.partner.${role}`, { name }),
    mark: firstLetterOf(name),
    callName: callNameOf(t, match),
    text: begun ? lastContact({ t, dates }, match) : t('home.partner.agreeing'),
    dots: begun ? contactDots(t, match) : undefined,
    minimumText: t('home.minimum', { count: match.minimum }),
    fresh: unread > 0 ? t('home.fresh', { count: unread }) : undefined,
    next: next && { text: nextText({ t, dates }, next), calendarHref: `/matches/${match.id}/contacts/next.ics` },
    ...(begun ? { ...roomLinks(match.id), stage: stageLink(t, match) } : {}),
    agreementHref: `/matches/${match.id}/agreement`,
  }
}

function stageLink(t: T, { id, stage }: OwnMatchRow) {
  return { href: `/matches/${id}/stages`, label: t('home.stage', { stage }) }
}

function roomLinks(matchId: number) {
  const href = `/matches/${matchId}`
  return { threadsHref: `${href}/threads`, contactsHref: `${href}/contacts`, newHref: `${href}/contacts/new` }
}

function lastContact({ t, dates }: Pick<Words, 't' | 'dates'>, { last_contact_on: on }: OwnMatchRow): string {
  return on === null ? t('home.partner.noContact') : t('home.partner.lastContact', { day: dates.dayInText(on) })
}

function nextStepCard(words: Words, step: NextStep): NextStepCard {
  const card = { link: undefined, act: undefined, quiet: undefined }
  if (step.kind === 'confirm') return { ...card, ...confirmCard(words, step.match, step.contact) }
  return { ...card, ...('match' in step ? matchCard(words, step.kind, step.match) : ownCard(words, step)) }
}

/** What there is to do, or to wait for, without a partner. */
function ownCard(words: Words, step: Exclude<NextStep, { match: OwnMatchRow }>): Card {
  const { t, viewer } = words
  const coordinator = coordinatorOf(viewer)
  switch (step.kind) {
    case 'application':
      return {
        title: t(`home.next.application.${step.state}`),
        text: t('home.next.application.text', { coordinator }),
        link: { href: '/apply', label: t('home.next.application.open') },
      }
    case 'wait':
      return { title: t(`home.next.wait.${step.role}`), text: t('home.next.wait.text', { coordinator }) }
    case 'train':
      return {
        title: t('home.next.train.title'),
        text: t('home.next.train.text', { count: viewer.programme?.trainingMinutes }),
        link: { href: '/training', label: t('home.next.train.open') },
      }
    case 'done':
      return { title: t('home.next.done.title'), text: t('home.next.done.text') }
  }
}

type Card = Partial<NextStepCard> & Pick<NextStepCard, 'title' | 'text'>
type OfMatch = Exclude<Extract<NextStep, { match: OwnMatchRow }>['kind'], 'confirm'>

/** What there is to do, or to wait for, with one partner. */
function matchCard({ t, dates }: Words, kind: OfMatch, match: OwnMatchRow): Card {
  const partner = callNameOf(t, match)
  const until = match.expires_at ? dates.moment(match.expires_at) : ''
  const said = kind === 'log' ? (match.contacts_counted + match.contacts_waiting === 0 ? 'first' : 'next') : kind
  const values = { name: nameOf(t, match), partner, until, count: match.contacts_waiting }
  const newContact = { href: `/matches/${match.id}/contacts/new`, label: t('home.next.log') }
  const agreement = { href: `/matches/${match.id}/agreement`, label: t('home.next.sign.open') }
  const more: Record<OfMatch, Partial<NextStepCard>> = {
    offer: { link: { href: `/matches/${match.id}`, label: t('home.next.offer.open') } },
    sign: { link: agreement },
    log: { link: newContact },
    partner: { quiet: newContact },
    partnerAnswers: { quiet: { href: `/matches/${match.id}`, label: t('home.next.offer.look') } },
    partnerSigns: { quiet: agreement },
    partnerTrains: { quiet: agreement },
  }
  return { title: t(`home.next.${said}.title`, values), text: t(`home.next.${said}.text`, values), ...more[kind] }
}

function confirmCard(words: Words, match: OwnMatchRow, contact: ToConfirm): Card {
  const { t } = words
  const partner = callNameOf(t, match)
  return {
    title: t('home.next.confirm.title', { partner }),
    text: t(contact.agenda.length > 0 ? 'home.next.confirm.textTalked' : 'home.next.confirm.text', {
      partner,
      contact: contactTitle(words, contact, true),
    }),
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
    state: 'active',
    reason: null,
    expires_at: null,
    own_answer: 'accepted',
    own_signed: false,
    partner_signed: false,
    in_force: true,
    minimum: viewer.programme?.minimumContacts ?? 4,
    active_at: new Date(0),
    ended_at: null,
    contacts_counted: 2,
    contacts_waiting: 0,
    last_contact_on: dates.today,
    stage: 1,
    stage_since: null,
    stages_done: [],
    role: role === 'mentee' ? 'mentor' : 'mentee',
    ref: 'A2',
    name: t('home.preview.partner'),
    given_name: t('home.preview.partnerCallName'),
  }
  const person = { id: 0, role, ref: 'B3', progress: 50, state: 'eligible' } as const
  const made = homePage(
    { t, dates, viewer: { ...viewer, participant: person, givenName: t('home.preview.you') } },
    {
      matches: [partner],
      unread: new Map(),
      ahead: [],
      sending: { ...SENT, sent_at: now() },
      training: undefined,
    },
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
      const { text, newHref = '/' } = partnerCard(words, match.role === 'mentee' ? 'mentor' : 'mentee', match)
      return { label: t('home.withName', { name: nameOf(t, match) }), text, href: newHref }
    }),
  }
}

/** Pages that a link in a course may lead to before there is anything on them. */
export type Later = 'report'
export type LaterPage = PageModel & { lede: string }
export const renderLater = view<LaterPage>('home/later')

export function laterPage(t: T, place: Later): LaterPage {
  return { title: t(`home.later.${place}.title`), lede: t(`home.later.${place}.lede`) }
}
