import { randomUUID } from 'node:crypto'
import type { Express } from 'express'
import type { ActivityForm } from './activities.ts'
import { createApp } from './app.ts'
import { claimsOf } from './claims.ts'
import { addActivity, addCourse, copyCourse } from './course-changes.ts'
import { columnOf, findActivity } from './courses.ts'
import type { Activity, Course, LineItem } from './courses.ts'
import type { ReceivedScore } from './data.ts'
import { describeActivity, describeCourse, describePlatform, describeTool } from './describe.ts'
import type { CollegeActivity, CollegeCourse, CollegePlatform, CollegeTool } from './describe.ts'
import { addStudent, addTeacher, enrol, unenrol } from './enrolments.ts'
import type { NewStudent } from './enrolments.ts'
import { replaceFaults } from './faults.ts'
import type { Faults } from './faults.ts'
import { changeByHand, gradeIn, letTimePass } from './gradebook.ts'
import type { Grade, HandMade } from './gradebook.ts'
import { isStaff } from './people.ts'
import type { CollegePerson } from './people.ts'
import { makeRegistrationQuery } from './registration-tokens.ts'
import type { RegistrationQuery } from './registration-tokens.ts'
import { signClaims } from './signing.ts'
import { findCourse, findTool, firstCourse, firstTool, keepSoon, openSite } from './site.ts'
import type { CollegeOptions, Launch, Placed, Site } from './site.ts'
import { activate } from './tool-changes.ts'
import type { Tool } from './tools.ts'

export type { ReceivedScore } from './data.ts'
export type { CollegeActivity, CollegeCourse, CollegePlatform, CollegeTool } from './describe.ts'
export type { Faults } from './faults.ts'
export type { Grade, HandMade } from './gradebook.ts'
export type { CollegePerson } from './people.ts'
export type { CollegeOptions, Placed } from './site.ts'

export type LaunchOptions = {
  course?: CollegeCourse | undefined
  /** Without it, the first of the course. */
  activity?: CollegeActivity | undefined
  names?: boolean | undefined
  asStudent?: boolean | undefined
  nonce?: string | undefined
  target?: Launch['target'] | undefined
}

export type NewStudentOf = Pick<NewStudent, 'group'> & { course?: CollegeCourse | undefined }

export type DeepLinkingOptions = {
  course?: CollegeCourse | undefined
  tool?: CollegeTool | undefined
  nonce?: string | undefined
  /** Laid over `deep_linking_settings`: `data`, `accept_multiple`, another `deep_link_return_url`. */
  settings?: Record<string, unknown> | undefined
}

/** A small LTI 1.3 Advantage platform that behaves like the Moodle 4.5 we observed. */
export type College = {
  /** To listen with. */
  app: Express
  /** What the first tool must know of its platform. */
  platform: CollegePlatform
  /** The same for another tool. */
  platformOf: (tool: CollegeTool) => CollegePlatform
  /** As they are now: the first one, and those that registered themselves. */
  readonly tools: readonly CollegeTool[]
  readonly people: readonly CollegePerson[]
  /** The course that is there from the start. */
  readonly course: CollegeCourse
  /** How often the key set and tokens were asked for. */
  readonly fetched: Readonly<Site['fetched']>
  /** The grade in the column of an activity; without one, of the first of the course. */
  gradeOf: (userId: string, course?: CollegeCourse, activity?: CollegeActivity) => Grade | undefined
  /** Every score POST since the start, the oldest first, and before that the newest ones of the file. */
  received: () => readonly ReceivedScore[]
  /** Change it in place, or put a new one. */
  faults: Faults
  /** A new student, of the first course and a mentee to be unless something else is said. */
  addStudent: (name: string, where?: NewStudentOf) => CollegePerson
  /** A new editing teacher of all courses, with what the course page says of them. */
  addTeacher: (name: string, note?: string) => CollegePerson
  /** Takes a student out of a course; a launch brings them back. */
  unenrol: (person: CollegePerson, course: CollegeCourse) => void
  addCourse: (title: string) => CollegeCourse
  /** As Moodle's "Copy course": new numbers for all, nobody enrolled, no grades, `$Context.id.history` set. */
  copyCourse: (course: CollegeCourse) => CollegeCourse
  /** An activity as a teacher would save it; without `tool` one of the first tool, without `lineItem` not graded. */
  addActivity: (course: CollegeCourse, form: ActivityForm & { tool?: CollegeTool | undefined }) => CollegeActivity
  activitiesOf: (course: CollegeCourse) => CollegeActivity[]
  /** What "Add LTI Advantage" adds to a tool's address; with a client id, to register that tool again. */
  registrationQuery: (update?: string) => Promise<RegistrationQuery>
  /** What an administrator does with a pending tool. */
  activate: (tool: CollegeTool) => Promise<void>
  /** A grade set or locked by a teacher in the gradebook. */
  changeByHand: (person: CollegePerson, change: HandMade, course?: CollegeCourse) => Promise<void>
  /** As if so many seconds had gone by for scores and tokens. */
  letTimePass: (seconds: number) => void
  /** Signs any claims with the college's key; `header` is laid over the honest one. */
  sign: (claims: object, header?: object) => Promise<string>
  /** The id_token claims of a launch that happens now; like a launch, it enrols the person in the course. */
  claimsFor: (person: CollegePerson, options?: LaunchOptions) => Record<string, unknown>
  /** The id_token claims of a request to select content, made now. */
  deepLinkingClaimsFor: (person: CollegePerson, options?: DeepLinkingOptions) => Record<string, unknown>
  /** The last deep linking response for the course: its verified claims, or why it was refused. */
  placed: (course?: CollegeCourse) => Placed | undefined
  /** Resolves when everything is on the disk; before that, nobody should remove the folder. */
  settle: () => Promise<void>
}

