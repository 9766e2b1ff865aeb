import type { Course, LineItem } from './courses.ts'
import { DEPLOYMENT_ID } from './registration.ts'
import type { Site } from './site.ts'

/** Where Moodle keeps the services of its external tools. */
export const SERVICES = '/mod/lti/services.php'

export function lineItemsUrl({ url }: Site, course: Course): string {
  return `${url}${SERVICES}/${course.id}/lineitems?type_id=${DEPLOYMENT_ID}`
}

/** The query string is Moodle's: whoever appends "/scores" to this address as text gets 400. */
export function lineItemUrl(site: Site, course: Course, item: Pick<LineItem, 'id'>): string {
  return `${lineItemPath(site, course, item)}?type_id=${DEPLOYMENT_ID}`
}

export function resultUrl(site: Site, course: Course, item: LineItem, userId: string): string {
  return `${lineItemPath(site, course, item)}/results?type_id=${DEPLOYMENT_ID}&user_id=${userId}`
}

export function membershipsUrl({ url }: Site, course: Course): string {
  return `${url}${SERVICES}/CourseSection/${course.id}/bindings/${DEPLOYMENT_ID}/memberships`
}

function lineItemPath({ url }: Site, course: Course, { id }: Pick<LineItem, 'id'>): string {
  return `${url}${SERVICES}/${course.id}/lineitems/${id}/lineitem`
}
