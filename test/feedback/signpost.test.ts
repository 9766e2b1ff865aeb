import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { instantIn, setClock } from '../../src/clock.ts'
import { statement } from '../../src/db.ts'
import type { Fields, Page } from '../support/browser.ts'
import {
  aPair,
  aProgramme,
  aStudent,
  COMPOSER,
  dayFromNow,
  manyMessages,
  pairUp,
  startTopic,
  write,
  type Launched,
} from '../support/builders.ts'
import { expectRefused, oddFields } from '../support/forms.ts'
import { tokenOf } from '../support/token.ts'

afterEach(() => {
  setClock()
})

const DIRECTORY = '/admin/content/directory'

let pair: Awaited<ReturnType<typeof aPair>>
beforeAll(async () => {
  pair = await aPair()
  await startTopic(pair.mentor, pair.matchId) // the notice is read
}, 30_000)

async function aTopic() {
  const id = await startTopic(pair.mentee, pair.matchId, { body: 'Who knows about money?' })
  return { ...pair, id, href: `/threads/${id}` }
}
/** Points to an entry in a topic. */
async function point({ browser }: Launched, id: number, fields: Fields = {}): Promise<Page> {
  await browser.open(`/threads/${id}/signpost`)
  return browser.submit({ entry: 'citizens-advice', body: 'They helped me', noted: 'yes', ...fields }, COMPOSER)
}
const YES = '.sp-signpost button[value=yes]'
const NO = '.sp-signpost button[value=no]'
const cardOn = ({ $ }: Page) => $('.sp-post .sp-signpost').text().replace(/\s+/g, ' ').trim()
/** The coordinator changes an entry, takes it out, or puts it back. */
async function change({ browser }: Launched, key: string, fields: Fields): Promise<void> {
  await browser.open(`${DIRECTORY}/${key}`)
  await browser.submit(fields, 'main form.sp-form')
}
const act = async ({ browser }: Launched, key: string, what: 'removal' | 'restoration') =>
  browser.post(`${DIRECTORY}/${key}/${what}`, { _token: await tokenOf(browser) })

