import { now } from '../../clock.ts'
import { transaction } from '../../db.ts'
import { translator } from '../../web/i18n.ts'
import type { FoundProgramme, Viewer } from '../../web/viewer.ts'
import { record } from '../audit/index.ts'
import { wantScores } from '../grades/index.ts'
import { settle, tell } from '../notifications/index.ts'
import { REQUIREMENTS, type ExcuseForm, type Requirement } from './forms.ts'
import {
  findMeasuredPerson,
  listFacts,
  listFactsOf,
  listFactsOfProgramme,
  removeExcuse,
  saveExcuse,
  saveProgress,
  type Facts,
  type FallenRow,
  type FoundRow,
  type MatchFacts,
  type MeasuredRow,
  type PairRow,
} from './queries.ts'

/**
 * One part of a number: what it is worth (all of them sum to 100), how much of it is there (`done` of `of`), and whether
 * that is all, also by an excuse. `across`: of how many matches it is the average.
 */
export type Part = Amount & { requirement: Requirement; worth: number; met: boolean; excused: boolean }
/** A number from 0 to 100, what it is made of, and whether nothing is missing: it is 100 then, and never before. */
export type Progress = { score: number; complete: boolean; parts: Part[] }

/**
 * The number of a participant: one pure function from facts to a score with its reasons (spec 4.6). Rounded down, so that
 * 100 means complete. Whatever counts once more never lowers it, and the order of events makes no difference.
 */
export function progressOf(given: Measured): Progress {
  const facts = { minimum: 4, carryOver: true, excused: [], ...given }
  const worths = sharedOut(facts)
  const asked = REQUIREMENTS.filter((requirement) => (worths[requirement] ?? 0) > 0)
  const parts = asked.map((requirement) => partOf(facts, requirement, worths[requirement] ?? 0))
  const complete = parts.length > 0 && parts.every(({ met }) => met)
  const sum = parts.reduce((total, { worth, done, of }) => total + (worth * done) / of, 0)
  return { score: complete ? 100 : Math.min(99, Math.floor(sum + ALMOST)), complete, parts }
}
const ALMOST = 1e-9 // what thirds leave over when they are added

/** What a number is worked out from; the rest is as it usually is. */
type Measured = Pick<Facts, 'role' | 'recipe' | 'trainingAsked' | 'trained' | 'reported' | 'matches'> &
  Partial<Pick<Facts, 'minimum' | 'carryOver' | 'excused'>>
type Complete = Required<Measured>

/** What the gradebook is to show: the number, or in a programme that is passed or not, nothing but its end. */
export function scoreToSend({ mode }: Facts, { score, complete }: Progress): number {
  return mode === 'progress' ? score : complete ? 100 : 0
}

/** What a programme does not ask for is shared out among the rest, so that there is always 100 to reach. */
function sharedOut({ recipe, trainingAsked }: Measured): Partial<Record<Requirement, number>> {
  const { training = 0, ...rest } = recipe
  if (trainingAsked || training === 0) return recipe
  const left = Object.values(rest).reduce((sum, worth) => sum + worth, 0)
  const exact = Object.entries(rest).map(([name, worth]) => ({ name, worth: (100 * worth) / left }))
  const missing = 100 - exact.reduce((sum, { worth }) => sum + Math.floor(worth), 0)
  const rounded = exact
    .sort((one, other) => (other.worth % 1) - (one.worth % 1))
    .map(({ name, worth }, at) => [name, Math.floor(worth) + (at < missing ? 1 : 0)])
  return Object.fromEntries(rounded) as Partial<Record<Requirement, number>>
}

function partOf(facts: Complete, requirement: Requirement, worth: number): Part {
  const excused = facts.excused.includes(requirement)
  const amount = excused ? allOrNothing(true) : amountOf(facts, requirement)
  return { requirement, worth, ...amount, met: amount.done === amount.of, excused }
}

type Amount = { done: number; of: number; across: number }
const allOrNothing = (met: boolean): Amount => ({ done: met ? 1 : 0, of: 1, across: 1 })
const NOTHING: Amount = allOrNothing(false)

