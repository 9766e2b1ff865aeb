import { statement } from '../../db.ts'
import { JOIN_SENDING, SENDING, type SendingRow } from '../progress/index.ts'
import { hasDuty, type Viewer } from '../../web/viewer.ts'

/** All that a tutor may see of a person: it fits into the gradebook. */
export type StudentRow = SendingRow & { id: number; ref: string; name: string | null; progress: number }

const PAGE = 100
const SORTED_BY = '(lower(coalesce(p.name, pa.ref)), pa.id)'
const students = statement<StudentRow>(
  'list_students',
  `select pa.id, pa.ref, p.name, pa.progress, ${SENDING}
   from participants pa join people p on p.id = pa.person_id ${JOIN_SENDING}
   where pa.programme_id = $1 and ($2::integer is null or ${SORTED_BY} > (
     select lower(coalesce(b.name, a.ref)), a.id from participants a join people b on b.id = a.person_id
     where a.id = $2 and a.programme_id = $1))
   order by lower(coalesce(p.name, pa.ref)), pa.id limit ${PAGE + 1}`,
)
/** One page of the people who take part, by name, for staff of the course; after participant `after`. */
export async function listStudents(
  viewer: Viewer,
  after?: number,
): Promise<{ students: StudentRow[]; hasMore: boolean }> {
  const rows = viewer.staff ? await students(viewer.programme?.id, after ?? null) : []
  return { students: rows.slice(0, PAGE), hasMore: rows.length > PAGE }
}

export type ToPairRow = { mentees: number; mentors: number }
const toPair = statement<ToPairRow>(
  'count_to_pair',
  `select
     (select count(*)::int from (select 1 from participants pa where pa.programme_id = $1 and pa.role = 'mentee'
       and not exists (select 1 from matches m where m.mentee_id = pa.id and m.ended_at is null) limit 100) a) as mentees,
     (select count(*)::int from (select 1 from participants pa where pa.programme_id = $1 and pa.role = 'mentor' limit 100) b)
       as mentors`,
)
/** How many mentees wait for a mentor, and how many mentors there are; nobody needs to know more exactly than 100. */
export async function countToPair(viewer: Viewer): Promise<ToPairRow> {
  const [counts] = hasDuty(viewer, 'coordinator') ? await toPair(viewer.programme?.id) : []
  return counts ?? { mentees: 0, mentors: 0 }
}
