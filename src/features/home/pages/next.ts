import { dayIn, daysBetween } from '../../../clock.ts'
import type { T } from '../../../web/i18n.ts'
import { coordinatorOf, timeZoneOf } from '../../../web/viewer.ts'
import type { Words } from '../../../web/views.ts'
import { contactTitle, type ToConfirmRow } from '../../contacts/index.ts'
import type { OwnMatchRow } from '../../matches/index.ts'
import { callNameOf, nameOf } from '../../people/index.ts'
import { dueWords, planHref } from '../../plan/index.ts'
import type { ReportFactsRow } from '../../reports/index.ts'
import type { AheadRow } from '../queries.ts'
import type { NextStep } from '../service.ts'

export type NextStepCard = {
  title: string
  text: string
  /** A page to go to. */
  link: { href: string; label: string } | undefined
  /** Something to do at once, without another page. */
  act: { action: string; label: string } | undefined
  quiet: { href: string; label: string } | undefined
}
type Card = Partial<NextStepCard> & Pick<NextStepCard, 'title' | 'text'>

/** The one next thing, as its card says it. */
export function nextStepCard(words: Words, step: NextStep, ahead: readonly AheadRow[]): NextStepCard {
  return { link: undefined, act: undefined, quiet: undefined, ...cardOf(words, step, ahead) }
}

function cardOf(words: Words, step: NextStep, ahead: readonly AheadRow[]): Card {
  if (step.kind === 'confirm') return confirmCard(words, step.match, step.contact)
  if ('ahead' in step) return aheadCard(words, step)
  if (!('match' in step)) return ownCard(words, step)
  return step.kind === 'log'
    ? logCard(
        words,
        step.match,
        ahead.find(({ match_id }) => match_id === step.match.id),
      )
    : matchCard(words, step.kind, step.match)
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
    case 'report':
      return reportCard(words, step.report)
    case 'done':
      return { title: t('home.next.done.title'), text: t('home.next.done.text') }
  }
}

/** The short look back: it came back, or is due, or there is time for it now. */
function reportCard({ t, dates, viewer }: Words, { state, due_on: due }: ReportFactsRow): Card {
  const link = { href: '/report', label: t('home.next.report.open') }
  if (state === 'returned')
    return {
      title: t('home.next.report.returned'),
      text: t('home.next.report.returnedText', { coordinator: coordinatorOf(viewer) }),
      link,
    }
  const day = due === null ? '' : dates.dayInText(due)
  const text = due === null ? '' : t(due < dates.today ? 'home.next.report.was' : 'home.next.report.due', { day })
  return { title: t('home.next.report.title'), text: `${text} ${t('home.next.report.text')}`.trim(), link }
}

type OfMatch = Extract<
  NextStep,
  { kind: 'log' | 'offer' | 'sign' | 'partner' | 'partnerAnswers' | 'partnerSigns' | 'partnerTrains' | Ending }
>['kind']
type Ending = 'lastTalk' | 'finish' | 'paused' | 'over'

/** What there is to do, or to wait for, with one partner. */
function matchCard(words: Words, kind: Exclude<OfMatch, 'log'>, match: OwnMatchRow): Card {
  const { t, dates } = words
  const until = match.expires_at ? dates.moment(match.expires_at) : ''
  const values = { ...namesOf(t, match), until, count: match.contacts_waiting, ...endingDays(words, match) }
  const ending = { href: `/matches/${match.id}/ending`, label: t('home.ending.look') }
  const offer = { href: `/matches/${match.id}`, label: t('home.next.offer.open') }
  const agreement = { href: `/matches/${match.id}/agreement`, label: t('home.next.sign.open') }
  const more: Record<typeof kind, Partial<NextStepCard>> = {
    offer: { link: offer },
    sign: { link: agreement },
    partner: { quiet: newContact(t, match) },
    partnerAnswers: { quiet: { ...offer, label: t('home.next.offer.look') } },
    partnerSigns: { quiet: agreement },
    partnerTrains: { quiet: agreement },
    lastTalk: { link: ending, quiet: newContact(t, match) },
    finish: { link: ending },
    paused: { quiet: ending },
    over: { quiet: ending },
  }
  return { title: t(`home.next.${kind}.title`, values), text: t(`home.next.${kind}.text`, values), ...more[kind] }
}

/** The days that matter to what rests, comes to its end, or is over. */
export function endingDays({ dates, viewer }: Words, match: OwnMatchRow) {
  const { paused_until: paused, closing_until: closing, ended_at: ended } = match
  const dayOf = (at: Date | null) => (at ? dates.dayInText(dayIn(timeZoneOf(viewer), at)) : '')
  const coordinator = coordinatorOf(viewer)
  return { paused: paused ? dates.date(paused) : '', last: dayOf(closing), ended: dayOf(ended), coordinator }
}

