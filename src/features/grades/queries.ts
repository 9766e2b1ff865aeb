import { statement } from '../../db.ts'
import type { ScoreOutcome } from '../../lti/index.ts'
import type { FoundProgramme, System, Viewer } from '../../web/viewer.ts'

/** What the gradebook should show for somebody: 0 to 100, with a fixed phrase that everybody who grades may read. */
export type WantedScore = { participantId: number; score: number; comment: string }
/** A 0 is not sent before something else was: it would tick the activity. */
const want = statement(
  'want_scores',
  `insert into scores (participant_id, resource_link_id, score, comment)
   select pa.id, l.id, n.score, n.comment
   from unnest($2::int[], $3::int[], $4::text[]) as n (id, score, comment)
   join participants pa on pa.id = n.id and pa.programme_id = $1
   join resource_links l on l.programme_id = $1 and l.line_item_url is not null
   where n.score > 0 or exists (select 1 from scores s where s.participant_id = n.id and s.resource_link_id = l.id)
   order by pa.id, l.id
   on conflict (participant_id, resource_link_id) do update set score = excluded.score, comment = excluded.comment,
     version = scores.version + 1, attempts = 0, next_try_at = now()
   where (scores.score, scores.comment) is distinct from (excluded.score, excluded.comment)`,
)
/** Asks for scores of people in a programme to be sent, in every column of it, where they differ from what was asked before. */
export async function saveWantedScores(programme: FoundProgramme, wanted: readonly WantedScore[]): Promise<void> {
  const column = <Key extends keyof WantedScore>(key: Key) => wanted.map((one) => one[key])
  await want(programme.id, column('participantId'), column('score'), column('comment'))
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
const ownSending = statement<SendingRow>(
  'find_sending',
  `select ${SENDING} from participants pa ${JOIN_SENDING} where pa.id = $1`,
)
/** How far the number of somebody has got whom their coordinator has found. */
export async function findSendingOf({ id }: FoundPersonRow): Promise<SendingRow | undefined> {
  return (await ownSending(id))[0]
}
/** A participant who was found before. */
type FoundPersonRow = { id: number }

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
