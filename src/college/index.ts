import { randomUUID } from 'node:crypto'
import type { Express } from 'express'
import { lineItemUrl } from './addresses.ts'
import { createApp } from './app.ts'
import { claimsOf } from './claims.ts'
import type { Course } from './courses.ts'
import { replaceFaults } from './faults.ts'
import type { Faults } from './faults.ts'
import { changeByHand, gradeIn } from './gradebook.ts'
import type { Grade, HandMade } from './gradebook.ts'
import { isStaff } from './people.ts'
import type { CollegePerson } from './people.ts'
import { CLIENT_ID, COLLEGE_NAME, DEPLOYMENT_ID } from './registration.ts'
import { signClaims } from './signing.ts'
import { addCourse, addStudent, addTeacher, enrol, findCourse, firstCourse, openSite } from './site.ts'
import type { CollegeOptions, Launch, ReceivedScore, Site } from './site.ts'

export type { Faults } from './faults.ts'
export type { Grade, HandMade } from './gradebook.ts'
export type { CollegePerson } from './people.ts'
export type { CollegeOptions, ReceivedScore } from './site.ts'

export type CollegeCourse = { id: string; resourceLinkId: string; lineItemUrl: string; title: string }

export type LaunchOptions = {
  course?: CollegeCourse | undefined
  names?: boolean | undefined
  asStudent?: boolean | undefined
  nonce?: string | undefined
  target?: Launch['target'] | undefined
}

/** A small LTI 1.3 Advantage platform that behaves like the Moodle 4.5 we observed. */
export type College = {
  /** To listen with. */
  app: Express
  /** What a tool must know of its platform. */
  platform: {
    name: string
    issuer: string
    clientId: string
    deploymentId: string
    authUrl: string
    tokenUrl: string
    jwksUrl: string
  }
  readonly people: readonly CollegePerson[]
  /** The course that is there from the start. */
  readonly course: CollegeCourse
  gradeOf: (userId: string, course?: CollegeCourse) => Grade | undefined
  /** Every score POST since the start, the oldest first, and before that the newest ones of the file. */
  received: () => readonly ReceivedScore[]
  /** Change it in place, or put a new one. */
  faults: Faults
  /** A new student of the first course. */
  addStudent: (name: string) => CollegePerson
  /** A new editing teacher of all courses. */
  addTeacher: (name: string) => CollegePerson
  addCourse: (title: string) => CollegeCourse
  /** A grade set or locked by a teacher in the gradebook. */
  changeByHand: (person: CollegePerson, change: HandMade, course?: CollegeCourse) => Promise<void>
  /** Signs any claims with the college's key; `header` is laid over the honest one. */
  sign: (claims: object, header?: object) => Promise<string>
  /** The id_token claims of a launch that happens now; like a launch, it enrols the person in the course. */
  claimsFor: (person: CollegePerson, options?: LaunchOptions) => Record<string, unknown>
  /** Resolves when everything is on the disk; before that, nobody should remove the folder. */
  settle: () => Promise<void>
}

/** Opens the college whose data lie in `dataDir`, or founds it there. */
export async function createCollege(options: CollegeOptions): Promise<College> {
  const site = await openSite(options)
  return {
    app: createApp(site),
    platform: platformOf(site),
    get people() {
      return site.store.data.people
    },
    get course() {
      return describeCourse(site, firstCourse(site))
    },
    gradeOf: (userId, course) => gradeIn(courseOf(site, course), userId),
    received: () => site.received,
    get faults() {
      return site.faults
    },
    set faults(next) {
      replaceFaults(site.faults, next)
    },
    addStudent: (name) => addStudent(site, name),
    addTeacher: (name) => addTeacher(site, name),
    addCourse: (title) => describeCourse(site, addCourse(site, title)),
    changeByHand: (person, change, course) => changeByHand(site, courseOf(site, course), person, change),
    sign: (claims, header) => signClaims(site.key, claims, header),
    claimsFor: (person, launchOptions = {}) => claimsFor(site, person, launchOptions),
    settle: () => site.store.settle(),
  }
}

function claimsFor(site: Site, person: CollegePerson, options: LaunchOptions): Record<string, unknown> {
  const { names = true, asStudent = false, nonce = randomUUID(), target = 'iframe' } = options
  const course = courseOf(site, options.course)
  if (enrol(course, person)) site.store.keep().catch(() => undefined) // the next write holds it too
  return claimsOf(site, { person, course, names, asStudent: asStudent && isStaff(person), target }, nonce)
}

function courseOf(site: Site, course: CollegeCourse | undefined): Course {
  const found = findCourse(site, course?.id)
  if (!found) throw new Error(`This college has no course ${course?.id ?? ''}`)
  return found
}

function describeCourse(site: Site, course: Course): CollegeCourse {
  const { id, resourceLinkId, title } = course
  const column = course.lineItems[0]
  return { id, resourceLinkId, title, lineItemUrl: column ? lineItemUrl(site, course, column) : '' }
}

function platformOf({ url }: Site): College['platform'] {
  return {
    name: COLLEGE_NAME,
    issuer: url,
    clientId: CLIENT_ID,
    deploymentId: DEPLOYMENT_ID,
    authUrl: `${url}/auth`,
    tokenUrl: `${url}/token`,
    jwksUrl: `${url}/certs`,
  }
}
