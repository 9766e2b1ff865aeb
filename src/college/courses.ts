import type { Tool } from './tools.ts'

/** What a tool has given one person in one column, on the column's own scale. */
export type GradeRecord = {
  /** Null: cleared by the tool, or never given. */
  raw: number | null
  comment: string
  /** The score's own timestamp, as sent; null when the grade was cleared, so that any timestamp is taken next. */
  timestamp: string | null
  arrivedAt: string
  /** Set by a teacher in the gradebook; it stays whatever the tool sends. */
  override: number | null
  locked: boolean
}

/** A gradebook column (AGS 2.0 3.2). */
export type LineItem = {
  id: string
  /** The tool that it belongs to; others neither see nor change it. */
  deploymentId: string
  label: string
  scoreMaximum: number
  resourceId: string
  tag: string
  resourceLinkId: string | null
  /** The activity that brought the column; null for one that the tool made. */
  activityId: string | null
  grades: Record<string, GradeRecord>
}

/** One link to a tool in a course. */
export type Activity = {
  /** Number among all activities of the site (Moodle's `cmid`). */
  id: string
  /** Number among all links to tools. */
  resourceLinkId: string
  title: string
  /** May hold markup, as a teacher or a tool wrote it. */
  description: string
  toolClientId: string
  /** Its own `target_link_uri`; empty: the tool's. */
  url: string
  custom: Record<string, string>
  /** How it opens when nobody says otherwise. */
  target: 'iframe' | 'window'
}

export type Course = {
  id: string
  label: string
  title: string
  idNumber: string
  /** Ids of the courses that this one is a copy of, the nearest first. */
  history: string[]
  /** Whether tools are told names and e-mail; in Moodle a setting of the tool, here also what the last launch chose. */
  sharesNames: boolean
  /** Ids of the people enrolled besides the staff, who are in every course. */
  enrolled: string[]
  activities: Activity[]
  lineItems: LineItem[]
  /** "Show in activity chooser" by client id, where it was switched in this course. */
  inChooser: Record<string, boolean>
}

/** A full grade: also what has to be reached to pass, so that the activity is complete at 100 of 100 only. */
export const FULL_GRADE = 100

/** A course with nothing in it. */
export function makeCourse(id: string, title: string): Course {
  return {
    id,
    label: `COURSE-${id}`,
    title,
    idNumber: '',
    history: [],
    sharesNames: true,
    enrolled: [],
    activities: [],
    lineItems: [],
    inChooser: {},
  }
}

export function makeLineItem(
  given: Pick<LineItem, 'id' | 'deploymentId' | 'label' | 'scoreMaximum' | 'resourceLinkId'> & Partial<LineItem>,
): LineItem {
  return { resourceId: '', tag: '', activityId: null, grades: {}, ...given }
}

/** The activity with this number, or the first one when no number is given. */
export function findActivity({ activities }: Course, id?: string): Activity | undefined {
  return id === undefined ? activities[0] : activities.find((activity) => activity.id === id)
}

/** The activity behind a resource link, if it is one of this tool. */
export function findLink({ activities }: Course, resourceLinkId: string, clientId: string): Activity | undefined {
  return activities.find((one) => one.resourceLinkId === resourceLinkId && one.toolClientId === clientId)
}

/** Whether a teacher of the course can choose the tool: what the course says, or else the site. */
export function isInChooser({ inChooser }: Course, { clientId, state, shownInChooser }: Tool): boolean {
  return state === 'active' && (inChooser[clientId] ?? shownInChooser)
}

/** The column that the activity brought; without an activity, that of the first one. */
export function columnOf(course: Course, activity = course.activities[0]): LineItem | undefined {
  return course.lineItems.find(({ activityId }) => activityId !== null && activityId === activity?.id)
}

/** What a launch calls `lineitem`: after a second column of the link, or without one, Moodle leaves it out. */
export function linkedColumn(course: Course, activity: Activity): LineItem | undefined {
  const column = columnOf(course, activity)
  const isSecond = (item: LineItem) => item !== column && item.resourceLinkId === activity.resourceLinkId
  return course.lineItems.some(isSecond) ? undefined : column
}

/** What the gradebook shows: the teacher's override, or what the tool gave, kept between 0 and the maximum. */
export function finalGrade({ raw, override }: GradeRecord, { scoreMaximum }: LineItem): number | null {
  const grade = override ?? raw
  return grade === null ? null : Math.min(Math.max(grade, 0), scoreMaximum)
}
