import { lineItemsUrl, lineItemUrl, membershipsUrl } from './addresses.ts'
import { linkedColumn } from './courses.ts'
import { isStaff } from './people.ts'
import type { Launch, Site } from './site.ts'
import { gradeScopesOf, hasMemberships } from './tools.ts'

/** Moodle sends null for a variable of a link when there is no link yet. */
type Value = string | null

/** Everybody who comes as mentee or mentor is in the one group of the course. */
const GROUP_ID = '1'

/** The variables that the college fills in (LTI 1.3 core, appendix C), as Moodle 4.5 was observed to. */
const OF_THE_COURSE = new Map<string, (launch: Launch) => Value>([
  ['Context.id', ({ course }) => course.id],
  ['Context.id.history', ({ course }) => course.history.join(',')],
  ['CourseSection.sourcedId', ({ course }) => course.idNumber],
  ['ResourceLink.id', ({ activity }) => activity?.resourceLinkId ?? null],
  ['ResourceLink.title', ({ activity }) => activity?.title ?? null],
  ['User.id', ({ person }) => person.id],
  ['User.username', ({ person }) => person.username],
  ['Person.sourcedId', ({ person }) => person.idNumber],
  ['Membership.role', roleOf],
  ['Moodle.Person.userGroupIds', ({ person }) => (person.group === 'Staff' ? '' : GROUP_ID)],
])

/** What the configuration of the platform lists. */
export const VARIABLE_NAMES = [...OF_THE_COURSE.keys()]

/** The `custom` claim: the activity's parameters, the tool's, which win, and the address of the roster. */
export function customOf(site: Site, launch: Launch): Record<string, Value> {
  const { tool, activity, course } = launch
  const given = Object.entries({ ...activity?.custom, ...tool.custom })
  return {
    ...Object.fromEntries(given.map(([name, value]) => [name, fillIn(site, launch, value)])),
    ...(hasMemberships(tool) ? { context_memberships_url: membershipsUrl(site, course, tool) } : {}),
  }
}

/** Only a value that is nothing but a variable is filled in; an unknown variable stays as it is. */
function fillIn(site: Site, launch: Launch, value: string): Value {
  if (!value.startsWith('$')) return value
  const name = value.slice(1)
  const variable = OF_THE_COURSE.get(name)
  if (variable) return variable(launch)
  return serviceVariable(site, launch, name) ?? value
}

/** These are known while their service is on, and the configuration of the platform does not list them. */
function serviceVariable(site: Site, { course, activity, tool }: Launch, name: string): string | undefined {
  if (name === 'ToolProxyBinding.memberships.url' && hasMemberships(tool)) return membershipsUrl(site, course, tool)
  if (gradeScopesOf(tool).length === 0) return undefined
  if (name === 'LineItems.url') return lineItemsUrl(site, course, tool)
  if (name !== 'LineItem.url') return undefined
  const column = activity && linkedColumn(course, activity)
  return column ? lineItemUrl(site, course, column) : ''
}

/** The older names of the roles, without the vocabulary. */
function roleOf({ person, asStudent }: Launch): string {
  if (asStudent || !isStaff(person)) return 'Learner'
  if (person.kind !== 'admin') return 'Instructor'
  return 'Instructor,urn:lti:sysrole:ims/lis/Administrator,urn:lti:instrole:ims/lis/Administrator'
}
