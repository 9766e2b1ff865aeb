import createError from 'http-errors'
import { addDays, dayIn, now } from '../../clock.ts'
import { transaction } from '../../db.ts'
import type { EndReason, Match } from '../../models/index.ts'
import type { TextKey } from '../../web/i18n.ts'
import { timeZoneOf, type Role, type System, type Viewer } from '../../web/viewer.ts'
import { record } from '../audit/index.ts'
import {
  READABLE_DAYS,
  addPause,
  closeSoon,
  endPause,
  findMatchToRead,
  lockAnyMatch,
  lockMatch,
  lockOwnMatch,
  saveMatch,
  type MatchRow,
  type OwnMatchRow,
} from '../matches/index.ts'
import { settle, tell } from '../notifications/index.ts'
import { recalculate } from '../progress/index.ts'
import type { EndingForm, ExtensionForm, PauseForm } from './forms.ts'
import { findDue, hasLastTalk, listDue, type DueRow } from './queries.ts'

/** A match rests for so many days at most (4.7). */
export const PAUSE_DAYS = 42
/** After so many days a mentee may be ready for somebody else; it is for the coordinator to say (4.7). */
export const BUFFER_DAYS = 14

/** Only what goes on can rest. */
export const mayPause = ({ state }: Pick<OwnMatchRow, 'state'>): boolean => state === 'active'
/** What rests goes on as soon as one of the two, or the coordinator, says so. */
export const mayResume = ({ state }: Pick<OwnMatchRow, 'state'>): boolean => state === 'paused'
/** The planned end is moved while it lies ahead. */
export const mayExtend = ({ state }: Pick<OwnMatchRow, 'state'>): boolean => state === 'active' || state === 'paused'
/** What has begun can come to its end; what ends already can be over at once. */
export const mayEnd = ({ state }: Pick<OwnMatchRow, 'state'>): boolean =>
  state === 'active' || state === 'paused' || state === 'closing'
/** After the end of a match a coordinator says that its mentee can be matched anew. */
export const maySayReady = ({ state, ready_at }: Pick<MatchRow, 'state' | 'ready_at'>): boolean =>
  state === 'closed' && ready_at === null

/** A match of the viewer's that has begun, as long as it is readable. */
export async function findBegunMatch(viewer: Viewer, id: number): Promise<OwnMatchRow> {
  const match = await findMatchToRead(viewer, id)
  if (match.active_at === null) throw createError(404)
  return match
}

/** Until when the two can read what they shared. */
export function readableUntil({ ended_at: at }: Pick<OwnMatchRow, 'ended_at'>, viewer: Viewer): string | undefined {
  return at ? addDays(dayIn(timeZoneOf(viewer), at), READABLE_DAYS) : undefined
}

type Act = (viewer: Viewer, id: number) => Promise<Match>
/** The match is the viewer's own, or one that they coordinate; it has begun. */
const own: Act = async (viewer, id) => begun(await lockOwnMatch(viewer, id))
const coordinated: Act = async (viewer, id) => begun(await lockMatch(viewer, id))
function begun(match: Match): Match {
  if (match.activeAt === null) throw createError(404)
  return match
}

export type Refused<Field extends string> = { field: Field; error: TextKey }
export type Paused = 'paused' | 'notNow' | Refused<'until'>

/** One of the two lets their match rest until a day, six weeks ahead at most; the other is told. */
export const pauseOwn = (viewer: Viewer, id: number, form: PauseForm) => pause(own, viewer, id, form)
/** The coordinator does; both are told. */
export const pauseFor = (viewer: Viewer, id: number, form: PauseForm) => pause(coordinated, viewer, id, form)

async function pause(find: Act, viewer: Viewer, id: number, { until }: PauseForm): Promise<Paused> {
  return transaction(async (): Promise<Paused> => {
    const match = await find(viewer, id)
    if (match.state === 'paused') return 'paused' // a double click, or the other one was quicker
    if (!mayPause(match)) return 'notNow'
    const error = pauseError(viewer, until)
    if (error) return { field: 'until', error }
    await saveMatch(match, { state: 'paused' })
    await addPause(match, sideOf(viewer, match), { at: now(), until })
    record(viewer, 'match.paused', `match:${id}`, { until })
    await tellPair(match, 'matchPaused', viewer)
    return 'paused'
  })
}

function pauseError(viewer: Viewer, until: string): TextKey | undefined {
  const today = dayIn(timeZoneOf(viewer), now())
  if (until <= today) return 'endings.errors.untilPast'
  return until > addDays(today, PAUSE_DAYS) ? 'endings.errors.untilLong' : undefined
}

function sideOf({ participant }: Viewer, { mentorId, menteeId }: Match): Role | 'coordinator' {
  if (participant?.id === mentorId) return 'mentor'
  return participant?.id === menteeId ? 'mentee' : 'coordinator'
}

/** It goes on before its day. */
export const resumeOwn = (viewer: Viewer, id: number) => resume(own, viewer, id)
export const resumeFor = (viewer: Viewer, id: number) => resume(coordinated, viewer, id)

async function resume(find: Act, viewer: Viewer, id: number): Promise<'resumed' | 'notNow'> {
  return transaction(async () => {
    const match = await find(viewer, id)
    if (match.state === 'active') return 'resumed'
    if (!mayResume(match)) return 'notNow'
    await goOn(match, viewer)
    return 'resumed'
  })
}

