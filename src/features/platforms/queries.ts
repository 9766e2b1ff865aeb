import { statement } from '../../db.ts'
import type { LaunchFacts } from '../../lti/index.ts'
import type { Viewer } from '../../web/viewer.ts'

/** The viewer's visit as the LMS began it, and how what it offers has worked so far. */
export type LaunchRow = {
  facts: LaunchFacts
  platform: string
  course: string | null
  /** The programme's own link has, or had, a column in the gradebook. */
  has_column: boolean
  /** One was asked for, or looked for: how that went. */
  column_wanted: boolean
  column_problem: 'none' | 'no_access' | 'later' | null
  /** It could be made. */
  line_items: boolean
  /** When a number last got through to it, and how many people it takes no number for. */
  sent_at: Date | null
  not_graded: number
}
const find = statement<LaunchRow>(
  'find_launch',
  `select s.launch as facts, pl.name as platform, c.title as course, l.line_item_url is not null as has_column,
     coalesce(l.column_wanted, false) as column_wanted, l.column_problem, l.line_items_url is not null as line_items,
     (select max(sc.sent_at) from scores sc where sc.resource_link_id = l.id) as sent_at,
     (select count(*)::int from (select 1 from scores sc where sc.resource_link_id = l.id and sc.problem = 'not_graded'
       limit 100) few) as not_graded
   from sessions s join people p on p.id = s.person_id join platforms pl on pl.id = p.platform_id
   left join contexts c on c.id = s.context_id left join resource_links l on l.id = s.resource_link_id
   where s.id = $1`,
)
/** What came with the launch of the viewer's own visit, for staff. */
export async function findLaunch(viewer: Viewer): Promise<LaunchRow | undefined> {
  return viewer.staff ? (await find(viewer.sessionId))[0] : undefined
}
