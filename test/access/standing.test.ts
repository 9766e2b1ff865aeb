import { beforeAll, describe, expect, it } from 'vitest'
import { aPairWithReports } from '../reports/support.ts'
import type { Browser } from '../support/browser.ts'
import { aDuty, anAdministrator, selectContent } from '../support/builders.ts'
import { college } from '../support/world.ts'
import { aFullWorld, type FullWorld } from './full.ts'
import { roles, type RoleName, type Row } from './outcomes.ts'
import { choosing, standing } from './standing.ts'
import { table } from './table.ts'
import { addressOf, get, send } from './world.ts'

let world: FullWorld
let atTheDoor: Record<RoleName, Browser>

beforeAll(async () => {
  world = await aFullWorld()
  atTheDoor = { ...world.browsers, ...(await whoChoose()) }
}, 120_000)

/** Whoever teaches, coordinates or administers, each from the page of the LMS on which content is chosen. */
async function whoChoose(): Promise<Partial<Record<RoleName, Browser>>> {
  const { coordinator, course } = await aPairWithReports()
  const people = {
    tutor: college.addTeacher('Tess Tutor'),
    administrator: anAdministrator(),
    coordinator: coordinator.person,
    colleague: coordinator.person,
    supervisor: (await aDuty(course, 'supervisor')).person,
    concernLead: (await aDuty(course, 'concern_lead')).person,
    payer: (await aDuty(course, 'payer')).person,
  }
  const chosen: Partial<Record<RoleName, Browser>> = {}
  for (const role of roles)
    if (role in people) chosen[role] = (await selectContent(people[role as keyof typeof people], course)).browser
  return chosen
}

const cases = (rows: Row[]) => rows.flatMap((row) => roles.map((role) => [row.route, role, row] as const))

async function ask(browser: Browser, row: Row): Promise<number> {
  const path = addressOf(row, world.ids, world.words)
  const { status } = row.route.startsWith('GET') ? await get(browser, path) : await send(browser, path, row.fields?.())
  return status
}

describe('where something stands', () => {
  it.each(cases(standing))('%s as %s', async (_route, role, row) => {
    expect(await ask(world.browsers[role], row)).toBe(row.outcomes[role])
  })
})

describe('from the page of the LMS on which content is chosen', () => {
  it.each(cases(choosing))('%s as %s', async (_route, role, row) => {
    expect(await ask(atTheDoor[role], row)).toBe(row.outcomes[role])
  })
})

it('gives somebody something of every route there is', () => {
  const given = (rows: Row[]) =>
    rows.filter(({ outcomes }) => Object.values(outcomes).some((one) => one !== 404 && one !== 401))
  const named = new Set([...given(table), ...given(standing), ...given(choosing)].map(({ route }) => route))
  expect(table.map(({ route }) => route).filter((route) => !named.has(route))).toEqual([])
})