const namesOf = (t: T, match: OwnMatchRow) => ({ name: nameOf(t, match), partner: callNameOf(t, match) })
const newContact = (t: T, { id }: OwnMatchRow) => ({ href: `/matches/${id}/contacts/new`, label: t('home.next.log') })

/** To be in touch: the first time, or again; with what the two wanted, where it has been long. */
function logCard(words: Words, match: OwnMatchRow, ahead: AheadRow | undefined): Card {
  const { t } = words
  const values = namesOf(t, match)
  const href = `/matches/${match.id}/threads`
  if (match.contacts_counted + match.contacts_waiting === 0)
    return {
      title: t('home.next.first.title', values),
      text: t('home.next.first.text', values),
      link: newContact(t, match),
      quiet: { href, label: t('home.next.write', values) },
    }
  const days = overdueDays(words, match, ahead)
  const quiet = newContact(t, match)
  if (days === undefined)
    return { title: t('home.next.next.title', values), text: t('home.next.next.text', values), link: quiet }
  return {
    title: t('home.next.overdue.title', values),
    text: `${t('home.next.overdue.last', { count: days })} ${t('home.next.overdue.wanted', { count: ahead?.every_days })}`,
    link: { href, label: t('home.next.write', values) },
    quiet: { ...quiet, label: t('home.next.overdue.log') },
  }
}

/** After a pause, days are counted anew. */
function since({ resumed_at: resumed }: OwnMatchRow, last: string, viewer: Words['viewer']): string {
  const day = resumed ? dayIn(timeZoneOf(viewer), resumed) : last
  return day > last ? day : last
}

/** For how many days the two have not been in touch, where that is longer than they wanted (R77). */
export function overdueDays(
  { dates, viewer }: Words,
  match: OwnMatchRow,
  ahead: AheadRow | undefined,
): number | undefined {
  const last = match.last_contact_on
  if (last === null || match.state !== 'active' || !ahead?.every_days || isPlanned(dates, ahead)) return undefined
  const days = daysBetween(since(match, last, viewer), dates.today)
  return days > ahead.every_days ? days : undefined
}

/** Whether the two have a date ahead of them; one that has passed is none. */
export function isPlanned({ today }: Pick<Words['dates'], 'today'>, { next }: Pick<AheadRow, 'next'>): boolean {
  return next !== null && next.planned_on >= today
}

function confirmCard(words: Words, match: OwnMatchRow, contact: ToConfirmRow): Card {
  const { t } = words
  const partner = callNameOf(t, match)
  const isTalked = contact.agenda.length > 0 // what a yes ticks is to be seen before it is given
  const values = { partner, contact: contactTitle(words, contact, true) }
  return {
    title: t('home.next.confirm.title', { partner }),
    text: t(isTalked ? 'home.next.confirm.textTalked' : 'home.next.confirm.text', values),
    ...(isTalked
      ? { link: { href: `/contacts/${contact.id}`, label: t('home.next.confirm.look') } }
      : { act: { action: `/contacts/${contact.id}/confirmation`, label: t('contacts.list.confirm') } }),
    quiet: { href: `/contacts/${contact.id}/difference`, label: t('contacts.list.different') },
  }
}

type AheadStep = Extract<NextStep, { ahead: AheadRow }>
/** New messages, two lines about the last contact, or a stage that the partner is ready to leave. */
function aheadCard({ t, dates, viewer }: Words, { kind, match, ahead }: AheadStep): Card {
  const values = { ...namesOf(t, match), count: ahead.unread, stage: match.stage, next: match.stage + 1 }
  const own = viewer.participant?.role ?? 'mentee'
  switch (kind) {
    case 'reply':
      return {
        title: t('home.next.reply.title', values),
        text: t('home.next.reply.text', values),
        link: { href: `/threads/${ahead.thread_id}`, label: t('home.next.reply.open', values) },
      }
    case 'write':
      return {
        title: t('home.next.lines.title'),
        text: t(`home.next.lines.${own}`, values),
        link: { href: `/contacts/${ahead.to_write_id}/pulse`, label: t('home.next.lines.open') },
      }
    case 'task':
      return taskCard({ t, dates }, ahead)
    case 'move':
      return {
        title: t(match.stage === 3 ? 'home.next.move.titleLast' : 'home.next.move.title', values),
        text: t('home.next.move.text', values),
        link: { href: `/matches/${match.id}/stages/${match.stage}`, label: t('home.next.move.open', values) },
      }
  }
}

/** The viewer's task that is due; it can be ticked at once. */
function taskCard(words: Pick<Words, 't' | 'dates'>, { match_id: id, tasks: [task] }: AheadRow): Card {
  const { t } = words
  return {
    title: t('home.next.task.title'),
    text: task ? t('home.next.task.text', { task: task.text, when: dueWords(words, task) }) : '',
    link: { href: `${planHref(id)}#tasks`, label: t('home.next.task.open') },
  }
}
