import createError from 'http-errors'
import { statement } from '../../db.ts'
import { hasDuty, type FoundProgramme, type Role, type Viewer } from '../../web/viewer.ts'
import type { ExcuseForm, Requirement } from './forms.ts'

/** A match as far as it makes up a number. */
export type MatchFacts = {
  begun: boolean
  /** An agreement is in force, or was. */
  agreed: boolean
  counted: number
  minimum: number
  stages: number[]
  endReason: string | null
}
/** What a participant's number is made from: nothing else decides it. */
export type Facts = {
  participantId: number
  programmeId: number
  role: Role
  recipe: Partial<Record<Requirement, number>>
  mode: 'progress' | 'passfail'
  /** How many contacts the programme asks for; a match may have its own. */
  minimum: number
  /** Whether contacts and stages of a mentee's earlier matches still count. */
  carryOver: boolean
  trainingAsked: boolean
  trained: boolean
  /** Those that both wanted, in the order in which they began. */
  matches: MatchFacts[]
  reported: boolean
  excused: Requirement[]
}
type FactsRow = { facts: Facts }

const FACTS = `
  select json_build_object('participantId', pa.id, 'programmeId', pa.programme_id, 'role', pa.role,
    'recipe', pr.recipe -> pa.role, 'mode', pr.grade_mode, 'minimum', pr.minimum_contacts, 'carryOver', pr.carry_over,
    'trainingAsked', pr.training_required,
    'trained', exists (select 1 from training_attendance ta
      where ta.participant_id = pa.id and ta.state in ('attended', 'excused')),
    'matches', (select coalesce(json_agg(json_build_object('begun', m.active_at is not null,
        'agreed', exists (select 1 from agreements a where a.match_id = m.id and a.in_force_at is not null),
        'counted', m.contacts_counted, 'minimum', coalesce(m.minimum_contacts, pr.minimum_contacts),
        'stages', m.stages_done, 'endReason', m.end_reason) order by m.active_at, m.id), '[]')
      from matches m where (m.mentor_id = pa.id or m.mentee_id = pa.id) and m.state not in ('offered', 'discarded')),
    'reported', exists (select 1 from reports r
      where r.participant_id = pa.id and (r.first_received_at is not null or r.state = 'waived')),
    'excused', (select coalesce(json_agg(e.requirement), '[]') from excuses e where e.participant_id = pa.id)) as facts
  from participants pa join programmes pr on pr.id = pa.programme_id`
// Locked first, in one order, so that two acts at once are counted one after the other.
const lock = statement('lock_participants', 'select id from participants where id = any($1) order by id for update')
const lockOfProgramme = statement(
  'lock_participants_of_programme',
  'select id from participants where programme_id = $1 order by id for update',
)
const factsOf = statement<FactsRow>('list_facts', `${FACTS} where pa.id = any($1) order by pa.id`)
const factsOfProgramme = statement<FactsRow>('facts_of_programme', `${FACTS} where pa.programme_id = $1 order by pa.id`)

/** A match, by its two sides. */
export type PairRow = { mentorId: number; menteeId: number }
/** Participants who were found before, by their numbers. */
export type FoundRow = { ids: readonly number[] }
/** The facts of participants, held until the end of the transaction. */
export async function listFactsOf({ ids }: FoundRow): Promise<Facts[]> {
  await lock(ids)
  return (await factsOf(ids)).map(({ facts }) => facts)
}

/** The facts of everybody in a programme, held until the end of the transaction. */
export async function listFactsOfProgramme(programme: FoundProgramme): Promise<Facts[]> {
  await lockOfProgramme(programme.id)
  return (await factsOfProgramme(programme.id)).map(({ facts }) => facts)
}

/** The facts of participants who were found, as they are just now: for pages. */
export async function listFacts({ ids }: FoundRow): Promise<Facts[]> {
  return (await factsOf(ids)).map(({ facts }) => facts)
}

