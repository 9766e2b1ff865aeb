import type { Express, Request } from 'express'
import { membershipsUrl, SERVICES } from './addresses.ts'
import { basicOutcomeOf } from './claims.ts'
import { columnOf, findLink } from './courses.ts'
import type { Activity, Course } from './courses.ts'
import { applyFault } from './faults.ts'
import { mayEditCourse } from './people.ts'
import type { CollegePerson } from './people.ts'
import { pageOf, queryOf } from './requests.ts'
import { SCOPES } from './scopes.ts'
import { admit, send } from './services.ts'
import type { Answer } from './services.ts'
import { listEnrolled } from './site.ts'
import type { Site } from './site.ts'
import type { Tool } from './tools.ts'

const CONTAINER = 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json'
const TERMS = { formats: [CONTAINER], scopes: [SCOPES.memberships], anyAccept: true }
const ROLE = 'http://purl.imsglobal.org/vocab/lis/v2/membership#'

/**
 * The roster (NRPS 2.0 2.2), as Moodle 4.5 was observed to serve it. Its roles are short names and not those of a
 * launch: whoever may not edit the course is a Learner. Administrators are not in it.
 */
export function serveMemberships(app: Express, site: Site): void {
  const path = `${SERVICES}/CourseSection/:course/bindings/:tool/memberships`
  app.get(path, applyFault(site.faults, 'memberships'), (req, res) => {
    send(req, res, list(site, req))
  })
}

function list(site: Site, req: Request): Answer {
  const admission = admit(site, req, TERMS)
  if ('refusal' in admission) return admission.refusal
  const { course, tool } = admission
  const link = queryOf(req, 'rlid') ?? ''
  const activity = findLink(course, link, tool.clientId)
  if (link !== '' && !activity) return { status: 404, reason: `Not Found: LTI link ${link} doesn't exist` }
  const people = membersOf(site, course).filter((person) => hasRole(person, queryOf(req, 'role') ?? ''))
  const { limit, from } = pageOf(req)
  const page = limit > 0 ? people.slice(from, from + limit) : people
  const more = limit > 0 && from + limit < people.length
  const url = membershipsUrl(site, course, tool)
  const { id, label, title } = course
  const members = page.map((person) => ({
    ...memberAsJson(person, activity && messageOf(site, { course, tool, activity, person })),
    ...(course.sharesNames ? identityOf(person, tool) : {}),
  }))
  return {
    status: 200,
    type: CONTAINER,
    body: JSON.stringify({ id: url, context: { id, label, title }, members }),
    ...(more ? { link: nextLink(url, { limit, from: from + limit, link }) } : {}),
  }
}

/** The next page keeps the link and forgets the role. */
function nextLink(url: string, { limit, from, link }: { limit: number; from: number; link: string }): string {
  return `<${url}?limit=${limit}&from=${from}${link === '' ? '' : `&rlid=${link}`}>; rel="next"`
}

/** Staff and enrolled people by family name, then by given name, as Moodle orders them. */
function membersOf(site: Site, course: Course): CollegePerson[] {
  const staff = site.store.data.people.filter(({ group, kind }) => group === 'Staff' && kind !== 'admin')
  return [...staff, ...listEnrolled(site, course)].sort(
    (one, other) =>
      one.familyName.localeCompare(other.familyName) ||
      one.givenName.localeCompare(other.givenName) ||
      Number(one.id) - Number(other.id),
  )
}

/** Short or full names of the two roles that Moodle knows; any other is ignored and everybody comes. */
function hasRole(person: CollegePerson, role: string): boolean {
  const full = /^https?:\/\//.test(role) ? role : `${ROLE}${role}`
  if (full === `${ROLE}Instructor`) return mayEditCourse(person)
  if (full === `${ROLE}Learner`) return !mayEditCourse(person)
  return true
}

function memberAsJson(person: CollegePerson, message: object | undefined): object {
  return {
    status: 'Active',
    roles: [mayEditCourse(person) ? 'Instructor' : 'Learner'],
    ...(message ? { message: [message] } : {}),
    user_id: person.id,
    lis_person_sourcedid: person.idNumber,
  }
}

type Linked = { course: Course; tool: Tool; activity: Activity; person: CollegePerson }

/** What the roster adds when it is asked for one link. */
function messageOf(site: Site, { course, tool, activity, person }: Linked): object {
  const outcome = basicOutcomeOf(site, { activity, tool, person })
  return {
    'https://purl.imsglobal.org/spec/lti/claim/message_type': 'LtiResourceLinkRequest',
    ...(columnOf(course, activity) ? { 'https://purl.imsglobal.org/spec/lti-bo/claim/basicoutcome': outcome } : {}),
  }
}

/** As much as the tool may know. The roster does not trim: somebody with one name has a blank behind it. */
function identityOf({ givenName, familyName, email, username }: CollegePerson, { shares }: Tool): object {
  return {
    ...(shares.name ? { name: `${givenName} ${familyName}`, given_name: givenName, family_name: familyName } : {}),
    ...(shares.email ? { email } : {}),
    ...(shares.name ? { ext_user_username: username } : {}),
  }
}
