import { statement } from '../../db.ts'
import { JOIN_SENDING, SENDING, WAITING_SINCE, type SendingRow } from '../grades/index.ts'
import { hasDuty, type Viewer } from '../../web/viewer.ts'

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
