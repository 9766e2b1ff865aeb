import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Faults } from '../../src/college/index.ts'
import { randomFrom } from '../faults/random.ts'
import { openCollege, quietGradebook } from '../support/scores.ts'
import { college } from '../support/world.ts'
import { aClass, rowOf, send, sentFor, timePasses, type Class } from './support.ts'

/** FAULT_SEED gives another hour. */
const seed = Number(process.env['FAULT_SEED'] ?? 20_261_128)
const random = randomFrom(seed)

const PUPILS = 40
const STEP_S = 20
const HOUR_S = 3600
/** No number waits longer for its next try. */
const CEILING_S = HOUR_S
/** Of ever longer waits, half of each left to chance, so many fit into two hours; and a few with a later time after a 409. */
const MOST_TRIES = 16

/** What is the matter with the gradebook in these minutes of the hour. */
const SCRIPT: readonly (readonly [minutes: number, what: string, faults: () => Faults])[] = [
  [4, 'all is well', () => ({})],
  [8, 'it answers 500', () => ({ scores: { status: 500, ...some() } })],
  [6, 'it finds scores too old', () => ({ scores: random.chance(0.5) ? { status: 409, times: 2 } : undefined })],
  [4, 'it is slow', () => ({ scores: { delayMs: 30, ...some() } })],
  [8, 'it takes scores and drops the connection', () => ({ scores: { dropAfterCommit: true, ...some() } })],
  [8, 'it has too many calls', () => ({ scores: { status: 429, retryAfter: 120, ...some() } })],
  [8, 'a maintenance page stands in front of it', () => ({ scores: { html: true } })],
  [6, 'it takes no token', () => ({ scores: { status: 401, ...some() } })],
  [8, 'it gives no token', () => ({ token: { status: 503 }, scores: { status: 401 } })],
]
/** It hits a few requests, or all. */
const some = () => (random.chance(0.5) ? { times: random.oneTo(12) } : {})

beforeAll(quietGradebook)
afterAll(async () => {
  college.faults = {}
  await openCollege()
})

type Hour = { pupils: Class; wanted: number[]; changes: number[]; calls: number }

async function change({ pupils, wanted, changes }: Hour, share: number): Promise<void> {
  for (const [at, score] of wanted.entries())
    if (random.chance(share)) {
      wanted[at] = score % 100 === 99 ? 1 : score + 1
      changes[at] = (changes[at] ?? 0) + 1
    }
  await pupils.want(wanted)
}

/** Sends what is due, then lets some time go by. Returns how many calls it took. */
async function step({ pupils }: Hour): Promise<number> {
  const before = sentFor(pupils.people).length
  await send()
  await timePasses(pupils.course, STEP_S)
  return sentFor(pupils.people).length - before
}

const arrived = ({ pupils, wanted }: Hour, but: number) =>
  pupils.people
    .slice(but)
    .every(({ person }, at) => college.gradeOf(person.id, pupils.course)?.score === wanted[at + but])

it(
  'after an hour in which everything goes wrong, every number arrives, without a stampede, or says what keeps it',
  { timeout: 300_000 },
  async () => {
    console.log(`FAULT_SEED=${seed}`)
    const pupils = await aClass(PUPILS)
    const hour: Hour = {
      pupils,
      wanted: pupils.people.map((_, at) => at + 1),
      changes: pupils.people.map(() => 1),
      calls: 0,
    }
    const [locked, overridden, gone] = pupils.people
    if (!locked || !overridden || !gone) throw new Error('The class is empty')
    const from = sentFor(pupils.people).length
    await pupils.want(hour.wanted)
    await college.changeByHand(locked.person, { locked: true }, pupils.course)
    await college.changeByHand(overridden.person, { override: 99.5 }, pupils.course)
    college.unenrol(gone.person, pupils.course)

    for (const [minutes, , faults] of SCRIPT)
      for (let second = 0; second < minutes * 60; second += STEP_S) {
        college.faults = faults()
        await change(hour, 0.02)
        await step(hour)
      }
    college.faults = {}
    await change(hour, 0.2)

    const waiting = pupils.people.length
    let seconds = 0
    let busiest = 0
    while (!arrived(hour, 3)) {
      busiest = Math.max(busiest, await step(hour))
      seconds += STEP_S
      expect(seconds).toBeLessThanOrEqual(CEILING_S + 2 * STEP_S)
    }
    console.log(
      `delivered ${seconds} s after recovery, at most ${busiest} calls in ${STEP_S} s, ${sentFor(pupils.people).length - from} calls in all`,
    )
    expect(busiest).toBeLessThanOrEqual(2 * waiting) // in the steady state each number takes one call

    const calls = new Map<string, number>()
    for (const { userId } of sentFor(pupils.people).slice(from)) calls.set(userId, (calls.get(userId) ?? 0) + 1)
    for (const [at, { person }] of pupils.people.entries())
      expect(calls.get(person.id) ?? 0, person.name).toBeLessThanOrEqual((hour.changes[at] ?? 0) * 4 + MOST_TRIES)

    for (const { person } of pupils.people.slice(3)) {
      const { sent_version, version, problem } = await rowOf({ person })
      expect([sent_version, problem], person.name).toEqual([version, null])
    }
    const page = await pupils.coordinator.browser.open('/admin/grades?show=unsent')
    const causes = page
      .$('tbody tr')
      .toArray()
      .map((row) => [page.$('th', row).text(), page.$('small', row).text()])
    expect(causes.map(([name]) => name).sort()).toEqual([locked.person.name, gone.person.name].sort())
    expect(causes.find(([name]) => name === locked.person.name)?.[1]).toContain('the grade is locked there')
    expect(causes.find(([name]) => name === gone.person.name)?.[1]).toContain(
      'does not count this person as a graded student',
    )
    expect(college.gradeOf(overridden.person.id, pupils.course)?.score).toBe(99.5)
    expect(await rowOf(overridden)).toMatchObject({ problem: null })
  },
)
