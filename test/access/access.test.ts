import { randomUUID } from 'node:crypto'
import type { IRouter } from 'express'
import { beforeAll, describe, expect, it } from 'vitest'
import { featureRoutes } from '../../src/app.ts'
import { statement } from '../../src/db.ts'
import { pdf } from '../files/documents.ts'
import {
  COMPOSER,
  aDuty,
  aPair,
  aProgramme,
  aStudent,
  dayFromNow,
  log,
  planTraining,
  startTopic,
  type Launched,
} from '../support/builders.ts'
import type { Browser } from '../support/browser.ts'
import { tokenOf } from '../support/token.ts'
import { roles, type RoleName, type Row } from './outcomes.ts'
import { concern, decision, goal, logEntry, skillsAnswers, table, task } from './table.ts'
import { aCrowd, addressOf, get, menteesOf, send, type Ids, type Words } from './world.ts'

type World = { browsers: Record<RoleName, Browser>; ids: Partial<Ids> }

/** One pair with a contact that the mentor wrote, and everybody who should not get near it. */
async function aWorld(): Promise<World> {
  const pair = await aPair()
  await log(pair.mentor, pair.contactsHref, { line: 'Only for us two' })
  await shareSkills(pair.mentee, pair.matchId)
  await planNext(pair.matchId)
  await pair.mentee.browser.open('/report')
  await pair.mentee.browser.submitFile({ name: 'report.pdf', data: pdf() }, {}, 'form[action="/report"]')
  const crowd = await aCrowd(await aStudent(pair.course, 'mentor', 'Chidi Eze'))
  const { formerMentee, secondMentee } = await menteesOf(pair.mentor, pair.coordinator)
  return {
    browsers: {
      ...crowd,
      formerMentee: formerMentee.browser,
      secondMentee: secondMentee.browser,
      mentee: pair.mentee.browser,
      mentor: pair.mentor.browser,
      coordinator: pair.coordinator.browser,
    },
    ids: {
      match: pair.matchId,
      contact: await newestContact(pair.matchId),
      entry: await writeShared(pair.mentee, pair.matchId),
      ...(await aConversation(pair)),
      ...(await aPlan(pair)),
      ...(await aTraining(pair)),
      ...(await somePeople(pair)),
      nudge: await nudged(pair),
      concern: await aConcern(pair.mentee),
      supportSession: await aTimeOf(crowd.supervisor),
      erasure: await anErasure(pair.mentee),
      request: await aRequest(pair.mentee),
    },
  }
}

/** What the mentee asks of her match. */
async function aRequest({ browser }: Launched): Promise<number> {
  await browser.open('/help/request')
  await browser.submit({ kind: 'mismatch', talked: 'no', text: 'Only for us two' }, 'form[action="/help/request"]')
  return Number(/\d+$/.exec(new URL(browser.page.url).pathname)?.[0])
}

/** What the mentee worries about, of the two of them. */
async function aConcern({ browser }: Launched): Promise<number> {
  await browser.open('/help/concern')
  await browser.submit({ ...concern(), about: 'me' })
  return Number(/\d+$/.exec(new URL(browser.page.url).pathname)?.[0])
}

/** A time that a supervisor offers. */
async function aTimeOf(browser: Browser): Promise<number> {
  await browser.open('/admin/supervision-sessions/new')
  const page = await browser.submit({ date: dayFromNow(3), time: '14:30', minutes: '30', place: 'Room 4' })
  return Number(/supervision-sessions\/(\d+)/.exec(page.text)?.[1])
}

/** The mentee asks that her data is removed. */
async function anErasure({ browser }: Launched): Promise<number> {
  await browser.open('/my-data/erasure')
  await browser.submit({ sure: 'yes' })
  return (await newestErasure())[0]?.id ?? 0
}
const newestErasure = statement<{ id: number }>('test_newest_erasure', 'select max(id) as id from erasure_requests')

const planNext = statement(
  'test_plan_next',
  'insert into next_contacts (match_id, planned_on, changed_at) values ($1, current_date + 3, now())',
)

/** A topic with a signpost of the mentor's; which, every address with a message means. And an exchange to be counted. */
async function aConversation({ mentor, matchId }: Awaited<ReturnType<typeof aPair>>) {
  const thread = await startTopic(mentor, matchId, { body: 'Only for us two' })
  await mentor.browser.open(`/threads/${thread}/signpost?entry=ucas`)
  await mentor.browser.submit({ body: 'Only for us two' }, COMPOSER)
  written['message'] = String((await messageOf(thread))[0]?.id)
  return { thread, exchange: (await exchangeIn(matchId, thread))[0]?.id ?? 0 }
}
const exchangeIn = statement<{ id: number }>(
  'test_exchange',
  'insert into exchanges (match_id, thread_id, happened_on, found_at) values ($1, $2, current_date, now()) returning id',
)
const messageOf = statement<{ id: number }>(
  'test_message_of_thread',
  "select id from messages where thread_id = $1 and kind = 'signpost'",
)

