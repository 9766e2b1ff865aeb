import type { CollegeActivity, CollegeCourse, CollegePerson } from '../../src/college/index.ts'
import { addDays, dayIn, now } from '../../src/clock.ts'
import { statement } from '../../src/db.ts'
import { grantDuty } from '../../src/features/people/index.ts'
import { aBrowser, type Browser, type Fields, type Page } from './browser.ts'
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

/** Somebody new who administers the whole LMS. */
export const anAdministrator = (): CollegePerson =>
  Object.assign(college.addTeacher('Ada Admin'), { kind: 'admin' as const })

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

/** What the steps of the set-up are answered with; everything else stands as it is suggested. */
export const setupAnswers = {
  title: 'Steps to HE',
  startsOn: '2026-09-01',
  endsOn: '2027-06-30',
  coordinatorName: 'Marion Okafor',
  coordinatorPhone: '01632 960142',
  coordinatorEmail: 'marion@college.example',
  leadName: 'David Llewellyn',
  leadPhone: '01632 960199',
  leadHours: 'Monday to Friday, 8:30 to 17:00',
  places: '10',
  minimumContacts: '4',
  trainingRequired: 'no',
}
export type SetupAnswers = Partial<typeof setupAnswers>
const STEPS: Record<number, readonly (keyof typeof setupAnswers)[]> = {
  1: ['title', 'startsOn', 'endsOn'],
  2: ['coordinatorName', 'coordinatorPhone', 'coordinatorEmail', 'leadName', 'leadPhone', 'leadHours'],
  3: ['places'],
  4: ['minimumContacts'],
  5: ['trainingRequired'],
}

/** One step of the set-up, with these answers and the suggested ones. */
export async function answerStep(
  by: Pick<Launched, 'browser'>,
  step: number,
  answers: SetupAnswers = {},
): Promise<Page> {
  await by.browser.open(`/admin/setup/steps/${step}`)
  const given = { ...setupAnswers, ...answers }
  return by.browser.submit(Object.fromEntries((STEPS[step] ?? []).map((name) => [name, given[name]])))
}

/** Whoever runs a programme of a test, by its course. */
const coordinators = new Map<string, Launched>()

/** A programme, open, that a teacher of a new course has set up; new people each time, since rate limits count people. */
export async function aProgramme(
  answers: SetupAnswers = {},
): Promise<{ course: CollegeCourse; coordinator: Launched }> {
  const course = aCourse()
  const coordinator = await launch(college.addTeacher('Marion Okafor'), course)
  await setUp(coordinator, answers)
  return { course, coordinator }
}

/** Sets a programme up in the course that somebody came from; its students are then accepted by them. */
export async function setUp(coordinator: Launched, answers: SetupAnswers = {}): Promise<void> {
  await takeSteps(coordinator, answers)
  coordinators.set(coordinator.course.id, coordinator)
}

/** Takes the steps of the set-up that are not as suggested, and opens the programme. */
export async function takeSteps(coordinator: Pick<Launched, 'browser'>, answers: SetupAnswers = {}): Promise<Page> {
  for (const step of [1, 2, 5]) await answerStep(coordinator, step, answers)
  if (answers.places !== undefined) await answerStep(coordinator, 3, answers)
  if (answers.minimumContacts !== undefined) await answerStep(coordinator, 4, answers)
  await coordinator.browser.open('/admin/setup/check')
  return coordinator.browser.submit()
}

const PROFILE = {
  mentee: {
    'criterion-course': 'yes',
    'criterion-return': 'yes',
    'criterion-intention': 'yes',
    ...{ course: 'Access to HE, Nursing', returnFrom: 'employment', hePlace: 'here', heTerm: 'September 2027' },
    ...{ wants: 'To hear what it is like', channels: ['telephone', 'face_to_face'] },
  },
  mentor: {
    'criterion-he-course': 'yes',
    ...{ course: 'BSc Computing', studyYear: 'year 2', offers: 'Going back to maths', capacity: '5' },
    ...{ channels: ['telephone', 'text'] },
  },
} as const

/** From the first page of the welcome to an application that is sent. */
export async function apply(
  by: Pick<Launched, 'browser'>,
  role: 'mentee' | 'mentor',
  answers: Fields = {},
): Promise<Page> {
  const { browser } = by
  await browser.open('/welcome/1')
  await browser.submit()
  await browser.submit({ acknowledged: 'yes' })
  await browser.submit()
  await browser.submit({ role })
  const fields: Fields = { ...PROFILE[role], ...answers }
  return browser.submit(fields)
}

