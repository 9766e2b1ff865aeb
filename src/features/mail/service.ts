import { config } from '../../../config/index.ts'
import { isWithin, nextTimeIn, now, timeIn } from '../../clock.ts'
import { createDrains } from '../../drains.ts'
import { wake } from '../../jobs.ts'
import { mailIsOn, restMail, sendMail, tryMail, type Mail, type MailOutcome } from '../../smtp.ts'
import { log } from '../../web/log.ts'
import { sign } from '../../web/sealed.ts'
import { hasDuty, type FoundProgramme, type System, type Viewer } from '../../web/viewer.ts'
import { TOPIC_OF, TOPICS, type Choices, type SettingsForm, type Topic, type Way } from './forms.ts'
import {
  addTestMailing,
  claimMailing,
  dropStale,
  endMailing,
  findNextDue,
  formMailings,
  formWeeks,
  listLines,
  listNew,
  markRefused,
  pauseMail,
  putOffMailing,
  savePlans,
  saveSettings,
  type ClaimedMailingRow,
  type LineRow,
  type NewRow,
} from './queries.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE
/** What happens within a quarter of an hour is one mail (spec 5.7). */
const BATCH_MINUTES = 15
/** After so long, what a mail says is no news: it stands in Signpost anyway. */
const LONGEST_WAIT_MS = 5 * DAY

type Quiet = { quiet_from: string | null; quiet_until: string | null; time_zone: string }

/** The same instant, or the end of the quiet hours that it lies in. */
export function outOfQuiet(at: Date, { quiet_from, quiet_until, time_zone }: Quiet): Date {
  if (!isWithin(timeIn(time_zone, at), quiet_from, quiet_until)) return at
  return nextTimeIn(time_zone, at, quiet_until ?? '')
}

/** How somebody wants to hear of a topic: as they have chosen, or else at once. */
export function wayOf(choices: Choices, topic: Topic | 'always'): Way {
  return topic === 'always' ? 'instant' : (choices[topic] ?? 'instant')
}

/** A kind that is not known here (an older or newer process told it) is about the two. */
export function topicOf(kind: string): Exclude<Topic, 'week'> | 'always' {
  return (TOPIC_OF as Partial<Record<string, Exclude<Topic, 'week'> | 'always'>>)[kind] ?? 'pair'
}

/** When something may be mailed: not at all, at the hour of the digest, or soon, and never in quiet hours. */
export function dueAt(row: NewRow): Date | undefined {
  const topic = topicOf(row.kind)
  const way = wayOf(row.choices, topic)
  if (way === 'off') return undefined
  if (way === 'digest') return outOfQuiet(nextTimeIn(row.time_zone, row.since, row.digest_at), row)
  const wait = topic === 'always' ? 0 : BATCH_MINUTES * MINUTE
  return outOfQuiet(new Date(row.since.getTime() + wait), row)
}

/** What waits for a coordinator, as a mail of the week says it: a number for each thing, and nobody's name. */
export type WeekLine = { what: string; count: number }
type FindWeek = (as: System, programme: FoundProgramme) => Promise<WeekLine[]>
/** Makes the mail itself: pages/letter.ts, which a service does not know. */
type Compose = (mailing: ClaimedMailingRow, says: Says) => Omit<Mail, 'to' | 'messageId'>
export type Says = { lines: LineRow[]; week: WeekLine[] }

/** Who may send, and what it takes to say something. */
export type Office = { as: System; findWeek: FindWeek; compose: Compose }

const drains = createDrains<Office, ClaimedMailingRow>({
  atOnce: 3,
  take: ({ as }) => claimMailing(as, now()),
  work: deliver,
  pause: ({ as }, ms) => pauseMail(as, new Date(now().getTime() + ms)),
  left: () => {
    restMail()
    wake('mail')
  },
})
const THE_SERVER = 0

/**
 * Works out what is to be mailed, and begins to send what is due. Without a mail server nothing is, and nothing is kept for
 * later: who sets one up is not to send old news. Returns in how many milliseconds the next mail is due.
 */
export async function startMail(office: Office): Promise<number | undefined> {
  const { as } = office
  const at = now()
  await dropStale(as, at, !mailIsOn)
  if (!mailIsOn) return undefined
  await planAll(as)
  await formMailings(as, at, BATCH_MINUTES)
  await formWeeks(as, at)
  const next = await findNextDue(as)
  if (next === undefined) return undefined
  const ms = next.getTime() - now().getTime()
  if (ms > 0) return ms
  drains.start(THE_SERVER, office) // only where something is due: whoever leaves it looks again
  return undefined
}

/** The same, and waits until all that is due has been tried. */
export async function sendDueMail(office: Office): Promise<void> {
  await startMail(office)
  await drains.idle()
}

/** Takes nothing more to send, and waits for what is under way. */
export const stopMail = drains.stop

async function planAll(as: System): Promise<void> {
  for (let rows = await listNew(as); rows.length > 0; rows = await listNew(as))
    await savePlans(
      as,
      rows.map((row) => ({ id: row.id, at: dueAt(row) })),
    )
}

