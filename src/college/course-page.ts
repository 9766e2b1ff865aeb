import { columnOf, isInChooser } from './courses.ts'
import type { Activity, Course } from './courses.ts'
import { choices, courseHref, gradebookHref, launchQuery, tabsOf, topOf } from './pages.ts'
import type { Choice, How, Tabs, Top } from './pages.ts'
import { mayAddActivities } from './people.ts'
import type { CollegePerson } from './people.ts'
import { findTool, firstTool, listEnrolled } from './site.ts'
import type { Site } from './site.ts'
import { labelOf } from './tools.ts'

type LaunchLink = { who: string; href: string; newWindow: boolean }
type PersonItem = { name: string; note: string; launch: LaunchLink; asStudent: LaunchLink | undefined }
type StepPart = { text: string; href?: string; newWindow: boolean }
type ActivityItem = { title: string; note: string }
export type CoursePage = {
  top: Top
  tabs: Tabs
  /** The activity that is launched, and what is said of it. */
  chosen: ActivityItem
  /** All activities; empty while there is one only. */
  activities: ActivityItem[]
  activityChoices: Choice[]
  courseId: string
  open: Choice[]
  names: Choice[]
  steps: StepPart[][]
  groups: { id: string; title: string; people: PersonItem[] }[]
  /** What can be added, and by whom. */
  toolChoices: Choice[]
  teacherChoices: Choice[]
  /** The other courses of the college. */
  otherCourses: { title: string; href: string }[]
}

/** What was chosen on the page for all its launches. */
type Settings = Pick<How, 'open' | 'names'> & { activity: Activity }

/** For a newcomer; names in braces become links. */
const STEPS = [
  'Launch as {marion} (coordinator) and take the seven steps of the set-up. Most answers are there already; for a quick look, let mentors begin without training (step 5). Then open the programme.',
  'Launch as {priya} and apply as a mentee. Launch as {sam} and apply as a mentor.',
  'As {marion} again, give both a place, and offer them a match.',
  'Say yes to the offer as {priya} and as {sam}. Then both sign the agreement.',
  'Log a contact as {sam}, confirm it as {priya}, and look at the {gradebook}.',
]

/** The course: who clicks which link, and how it opens. */
export function coursePage(site: Site, course: Course, settings: Settings): CoursePage {
  const { activity } = settings
  const several = course.activities.length > 1 ? course.activities : []
  return {
    top: topOf(course.title),
    tabs: tabsOf(course, 'course'),
    chosen: activityItem(site, course, activity),
    activities: several.map((one) => activityItem(site, course, one)),
    activityChoices: choices(
      activity.id,
      several.map(({ id, title }) => [id, title]),
    ),
    courseId: course.id,
    open: choices(settings.open, [
      ['frame', 'in this page'],
      ['window', 'in a new window'],
    ]),
    names: choices(settings.names, [
      ['yes', 'names and e-mail'],
      ['no', 'no names'],
    ]),
    ...launchesOf(site, course, settings),
    ...settingUp(site, course),
  }
}

/** An editing teacher stands first. */
function settingUp(site: Site, course: Course): Pick<CoursePage, 'toolChoices' | 'teacherChoices' | 'otherCourses'> {
  const { people, tools, courses } = site.store.data
  const teachers = people.filter(mayAddActivities)
  const firstTeacher = teachers.find(({ kind }) => kind === 'teacher')
  return {
    toolChoices: choices(
      '',
      tools.filter((tool) => isInChooser(course, tool)).map((tool) => [tool.clientId, labelOf(tool, tools)]),
    ),
    teacherChoices: choices(
      firstTeacher?.id ?? '',
      teachers.map(({ id, name }) => [id, name]),
    ),
    otherCourses: courses
      .filter((other) => other !== course)
      .map((other) => ({ title: other.title, href: courseHref(other) })),
  }
}

function activityItem(site: Site, course: Course, activity: Activity): ActivityItem {
  const maximum = columnOf(course, activity)?.scoreMaximum
  const grade = maximum === undefined ? 'Not graded.' : `Grade to pass: ${maximum} of ${maximum}.`
  return { title: activity.title, note: `Activity: ${whichTool(site, activity)}. ${grade}` }
}

function whichTool(site: Site, { toolClientId }: Activity): string {
  const tool = findTool(site, toolClientId)
  if (!tool) return 'external tool (deleted)'
  if (tool === firstTool(site)) return 'external tool'
  return `external tool ${labelOf(tool, site.store.data.tools)}${tool.state === 'pending' ? ' (pending)' : ''}`
}

function launchesOf(site: Site, course: Course, settings: Settings): Pick<CoursePage, 'steps' | 'groups'> {
  const { people } = site.store.data
  const members = [...people.filter(({ group }) => group === 'Staff'), ...listEnrolled(site, course)]
  const launchOf = (person: CollegePerson, asStudent = false) => launchLink(course, person, { ...settings, asStudent })
  const linkOf = (username: string) => people.filter((one) => one.username === username).map((one) => launchOf(one))[0]
  const groups = (['Mentees', 'Mentors', 'Staff'] as const).map((title) => ({
    id: `group-${title.toLowerCase()}`,
    title,
    people: members
      .filter(({ group }) => group === title)
      .map((person) => ({
        name: person.name,
        note: person.note,
        launch: launchOf(person),
        asStudent: isTeacher(person) ? launchOf(person, true) : undefined,
      })),
  }))
  return {
    steps: STEPS.map((step) => step.split(/[{}]/).map((part) => stepPart(course, part, linkOf))),
    groups: groups.filter((group) => group.people.length > 0),
  }
}

function stepPart(course: Course, text: string, linkOf: (username: string) => LaunchLink | undefined): StepPart {
  const launch = linkOf(text)
  if (launch) return { text: launch.who, ...launch }
  return text === 'gradebook' ? { text, href: gradebookHref(course), newWindow: false } : { text, newWindow: false }
}

function isTeacher({ kind }: CollegePerson): boolean {
  return kind === 'teacher' || kind === 'tutor'
}

function launchLink(course: Course, person: CollegePerson, how: Settings & { asStudent: boolean }): LaunchLink {
  const newWindow = how.open === 'window'
  const path = newWindow ? '/launch' : '/activity'
  const query = launchQuery(course, person, { ...how, activityId: how.activity.id })
  return { who: person.name, href: `${path}?${query}`, newWindow }
}
