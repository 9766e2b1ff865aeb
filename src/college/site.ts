import { join } from 'node:path'
import type { JSONWebKeySet } from 'jose'
import { makeCourse, makeFirstCourse } from './courses.ts'
import type { Course } from './courses.ts'
import type { Faults } from './faults.ts'
import { asStudent, FIRST_PEOPLE, makeStudent } from './people.ts'
import type { CollegePerson } from './people.ts'
import { makeKey, readKey } from './signing.ts'
import type { SigningKey, StoredKey } from './signing.ts'
import { openStore } from './store.ts'
import type { Store } from './store.ts'

export type CollegeOptions = {
  /** The college's own origin; also the issuer. */
  url: string
  /** The tool's origin. */
  toolUrl: string
  /** The folder of college.json; made when missing. */
  dataDir: string
}

/** Who opens which activity, and how: what Moodle keeps in its session between launch and login. */
export type Launch = {
  person: CollegePerson
  course: Course
  names: boolean
  /** A teacher who switched their role to student. */
  asStudent: boolean
  target: 'iframe' | 'window'
}

type AccessToken = { scopes: string[]; expiresAt: number }

/** A score POST, whatever became of it. */
export type ReceivedScore = {
  /** Empty when the message named nobody. */
  userId: string
  /** The message, read as JSON; empty when it is not an object. */
  body: Record<string, unknown>
  /** The message as it came. */
  text: string
  path: string
  status: number
  at: string
}

export type RefusedScore = ReceivedScore & { courseId: string; reason: string }

/** Everything that outlives the process: the content of college.json. */
type CollegeData = {
  version: 1
  key: StoredKey
  people: CollegePerson[]
  courses: Course[]
  nextLineItem: number
  refused: RefusedScore[]
  received: ReceivedScore[]
}

/** The college as its own code sees it: what is kept, and what lasts as long as the process. */
export type Site = {
  url: string
  tool: { origin: string; login: string; launch: string; keys: string }
  key: SigningKey
  store: Store<CollegeData>
  /** Launches under way, by launch id. */
  launches: Map<string, Launch>
  tokens: Map<string, AccessToken>
  /** The tool's key set as last fetched. */
  toolKeys: JSONWebKeySet | undefined
  received: ReceivedScore[]
  faults: Faults
}

export async function openSite({ url, toolUrl, dataDir }: CollegeOptions): Promise<Site> {
  const file = join(dataDir, 'college.json')
  const store = await openStore(file, makeFirstData)
  if ((store.data.version as number) !== 1) throw new Error(`${file} was written by another version: move it away`)
  return {
    url: new URL(url).origin,
    tool: toolAt(new URL(toolUrl).origin),
    key: readKey(store.data.key),
    store,
    launches: new Map(),
    tokens: new Map(),
    toolKeys: undefined,
    received: [...store.data.received],
    faults: {},
  }
}

function toolAt(origin: string): Site['tool'] {
  return { origin, login: `${origin}/lti/login`, launch: `${origin}/lti/launch`, keys: `${origin}/lti/keys` }
}

async function makeFirstData(): Promise<CollegeData> {
  const people = [...FIRST_PEOPLE]
  const enrolled = people.filter(({ group }) => group !== 'Staff').map(({ id }) => id)
  const key = await makeKey()
  return { version: 1, key, people, courses: [makeFirstCourse(enrolled)], nextLineItem: 3, refused: [], received: [] }
}

/** The course with this id, or the first one when no id is given. */
export function findCourse({ store }: Site, id?: string): Course | undefined {
  return id === undefined ? store.data.courses[0] : store.data.courses.find((course) => course.id === id)
}

/** The course that is there from the start. */
export function firstCourse(site: Site): Course {
  const course = findCourse(site)
  if (!course) throw new Error('A college has at least one course')
  return course
}

/** Somebody by id or by username. */
export function findPerson({ store }: Site, who: string): CollegePerson | undefined {
  return store.data.people.find(({ id, username }) => id === who || username === who)
}

/** The people of a course besides the staff. */
export function listEnrolled({ store }: Site, course: Course): CollegePerson[] {
  const enrolled = new Set(course.enrolled)
  return store.data.people.filter(({ id }) => enrolled.has(id))
}

/** Enrols whoever is launched; staff are in every course already. Says whether that changed anything. */
export function enrol(course: Course, person: CollegePerson): boolean {
  if (person.group === 'Staff' || course.enrolled.includes(person.id)) return false
  course.enrolled.push(person.id)
  return true
}

/** Gives somebody without a graded role the role of student. */
export async function enrolAsStudent({ store }: Site, id: string): Promise<void> {
  store.data.people = store.data.people.map((person) =>
    person.id === id && person.kind === 'ungraded' ? asStudent(person) : person,
  )
  await store.keep()
}

/** A new student of the first course. */
export function addStudent(site: Site, name: string): CollegePerson {
  const { people } = site.store.data
  const person = makeStudent(nextAfter(people), name)
  people.push(person)
  enrol(firstCourse(site), person)
  keepSoon(site)
  return person
}

/** A new editing teacher of all courses. */
export function addTeacher(site: Site, name: string): CollegePerson {
  const { people } = site.store.data
  const person: CollegePerson = { ...makeStudent(nextAfter(people), name), kind: 'teacher', group: 'Staff' }
  people.push(person)
  keepSoon(site)
  return person
}

/** A new course with its own activity and column, and nobody but the staff in it yet. */
export function addCourse(site: Site, title: string): Course {
  const { data } = site.store
  const course = makeCourse(title, { course: Number(nextAfter(data.courses)), lineItem: data.nextLineItem })
  data.nextLineItem += 1
  data.courses.push(course)
  keepSoon(site)
  return course
}

function nextAfter(all: readonly { id: string }[]): string {
  return String(Math.max(...all.map(({ id }) => Number(id))) + 1)
}

/** For changes that no answer waits for: should this write fail, the next one holds them too. */
function keepSoon({ store }: Site): void {
  store.keep().catch(() => undefined)
}
