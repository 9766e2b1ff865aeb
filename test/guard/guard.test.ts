import { once } from 'node:events'
import { Agent, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, expect, it } from 'vitest'
import { createApp } from '../../src/app.ts'
import { checks, type Check } from '../../src/lti/index.ts'
import { verdictOf } from '../lti/cases/judging.ts'
import { groups, roles } from '../lti/cases/playing.ts'
import type { Place } from '../lti/place.ts'
import { closeServers } from '../lti/platform.ts'
import { college, origin } from '../support/world.ts'

/** All cases that must be refused, by what they must be refused with. */
const refusing = groups.flat().flatMap(({ id, title, refusal }) => (refusal ? [{ id, title, ...refusal }] : []))
const lines: string[] = []
const endings: (() => Promise<unknown>)[] = []

afterEach(async () => {
  await closeServers()
  for (const end of endings.splice(0)) await end()
})
afterAll(() => {
  console.log(lines.join('\n'))
})

let apps = 0
/** Signpost with these checks alone. Each asks from an address of its own, since launches are limited by address. */
async function anAppWith(some: readonly Check[]): Promise<Place> {
  const server = createServer(await createApp({ checks: some }))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const agent = new Agent({ keepAlive: true, localAddress: `127.0.1.${++apps}` })
  endings.push(async () => {
    agent.destroy()
    server.closeAllConnections()
    await once(server.close(), 'close')
  })
  return { origin, base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, processes: 1, agent }
}

/** The cases whose answer is another one than they ask for. */
async function noticing(place: Place): Promise<string[]> {
  const noticed: string[] = []
  for (const role of roles)
    for (const { id, title, status, code, attempt } of refusing) {
      const { ask } = await attempt({ place, lms: college, role })
      const verdict = verdictOf(await ask())
      if (verdict.status !== status || verdict.code !== code) noticed.push(`${id} ${title}, as ${role}`)
    }
  return noticed
}

it('the whole guard gives every case what it asks for', async () => {
  expect(await noticing(await anAppWith(checks))).toEqual([])
})

it.each(checks.map((check) => [check.code, check] as const))('a guard without %s is noticed', async (code, left) => {
  const noticed = await noticing(await anAppWith(checks.filter((check) => check !== left)))
  lines.push(`${code} noticed by ${noticed.length} ${noticed.length === 1 ? 'case' : 'cases'}`)
  expect(noticed).not.toEqual([])
})
