import type { IRouter } from 'express'
import { beforeAll, describe, expect, it } from 'vitest'
import { featureRoutes } from '../../src/app.ts'
import { statement } from '../../src/db.ts'
import { aPair, aProgramme, aStudent, log } from '../support/builders.ts'
import { roles } from './outcomes.ts'
import { ask, aWorld, idsOf, newestContact, type World } from './scene.ts'
import { table } from './table.ts'
import { aCrowd, menteesOf } from './world.ts'

let world: World
beforeAll(async () => {
  world = await aWorld()
}, 60_000)

/** Rate limits count people: each part of the table has a world of its own. */
const [FIRST, SECOND] = ['GET /matches/:id', 'GET /supervision'].map((begins) =>
  table.findIndex(({ route }) => route === begins),
)
describe.each([
  ['the first part of the access table', table.slice(0, FIRST)],
  ['the second part of the access table', table.slice(FIRST, SECOND)],
  ['the third part of the access table', table.slice(SECOND)],
])('%s', (_part, rows) => {
  let world: World
  beforeAll(async () => {
    world = await aWorld()
  }, 60_000)

  it.each(rows.filter(({ fresh }) => !fresh).flatMap((row) => roles.map((role) => [row.route, role, row] as const)))(
    '%s as %s',
    async (_route, role, row) => {
      const answer = await ask(world.browsers[role], row, world.ids)
      expect(answer.status).toBe(row.outcomes[role])
      if (answer.status === 404) expect(answer.text).not.toContain('Only for us two')
    },
  )
})

describe('the access table', () => {
  it('names every route of every feature, and none that is not there', () => {
    const served = featureRoutes.flatMap(routesOf).sort()
    expect(table.map(({ route }) => route).sort()).toEqual(served)
  })

  it.each(table.filter(({ fresh }) => fresh).map((row) => [row.route, row] as const))(
    '%s: outsiders change nothing, and then each of the pair gets what the table says',
    async (_route, row) => {
      const pair = await aPair()
      // New people, since rate limits count people.
      const { formerMentee, secondMentee } = await menteesOf(pair.mentor, pair.coordinator)
      const outsiders = {
        ...(await aCrowd(await aStudent(pair.course, 'mentor'))),
        coordinator: pair.coordinator.browser,
        formerMentee: formerMentee.browser,
        secondMentee: secondMentee.browser,
      }
      for (const member of ['mentor', 'mentee'] as const) {
        await log(pair.mentor, pair.contactsHref, { when: member === 'mentor' ? 'today' : 'yesterday' })
        const ids = { ...world.ids, match: pair.matchId, contact: await newestContact(pair.matchId) }
        const before = await contactRow(ids.contact)
        for (const role of roles.filter((one) => one !== 'mentee' && one !== 'mentor'))
          expect([role, (await ask(outsiders[role], row, ids)).status]).toEqual([role, row.outcomes[role]])
        expect(await contactRow(ids.contact)).toEqual(before)
        expect((await ask(pair[member].browser, row, ids)).status).toBe(row.outcomes[member])
      }
    },
  )
})

const rowOf = statement('test_contact_row', 'select * from contacts where id = $1')
const contactRow = async (id: number) => (await rowOf(id))[0]

function routesOf(router: IRouter): string[] {
  return router.stack.flatMap(({ route }) =>
    route ? route.stack.map(({ method }) => `${method.toUpperCase()} ${route.path}`) : [],
  )
}

describe('a coordinator', () => {
  it('cannot pair people of another programme, nor see them', async () => {
    const { course } = await aProgramme()
    const mentee = await aStudent(course, 'mentee', 'Leila Haddad')
    const mentor = await aStudent(course, 'mentor', 'Jo van den Berg')
    const other = await aProgramme()
    await aStudent(other.course, 'mentee', 'Bintang')
    await aStudent(other.course, 'mentor', 'Kit')
    const page = await other.coordinator.browser.open('/admin/matching')
    expect(page.text).not.toContain('Leila')
    const ids = await idsOf([mentee.person.id, mentor.person.id])
    await other.coordinator.browser.submit({ mentee: String(ids[0]), mentor: String(ids[1]) })
    expect(other.coordinator.browser.page.status).toBe(422)
    expect((await mentee.browser.open('/')).words).toContain('you have no mentor')
  })

  it('never reads what a pair wrote, on any page', async () => {
    const pair = await aPair()
    await log(pair.mentor, pair.contactsHref, { line: 'canary-of-the-pair' })
    await pair.mentee.browser.open(`/matches/${pair.matchId}/agreement/edit`)
    const clauses = { topic_out: 'canary-of-the-pair', boundary: 'canary-of-the-pair', place: 'canary-of-the-pair' }
    await pair.mentee.browser.submit({ expects: 'canary-of-the-pair', bestTimes: 'canary-of-the-pair', ...clauses })
    expect((await pair.mentor.browser.open(`/matches/${pair.matchId}/agreement`)).text).toContain('canary-of-the-pair')
    const match = [`/admin/matches/${pair.matchId}`, `/admin/matches/${pair.matchId}/agreement`]
    const pages = ['/admin', '/admin/matching', '/admin/people', '/admin/applications', '/admin/setup', '/tutor']
    for (const path of [...pages, ...match, pair.contactsHref, '/notifications'])
      expect((await pair.coordinator.browser.open(path)).text).not.toContain('canary-of-the-pair')
  })
})
