import { originOf } from './tools.ts'
import type { Course } from './courses.ts'
import type { CollegePerson } from './people.ts'
import type { Launch } from './site.ts'

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
export type Tabs = {
  title: string
  courseHref: string
  gradebookHref: string
  toolsHref: string
  current: 'course' | 'gradebook' | 'tools'
}
export type Choice = { value: string; label: string; selected: boolean }

export type ActivityPage = { top: Top; title: string; who: string; courseHref: string; src: string; allow: string }
/** A form that sends itself to the tool; it has a button for browsers without script. */
export type FormPage = { top: Top; heading: string; action: string; fields: { name: string; value: string }[] }
/** Why somebody gets no further, and what to do about it. */
export type Refusal = { status: number; refusal: string; advice: string }
export type ProblemPage = { top: Top; heading: string; text: string }
/** A page inside a frame that leads out of it. */
export type ReturnPage = { top: Top; heading: string; text: string; href: string; label: string }

/** How an activity is opened: what was chosen on the course page for all its launches. */
export type How = { open: 'frame' | 'window'; names: 'yes' | 'no'; asStudent: boolean }

export function launchQuery(course: Course, person: CollegePerson, how: How & { activityId: string }): string {
  const { open, names, asStudent, activityId } = how
  const query = new URLSearchParams({ user: person.id, open, names, course: course.id })
  if (course.activities.length > 1) query.set('activity', activityId)
  if (asStudent) query.set('as', 'student')
  return query.toString()
}

/** The activity in a frame of this page, with the permissions that Moodle gives it. */
export function activityPage({ course, activity, tool, person, asStudent, names }: Launch): ActivityPage {
  const permissions = ['microphone', 'camera', 'geolocation', 'midi', 'encrypted-media', 'autoplay']
  const title = activity?.title ?? ''
  const how = { open: 'frame', names: names ? 'yes' : 'no', asStudent, activityId: activity?.id ?? '' } as const
  return {
    top: { ...topOf(title), bodyClass: 'lms-activity', mainLabel: 'Activity' },
    title,
    who: asStudent ? `${person.name}, as a student` : person.name,
    courseHref: courseHref(course),
    src: `/launch?${launchQuery(course, person, how)}`,
    allow: permissions.map((permission) => `${permission} ${originOf(tool.launchUrl)}`).join('; '),
  }
}

export function formPage(heading: string, action: string, fields: Record<string, string>): FormPage {
  const top = { ...topOf(heading), script: 'submit.js', bare: true }
  return { top, heading, action, fields: Object.entries(fields).map(([name, value]) => ({ name, value })) }
}

export function problemPage(heading: string, text: string): ProblemPage {
  return { top: topOf(heading), heading, text }
}

/** Without script there is the link; with it, the whole window moves on at once. */
export function returnPage(heading: string, { href, label }: { href: string; label: string }): ReturnPage {
  return { top: { ...topOf(heading), script: 'leave-frame.js', bare: true }, heading, text: '', href, label }
}

/** Something went wrong inside a frame: it can be read there, and a link leads out. */
export function framedProblemPage(heading: string, text: string, href: string): ReturnPage {
  return { top: { ...topOf(heading), bare: true }, heading, text, href, label: 'Go back to the course' }
}

export function choices(chosen: string, labels: [value: string, label: string][]): Choice[] {
  return labels.map(([value, label]) => ({ value, label, selected: value === chosen }))
}

export function topOf(title: string): Top {
  return { title: `${title} - Demo college`, bodyClass: '', script: undefined, mainLabel: undefined, bare: false }
}

export function tabsOf(course: Course, current: Tabs['current']): Tabs {
  return {
    title: course.title,
    courseHref: courseHref(course),
    gradebookHref: gradebookHref(course),
    toolsHref: courseToolsHref(course),
    current,
  }
}

export function courseHref({ id }: Course): string {
  return `/?course=${id}`
}

export function courseToolsHref({ id }: Course): string {
  return `/course-tools?course=${id}`
}

export function gradebookHref({ id }: Course): string {
  return `/gradebook?course=${id}`
}
