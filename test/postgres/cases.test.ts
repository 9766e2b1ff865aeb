import { afterAll, beforeAll, expect } from 'vitest'
import { playAll } from '../lti/cases/playing.ts'
import { college } from '../support/world.ts'
import { twoProcesses } from './two.ts'

let two: Awaited<ReturnType<typeof twoProcesses>>
beforeAll(async () => {
  two = await twoProcesses()
})
afterAll(async () => {
  await two.stop()
  const faults = two.printed().match(/^\{"level":(50|60).*$/gm) ?? []
  expect(faults.filter((line) => !line.includes('PLATFORM_KEYS_UNAVAILABLE'))).toEqual([])
})

// Each single request goes to the other process: login, launch and pages share nothing but the database.
playAll(
  () => two.place,
  () => college,
)
