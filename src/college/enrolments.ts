import type { Course } from './courses.ts'
import { asStudent, makeStudent } from './people.ts'
import type { CollegePerson } from './people.ts'
import { firstCourse, keepSoon } from './site.ts'
import type { Site } from './site.ts'

/** Enrols whoever is launched; staff are in every course already. Says whether that changed anything. */
export function enrol(course: Course, person: CollegePerson): boolean {
  if (person.group === 'Staff' || course.enrolled.includes(person.id)) return false
  course.enrolled.push(person.id)
  return true
}

/** Takes somebody out of a course; their grades stay, as in Moodle. Staff are in every course and stay there. */
export function unenrol(site: Site, person: CollegePerson, course: Course): void {
  course.enrolled = course.enrolled.filter((id) => id !== person.id)
  keepSoon(site)
}

/** Gives somebody without a graded role the role of student. */
export async function enrolAsStudent({ store }: Site, id: string): Promise<void> {
  store.data.people = store.data.people.map((person) =>
    person.id === id && person.kind === 'ungraded' ? asStudent(person) : person,
  )
  await store.keep()
}

/** Where a new student stands: of the first course, and on its page among those who may become mentees, if nobody says otherwise. */
export type NewStudent = { course?: Course | undefined; group?: 'Mentees' | 'Mentors' | undefined }

/** A new student of a course. */
export function addStudent(site: Site, name: string, { course, group = 'Mentees' }: NewStudent = {}): CollegePerson {
  const { people } = site.store.data
  const person = { ...makeStudent(nextId(people), name), group }
  people.push(person)
  enrol(course ?? firstCourse(site), person)
  keepSoon(site)
  return person
}

/** A new editing teacher of all courses, with what the course page says of them. */
export function addTeacher(site: Site, name: string, note = 'Teacher'): CollegePerson {
  const { people } = site.store.data
  const person: CollegePerson = { ...makeStudent(nextId(people), name), kind: 'teacher', group: 'Staff', note }
  people.push(person)
  keepSoon(site)
  return person
}

function nextId(people: readonly CollegePerson[]): string {
  return String(Math.max(...people.map(({ id }) => Number(id))) + 1)
}
