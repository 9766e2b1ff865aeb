import { statement } from '../../src/db.ts'
import type { Page, Fields } from '../support/browser.ts'
import { aColleague, aProgramme, launch, type Launched } from '../support/builders.ts'
import { tokenOf } from '../support/token.ts'
import { college } from '../support/world.ts'

/** Somebody who sends what they like, with their own session and token. */
export type Actor = Launched & {
  /** How many changes they have sent: a person may send 120 a minute. */
  sent: number
  post: (path: string, fields?: Fields) => Promise<Page>
}
export type Cast = {
  programmeId: number
  students: [Actor, Actor, Actor, Actor, Actor]
  coordinators: [Actor, Actor]
  /** Another programme's coordinator, and a teacher without a duty. */
  outsiders: [Actor, Actor]
}

const ENOUGH = 100
let cast: Cast | undefined

/** The people of a run. They stay for the next one until one of them has sent as much as a person may in a minute. */
export async function aCast(): Promise<Cast> {
  const tired = cast && everybodyIn(cast).some(({ sent }) => sent > ENOUGH)
  if (!cast || tired) cast = await makeCast()
  return cast
}

export function everybodyIn({ students, coordinators, outsiders }: Cast): Actor[] {
  return [...students, ...coordinators, ...outsiders]
}

async function makeCast(): Promise<Cast> {
  const { course, coordinator } = await aProgramme({ places: '2' })
  const other = await aProgramme()
  const student = async (name: string) => {
    const actor = anActor(await launch(college.addStudent(name), course))
    await actor.post('/welcome/1')
    await actor.post('/welcome/2', { acknowledged: 'yes' })
    return actor
  }
  const students: Cast['students'] = [
    await student('Ana'),
    await student('Ben'),
    await student('Cleo'),
    await student('Dev'),
    await student('Eve'),
  ]
  const tutor = await launch(college.addTeacher('Tess'), course)
  return {
    programmeId: (await programmeOf(course.id))[0]?.id ?? 0,
    students,
    coordinators: [anActor(coordinator), anActor(await aColleague(course))],
    outsiders: [anActor(other.coordinator), anActor(tutor)],
  }
}

const programmeOf = statement<{ id: number }>(
  'states_programme_of',
  'select p.id from programmes p join contexts c on c.id = p.context_id where c.lti_id = $1',
)

/** Lets somebody send forms that nobody served them. */
export function anActor(launched: Launched): Actor {
  let token: string | undefined
  const actor: Actor = {
    ...launched,
    sent: 0,
    post: async (path, fields = {}) => {
      actor.sent += 1
      token ??= await tokenOf(launched.browser)
      return launched.browser.post(path, { _token: token, ...fields })
    },
  }
  return actor
}
