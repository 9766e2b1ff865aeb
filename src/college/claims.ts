import { createHash, randomInt } from 'node:crypto'
import { lineItemsUrl, lineItemUrl, membershipsUrl } from './addresses.ts'
import { columnOf } from './courses.ts'
import type { Course, LineItem } from './courses.ts'
import { isStaff } from './people.ts'
import type { CollegePerson } from './people.ts'
import { CLIENT_ID, COLLEGE_NAME, DEPLOYMENT_ID, GRADE_SCOPES } from './registration.ts'
import type { Launch, Site } from './site.ts'

const LTI = 'https://purl.imsglobal.org/spec/lti/claim'
const MEMBERSHIP = 'http://purl.imsglobal.org/vocab/lis/v2/membership'
const ADMINISTRATOR = [
  'http://purl.imsglobal.org/vocab/lis/v2/institution/person#Administrator',
  `${MEMBERSHIP}#Instructor`,
  'http://purl.imsglobal.org/vocab/lis/v2/system/person#Administrator',
]
/** Moodle's numbers for "in the page, without blocks" and "in a new window". */
const CONTAINERS = { iframe: 3, window: 4 }
const SECONDS_TO_LIVE = 60

/** The id_token claims of a launch that happens now (LTI 1.3 core 5.3 and 5.4), as Moodle 4.5 was observed to send them. */
export function claimsOf(site: Site, launch: Launch, nonce: string): Record<string, unknown> {
  const { person, course } = launch
  const now = Math.floor(Date.now() / 1000)
  return {
    nonce,
    iat: now,
    exp: now + SECONDS_TO_LIVE,
    iss: site.url,
    aud: CLIENT_ID,
    [`${LTI}/deployment_id`]: DEPLOYMENT_ID,
    [`${LTI}/target_link_uri`]: site.tool.launch,
    sub: person.id,
    [`${LTI}/lis`]: { person_sourcedid: person.idNumber, course_section_sourcedid: course.idNumber },
    [`${LTI}/roles`]: rolesOf(person, launch.asStudent),
    [`${LTI}/context`]: { id: course.id, label: course.label, title: course.title, type: ['CourseSection'] },
    [`${LTI}/message_type`]: 'LtiResourceLinkRequest',
    [`${LTI}/resource_link`]: { title: course.activityTitle, description: '', id: course.resourceLinkId },
    'https://purl.imsglobal.org/spec/lti-bo/claim/basicoutcome': basicOutcomeOf(site, course, person),
    ...identityOf(launch),
    [`${LTI}/launch_presentation`]: presentationOf(site, launch),
    [`${LTI}/tool_platform`]: platformOf(site),
    [`${LTI}/version`]: '1.3.0',
    [`${LTI}/custom`]: { context_memberships_url: membershipsUrl(site, course) },
    'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint': endpointOf(site, course),
    'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice': {
      context_memberships_url: membershipsUrl(site, course),
      service_versions: ['1.0', '2.0'],
    },
  }
}

/** Moodle knows three role lists. A teacher who switched to student is a Learner, with nothing to tell them by. */
function rolesOf(person: CollegePerson, asStudent: boolean): string[] {
  if (asStudent || !isStaff(person)) return [`${MEMBERSHIP}#Learner`]
  return person.kind === 'admin' ? ADMINISTRATOR : [`${MEMBERSHIP}#Instructor`]
}

function identityOf({ person, names }: Launch): Record<string, unknown> {
  if (!names) return { [`${LTI}/ext`]: { lms: 'moodle-2' } }
  return {
    given_name: person.givenName,
    family_name: person.familyName,
    name: person.name,
    [`${LTI}/ext`]: { user_username: person.username, lms: 'moodle-2' },
    email: person.email,
  }
}

function presentationOf({ url }: Site, { course, target }: Launch): object {
  const query = `course=${course.id}&launch_container=${CONTAINERS[target]}&instanceid=${course.resourceLinkId}&sesskey=demo`
  return { locale: 'en', document_target: target, return_url: `${url}/mod/lti/return.php?${query}` }
}

function platformOf({ url }: Site): object {
  return {
    product_family_code: 'moodle',
    version: '2024100706',
    guid: createHash('md5').update(url).digest('hex'),
    name: COLLEGE_NAME,
    description: `${COLLEGE_NAME} (not Moodle, not real)`,
  }
}

/** `lineitem` is there when the link has exactly one column; after a second one, or none, Moodle leaves it out. */
function endpointOf(site: Site, course: Course): object {
  const column = columnOf(course)
  const others = course.lineItems.filter((item) => isSecondColumn(item, course))
  return {
    scope: GRADE_SCOPES,
    lineitems: lineItemsUrl(site, course),
    ...(column && others.length === 0 ? { lineitem: lineItemUrl(site, course, column) } : {}),
  }
}

function isSecondColumn({ ofActivity, resourceLinkId }: LineItem, course: Course): boolean {
  return !ofActivity && resourceLinkId === course.resourceLinkId
}

/** Moodle sends this older service with every graded link, to everybody; the college does not answer it. */
export function basicOutcomeOf({ url }: Site, course: Course, person: CollegePerson): object {
  const data = {
    instanceid: course.resourceLinkId,
    userid: person.id,
    typeid: DEPLOYMENT_ID,
    launchid: randomInt(1, 2 ** 31),
  }
  const hash = createHash('sha256').update(JSON.stringify(data)).digest('hex')
  return {
    lis_result_sourcedid: JSON.stringify({ data, hash }),
    lis_outcome_service_url: `${url}/mod/lti/service.php`,
  }
}
