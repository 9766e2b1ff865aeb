import { defaults } from '../../../../config/content.ts'
import { now } from '../../../clock.ts'
import { firstLetterOf, type Chip, type Dots, type StageStrip } from '../../../web/components.ts'
import type { Role } from '../../../web/viewer.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { contactDots, nextText } from '../../contacts/index.ts'
import { channelWords, type OwnMatchRow } from '../../matches/index.ts'
import { mailNotice, type MailNotice } from '../../mail/index.ts'
import { callNameOf, nameOf } from '../../people/index.ts'
import { dueWords, planHref } from '../../plan/index.ts'
import { sendingItem, type SendingRow } from '../../grades/index.ts'
import { stageStrip } from '../../stages/index.ts'
import type { ReportFactsRow } from '../../reports/index.ts'
import { needsTraining, trainingWords, type TrainingRow } from '../../training/index.ts'
import type { AheadRow } from '../queries.ts'
import { nextStepFor } from '../service.ts'
import { endingDays, isPlanned, nextStepCard, overdueDays, type NextStepCard } from './next.ts'

type Link = { href: string; label: string }
export type PartnerCard = {
  id: number
  name: string
  mark: string
  callName: string
  text: string
  /** How many messages are new. */
  fresh: string | undefined
  /** Only once the two have begun, as all that follows. */
  room: Room | undefined
  agreementHref: string
  aboutHref: string
  /** It rests, comes to its end, or is over. */
  state: Chip | undefined
  ending: Link | undefined
}
export type Room = {
  threadsHref: string
  contactsHref: string
  newHref: string
  /** When the two are in touch next. */
  next: { text: string; calendarHref: string } | undefined
  /** How the two wanted to stay in touch. */
  plan: string | undefined
  /** What the partner wants from this (R57), and what the viewer has to do next (R73). */
  wants: string | undefined
  tasks: { text: string; when: string; action: string }[]
  planHref: string
  /** They have not been in touch for longer than they wanted. */
  overdue: Chip | undefined
  dots: Dots
  minimumText: string
  stages: StageStrip
  stage: Link
}
export type HomePage = PageModel & {
  preview: boolean
  /** Mails do not reach the viewer. */
  mail: MailNotice | undefined
  next: NextStepCard
  partnersTitle: string
  partners: PartnerCard[]
  /** With one partner, contacts and stages have cards of their own. */
  alone: Room | undefined
  /** What a role is, in a line, and where to read more. */
  about: { text: string; link: Link }
  /** The session that a mentor has signed up for. */
  training: { title: string; text: string } | undefined
  progress: { strong: string; text: string }
}
export const renderHome = view<HomePage>('home/show')

export type HomeFacts = {
  matches: OwnMatchRow[]
  /** What lies ahead in each match. */
  ahead: readonly AheadRow[]
  sending: SendingRow | undefined
  /** Of a mentor: how their training stands. */
  training: TrainingRow | undefined
  report: ReportFactsRow | undefined
}
/** One thing to do next, the partner or partners, and the number (spec 5.2, 5.3). */
export function homePage(words: Words, facts: HomeFacts): HomePage {
  const { matches, ahead, sending, training, report } = facts
  const { t, dates, viewer } = words
  const { role, state, progress } = viewer.participant ?? NOBODY
  const name = viewer.givenName
  const step = nextStepFor({
    ...{ role, state, matches, ahead, report, today: dates.today },
    needsTraining: needsTraining(viewer, training),
  })
  const partners = matches
    .filter((match) => match.state !== 'offered')
    .map((match) =>
      partnerCard(
        words,
        role,
        match,
        ahead.find(({ match_id }) => match_id === match.id),
      ),
    )
  return {
    title: t('home.title', { context: name === undefined ? 'unnamed' : 'named', name }),
    here: '/',
    preview: false,
    mail: mailNotice(t, viewer),
    next: nextStepCard(words, step, ahead),
    training: training?.state === 'booked' ? trainingWords(words, training) : undefined,
    partnersTitle: t(`home.partners.${role}`),
    partners,
    alone: partners.length === 1 ? partners[0]?.room : undefined,
    about: { text: t(`home.about.${role}`), link: { href: `/handbook/introduction`, label: t('home.about.more') } },
    progress: {
      strong: t('home.progress.number', { score: progress }),
      text: sendingItem({ t, dates, own: true }, sending).text,
    },
  }
}

const NOBODY = { role: 'mentee', state: 'applied', progress: 0 } as const

