import { lineItemUrl } from './addresses.ts'
import { columnOf } from './courses.ts'
import type { Activity, Course } from './courses.ts'
import { COLLEGE_NAME } from './site.ts'
import type { Site } from './site.ts'
import type { Tool } from './tools.ts'

/** A course with the link and the column of its first activity. */
export type CollegeCourse = { id: string; resourceLinkId: string; lineItemUrl: string; title: string }
/** An activity; `id` is Moodle's cmid, and `lineItemUrl` is empty when it is not graded. */
export type CollegeActivity = { id: string; resourceLinkId: string; lineItemUrl: string; title: string }
export type CollegeTool = Readonly<Pick<Tool, 'clientId' | 'deploymentId' | 'name' | 'state'>>
/** What a tool must know of its platform. */
export type CollegePlatform = {
  name: string
  issuer: string
  clientId: string
  deploymentId: string
  authUrl: string
  tokenUrl: string
  jwksUrl: string
}

export function describeCourse(site: Site, course: Course): CollegeCourse {
  const [first] = course.activities
  const { id, title } = course
  const link = first && describeActivity(site, course, first)
  return { id, title, resourceLinkId: link?.resourceLinkId ?? '', lineItemUrl: link?.lineItemUrl ?? '' }
}

export function describeActivity(site: Site, course: Course, activity: Activity): CollegeActivity {
  const { id, resourceLinkId, title } = activity
  const column = columnOf(course, activity)
  return { id, resourceLinkId, title, lineItemUrl: column ? lineItemUrl(site, course, column) : '' }
}

export function describeTool({ clientId, deploymentId, name, state }: Tool): CollegeTool {
  return { clientId, deploymentId, name, state }
}

export function describePlatform(
  { url }: Site,
  { clientId, deploymentId }: Pick<Tool, 'clientId' | 'deploymentId'>,
): CollegePlatform {
  return {
    name: COLLEGE_NAME,
    issuer: url,
    clientId,
    deploymentId,
    authUrl: `${url}/auth`,
    tokenUrl: `${url}/token`,
    jwksUrl: `${url}/certs`,
  }
}