/** Goal, task and decision of the mentee, and a comment of the mentor's: which, every address with a comment means. */
async function aPlan({ mentee, mentor, matchId }: Awaited<ReturnType<typeof aPair>>) {
  const post = async ({ browser }: Launched, path: string, fields: Record<string, string>) => {
    await browser.post(path, { _token: await tokenOf(browser), ...fields })
    return Number(/\d+$/.exec(new URL(browser.page.url).pathname)?.[0])
  }
  const ids = {
    goal: await post(mentee, `/matches/${matchId}/goals`, goal()),
    decision: await post(mentee, `/matches/${matchId}/decisions`, decision()),
  }
  await post(mentee, `/matches/${matchId}/tasks`, task())
  await post(mentor, `/goals/${ids.goal}/comments`, { comment: 'Only for us two', _key: randomUUID() })
  const removal = mentor.browser.page.$('form[action*="/comments/"][action$="/removal"]').attr('action') ?? ''
  written['comment'] = /comments\/(\d+)/.exec(removal)?.[1] ?? ''
  return { ...ids, task: (await taskIn(matchId))[0]?.id ?? 0 }
}
const taskIn = statement<{ id: number }>('test_task_in', 'select id from tasks where match_id = $1')

/** Two sessions, one to come with the mentor on its list and one that was yesterday, and a mentor who is excused. */
async function aTraining({ coordinator, mentor, course }: Awaited<ReturnType<typeof aPair>>) {
  const held = await planTraining(coordinator)
  await hold(held)
  const session = await planTraining(coordinator)
  await mentor.browser.post(`/training/${session}/booking`, { _token: await tokenOf(mentor.browser) })
  const excused = await aStudent(course, 'mentor')
  const excusedMentor = (await idsOf([excused.person.id]))[0] ?? 0
  await coordinator.browser.open(`/admin/training/excuses/${excusedMentor}`)
  await coordinator.browser.submit({ reason: 'Only for us two' })
  return { session, heldSession: held, excusedMentor }
}
const hold = statement('test_hold', "update training_sessions set starts_at = now() - interval '1 day' where id = $1")

/** What the coordinator has written to the mentor. */
async function nudged({ coordinator, mentor, matchId }: Awaited<ReturnType<typeof aPair>>): Promise<number> {
  await coordinator.browser.open(`/admin/matches/${matchId}/nudges/mentor/other`)
  await coordinator.browser.submit({ text: 'Only for one of you' })
  const { text } = await mentor.browser.open('/notifications')
  return Number(/\/nudges\/(\d+)/.exec(text)?.[1])
}

/** Somebody to decide about, somebody to let go, and a duty to take away. */
async function somePeople({ course, mentee }: Awaited<ReturnType<typeof aPair>>) {
  const leaving = await aStudent(course, 'mentee')
  const payer = await aDuty(course, 'payer')
  const [participant = 0] = await idsOf([mentee.person.id])
  const [gone = 0] = await idsOf([leaving.person.id])
  return { participant, leaving: gone, duty: (await dutyOf(payer.person.id))[0]?.id ?? 0 }
}
const dutyOf = statement<{ id: number }>(
  'test_duty_of',
  'select d.id from duties d join people p on p.id = d.person_id where p.sub = $1',
)

async function shareSkills({ browser }: Launched, matchId: number): Promise<void> {
  await browser.open('/skills/start')
  await browser.submit(skillsAnswers())
  await browser.submit({ match: String(matchId) }, 'form[action="/skills/sharing"]')
}

/** An entry of somebody's diary that the partner may read. */
async function writeShared({ browser }: Launched, matchId: number): Promise<number> {
  await browser.post('/logbook', { _token: await tokenOf(browser), ...logEntry(matchId) })
  const href = browser.page.$('.sp-timeline a').first().attr('href') ?? ''
  return Number(href.split('/').pop())
}

const newest = statement<{ id: number }>(
  'test_newest_contact',
  'select id from contacts where match_id = $1 order by id desc limit 1',
)
const newestContact = async (matchId: number) => (await newest(matchId))[0]?.id ?? 0

let world: World
beforeAll(async () => {
  world = await aWorld()
}, 60_000)

/** Messages, comments: what they stand for is known when they are written. */
const written: Words = {}

async function ask(browser: Browser, row: Row, ids: Partial<Ids>): Promise<{ status: number; text: string }> {
  const path = addressOf(row, ids, written)
  return row.route.startsWith('GET') ? get(browser, path) : send(browser, path, row.fields?.())
}

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

const participants = statement<{ id: number }>(
  'test_participants',
  'select pa.id from participants pa join people p on p.id = pa.person_id where p.sub = any($1::text[]) order by pa.id',
)
const idsOf = async (subs: string[]) => (await participants(subs)).map(({ id }) => id)
