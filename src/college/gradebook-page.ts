import { finalGrade } from './courses.ts'
import type { Course, GradeRecord, LineItem } from './courses.ts'
import type { ReceivedScore, RefusedScore } from './data.ts'
import { emptyRecord, gradeIn, NO_GRADED_ROLE } from './gradebook.ts'
import { tabsOf, topOf } from './pages.ts'
import type { Choice, Tabs, Top } from './pages.ts'
import type { CollegePerson } from './people.ts'
import { listEnrolled } from './site.ts'
import type { Site } from './site.ts'

type When = { iso: string; text: string }
type GradeItem = {
  name: string
  score: string
  complete: boolean
  marks: string
  comment: string
  arrived: When | undefined
}
type RefusedItem = { heading: string; text: string; when: When; enrol: { id: string; name: string } | undefined }
export type GradebookPage = {
  top: Top
  tabs: Tabs
  courseId: string
  /** Empty when there is nothing to choose. */
  columns: Choice[]
  columnId: string
  hasColumn: boolean
  columnTitle: string
  grades: GradeItem[]
  refused: RefusedItem[]
  last: string
  people: { id: string; name: string }[]
}

/** One column of the gradebook, newest first, with what was refused in the course and the last message. */
export function gradebookPage(site: Site, course: Course, column: LineItem | undefined): GradebookPage {
  const people = listEnrolled(site, course).filter(({ kind }) => kind === 'student')
  const refused = site.store.data.refused.filter(({ courseId }) => courseId === course.id)
  return {
    top: topOf('Gradebook'),
    tabs: tabsOf(course, 'gradebook'),
    courseId: course.id,
    columns: course.lineItems.length > 1 ? course.lineItems.map((item) => columnChoice(item, column)) : [],
    columnId: course.lineItems.length > 1 ? (column?.id ?? '') : '',
    hasColumn: column !== undefined,
    columnTitle: column?.label ?? '',
    grades: column ? newestFirst(people, column).map((person) => gradeItem(column, person)) : [],
    refused: refused.map((score) => refusedItem(site, score)),
    last: lastMessage(site.received.findLast(({ path }) => path.includes(`/${course.id}/lineitems/`))),
    people: people.map(({ id, name }) => ({ id, name })),
  }
}

function columnChoice({ id, label }: LineItem, chosen: LineItem | undefined): Choice {
  return { value: id, label, selected: id === chosen?.id }
}

function newestFirst(people: CollegePerson[], { grades }: LineItem): CollegePerson[] {
  const arrivalOf = ({ id }: CollegePerson) => grades[id]?.arrivedAt ?? ''
  return people.toSorted((one, other) => arrivalOf(other).localeCompare(arrivalOf(one)))
}

function gradeItem(column: LineItem, person: CollegePerson): GradeItem {
  const record = column.grades[person.id] ?? emptyRecord()
  const final = finalGrade(record, column)
  return {
    name: person.name,
    score: final === null ? 'No score' : `${round(final)} of ${round(column.scoreMaximum)}`,
    complete: gradeIn(column, person.id)?.complete ?? false,
    marks: marksOf(record),
    comment: record.comment,
    arrived: record.arrivedAt === '' ? undefined : when(record.arrivedAt),
  }
}

function marksOf({ override, locked }: GradeRecord): string {
  return [...(override === null ? [] : ['changed by hand']), ...(locked ? ['locked'] : [])].join(', ')
}

function refusedItem({ store }: Site, score: RefusedScore): RefusedItem {
  const person = store.data.people.find(({ id }) => id === score.userId)
  return {
    heading: refusedHeading(score, person),
    text: `${score.status}: ${score.reason}.${isMended(score, person) ? ' Enrolled as a student since then.' : ''}`,
    when: when(score.at),
    enrol: person?.kind === 'ungraded' ? { id: person.id, name: person.name } : undefined,
  }
}

function isMended({ reason }: RefusedScore, person: CollegePerson | undefined): boolean {
  return reason === NO_GRADED_ROLE && person?.kind === 'student'
}

function refusedHeading({ userId, body }: RefusedScore, person: CollegePerson | undefined): string {
  const name = person?.name ?? (userId === '' ? 'Nobody named' : `Person ${userId}`)
  const given = body['scoreGiven']
  const maximum = body['scoreMaximum']
  return isPlain(given) && isPlain(maximum) ? `${name}, ${given} of ${maximum}` : name
}

function lastMessage(received: ReceivedScore | undefined): string {
  if (!received) return 'Nothing has arrived yet.'
  const { path, text, body, status } = received
  const message = Object.keys(body).length > 0 ? JSON.stringify(body, null, 2) : text
  return `POST ${path}\n${message}\n\nAnswer: ${status}`
}

/** "Today, 14:52:07", or the day and the time, on the clock of this machine. */
function when(iso: string): When {
  const date = new Date(iso)
  const today = new Date().toDateString() === date.toDateString()
  const day = today ? 'Today' : date.toLocaleDateString('en-GB', { day: 'numeric', month: 'long' })
  return { iso, text: `${day}, ${date.toLocaleTimeString('en-GB')}` }
}

function round(value: number): string {
  return String(Math.round(value * 100) / 100)
}

function isPlain(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number'
}
