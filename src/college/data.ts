import { MAIN_ACTIVITY, placeActivity } from './activities.ts'
import type { Numbers } from './activities.ts'
import { makeCourse } from './courses.ts'
import type { Course } from './courses.ts'
import { FIRST_PEOPLE } from './people.ts'
import type { CollegePerson } from './people.ts'
import { makeKey } from './signing.ts'
import type { StoredKey } from './signing.ts'
import { makeFirstTool } from './tools.ts'
import type { Tool } from './tools.ts'

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
export type CollegeData = {
  version: 2
  key: StoredKey
  people: CollegePerson[]
  tools: Tool[]
  courses: Course[]
  next: Numbers
  refused: RefusedScore[]
  received: ReceivedScore[]
}

/** One tool, and one course with its activity and with everybody in it who is not staff. */
export async function makeFirstData(toolOrigin: string): Promise<CollegeData> {
  const people = [...FIRST_PEOPLE]
  const enrolled = people.filter(({ group }) => group !== 'Staff').map(({ id }) => id)
  const tool = makeFirstTool(toolOrigin)
  const course = { ...makeCourse('2', 'Access to HE: Study Skills'), label: 'AHE-SS', idNumber: 'AHE-2026', enrolled }
  const next = { activity: 4, resourceLink: 1, lineItem: 2, deployment: 2 }
  placeActivity(course, tool, MAIN_ACTIVITY, next)
  const key = await makeKey()
  return { version: 2, key, people, tools: [tool], courses: [course], next, refused: [], received: [] }
}
