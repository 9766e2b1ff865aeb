import { addDays, dayIn, instantIn, isWithin, now, timeIn } from '../../clock.ts'
import { transaction } from '../../db.ts'
import { draftOf, dropDraft, keepDraft } from '../../web/drafts.ts'
import type { Match } from '../../models/index.ts'
import { forbidden } from '../../web/errors.ts'
import type { TextKey } from '../../web/i18n.ts'
import { timeZoneOf, type System, type Viewer } from '../../web/viewer.ts'
import { listContent } from '../content/index.ts'
import { isUnderWay, lockOwnMatch } from '../matches/index.ts'
import type { EditForm, Kind, Message, ThreadForm } from './forms.ts'
import {
  addThread,
  claimDueMessages,
  findMessage,
  findQuestionOf,
  findRoom,
  findThread,
  holdThread,
  listMessages,
  markRead,
  openAnswers,
  saveBody,
  saveNoted,
  saveWithdrawn,
  sendMessage,
  tellOfMessage,
  wasSent,
  type MessagePage,
  type OwnMessageRow,
  type Place,
  type RoomRow,
  type ThreadRow,
} from './queries.ts'

/** The two write to each other from the day on which their match began, while it lasts. */
export function mayWrite(of: Pick<RoomRow, 'state' | 'messages_paused'>): boolean {
  return isUnderWay(of) && !of.messages_paused
}

/** Why nobody of the two writes now. */
export function closedBecause(of: Pick<RoomRow, 'state' | 'messages_paused'>): 'notYet' | 'paused' | 'ended' {
  if (of.state === 'agreeing') return 'notYet'
  return isUnderWay(of) ? 'paused' : 'ended'
}

/** To a question for both, each gives one answer; when both have, they can go on talking. */
export function mayAnswerNow(of: ThreadRow): boolean {
  return mayWrite(of) && (of.is_open || !of.own_answered)
}

/** A mentor gives feedback and signposts, where the two talk: not among the answers to a question for both (R80, R116). */
export function mayGive(of: ThreadRow): boolean {
  return of.role === 'mentee' && mayWrite(of) && of.is_open
}

/** The mentee says if a signpost was useful, while the match lasts. */
export function maySayUseful(of: RoomRow): boolean {
  return of.role === 'mentor' && mayWrite(of)
}

