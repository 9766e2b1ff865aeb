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
  label: string
  scoreMaximum: number
  resourceId: string
  tag: string
  resourceLinkId: string | null
  /** True for the column that the activity itself brought. */
  ofActivity: boolean
  grades: Record<string, GradeRecord>
}

export type Course = {
  id: string
  label: string
  title: string
  idNumber: string
  /** Number of the activity among all activities of the site (Moodle's `cmid`). */
  activityId: number
  resourceLinkId: string
  activityTitle: string
  /** Whether the tool may have names and e-mail; in Moodle a setting of the tool, here what the last launch chose. */
  sharesNames: boolean
  /** Ids of the people enrolled besides the staff, who are in every course. */
  enrolled: string[]
  lineItems: LineItem[]
}

/** A full grade: also what has to be reached to pass, so that the activity is complete at 100 of 100 only. */
export const FULL_GRADE = 100

type CourseNumbers = { course: number; lineItem: number }

/** A course with the activity in it and the activity's own column. */
export function makeCourse(title: string, { course, lineItem }: CourseNumbers): Course {
  const resourceLinkId = String(course - 1)
  return {
    id: String(course),
    label: `COURSE-${course}`,
    title,
    idNumber: '',
    activityId: course + 2,
    resourceLinkId,
    activityTitle: 'Signpost: Steps to HE 2026/27',
    sharesNames: true,
    enrolled: [],
    lineItems: [
      makeLineItem({
        id: String(lineItem),
        label: 'E-mentoring',
        scoreMaximum: FULL_GRADE,
        resourceLinkId,
        ofActivity: true,
      }),
    ],
  }
}

/** The first course, with everybody in it who is not staff. */
export function makeFirstCourse(enrolled: string[]): Course {
  const course = makeCourse('Access to HE: Study Skills', { course: 2, lineItem: 2 })
  return { ...course, label: 'AHE-SS', idNumber: 'AHE-2026', enrolled }
}

export function makeLineItem(
  given: Pick<LineItem, 'id' | 'label' | 'scoreMaximum' | 'resourceLinkId'> & Partial<LineItem>,
): LineItem {
  return { resourceId: '', tag: '', ofActivity: false, grades: {}, ...given }
}

export function columnOf(course: Course): LineItem | undefined {
  return course.lineItems.find(({ ofActivity }) => ofActivity)
}

/** What the gradebook shows: the teacher's override, or what the tool gave, kept between 0 and the maximum. */
export function finalGrade({ raw, override }: GradeRecord, { scoreMaximum }: LineItem): number | null {
  const grade = override ?? raw
  return grade === null ? null : Math.min(Math.max(grade, 0), scoreMaximum)
}