/** The viewer's own facts; undefined for who does not take part. */
export async function findOwnFacts(viewer: Viewer): Promise<Facts | undefined> {
  return viewer.participant ? (await factsOf([viewer.participant.id]))[0]?.facts : undefined
}

/** Somebody as their coordinator looks at their number. */
export type MeasuredRow = {
  id: number
  role: Role
  ref: string
  name: string | null
  given_name: string | null
  progress: number
}
const findMeasured = statement<MeasuredRow>(
  'find_measured',
  `select pa.id, pa.role, pa.ref, p.shown_name as name, p.call_name as given_name, pa.progress
   from participants pa join people p on p.id = pa.person_id where pa.id = $1 and pa.programme_id = $2`,
)
/** A participant of the programme that the viewer coordinates. To anyone else they do not exist. */
export async function findMeasuredPerson(viewer: Viewer, id: number): Promise<MeasuredRow> {
  const [found] = hasDuty(viewer, 'coordinator') ? await findMeasured(id, viewer.programme?.id) : []
  if (!found) throw createError(404)
  return found
}

/** The facts of somebody whom their coordinator looks at. */
export async function findFacts({ id }: MeasuredRow): Promise<Facts | undefined> {
  return (await factsOf([id]))[0]?.facts
}

/** What somebody is excused from, why, and by whom. */
export type ExcuseRow = { requirement: Requirement; reason: string; excused_by: string | null; excused_at: Date }
const excuses = statement<ExcuseRow>(
  'list_excuses',
  `select e.requirement, e.reason, p.shown_name as excused_by, e.excused_at
   from excuses e left join people p on p.id = e.excused_by_id where e.participant_id = any($1)`,
)
/** The excuses of somebody who was found. */
export async function listExcuses({ ids }: FoundRow): Promise<ExcuseRow[]> {
  return excuses(ids)
}

const addExcuse = statement(
  'save_excuse_of_part',
  `insert into excuses (participant_id, requirement, reason, excused_by_id, excused_at) values ($1, $2, $3, $4, $5)
   on conflict (participant_id, requirement) do update set reason = excluded.reason, excused_by_id = excluded.excused_by_id,
     excused_at = excluded.excused_at`,
)
/** Excuses somebody from one thing; saying it again changes the reason. */
export async function saveExcuse(by: Viewer, person: MeasuredRow, excuse: ExcuseForm & { at: Date }): Promise<void> {
  await addExcuse(person.id, excuse.requirement, excuse.reason, by.personId, excuse.at)
}

const dropExcuse = statement<{ requirement: string }>(
  'drop_excuse_of_part',
  'delete from excuses where participant_id = $1 and requirement = $2 returning requirement',
)
/** Takes an excuse back. Says whether there was one. */
export async function removeExcuse({ id }: MeasuredRow, requirement: Requirement): Promise<boolean> {
  return (await dropExcuse(id, requirement)).length > 0
}

/** A number that somebody has now (0 to 100). */
export type NumberRow = { participantId: number; progress: number }
/** Whose number is lower than it was. */
export type FallenRow = { participantId: number; from: number; to: number }
const saveNumbers = statement<{ participant_id: number; before: number; now: number }>(
  'save_progress',
  `update participants pa set progress = n.progress
   from unnest($2::int[], $3::int[]) as n (id, progress) join participants old on old.id = n.id
   where pa.id = n.id and pa.programme_id = $1 and pa.progress <> n.progress
   returning pa.id as participant_id, old.progress as before, pa.progress as now`,
)
/** Keeps the numbers of people in a programme. Returns whose fell. */
export async function saveProgress(programme: FoundProgramme, numbers: readonly NumberRow[]): Promise<FallenRow[]> {
  const column = <Key extends keyof NumberRow>(key: Key) => numbers.map((one) => one[key])
  const changed = await saveNumbers(programme.id, column('participantId'), column('progress'))
  return changed
    .filter(({ before, now }) => now < before)
    .map(({ participant_id, before, now }) => ({ participantId: participant_id, from: before, to: now }))
}
