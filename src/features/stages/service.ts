import createError from 'http-errors'
import { defaults, type ContentEntry } from '../../../config/content.ts'
import { addDays, dayIn, now } from '../../clock.ts'
import { transaction } from '../../db.ts'
import type { Match } from '../../models/index.ts'
import { forbidden } from '../../web/errors.ts'
import { timeZoneOf, type Role, type Viewer } from '../../web/viewer.ts'
import { listContent, listTextsOf } from '../content/index.ts'
import { isUnderWay, lockOwnMatch, saveFigures, type OwnMatchRow } from '../matches/index.ts'
import { settle, tell } from '../notifications/index.ts'
import { recalculate } from '../progress/index.ts'
import type { Verdict } from './forms.ts'
import {
  hasAgreement,
  listItems,
  listStages,
  saveDone,
  saveReady,
  saveReopened,
  saveSkipped,
  saveVerdict,
  type ItemRow,
  type StageRow,
} from './queries.ts'

export type StageItem = ContentEntry<'stageItems'>
/** What the two do elsewhere in Signpost, and what ticks an item by itself. */
export type Act = NonNullable<StageItem['doneBy']>
const PLAN: readonly Act[] = ['wants', 'task', 'goals', 'decision']
/** The acts that there are; the others are ticked by hand until they can be done here. */
export const ACTS: readonly Act[] = ['agreement', 'audit', 'logEntry', 'shadowing', 'signpost', ...PLAN]
const ROLES: readonly Role[] = ['mentee', 'mentor']
const LAST_STAGE = 3

/** Both say how far they are while it lasts (4.7). */
export function maySay(match: Pick<OwnMatchRow, 'state'>): boolean {
  return isUnderWay(match)
}

/** An item that everybody does is ticked by the act itself, where there is one; anything else also by hand. */
export function isByAct({ kind, doneBy }: Pick<StageItem, 'kind' | 'doneBy'>): boolean {
  return kind === 'required' && doneBy !== undefined && ACTS.includes(doneBy)
}

/** Who has something to say of an item. */
export function sidesOf({ by }: Pick<StageItem, 'by'>): readonly Role[] {
  return by === 'both' ? ROLES : [by]
}

/** An item of which everybody must say something else than no: only some may be put aside (R97). */
export function mayPutAside({ kind, optOut }: Pick<StageItem, 'kind' | 'optOut'>): boolean {
  return kind !== 'required' || optOut === true
}

/** What the two say of an item. */
export type Said = { mentee: Saying; mentor: Saying }
type Saying = { verdict: Verdict | null; at: Date | null }

/** What each of the two says of an item; of the agreement, that it is signed. */
export function saidOf(item: StageItem, row: ItemRow = NOTHING, inForce: boolean): Said {
  if (item.doneBy === 'agreement' && inForce) return SIGNED
  return {
    mentee: { verdict: row.mentee_verdict, at: row.mentee_at },
    mentor: { verdict: row.mentor_verdict, at: row.mentor_at },
  }
}

const NOTHING: ItemRow = { item_key: '', mentee_verdict: null, mentee_at: null, mentor_verdict: null, mentor_at: null }
const SIGNED: Said = { mentee: { verdict: 'talked', at: null }, mentor: { verdict: 'talked', at: null } }

/** Both have talked about it, or whoever it is for has done it; where it may be put aside, that settles it too. */
export function isMet(item: StageItem, said: Said): boolean {
  return sidesOf(item).every((role) => {
    const { verdict } = said[role]
    return verdict === 'talked' || (verdict === 'not_for_us' && mayPutAside(item))
  })
}

/** What a stage needs, without whoever asks: a programme changes words, never what counts. */
const REQUIRED: readonly StageItem[] = defaults.stageItems.filter(({ kind }) => kind === 'required')

/** A stage is done when both are ready and what everybody does is done (4.7). Takes what the two said of its items. */
export function isDone(stage: number, state: StageRow | undefined, met: (item: StageItem) => boolean): boolean {
  if (!state?.mentee_ready_at || !state.mentor_ready_at) return false
  return REQUIRED.filter((item) => item.stage === stage).every(met)
}

/** Where a pair goes when a stage is done: to the first that is neither done nor left out; at the end, nowhere. */
export function stageAfter(done: readonly number[]): number {
  return [1, 2, 3].find((stage) => !done.includes(stage)) ?? LAST_STAGE
}

export type StageNames = readonly ContentEntry<'stages'>[]
export type Facts = { states: StageRow[]; items: ItemRow[]; names: StageNames; content: StageItem[] }

/** All that the stages of the viewer's match hold, in the programme's words. */
export async function readStages(viewer: Viewer, match: OwnMatchRow): Promise<Facts> {
  const texts = await listTextsOf(viewer, ['stages', 'stageItems'])
  const said = { states: await listStages(match), items: await listItems(match) }
  return { ...said, names: texts.stages, content: texts.stageItems }
}

