import { statement } from '../../db.ts'
import { JOIN_SENDING, SENDING, type SendingRow } from '../grades/index.ts'
import { hasDuty, type FoundProgramme, type Role, type System, type Viewer } from '../../web/viewer.ts'
import { BUFFER_DAYS } from '../endings/index.ts'
import { IS_READY, SILENT, STUCK, UNSIGNED } from '../matches/index.ts'
import { LINES, TODAY_KINDS, type ShownStudents, type TodayKind } from './forms.ts'

/** All that a tutor may see of a person: it fits into the gradebook. */
export type StudentRow = SendingRow & { id: number; ref: string; role: Role; name: string | null; progress: number }

const PAGE = 100
const SORTED_BY = '(lower(coalesce(p.shown_name, pa.ref)), pa.id)'
// Stuck is what the gradebook shows, too: a number that has not moved for three weeks.
const students = statement<StudentRow>(
  'list_students',
  `select pa.id, pa.ref, pa.role, p.shown_name as name, pa.progress, ${SENDING}
   from participants pa join people p on p.id = pa.person_id ${JOIN_SENDING}
   where pa.programme_id = $1 and pa.state in ('eligible', 'exception', 'finished')
     and case $2 when 'new' then pa.progress = 0 when 'complete' then pa.progress = 100
       when 'stuck' then pa.progress between 1 and 99 and s.sent_at < $3::timestamptz - interval '21 days' else true end
     and ($4::integer is null or ${SORTED_BY} > (
     select lower(coalesce(b.shown_name, a.ref)), a.id from participants a join people b on b.id = a.person_id
     where a.id = $4 and a.programme_id = $1))
   order by lower(coalesce(p.shown_name, pa.ref)), pa.id limit $5`,
)
/** One page of the people who take part, by name, for staff of the course; after participant `after`. */
export async function listStudents(
  viewer: Viewer,
  { show, after }: { show: ShownStudents; after?: number | undefined },
  at: Date,
  most = PAGE,
): Promise<{ students: StudentRow[]; hasMore: boolean }> {
  const rows = viewer.staff ? await students(viewer.programme?.id, show, at, after ?? null, most + 1) : []
  return { students: rows.slice(0, most), hasMore: rows.length > most }
}

/** What waits for a coordinator. */
export type TodayRow = {
  kind: TodayKind
  /** Of the match or the participant, where it is about one. */
  id: number | null
  /** How many, or for how many days. */
  number: number | null
  since: Date | null
  mentee: PersonFacts | null
  mentor: PersonFacts | null
}
type PersonFacts = { name: string | null; given_name: string | null; ref: string }
/** Today does not mention again what the coordinator has just written about. */
const RESTS = (about: string) =>
  `not exists (select 1 from nudges n where n.match_id = m.id and n.about = '${about}' and n.sent_at > $2 - interval '7 days')`
const person = (pa: string, p: string) =>
  `json_build_object('name', ${p}.shown_name, 'given_name', ${p}.call_name, 'ref', ${pa}.ref)`

/** About open matches, each once. */
const ofMatches =
  (since: string, where: string, number = 'null::int') =>
  (kind: string) =>
    `select '${kind}' as kind, m.id, ${number} as number, (${since})::timestamptz as since,
     ${person('me', 'e')} as mentee, ${person('pa', 'o')} as mentor
   from matches m
   join participants me on me.id = m.mentee_id join people e on e.id = me.person_id
   join participants pa on pa.id = m.mentor_id join people o on o.id = pa.person_id
   where m.programme_id = $1 and ${where} order by 4, m.id limit ${LINES + 1}`
/** About reports, each once. */
const ofReports =
  (since: string, where: string, number = 'null::int') =>
  (kind: string) =>
    `select '${kind}' as kind, pa.id, ${number} as number, (${since})::timestamptz as since,
     case when pa.role = 'mentee' then ${person('pa', 'p')} end as mentee,
     case when pa.role = 'mentor' then ${person('pa', 'p')} end as mentor
   from participants pa join programmes pr on pr.id = pa.programme_id join people p on p.id = pa.person_id
   left join reports r on r.participant_id = pa.id
   where pa.programme_id = $1 and ${where} order by 4, pa.id limit ${LINES + 1}`
/** One line about several: left out when there are none. */
const ofAll =
  (number: string, from: string, { since = 'null::timestamptz' } = {}) =>
  (kind: string) =>
    `select '${kind}' as kind, null::int as id, ${number}::int as number, ${since} as since,
     null::json as mentee, null::json as mentor
   from ${from} having ${number} > 0`

