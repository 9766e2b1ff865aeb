import { config } from '../../../config/index.ts'
import { statement } from '../../db.ts'
import type { Results, ScoreOutcome } from '../../lti/index.ts'
import type { Shown } from './forms.ts'
import { hasDuty, type FoundProgramme, type Role, type System, type Viewer } from '../../web/viewer.ts'

/** What the gradebook should show for somebody: 0 to 100, with a fixed phrase that everybody who grades may read. */
export type WantedScore = { participantId: number; score: number; comment: string }
/**
 * A 0 is not sent before something else was: it would tick the activity. What waits already is not put off by a further
 * change; while the LMS does not answer, a change is no reason to ask it as often as at the beginning.
 */
const want = statement(
  'want_scores',
  `insert into scores (platform_id, participant_id, resource_link_id, score, comment, waiting_since, next_try_at)
   select p.platform_id, pa.id, l.id, n.score, n.comment, now(), now() + make_interval(secs => $5::int)
   from unnest($2::int[], $3::int[], $4::text[]) as n (id, score, comment)
   join participants pa on pa.id = n.id and pa.programme_id = $1 join people p on p.id = pa.person_id
   join resource_links l on l.programme_id = $1 and l.line_item_url is not null
   where n.score > 0 or exists (select 1 from scores s where s.participant_id = n.id and s.resource_link_id = l.id)
   order by pa.id, l.id
   on conflict (participant_id, resource_link_id) do update set score = excluded.score, comment = excluded.comment,
     version = scores.version + 1,
     attempts = case when scores.problem = 'later' then scores.attempts else 0 end,
     waiting_since = case when scores.sent_version < scores.version then scores.waiting_since else now() end,
     next_try_at = case when scores.sent_version < scores.version and scores.problem is null
       then least(scores.next_try_at, excluded.next_try_at) else excluded.next_try_at end
   where (scores.score, scores.comment) is distinct from (excluded.score, excluded.comment)`,
)
/** Asks for scores of people in a programme to be sent, in every column of it, where they differ from what was asked before. */
export async function saveWantedScores(programme: FoundProgramme, wanted: readonly WantedScore[]): Promise<void> {
  const column = <Key extends keyof WantedScore>(key: Key) => wanted.map((one) => one[key])
  const scores = [column('participantId'), column('score'), column('comment')]
  await want(programme.id, ...scores, config.gradesWaitSeconds)
}

/** There is somewhere to send it: a line item, on a platform that is neither blocked nor left alone for a while. */
const DUE = `s.sent_version < s.version and s.next_try_at <= now() and (s.leased_until is null or s.leased_until <= now())
  and exists (select 1 from resource_links l where l.id = s.resource_link_id and l.line_item_url is not null)`
const OPEN = `pl.state = 'approved' and (pl.scores_paused_until is null or pl.scores_paused_until <= now())`

const duePlatforms = statement<{ id: number }>(
  'list_due_platforms',
  `select pl.id from platforms pl where ${OPEN} and exists (select 1 from scores s where s.platform_id = pl.id and ${DUE})`,
)
/** The platforms that a score waits for now. */
export async function listDuePlatforms(_as: System): Promise<number[]> {
  return (await duePlatforms()).map(({ id }) => id)
}

/** A score taken for sending. Nobody else takes it for 30 seconds. */
export type ClaimedScore = {
  id: number
  version: number
  score: number
  comment: string
  /** Counting this one, of the same trouble. */
  attempts: number
  problem: Problem | null
  last_timestamp: Date
  /** Counts how often it was taken: whoever has an older number has lost it. */
  lease: number
  resource_link_id: number
  line_item_url: string
  sub: string
}
/**
 * The time of a score is a whole second of the database's clock, later than any sent before, and never ahead: Moodle
 * refuses an equal second, and would refuse all real ones after a future one.
 */
