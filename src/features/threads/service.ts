import { addDays, dayIn, instantIn, now, timeIn } from '../../clock.ts'
import { transaction } from '../../db.ts'
import type { Match } from '../../models/index.ts'
import { forbidden } from '../../web/errors.ts'
import type { TextKey } from '../../web/i18n.ts'
import { timeZoneOf, type System, type Viewer } from '../../web/viewer.ts'
import { listContent } from '../content/index.ts'
import { isUnderWay, lockOwnMatch } from '../matches/index.ts'
import { settle, tell } from '../notifications/index.ts'
import type { EditForm, MessageForm, ThreadForm } from './forms.ts'
import {
  addMessage,
  addThread,
  claimDueMessages,
  findMessage,
  findQuestionOf,
  findRoom,
  findThread,
  listMessages,
  markRead,
  noteExchange,
  openAnswers,
  saveBody,
  saveNoted,
  saveWithdrawn,
  wasSent,
  type MessagePage,
  type OwnMessageRow,
  type Place,
  type RoomRow,
  type ThreadRow,
} from './queries.ts'

/** The two write to each other from the day on which their match began, while it lasts. */
export function mayWrite(of: Pick<RoomRow, 'state'>): boolean {
  return isUnderWay(of)
}

/** To a question for both, each gives one answer; when both have, they can go on talking. */
export function mayAnswerNow(of: ThreadRow): boolean {
  return mayWrite(of) && (of.is_open || !of.own_answered)
}

const MINUTE = 60_000
const EDIT_MINUTES = 15

type Timed = Pick<OwnMessageRow, 'author_id' | 'body' | 'visible_at'>

function isOwn(viewer: Viewer, { author_id, body }: Timed): boolean {
  return author_id === viewer.participant?.id && body !== null
}

/** Whoever wrote a message may change it for fifteen minutes after it went out, and until then. */
export function mayEdit(viewer: Viewer, of: RoomRow, message: Timed): boolean {
  return mayWithdraw(viewer, of, message) && message.visible_at.getTime() > now().getTime() - EDIT_MINUTES * MINUTE
}

/** Whoever wrote a message may take it back while the match lasts. */
export function mayWithdraw(viewer: Viewer, of: RoomRow, message: Timed): boolean {
  return mayWrite(of) && isOwn(viewer, message)
}

/** Written, and not to be seen by the other one before its time. */
export function goesOutLater({ visible_at }: Pick<Timed, 'visible_at'>): boolean {
  return visible_at > now()
}

/** Whether the partner wants to hear nothing now: in their own quiet hours, or in those of the agreement. */
export function isQuiet(viewer: Viewer, of: RoomRow): boolean {
  const time = timeIn(timeZoneOf(viewer), now())
  return isWithin(time, of.quiet_from, of.quiet_until) || isWithin(time, of.agreed_from, of.agreed_until)
}

/** Hours may run over midnight: from 21:00 until 07:00. */
function isWithin(time: string, from: string | null, until: string | null): boolean {
  if (from === null || until === null) return false
  return from <= until ? time >= from && time < until : time >= from || time < until
}

const MORNING = '09:00'

/** The next nine o'clock in the morning, in the programme's time zone. */
export function nextMorning(viewer: Viewer): Date {
  const zone = timeZoneOf(viewer)
  const today = dayIn(zone, now())
  const morning = (day: string) => instantIn(zone, day, MORNING) ?? new Date(`${day}T${MORNING}:00Z`)
  return morning(today) > now() ? morning(today) : morning(addDays(today, 1))
}

/** What a text holds that the agreement has no way for: the sender alone is asked about it. */
export type Hint = 'phone' | 'email' | 'both'

