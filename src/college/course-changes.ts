import { MAIN_ACTIVITY, placeActivity } from './activities.ts'
import type { ActivityForm } from './activities.ts'
import { makeCourse } from './courses.ts'
import type { Activity, Course, LineItem } from './courses.ts'
import { firstTool, keepSoon } from './site.ts'
import type { Site } from './site.ts'
import type { Tool } from './tools.ts'

/** A new course with its own activity and column, and nobody but the staff in it yet. */
export function addCourse(site: Site, title: string): Course {
  const course = makeCourse(nextCourseId(site), title)
  placeActivity(course, firstTool(site), MAIN_ACTIVITY, site.store.data.next)
  site.store.data.courses.push(course)
  keepSoon(site)
  return course
}

export function addActivity(site: Site, course: Course, tool: Tool, form: ActivityForm): Activity {
  const activity = placeActivity(course, tool, form, site.store.data.next)
  keepSoon(site)
  return activity
}

/**
 * Moodle's "Copy course" as observed: everything has new numbers; addresses, parameters and columns with their
 * `resourceId` and `tag` are kept; nobody is enrolled and no grade comes along.
 */
export function copyCourse(site: Site, course: Course): Course {
  const links = new Map<string, Activity>()
  const { next } = site.store.data
  const copy: Course = {
    ...makeCourse(nextCourseId(site), `${course.title} copy`),
    label: `${course.label}copy`,
    history: [course.id, ...course.history],
    inChooser: { ...course.inChooser },
  }
  for (const activity of course.activities) {
    const id = String(next.activity++)
    const copied = { ...activity, custom: { ...activity.custom }, id, resourceLinkId: String(next.resourceLink++) }
    copy.activities.push(copied)
    links.set(activity.resourceLinkId, copied)
  }
  for (const item of course.lineItems) copy.lineItems.push(copyColumn(item, String(next.lineItem++), links))
  site.store.data.courses.push(copy)
  keepSoon(site)
  return copy
}

function copyColumn(item: LineItem, id: string, links: Map<string, Activity>): LineItem {
  const link = item.resourceLinkId === null ? undefined : links.get(item.resourceLinkId)
  const activityId = item.activityId === null ? null : (link?.id ?? null)
  return { ...item, id, resourceLinkId: link?.resourceLinkId ?? null, activityId, grades: {} }
}

function nextCourseId({ store }: Site): string {
  return String(Math.max(...store.data.courses.map(({ id }) => Number(id))) + 1)
}
