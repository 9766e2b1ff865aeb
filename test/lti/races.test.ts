import { afterEach, it } from 'vitest'
import { origin } from '../support/world.ts'
import { onePersonFortyTimes, oneTokenTenTimes, twoHundredPeople } from './crowd.ts'
import { closeServers } from './platform.ts'

const place = { origin, base: origin, processes: 1 }
afterEach(closeServers)

it('ten posts of one token at once are one session', () => oneTokenTenTimes(place))
it('forty launches of one new person at once are one person', () => onePersonFortyTimes(place))
it('two hundred people at once all get in, and the platform is asked for its keys twice at most', () =>
  twoHundredPeople(place))
