import createError from 'http-errors'
import { DatabaseError, UniqueConstraintError } from 'sequelize'
import { now } from '../../clock.ts'
import { transaction } from '../../db.ts'
import type { EndReason, Match } from '../../models/index.ts'
import { forbidden } from '../../web/errors.ts'
import { hasDuty, type System, type Viewer } from '../../web/viewer.ts'
import { record } from '../audit/index.ts'
import { settle, tell, tellDuty } from '../notifications/index.ts'
import { lockAcceptedPair } from '../people/index.ts'
import { recalculate } from '../progress/index.ts'
import type { AnswerForm, OfferForm, QuestionForm } from './forms.ts'
import {
  findOwnMatch,
  activateMatches,
  addOffer,
  addQuestion,
  answerQuestion,
  endPause,
  expireOffers,
  findPastPair,
  isReady,
  lockMatch,
  lockMatchesOf,
  lockOwnOffer,
  saveMatch,
  type LeavingRow,
  type MatchFactsRow,
  type MovedRow,
  type OwnMatchRow,
  READABLE_DAYS,
} from './queries.ts'

/** Pairing is the coordinator's. */
export function mayPair(viewer: Viewer): boolean {
  return hasDuty(viewer, 'coordinator')
}

/** Both have begun, and it is not over (4.7). */
export function isUnderWay({ state }: Pick<OwnMatchRow, 'state'>): boolean {
  return state === 'active' || state === 'paused' || state === 'closing'
}

/** It is readable if it ended after this. */
export function readableSince(): Date {
  return new Date(now().getTime() - READABLE_DAYS * DAY)
}

/** Whether what is shared in a match is readable now. */
export function isReadable({ ended_at: at }: Pick<OwnMatchRow, 'ended_at'>): boolean {
  return at === null || at > readableSince()
}

/** A match of the viewer's that both wanted, for as long as what is shared in it is readable. */
export async function findMatchToRead(viewer: Viewer, id: number): Promise<OwnMatchRow> {
  const match = await findOwnMatch(viewer, id)
  if (!isReadable(match)) throw createError(404)
  return match
}

/** In the first stage for longer than this, a pair may be stuck (R56). */
const STUCK_DAYS = 21

/** For how many days a pair has been in the first stage, if that is long enough to ask kindly how it goes (R56, R74). */
export function stuckFor(
  match: Pick<OwnMatchRow, 'state' | 'stage' | 'stage_since' | 'resumed_at'>,
): number | undefined {
  const { state, stage, stage_since: since, resumed_at: resumed } = match
  if (state !== 'active' || stage !== 1 || since === null) return undefined
  const days = Math.floor((now().getTime() - Math.max(since.getTime(), resumed?.getTime() ?? 0)) / DAY)
  return days > STUCK_DAYS ? days : undefined
}

/** What a coordinator is told of it: long in the first stage, or two low pulses of one of the two in a row (R56). */
export function mayBeStuck(
  match: Pick<MatchFactsRow, 'state' | 'stage' | 'stage_since' | 'resumed_at' | 'pulses_low'>,
): boolean {
  return stuckFor(match) !== undefined || (match.state === 'active' && match.pulses_low)
}

/** In how many days both have to answer an offer. */
export const OFFER_DAYS = 7
const DAY = 86_400_000

export type Offering =
  | { made: true; mentee: string; mentor: string }
  | { made: false; field: 'mentee' | 'mentor'; error: 'gone' | 'taken' | 'full' | 'notReady' }
  | { made: false; again: string }

/**
 * Offers a match to a mentee and a mentor of the viewer's programme. Changes nothing when one of them is not there, the
 * mentee has a mentor or an offer by now (a colleague, or a double click, was quicker), the mentor has no room, or the
 * two were a pair before and the coordinator has not said that they should be again.
 */
export async function offerMatch(viewer: Viewer, form: OfferForm, { again }: { again: boolean }): Promise<Offering> {
  if (!mayPair(viewer)) throw forbidden('matches.rules.notCoordinator')
  try {
    return await transaction(() => checkedOffer(viewer, form, again))
  } catch (error) {
    return refusalOf(error)
  }
}

async function checkedOffer(viewer: Viewer, form: OfferForm, again: boolean): Promise<Offering> {
  const { mentee, mentor } = await lockAcceptedPair(viewer, form)
  if (!mentee) return { made: false, field: 'mentee', error: 'gone' }
  if (!mentor) return { made: false, field: 'mentor', error: 'gone' }
  if (!(await isReady(viewer, mentee.id))) return { made: false, field: 'mentee', error: 'notReady' }
  const before = again ? undefined : await findPastPair(viewer, mentee.id, mentor.id)
  if (before !== undefined) return { made: false, again: before }
  const pair = { menteeId: mentee.id, mentorId: mentor.id, reason: form.reason }
  await makeOffer(viewer, pair)
  return { made: true, mentee: mentee.name ?? mentee.ref, mentor: mentor.name ?? mentor.ref }
}

