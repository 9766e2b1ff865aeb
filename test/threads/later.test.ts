import { afterEach, describe, expect, it } from 'vitest'
import { instantIn, setClock } from '../../src/clock.ts'
import { statement } from '../../src/db.ts'
import { tellDueMessages } from '../../src/features/threads/index.ts'
import { aPair, COMPOSER, dayFromNow, startTopic, type Launched } from '../support/builders.ts'

afterEach(() => {
  setClock()
})

const setQuiet = statement(
  'test_quiet_hours',
  "update people set quiet_from = '21:00', quiet_until = '07:00' where sub = $1",
)
/** From here on it is this time in London, so many days from what it was (dayFromNow asks the same clock). */
const clockAt = (days: number, time: string) => {
  setClock(instantIn('Europe/London', dayFromNow(days), time))
}
const told = async ({ browser }: Launched) => (await browser.open('/notifications')).words.includes('A new message')

async function aQuietMentor() {
  const pair = await aPair()
  const id = await startTopic(pair.mentee, pair.matchId)
  await setQuiet(pair.mentor.person.id)
  await pair.mentor.browser.open(`/threads/${id}`)
  clockAt(1, '22:30')
  await pair.mentee.browser.open(`/threads/${id}`)
  return { ...pair, id, href: `/threads/${id}` }
}

describe('in the quiet hours of the partner', () => {
  it('a message can wait until nine in the morning; until then they see and hear nothing of it', async () => {
    const { mentee, mentor, href, matchId } = await aQuietMentor()
    expect(mentee.browser.page.$('.sp-composer .btn-primary').text()).toBe('Send tomorrow at 09:00')
    await mentee.browser.submit({ body: 'canary-later', _act: 'later' }, COMPOSER)
    expect(mentee.browser.page.words).toMatch(/Kept until .* at 09:00/)
    expect(mentee.browser.page.words).toContain('Sam does not see it before')
    expect((await mentee.browser.open(`/matches/${matchId}/threads`)).words).toContain('Goes out')
    await tellDueMessages({ system: true })
    for (const path of ['/', href, `/matches/${matchId}/threads`])
      expect((await mentor.browser.open(path)).text).not.toMatch(/canary-later|1 new|Goes out/)
    expect(await told(mentor)).toBe(false)
    clockAt(1, '09:00')
    await tellDueMessages({ system: true })
    await tellDueMessages({ system: true })
    expect((await mentor.browser.open('/')).words).toContain('1 new')
    expect(await told(mentor)).toBe(true)
    expect((await mentor.browser.open(href)).$('#new + li').text()).toContain('canary-later')
    expect(await told(mentor)).toBe(false)
  })

  it('the writer can take it back without a trace, and has the words in the box again', async () => {
    const { mentee, mentor, href } = await aQuietMentor()
    await mentee.browser.submit({ body: 'canary-later', _act: 'later' }, COMPOSER)
    await mentee.browser.follow('Take it back')
    for (const page of await mentee.browser.doubleClick({})) expect(page.status).toBe(200)
    expect(mentee.browser.page.$('.sp-post')).toHaveLength(1)
    expect(mentee.browser.page.$('#body').val()).toBe('canary-later')
    clockAt(1, '09:30')
    await tellDueMessages({ system: true })
    expect(await told(mentor)).toBe(false)
    const page = await mentor.browser.open(href)
    expect(page.$('.sp-post')).toHaveLength(1)
    expect(page.text).not.toMatch(/canary-later|withdrawn/)
  })

  it('it can go out at once, all the same', async () => {
    const { mentee, mentor, href } = await aQuietMentor()
    await mentee.browser.submit({ body: 'Now, please', _act: 'send' }, COMPOSER)
    expect((await mentor.browser.open(href)).words).toContain('Now, please')
  })

  it('a message that was written meanwhile and seen does not hide one that comes later', async () => {
    const { mentee, mentor, href } = await aQuietMentor()
    await mentee.browser.submit({ body: 'Comes later', _act: 'later' }, COMPOSER)
    await mentee.browser.open(href)
    await mentee.browser.submit({ body: 'Comes now', _act: 'send' }, COMPOSER)
    await mentor.browser.open(href)
    clockAt(1, '09:30')
    expect((await mentor.browser.open('/')).words).toContain('1 new')
    expect((await mentor.browser.open(href)).$('#new + li').text()).toContain('Comes later')
  })

  it('after midnight it is said that it goes out today', async () => {
    const { mentee, href } = await aQuietMentor()
    clockAt(1, '03:30')
    await mentee.browser.open(href)
    expect(mentee.browser.page.$('.sp-composer .btn-primary').text()).toBe('Send today at 09:00')
  })
})

it('at any other time there is nothing to wait for', async () => {
  const { mentee, href } = await aQuietMentor()
  clockAt(1, '12:00')
  expect((await mentee.browser.open(href)).$('.sp-composer .btn-primary').text()).toBe('Send')
})