/** The coordinator decides somebody's application. */
export async function decide(coordinator: Launched, by: Launched, fields: Fields = {}): Promise<Page> {
  const { browser } = coordinator
  const page = await browser.open('/admin/applications')
  const names = page.$('.sp-line a')
  const own = names.filter((_, link) => page.$(link).text() === by.person.name).last()
  await browser.open(own.attr('href') ?? '/not-there')
  return browser.submit({ decision: 'eligible', ...fields })
}

/** A new student who comes as mentee or mentor, and has a place. */
export async function aStudent(course: CollegeCourse, role?: 'mentee' | 'mentor', name?: string): Promise<Launched> {
  const launched = await launch(college.addStudent(name ?? `Student ${next()}`), course)
  if (role) await takePart(launched, role)
  return launched
}

/** Somebody who has just come applies, and gets a place. */
export async function takePart(by: Launched, role: 'mentee' | 'mentor'): Promise<void> {
  await apply(by, role)
  const coordinator = coordinators.get(by.course.id)
  if (!coordinator) throw new Error('This course has no programme of aProgramme()')
  await decide(coordinator, by)
  await by.browser.open('/')
}

/** A mentee and a mentor whose agreement is signed. */
export async function aPair(answers: SetupAnswers = {}) {
  const { course, coordinator } = await aProgramme(answers)
  const mentee = await aStudent(course, 'mentee', 'Priya Nair')
  const mentor = await aStudent(course, 'mentor', 'Sam Whitlock')
  const matchId = await pairUp(coordinator, mentee, mentor)
  for (const { browser } of [coordinator, mentee, mentor]) await browser.open('/')
  return { course, coordinator, mentee, mentor, matchId, contactsHref: `/matches/${matchId}/contacts` }
}

/** The coordinator offers a match to the two newest of these names. */
export async function offer(coordinator: Launched, mentee: Launched, mentor: Launched, fields: Fields = {}) {
  const page = await coordinator.browser.open('/admin/matching')
  const valueOf = (name: string, person: CollegePerson) =>
    page
      .$(`input[name=${name}]`)
      .filter((_, input) => page.$(input).parent().text().includes(person.name))
      .last()
      .attr('value')
  return coordinator.browser.submit({
    mentee: valueOf('mentee', mentee.person),
    mentor: valueOf('mentor', mentor.person),
    reason: 'You both like to talk on the phone.',
    ...fields,
  })
}

/** Says yes or no to the offer that waits on the home page. Returns the number of the match. */
export async function answerOffer(by: Launched, answer: 'accepted' | 'declined' = 'accepted'): Promise<number> {
  await by.browser.open('/')
  await by.browser.follow('Look at the offer')
  const matchId = Number(/\/matches\/(\d+)$/.exec(by.browser.page.url)?.[1])
  await by.browser.submit({ answer }, 'form[action$="/answer"]')
  return matchId
}

/** Ticks everything and signs the agreement as it stands. */
export async function sign(by: Launched, matchId: number, fields: Fields = {}): Promise<Page> {
  const signature = await readyToSign(by, matchId)
  return by.browser.submit({ ...signature, ...fields }, SIGNATURE)
}

export const SIGNATURE = 'form[action$="/signature"]'

/** Opens the agreement. Returns what somebody fills in to sign it. */
export async function readyToSign({ browser, person }: Launched, matchId: number): Promise<Fields> {
  const { $ } = await browser.open(`/matches/${matchId}/agreement`)
  const expectations = $('input[name=expectations]').toArray()
  const ticked = expectations.map((box) => $(box).attr('value') ?? '')
  return { expectations: ticked, private: 'yes', limits: 'yes', name: person.name }
}

