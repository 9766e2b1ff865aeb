import { expect } from 'vitest'
import { apply, takeSteps } from '../../support/builders.ts'
import { claim, type Change, type Claims, type Scene } from '../launching.ts'
import { having, launching } from './case.ts'
import { expectVisit, type Attempt, type Visit } from './judging.ts'

/** A programme that a teacher has set up, in a course of its own. */
export type Programme = {
  coordinator: Visit
  /** Lays its course and its link into a launch. */
  here: Change
}

/** A teacher comes, in a launch that may be changed, and sets a programme up. */
export async function aProgrammeAt(scene: Scene, change?: Change): Promise<Programme> {
  const attempt = await launching(change)({ ...scene, role: 'Instructor' })
  const coordinator = await expectVisit(scene.place, attempt)
  expect((await takeSteps(coordinator)).words).toContain('The programme is open')
  return { coordinator, here: having(placeIn(attempt)) }
}

function placeIn({ sent }: Attempt): Claims {
  const [claims = {}] = sent as Claims[]
  const names = [claim('context'), claim('resource_link')]
  return Object.fromEntries(names.map((name) => [name, claims[name]]))
}

/** The first page of somebody who comes into a programme: as a learner they take part at once, as a mentee. */
export async function firstPageIn(scene: Scene, { here }: Programme, change: Change): Promise<Visit> {
  const attempt = await launching((claims) => change(here(claims) as Claims))(scene)
  const visit = await expectVisit(scene.place, attempt)
  if (scene.role === 'Instructor') return { ...visit, page: await visit.open('/tutor') }
  await apply(visit, 'mentee')
  return { ...visit, page: await visit.open('/') }
}
