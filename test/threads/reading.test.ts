import { describe, expect, it } from 'vitest'
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

describe('the page of fifty messages', () => {
  it('weighs at most 40 kB', async () => {
    const { mentee, mentor, id, href } = await aTopic(0)
    await manyMessages(id, 25)
    await manyMessages(id, 25, 'mentee')
    for (const { browser } of [mentee, mentor]) {
      await browser.open(href)
      await browser.open(href)
      const page = await browser.open(href)
      expect(page.$('.sp-post')).toHaveLength(50)
      expect(Buffer.byteLength(page.text)).toBeLessThanOrEqual(40_000)
    }
  })
})
