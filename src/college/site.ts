import { join } from 'node:path'
import type { JSONWebKeySet } from 'jose'
import type { ActivityForm } from './activities.ts'
import { findActivity } from './courses.ts'
import type { Activity, Course } from './courses.ts'
import { makeFirstData } from './data.ts'
import type { CollegeData, ReceivedScore } from './data.ts'
import type { Faults } from './faults.ts'
import { bringUpToDate } from './older-data.ts'
import type { CollegePerson } from './people.ts'
import { readKey } from './signing.ts'
import type { SigningKey } from './signing.ts'
import { openStore } from './store.ts'
import type { Store } from './store.ts'
import { moveFirstTool } from './tools.ts'
import type { Tool } from './tools.ts'

export const COLLEGE_NAME = 'Demo college'

export type CollegeOptions = {
  /** The college's own origin; also the issuer. */
  url: string
  /** The tool's origin. */
  toolUrl: string
  /** The folder of college.json; made when missing. */
  dataDir: string
}

/** Who opens what, and how: what Moodle keeps in its session between launch and login. */
export type Launch = {
  person: CollegePerson
  course: Course
  tool: Tool
  /** Null: the tool is asked to select content. */
  activity: Activity | null
  names: boolean
  /** A teacher who switched their role to student. */
  asStudent: boolean
  target: Activity['target']
  /** Laid over the deep linking settings. */
  settings?: Record<string, unknown> | undefined
}

/** What a tool has selected, until a teacher saves it. */
export type Selection = {
  courseId: string
  clientId: string
  items: ActivityForm[]
  /** What the tool says about it. */
  notice: { isError: boolean; text: string } | undefined
}

/** What became of a deep linking response. */
export type Placed = { claims: Record<string, unknown> } | { refused: string }

type AccessToken = { clientId: string; scopes: string[]; expiresAt: number }

/** The college as its own code sees it: what is kept, and what lasts as long as the process. */
export type Site = {
  url: string
  key: SigningKey
  store: Store<CollegeData>
  /** Launches under way, by launch id. */
  launches: Map<string, Launch>
  selections: Map<string, Selection>
  /** Nonces of deep linking responses, which are good for one. */
  nonces: Map<string, true>
  /** The last deep linking response of each course. */
  placed: Map<string, Placed>
  tokens: Map<string, AccessToken>
  /** The key sets of the tools as last fetched, by client id. */
  toolKeys: Map<string, JSONWebKeySet>
  /** How often the college was asked for its key set and for tokens. */
  fetched: { jwks: number; tokens: number }
  received: ReceivedScore[]
  faults: Faults
}

/** A file of the version before this one is brought up to date; any other stops the start. */
export async function openSite({ url, toolUrl, dataDir }: CollegeOptions): Promise<Site> {
  const file = join(dataDir, 'college.json')
  const toolOrigin = new URL(toolUrl).origin
  const store = await openStore(file, () => makeFirstData(toolOrigin))
  if (bringUpToDate(store.data, toolOrigin)) await store.keep()
  if ((store.data.version as number) !== 2) throw new Error(`${file} was written by another version: move it away`)
  moveFirstTool(store.data.tools, toolOrigin)
  return {
    url: new URL(url).origin,
    key: readKey(store.data.key),
    store,
    launches: new Map(),
    selections: new Map(),
    nonces: new Map(),
    placed: new Map(),
    tokens: new Map(),
    toolKeys: new Map(),
    fetched: { jwks: 0, tokens: 0 },
    received: [...store.data.received],
    faults: {},
  }
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

/** A tool by its client id or its deployment id. */
export function findTool({ store }: Site, which: string): Tool | undefined {
  return store.data.tools.find(({ clientId, deploymentId }) => clientId === which || deploymentId === which)
}

/** The tool that is there from the start. */
export function firstTool({ store }: Site): Tool {
  const [tool] = store.data.tools
  if (!tool) throw new Error('A college has at least one tool')
  return tool
}

/** An activity by its number, or the first one of the course; without a course, of all courses. */
export function findPlace(
  site: Site,
  ids: { course: string | undefined; activity: string | undefined },
): Place | undefined {
  const { course: courseId, activity: activityId } = ids
  const isAnywhere = courseId === undefined && activityId !== undefined
  const courses = isAnywhere ? site.store.data.courses : [findCourse(site, courseId)]
  for (const course of courses) {
    const activity = course && findActivity(course, activityId)
    if (activity) return { course, activity }
  }
  return undefined
}
type Place = { course: Course; activity: Activity }

/** Somebody by id or by username. */
export function findPerson({ store }: Site, who: string): CollegePerson | undefined {
  return store.data.people.find(({ id, username }) => id === who || username === who)
}

/** The people of a course besides the staff. */
export function listEnrolled({ store }: Site, course: Course): CollegePerson[] {
  const enrolled = new Set(course.enrolled)
  return store.data.people.filter(({ id }) => enrolled.has(id))
}

/** For changes that no answer waits for: should this write fail, the next one holds them too. */
export function keepSoon({ store }: Site): void {
  store.keep().catch(() => undefined)
}