/** Feedback ends with a question, so that the mentee has the last word (R128). In any script. */
export function endsWithQuestion(text: string): boolean {
  return /[?？؟;՞]["'”’»)\]*_\s]*$/u.test(text)
}

/** A topic of the viewer's own match in which they may write. @throws 403 before it has begun, and after its end */
export async function findThreadToWriteIn(viewer: Viewer, id: number): Promise<ThreadRow> {
  return forWriting(await findThread(viewer, id, now()))
}

function forWriting(of: ThreadRow): ThreadRow {
  if (!mayWrite(of)) throw forbidden(`threads.rules.${closedBecause(of)}`)
  return of
}

/** A topic of the viewer's mentee. @throws 403 to the mentee, and in a question that waits for both answers */
export async function findThreadToGiveIn(viewer: Viewer, id: number, quote?: number): Promise<ThreadRow> {
  return forGiving(await findThread(viewer, id, now(), quote))
}

function forGiving(of: ThreadRow): ThreadRow {
  if (of.role !== 'mentee') throw forbidden('threads.rules.mentors')
  if (!mayWrite(of)) throw forbidden(`threads.rules.${closedBecause(of)}`)
  if (!mayGive(of)) throw forbidden('threads.rules.question')
  return of
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
export type Refused = { sent: false; field: string; error: TextKey } | { sent: false; hint: Hint }
/** `added` is the number of a message that is new: the same form sent twice adds nothing the second time. */
export type Sent = { sent: 'now' | 'later'; of: ThreadRow; added?: number | undefined } | Refused

/** `draft` is the address of the form that it was written in, when what is kept there is used up with it. */
type Written = Omit<Message, 'quote'> & { kind?: Kind; draft?: string }

/** The notice comes before the first message, and the hint before one with a number or an address in it. */
function refusalOf(of: RoomRow, { body, noted, _anyway }: Written): Refused | undefined {
  if (!of.noted && noted === undefined) return { sent: false, field: 'noted', error: 'threads.errors.noted' }
  const hint = _anyway === undefined ? hintFor(of, body) : undefined
  return hint && { sent: false, hint }
}

/** What a write to somebody's own match begins with: the match, held, in a state in which the two write. */
async function lockForWriting(viewer: Viewer, matchId: number): Promise<Match> {
  const match = await lockOwnMatch(viewer, matchId)
  const of = { state: match.state, messages_paused: match.messagesPausedAt !== null }
  if (!mayWrite(of)) throw forbidden(`threads.rules.${closedBecause(of)}`)
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
    return write(viewer, await findThread(viewer, threadId, now()), form)
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
export async function postMessage(viewer: Viewer, threadId: number, form: Message, kind: Kind = 'text'): Promise<Sent> {
  return transaction(async (): Promise<Sent> => {
    const found = await findThreadNow(viewer, threadId, form.quote)
    const of = kind === 'text' ? forWriting(found) : forGiving(found)
    const draft = placeOf(of, kind).form
    return refusalOf(of, form) ?? (await write(viewer, of, { ...form, kind, draft }))
  })
}

/** A topic as it is now, held. */
async function findThreadNow(viewer: Viewer, id: number, quote: number | undefined): Promise<ThreadRow> {
  const held = await holdThread(viewer, id, now(), quote)
  return held.is_open ? held : findThread(viewer, id, now(), quote)
}

async function write(viewer: Viewer, of: ThreadRow, form: Written): Promise<Sent> {
  if (!mayAnswerNow(of)) return answeredBefore(viewer, of, form._key)
  const at = now()
  if (!of.noted) await saveNoted(viewer, of, at)
  const later = form._act === 'later' && of.is_open ? nextMorning(viewer) : undefined
  const message = { ...messageOf(of, form), later }
  const added = await sendMessage(viewer, of, message, { at, day: dayIn(timeZoneOf(viewer), at) })
  if (!of.is_open) await openAnswers(of, at)
  return { sent: later ? 'later' : 'now', of, added }
}

function messageOf({ quoted }: ThreadRow, { _key: formKey, body, kind = 'text', draft }: Written) {
  return { formKey, body, kind, draft, quoteId: quoted?.id }
}

/** Of a double click the answer is there; another text is given back to its writer, not lost. */
async function answeredBefore(viewer: Viewer, of: ThreadRow, formKey: string): Promise<Sent> {
  if (await wasSent(viewer, formKey)) return { sent: 'now', of }
  return { sent: false, field: 'body', error: 'threads.errors.answered' }
}

/** Tells people of messages whose time has come. */
export async function tellDueMessages(as: System): Promise<undefined> {
  await transaction(async () => {
    const at = now()
    for (const row of await claimDueMessages(as, at)) await tellOfMessage(row, at)
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
  if (!may(viewer, of, own))
    throw forbidden(mayWrite(of) ? 'threads.rules.notYours' : `threads.rules.${closedBecause(of)}`)
  return { of, own }
}

/** Changes a message within its fifteen minutes; later, it says so and the words can be sent as a new one. */
export async function changeMessage(
  viewer: Viewer,
  at: At,
  { body }: EditForm,
): Promise<'changed' | 'tooLate' | 'noQuestion'> {
  return transaction(async () => {
    const { of, own } = await findOwnMessage(viewer, at, mayWithdraw)
    await lockForWriting(viewer, of.match_id)
    if (own.body === body) return 'changed'
    if (!mayEdit(viewer, of, own)) return 'tooLate'
    if (own.kind === 'feedback' && !endsWithQuestion(body)) return 'noQuestion'
    await saveBody(own, body, goesOutLater(own) ? null : now())
    return 'changed'
  })
}

/** What was taken back: a message the other one may have read leaves a trace, one that was still to go out does not. */
export type Withdrawn = { unseen: OwnMessageRow | undefined }

/** Takes a message back. Doing it twice is doing it once. */
export async function withdrawMessage(viewer: Viewer, at: At): Promise<Withdrawn> {
  return transaction(async () => {
    const of = await findThread(viewer, at.id, now())
    await lockForWriting(viewer, of.match_id)
    const own = await findMessage(viewer, of, at.message, now())
    if (own.author_id === viewer.participant?.id && own.body === null) return { unseen: undefined }
    if (!mayWithdraw(viewer, of, own)) throw forbidden('threads.rules.notYours')
    await saveWithdrawn(own, now())
    return { unseen: goesOutLater(own) ? own : undefined }
  })
}

/** Where a message of a kind is sent to, which names its draft, and the page it is written on. */
export function placeOf({ id }: { id: number }, kind: Kind): { form: string; page: string } {
  const href = `/threads/${id}`
  return kind === 'text'
    ? { form: `${href}/messages`, page: href }
    : { form: `${href}/${kind}`, page: `${href}/${kind}` }
}

type Draft = Partial<Record<string, string>>

/** Puts words into the box for a kind of message, before what is kept there already. Returns where that box is. */
async function putInto(viewer: Viewer, of: { id: number }, kind: Kind, words: Draft): Promise<string> {
  const { form, page } = placeOf(of, kind)
  const { values } = await draftOf<Record<string, string>>(viewer, form)
  const body = [words['body'], values['body']].filter((text) => text).join('\n\n')
  await keepDraft(viewer.personId, form, { ...values, ...words, body })
  return page
}

/** Words that nobody has seen go back into the box that they came from. Returns where that is. */
export async function giveBack(viewer: Viewer, own: OwnMessageRow): Promise<string> {
  const entry = own.signpost && { entry: own.signpost.key }
  return putInto(viewer, { id: own.thread_id }, own.kind, { body: own.body ?? '', ...entry })
}

/** What moves, and what is as it was when a form is opened anew. */
const MOVES = ['body', 'quote', 'noted', 'question']

/**
 * Takes what is kept for one kind of message along to another: the words, and what they answer. The rest, such as a
 * chosen service, stays where it is. Returns where the other box is.
 */
export async function takeAlong(viewer: Viewer, of: ThreadRow, from: Kind, to: Kind): Promise<string> {
  const { form } = placeOf(of, from)
  const values = (await draftOf<Record<string, string>>(viewer, form)).values as Record<string, string>
  const { body = '', quote } = values
  if (body !== '' || quote) await putInto(viewer, of, to, { body, ...(quote && { quote }) })
  const rest = Object.entries(values).filter(([name, text]) => !MOVES.includes(name) && text !== '')
  if (rest.length > 0) await keepDraft(viewer.personId, form, Object.fromEntries(rest))
  else await dropDraft(viewer, form)
  return placeOf(of, to).page
}
