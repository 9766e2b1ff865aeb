import { expect, it } from 'vitest'
import { lines } from '../support/log.ts'
import { aFullWorld } from './full.ts'
import { roles, type RoleName, type Row } from './outcomes.ts'
import { ask, aWorld } from './scene.ts'
import { standing } from './standing.ts'
import { table } from './table.ts'
import { addressOf, get } from './world.ts'

/**
 * How many statements a page may cost. The home page and Today show something of many features; a look into what a pair
 * wrote is written down in its own transaction first; and a copy reads each of its sections twice, by the page.
 */
const MOST = 6
const MORE: Record<string, number> = {
  'GET /': 8,
  'GET /admin': 10,
  'GET /admin/concerns/:id/pair': 9,
  'GET /admin/concerns/:id/pair/agreement': 9,
  'GET /admin/concerns/:id/pair/contacts': 9,
  'GET /admin/concerns/:id/pair/threads/:thread': 9,
  'GET /my-data/copy.zip': 80,
}

/** The line of a request is written when its answer is gone. */
async function newestLine(): Promise<number> {
  for (let look = 0; lines.length === 0 && look < 100; look++) await new Promise((resolve) => setTimeout(resolve, 2))
  return lines.at(-1)?.statements ?? Infinity
}

/** Opens each page of some rows for everybody who gets it, and says which of them cost too much. */
async function dearOnes(rows: readonly Row[], open: (role: RoleName, row: Row) => Promise<{ status: number }>) {
  const dear: string[] = []
  for (const row of rows.filter(({ route }) => route.startsWith('GET ')))
    for (const role of roles.filter((one) => row.outcomes[one] === 200)) {
      await open(role, row) // what is said once, and what is new to somebody, is said and seen
      lines.length = 0
      expect([row.route, role, (await open(role, row)).status]).toEqual([row.route, role, 200])
      const cost = await newestLine()
      if (cost > (MORE[row.route] ?? MOST)) dear.push(`${row.route} as ${role}: ${cost}`)
    }
  return dear
}

it('opens every page of the access table with at most 6 statements, for everybody who gets it', async () => {
  const { browsers, ids } = await aWorld()
  expect(await dearOnes(table, (role, row) => ask(browsers[role], row, ids))).toEqual([])
}, 120_000)

it('does so where something stands', async () => {
  const { browsers, ids, words } = await aFullWorld()
  expect(await dearOnes(standing, (role, row) => get(browsers[role], addressOf(row, ids, words)))).toEqual([])
}, 120_000)
