import { createHash, randomInt } from 'node:crypto'
import { lineItemsUrl, lineItemUrl, membershipsUrl } from './addresses.ts'
import { columnOf, linkedColumn } from './courses.ts'
import type { Activity } from './courses.ts'
import { customOf } from './custom.ts'
import { isStaff } from './people.ts'
import type { CollegePerson } from './people.ts'
import { COLLEGE_NAME } from './site.ts'
import type { Launch, Site } from './site.ts'
import { gradeScopesOf, hasMemberships } from './tools.ts'
import type { Tool } from './tools.ts'

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

/**
 * The id_token claims of a launch that happens now (LTI 1.3 core 5.3 and 5.4), or of a request to select content (deep
 * linking 2.0 4.4), as Moodle 4.5 was observed to send them.
 */
export function claimsOf(site: Site, launch: Launch, nonce: string): Record<string, unknown> {
  const { person, course, tool } = launch
  const now = Math.floor(Date.now() / 1000)
  return {
    nonce,
    iat: now,
    exp: now + SECONDS_TO_LIVE,
    iss: site.url,
    aud: tool.clientId,
    [`${LTI}/deployment_id`]: tool.deploymentId,
    [`${LTI}/target_link_uri`]: targetOf(launch),
    sub: person.id,
    [`${LTI}/lis`]: { person_sourcedid: person.idNumber, course_section_sourcedid: course.idNumber },
    [`${LTI}/roles`]: rolesOf(person, launch.asStudent),
    [`${LTI}/context`]: { id: course.id, label: course.label, title: course.title, type: ['CourseSection'] },
    [`${LTI}/message_type`]: launch.activity ? 'LtiResourceLinkRequest' : 'LtiDeepLinkingRequest',
    ...linkOf(site, launch),
    ...identityOf(launch),
    [`${LTI}/launch_presentation`]: presentationOf(site, launch),
    [`${LTI}/tool_platform`]: platformOf(site),
    [`${LTI}/version`]: '1.3.0',
    [`${LTI}/custom`]: customOf(site, launch),
    ...servicesOf(site, launch),
    ...selectionOf(site, launch),
  }
}

/** The activity's own address if it has one, or the tool's; for a selection of content, the address for that. */
export function targetOf({ activity, tool }: Launch): string {
  const own = activity ? activity.url : (tool.deepLinkingUrl ?? '')
  return own === '' ? tool.launchUrl : own
}

function linkOf(site: Site, { course, activity, tool, person }: Launch): object {
  if (!activity) return {}
  const isGraded = columnOf(course, activity) !== undefined
  const { title, description, resourceLinkId: id } = activity
  return {
    [`${LTI}/resource_link`]: { title, description: plainText(description), id },
    ...(isGraded
      ? {
          'https://purl.imsglobal.org/spec/lti-bo/claim/basicoutcome': basicOutcomeOf(site, { activity, tool, person }),
        }
      : {}),
  }
}

function plainText(markup: string): string {
  return markup.replace(/<[^<>]*>/g, '').trim()
}

/** Moodle knows three role lists. A teacher who switched to student is a Learner, with nothing to tell them by. */
function rolesOf(person: CollegePerson, asStudent: boolean): string[] {
  if (asStudent || !isStaff(person)) return [`${MEMBERSHIP}#Learner`]
  return person.kind === 'admin' ? ADMINISTRATOR : [`${MEMBERSHIP}#Instructor`]
}

/** What the launch shares, as far as the tool may know it. */
function identityOf({ person, names, tool: { shares } }: Launch): Record<string, unknown> {
  const { givenName: given_name, familyName: family_name, name, username: user_username, email } = person
  const isNamed = names && shares.name
  return {
    ...(isNamed ? { given_name, family_name, name } : {}),
    [`${LTI}/ext`]: { ...(isNamed ? { user_username } : {}), lms: 'moodle-2' },
    ...(names && shares.email ? { email } : {}),
  }
}

function presentationOf({ url }: Site, { course, activity, target }: Launch): object {
  if (!activity) return { locale: 'en' }
  const query = `course=${course.id}&launch_container=${CONTAINERS[target]}&instanceid=${activity.resourceLinkId}&sesskey=demo`
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

/** The services that are on for the tool; `lineitem` is there when the link has exactly one column. */
function servicesOf(site: Site, { course, activity, tool }: Launch): object {
  const scope = gradeScopesOf(tool)
  const column = activity && linkedColumn(course, activity)
  const grades = {
    scope,
    lineitems: lineItemsUrl(site, course, tool),
    ...(column ? { lineitem: lineItemUrl(site, course, column) } : {}),
  }
  const roster = {
    context_memberships_url: membershipsUrl(site, course, tool),
    service_versions: ['1.0', '2.0'],
  }
  return {
    ...(scope.length > 0 ? { 'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint': grades } : {}),
    ...(hasMemberships(tool) ? { 'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice': roster } : {}),
  }
}

/** What may be selected, and where the answer goes. Moodle sends no `data`. */
function selectionOf({ url }: Site, { course, activity, tool, person, settings }: Launch): object {
  if (activity) return {}
  const query = `course=${course.id}&id=${tool.deploymentId}&user=${person.id}&sesskey=demo`
  const honest = {
    accept_types: ['ltiResourceLink'],
    accept_presentation_document_targets: ['frame', 'iframe', 'window'],
    accept_copy_advice: false,
    accept_multiple: true,
    accept_unsigned: false,
    auto_create: false,
    can_confirm: false,
    deep_link_return_url: `${url}/contentitem_return?${query}`,
    title: tool.name,
    text: '',
  }
  return { 'https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings': { ...honest, ...settings } }
}

type Outcome = { activity: Activity; tool: Tool; person: CollegePerson }

/** Moodle sends this older service with every graded link, to everybody; the college does not answer it. */
export function basicOutcomeOf({ url }: Site, { activity, tool, person }: Outcome): object {
  const data = {
    instanceid: activity.resourceLinkId,
    userid: person.id,
    typeid: tool.deploymentId,
    launchid: randomInt(1, 2 ** 31),
  }
  const hash = createHash('sha256').update(JSON.stringify(data)).digest('hex')
  return {
    lis_result_sourcedid: JSON.stringify({ data, hash }),
    lis_outcome_service_url: `${url}/mod/lti/service.php`,
  }
}