async function goOn(match: Match, by: Viewer | undefined): Promise<void> {
  await endPause(match, now())
  await saveMatch(match, { state: 'active', resumedAt: now() })
  record(by ?? programmeOf(match), 'match.resumed', `match:${match.id}`)
  await tellPair(match, 'matchResumed', by)
}

const programmeOf = ({ programmeId }: Match) => ({ id: programmeId })

/** Whoever of the two did not do it themselves. One line takes the place of what they were told before. */
async function tellPair(match: Match, kind: string, by: Viewer | undefined): Promise<void> {
  const others = [match.menteeId, match.mentorId].filter((id) => id !== by?.participant?.id)
  const subject = `ending:${match.id}`
  await settle(programmeOf(match), subject)
  await tell(programmeOf(match), others, { kind, subject, href: `/matches/${match.id}/ending` })
}

/** The coordinator moves the day on which a match is meant to end. Both are told. */
export async function extend(
  viewer: Viewer,
  id: number,
  { plannedEndOn }: ExtensionForm,
): Promise<'extended' | 'notNow' | Refused<'plannedEndOn'>> {
  return transaction(async () => {
    const match = await coordinated(viewer, id)
    if (!mayExtend(match)) return 'notNow'
    if (plannedEndOn < dayIn(timeZoneOf(viewer), now()))
      return { field: 'plannedEndOn', error: 'endings.errors.plannedEndPast' } as const
    if (match.plannedEndOn === plannedEndOn) return 'extended'
    await saveMatch(match, { plannedEndOn })
    record(viewer, 'match.extended', `match:${id}`, { until: plannedEndOn })
    await tellPair(match, 'matchExtended', viewer)
    return 'extended'
  })
}

/**
 * The coordinator ends a match: from now there are two weeks for a last talk, or it is over at once (R90, R91). What has to
 * do with safety is over at once. The two are told that it ends, and why only where nothing
 * went wrong.
 */
export async function end(viewer: Viewer, id: number, form: EndingForm): Promise<'closing' | 'closed' | 'notNow'> {
  return transaction(async () => {
    const match = await coordinated(viewer, id)
    return endMatch(viewer, match, form)
  })
}

/** The same for a match that is held. */
export async function endMatch(
  viewer: Viewer,
  match: Match,
  { reason, when, note }: EndingForm,
): Promise<'closing' | 'closed' | 'notNow'> {
  if (!mayEnd(match)) return 'notNow'
  const isOver = when === 'now' || reason === 'safeguarding'
  if (!isOver && match.state === 'closing') return 'closing'
  if (note !== undefined) await saveMatch(match, { endNote: note })
  if (isOver) await close(match, reason, viewer)
  else await beginClosing(match, reason, viewer)
  return isOver ? 'closed' : 'closing'
}

async function beginClosing(match: Match, reason: EndReason, by: Viewer | undefined): Promise<void> {
  await closeSoon(match, reason, now())
  record(by ?? programmeOf(match), 'match.closing', `match:${match.id}`, { reason })
  await tellPair(match, 'matchClosing', by)
}

async function close(match: Match, reason: EndReason, by: Viewer | undefined): Promise<void> {
  await endPause(match, now())
  await saveMatch(match, { state: 'closed', endedAt: now(), endReason: reason })
  record(by ?? programmeOf(match), 'match.closed', `match:${match.id}`, { reason })
  await tellPair(match, 'matchClosed', by)
  await recalculate(match) // it may count no longer for the mentor
}

/** While a match ends, either of the two can say that their last talk is over, once it is written down; then it is closed. */
export async function finish(viewer: Viewer, id: number): Promise<'closed' | 'notNow'> {
  return transaction(async () => {
    const match = await own(viewer, id)
    if (match.state === 'closed') return 'closed'
    const { state, closingReason: reason } = match
    if (state !== 'closing' || !reason || !(await hasLastTalk(match))) return 'notNow'
    await close(match, reason, viewer)
    return 'closed'
  })
}

/** The coordinator says that the mentee of a match that is over can be matched anew. */
export async function sayReady(viewer: Viewer, id: number): Promise<'ready' | 'notNow'> {
  return transaction(async () => {
    const match = await coordinated(viewer, id)
    if (match.state !== 'closed') return 'notNow'
    if (match.readyAt !== null) return 'ready'
    await saveMatch(match, { readyAt: now() })
    record(viewer, 'match.ready', `match:${id}`)
    return 'ready'
  })
}

/** What happens by itself: pauses are over, matches come to their planned end, and what was ending is closed. */
export async function moveEndingsOn(as: System): Promise<undefined> {
  for (const { id } of await listDue(as, now()))
    await transaction(async () => {
      const match = await lockAnyMatch(as, id)
      const due = await findDue(match, now()) // again: it may have changed until we held the match
      if (due) await moveOn(match, due)
    })
}

async function moveOn(match: Match, { what, reason }: DueRow): Promise<void> {
  if (what === 'resume') await goOn(match, undefined)
  else if (what === 'end') await beginClosing(match, reason, undefined)
  else await close(match, match.closingReason ?? reason, undefined)
}