function amountOf(facts: Complete, requirement: Requirement): Amount {
  switch (requirement) {
    case 'training':
      return allOrNothing(facts.trained)
    case 'agreement':
      return allOrNothing(facts.matches.some(({ agreed }) => agreed))
    case 'contacts':
      return contactsOf(facts)
    case 'report':
      return allOrNothing(facts.reported)
    case 'stage1':
    case 'stage2':
    case 'stage3':
      return stageOf(facts, Number(requirement.slice(-1)))
  }
}

/** Of one match its contacts, with those of a mentee's earlier ones; of several, each weighs the same. */
function contactsOf(facts: Complete): Amount {
  const measured = matchesThatCount(facts)
  const [only] = measured
  if (!only) return { done: 0, of: facts.minimum, across: 1 }
  if (measured.length === 1) {
    const carried = facts.role === 'mentee' && facts.carryOver ? facts.matches : measured
    const sum = carried.reduce((total, match) => total + match.counted, 0)
    return { done: Math.min(sum, only.minimum), of: only.minimum, across: 1 }
  }
  // In one common part, so that nothing is lost by dividing.
  const each = measured.reduce((product, { minimum }) => product * minimum, 1)
  const done = measured.reduce((sum, match) => sum + (Math.min(match.counted, match.minimum) * each) / match.minimum, 0)
  return { done, of: each * measured.length, across: measured.length }
}

function stageOf(facts: Complete, stage: number): Amount {
  if (facts.role === 'mentee' && facts.carryOver)
    return allOrNothing(facts.matches.some(({ stages }) => stages.includes(stage)))
  const measured = matchesThatCount(facts)
  if (measured.length === 0) return NOTHING
  const done = measured.filter(({ stages }) => stages.includes(stage)).length
  return { done, of: measured.length, across: measured.length }
}

/**
 * The matches by which somebody is measured: a mentee by the newest, a mentor by all that began, but for those that ended
 * for a reason that was not theirs. Where only such are left, the newest stands: what was done is not lost.
 */
function matchesThatCount({ role, matches }: Complete): MatchFacts[] {
  const begun = matches.filter(({ begun: has }) => has)
  const fair = role === 'mentor' ? begun.filter(({ endReason }) => !isNotTheirs(role, endReason)) : begun.slice(-1)
  return fair.length > 0 ? fair : begun.slice(-1)
}

const NOBODYS = ['mismatch', 'no_answer', 'safeguarding']
/** A match ended, and not because of this side. */
function isNotTheirs(role: Facts['role'], endReason: string | null): boolean {
  if (endReason === null) return false
  const others = role === 'mentor' ? 'mentee_withdrew' : 'mentor_withdrew'
  return endReason === others || NOBODYS.includes(endReason)
}

/** What the numbers of participants who were found are made of, by their own numbers: one statement. */
export async function readProgress(found: FoundRow): Promise<Map<number, Progress>> {
  const all = found.ids.length > 0 ? await listFacts(found) : []
  return new Map(all.map((facts) => [facts.participantId, progressOf(facts)]))
}

/** What would move a number next, and what it would be then. */
export type Gain = { requirement: Requirement; score: number }

/** The first open part that one more step would raise the number by: what the progress page says comes next. */
export function nextGain(facts: Facts, { score, parts }: Progress): Gain | undefined {
  for (const { requirement, met } of parts) {
    const then = met ? score : progressOf(oneMore(facts, requirement)).score
    if (then > score) return { requirement, score: then }
  }
  return undefined
}

/** The facts with one more step towards a requirement. */
function oneMore(facts: Facts, requirement: Requirement): Facts {
  if (requirement === 'training') return { ...facts, trained: true }
  if (requirement === 'report') return { ...facts, reported: true }
  const stage = Number(requirement.slice(-1))
  const next = facts.matches.find((match) => match.endReason === null && !hasAll(match, requirement))
  const grown = (match: MatchFacts): MatchFacts => {
    if (requirement === 'agreement') return { ...match, agreed: true }
    if (requirement === 'contacts') return { ...match, counted: match.counted + 1 }
    return { ...match, stages: [...match.stages, stage] }
  }
  return { ...facts, matches: facts.matches.map((match) => (match === next ? grown(match) : match)) }
}