/** From an offer to an agreement in force. Returns the number of the match. */
export async function pairUp(coordinator: Launched, mentee: Launched, mentor: Launched): Promise<number> {
  await offer(coordinator, mentee, mentor)
  await answerOffer(mentee)
  const matchId = await answerOffer(mentor)
  await sign(mentee, matchId)
  await sign(mentor, matchId)
  return matchId
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

/** Logs a contact from the form, as it stands there, but for what is given: to the page that follows. */
export async function logContact(by: Launched, contactsHref: string, fields: Fields = {}): Promise<void> {
  await by.browser.open(`${contactsHref}/new`)
  await by.browser.submit({ channel: 'telephone', minutes: '30', ...fields })
}

/** The same, to the list of contacts: without an answer to how it goes. */
export async function log(by: Launched, contactsHref: string, fields: Fields = {}): Promise<void> {
  await logContact(by, contactsHref, fields)
  await toList(by)
}

async function toList({ browser }: Launched): Promise<void> {
  if (browser.page.url.endsWith('/pulse')) await browser.follow('Not now')
}

/** Says yes to the newest contact that waits for this person. */
export async function confirm(by: Launched, contactsHref: string): Promise<void> {
  await by.browser.open(contactsHref)
  await by.browser.submit({}, 'form[action$="/confirmation"]')
  await toList(by)
}

const programmeOf = statement<{ id: number }>(
  'test_programme_of_course',
  'select p.id from programmes p join contexts c on c.id = p.context_id where c.lti_id = $1',
)
/** A teacher of the course who has a duty in its programme. */
export async function aDuty(course: CollegeCourse, duty: 'supervisor' | 'concern_lead' | 'payer'): Promise<Launched> {
  const launched = await launch(college.addTeacher(`Teacher ${next()}`), course)
  const programmeId = (await programmeOf(course.id))[0]?.id ?? 0
  await grantDuty({ system: true }, { programmeId, sub: launched.person.id, duty })
  return launched
}

/** A day of the programme's calendar, so many days from now. */
export const dayFromNow = (days: number) => addDays(dayIn('Europe/London', now()), days)

export const sessionAnswers = () => ({
  date: dayFromNow(7),
  time: '18:30',
  minutes: '45',
  place: 'Room 12',
  link: '',
  deliveredBy: 'Amina Yusuf',
  seats: '',
})

const newestSession = statement<{ id: number }>(
  'test_newest_session',
  `select s.id from training_sessions s join programmes p on p.id = s.programme_id
   join contexts c on c.id = p.context_id where c.lti_id = $1 order by s.id desc limit 1`,
)
/** The coordinator plans a training session. Returns its number. */
export async function planTraining(
  by: Launched,
  answers: Partial<ReturnType<typeof sessionAnswers>> = {},
): Promise<number> {
  await by.browser.open('/admin/training/new')
  await by.browser.submit({ ...sessionAnswers(), ...answers })
  return (await newestSession(by.course.id))[0]?.id ?? 0
}

const participantBy = statement<{ id: number }>(
  'test_participant_of_person',
  'select pa.id from participants pa join people p on p.id = pa.person_id where p.sub = $1',
)
/** The number of somebody who has applied. */
export const idOf = async ({ person }: Launched): Promise<number> => (await participantBy(person.id))[0]?.id ?? 0

/** The composer of a topic, new or not. */
export const COMPOSER = 'form.sp-composer'

/** Begins a topic with a first message, having read the notice. Returns its number. */
export async function startTopic({ browser }: Launched, matchId: number, fields: Fields = {}): Promise<number> {
  await browser.open(`/matches/${matchId}/threads/new`)
  await browser.submit({ title: 'Personal statement', body: 'Where do I start?', noted: 'yes', ...fields }, COMPOSER)
  return Number(/\/threads\/(\d+)/.exec(browser.page.url)?.[1])
}

/** Writes in a topic from its page. */
export async function write({ browser }: Launched, threadId: number, fields: Fields): Promise<Page> {
  await browser.open(`/threads/${threadId}`)
  return browser.submit({ noted: 'yes', ...fields }, COMPOSER)
}

const addMessages = statement(
  'test_add_messages',
  `insert into messages (thread_id, author_id, form_key, body, visible_at, told)
   select $1, m.mentor_id, gen_random_uuid(), 'Message no. ' || n || '.',
     date_trunc('milliseconds', now()) - interval '1 day' + n * interval '1 second', true
   from threads t join matches m on m.id = t.match_id, generate_series(1, $2::int) n where t.id = $1`,
)
/** So many messages of the mentor's, a second after another, from yesterday. */
export async function manyMessages(threadId: number, count: number): Promise<void> {
  await addMessages(threadId, count)
}
