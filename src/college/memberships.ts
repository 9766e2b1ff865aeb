import type { Express, Request } from 'express'
import { membershipsUrl, SERVICES } from './addresses.ts'
import { basicOutcomeOf } from './claims.ts'
import type { Course } from './courses.ts'
import { applyFault } from './faults.ts'
import { mayEditCourse } from './people.ts'
import type { CollegePerson } from './people.ts'
import { SCOPES } from './registration.ts'
import { pageOf, queryOf } from './requests.ts'
import { admit, send } from './services.ts'
import type { Answer } from './services.ts'
import { listEnrolled } from './site.ts'
import type { Site } from './site.ts'

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
  const { course } = admission
  const link = queryOf(req, 'rlid') ?? ''
  if (link !== '' && link !== course.resourceLinkId)
    return { status: 404, reason: `Not Found: LTI link ${link} doesn't exist` }
  const people = membersOf(site, course).filter((person) => hasRole(person, queryOf(req, 'role') ?? ''))
  const { limit, from } = pageOf(req)
  const page = limit > 0 ? people.slice(from, from + limit) : people
  const more = limit > 0 && from + limit < people.length
  const { id, label, title } = course
  const members = page.map((person) => memberAsJson(site, course, person, link !== ''))
  return {
    status: 200,
    type: CONTAINER,
    body: JSON.stringify({ id: membershipsUrl(site, course), context: { id, label, title }, members }),
    ...(more ? { link: nextLink(membershipsUrl(site, course), { limit, from: from + limit, link }) } : {}),
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

function memberAsJson(site: Site, course: Course, person: CollegePerson, withMessage: boolean): object {
  const message = {
    'https://purl.imsglobal.org/spec/lti/claim/message_type': 'LtiResourceLinkRequest',
    'https://purl.imsglobal.org/spec/lti-bo/claim/basicoutcome': basicOutcomeOf(site, course, person),
  }
  return {
    status: 'Active',
    roles: [mayEditCourse(person) ? 'Instructor' : 'Learner'],
    ...(withMessage ? { message: [message] } : {}),
    user_id: person.id,
    lis_person_sourcedid: person.idNumber,
    ...(course.sharesNames ? identityOf(person) : {}),
  }
}

/** The roster does not trim: somebody with one name has a blank behind it. */
function identityOf({ givenName, familyName, email, username }: CollegePerson): object {
  return {
    name: `${givenName} ${familyName}`,
    given_name: givenName,
    family_name: familyName,
    email,
    ext_user_username: username,
  }
}