const DUE = `coalesce(r.extended_to, case pa.role when 'mentee' then pr.mentee_report_on else pr.mentor_report_on end)`
const BEGUN = `exists (select 1 from matches m where pa.id in (m.mentee_id, m.mentor_id) and m.active_at is not null)`
const LATE_NUMBERS = `scores s join participants pa on pa.id = s.participant_id
  where pa.programme_id = $1 and s.sent_version < s.version
    and (s.problem not in ('later', 'stale') or s.waiting_since < $2::timestamptz - interval '1 day')`
const FREE_MENTEE = `pa.role = 'mentee' and pa.state in ('eligible', 'exception') and ${IS_READY} and not exists (
  select 1 from matches m where m.mentee_id = pa.id and m.ended_at is null and (m.state <> 'offered' or m.expires_at > $2))`

// A match that ended for one of these reasons leaves a mentee who may want another one.
const ANOTHER_HELPS = "'mismatch', 'mentor_withdrew', 'duty_not_met', 'no_answer', 'safeguarding'"

/** The rules of Today (spec 5.5): each finds what waits, and nothing that nobody has to do anything about. */
const RULES: Record<TodayKind, (kind: string) => string> = {
  /** Somebody says that their match may not fit, or that they would like to end it. */
  request: (kind) =>
    `select '${kind}' as kind, q.id, null::int as number, q.raised_at as since,
       ${person('me', 'e')} as mentee, ${person('pa', 'o')} as mentor
     from fit_requests q join matches m on m.id = q.match_id
     join participants me on me.id = m.mentee_id join people e on e.id = me.person_id
     join participants pa on pa.id = m.mentor_id join people o on o.id = pa.person_id
     where q.programme_id = $1 and q.handled_at is null order by 4, q.id limit ${LINES + 1}`,
  /** Somebody said after a contact that they would like to hear from the coordinator. */
  wish: ofMatches('null', 'm.ended_at is null and m.wishes > 0', 'm.wishes'),
  /** Somebody wants to know something before they answer an offer. */
  question: ofMatches(
    'select min(q.asked_at) from offer_questions q where q.match_id = m.id and q.answer is null',
    `m.state = 'offered' and m.expires_at > $2
       and exists (select 1 from offer_questions q where q.match_id = m.id and q.answer is null)`,
  ),
  /** The two remember a contact differently. */
  dispute: ofMatches(
    `select min(c.answered_at) from contacts c where c.match_id = m.id and c.state = 'disputed'`,
    `m.ended_at is null and exists (select 1 from contacts c where c.match_id = m.id and c.state = 'disputed')`,
  ),
  /** Numbers that do not arrive by themselves, or that have waited for more than a day. */
  grades: ofAll('count(*)', LATE_NUMBERS, { since: 'min(s.waiting_since)' }),
  applications: ofAll('count(*)', `participants pa where pa.programme_id = $1 and pa.state = 'applied'`, {
    since: 'min(pa.applied_at)',
  }),
  /** Somebody has asked that their data is removed. */
  erasure: (kind) =>
    `select '${kind}' as kind, r.id, null::int as number, r.asked_at as since,
       case when pa.role = 'mentee' then ${person('pa', 'p')} end as mentee,
       case when pa.role = 'mentor' then ${person('pa', 'p')} end as mentor
     from erasure_requests r join participants pa on pa.id = r.participant_id join people p on p.id = pa.person_id
     where r.programme_id = $1 and r.state = 'open' order by 4, r.id limit ${LINES + 1}`,
  /** A place is free, and somebody waits for one. */
  place: ofAll(
    'count(*)',
    `participants pa where pa.programme_id = $1 and pa.state = 'waiting' and (select pr.places from programmes pr where pr.id = $1)
       > (select count(*) from participants t where t.programme_id = $1 and t.role = 'mentee'
         and t.state in ('eligible', 'exception', 'finished'))`,
  ),
  /** An offer ran out or was not taken up, and its mentee has no other. */
  over: ofMatches(
    'm.ended_at',
    `m.state = 'discarded' and m.end_reason in ('expired', 'declined') and m.ended_at > $2::timestamptz - interval '14 days'
       and me.state in ('eligible', 'exception')
       and not exists (select 1 from matches n where n.mentee_id = m.mentee_id and n.id > m.id)`,
  ),
  /** A match ended early two weeks ago or more: its mentee can be matched anew as soon as the coordinator says so (4.7). */
  ready: ofMatches(
    'm.ended_at',
    `m.state = 'closed' and m.ready_at is null and m.end_reason in (${ANOTHER_HELPS}) and me.state in ('eligible', 'exception')
       and m.ended_at between $2::timestamptz - interval '60 days' and $2::timestamptz - interval '${BUFFER_DAYS} days'
       and (select pr.ends_on from programmes pr where pr.id = $1) > $3::date
       and not exists (select 1 from matches n where n.mentee_id = m.mentee_id and n.id > m.id)`,
  ),
  /** Mentees whom somebody could be found for now. */
  unmatched: ofAll(
    'count(*)',
    `participants pa where pa.programme_id = $1 and ${FREE_MENTEE}
     and exists (select 1 from participants r where r.programme_id = $1 and r.role = 'mentor'
       and r.state in ('eligible', 'exception') and r.open_matches < r.capacity)`,
  ),
  /** Both said yes more than a week ago. 0: neither has signed, 1: the mentee has, 2: the mentor has, 3: both. */
  unsigned: ofMatches(
    'greatest(m.mentee_answered_at, m.mentor_answered_at)',
    `${UNSIGNED} and ${RESTS('unsigned')}`,
    `case when exists (select 1 from agreements a where a.match_id = m.id and a.state = 'in_force') then 3
       else coalesce((select (a.mentee_signed_at is not null)::int + 2 * (a.mentor_signed_at is not null)::int from agreements a
         where a.match_id = m.id and a.state = 'draft'), 0) end`,
  ),
  /** No contact for more than three weeks. */
  silent: ofMatches(
    'coalesce(m.last_contact_on, m.active_at::date)',
    `${SILENT} and ${RESTS('silent')}`,
    '$3::date - coalesce(m.last_contact_on, m.active_at::date)',
  ),
  /** Longer than three weeks in the first stage, or two low answers in a row (R56). */
  stuck: ofMatches('m.stage_since', `${STUCK} and not (${SILENT}) and ${RESTS('stuck')}`),
  reportIn: ofReports('r.received_at', `r.state = 'received'`),
  reportLate: ofReports(
    DUE,
    `${DUE} < $3::date and coalesce(r.state, 'open') in ('open', 'returned') and pa.state in ('eligible', 'exception', 'finished')
       and ${BEGUN}`,
    `$3::date - ${DUE}`,
  ),
  honoraria: ofAll('count(*)', `honoraria h where h.programme_id = $1 and h.state = 'due'`, {
    since: 'min(h.due_at)',
  }),
  /** Entries of the directory whose day to be looked at has come. */
  directory: ofAll(
    'count(*)',
    'directory_entries d where d.programme_id = $1 and d.removed_at is null and d.review_on <= $3::date',
  ),
}