async function makeOffer(
  viewer: Viewer,
  pair: { menteeId: number; mentorId: number; reason: string | undefined },
): Promise<void> {
  const at = now()
  await sayExpired(await expireOffers(viewer, at)) // an offer that has run out stands in nobody's way
  const expiresAt = new Date(at.getTime() + OFFER_DAYS * DAY)
  const match = await addOffer(viewer, { ...pair, reason: pair.reason ?? null, offeredAt: at, expiresAt })
  record(viewer, 'match.offered', subjectOf(match), { mentee: match.menteeId, mentor: match.mentorId })
  await tell({ id: match.programmeId }, [match.menteeId, match.mentorId], {
    kind: 'offer',
    subject: subjectOf(match),
    href: `/matches/${match.id}`,
    until: expiresAt,
  })
}

/** One open match for a mentee and room with a mentor are held by the database; it is asked, not guessed. */
function refusalOf(error: unknown): Offering {
  if (error instanceof UniqueConstraintError) return { made: false, field: 'mentee', error: 'taken' }
  const constraint = error instanceof DatabaseError ? (error.parent as { constraint?: string }).constraint : undefined
  if (constraint === 'participants_have_room') return { made: false, field: 'mentor', error: 'full' }
  throw error
}

/** What notifications about a match are known by. */
export function subjectOf({ id }: { id: number }): `match:${number}` {
  return `match:${id}`
}

/** Both answer an offer while it stands; a yes can still become a no. */
export function mayAnswer(match: OwnMatchRow): boolean {
  return match.state === 'offered' && match.expires_at !== null && match.expires_at > now()
}

export type Answered = 'waiting' | 'agreeing' | 'declined' | 'gone'

/** Says yes or no to an offer. Two yeses lead to the agreement, one no ends it: the other side is not told whose. */
export async function answerOffer(viewer: Viewer, id: number, form: AnswerForm): Promise<Answered> {
  return transaction(async (): Promise<Answered> => {
    const match = await lockOwnOffer(viewer, id)
    const at = now()
    if (match.state === 'agreeing' && form.answer === 'accepted') return 'agreeing' // a double click
    if (!isOpenOffer(match, at)) return 'gone'
    return takeAnswer(viewer, match, form, at)
  })
}

const isOpenOffer = ({ state, expiresAt }: Match, at: Date) =>
  state === 'offered' && expiresAt !== null && expiresAt > at

async function takeAnswer(viewer: Viewer, match: Match, { answer, note }: AnswerForm, at: Date): Promise<Answered> {
  const isMentor = viewer.participant?.id === match.mentorId
  const given = isMentor
    ? { mentorAnswer: answer, mentorAnsweredAt: at }
    : { menteeAnswer: answer, menteeAnsweredAt: at }
  if (answer === 'declined') return decline(viewer, match, { ...given, declineNote: note ?? null }, at)
  const other = isMentor ? match.menteeAnswer : match.mentorAnswer
  record(viewer, 'match.accepted', subjectOf(match))
  if (other === 'accepted') return agree(match, given)
  await saveMatch(match, given)
  await settle({ id: match.programmeId }, subjectOf(match), viewer.participant?.id)
  return 'waiting'
}

type Given = Partial<Match['dataValues']>

async function decline(viewer: Viewer, match: Match, given: Given, at: Date): Promise<Answered> {
  await saveMatch(match, { ...given, state: 'discarded', endedAt: at, endReason: 'declined' })
  record(viewer, 'match.declined', subjectOf(match))
  await endOffer(match, 'offerDeclined', viewer.participant?.id)
  return 'declined'
}

async function agree(match: Match, given: Given): Promise<Answered> {
  await saveMatch(match, { ...given, state: 'agreeing' })
  await settle({ id: match.programmeId }, subjectOf(match))
  await tell({ id: match.programmeId }, [match.menteeId, match.mentorId], {
    kind: 'offerAccepted',
    subject: subjectOf(match),
    href: `/matches/${match.id}/agreement`,
  })
  return 'agreeing'
}

/** Both sides learn that it is over, but for who knows, and the coordinators why; nobody has it waiting any more. */
async function endOffer(
  match: Pick<Match, 'id' | 'programmeId' | 'menteeId' | 'mentorId'>,
  kind: 'offerDeclined' | 'offerExpired' | undefined,
  knows?: number,
): Promise<void> {
  const programme = { id: match.programmeId }
  await settle(programme, subjectOf(match))
  const what = { subject: subjectOf(match), href: '/' }
  const others = [match.menteeId, match.mentorId].filter((id) => id !== knows)
  await tell(programme, others, { ...what, kind: 'offerGone' })
  if (kind) await tellDuty(programme, 'coordinator', { ...what, kind, href: `/admin/matches/${match.id}` })
}

