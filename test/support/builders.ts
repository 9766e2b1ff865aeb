import type { CollegeActivity, CollegeCourse, CollegePerson } from '../../src/college/index.ts'
import { statement } from '../../src/db.ts'
import { aBrowser, type Browser, type Fields } from './browser.ts'
import { college } from './world.ts'

/** Each test makes a course of its own, so that tests share a database, run side by side and clean nothing. */
let count = 0
const next = () => `${process.pid}-${++count}`

export type Launched = { person: CollegePerson; browser: Browser; course: CollegeCourse }
type LaunchOptions = {
  framed?: boolean
  names?: boolean
  asStudent?: boolean
  browser?: Browser
  /** Another than the first of the course. */
  activity?: CollegeActivity | undefined
}

export const aCourse = () => college.addCourse(`Course ${next()}`)

export function staff(kind: 'teacher' | 'tutor' | 'manager' | 'admin'): CollegePerson {
  const found = college.people.find((person) => person.kind === kind)
  if (!found) throw new Error(`The college has no ${kind}`)
  return found
}

/** Somebody clicks the activity in their course. */
export async function launch(
  person: CollegePerson,
  course: CollegeCourse,
  options: LaunchOptions = {},
): Promise<Launched> {
  const { framed = true, names = true, asStudent = false } = options
  const browser = options.browser ?? aBrowser({ framed })
  const query = new URLSearchParams({
    user: person.id,
    course: course.id,
    open: framed ? 'frame' : 'window',
    names: names ? 'yes' : 'no',
  })
  if (asStudent) query.set('as', 'student')
  if (options.activity) query.set('activity', options.activity.id)
  await browser.open(`${college.platform.issuer}/launch?${query.toString()}`)
  await browser.goOn()
  return { person, browser, course }
}

/** Somebody on the staff, in the activity form of the LMS, asks Signpost for content: the page to choose from. */
export async function selectContent(person: CollegePerson, course: CollegeCourse): Promise<Launched> {
  const browser = aBrowser()
  await browser.open(`${college.platform.issuer}/contentitem?course=${course.id}&tool=1&user=${person.id}`)
  await browser.goOn()
  return { person, browser, course }
}

/** Everything of Signpost that stands in the course besides what stood there before. */
export async function place(by: Launched, fields: Fields): Promise<CollegeActivity[]> {
  const before = college.activitiesOf(by.course).length
  await by.browser.submit(fields, '#pick')
  await by.browser.submit({}) // what the script does: hands it over to the LMS
  await by.browser.open(by.browser.page.$('a').first().attr('href') ?? '')
  await by.browser.submit({}, 'form[action="/activities"]')
  return college.activitiesOf(by.course).slice(before)
}

export const setupAnswers = {
  title: 'Steps to HE',
  startsOn: '2026-09-01',
  endsOn: '2027-06-30',
  coordinatorName: 'Marion Okafor',
  coordinatorPhone: '01632 960142',
  coordinatorEmail: 'marion@college.example',
  minimumContacts: '4',
}

/** A programme that a teacher of a new course has set up; a new one each time, since rate limits count people. */
export async function aProgramme(
  answers: Partial<typeof setupAnswers> = {},
): Promise<{ course: CollegeCourse; coordinator: Launched }> {
  const course = aCourse()
  const coordinator = await launch(college.addTeacher('Marion Okafor'), course)
  await coordinator.browser.open('/admin/setup/programme')
  await coordinator.browser.submit({ ...setupAnswers, ...answers })
  return { course, coordinator }
}

/** A new student who comes as mentee or mentor. */
export async function aStudent(course: CollegeCourse, role?: 'mentee' | 'mentor', name?: string): Promise<Launched> {
  const launched = await launch(college.addStudent(name ?? `Student ${next()}`), course)
  if (role) await launched.browser.submit({ role })
  return launched
}

/** A mentee and a mentor, paired by their coordinator. */
export async function aPair(answers: Partial<typeof setupAnswers> = {}) {
  const { course, coordinator } = await aProgramme(answers)
  const mentee = await aStudent(course, 'mentee', 'Priya Nair')
  const mentor = await aStudent(course, 'mentor', 'Sam Whitlock')
  await pairUp(coordinator, mentee, mentor)
  const matchId = Number(/\/matches\/(\d+)\//.exec((await mentee.browser.open('/')).text)?.[1])
  await mentor.browser.open('/')
  return { course, coordinator, mentee, mentor, matchId, contactsHref: `/matches/${matchId}/contacts` }
}

/** The coordinator picks the two newest of the lists, which are these. */
export async function pairUp(coordinator: Launched, mentee: Launched, mentor: Launched): Promise<void> {
  const page = await coordinator.browser.open('/admin/matching')
  const valueOf = (name: string, person: CollegePerson) =>
    page
      .$(`input[name=${name}]`)
      .filter((_, input) => page.$(input).parent().text().includes(person.name))
      .last()
      .attr('value')
  await coordinator.browser.submit({
    mentee: valueOf('mentee', mentee.person),
    mentor: valueOf('mentor', mentor.person),
  })
}

const grant = statement(
  'test_grant',
  `insert into duties (person_id, programme_id, duty) select p.id, pr.id, 'coordinator'
   from people p, programmes pr join contexts c on c.id = pr.context_id where p.sub = $1 and c.title = $2`,
)
/** Somebody else of the staff, who runs the programme of a course too. */
export async function aColleague(course: CollegeCourse): Promise<Launched> {
  const colleague = await launch(college.addTeacher('Ruth Colleague'), course)
  await grant(colleague.person.id, course.title)
  return colleague
}

/** Logs a contact from the form, as it stands there, but for what is given. Returns the address of the list. */
export async function log(by: Launched, contactsHref: string, fields: Record<string, string> = {}): Promise<void> {
  await by.browser.open(`${contactsHref}/new`)
  await by.browser.submit({ channel: 'telephone', minutes: '30', ...fields })
}

/** Says yes to the newest contact that waits for this person. */
export async function confirm(by: Launched, contactsHref: string): Promise<void> {
  await by.browser.open(contactsHref)
  await by.browser.submit({}, 'form[action$="/confirmation"]')
}
