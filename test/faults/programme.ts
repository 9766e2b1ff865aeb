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
  const setup = formOf(await coordinator.browser.open(`${tool}/admin/setup/programme`))
  await coordinator.browser.submit(setup, {
    title: 'Steps to HE',
    coordinatorPhone: '01632 960142',
    coordinatorEmail: 'marion@college.example',
    minimumContacts: String(MINIMUM),
  })
  const people: Person[] = []
  for (const student of college.students) {
    const person = aPerson(student.name, tool)
    const welcome = await launch(person, student, college)
    await person.browser.submit(formOf(welcome), { role: isMentee(person) ? 'mentee' : 'mentor' })
    people.push(person)
  }
  const mentors = people.filter((person) => !isMentee(person))
  const pairs: Pair[] = []
  for (const [at, mentee] of people.filter(isMentee).entries()) {
    const mentor = mentors[at % mentors.length]
    if (mentor) pairs.push(await pairUp(coordinator, mentor, mentee))
  }
  return pairs
}

const isMentee = ({ name }: Person) => name.startsWith('Mentee')

async function pairUp({ browser, tool }: Person, mentor: Person, mentee: Person): Promise<Pair> {
  const page = await browser.open(`${tool}/admin/matching`)
  await browser.submit(formOf(page), { mentee: choice(page, 'mentee', mentee), mentor: choice(page, 'mentor', mentor) })
  const home = await mentee.browser.open(`${tool}/`)
  const contacts = home.$('a[href$="/contacts"]').attr('href')
  if (contacts === undefined) throw new Error(`${mentee.name} has no mentor: ${home.words}`)
  return { mentor, mentee, contacts: `${tool}${contacts}` }
}

function choice(page: Page, name: string, person: Person): string {
  const labelled = page
    .$(`input[name=${name}]`)
    .filter((_, input) => page.$(input).parent().text().includes(person.name))
  return labelled.attr('value') ?? ''
}