function hasAll({ agreed, counted, minimum, stages }: MatchFacts, requirement: Requirement): boolean {
  if (requirement === 'agreement') return agreed
  if (requirement === 'contacts') return counted >= minimum
  return stages.includes(Number(requirement.slice(-1)))
}

/** Excuses somebody from one thing, for a reason that they read: it counts as met (spec 4.6). */
export async function excuse(viewer: Viewer, id: number, form: ExcuseForm): Promise<MeasuredRow> {
  return transaction(async () => {
    const person = await findMeasuredPerson(viewer, id)
    await saveExcuse(viewer, person, { ...form, at: now() })
    record(viewer, 'excuse.given', `participant:${id}`, { requirement: form.requirement })
    await recalculateParticipants([id])
    const what = { kind: 'excused', subject: `excuse:${id}:${form.requirement}`, href: '/progress' }
    await settle(programmeOf(viewer), what.subject)
    await tell(programmeOf(viewer), [id], what)
    return person
  })
}

/** Takes an excuse back. Doing it twice is doing it once. */
export async function takeExcuseBack(viewer: Viewer, id: number, requirement: Requirement): Promise<MeasuredRow> {
  return transaction(async () => {
    const person = await findMeasuredPerson(viewer, id)
    if (!(await removeExcuse(person, requirement))) return person
    record(viewer, 'excuse.takenBack', `participant:${id}`, { requirement })
    await settle(programmeOf(viewer), `excuse:${id}:${requirement}`)
    await recalculateParticipants([id])
    return person
  })
}

const programmeOf = ({ programme }: Viewer): FoundProgramme => ({ id: programme?.id ?? 0 })

/** Brings the number of both sides of a match up to date, in the transaction of the act that changed it. */
export async function recalculate(match: PairRow): Promise<void> {
  await save(await listFactsOf({ ids: [match.mentorId, match.menteeId] }))
}

/** The same for one participant, or several: when they have been trained, excused, or heard from. */
export async function recalculateParticipants(ids: readonly number[]): Promise<void> {
  if (ids.length > 0) await save(await listFactsOf({ ids }))
}

/** The same for everybody in a programme: when its settings change, or its line item becomes known. */
export async function recalculateProgramme(programme: FoundProgramme): Promise<void> {
  await transaction(async () => {
    await save(await listFactsOfProgramme(programme))
  })
}

/** All of one programme: a match, a person, or everybody in it. */
async function save(all: readonly Facts[]): Promise<void> {
  const [first] = all
  if (!first) return
  const programme = { id: first.programmeId }
  const numbers = all.map((facts) => {
    const progress = progressOf(facts)
    const { participantId } = facts
    const score = scoreToSend(facts, progress)
    return { participantId, progress: progress.score, score, comment: commentFor(progress) }
  })
  for (const fallen of await saveProgress(programme, numbers)) await tellFallen(programme, fallen)
  await wantScores(programme, numbers)
}

/** A number falls by a correction alone, and whose it is hears of it (spec 4.6). */
async function tellFallen(programme: FoundProgramme, { participantId, from, to }: FallenRow): Promise<void> {
  const subject = `progress:${participantId}`
  await settle(programme, subject)
  await tell(programme, [participantId], { kind: 'progressFell', subject, href: '/progress', params: { from, to } })
}

/** Fixed phrases: everybody who may grade in the course reads them. */
export function commentFor({ complete, parts }: Progress): string {
  const t = translator('en')
  if (complete) return t('progress.comment.complete')
  const contacts = parts.find(({ requirement }) => requirement === 'contacts')
  const report = parts.find(({ requirement }) => requirement === 'report')
  const open = parts.filter(({ met }) => !met).length
  return [
    contacts ? contactsComment(contacts) : '',
    report ? t(report.met ? 'progress.comment.reportIn' : 'progress.comment.reportOut') : '',
    t('progress.comment.open', { count: open }),
  ]
    .filter((part) => part !== '')
    .join('; ')
}

/** In contacts where there is one match; of several, the share. */
function contactsComment({ done, of, excused, across }: Part): string {
  const t = translator('en')
  if (excused) return t('progress.comment.contactsExcused')
  return across === 1
    ? t('progress.comment.contacts', { counted: done, needed: of })
    : t('progress.comment.contactsShare', { percent: Math.floor((100 * done) / of) })
}
