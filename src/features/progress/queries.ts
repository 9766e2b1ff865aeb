import createError from 'http-errors'
import { statement } from '../../db.ts'
import type { ScoreOutcome } from '../../lti/index.ts'
import { hasDuty, type FoundProgramme, type Role, type System, type Viewer } from '../../web/viewer.ts'
import type { ExcuseForm, Requirement } from './forms.ts'

/** How far the viewer's own number has got into the gradebook. */
export type SendingRow = {
  connected: boolean
  score: number | null
  sent_score: number | null
  sent_at: Date | null
  waiting: boolean
  problem: Exclude<ScoreOutcome['kind'], 'sent'> | null
}
/** Several links of a programme may have a column: the one with the oldest trouble speaks for all. */
export const SENDING = `
  exists (select 1 from resource_links l where l.programme_id = pa.programme_id and l.line_item_url is not null) as connected,
  s.score, s.sent_score, s.sent_at, coalesce(s.sent_version < s.version, false) as waiting, s.problem`
export const JOIN_SENDING = `
  left join lateral (select * from scores s where s.participant_id = pa.id
    order by (s.sent_version < s.version) desc, s.id limit 1) s on true`

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
   from excuses e left join people p on p.id = e.excused_by_id where e.participant_id = $1`,
)
/** The excuses of somebody whose facts were found. */
export async function listExcuses({ participantId }: Facts): Promise<ExcuseRow[]> {
  return excuses(participantId)
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

const sendingOf = statement<SendingRow>(
  'find_sending_of',
  `select ${SENDING} from participants pa ${JOIN_SENDING} where pa.id = $1`,
)
/** How far somebody's number has got, for their coordinator. */
export async function findSendingOf({ id }: MeasuredRow): Promise<SendingRow | undefined> {
  return (await sendingOf(id))[0]
}

/** A number that somebody has now, and what the gradebook should show (all 0 to 100). */
export type NumberRow = Pick<Facts, 'participantId' | 'programmeId'> & {
  progress: number
  score: number
  comment: string
}
/** Whose number is lower than it was. */
export type FallenRow = { participantId: number; programmeId: number; from: number; to: number }
// A 0 is not sent before something else was: it would tick the activity.
const saveNumbers = statement<{ participant_id: number; programme_id: number; before: number; now: number }>(
  'save_progress',
  `with numbers as (
     select * from jsonb_to_recordset($1::jsonb)
       as n("participantId" integer, "programmeId" integer, progress smallint, score smallint, comment text)),
   wanted as (
     insert into scores (participant_id, resource_link_id, score, comment)
     select n."participantId", l.id, n.score, n.comment from numbers n
     join resource_links l on l.programme_id = n."programmeId" and l.line_item_url is not null
     where n.score > 0 or exists (
       select 1 from scores s where s.participant_id = n."participantId" and s.resource_link_id = l.id)
     order by n."participantId", l.id
     on conflict (participant_id, resource_link_id) do update set score = excluded.score, comment = excluded.comment,
       version = scores.version + 1, attempts = 0, next_try_at = now()
     where (scores.score, scores.comment) is distinct from (excluded.score, excluded.comment))
   update participants pa set progress = n.progress from numbers n, participants old
   where pa.id = n."participantId" and old.id = pa.id and pa.progress <> n.progress
   returning pa.id as participant_id, pa.programme_id, old.progress as before, pa.progress as now`,
)
/** Keeps numbers, and asks for them to be sent where they differ from what was asked before. Returns whose fell. */
export async function saveProgress(numbers: readonly NumberRow[]): Promise<FallenRow[]> {
  const changed = numbers.length === 0 ? [] : await saveNumbers(JSON.stringify(numbers))
  return changed
    .filter(({ before, now }) => now < before)
    .map(({ participant_id, programme_id, before, now }) => ({
      ...{ participantId: participant_id, programmeId: programme_id, from: before, to: now },
    }))
}

/** There is somewhere to send it: a line item, on a platform that is not blocked. */
const SENDABLE = `exists (select 1 from resource_links l join deployments d on d.id = l.deployment_id
  join platforms pl on pl.id = d.platform_id
  where l.id = s.resource_link_id and l.line_item_url is not null and pl.state = 'approved')`
const DUE = `s.sent_version < s.version and s.next_try_at <= now() and (s.leased_until is null or s.leased_until <= now())
  and ${SENDABLE}`

const duePlatforms = statement<{ platform_id: number }>(
  'list_due_platforms',
  `select distinct p.platform_id from scores s
   join participants pa on pa.id = s.participant_id join people p on p.id = pa.person_id where ${DUE}`,
)
/** The platforms that a score waits for now. */
export async function listDuePlatforms(_as: System): Promise<number[]> {
  return (await duePlatforms()).map(({ platform_id }) => platform_id)
}

/** A score taken for sending. Nobody else takes it for 30 seconds. */
export type ClaimedScore = {
  id: number
  version: number
  score: number
  comment: string
  attempts: number
  last_timestamp: Date
  /** Counts how often it was taken: whoever has an older number has lost it. */
  lease: number
  line_item_url: string
  sub: string
}
/**
 * The time of a score is a whole second of the database's clock, later than any sent before, and never ahead: Moodle
 * refuses an equal second, and would refuse all real ones after a future one.
 */
const claim = statement<ClaimedScore>(
  'claim_scores',
  `with due as (
     select s.id from scores s
     join participants pa on pa.id = s.participant_id join people p on p.id = pa.person_id
     where ${DUE} and p.platform_id = $1
       and (s.last_timestamp is null or s.last_timestamp < date_trunc('second', now()))
     order by s.next_try_at limit $2 for update of s skip locked),
   taken as (
     update scores s set lease = s.lease + 1, leased_until = now() + interval '30 seconds', attempts = s.attempts + 1,
       last_timestamp = date_trunc('second', now())
     from due where s.id = due.id returning s.*)
   select t.id, t.version, t.score, t.comment, t.attempts, t.last_timestamp, t.lease,
     l.line_item_url, p.sub
   from taken t join resource_links l on l.id = t.resource_link_id
   join participants pa on pa.id = t.participant_id join people p on p.id = pa.person_id`,
)
/** Takes up to `limit` due scores of a platform for sending; nobody else gets them for 30 seconds. */
export async function claimDueScores(_as: System, platformId: number, limit: number): Promise<ClaimedScore[]> {
  return claim(platformId, limit)
}

// Both say nothing when the lease is over and somebody else has it: that one knows better.
const sent = statement(
  'mark_score_sent',
  `update scores set sent_version = $3, sent_score = $4, sent_at = now(), attempts = 0, leased_until = null,
     next_try_at = now(), problem = null, http_status = null
   where id = $1 and lease = $2`,
)
const failed = statement(
  'mark_score_failed',
  `update scores set problem = $3, http_status = $4, leased_until = null,
     next_try_at = now() + make_interval(secs => $5::float / 1000)
   where id = $1 and lease = $2`,
)
/** The platform has taken this version of the score. */
export async function markSent(score: ClaimedScore): Promise<void> {
  await sent(score.id, score.lease, score.version, score.score)
}
/** The platform has not: why, and in how many milliseconds to try again. */
export async function markFailed(
  score: ClaimedScore,
  problem: Exclude<ScoreOutcome['kind'], 'sent'>,
  status: number,
  retryInMs: number,
): Promise<void> {
  await failed(score.id, score.lease, problem, status, retryInMs)
}

const nextDue = statement<{ ms: number | null }>(
  'next_due_score',
  `select extract(epoch from min(greatest(next_try_at, leased_until, last_timestamp + interval '1 second')) - now())::float
     * 1000 as ms
   from scores s where sent_version < version and ${SENDABLE}`,
)
/** Milliseconds until the next score is due, 0 when one is; undefined when none waits. */
export async function nextDueInMs(_as: System): Promise<number | undefined> {
  const [next] = await nextDue()
  return next?.ms == null ? undefined : Math.max(0, next.ms)
}

const ownSending = statement<SendingRow>(
  'find_sending',
  `select ${SENDING} from participants pa ${JOIN_SENDING} where pa.id = $1`,
)
/** How far the viewer's number has got; undefined for who does not take part. */
export async function findSending(viewer: Viewer): Promise<SendingRow | undefined> {
  return viewer.participant ? (await ownSending(viewer.participant.id))[0] : undefined
}

/** A link whose column is to be looked for, taken by this process for a minute. */
export type ClaimedColumnRow = {
  id: number
  programme_id: number
  lti_id: string
  key: string
  line_items_url: string
  wanted: boolean
}
const COLUMN_DUE = `l.column_next_at <= now() and l.line_items_url is not null
  and (l.column_leased_until is null or l.column_leased_until <= now())`
const columnPlatforms = statement<{ platform_id: number }>(
  'list_column_platforms',
  `select distinct d.platform_id from resource_links l join deployments d on d.id = l.deployment_id
   where l.programme_id is not null and ${COLUMN_DUE}`,
)
/** The platforms that a column is to be looked for on. */
export async function listColumnPlatforms(_as: System): Promise<number[]> {
  return (await columnPlatforms()).map(({ platform_id }) => platform_id)
}

const claimColumn = statement<ClaimedColumnRow>(
  'claim_column',
  `with due as (
     select l.id, p.key from resource_links l join deployments d on d.id = l.deployment_id
     join programmes p on p.id = l.programme_id
     where d.platform_id = $1 and ${COLUMN_DUE} order by l.column_next_at limit 1 for update of l skip locked)
   update resource_links l set column_leased_until = now() + interval '1 minute' from due where l.id = due.id
   returning l.id, l.programme_id, l.lti_id, due.key, l.line_items_url, l.column_wanted as wanted`,
)
/** Takes the link of a platform that waits longest: nobody else looks, or makes a second column, meanwhile. */
export async function claimDueColumn(_as: System, platformId: number): Promise<ClaimedColumnRow | undefined> {
  return (await claimColumn(platformId))[0]
}

const keepColumn = statement(
  'save_column',
  `update resource_links set line_item_url = $2, column_ours = true, column_wanted = false, column_next_at = null,
     column_leased_until = null, column_looked_at = now(), column_problem = null where id = $1`,
)
/** The link has this column from now on, until a launch names another. */
export async function saveColumn(row: ClaimedColumnRow, lineItemUrl: string): Promise<void> {
  await keepColumn(row.id, lineItemUrl)
}

const missColumn = statement(
  'miss_column',
  `update resource_links set column_problem = $2, column_leased_until = null, column_looked_at = now(),
     column_next_at = case when $2 = 'later' then now() + interval '5 minutes' end where id = $1`,
)
/** There is none, or it could not be read. */
export async function markColumnMissed(row: ClaimedColumnRow, problem: 'none' | 'no_access' | 'later'): Promise<void> {
  await missColumn(row.id, problem)
}

const wantColumn = statement<{ id: number }>(
  'want_column',
  `update resource_links set column_wanted = true, column_next_at = now()
   where id = $1 and programme_id = $2 and line_item_url is null and line_items_url is not null returning id`,
)
/** Asks for a column for the link that the viewer opened. Says whether one is missing that can be made. */
export async function askForColumn(viewer: Viewer): Promise<boolean> {
  return (await wantColumn(viewer.resourceLinkId, viewer.programme?.id)).length > 0
}