describe('a signpost', () => {
  it('is a message with a card, and the mentee says if it was useful, and may say otherwise later', async () => {
    const { mentor, mentee, id, href, matchId } = await aTopic()
    await point(mentor, id)
    expect(cardOn(mentor.browser.page)).toContain('Citizens Advice')
    expect(mentor.browser.page.$(YES)).toHaveLength(0)
    const page = await mentee.browser.open(href)
    expect(page.$('.sp-post h3 .sp-chip').text().trim()).toBe('Signpost')
    expect(page.$('.sp-post').last().text()).toMatch(/They helped me.*Citizens Advice.*How to reach it/s)
    expect([page.$(YES).attr('aria-pressed'), page.$(NO).attr('aria-pressed')]).toEqual(['false', 'false'])
    await mentee.browser.press(YES)
    expect(mentee.browser.page.words).toContain('Thank you')
    expect(mentee.browser.page.$(YES).attr('aria-pressed')).toBe('true')
    expect(cardOn(await mentor.browser.open(href))).toContain('Priya says that this was useful')
    await mentee.browser.press(NO)
    expect(mentee.browser.page.$(YES).attr('aria-pressed')).toBe('false')
    expect(cardOn(await mentor.browser.open(href))).toContain('Priya says that this was not useful')
    const stage = await mentor.browser.open(`/matches/${matchId}/stages/2`) // it is something the two do there
    expect(stage.$('#item-good-information').text()).toContain('You and Priya ticked this')
  })

  it('is answered by the mentee alone, where there is one', async () => {
    const { mentor, mentee, id, href } = await aTopic()
    await point(mentor, id)
    const answer = async ({ browser }: Launched, message: string, useful = 'yes') =>
      (await browser.post(`${href}/messages/${message}/usefulness`, { _token: await tokenOf(browser), useful })).status
    const [first = '', second = ''] = messagesOn(await mentee.browser.open(href))
    expect(await answer(mentor, second)).toBe(403)
    expect(await answer(mentee, first)).toBe(404)
    expect(await answer(mentee, second, 'perhaps')).toBe(404)
    expect(await answer(mentee, '999999999')).toBe(404)
    const elsewhere = await aTopic()
    await mentee.browser.open(elsewhere.href)
    const other = { ...mentee, browser: mentee.browser }
    expect((await other.browser.post(`${elsewhere.href}/messages/${second}/usefulness`, { _token: await tokenOf(other.browser), useful: 'yes' })).status).toBe(404) // prettier-ignore
    expect((await mentee.browser.open(href)).$(YES).attr('aria-pressed')).toBe('false')
  })

  it('keeps its place on a long page', async () => {
    const { mentor, mentee, id, href } = await aTopic()
    await point(mentor, id)
    const [, message] = messagesOn(await mentor.browser.open(href))
    await write(mentor, id, { body: 'What do you think?' })
    await mentee.browser.open(href)
    await manyMessages(id, 60)
    await earlier(message)
    await mentee.browser.open(href)
    while (mentee.browser.page.$(YES).length === 0) await mentee.browser.follow('Show earlier messages')
    const page = await mentee.browser.press(YES)
    expect(page.url).toMatch(/\?before=\d+/)
    expect(page.$(YES).attr('aria-pressed')).toBe('true')
  })

  it('says what the directory says now; of what has left it, the name alone', async () => {
    const { coordinator, mentor, mentee, id, href } = await aTopic()
    await point(mentor, id, { entry: 'counselling' })
    await change(coordinator, 'counselling', { name: 'Talking to somebody', how: 'Room 7' })
    expect(cardOn(await mentee.browser.open(href))).toMatch(/Talking to somebody.*Room 7/)
    await act(coordinator, 'counselling', 'removal')
    const card = cardOn(await mentee.browser.open(href))
    expect(card).toContain('CounsellingThis is no longer in the directory.')
    expect(card).not.toContain('Room 7')
    await act(coordinator, 'counselling', 'restoration')
    expect(cardOn(await mentee.browser.open(href))).toContain('Room 7')
  })

  it('cannot be made to what was removed, or is due for review', async () => {
    const { coordinator, mentor, id, href } = await aTopic()
    await act(coordinator, 'shout', 'removal')
    await change(coordinator, 'ucas', { reviewOn: dayFromNow(0) })
    const { browser } = mentor
    for (const [entry, status] of [
      ['shout', 404],
      ['ucas', 403],
      ['nothing', 404],
    ] as const) {
      expect((await browser.open('/directory')).$(`a[href="/directory/${entry}/signpost"]`)).toHaveLength(0)
      expect((await browser.open(`/directory/${entry}/signpost`)).status).toBe(status)
      expect((await browser.open(`${href}/signpost?entry=${entry}`)).$('option[selected]')).toHaveLength(0)
      await browser.submit({ entry, body: 'All the same' }, COMPOSER)
      expectRefused(browser.page, 'entry', 'Choose a service')
      expect(browser.page.$('#body').val()).toBe('All the same')
    }
    expect((await browser.open(href)).$('.sp-post')).toHaveLength(1)
    await change(coordinator, 'ucas', { reviewOn: dayFromNow(1) })
    await point(mentor, id, { entry: 'ucas' })
    expect(cardOn(browser.page)).toContain('UCAS')
  })

  it('begins in the directory, for mentors', async () => {
    const { mentor, mentee, id } = await aTopic()
    const link = 'a[href="/directory/samaritans/signpost"]'
    expect((await mentee.browser.open('/directory')).$(link)).toHaveLength(0)
    expect((await mentee.browser.open('/directory/samaritans/signpost')).status).toBe(403)
    await mentor.browser.open((await mentor.browser.open('/directory')).$(link).attr('href') ?? '')
    const topics = mentor.browser.page.$('.sp-threads li')
    expect(topics.first().text()).toMatch(/Personal statement.*With Priya/s)
    await mentor.browser.open(mentor.browser.page.$('.sp-threads a').first().attr('href') ?? '')
    expect(mentor.browser.page.url).toContain(`/threads/${id}/signpost`)
    expect(mentor.browser.page.$('#entry option[selected]').val()).toBe('samaritans')
    expect(mentor.browser.page.$('.sp-signpost').text()).toContain('Samaritans')
  })

  it('is written once for a double click, and says what is missing', async () => {
    const { mentor, id, href } = await aTopic()
    const { browser } = mentor
    await point(mentor, id, { entry: '', body: ' ' })
    expectRefused(browser.page, 'entry', 'Choose a service')
    expectRefused(browser.page, 'body', 'Write why')
    await browser.doubleClick({ entry: 'ucas', body: 'Once' }, COMPOSER)
    expect((await browser.open(href)).$('.sp-signpost')).toHaveLength(1)
    for (const fields of oddFields(['entry', '_key']))
      expect((await point(mentor, id, { _act: 'draft', ...fields })).status).toBeLessThan(500)
    await browser.open(`${href}/signpost`)
    await browser.press('button[value=text]', { entry: 'ucas', body: 'Taken along' })
    expect(browser.page.$('#body').val()).toMatch(/^Taken along/)
    expect((await browser.open(`${href}/signpost`)).$('#entry option[selected]').val()).toBe('ucas')
  })

  it('is gone when it is withdrawn, with what it pointed to', async () => {
    const { mentor, mentee, id, href } = await aTopic()
    await point(mentor, id, { body: 'canary-why' })
    await mentee.browser.open(href)
    await mentee.browser.press(YES)
    await mentor.browser.open(href)
    await mentor.browser.follow('Withdraw')
    await mentor.browser.submit()
    const page = await mentee.browser.open(href)
    expect(page.text).not.toMatch(/canary-why|Citizens Advice/)
    expect(await signpostsIn(id)).toEqual([])
  })

  it('can wait until the morning, unseen, and comes back into its box with the service', async () => {
    const { mentor, mentee, id, href } = await aTopic()
    await quiet(mentee.person.id)
    setClock(instantIn('Europe/London', dayFromNow(1), '22:30'))
    await point(mentor, id, { _act: 'later' })
    expect((await mentee.browser.open(href)).text).not.toContain('Citizens Advice')
    const [, message] = messagesOn(await mentor.browser.open(href))
    const early = { _token: await tokenOf(mentee.browser), useful: 'yes' }
    expect((await mentee.browser.post(`${href}/messages/${message}/usefulness`, early)).status).toBe(404)
    await mentor.browser.follow('Take it back')
    await mentor.browser.submit()
    expect(mentor.browser.page.$('#entry option[selected]').val()).toBe('citizens-advice')
    expect(mentor.browser.page.$('#body').val()).toBe('They helped me')
  })
})