export type Moved = 'said' | 'moved'

/** One of the two says how an item stands; saying it twice is saying it once. */
export async function sayOf(
  viewer: Viewer,
  { matchId, stage, key }: { matchId: number; stage: number; key: string },
  verdict: Verdict | 'open',
): Promise<Moved> {
  const item = (await listContent(viewer, 'stageItems')).find((one) => one.key === key && one.stage === stage)
  if (!item) throw createError(404)
  return transaction(async () => {
    const { match, role } = await lockToSay(viewer, matchId)
    if (!sidesOf(item).includes(role)) throw forbidden('stages.rules.other')
    if (verdict === 'not_for_us' && !mayPutAside(item)) throw forbidden('stages.rules.required')
    if (verdict === 'talked' && isByAct(item)) throw forbidden('stages.rules.byAct')
    await saveVerdict(match, role, { keys: [key], verdict: verdict === 'open' ? null : verdict }, now())
    return moveOnIfDone(match)
  })
}

async function lockToSay(viewer: Viewer, matchId: number): Promise<{ match: Match; role: Role }> {
  const match = await lockOwnMatch(viewer, matchId)
  if (!maySay(match)) throw forbidden(match.activeAt ? 'stages.rules.ended' : 'stages.rules.notYet')
  return { match, role: roleIn(viewer, match) }
}

const roleIn = (viewer: Viewer, { mentorId }: Match): Role =>
  viewer.participant?.id === mentorId ? 'mentor' : 'mentee'

/** Moves a pair on when its stage is done, and tells both. Call it in the transaction of whatever may have done that. */
async function moveOnIfDone(match: Match): Promise<Moved> {
  const { stage } = match
  if (match.stagesDone.includes(stage)) return 'said'
  const states = await listStages(match)
  const state = states.find((one) => one.stage === stage)
  const rows = new Map((await listItems(match)).map((row) => [row.item_key, row]))
  const inForce = await hasAgreement(match)
  if (!isDone(stage, state, (item) => isMet(item, saidOf(item, rows.get(item.key), inForce)))) return 'said'
  await saveDone(match, stage, now())
  const leftOut = states.filter(({ skipped_at: skipped }) => skipped !== null).map((one) => one.stage)
  await goOn(match, [...match.stagesDone, stage].sort(), leftOut)
  return 'moved'
}

async function goOn(match: Match, stagesDone: number[], leftOut: readonly number[]): Promise<void> {
  const stage = stageAfter([...stagesDone, ...leftOut])
  await saveFigures(match, { stagesDone, stage, stageSince: now() })
  await recalculate(match)
  await tellBoth(match, stagesDone.includes(stage) ? 'stagesDone' : 'stageMoved')
}

const subjectOf = ({ id }: Match) => `stage:${id}`
const hrefOf = ({ id, stage }: Match) => `/matches/${id}/stages/${stage}`

async function tellBoth(match: Match, kind: string): Promise<void> {
  await settle({ id: match.programmeId }, subjectOf(match))
  const both = [match.menteeId, match.mentorId]
  await tell({ id: match.programmeId }, both, { kind, subject: subjectOf(match), href: hrefOf(match) })
}

async function tellOther(match: Match, role: Role, kind: string): Promise<void> {
  const other = role === 'mentor' ? match.menteeId : match.mentorId
  await tell({ id: match.programmeId }, [other], { kind, subject: subjectOf(match), href: hrefOf(match) })
}

/** One of the two is ready to move on, or not any more. When both are, and all is done, they move on. */
export async function sayReady(
  viewer: Viewer,
  { matchId, stage }: { matchId: number; stage: number },
  ready: boolean,
): Promise<Moved | 'elsewhere'> {
  return transaction(async () => {
    const { match, role } = await lockToSay(viewer, matchId)
    if (match.stage !== stage || match.stagesDone.includes(stage)) return 'elsewhere' // the other one was quicker
    if (!(await saveReady(match, role, stage, ready ? now() : null))) return 'said'
    const moved = await moveOnIfDone(match)
    if (moved === 'said' && ready) await tellOther(match, role, 'stageReady')
    else if (!ready) await settle({ id: match.programmeId }, subjectOf(match), partnerOf(match, role))
    return moved
  })
}

const partnerOf = (match: Match, role: Role) => (role === 'mentor' ? match.menteeId : match.mentorId)

/** Either goes back to a stage that is done, and says in a line why (4.7). What was done after it stays done. */
export async function reopenStage(
  viewer: Viewer,
  { matchId, stage }: { matchId: number; stage: number },
  line: string,
): Promise<void> {
  await transaction(async () => {
    const { match, role } = await lockToSay(viewer, matchId)
    const state = (await listStages(match)).find((one) => one.stage === stage)
    if (!isReopenable(state)) return // a double click
    const at = now()
    await saveReopened(match, stage, { by: role, line }, at)
    await saveFigures(match, { stage, stageSince: at, stagesDone: match.stagesDone.filter((one) => one !== stage) })
    await recalculate(match)
    await settle({ id: match.programmeId }, subjectOf(match))
    await tellOther(match, role, 'stageReopened')
  })
}

