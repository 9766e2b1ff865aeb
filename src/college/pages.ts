import type { Course } from './courses.ts'
import type { CollegePerson } from './people.ts'
import { listEnrolled } from './site.ts'
import type { Launch, Site } from './site.ts'

/** What stands around a page. */
export type Top = {
  title: string
  bodyClass: string
  script: string | undefined
  /** Two mains on one screen need a name each. */
  mainLabel: string | undefined
  /** Without bar and footer: for pages that pass by inside the frame. */
  bare: boolean
}
export type Tabs = { title: string; courseHref: string; gradebookHref: string; current: 'course' | 'gradebook' }

type LaunchLink = { who: string; href: string; newWindow: boolean }
type PersonItem = { name: string; note: string; launch: LaunchLink; asStudent: LaunchLink | undefined }
type StepPart = { text: string; href?: string; newWindow: boolean }
type Choice = { value: string; label: string; selected: boolean }
export type CoursePage = {
  top: Top
  tabs: Tabs
  activityTitle: string
  courseId: string
  open: Choice[]
  names: Choice[]
  steps: StepPart[][]
  groups: { id: string; title: string; people: PersonItem[] }[]
}

export type ActivityPage = { top: Top; title: string; who: string; courseHref: string; src: string; allow: string }
/** A form that sends itself to the tool; it has a button for browsers without script. */
export type FormPage = { top: Top; heading: string; action: string; fields: { name: string; value: string }[] }
export type ProblemPage = { top: Top; heading: string; text: string }
export type ReturnPage = { top: Top; courseHref: string }

/** What was chosen on the course page for all its launches. */
type Settings = { open: 'frame' | 'window'; names: 'yes' | 'no' }
type How = Settings & { asStudent: boolean }

/** For a newcomer; names in braces become links. */
const STEPS = [
  'Launch as {marion} (coordinator) and set the programme up.',
  'Launch as {priya} and come as a mentee.',
  'Launch as {sam} and come as a mentor.',
  'As {marion} again, pair them.',
  'Log a contact as {sam}, confirm it as {priya}, and look at the {gradebook}.',
]

/** The course: who clicks the one link, and how it opens. */
export function coursePage(site: Site, course: Course, settings: Settings): CoursePage {
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
    top: topOf(course.title),
    tabs: tabsOf(course, 'course'),
    activityTitle: course.activityTitle,
    courseId: course.id,
    open: choices(settings.open, { frame: 'in this page', window: 'in a new window' }),
    names: choices(settings.names, { yes: 'names and e-mail', no: 'no names' }),
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

function choices(chosen: string, labels: Record<string, string>): Choice[] {
  return Object.entries(labels).map(([value, label]) => ({ value, label, selected: value === chosen }))
}

function launchLink(course: Course, person: CollegePerson, how: How): LaunchLink {
  const newWindow = how.open === 'window'
  const path = newWindow ? '/launch' : '/activity'
  return { who: person.name, href: `${path}?${launchQuery(course, person, how)}`, newWindow }
}

function launchQuery(course: Course, person: CollegePerson, { open, names, asStudent }: How): string {
  const query = new URLSearchParams({ user: person.id, open, names, course: course.id })
  if (asStudent) query.set('as', 'student')
  return query.toString()
}

/** The activity in a frame of this page, with the permissions that Moodle gives it. */
export function activityPage(site: Site, { course, person, asStudent, names }: Launch): ActivityPage {
  const permissions = ['microphone', 'camera', 'geolocation', 'midi', 'encrypted-media', 'autoplay']
  const how: How = { open: 'frame', names: names ? 'yes' : 'no', asStudent }
  return {
    top: { ...topOf(course.activityTitle), bodyClass: 'lms-activity', mainLabel: 'Activity' },
    title: course.activityTitle,
    who: asStudent ? `${person.name}, as a student` : person.name,
    courseHref: courseHref(course),
    src: `/launch?${launchQuery(course, person, how)}`,
    allow: permissions.map((permission) => `${permission} ${site.tool.origin}`).join('; '),
  }
}

export function formPage(heading: string, action: string, fields: Record<string, string>): FormPage {
  const top = { ...topOf(heading), script: 'submit.js', bare: true }
  return { top, heading, action, fields: Object.entries(fields).map(([name, value]) => ({ name, value })) }
}

export function problemPage(heading: string, text: string): ProblemPage {
  return { top: topOf(heading), heading, text }
}

export function returnPage(course: Course): ReturnPage {
  return {
    top: { ...topOf('Back to the course'), script: 'leave-frame.js', bare: true },
    courseHref: courseHref(course),
  }
}

export function topOf(title: string): Top {
  return { title: `${title} - Demo college`, bodyClass: '', script: undefined, mainLabel: undefined, bare: false }
}

export function tabsOf(course: Course, current: Tabs['current']): Tabs {
  return {
    title: course.title,
    courseHref: courseHref(course),
    gradebookHref: gradebookHref(course),
    current,
  }
}

export function courseHref({ id }: Course): string {
  return `/?course=${id}`
}

export function gradebookHref({ id }: Course): string {
  return `/gradebook?course=${id}`
}
