import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { statement } from '../../src/db.ts'
import { aPair, manyMessages, startTopic, write } from '../support/builders.ts'
import type { Page } from '../support/browser.ts'

const numbers = ({ $ }: Page) =>
  $('.sp-post__body')
    .toArray()
    .map((post) => Number(/^Message no\. (\d+)\./.exec($(post).text().trim())?.[1] ?? 0))

const upTo = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at)

/** A topic of the mentee, with so many messages of the mentor's from yesterday before her own. */
async function aTopic(count: number) {
  const pair = await aPair()
  const id = await startTopic(pair.mentee, pair.matchId, { body: 'Her own' })
  await manyMessages(id, count)
  return { ...pair, id, href: `/threads/${id}` }
}

describe('a long topic', () => {
  it('is read from its first new message on, then page by page in both directions, each message once', async () => {
    const { mentee, href, matchId } = await aTopic(120)
    const { browser } = mentee
    expect((await browser.open(`/matches/${matchId}/threads`)).$('.sp-chip').text()).toBe('100 new')
    let page = await browser.open(href)
    expect(numbers(page)).toEqual(upTo(1, 50))
    expect(page.$('#new + li .sp-post__body').text().trim()).toBe('Message no. 1.')
    expect(page.$('a:contains("Show earlier messages")')).toHaveLength(0)
    // What was on the page has been read; the next visit goes on there, with a few from before.
    page = await browser.open(href)
    expect(numbers(page)).toEqual(upTo(41, 90))
    expect(page.$('#new + li .sp-post__body').text().trim()).toBe('Message no. 51.')
    page = await browser.follow('Show later messages')
    expect(numbers(page)).toEqual([...upTo(91, 120), 0])
    expect(page.$('a:contains("Show later messages")')).toHaveLength(0)
    const seen: number[] = []
    for (page = await browser.open(href); ; page = await browser.follow('Show earlier messages')) {
      seen.unshift(...numbers(page))
      if (page.$('a:contains("Show earlier messages")').length === 0) break
    }
    expect(seen).toEqual([...upTo(1, 120), 0])
    page = await browser.follow('Show later messages')
    expect(numbers(page)).toEqual(upTo(22, 71))
  })

  it('opens at its end when everything has been read, with a box to write in', async () => {
    const { mentee, mentor, id, href } = await aTopic(60)
    for (let visit = 0; visit < 3; visit++) await mentee.browser.open(href)
    expect(numbers(mentee.browser.page)).toEqual([...upTo(12, 60), 0])
    await write(mentor, id, { body: 'New again' })
    const page = await mentee.browser.open(href)
    expect(page.$('.sp-newline')).toHaveLength(1)
    expect(page.$('#new + li .sp-post__body').text().trim()).toBe('New again')
    expect(page.$('#new ~ li')).toHaveLength(1)
    expect((await mentee.browser.open(href)).$('#new')).toHaveLength(0)
  })

  it('goes back to what was read without marking it new, and takes any number in its address', async () => {
    const { mentee, href } = await aTopic(60)
    for (let visit = 0; visit < 3; visit++) await mentee.browser.open(href)
    await mentee.browser.open(`${href}?before=1`)
    expect((await mentee.browser.open(href)).$('#new')).toHaveLength(0)
    for (const query of [
      'before=x',
      'after=-1',
      'before=99999999999',
      'after=2147483647',
      'quote=0',
      'quote=a&quote=b',
    ])
      expect([query, (await mentee.browser.open(`${href}?${query}`)).status]).toEqual([query, 200])
  })

  it('has lists of topics in pages, too', async () => {
    const { mentee, matchId } = await aPair()
    await startTopic(mentee, matchId, { title: 'Topic 0' })
    for (let one = 1; one <= 52; one++) await startTopic(mentee, matchId, { title: `Topic ${one}` })
    const page = await mentee.browser.open(`/matches/${matchId}/threads`)
    expect(page.$('.sp-threads li')).toHaveLength(50)
    const next = await mentee.browser.follow('Show more')
    expect(next.$('.sp-threads h3').text()).toBe('Topic 2Topic 1Topic 0')
  })
})

/** Fifty messages in turns, of 180 characters each with some Markdown, and numbers as long as they are after some years. */
const writeFifty = statement(
  'test_write_fifty',
  `insert into messages (id, thread_id, author_id, form_key, body, quote_id, visible_at, told, edited_at)
   select 7000000 + t.id * 100 + n, t.id, case when n % 2 = 0 then m.mentor_id else m.mentee_id end, gen_random_uuid(),
     'I went to the open day on **Saturday**, and it was better than I thought. What would you ask them if you had only ten '
       || E'minutes?\n\nCould we talk on the telephone on Thursday after four?',
     case when n % 10 = 9 then 7000000 + t.id * 100 + n - 1 end,
     date_trunc('milliseconds', now()) - interval '30 days' + n * interval '13 hours', true, case when n % 10 = 7 then now() end
   from threads t join matches m on m.id = t.match_id, generate_series(1, 50) n where t.id = $1`,
)

describe('the page of fifty messages', () => {
  it('weighs at most 40 kB, 10 kB on its way, and needs at most eight requests', async () => {
    const { mentee, mentor, id, href } = await aTopic(0)
    await writeFifty(id)
    for (const { browser } of [mentee, mentor]) {
      const { $, text } = await browser.open(href)
      expect($('.sp-post')).toHaveLength(50)
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(40_000)
      expect(gzipSync(text).length).toBeLessThanOrEqual(10_000)
      const others = $('link[rel=stylesheet], script[src], img, iframe, object, embed, video, audio').length
      expect(1 + others).toBeLessThanOrEqual(8)
      expect(text).not.toMatch(/@import|url\(/)
    }
  })
})
