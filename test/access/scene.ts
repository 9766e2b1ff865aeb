import { randomUUID } from 'node:crypto'
import { statement } from '../../src/db.ts'
import { pdf } from '../files/documents.ts'
import {
  COMPOSER,
  aDuty,
  aPair,
  aStudent,
  dayFromNow,
  log,
  planTraining,
  startTopic,
  type Launched,
} from '../support/builders.ts'
import type { Browser } from '../support/browser.ts'
import { tokenOf } from '../support/token.ts'
import type { RoleName, Row } from './outcomes.ts'
import { concern, decision, goal, logEntry, skillsAnswers, task } from './table.ts'
import { aCrowd, addressOf, get, menteesOf, send, type Ids, type Words } from './world.ts'

export type World = { browsers: Record<RoleName, Browser>; ids: Partial<Ids> }

/** One pair with a contact that the mentor wrote, and everybody who should not get near it. */
export async function aWorld(): Promise<World> {
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

/** Messages, comments: what they stand for is known when they are written. */
const written: Words = {}

/** What somebody gets from a row of the table. */
export async function ask(browser: Browser, row: Row, ids: Partial<Ids>): Promise<{ status: number; text: string }> {
  const path = addressOf(row, ids, written)
  return row.route.startsWith('GET') ? get(browser, path) : send(browser, path, row.fields?.())
}

const newest = statement<{ id: number }>(
  'test_newest_contact',
  'select id from contacts where match_id = $1 order by id desc limit 1',
)
/** The newest contact of a match. */
export const newestContact = async (matchId: number) => (await newest(matchId))[0]?.id ?? 0

const participants = statement<{ id: number }>(
  'test_participants',
  'select pa.id from participants pa join people p on p.id = pa.person_id where p.sub = any($1::text[]) order by pa.id',
)
/** Their numbers as participants. */
export const idsOf = async (subs: string[]) => (await participants(subs)).map(({ id }) => id)