const EMAIL = /[\w.+-]{1,64}@[\w-]{1,63}\.\w/u
const DATE = /\b\d{4}-\d{2}-\d{2}\b/gu
const NUMBER = /\+?\(?\d[\d ()-]{7,20}\d/gu
const PHONE_DIGITS = 9

/** Telephone numbers and e-mail addresses for which the agreement in force has no way. */
export function hintFor({ channels }: Pick<RoomRow, 'channels'>, text: string): Hint | undefined {
  const phone = !channels.includes('telephone') && !channels.includes('text') && hasNumber(text)
  const email = !channels.includes('email') && EMAIL.test(text)
  if (phone && email) return 'both'
  return phone ? 'phone' : email ? 'email' : undefined
}

function hasNumber(text: string): boolean {
  const numbers = text.replace(DATE, '').match(NUMBER) ?? []
  return numbers.some((number) => number.replace(/\D/gu, '').length >= PHONE_DIGITS)
}

/** The card whose question both answer before either reads the other's answer (R8). */
const QUESTION = 'topic-mentor'
export const isQuestion = (topic: string | undefined): boolean => topic === QUESTION

const NOTICE = 'clause-think-before-telling'
/** "Think before you tell" in the words of the viewer's programme. */
export async function noticeFor(viewer: Viewer): Promise<{ title: string; text: string } | undefined> {
  return (await listContent(viewer, 'clauses')).find(({ key }) => key === NOTICE)
}

/** A page of a topic; what is on it has been read from now on. */
export async function readThread(viewer: Viewer, of: ThreadRow, place: Place): Promise<MessagePage> {
  const at = now()
  const page = await listMessages(viewer, of, at, place)
  const newest = page.messages.findLast(({ author_id }) => author_id === of.partner_id)
  if (newest && isNew(of, newest.id, page)) await markRead(viewer, of, { message: newest, isLast: !page.hasNewer, at })
  return page
}

/** Who turns back to what they have read before has nothing to mark. */
function isNew({ read_id, unread }: ThreadRow, newest: number, { hasNewer }: MessagePage): boolean {
  return unread > 0 || (!hasNewer && newest !== read_id)
}

/** Said of a form that is shown again: what is wrong with a field, or what to think of before it is sent. */
export type Refused =
  { sent: false; field: 'body' | 'noted' | 'title' | '_key'; error: TextKey } | { sent: false; hint: Hint }
export type Sent = { sent: 'now' | 'later'; threadId: number } | Refused

type Written = Pick<MessageForm, 'body' | 'noted' | '_act' | '_anyway'>

/** The notice comes before the first message, and the hint before one with a number or an address in it. */
function refusalOf(of: RoomRow, { body, noted, _anyway }: Written): Refused | undefined {
  if (!of.noted && noted === undefined) return { sent: false, field: 'noted', error: 'threads.errors.noted' }
  const hint = _anyway === undefined ? hintFor(of, body) : undefined
  return hint && { sent: false, hint }
}

/** What a write to somebody's own match begins with: the match, held, in a state in which the two write. */
async function lockForWriting(viewer: Viewer, matchId: number): Promise<Match> {
  const match = await lockOwnMatch(viewer, matchId)
  if (!mayWrite(match)) throw forbidden(match.activeAt ? 'threads.rules.ended' : 'threads.rules.notYet')
  return match
}

/** Begins a topic with a first message; the same form sent twice is one topic. */
export async function startThread(viewer: Viewer, matchId: number, form: ThreadForm): Promise<Sent> {
  return transaction(async (): Promise<Sent> => {
    const of = await findRoom(viewer, matchId)
    const match = await lockForWriting(viewer, matchId)
    const refusal = refusalOf(of, form)
    if (refusal) return refusal
    const threadId = await threadFor(viewer, match, form)
    if (threadId === undefined) return { sent: false, field: '_key', error: 'threads.errors.key' }
    return write(viewer, match, await findThread(viewer, threadId, now()), form)
  })
}

/** A new topic; or, of the question for both, the one that the partner has begun meanwhile. */
async function threadFor(viewer: Viewer, match: Match, form: ThreadForm): Promise<number | undefined> {
  const both = isQuestion(form.topic)
  const begun = both ? await findQuestionOf(match) : undefined
  if (begun !== undefined) return begun
  const { _key: formKey, title, topic: topicKey } = form
  return addThread(viewer, match, { formKey, title, topicKey, kind: both ? 'both' : 'talk' }, now())
}

/** Writes in a topic and tells the partner, or does neither; the same form sent twice is one message. */
export async function postMessage(viewer: Viewer, threadId: number, form: MessageForm): Promise<Sent> {
  return transaction(async (): Promise<Sent> => {
    const match = await lockForWriting(viewer, (await findThread(viewer, threadId, now())).match_id)
    const of = await findThread(viewer, threadId, now(), form.quote) // again: it may have changed until we held the match
    return refusalOf(of, form) ?? (await write(viewer, match, of, form))
  })
}

async function write(viewer: Viewer, match: Match, of: ThreadRow, form: Written & { _key: string }): Promise<Sent> {
  if (!mayAnswerNow(of)) return answeredBefore(viewer, of, form._key)
  const at = now()
  if (!of.noted) await saveNoted(viewer, match, at)
  const later = form._act === 'later' && of.kind === 'talk'
  const message = { formKey: form._key, body: form.body, quoteId: of.quoted?.id }
  if (later) await addMessage(viewer, of.id, { ...message, visibleAt: nextMorning(viewer), told: false })
  else if (await addMessage(viewer, of.id, { ...message, visibleAt: at, told: true })) await goOut(viewer, of, at)
  return { sent: later ? 'later' : 'now', threadId: of.id }
}

/** A message is there to be seen: the partner is told, and two answers to one question are opened. */
async function goOut(viewer: Viewer, of: ThreadRow, at: Date): Promise<void> {
  if (of.kind === 'both') await openAnswers(of, at)
  await noteExchange(of, at, dayIn(timeZoneOf(viewer), at))
  await tellOf({ thread_id: of.id, programme_id: of.programme_id, recipient_id: of.partner_id })
}

/** Of a double click the answer is there; another text is given back to its writer, not lost. */
async function answeredBefore(viewer: Viewer, of: ThreadRow, formKey: string): Promise<Sent> {
  if (await wasSent(viewer, formKey)) return { sent: 'now', threadId: of.id }
  return { sent: false, field: 'body', error: 'threads.errors.answered' }
}

/** However many messages wait in a topic, one line says so. */
async function tellOf(about: { thread_id: number; programme_id: number; recipient_id: number }): Promise<void> {
  const programme = { id: about.programme_id }
  const subject = `thread:${about.thread_id}`
  await settle(programme, subject, about.recipient_id)
  await tell(programme, [about.recipient_id], { kind: 'message', subject, href: `/threads/${about.thread_id}` })
}

/** Tells people of messages whose time has come. */
export async function tellDueMessages(as: System): Promise<undefined> {
  await transaction(async () => {
    for (const row of await claimDueMessages(as, now())) await tellOf(row)
  })
}

type At = { id: number; message: number }

/** A message of the viewer's own in a topic of theirs. @throws 403 when it is the other one's, or their time is over */
export async function findOwnMessage(
  viewer: Viewer,
  { id, message }: At,
  may: (viewer: Viewer, of: RoomRow, message: Timed) => boolean,
): Promise<{ of: ThreadRow; own: OwnMessageRow }> {
  const of = await findThread(viewer, id, now())
  const own = await findMessage(viewer, of, message, now())
  if (!may(viewer, of, own)) throw forbidden(mayWrite(of) ? 'threads.rules.notYours' : 'threads.rules.ended')
  return { of, own }
}

/** Changes a message within its fifteen minutes; later, it says so and the words can be sent as a new one. */
export async function changeMessage(viewer: Viewer, at: At, { body }: EditForm): Promise<'changed' | 'tooLate'> {
  return transaction(async () => {
    const { of, own } = await findOwnMessage(viewer, at, mayWithdraw)
    await lockForWriting(viewer, of.match_id)
    if (own.body === body) return 'changed'
    if (!mayEdit(viewer, of, own)) return 'tooLate'
    await saveBody(own, body, goesOutLater(own) ? null : now())
    return 'changed'
  })
}

/** What was taken back: a message the other one may have read leaves a trace, one that was still to go out does not. */
export type Withdrawn = { unseen: string | undefined }

/** Takes a message back. Doing it twice is doing it once. */
export async function withdrawMessage(viewer: Viewer, at: At): Promise<Withdrawn> {
  return transaction(async () => {
    const of = await findThread(viewer, at.id, now())
    await lockForWriting(viewer, of.match_id)
    const own = await findMessage(viewer, of, at.message, now())
    if (own.author_id === viewer.participant?.id && own.body === null) return { unseen: undefined }
    if (!mayWithdraw(viewer, of, own)) throw forbidden('threads.rules.notYours')
    await saveWithdrawn(own, now())
    return { unseen: goesOutLater(own) ? (own.body ?? '') : undefined }
  })
}