const quiet = statement(
  'test_quiet_for_signpost',
  "update people set quiet_from = '21:00', quiet_until = '07:00' where sub = $1",
)
const waits = statement(
  'test_waits',
  `update messages set visible_at = now() + interval '1 day' where id =
     (select max(id) from messages where thread_id = $1 and kind = 'signpost')`,
)
const signpostsIn = statement('test_signposts_in', 'select 1 from signposts g join messages s on s.id = g.message_id where s.thread_id = $1') // prettier-ignore
const earlier = statement(
  'test_earlier',
  "update messages set visible_at = visible_at - interval '2 days' where id = $1",
)
const messagesOn = ({ $ }: Page) =>
  $('.sp-post h3')
    .toArray()
    .map((heading) => $(heading).attr('id')?.slice(1))

describe('what the coordinator sees', () => {
  it('is sums, once three pairs are behind them, and never who', async () => {
    const { course, coordinator } = await aProgramme()
    const mentor = await aStudent(course, 'mentor', 'Sam Whitlock')
    const mentees: { mentee: Launched; id: number }[] = []
    const line = async () => {
      const page = await coordinator.browser.open(DIRECTORY)
      expect(page.text).not.toMatch(/canary|Whitlock|Nair/)
      return page.$('main li.sp-line:contains("Citizens Advice")').text().replace(/\s+/g, ' ')
    }
    const before = await line()
    for (const one of [1, 2, 3]) {
      expect(await line()).toBe(before)
      const mentee = await aStudent(course, 'mentee', 'Priya Nair')
      const matchId = await pairUp(coordinator, mentee, mentor)
      const id = await startTopic(mentor, matchId)
      for (let times = 0; times < one; times++) await point(mentor, id, { body: 'canary' })
      mentees.push({ mentee, id })
    }
    expect(await line()).toContain('Signposted 6 times')
    for (const [at, { mentee, id }] of mentees.entries()) {
      expect(await line()).not.toContain('seful')
      await mentee.browser.open(`/threads/${id}`)
      await mentee.browser.press(at === 1 ? NO : YES)
    }
    expect(await line()).toContain('Useful: 2, not useful: 1')
    expect((await pair.coordinator.browser.open(DIRECTORY)).words).not.toContain('Signposted 6 times')
    await waits(mentees[2]?.id)
    expect(await line()).toContain('Signposted 5 times')
    await mentor.browser.open(`/threads/${mentees[0]?.id}`)
    await mentor.browser.open(mentor.browser.page.$('a:contains("Withdraw")').last().attr('href') ?? '')
    await mentor.browser.submit()
    expect(await line()).toBe(before)
  })
})
