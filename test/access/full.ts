import { expect } from 'vitest'
import { statement } from '../../src/db.ts'
import { endDutyOf, raise } from '../concerns/support.ts'
import { pdf } from '../files/documents.ts'
import { FORM, aPairWithReports, decide, handIn } from '../reports/support.ts'
import type { Browser } from '../support/browser.ts'
import { aStudent, idOf, logContact, pairUp, startTopic, type Launched } from '../support/builders.ts'
import { tokenOf } from '../support/token.ts'
import type { RoleName } from './outcomes.ts'
import { logEntry } from './table.ts'
import { aCrowd, menteesOf, type Ids, type Words } from './world.ts'

const PAYS = { honorariumAmount: '150', honorariumCurrency: 'GBP' }
export type FullWorld = { browsers: Record<RoleName, Browser>; ids: Partial<Ids>; words: Words }

/** A world in which what the rows of `standing.ts` are for stands. */
export async function aFullWorld(): Promise<FullWorld> {
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