/** Opens the college whose data lie in `dataDir`, or founds it there. */
export async function createCollege(options: CollegeOptions): Promise<College> {
  const site = await openSite(options)
  return {
    app: createApp(site),
    platform: describePlatform(site, firstTool(site)),
    get tools() {
      return site.store.data.tools.map(describeTool)
    },
    get people() {
      return site.store.data.people
    },
    get course() {
      return describeCourse(site, firstCourse(site))
    },
    get faults() {
      return site.faults
    },
    set faults(next) {
      replaceFaults(site.faults, next)
    },
    fetched: site.fetched,
    received: () => site.received,
    sign: (claims, header) => signClaims(site.key, claims, header),
    settle: () => site.store.settle(),
    ...coursesOf(site),
    ...peopleOf(site),
    ...toolsOf(site),
  }
}

type ToolSide = 'platformOf' | 'registrationQuery' | 'activate' | 'deepLinkingClaimsFor' | 'placed'

function toolsOf(site: Site): Pick<College, ToolSide> {
  return {
    platformOf: (tool) => describePlatform(site, toolOf(site, tool)),
    registrationQuery: (update) => makeRegistrationQuery(site, update === undefined ? undefined : toolOf(site, update)),
    activate: (tool) => activate(site, toolOf(site, tool)),
    deepLinkingClaimsFor: (person, { course, tool, nonce = randomUUID(), settings } = {}) => {
      const where = { course: courseOf(site, course), tool: toolOf(site, tool), activity: null, settings }
      return claimsOf(site, { person, ...where, names: true, asStudent: false, target: 'iframe' }, nonce)
    },
    placed: (course) => site.placed.get(courseOf(site, course).id),
  }
}

type CourseSide = 'addCourse' | 'copyCourse' | 'addActivity' | 'activitiesOf'

function coursesOf(site: Site): Pick<College, CourseSide> {
  return {
    addCourse: (title) => describeCourse(site, addCourse(site, title)),
    copyCourse: (course) => describeCourse(site, copyCourse(site, courseOf(site, course))),
    addActivity: (course, { tool, ...form }) => {
      const found = courseOf(site, course)
      return describeActivity(site, found, addActivity(site, found, toolOf(site, tool), form))
    },
    activitiesOf: (course) => {
      const found = courseOf(site, course)
      return found.activities.map((activity) => describeActivity(site, found, activity))
    },
  }
}

type PeopleSide = 'addStudent' | 'addTeacher' | 'unenrol' | 'gradeOf' | 'changeByHand' | 'letTimePass' | 'claimsFor'

function peopleOf(site: Site): Pick<College, PeopleSide> {
  return {
    addStudent: (name, { course, group } = {}) => addStudent(site, name, { course: courseOf(site, course), group }),
    addTeacher: (name, note) => addTeacher(site, name, note),
    unenrol: (person, course) => {
      unenrol(site, person, courseOf(site, course))
    },
    gradeOf: (userId, course, activity) => gradeIn(gradedColumn(site, course, activity), userId),
    changeByHand: (person, change, course) => changeByHand(site, gradedColumn(site, course), person, change),
    letTimePass: (seconds) => {
      letTimePass(site, seconds)
    },
    claimsFor: (person, launchOptions = {}) => claimsFor(site, person, launchOptions),
  }
}

function claimsFor(site: Site, person: CollegePerson, options: LaunchOptions): Record<string, unknown> {
  const { names = true, asStudent = false, nonce = randomUUID() } = options
  const course = courseOf(site, options.course)
  const activity = activityOf(course, options.activity)
  const tool = toolOf(site, activity.toolClientId)
  const { target = activity.target } = options
  if (enrol(course, person)) keepSoon(site)
  const how = { names, asStudent: asStudent && isStaff(person), target }
  return claimsOf(site, { person, course, activity, tool, ...how }, nonce)
}

function gradedColumn(site: Site, course?: CollegeCourse, activity?: CollegeActivity): LineItem | undefined {
  const found = courseOf(site, course)
  return columnOf(found, activityOf(found, activity))
}

function activityOf(course: Course, activity: CollegeActivity | undefined): Activity {
  const found = findActivity(course, activity?.id)
  if (!found) throw new Error(`Course ${course.id} has no activity ${activity?.id ?? ''}`)
  return found
}

function courseOf(site: Site, course: CollegeCourse | undefined): Course {
  const found = findCourse(site, course?.id)
  if (!found) throw new Error(`This college has no course ${course?.id ?? ''}`)
  return found
}

function toolOf(site: Site, tool: CollegeTool | string | undefined): Tool {
  if (tool === undefined) return firstTool(site)
  const clientId = typeof tool === 'string' ? tool : tool.clientId
  const found = findTool(site, clientId)
  if (!found) throw new Error(`This college has no tool ${clientId}`)
  return found
}
