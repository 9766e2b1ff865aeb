import type { Course, LineItem } from './courses.ts'
import type { Site } from './site.ts'
import type { Tool } from './tools.ts'

/** Where Moodle keeps the services of its external tools. */
export const SERVICES = '/mod/lti/services.php'

export function lineItemsUrl({ url }: Site, course: Course, { deploymentId }: Tool): string {
  return `${url}${SERVICES}/${course.id}/lineitems?type_id=${deploymentId}`
}

/** The query string is Moodle's: whoever appends "/scores" to this address as text gets 400. */
export function lineItemUrl(site: Site, course: Course, item: LineItem): string {
  return `${lineItemPath(site, course, item)}?type_id=${item.deploymentId}`
}

export function resultUrl(site: Site, course: Course, item: LineItem, userId: string): string {
  return `${lineItemPath(site, course, item)}/results?type_id=${item.deploymentId}&user_id=${userId}`
}

export function membershipsUrl({ url }: Site, course: Course, { deploymentId }: Tool): string {
  return `${url}${SERVICES}/CourseSection/${course.id}/bindings/${deploymentId}/memberships`
}

function lineItemPath({ url }: Site, course: Course, { id }: LineItem): string {
  return `${url}${SERVICES}/${course.id}/lineitems/${id}/lineitem`
}
