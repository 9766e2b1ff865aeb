import { statement } from '../../db.ts'
import { JOIN_SENDING, SENDING, WAITING_SINCE, type SendingRow } from '../grades/index.ts'
import { hasDuty, type FoundProgramme, type System, type Viewer } from '../../web/viewer.ts'

/** All that a tutor may see of a person: it fits into the gradebook. */
export type StudentRow = SendingRow & { id: number; ref: string; name: string | null; progress: number }

const PAGE = 100
const SORTED_BY = '(lower(coalesce(p.shown_name, pa.ref)), pa.id)'
const students = statement<StudentRow>(
  'list_students',
  `select pa.id, pa.ref, p.shown_name as name, pa.progress, ${SENDING}
   from participants pa join people p on p.id = pa.person_id ${JOIN_SENDING}
   where pa.programme_id = $1 and pa.state in ('eligible', 'exception', 'finished')
     and ($2::integer is null or ${SORTED_BY} > (
     select lower(coalesce(b.shown_name, a.ref)), a.id from participants a join people b on b.id = a.person_id
     where a.id = $2 and a.programme_id = $1))
   order by lower(coalesce(p.shown_name, pa.ref)), pa.id limit ${PAGE + 1}`,
)
/** One page of the people who take part, by name, for staff of the course; after participant `after`. */
export async function listStudents(
  viewer: Viewer,
  after?: number,
): Promise<{ students: StudentRow[]; hasMore: boolean }> {
  const rows = viewer.staff ? await students(viewer.programme?.id, after ?? null) : []
  return { students: rows.slice(0, PAGE), hasMore: rows.length > PAGE }
}

export type ToDoRow = {
  applications: number
  waiting: number
  free: boolean
  mentees: number
  mentors: number
  /** Since when the oldest number waits for the gradebook. */
  grades_since: Date | null
}
const toDo = statement<ToDoRow>(
  'count_to_do',
  `select
     (select count(*)::int from (select 1 from participants pa where pa.programme_id = $1 and pa.state = 'applied' limit 100) a)
       as applications,
     (select count(*)::int from (select 1 from participants pa where pa.programme_id = $1 and pa.state = 'waiting' limit 100) w)
       as waiting,
     (select pr.places from programmes pr where pr.id = $1) > (select count(*) from (
       select 1 from participants pa where pa.programme_id = $1 and pa.role = 'mentee'
         and pa.state in ('eligible', 'exception', 'finished') limit 1000) t)
       as free,
     (select count(*)::int from (select 1 from participants pa where pa.programme_id = $1 and pa.role = 'mentee'
       and pa.state in ('eligible', 'exception') and not exists (select 1 from matches m where m.mentee_id = pa.id
         and m.ended_at is null and (m.state <> 'offered' or m.expires_at > $2)) limit 100) b) as mentees,
     (select count(*)::int from (select 1 from participants pa where pa.programme_id = $1 and pa.role = 'mentor'
       and pa.state in ('eligible', 'exception') and pa.open_matches < pa.capacity limit 100) c) as mentors,
     ${WAITING_SINCE} as grades_since`,
)
/** How many wait for an answer, for a place (and whether there is one), for a mentor, and how many mentors have room; nobody needs to know more exactly than 100. */
export async function countToDo(viewer: Viewer, at: Date): Promise<ToDoRow> {
  const [counts] = hasDuty(viewer, 'coordinator') ? await toDo(viewer.programme?.id, at) : []
  return counts ?? { applications: 0, waiting: 0, free: false, mentees: 0, mentors: 0, grades_since: null }
}

/** What waits in a programme at the beginning of a week, the most urgent first. */
export type WeekRow = Record<
  'applications' | 'unmatched' | 'unsigned' | 'silent' | 'stuck' | 'reports' | 'honoraria' | 'grades' | 'unreachable',
  number
>
const week = statement<WeekRow>(
  'count_week',
  `select
     (select count(*)::int from participants pa where pa.programme_id = $1 and pa.state = 'applied') as applications,
     (select count(*)::int from participants pa where pa.programme_id = $1 and pa.role = 'mentee'
       and pa.state in ('eligible', 'exception') and not exists (select 1 from matches m where m.mentee_id = pa.id
         and m.ended_at is null and (m.state <> 'offered' or m.expires_at > $2))) as unmatched,
     (select count(*)::int from matches m where m.programme_id = $1 and m.state = 'agreeing'
       and greatest(m.mentee_answered_at, m.mentor_answered_at) <= $2::timestamptz - interval '7 days') as unsigned,
     (select count(*)::int from matches m where m.programme_id = $1 and m.state = 'active'
       and greatest(m.last_contact_on, m.active_at::date) <= $2::timestamptz::date - 21) as silent,
     (select count(*)::int from matches m where m.programme_id = $1 and m.state = 'active' and m.stage = 1
       and m.stage_since <= $2::timestamptz - interval '21 days') as stuck,
     (select count(*)::int from reports r where r.programme_id = $1 and r.state in ('received', 'in_review')) as reports,
     (select count(*)::int from honoraria h where h.programme_id = $1 and h.state = 'due') as honoraria,
     (select count(*)::int from scores s join participants pa on pa.id = s.participant_id where pa.programme_id = $1
       and s.sent_version < s.version and s.waiting_since <= now() - interval '1 day') as grades,
     (select count(*)::int from participants pa join people p on p.id = pa.person_id where pa.programme_id = $1
       and pa.state in ('eligible', 'exception', 'applied', 'waiting') and p.mail_address is null) as unreachable`,
)
/** In numbers alone, for the mail that a coordinator gets on Mondays. */
export async function countWeek(_as: System, programme: FoundProgramme, at: Date): Promise<WeekRow> {
  const [counts] = await week(programme.id, at)
  if (!counts) throw new Error('A count without a row')
  return counts
}