/** Asks the coordinator something about an offer, before answering it. */
export async function askAboutOffer(viewer: Viewer, id: number, form: QuestionForm): Promise<'asked' | 'gone'> {
  return transaction(async () => {
    const match = await lockOwnOffer(viewer, id)
    const at = now()
    if (!isOpenOffer(match, at)) return 'gone'
    if (await addQuestion(match, viewer, { formKey: form._key, question: form.question }, at))
      await tellDuty({ id: match.programmeId }, 'coordinator', {
        kind: 'offerQuestion',
        subject: subjectOf(match),
        href: `/admin/matches/${match.id}`,
      })
    return 'asked'
  })
}

/** The coordinator answers; the one who asked reads it, the other side does not. */
export async function replyToQuestion(
  viewer: Viewer,
  { id, question }: { id: number; question: number },
  text: string,
): Promise<'answered' | 'already' | 'gone'> {
  return transaction(async () => {
    const match = await lockMatch(viewer, id)
    if (match.state === 'discarded') return 'gone' // who asked has no page to read it on any more
    const asker = await answerQuestion(match, viewer, { id: question, text }, now())
    if (asker === undefined) return 'already'
    await tell({ id: match.programmeId }, [asker], {
      kind: 'offerAnswer',
      subject: subjectOf(match),
      href: `/matches/${match.id}`,
      until: match.expiresAt ?? undefined,
    })
    return 'answered'
  })
}

/** The coordinator takes an offer back, or a match that has not begun. */
export async function takeBack(viewer: Viewer, id: number): Promise<'taken_back' | 'begun'> {
  return transaction(async () => {
    const match = await lockMatch(viewer, id)
    if (match.state === 'discarded') return 'taken_back'
    if (match.state !== 'offered' && match.state !== 'agreeing') return 'begun'
    record(viewer, 'match.takenBack', subjectOf(match), { from: match.state, to: 'discarded' })
    await saveMatch(match, { state: 'discarded', endedAt: now(), endReason: 'taken_back' })
    await endOffer(match, undefined)
    return 'taken_back'
  })
}

/**
 * Somebody leaves: what has not begun is over, and what has begun comes to its end (4.3). In the transaction that lets
 * them go. Their partners are told that it is over, not why.
 */
export async function leaveMatches(participant: LeavingRow): Promise<void> {
  const at = now()
  for (const match of await lockMatchesOf(participant)) {
    const begun = match.state !== 'offered' && match.state !== 'agreeing'
    const facts = { from: match.state, to: begun ? 'closing' : 'discarded' }
    record({ id: match.programmeId }, 'match.left', subjectOf(match), facts)
    if (begun) await closeSoon(match, `${participant.role}_withdrew`, at)
    else await saveMatch(match, { state: 'discarded', endedAt: at, endReason: `${participant.role}_withdrew` })
    if (begun) {
      const partner = participant.role === 'mentor' ? match.menteeId : match.mentorId
      await tell({ id: match.programmeId }, [partner], { kind: 'partnerLeft', subject: subjectOf(match), href: '/' })
    } else await endOffer(match, undefined)
  }
}

/** For so many days a pair that comes to its end has time for a last talk (R91). */
const CLOSING_DAYS = 14

/**
 * A match that has begun comes to its end. What ends already keeps its day, and a pause is over. Whoever calls it tells
 * the two.
 */
export async function closeSoon(match: Match, reason: EndReason, at: Date): Promise<void> {
  await endPause(match, at)
  const until = match.closingUntil ?? new Date(at.getTime() + CLOSING_DAYS * DAY)
  await saveMatch(match, {
    state: 'closing',
    closingAt: match.closingAt ?? at,
    closingUntil: until,
    closingReason: match.closingReason ?? reason,
  })
}

/** What happens by itself: offers run out, and pairs begin whose agreement is in force and whose mentor is trained. */
export async function moveMatchesOn(as: System): Promise<undefined> {
  await transaction(async () => {
    const at = now()
    await sayExpired(await expireOffers(as, at))
    await sayActive(await activateMatches(as, at))
  })
}

/** Begins this match, in the transaction that signed it, if nothing else is missing. */
export async function activateIfReady(match: Match): Promise<boolean> {
  const moved = await activateMatches(match, now())
  await sayActive(moved)
  return moved.length > 0
}

async function sayExpired(moved: readonly MovedRow[]): Promise<void> {
  for (const row of moved) {
    record({ id: row.programme_id }, 'match.expired', subjectOf(row))
    await endOffer(fromRow(row), 'offerExpired')
  }
}

async function sayActive(moved: readonly MovedRow[]): Promise<void> {
  for (const row of moved) {
    const match = fromRow(row)
    const programme = { id: match.programmeId }
    record(programme, 'match.begun', subjectOf(match))
    await settle(programme, subjectOf(match))
    await tell(programme, [match.menteeId, match.mentorId], {
      kind: 'matchActive',
      subject: subjectOf(match),
      href: '/',
    })
    await recalculate(match)
  }
}

function fromRow({ id, programme_id, mentor_id, mentee_id }: MovedRow) {
  return { id, programmeId: programme_id, mentorId: mentor_id, menteeId: mentee_id }
}
