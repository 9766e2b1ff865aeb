import { afterAll, afterEach, beforeAll, it } from 'vitest'
import { onePersonFortyTimes, oneTokenTenTimes, twoHundredPeople } from '../lti/crowd.ts'
import { closeServers } from '../lti/platform.ts'
import { twoProcesses } from './two.ts'

let two: Awaited<ReturnType<typeof twoProcesses>>
beforeAll(async () => {
  two = await twoProcesses()
})
afterEach(closeServers)
afterAll(() => two.stop())

it('ten posts of one token at two processes are one session', () => oneTokenTenTimes(two.place))
it('forty launches of one new person at two processes are one person', () => onePersonFortyTimes(two.place))
it('two hundred people at two processes all get in', () => twoHundredPeople(two.place))