/** Sends one mail, unless nothing in it matters any more. Says whether the mail server works. */
async function deliver({ as, findWeek, compose }: Office, mailing: ClaimedMailingRow): Promise<'well' | 'trouble'> {
  const at = now()
  const quietUntil = outOfQuiet(at, mailing)
  if (quietUntil > at) {
    await putOffMailing(mailing, quietUntil)
    return 'well'
  }
  const says = await whatItSays(as, mailing, findWeek)
  if (mailing.address === null || (says.lines.length === 0 && says.week.length === 0)) {
    await endMailing(mailing, 'dropped', at)
    return 'well'
  }
  const outcome = await sendMail(mailOf(mailing, mailing.address, compose(mailing, says)))
  await keepOutcome(mailing, outcome)
  return isTrouble(outcome) ? 'trouble' : 'well'
}

async function whatItSays(as: System, mailing: ClaimedMailingRow, findWeek: FindWeek): Promise<Says> {
  if (mailing.kind === 'week') return { lines: [], week: await weekOf(as, mailing, findWeek) }
  const lines = await listLines(mailing, now())
  return { lines: lines.filter(({ kind }) => wayOf(mailing.choices, topicOf(kind)) !== 'off'), week: [] }
}

async function weekOf(as: System, mailing: ClaimedMailingRow, findWeek: FindWeek): Promise<WeekLine[]> {
  if (wayOf(mailing.choices, 'week') === 'off') return []
  return (await findWeek(as, { id: mailing.programme_id })).filter(({ count }) => count > 0)
}

function mailOf({ id }: ClaimedMailingRow, to: string, letter: Omit<Mail, 'to' | 'messageId'>): Mail {
  const { hostname } = new URL(config.publicUrl)
  return { ...letter, to, messageId: `<${sign('mail', String(id))}@${hostname}>` }
}

/** About the server, not about this one mail: the next would meet the same. */
const isTrouble = ({ kind }: MailOutcome) => kind !== 'sent' && kind !== 'no_address' && kind !== 'later'

async function keepOutcome(mailing: ClaimedMailingRow, { kind, status }: MailOutcome): Promise<void> {
  const at = now()
  log[kind === 'sent' ? 'info' : 'warn']({ mailing: mailing.id, outcome: kind, status }, 'mail')
  if (kind === 'sent') await endMailing(mailing, 'sent', at, status)
  else if (kind === 'no_address') {
    await markRefused(mailing)
    await endMailing(mailing, 'refused', at, status)
  } else if (at.getTime() - mailing.created_at.getTime() > LONGEST_WAIT_MS)
    await endMailing(mailing, 'given_up', at, status)
  else await putOffMailing(mailing, new Date(at.getTime() + retryInMs(mailing)), { problem: kind, status })
}

/** Soon, then less often, up to every ten minutes, so that an hour without a server is soon made up for. */
function retryInMs({ attempts }: ClaimedMailingRow): number {
  const longest = Math.min(10 * MINUTE, MINUTE * 2 ** Math.min(attempts - 1, 10))
  return longest / 2 + Math.random() * (longest / 2)
}

export type TestOutcome = MailOutcome['kind'] | 'none' | 'too_soon'
/** Whether mail goes out: the coordinator sends one to themself, and waits for the answer of the mail server. */
export async function sendTest(viewer: Viewer, compose: Compose): Promise<TestOutcome> {
  if (!mailIsOn || !hasDuty(viewer, 'coordinator')) return 'none'
  const mailing = await addTestMailing(viewer, now())
  if (!mailing) return 'too_soon'
  if (mailing.address === null) {
    await endMailing(mailing, 'dropped', now())
    return 'none'
  }
  const outcome = await tryMail(mailOf(mailing, mailing.address, compose(mailing, { lines: [], week: [] })))
  await keepTest(mailing, outcome)
  return outcome.kind
}

async function keepTest(mailing: ClaimedMailingRow, { kind, status }: MailOutcome): Promise<void> {
  log.info({ mailing: mailing.id, outcome: kind, status }, 'mail')
  if (kind === 'no_address') await markRefused(mailing)
  await endMailing(mailing, kind === 'sent' ? 'sent' : 'given_up', now(), status)
}

/** Keeps what the viewer wants of mails. What they were not asked for stays as it was. */
export async function saveMailSettings(viewer: Viewer, form: SettingsForm): Promise<void> {
  const or = (text: string | undefined) => text ?? null
  await saveSettings(viewer, {
    mail_to: form.mailTo,
    own_email: or(form.ownEmail),
    quiet_from: or(form.quietFrom),
    quiet_until: or(form.quietUntil),
    digest_at: form.digestAt,
    choices: Object.fromEntries(
      topicsFor(viewer).flatMap((topic) => (form[topic] === undefined ? [] : [[topic, form[topic]]])),
    ),
  })
  wake('mail')
}

/** What the viewer can be told about. */
export function topicsFor(viewer: Viewer): readonly Topic[] {
  const own = viewer.participant ? (['messages', 'contacts', 'pair', 'report'] as const) : []
  const duty = viewer.duties.length > 0 ? (['duty'] as const) : []
  const week = hasDuty(viewer, 'coordinator') ? (['week'] as const) : []
  return TOPICS.filter((topic) => [...own, ...duty, ...week].includes(topic))
}