function partnerCard(words: Words, role: Role, match: OwnMatchRow, ahead: AheadRow | undefined): PartnerCard {
  const { t } = words
  const name = nameOf(t, match)
  const unread = ahead?.unread ?? 0
  return {
    id: match.id,
    name: t(`home.partner.${role}`, { name }),
    mark: firstLetterOf(name),
    callName: callNameOf(t, match),
    text: match.active_at === null ? t('home.partner.agreeing') : lastContact(words, match),
    ...endingOf(words, match),
    fresh: unread > 0 ? t('home.fresh', { count: unread }) : undefined,
    room: match.active_at === null || match.ended_at !== null ? undefined : roomOf(words, match, ahead),
    agreementHref: `/matches/${match.id}/agreement`,
    aboutHref: `/matches/${match.id}/partner`,
  }
}

/** Where a match is on its way, if not under way as usual, and where to change that. */
function endingOf(words: Words, match: OwnMatchRow): Pick<PartnerCard, 'state' | 'ending'> {
  if (match.active_at === null) return { state: undefined, ending: undefined }
  const { t } = words
  const href = `/matches/${match.id}/ending`
  const chips: Partial<Record<OwnMatchRow['state'], Chip>> = {
    paused: { kind: 'plain', icon: 'dash', text: t('home.ending.paused', endingDays(words, match)) },
    closing: { kind: 'you', icon: 'arrow-right-circle', text: t('home.ending.closing', endingDays(words, match)) },
    closed: { kind: 'plain', icon: 'dash', text: t('home.ending.over', endingDays(words, match)) },
  }
  const state = chips[match.state]
  return { state, ending: { href, label: t(state ? 'home.ending.look' : 'home.ending.change') } }
}

/** The text that stands beside a partner's name. */
export function lastContact({ t, dates }: Words, { last_contact_on: on }: OwnMatchRow): string {
  return on === null ? t('home.partner.noContact') : t('home.partner.lastContact', { day: dates.dayInText(on) })
}

function roomOf(words: Words, match: OwnMatchRow, ahead: AheadRow | undefined): Room {
  const { t } = words
  const href = `/matches/${match.id}`
  const days = overdueDays(words, match, ahead)
  return {
    threadsHref: `${href}/threads`,
    contactsHref: `${href}/contacts`,
    newHref: `${href}/contacts/new`,
    next: nextOf(words, href, ahead),
    plan: planWords(words, ahead),
    wants: ahead?.partner_wants ?? undefined,
    tasks: (ahead?.tasks ?? []).map((task) => ({
      text: task.text,
      when: dueWords(words, task),
      action: `/tasks/${task.id}/completion`,
    })),
    planHref: planHref(match.id),
    overdue:
      days === undefined
        ? undefined
        : { kind: 'wait', icon: 'clock-history', text: t('home.overdue', { count: days }) },
    dots: contactDots(t, match),
    minimumText: t('home.minimum', { count: match.minimum }),
    stages: stageStrip(t, match, stageNames(ahead)),
    stage: { href: `${href}/stages`, label: t('home.stage', { stage: match.stage }) },
  }
}

/** What is planned; a day that has passed is not shown as what comes next. */
function nextOf(words: Words, href: string, ahead: AheadRow | undefined): Room['next'] {
  if (!ahead?.next || !isPlanned(words.dates, ahead)) return undefined
  return { text: nextText(words, ahead.next), calendarHref: `${href}/contacts/next.ics` }
}

/** `About every 10 days. Ways: Phone.` Nothing where the agreement leaves it open. */
function planWords({ t }: Words, ahead: AheadRow | undefined): string | undefined {
  const {
    every_days: every,
    channels,
    reply_days: reply,
  } = ahead ?? { every_days: null, channels: [], reply_days: null }
  const words = [
    every === null ? '' : t('home.plan.every', { count: every }),
    channels?.length ? t('home.plan.ways', { ways: channelWords(t, channels) }) : '',
    reply === null ? '' : t('home.plan.reply', { count: reply }),
  ].filter((part) => part !== '')
  return words.length > 0 ? words.join(' ') : undefined
}

function stageNames(ahead: AheadRow | undefined) {
  return defaults.stages.map((one) => ({ ...one, title: ahead?.stage_names[one.key] ?? one.title }))
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
    ...{ paused_at: null, paused_until: null, paused_by: null, resumed_at: null },
    ...{ closing_at: null, closing_until: null, over_because: null },
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
    { matches: [partner], ahead: [], sending: { ...SENT, sent_at: now() }, training: undefined, report: undefined },
  )
  return { ...made, here: '/preview', preview: true, mail: undefined }
}