/** A stage that is done, or was left out, can be opened again. */
export function isReopenable(state: StageRow | undefined): state is StageRow {
  return state !== undefined && (state.done_at !== null || state.skipped_at !== null)
}

/** The last stage begins early when a match comes to its end: what is not done by then is left out (4.7). */
export function mayStartLast({ state, stage }: Pick<OwnMatchRow, 'state' | 'stage'>): boolean {
  return state === 'closing' && stage < LAST_STAGE
}

/** Begins the last stage of a match that comes to its end. Doing it twice is doing it once. */
export async function startLastStage(viewer: Viewer, matchId: number): Promise<void> {
  await transaction(async () => {
    const { match } = await lockToSay(viewer, matchId)
    if (match.stage === LAST_STAGE) return
    if (!mayStartLast(match)) throw forbidden('stages.rules.inOrder')
    const at = now()
    await saveSkipped(match, LAST_STAGE - 1, at)
    await saveFigures(match, { stage: LAST_STAGE, stageSince: at })
    await tellBoth(match, 'stageMoved')
  })
}

/**
 * Ticks the items that an act of the two does, in the transaction of that act, for one side or for both; an entry of the
 * log book those of its own stage. Items that were put aside by hand stay so.
 */
export async function tickByAct(match: Match, act: Act, who: Role | 'both', stage?: number): Promise<void> {
  const done = defaults.stageItems.filter(
    (item) => item.doneBy === act && (stage === undefined || item.stage === stage),
  )
  await tick(match, done, who === 'both' ? ROLES : [who])
}

async function tick(match: Match, items: readonly StageItem[], roles: readonly Role[]): Promise<void> {
  const rows = new Map((await listItems(match)).map((row) => [row.item_key, row]))
  for (const role of roles) {
    const isAside = ({ key }: StageItem) => rows.get(key)?.[`${role}_verdict`] === 'not_for_us'
    const keys = items.filter((item) => sidesOf(item).includes(role) && !isAside(item)).map(({ key }) => key)
    if (keys.length > 0) await saveVerdict(match, role, { keys, verdict: 'talked' }, now())
  }
  await moveOnIfDone(match)
}

/** What the two had on their agenda and have talked about: one side says so, with the contact (R47, R75). */
export async function tickAgenda(match: Match, viewer: Viewer, keys: readonly string[]): Promise<void> {
  const items = defaults.stageItems.filter((item) => keys.includes(item.key) && !isByAct(item))
  await tick(match, items, [roleIn(viewer, match)])
}

const AGENDA = 5
const NEAR_END_DAYS = 30
const NEAR_END_CONTACTS = 2

/** The end is near: two contacts are left, or thirty days of the programme (R88). */
export function isEndNear(viewer: Viewer, match: Pick<OwnMatchRow, 'contacts_counted' | 'minimum'>): boolean {
  const lastDay = viewer.programme?.endsOn
  const soon = addDays(dayIn(timeZoneOf(viewer), now()), NEAR_END_DAYS)
  return match.minimum - match.contacts_counted <= NEAR_END_CONTACTS || (lastDay !== undefined && lastDay <= soon)
}

/**
 * What the two could talk about next: what they meant to, then open items of their stage, what everybody does first, what
 * was put off last (R47). When the end is near, how to end comes first (R88).
 */
export async function listOpenItems(
  viewer: Viewer,
  match: OwnMatchRow,
  planned: readonly string[] = [],
): Promise<StageItem[]> {
  const rows = new Map((await listItems(match)).map((row) => [row.item_key, row]))
  const own = viewer.participant?.role ?? 'mentee'
  const saidBy = (item: StageItem) => saidOf(item, rows.get(item.key), match.in_force)
  const isOpen = (item: StageItem) => item.by === 'both' && !isByAct(item) && !isSettledFor(own, saidBy(item))
  const others = planned.filter((key) => key !== ABOUT_THE_END)
  const first = isEndNear(viewer, match) ? [ABOUT_THE_END, ...others] : planned
  const place = (item: StageItem) => {
    if (first.includes(item.key)) return first.indexOf(item.key) - first.length
    return Number(item.kind !== 'required') * 2 + Number(saidBy(item)[own].verdict === 'later')
  }
  return (await listContent(viewer, 'stageItems'))
    .filter((item) => (item.stage === match.stage || first.includes(item.key)) && isOpen(item))
    .sort((one, other) => place(one) - place(other))
    .slice(0, Math.max(AGENDA, first.length))
}

/** The item about how the two will end: it comes first when the end is near (R88). */
export const ABOUT_THE_END = 'item-plan-the-end'

function isSettledFor(role: Role, said: Said): boolean {
  return said[role].verdict === 'talked' || ROLES.some((one) => said[one].verdict === 'not_for_us')
}
