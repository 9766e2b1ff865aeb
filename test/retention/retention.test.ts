import { randomUUID } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { now, setClock } from '../../src/clock.ts'
import { runCommand } from '../../src/commands.ts'
import { statement } from '../../src/db.ts'
import { moveProgrammesOn } from '../../src/features/retention/index.ts'
import { send } from '../access/world.ts'
import { act, aPairWithLead, raise, told } from '../concerns/support.ts'
import { everyText } from '../erasure/support.ts'
import { aDuty, aPair, aProgramme, dayFromNow, log, startTopic, write, type Launched } from '../support/builders.ts'
import { expectRefused } from '../support/forms.ts'

const DAY = 86_400_000
const PAGE = '/admin/data/retention'
afterEach(() => {
  setClock()
})
/** So many days later the clock is looked at, once an hour and three times on that day. */
async function daysLater(days: number): Promise<void> {
  setClock(new Date(Date.now() + days * DAY))
  for (let hour = 0; hour < 3; hour++) await moveProgrammesOn({ system: true })
}
const page = async ({ browser }: Launched) => (await browser.open(PAGE)).words
const ending = () => ({ startsOn: dayFromNow(-200), endsOn: dayFromNow(5) })
const has = async (text: string) => (await everyText()).some((one) => one.text.includes(text))

/** Other tests write into the same database. */
const OF_THIS = randomUUID()

const figures = statement<Record<string, unknown>>(
  'test_retention_figures',
  `select (select count(*)::int from participants p where p.programme_id = m.programme_id) as people,
     (select count(*)::int from contacts c where c.match_id = m.id) as contacts, m.contacts_counted, m.last_contact_on::text,
     (select count(*)::int from messages s join threads t on t.id = s.thread_id where t.match_id = m.id) as messages,
     (select count(*)::int from audit_events a where a.programme_id = m.programme_id and a.act = 'match.offered') as acts
   from matches m where m.id = $1`,
)

