import { afterAll, afterEach, describe, it } from 'vitest'
import type { Lms, Role } from '../launching.ts'
import type { Place } from '../place.ts'
import { closeServers } from '../platform.ts'
import { bad } from './bad.ts'
import { deepLinking } from './deep-linking.ts'
import { grades } from './grades.ts'
import { rosters } from './rosters.ts'
import { security } from './security.ts'
import { valid } from './valid.ts'
import type { Case } from './case.ts'

/** All groups of the tables. */
export const groups: Case[][] = [bad, valid, security, deepLinking, rosters, grades]
export const roles: readonly Role[] = ['Learner', 'Instructor']
const SLOWEST_MS = 60_000 // a key set that never answers is waited for, in each process

/** Plays all cases of all groups as both roles; at the end says how many there were, counted as they ran. */
export function playAll(place: () => Place, lms: () => Lms): void {
  const played = new Map<string, number>()
  afterEach(closeServers)
  afterAll(() => {
    const counts = [...played].map(([group, count]) => `${group} ${count}`)
    console.log(`LTI cases: ${counts.join(', ')}`)
  })
  describe.each(roles)('as %s', (role) => {
    for (const one of groups.flat())
      it(`${one.id} ${one.title}`, { timeout: SLOWEST_MS }, async (context) => {
        if (one.oneProcess && place().processes > 1) context.skip('it moves the clock of one process')
        await one.play({ place: place(), lms: lms(), role })
        const group = one.id.slice(0, 1)
        played.set(group, (played.get(group) ?? 0) + 1)
      })
  })
}
