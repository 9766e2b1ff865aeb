import { formOf, type Page } from './browser.ts'
import { aPerson, launch, type Person, type RunningCollege } from './world.ts'

/** A mentor with a mentee, and where their contacts are. */
export type Pair = { mentor: Person; mentee: Person; contacts: string }
export const MINIMUM = 4

/** Half as many mentors as mentees, so that most mentors have two. */
export function namesOf(pairs: number): string[] {
  const numbered = (count: number, name: string) =>
    Array.from({ length: count }, (_, at) => `${name} ${String(at + 1).padStart(3, '0')}`)
  return [...numbered(pairs, 'Mentee'), ...numbered(Math.ceil(pairs / 2), 'Mentor')]
}

/** Sets a programme up as people do: the coordinator, then everybody else, then the pairs. */
export async function aProgramme(tool: string, college: RunningCollege): Promise<Pair[]> {
  const coordinator = aPerson(college.staff.name, tool)
  await launch(coordinator, college.staff, college)
  await setUp(coordinator, college.students.length)
  const people: Person[] = []
  for (const student of college.students) {
    const person = aPerson(student.name, tool)
    await launch(person, student, college)
    await apply(person)
    people.push(person)
  }
  await acceptAll(coordinator)
  const mentors = people.filter((person) => !isMentee(person))
  const pairs: Pair[] = []
  for (const [at, mentee] of people.filter(isMentee).entries()) {
    const mentor = mentors[at % mentors.length]
    if (mentor) pairs.push(await pairUp(coordinator, mentor, mentee))
  }
  return pairs
}

const isMentee = ({ name }: Person) => name.startsWith('Mentee')
type Answers = Parameters<Person['browser']['submit']>[1]

/** Opens a page, answers its form, and returns the page that follows. */
async function answer({ browser, tool }: Person, path: string, answers: Answers, form?: string): Promise<Page> {
  const page = await browser.submit(formOf(await browser.open(`${tool}${path}`), form), answers)
  if (page.status !== 200) throw new Error(`${path} was answered with ${page.status}: ${page.words}`)
  return page
}

export async function setUp(coordinator: Person, places: number): Promise<void> {
  const steps: Record<number, Answers> = {
    1: { title: 'Steps to HE' },
    2: {
      ...{ coordinatorPhone: '01632 960142', coordinatorEmail: 'marion@college.example' },
      ...{ leadName: 'David Llewellyn', leadPhone: '01632 960199' },
    },
    3: { places: String(places) },
    5: { trainingRequired: 'no' },
  }
  for (const [step, answers] of Object.entries(steps)) await answer(coordinator, `/admin/setup/steps/${step}`, answers)
  await answer(coordinator, '/admin/setup/check', {})
}

async function apply(person: Person): Promise<void> {
  const role = isMentee(person) ? 'mentee' : 'mentor'
  for (const [step, answers] of [{}, { acknowledged: 'yes' }, {}, { role }].entries())
    await answer(person, `/welcome/${step + 1}`, answers)
  await answer(person, `/apply/edit?as=${role}`, { ...PROFILE[role], course: 'Nursing', channels: 'telephone' })
}

const PROFILE = {
  mentee: {
    ...{ 'criterion-course': 'yes', 'criterion-return': 'yes', 'criterion-intention': 'yes' },
    ...{ returnFrom: 'employment', hePlace: 'here', wants: 'To hear what it is like' },
  },
  mentor: { 'criterion-he-course': 'yes', studyYear: 'year 2', offers: 'Going back to maths', capacity: '5' },
}

async function acceptAll(coordinator: Person): Promise<void> {
  const { $ } = await coordinator.browser.open(`${coordinator.tool}/admin/applications`)
  for (const link of $('main h3 a').toArray())
    await answer(coordinator, $(link).attr('href') ?? '', { decision: 'eligible' }, 'form[action$="/decision"]')
}

async function pairUp(coordinator: Person, mentor: Person, mentee: Person): Promise<Pair> {
  const { browser, tool } = coordinator
  const page = await browser.open(`${tool}/admin/matching`)
  await browser.submit(formOf(page), { mentee: choice(page, 'mentee', mentee), mentor: choice(page, 'mentor', mentor) })
  const home = await mentee.browser.open(`${tool}/`)
  const match = home.$('main a[href^="/matches/"]').attr('href')
  if (match === undefined) throw new Error(`${mentee.name} is offered nobody: ${home.words}`)
  for (const person of [mentee, mentor]) await answer(person, match, { answer: 'accepted' }, 'form[action$="/answer"]')
  for (const person of [mentee, mentor]) await sign(person, `${match}/agreement`)
  return { mentor, mentee, contacts: `${tool}${match}/contacts` }
}

async function sign(person: Person, agreement: string): Promise<void> {
  const { $ } = await person.browser.open(`${person.tool}${agreement}`)
  const boxes = $('input[name=expectations]').toArray()
  const expectations = boxes.map((box) => $(box).attr('value') ?? '')
  const answers = { expectations, private: 'yes', limits: 'yes', name: person.name }
  await answer(person, agreement, answers, 'form[action$="/signature"]')
}

function choice(page: Page, name: string, person: Person): string {
  const labelled = page
    .$(`input[name=${name}]`)
    .filter((_, input) => page.$(input).parent().text().includes(person.name))
  return labelled.attr('value') ?? ''
}
