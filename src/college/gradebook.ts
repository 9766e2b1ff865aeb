import { finalGrade, FULL_GRADE } from './courses.ts'
import type { Course, GradeRecord, LineItem } from './courses.ts'
import type { CollegePerson } from './people.ts'
import type { Site } from './site.ts'

/** A grade as the gradebook shows it. */
export type Grade = {
  /** 0 to 100. */
  score: number
  comment: string
  /** The timestamp of the score, as the tool sent it. */
  timestamp: string
  arrivedAt: string
  /** "Receive a passing grade", with 100 to pass. */
  complete: boolean
}

/** The grade in a column; undefined when there is none, or it was cleared. */
export function gradeIn(column: LineItem | undefined, userId: string): Grade | undefined {
  const record = column?.grades[userId]
  return column && record && toGrade(record, column)
}

function toGrade(record: GradeRecord, column: LineItem): Grade | undefined {
  const final = finalGrade(record, column)
  if (final === null) return undefined
  const score = column.scoreMaximum === 0 ? final : (final * FULL_GRADE) / column.scoreMaximum
  const { comment, timestamp, arrivedAt } = record
  return { score, comment, timestamp: timestamp ?? '', arrivedAt, complete: score >= FULL_GRADE }
}

/** What the gradebook page says of a score for somebody who cannot have one. */
export const NO_GRADED_ROLE = 'this person has no graded role in the course'

/** Only people whose role is a graded one get a grade: students who are in the course. */
export function isGradable({ store }: Site, course: Course, userId: string): boolean {
  const person = store.data.people.find(({ id }) => id === userId)
  return person?.kind === 'student' && course.enrolled.includes(userId)
}

/** A score from the tool, on the column's scale; null clears the grade. The teacher's override stays. */
export function giveGrade(
  item: LineItem,
  userId: string,
  given: Pick<GradeRecord, 'raw' | 'comment' | 'timestamp'>,
): void {
  const record = recordOf(item, userId)
  record.raw = given.raw
  record.timestamp = given.raw === null ? null : given.timestamp
  record.arrivedAt = new Date().toISOString()
  if (record.override === null) record.comment = given.raw === null ? '' : given.comment
}

/**
 * What can be done in the gradebook besides the tool: a teacher sets a grade, gives it back to the tool (null), locks and
 * unlocks it; another system writes one with a time of its own, as an import does.
 */
export type HandMade = { override?: number | null; locked?: boolean; written?: { raw: number; timestamp: string } }

export async function changeByHand(
  site: Site,
  column: LineItem | undefined,
  person: CollegePerson,
  change: HandMade,
): Promise<void> {
  if (!column) return
  const record = recordOf(column, person.id)
  if (change.override !== undefined) record.override = change.override
  if (change.locked !== undefined) record.locked = change.locked
  if (change.written) Object.assign(record, change.written)
  if (change.override !== undefined) record.arrivedAt = new Date().toISOString()
  await site.store.keep()
}

/** As if so many seconds had gone by: scores are older, and tokens nearer to their end. */
export function letTimePass({ store, tokens }: Site, seconds: number): void {
  const earlier = (time: string) => new Date(Date.parse(time) - seconds * 1000).toISOString()
  const records = store.data.courses.flatMap(({ lineItems }) =>
    lineItems.flatMap(({ grades }) => Object.values(grades)),
  )
  for (const record of records) if (record.timestamp !== null) record.timestamp = earlier(record.timestamp)
  for (const token of tokens.values()) token.expiresAt -= seconds * 1000
}

function recordOf({ grades }: LineItem, userId: string): GradeRecord {
  return (grades[userId] ??= emptyRecord())
}

export function emptyRecord(): GradeRecord {
  return { raw: null, comment: '', timestamp: null, arrivedAt: '', override: null, locked: false }
}