const today = statement<TodayRow>('list_today', TODAY_KINDS.map((kind) => `(${RULES[kind](kind)})`).join(' union all '))
/** What waits for the coordinator of the viewer's programme, the most urgent first, on a day of the programme. */
export async function listToday(viewer: Viewer, at: Date, day: string): Promise<TodayRow[]> {
  const rows = hasDuty(viewer, 'coordinator') ? await today(viewer.programme?.id, at, day) : []
  return rows.sort((one, other) => TODAY_KINDS.indexOf(one.kind) - TODAY_KINDS.indexOf(other.kind))
}

/** The programme at a glance. */
export type StripRow = {
  places: number
  mentees: number
  open: number
  without_mentor: number
  contacts: number
  asked: number
  reports_in: number
  reports_of: number
  payments_due: number
  mentee_report_on: string | null
  mentor_report_on: string | null
  next_training: Date | null
}
const strip = statement<StripRow>(
  'find_programme_strip',
  `select pr.places,
     (select count(*)::int from participants pa where pa.programme_id = $1 and pa.role = 'mentee'
       and pa.state in ('eligible', 'exception', 'finished')) as mentees,
     (select count(*)::int from participants pa where pa.programme_id = $1 and ${FREE_MENTEE}) as without_mentor,
     o.open, o.contacts, o.asked,
     (select count(*)::int from reports r where r.programme_id = $1 and r.first_received_at is not null) as reports_in,
     (select count(*)::int from participants pa where pa.programme_id = $1 and pa.state in ('eligible', 'exception', 'finished')
       and ${BEGUN}) as reports_of,
     (select count(*)::int from honoraria h where h.programme_id = $1 and h.state = 'due') as payments_due,
     pr.mentee_report_on::text, pr.mentor_report_on::text,
     (select min(s.starts_at) from training_sessions s where s.programme_id = $1 and s.starts_at > $2 and s.cancelled_at is null)
       as next_training
   from programmes pr, lateral (
     select count(*)::int as open, coalesce(sum(m.contacts_counted), 0)::int as contacts,
       coalesce(sum(coalesce(m.minimum_contacts, pr.minimum_contacts)), 0)::int as asked
     from matches m where m.programme_id = $1 and m.state in ('active', 'paused', 'closing')) o
   where pr.id = $1`,
)
/** How the viewer's programme stands, in a few numbers; for its coordinator. */
export async function findStrip(viewer: Viewer, at: Date): Promise<StripRow | undefined> {
  return hasDuty(viewer, 'coordinator') ? (await strip(viewer.programme?.id, at))[0] : undefined
}