const claim = statement<ClaimedScore>(
  'claim_score',
  `with due as (
     select s.id from scores s join platforms pl on pl.id = s.platform_id and ${OPEN}
     where s.platform_id = $1 and ${DUE} and (s.last_timestamp is null or s.last_timestamp < date_trunc('second', now()))
     order by s.next_try_at limit 1 for update of s skip locked),
   taken as (
     update scores s set lease = s.lease + 1, leased_until = now() + interval '30 seconds', attempts = s.attempts + 1,
       last_timestamp = date_trunc('second', now())
     from due where s.id = due.id returning s.*)
   select t.id, t.version, t.score, t.comment, t.attempts, t.problem, t.last_timestamp, t.lease, t.resource_link_id,
     l.line_item_url, p.sub
   from taken t join resource_links l on l.id = t.resource_link_id
   join participants pa on pa.id = t.participant_id join people p on p.id = pa.person_id`,
)
/** Takes the due score of a platform that waits longest; nobody else gets it for 30 seconds. */
export async function claimDueScore(_as: System, platformId: number): Promise<ClaimedScore | undefined> {
  return (await claim(platformId))[0]
}

/** Why a score has not arrived. `changed`: the LMS has another number and keeps it. */
export type Problem = Exclude<ScoreOutcome['kind'], 'sent'> | 'changed'

// Every attempt leaves a line, also when the lease is over and somebody else has the score: that one knows better about it.
const ATTEMPT = `with attempt as (insert into score_attempts (score_id, version, score, http_status, outcome)
  select s.id, $3, $4, $5, $6 from scores s where s.id = $1)`
const sent = statement(
  'mark_score_sent',
  `${ATTEMPT}
   update scores set sent_version = $3, sent_score = $4, sent_at = now(), attempts = 0, leased_until = null,
     next_try_at = case when version = $3 then now() else next_try_at end,
     waiting_since = case when version > $3 then waiting_since end, problem = null, http_status = null
   where id = $1 and lease = $2`,
)
const failed = statement(
  'mark_score_failed',
  `${ATTEMPT}
   update scores s set problem = $6, http_status = $5, leased_until = null, attempts = $9,
     next_try_at = case when l.line_item_url is distinct from $8 then now()
       else now() + make_interval(secs => $7::float / 1000) end
   from resource_links l where s.id = $1 and s.lease = $2 and l.id = s.resource_link_id`,
)
/** The platform has this version of the score: it took it, or it was found there. */
export async function markSent(score: ClaimedScore, status: number, how: 'sent' | 'found'): Promise<void> {
  await sent(score.id, score.lease, score.version, score.score, status, how)
}
/** The platform has not: why, and in how many milliseconds to try again; at once where the column is another by now. */
export async function markFailed(
  score: ClaimedScore,
  problem: Problem,
  { status, attempts, retryInMs }: { status: number; attempts: number; retryInMs: number },
): Promise<void> {
  const { id, lease, version, score: given, line_item_url } = score
  await failed(id, lease, version, given, status, problem, retryInMs, line_item_url, attempts)
}

const pause = statement(
  'pause_platform',
  `update platforms set scores_paused_until = greatest(scores_paused_until, now() + make_interval(secs => $2::float / 1000))
   where id = $1`,
)
/** Sends a platform nothing for a while. */
export async function pausePlatform(_as: System, platformId: number, ms: number): Promise<void> {
  await pause(platformId, ms)
}

const nextDue = statement<{ ms: number | null }>(
  'next_due_score',
  `select extract(epoch from min(greatest(s.next_try_at, s.leased_until, s.last_timestamp + interval '1 second',
     pl.scores_paused_until)) - now())::float * 1000 as ms
   from scores s join platforms pl on pl.id = s.platform_id join resource_links l on l.id = s.resource_link_id
   where s.sent_version < s.version and l.line_item_url is not null and pl.state = 'approved' and s.platform_id <> all($1::int[])`,
)
/** Milliseconds until the next score is due, 0 when one is; undefined when none waits. Not counting some platforms. */
export async function nextDueInMs(_as: System, but: readonly number[]): Promise<number | undefined> {
  const [next] = await nextDue(but)
  return next?.ms == null ? undefined : Math.max(0, next.ms)
}

