import { beforeAll, describe, expect, it } from 'vitest'
import { statement } from '../../src/db.ts'
import { endDutyOf, raise } from '../concerns/support.ts'
import { pdf } from '../files/documents.ts'
import { FORM, aPairWithReports, decide, handIn } from '../reports/support.ts'
import type { Browser } from '../support/browser.ts'
import {
  aDuty,
  aStudent,
  anAdministrator,
  idOf,
  logContact,
  pairUp,
  selectContent,
  startTopic,
  type Launched,
} from '../support/builders.ts'
import { college } from '../support/world.ts'
import { tokenOf } from '../support/token.ts'
import { roles, type RoleName, type Row } from './outcomes.ts'
import { choosing, standing } from './standing.ts'
import { logEntry, table } from './table.ts'
import { aCrowd, addressOf, get, menteesOf, send, type Ids, type Words } from './world.ts'

const PAYS = { honorariumAmount: '150', honorariumCurrency: 'GBP' }
type World = { browsers: Record<RoleName, Browser>; ids: Partial<Ids>; words: Words }
let world: World
let atTheDoor: Record<RoleName, Browser>

beforeAll(async () => {
  world = await aWorld()
  atTheDoor = { ...world.browsers, ...(await whoChoose()) }
}, 120_000)

async function aWorld(): Promise<World> {
  const pair = await aPairWithReports(undefined, PAYS)
  const { coordinator, mentee, mentor, course, matchId } = pair
  const stranger = await aStudent(course, 'mentor', 'Chidi Eze')
  const crowd = await aCrowd(stranger)
  await pairUp(coordinator, await aStudent(course, 'mentee'), stranger)
  const { formerMentee, secondMentee } = await menteesOf(mentor, coordinator)
  await handIn(stranger)
  await aSharedFile(mentor)
  await decide(coordinator, mentor, 'review')
  const people = { mentee: mentee.browser, mentor: mentor.browser, coordinator: coordinator.browser }
  const list = await aList(coordinator, mentor)
  await endDutyOf(coordinator, 'concern_lead')
  const thread = await startTopic(mentee, matchId)
  const concern = await raise(mentee, { about: 'partner' })
  await openDoor(crowd.concernLead, concern)
  const participant = await idOf(mentor)
  return {
    browsers: {
      ...{ ...crowd, ...people, formerMentee: formerMentee.browser, secondMentee: secondMentee.browser },
    },
    ids: { match: matchId, participant, payee: await idOf(stranger), list, concern, entry: await anEntry(mentor) },
    words: { thread: String(thread), wish: String(await aWish(pair)) },
  }
}

/** The mentor hands in a file instead of answers, and lets whoever may read it read it. */
async function aSharedFile({ browser }: Launched): Promise<void> {
  await browser.open('/report')
  await browser.submitFile({ name: 'report.pdf', data: pdf() }, {}, FORM)
  await browser.submit({}, 'form[action="/report/sharing"]')
}

/** The list on which the mentor's payment stands. */
async function aList({ browser }: Launched, mentor: Launched): Promise<number> {
  await browser.open('/admin/honoraria')
  await browser.submit({ honorarium: String(await idOf(mentor)) }, '#approve')
  const { text } = await browser.submit({}, 'form[action$="/exports"]')
  return Number(/honoraria\/exports\/(\d+)/.exec(text)?.[1])
}

async function openDoor(browser: Browser, concern: number): Promise<void> {
  const pair = `/admin/concerns/${concern}/pair`
  await browser.open(pair)
  const why = { reason: 'A named person may come to harm this week.', hours: '24' }
  const later = { telling: 'later', days: '7', embargoReason: 'They may be hurt once it is known.' }
  const page = await browser.submit({ ...why, ...later }, `form[action="${pair}"]`)
  expect(page.status).toBe(200)
}

async function anEntry({ browser }: Launched): Promise<number> {
  await browser.post('/logbook', { _token: await tokenOf(browser), ...logEntry() })
  const href = browser.page.$('.sp-timeline a').first().attr('href') ?? ''
  return Number(href.split('/').pop())
}

async function aWish({ mentee, contactsHref, matchId }: Awaited<ReturnType<typeof aPairWithReports>>): Promise<number> {
  await logContact(mentee, contactsHref)
  await mentee.browser.submit({ wantsContact: 'yes' }, 'form[action$="/pulse"]')
  return (await wishIn(matchId))[0]?.id ?? 0
}
const wishIn = statement<{ id: number }>(
  'test_wish_in',
  'select id from pulses where match_id = $1 and wants_contact limit 1',
)

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