/** How many contacts counted in a week; how many open matches are in a stage. */
export type WeekRow = { week: string; count: number }
export type StageRow = { stage: number; count: number }
const weeks = statement<WeekRow>(
  'count_contacts_by_week',
  `select w.week::date::text as week, count(c.id)::int as count
   from generate_series(date_trunc('week', $2::date - 77), date_trunc('week', $2::date), interval '7 days') as w (week)
   left join (contacts c join matches m on m.id = c.match_id and m.programme_id = $1)
     on c.happened_on >= w.week and c.happened_on < w.week + interval '7 days' and c.outcome = 'made'
       and c.state not in ('disputed', 'withdrawn')
   group by 1 order by 1`,
)
/** Contacts of the last twelve weeks up to a day, week by week, in the programme that the viewer coordinates. */
export async function countByWeek(viewer: Viewer, day: string): Promise<WeekRow[]> {
  return hasDuty(viewer, 'coordinator') ? weeks(viewer.programme?.id, day) : []
}
const stages = statement<StageRow>(
  'count_matches_by_stage',
  `select n.stage, (select count(*)::int from matches m where m.programme_id = $1 and m.stage = n.stage
     and m.state in ('active', 'paused', 'closing')) as count
   from generate_series(1, 3) as n (stage) order by 1`,
)
/** How many pairs are in which stage, in the programme that the viewer coordinates. */
export async function countByStage(viewer: Viewer): Promise<StageRow[]> {
  return hasDuty(viewer, 'coordinator') ? stages(viewer.programme?.id) : []
}

/** What waits in a programme at the beginning of a week, the most urgent first. */
export type WeekCountsRow = Record<
  'applications' | 'unmatched' | 'unsigned' | 'silent' | 'stuck' | 'reports' | 'honoraria' | 'grades' | 'unreachable',
  number
>
const weekCounts = statement<WeekCountsRow>(
  'count_week',
  `select
     (select count(*)::int from participants pa where pa.programme_id = $1 and pa.state = 'applied') as applications,
     (select count(*)::int from participants pa where pa.programme_id = $1 and ${FREE_MENTEE}) as unmatched,
     (select count(*)::int from matches m where m.programme_id = $1 and ${UNSIGNED}) as unsigned,
     (select count(*)::int from matches m where m.programme_id = $1 and ${SILENT}) as silent,
     (select count(*)::int from matches m where m.programme_id = $1 and ${STUCK} and not (${SILENT})) as stuck,
     (select count(*)::int from reports r where r.programme_id = $1 and r.state in ('received', 'in_review')) as reports,
     (select count(*)::int from honoraria h where h.programme_id = $1 and h.state = 'due') as honoraria,
     (select count(*)::int from ${LATE_NUMBERS}) as grades,
     (select count(*)::int from participants pa join people p on p.id = pa.person_id where pa.programme_id = $1
       and pa.state in ('eligible', 'exception', 'applied', 'waiting') and p.mail_address is null) as unreachable`,
)
/** In numbers alone, for the mail that a coordinator gets on Mondays. */
export async function countWeek(
  _as: System,
  programme: FoundProgramme,
  on: { at: Date; day: string },
): Promise<WeekCountsRow> {
  const [counts] = await weekCounts(programme.id, on.at, on.day)
  if (!counts) throw new Error('A count without a row')
  return counts
}