describe('the retention clock', () => {
  it('closes, archives and empties a programme on its days, says so before, and keeps the counts', async () => {
    const pair = await aPair(ending())
    const { coordinator, mentee, mentor, matchId, contactsHref } = pair
    await write(mentee, await startTopic(mentor, matchId, { body: `Words of the mentor ${OF_THIS}` }), {
      body: `Words of the mentee ${OF_THIS}`,
    })
    await log(mentor, contactsHref, { line: `A line about us ${OF_THIS}` })
    expect(await page(coordinator)).toContain('The programme runs')
    await daysLater(6)
    expect(await page(coordinator)).toContain('The programme has ended')
    await daysLater(5 + 60)
    expect(await page(coordinator)).toContain('The programme is closed')
    const before = await figures(matchId)
    await daysLater(5 + 60 + 29)
    expect(await page(coordinator)).toContain('The programme is closed')
    await daysLater(5 + 60 + 30)
    expect(await page(coordinator)).toContain('The programme is archived')
    await daysLater(5 + 60 + 30 + 330)
    expect(await told(coordinator)).not.toContain('is removed soon')
    await daysLater(5 + 60 + 30 + 340)
    expect(await told(coordinator)).toContain('What people wrote is removed soon')
    expect(await has(`Words of the mentee ${OF_THIS}`)).toBe(true)
    const dry = await page(coordinator)
    expect(dry).toMatch(/messages: their words; that there was one stays ?2/)
    expect(await has(`Words of the mentor ${OF_THIS}`)).toBe(true) // looking changes nothing
    await daysLater(5 + 60 + 30 + 370)
    expect(await page(coordinator)).toContain('What people wrote has been removed')
    for (const text of [
      `Words of the mentee ${OF_THIS}`,
      `Words of the mentor ${OF_THIS}`,
      `A line about us ${OF_THIS}`,
    ])
      expect(await has(text)).toBe(false)
    for (const { person } of [mentee, mentor]) expect(await has(person.email)).toBe(false)
    expect(await figures(matchId)).toEqual(before)
    expect((await coordinator.browser.open('/admin')).status).toBe(200)
    for (const at of ['/admin/people', '/admin/matches', '/admin/reports', '/admin/audit', '/admin/applications'])
      expect([at, (await coordinator.browser.open(at)).status]).toEqual([at, 200])
  })

  it('tells of 30 and of 7 days before, once each', async () => {
    const { coordinator, matchId } = await aPair(ending())
    await daysLater(65)
    await daysLater(95)
    await daysLater(95 + 340)
    await daysLater(95 + 345)
    expect((await notices(matchId)).length).toBe(1)
    await daysLater(95 + 360)
    await daysLater(95 + 361)
    expect((await notices(matchId)).length).toBe(2)
    expect(await told(coordinator)).toContain('is removed soon')
  })

  it('is stopped by an open concern, says so, and goes on when it is closed', async () => {
    const { coordinator, lead, mentee, mentor, matchId } = await aPairWithLead()
    await endsOn(matchId, dayFromNow(5))
    await startTopic(mentor, matchId, { body: 'Words that wait' })
    const concern = await raise(mentee, { body: 'Words of a concern', about: 'me' })
    await daysLater(65)
    await daysLater(95)
    await daysLater(95 + 400)
    expect(await has('Words that wait')).toBe(true)
    expect(await page(coordinator)).toContain('A record that the college has to keep for now')
    expect(await told(coordinator)).toContain('cannot be removed yet')
    await act(lead, concern, 'acknowledgement')
    await act(lead, concern, 'closing', { note: 'Words of the lead' })
    await daysLater(95 + 401)
    for (const text of ['Words that wait', 'Words of a concern', 'Words of the lead'])
      expect(await has(text)).toBe(false)
  })

  it('lets the coordinator close and archive a programme that is over, having ticked it, and not before', async () => {
    const { coordinator, mentee, mentor, matchId } = await aPair(ending())
    expect((await send(coordinator.browser, `${PAGE}/closing`, { sure: 'yes' })).status).toBe(403)
    await daysLater(6)
    await coordinator.browser.open(PAGE)
    expect((await send(coordinator.browser, `${PAGE}/archiving`, { sure: 'yes' })).status).toBe(403)
    expectRefused(await coordinator.browser.submit({}, 'form[action$="/closing"]'), 'sure', 'Tick this')
    await coordinator.browser.submit({ sure: 'yes' }, 'form[action$="/closing"]')
    expect(coordinator.browser.page.words).toContain('The programme is closed')
    // Whoever takes part reads, and writes no more.
    expect((await mentee.browser.open(`/matches/${matchId}/threads`)).status).toBe(200)
    expect((await send(mentor.browser, '/logbook', { text: 'More' })).status).toBe(403)
    expect((await mentee.browser.open('/my-data/erasure')).status).toBe(200)
    expect((await send(mentee.browser, '/my-data/erasure', { sure: 'yes' })).status).toBe(303)
    await coordinator.browser.open(PAGE)
    await coordinator.browser.submit({ sure: 'yes' }, 'form[action$="/archiving"]')
    expect(coordinator.browser.page.words).toContain('The programme is archived')
  })

  it('keeps texts for as many months as the coordinator says', async () => {
    const { coordinator } = await aProgramme()
    await coordinator.browser.open(PAGE)
    for (const months of ['0', '61', 'x', ''])
      expectRefused(await coordinator.browser.submit({ months }, `form[action="${PAGE}"]`), 'months', '1 to 60')
    await coordinator.browser.submit({ months: '24' }, `form[action="${PAGE}"]`)
    expect(coordinator.browser.page.$('#months').attr('value')).toBe('24')
  })

  it('is nobody’s but the coordinator’s of the programme', async () => {
    const { course, coordinator, mentee, mentor } = await aPair(ending())
    const supervisor = await aDuty(course, 'supervisor')
    const other = (await aProgramme()).coordinator
    setClock(new Date(now().getTime() + 6 * DAY))
    for (const { browser } of [mentee, mentor, supervisor]) {
      expect((await browser.open(PAGE)).status).toBe(404)
      for (const act of ['', '/closing', '/archiving'])
        expect((await send(browser, `${PAGE}${act}`, { sure: 'yes', months: '1' })).status).toBe(404)
    }
    await send(other.browser, `${PAGE}/closing`, { sure: 'yes' })
    expect(await page(coordinator)).toContain('The programme has ended')
  })

  it('is foreseen by the operator, without a change', async () => {
    const { matchId, mentor } = await aPair(ending())
    await startTopic(mentor, matchId, { body: 'Words that stay' })
    await daysLater(6)
    const before = (await everyText()).length
    expect(await runCommand(['retention'])).toBe(0)
    expect((await everyText()).length).toBe(before)
    expect(await has('Words that stay')).toBe(true)
  })
})

const notices = statement<{ id: number }>(
  'test_retention_notices',
  `select n.id from notifications n join matches m on m.programme_id = n.programme_id where m.id = $1 and n.kind = 'retentionSoon'`,
)
const endsOn = statement(
  'test_ends_on',
  `update programmes set starts_on = $2::date - 200, ends_on = $2 where id = (select programme_id from matches where id = $1)`,
)