/** A course whose roster was read. */
export type CourseRow = { id: number }
const retryOfCourse = statement(
  'retry_not_graded',
  `update scores s set next_try_at = now()
   from participants pa join people p on p.id = pa.person_id join programmes pr on pr.id = pa.programme_id
   join roster_members r on r.context_id = pr.context_id and r.sub = p.sub and r.left_at is null
   where pr.context_id = $1 and pa.id = s.participant_id and s.problem = 'not_graded' and s.sent_version < s.version`,
)
/** Whoever stands in the roster of a course may be graded by now. */
export async function retryOnRoster(course: CourseRow): Promise<void> {
  await retryOfCourse(course.id)
}

/** How far the viewer's own number has got into the gradebook. */
export type SendingRow = {
  connected: boolean
  score: number | null
  sent_score: number | null
  sent_at: Date | null
  waiting: boolean
  problem: Problem | null
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

// Scores that found no column go to the new one. If it is the old one after all, the LMS means that it does not grade them.
const keepColumn = statement(
  'save_column',
  `with before as (select line_item_url from resource_links where id = $1),
   waiting as (
     update scores s set problem = case when before.line_item_url = $2 then 'not_graded' else s.problem end,
       next_try_at = case when before.line_item_url = $2 then s.next_try_at else now() end
     from before where s.resource_link_id = $1 and s.problem = 'no_line_item' and s.sent_version < s.version)
   update resource_links set line_item_url = $2, column_ours = true, column_wanted = false, column_next_at = null,
     column_leased_until = null, column_looked_at = now(), column_problem = null where id = $1`,
)
/** The link has this column from now on, until a launch names another. */
export async function saveColumn(row: ClaimedColumnRow, lineItemUrl: string): Promise<void> {
  await keepColumn(row.id, lineItemUrl)
}

const missColumn = statement(
  'miss_column',
  `update resource_links set column_problem = $2, column_leased_until = null, column_looked_at = now(),
     line_item_url = case when $2 <> 'none' then line_item_url end,
     column_next_at = case when $2 = 'later' then now() + interval '5 minutes' end where id = $1`,
)
/** There is none (nor any more), or it could not be read. */
export async function markColumnMissed(row: ClaimedColumnRow, problem: 'none' | 'no_access' | 'later'): Promise<void> {
  await missColumn(row.id, problem)
}

const lookAgain = statement(
  'look_for_column_again',
  `update resource_links set column_next_at = now() where id = $1 and line_items_url is not null
     and (column_looked_at is null or column_looked_at < now() - interval '1 minute')`,
)
/** The column of a link is not where it was: it is to be looked for. */
export async function markColumnGone(_as: System, linkId: number): Promise<void> {
  await lookAgain(linkId)
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

/** A column to be compared with what was sent, taken by this process for two minutes. */
export type ClaimedComparisonRow = { id: number; line_item_url: string; began: Date }
// Asked for, or the night has come; the first time an hour after something was sent.
const COMPARISON_DUE = `l.line_item_url is not null and l.programme_id is not null
  and (l.compare_leased_until is null or l.compare_leased_until <= now())
  and (l.compare_next_at <= now() or l.compare_next_at is null and exists (
    select 1 from scores s where s.resource_link_id = l.id and s.sent_at < now() - interval '1 hour'))`
const comparisonPlatforms = statement<{ platform_id: number }>(
  'list_comparison_platforms',
  `select distinct d.platform_id from resource_links l join deployments d on d.id = l.deployment_id
   join platforms pl on pl.id = d.platform_id where pl.state = 'approved' and ${COMPARISON_DUE}`,
)
/** The platforms that a column is to be compared on. */
export async function listComparisonPlatforms(_as: System): Promise<number[]> {
  return (await comparisonPlatforms()).map(({ platform_id }) => platform_id)
}

const claimComparison = statement<ClaimedComparisonRow>(
  'claim_comparison',
  `with due as (
     select l.id from resource_links l join deployments d on d.id = l.deployment_id
     where d.platform_id = $1 and ${COMPARISON_DUE} order by l.compare_next_at limit 1 for update of l skip locked)
   update resource_links l set compare_leased_until = now() + interval '2 minutes' from due where l.id = due.id
   returning l.id, l.line_item_url, now() as began`,
)
/** Takes the column of a platform whose comparison waits longest. */
export async function claimDueComparison(_as: System, platformId: number): Promise<ClaimedComparisonRow | undefined> {
  return (await claimComparison(platformId))[0]
}

const NEXT_NIGHT = `(select (date_trunc('day', now() at time zone pr.time_zone) + interval '1 day 2 hours') at time zone pr.time_zone
  + random() * interval '2 hours' from programmes pr where pr.id = l.programme_id)`
// What was on its way while the column was read says nothing. To some platforms a 0 is nothing.
const keepComparison = statement(
  'save_comparison',
  `with compared as (
     select coalesce(o.sub, t.sub) as sub, o.participant_id, o.sent_score, t.score as theirs,
       case when o.sent_at >= $4 or o.leased_until > $4 then 'new'
         when o.sent_at is null and t.score is null then 'none'
         when o.sent_version < o.version and abs(t.score - o.score) < 0.01 then 'equal'
         when o.sent_at is null then 'extra'
         when abs(coalesce(t.score, 0) - o.sent_score) < 0.01 then 'equal'
         when t.score is null then 'missing'
         else 'differs' end as kind
     from (select s.*, p.sub from scores s join participants pa on pa.id = s.participant_id
       join people p on p.id = pa.person_id where s.resource_link_id = $1) o
     full join unnest($2::text[], $3::float8[]) as t (sub, score) on t.sub = o.sub),
   gone as (delete from grade_differences where resource_link_id = $1),
   found as (
     insert into grade_differences (resource_link_id, participant_id, sub, kind, ours, theirs)
     select $1, participant_id, sub, kind, sent_score, theirs from compared where kind in ('missing', 'differs', 'extra'))
   update resource_links l set compared_at = $4, compare_leased_until = null, compare_problem = null,
     compared_equal = (select count(*) from compared where kind = 'equal'), compare_next_at = ${NEXT_NIGHT}
   where l.id = $1`,
)
/** Keeps what a column shows, as differences from what was sent; those found before are forgotten. */
export async function saveComparison(
  row: ClaimedComparisonRow,
  results: Extract<Results, { kind: 'read' }>['results'],
): Promise<void> {
  await keepComparison(row.id, [...results.keys()], [...results.values()], row.began)
}

const missComparison = statement(
  'miss_comparison',
  `update resource_links l set compare_problem = $2, compare_leased_until = null,
     compare_next_at = case when $2 = 'later' then now() + interval '15 minutes' else ${NEXT_NIGHT} end where l.id = $1`,
)
/** The column could not be read: what was found before stays. */
export async function markComparisonMissed(
  row: ClaimedComparisonRow,
  problem: Exclude<Results['kind'], 'read'>,
): Promise<void> {
  await missComparison(row.id, problem)
}

const wantComparison = statement(
  'want_comparison',
  'update resource_links set compare_next_at = now() where programme_id = $1 and line_item_url is not null',
)
/** Asks for the columns of the viewer's programme to be compared as soon as possible. */
export async function askForComparison(viewer: Viewer): Promise<void> {
  await wantComparison(looksAfter(viewer))
}

/** The programme whose gradebook the viewer looks after; to anybody else there is none. */
const looksAfter = (viewer: Viewer) => (hasDuty(viewer, 'coordinator') ? viewer.programme?.id : undefined)

/** What the gradebook shows otherwise, unless it was sent anew since. */
const DIFFERENCE = `select d.kind, d.theirs from grade_differences d join resource_links l on l.id = d.resource_link_id
  join scores o on o.participant_id = d.participant_id and o.resource_link_id = d.resource_link_id
  where d.participant_id = pa.id and (o.sent_at is null or o.sent_at < l.compared_at)`

/** How many numbers of a programme stand where, and since when the oldest waits. */
export type GradeCounts = {
  total: number
  sent: number
  /** Wait and come by themselves. */
  waiting: number
  /** Somebody has to do something. */
  failed: number
  /** Tried in vain, for whatever reason. */
  tried: number
  /** Changed in the gradebook: not ours to send. */
  changed: number
  since: Date | null
}
export type ColumnStateRow = {
  compared_at: Date | null
  compared_equal: number | null
  problem: Exclude<Results['kind'], 'read'> | null
  comparing: boolean
}
export type GradesStateRow = GradeCounts & { columns: ColumnStateRow[] }

const counts = statement<GradeCounts>(
  'count_grades',
  `select count(*)::int as total,
     count(*) filter (where s.sent_version = s.version)::int as sent,
     count(*) filter (where s.sent_version < s.version and coalesce(s.problem, 'later') in ('later', 'stale'))::int as waiting,
     count(*) filter (where s.sent_version < s.version and s.problem not in ('later', 'stale'))::int as failed,
     count(*) filter (where s.sent_version < s.version and s.problem is not null)::int as tried,
     count(*) filter (where exists (${DIFFERENCE} and d.kind = 'differs'))::int as changed,
     min(s.waiting_since) filter (where s.sent_version < s.version) as since
   from scores s join participants pa on pa.id = s.participant_id where pa.programme_id = $1`,
)
const columnStates = statement<ColumnStateRow>(
  'list_column_states',
  `select l.compared_at, l.compared_equal, l.compare_problem as problem,
     coalesce(l.compare_next_at <= now() or l.compare_leased_until > now(), false) as comparing
   from resource_links l where l.programme_id = $1 and l.line_item_url is not null order by l.id limit 20`,
)
const NONE: GradeCounts = { total: 0, sent: 0, waiting: 0, failed: 0, tried: 0, changed: 0, since: null }
/** How the gradebook of the viewer's programme stands. */
export async function findGradesState(viewer: Viewer): Promise<GradesStateRow> {
  const [counted] = await counts(looksAfter(viewer))
  return { ...(counted ?? NONE), columns: await columnStates(looksAfter(viewer)) }
}

/** A person's number, and what became of it. */
export type GradeRow = SendingRow & {
  id: number
  ref: string
  role: Role
  name: string | null
  progress: number
  next_try_at: Date | null
  difference: 'missing' | 'differs' | 'extra' | null
  theirs: number | null
}
const PAGE = 100
const SORTED_BY = '(lower(coalesce(p.shown_name, pa.ref)), pa.id)'
const grades = statement<GradeRow>(
  'list_grades',
  `select pa.id, pa.ref, pa.role, p.shown_name as name, pa.progress, ${SENDING}, s.next_try_at, d.kind as difference, d.theirs
   from participants pa join people p on p.id = pa.person_id ${JOIN_SENDING}
   left join lateral (${DIFFERENCE} limit 1) d on true
   where pa.programme_id = $1 and (pa.state in ('eligible', 'exception', 'finished') or s.id is not null)
     and ($2 = 'all' or $2 = 'unsent' and s.sent_version < s.version or $2 = 'different' and d.kind is not null)
     and ($3::integer is null or ${SORTED_BY} > (
       select lower(coalesce(b.shown_name, a.ref)), a.id from participants a join people b on b.id = a.person_id
       where a.id = $3 and a.programme_id = $1))
   order by lower(coalesce(p.shown_name, pa.ref)), pa.id limit $4`,
)
/** One page of the people of the viewer's programme with their numbers, by name, after participant `after`. */
export async function listGrades(
  viewer: Viewer,
  shown: Shown,
  after?: number,
): Promise<{ rows: GradeRow[]; hasMore: boolean }> {
  const rows = await grades(looksAfter(viewer), shown, after ?? null, PAGE + 1)
  return { rows: rows.slice(0, PAGE), hasMore: rows.length > PAGE }
}
const MOST = 20_000
/** All of them at once, to be taken away. */
export async function listAllGrades(viewer: Viewer): Promise<GradeRow[]> {
  return grades(looksAfter(viewer), 'all', null, MOST)
}

/** Somebody who has a number in our column and is nobody of the programme. */
export type StrangerRow = { sub: string; name: string | null; theirs: number }
const strangers = statement<StrangerRow>(
  'list_strangers_in_column',
  `select d.sub, coalesce(p.shown_name, r.name) as name, d.theirs from grade_differences d
   join resource_links l on l.id = d.resource_link_id join deployments dp on dp.id = l.deployment_id
   left join people p on p.platform_id = dp.platform_id and p.sub = d.sub
   left join roster_members r on r.context_id = l.context_id and r.sub = d.sub
   where l.programme_id = $1 and d.participant_id is null order by d.id limit 50`,
)
/** Who has a number in a column of the viewer's programme that is none of ours, 50 at most. */
export async function listStrangers(viewer: Viewer): Promise<StrangerRow[]> {
  return strangers(looksAfter(viewer))
}

const retryTried = statement<{ id: number }>(
  'send_tried_again',
  `update scores s set next_try_at = now(), attempts = 0 from participants pa
   where pa.id = s.participant_id and pa.programme_id = $1 and s.sent_version < s.version and s.problem is not null
   returning s.id`,
)
const sendEverything = statement<{ id: number }>(
  'send_everything_again',
  `update scores s set version = s.version + 1, next_try_at = now(), attempts = 0,
     waiting_since = case when s.sent_version < s.version then s.waiting_since else now() end
   from participants pa where pa.id = s.participant_id and pa.programme_id = $1
     and not exists (${DIFFERENCE} and d.kind = 'differs') returning s.id`,
)
/** Makes numbers of the viewer's programme due: those that were tried in vain, or all but those changed there. Says how many. */
export async function askToSend(viewer: Viewer, which: 'failed' | 'all'): Promise<number> {
  const ask = which === 'failed' ? retryTried : sendEverything
  return (await ask(looksAfter(viewer))).length
}

const columnsToTry = statement<{ platform_id: number; line_item_url: string }>(
  'list_columns_to_try',
  `select d.platform_id, l.line_item_url from resource_links l join deployments d on d.id = l.deployment_id
   where l.programme_id = $1 and l.line_item_url is not null order by l.id limit 3`,
)
/** The columns of the viewer's programme, three at most. */
export async function listColumns(viewer: Viewer): Promise<{ platformId: number; lineItemUrl: string }[]> {
  const rows = await columnsToTry(looksAfter(viewer))
  return rows.map(({ platform_id, line_item_url }) => ({ platformId: platform_id, lineItemUrl: line_item_url }))
}

const ADMINISTRATOR = ['system', 'institution'].map(
  (place) => `http://purl.imsglobal.org/vocab/lis/v2/${place}/person#Administrator`,
)
const troubles = statement<{ problem: Problem | null; count: number }>(
  'count_troubles',
  `select s.problem, count(s.id)::int as count from memberships m
   left join (scores s join participants pa on pa.id = s.participant_id and pa.programme_id = $3)
     on s.sent_version < s.version and s.problem is not null
   where m.person_id = $1 and m.context_id = $2 and m.staff and m.roles && $4::text[] group by s.problem`,
)
/**
 * How many numbers of the programme are in which trouble, for an administrator of the LMS (spec 4.4: errors without names);
 * undefined for everybody else.
 */
export async function countTroubles(viewer: Viewer): Promise<{ problem: Problem; count: number }[] | undefined> {
  const rows = await troubles(viewer.personId, viewer.contextId, viewer.programme?.id, ADMINISTRATOR)
  if (rows.length === 0 || !viewer.programme) return undefined
  return rows.flatMap(({ problem, count }) => (problem === null ? [] : [{ problem, count }]))
}
