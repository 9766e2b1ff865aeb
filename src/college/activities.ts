import { FULL_GRADE, makeLineItem } from './courses.ts'
import type { Activity, Course } from './courses.ts'
import { gradeScopesOf } from './tools.ts'
import type { Tool } from './tools.ts'

/** The running numbers of the site: what the next one of each will be called. */
export type Numbers = { activity: number; resourceLink: number; lineItem: number; deployment: number }

/** What makes an activity, filled in by a teacher or selected in the tool. */
export type ActivityForm = {
  title: string
  description?: string | undefined
  url?: string | undefined
  custom?: Record<string, string> | undefined
  target?: Activity['target'] | undefined
  /** Without it the activity is not graded. */
  lineItem?: ColumnForm | undefined
}
/** Without a label the column is named after the activity. */
export type ColumnForm = {
  scoreMaximum: number
  resourceId?: string | undefined
  tag?: string | undefined
  label?: string | undefined
}

/** The activity that every new course has. */
export const MAIN_ACTIVITY: ActivityForm = {
  title: 'Signpost: Steps to HE 2026/27',
  lineItem: { scoreMaximum: FULL_GRADE, label: 'E-mentoring' },
}

/** Puts an activity into the course, with its own column if it is graded and the tool may give grades. */
export function placeActivity(course: Course, tool: Tool, form: ActivityForm, next: Numbers): Activity {
  const { title, description = '', url = '', custom = {}, target = 'iframe', lineItem } = form
  const activity: Activity = {
    id: String(next.activity++),
    resourceLinkId: String(next.resourceLink++),
    title,
    description,
    toolClientId: tool.clientId,
    url,
    custom,
    target,
  }
  course.activities.push(activity)
  if (lineItem && gradeScopesOf(tool).length > 0) addColumn(course, activity, { tool, form: lineItem, next })
  return activity
}

function addColumn(
  course: Course,
  { id, resourceLinkId, title }: Activity,
  { tool, form, next }: { tool: Tool; form: ColumnForm; next: Numbers },
): void {
  const { scoreMaximum, resourceId = '', tag = '', label = title } = form
  const { deploymentId } = tool
  const numbers = { id: String(next.lineItem++), deploymentId, resourceLinkId, activityId: id }
  course.lineItems.push(makeLineItem({ ...numbers, label, scoreMaximum, resourceId, tag }))
}
