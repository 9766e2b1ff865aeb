import type { Request } from 'express'
import { isInChooser } from './courses.ts'
import type { Course } from './courses.ts'
import type { Refusal } from './pages.ts'
import { mayAddActivities } from './people.ts'
import type { CollegePerson } from './people.ts'
import { fieldOf } from './requests.ts'
import { findCourse, findPerson, findTool } from './site.ts'
import type { Site } from './site.ts'
import type { Tool } from './tools.ts'

/** Who adds an activity of which tool, where. */
export type Adding = { course: Course; tool: Tool; person: CollegePerson }

/** From the address or a form; without a person it is the first editing teacher. */
export function readAdding(site: Site, req: Request, toolId = fieldOf(req, 'tool')): Adding | Refusal {
  const course = findCourse(site, fieldOf(req, 'course'))
  const tool = findTool(site, toolId)
  const person = findPerson(site, fieldOf(req, 'user') || firstTeacher(site))
  if (!course || !tool || !person)
    return {
      status: 404,
      refusal: 'There is no such course, tool or person',
      advice: 'Start again at the course page.',
    }
  return refusalOf({ course, tool, person }) ?? { course, tool, person }
}

/** As Moodle asks for `course:manageactivities` and `mod/lti:addcoursetool`, and for a tool in the activity chooser. */
function refusalOf({ course, tool, person }: Adding): Refusal | undefined {
  if (!mayAddActivities(person)) {
    const advice = 'Editing teachers, managers and administrators may.'
    return { status: 403, refusal: `${person.name} may not add activities`, advice }
  }
  if (tool.state === 'pending')
    return { status: 404, refusal: `${tool.name} is pending`, advice: 'Activate it under Manage tools.' }
  const advice = 'Switch on "Show in activity chooser" under LTI External tools.'
  return isInChooser(course, tool)
    ? undefined
    : { status: 404, refusal: `${tool.name} is not in the activity chooser`, advice }
}

function firstTeacher({ store }: Site): string {
  return store.data.people.find(({ kind }) => kind === 'teacher')?.id ?? ''
}

/** What takes the choice from one page to the next. */
export function addingQuery({ course, tool, person }: Adding): Record<string, string> {
  return { course: course.id, tool: tool.clientId, user: person.id }
}
