import { expect } from 'vitest'
import { statement } from '../../src/db.ts'
import { launchOf } from './cases/case.ts'
import { expectVisit, verdictOf } from './cases/judging.ts'
import { basePayload, begin, claim, type Claims, type Scene } from './launching.ts'
import type { Place } from './place.ts'
import { aStandIn } from './platform.ts'

const count = statement<{ people: number; memberships: number; sessions: number }>(
  'test_count_of_platform',
  `select count(distinct p.id)::int as people, count(distinct (m.person_id, m.context_id))::int as memberships,
     count(distinct s.id)::int as sessions
   from people p left join memberships m on m.person_id = p.id left join sessions s on s.person_id = p.id
   where p.platform_id = $1`,
)

/** A college of its own, whose keys nobody has fetched yet. */
async function aCollege(place: Place) {
  const lms = await aStandIn()
  const scene: Scene = { place, lms, role: 'Learner' }
  const here = basePayload(scene, { nonce: '' })
  const course = Object.fromEntries([claim('context'), claim('resource_link')].map((name) => [name, here[name]]))
  return { lms, scene, course, counts: async () => (await count(lms.id))[0] }
}

/** Everybody begins, then everybody comes back from the platform in the same moment. */
async function launchAtOnce(scene: Scene, changes: readonly Claims[]): Promise<{ status: number }[]> {
  const attempts = await Promise.all(
    changes.map(async (change) => {
      const begun = await begin(scene)
      return launchOf(scene, begun, { ...basePayload(scene, begun), ...change })
    }),
  )
  return (await Promise.all(attempts.map(({ ask }) => ask()))).map(verdictOf)
}
const allLetIn = (length: number) => Array<object>(length).fill({ status: 303, code: undefined })

/** Ten posts of one id_token at once: one session. */
export async function oneTokenTenTimes(place: Place): Promise<void> {
  const { scene, counts } = await aCollege(place)
  const begun = await begin(scene)
  const { ask } = await launchOf(scene, begun, basePayload(scene, begun))
  const answers = (await Promise.all(Array.from({ length: 10 }, ask))).map(verdictOf)
  expect(answers.filter(({ status }) => status === 303)).toHaveLength(1)
  expect(answers.filter(({ status, code }) => status === 401 && code === 'STATE')).toHaveLength(9)
  expect(await counts()).toEqual({ people: 1, memberships: 1, sessions: 1 })
}

/** Forty launches of one new person at once: one person, one membership, and forty sessions that work. */
export async function onePersonFortyTimes(place: Place): Promise<void> {
  const { scene, course, counts } = await aCollege(place)
  const somebody = { ...course, sub: 'somebody-new' }
  expect(await launchAtOnce(scene, Array<Claims>(40).fill(somebody))).toEqual(allLetIn(40))
  expect(await counts()).toEqual({ people: 1, memberships: 1, sessions: 40 })
}

/** Two hundred people at once, from a college whose keys are not known yet: they are fetched twice at most. */
export async function twoHundredPeople(place: Place): Promise<void> {
  const { lms, scene, course, counts } = await aCollege(place)
  const everybody = Array.from({ length: 200 }, (_, at) => ({ ...course, sub: `person-${at}` }))
  expect(await launchAtOnce(scene, everybody)).toEqual(allLetIn(200))
  expect(await counts()).toEqual({ people: 200, memberships: 200, sessions: 200 })
  expect(lms.fetches()).toBeLessThanOrEqual(2)
  const begun = await begin(scene)
  await expectVisit(place, await launchOf(scene, begun, { ...basePayload(scene, begun), ...course }))
}
