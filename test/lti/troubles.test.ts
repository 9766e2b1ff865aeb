import { afterEach, describe, expect, it } from 'vitest'
import { statement } from '../../src/db.ts'
import { sendDueScores } from '../../src/features/grades/index.ts'
import { quietGradebook } from '../support/scores.ts'
import { forgetTokens, savePlatform } from '../../src/lti/index.ts'
import { aCourse, aPair, confirm, launch, log, type Launched } from '../support/builders.ts'
import { college } from '../support/world.ts'
import { closeServers, serve, troubles } from './platform.ts'

/** What is the matter with key sets is in the case table (O17). */
const DEADLINE_MS = 10_000
const AT_ONCE_MS = 5000
const send = () => sendDueScores({ system: true })

const moveLineItem = statement(
  'test_move_line_item',
  'update resource_links set line_item_url = $2 where lti_id = $1 returning id',
)
const retryNow = statement(
  'test_retry_after_trouble',
  `with open as (update platforms set scores_paused_until = null)
   update scores s set next_try_at = now(), last_timestamp = last_timestamp - interval '1 minute'
   from participants pa join people p on p.id = pa.person_id where pa.id = s.participant_id and p.sub = any($1)`,
)
const findScores = statement<object>(
  'test_scores_in_trouble',
  `select s.sent_version < s.version as due, s.problem, s.attempts from scores s
   join participants pa on pa.id = s.participant_id join people p on p.id = pa.person_id where p.sub = any($1)`,
)

/** Moves one service of the college to an address that is in trouble. */
async function moveService(service: 'token' | 'line item', url: string, resourceLinkId: string): Promise<void> {
  const tokenUrl = service === 'token' ? `${url}/token` : college.platform.tokenUrl
  await savePlatform({ ...college.platform, tokenUrl, serviceOrigins: [url] })
  if (service === 'line item') await moveLineItem(resourceLinkId, `${url}/lineitem?type_id=1`)
  forgetTokens()
}

async function moveBack(resourceLinkId: string, lineItemUrl: string): Promise<void> {
  await savePlatform(college.platform)
  await moveLineItem(resourceLinkId, lineItemUrl)
  forgetTokens()
}

async function timed(work: Promise<unknown>): Promise<number> {
  const from = performance.now()
  await work
  return performance.now() - from
}

/** Home page, a new contact, a launch: none of them waits for the LMS. */
async function goOnWorking({ browser, person }: Launched, contactsHref: string): Promise<void> {
  expect(await timed(browser.open('/'))).toBeLessThan(AT_ONCE_MS)
  expect(browser.page.words).toContain('22 of 100')
  await browser.open(`${contactsHref}/new`)
  expect(await timed(browser.submit({ channel: 'email', minutes: '15', when: 'yesterday' }))).toBeLessThan(AT_ONCE_MS)
  expect(browser.page.words).toContain('Contact saved')
  expect(await timed(launch(person, aCourse()))).toBeLessThan(AT_ONCE_MS)
}

afterEach(closeServers)

describe.each(['token', 'line item'] as const)('when the address of the %s', (service) => {
  it.each([
    ['answers 500', '500'],
    ['answers a web page', 'html'],
    ['answers 10 MB', 'long'],
    ['never answers', 'silent'],
  ] as const)(
    '%s, people go on working, and the number is kept and sent later',
    { timeout: 60_000 },
    async (_, what) => {
      await quietGradebook()
      const { course, mentor, mentee, contactsHref } = await aPair()
      await log(mentor, contactsHref)
      await confirm(mentee, contactsHref)
      let asked = 0
      const { url } = await serve((_req, res) => {
        asked++
        troubles[what](res)
      })
      await moveService(service, url, course.resourceLinkId)
      const subs = [mentor.person.id, mentee.person.id]
      try {
        const sending = timed(send())
        await goOnWorking(mentor, contactsHref)
        expect(await sending).toBeLessThan(DEADLINE_MS + AT_ONCE_MS)
        expect(asked).toBeGreaterThan(0)
        const inTrouble = { due: true, problem: 'later', attempts: 1 }
        expect(await findScores(subs)).toEqual([inTrouble, inTrouble])
        expect((await mentee.browser.open('/')).status).toBe(200)
      } finally {
        await moveBack(course.resourceLinkId, course.lineItemUrl)
      }
      await retryNow(subs)
      await send()
      expect(subs.map((sub) => college.gradeOf(sub, course)?.score)).toEqual([22, 20])
    },
  )
})
