import { randomUUID } from 'node:crypto'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { instantIn, now, setClock } from '../../src/clock.ts'
import { statement } from '../../src/db.ts'
import { tellDueMessages } from '../../src/features/threads/index.ts'
import type { Fields, Page } from '../support/browser.ts'
import { aPair, COMPOSER, dayFromNow, startTopic, write } from '../support/builders.ts'
import { expectRefused, oddFields } from '../support/forms.ts'
import { logged } from '../support/log.ts'
import { tokenOf } from '../support/token.ts'

afterEach(() => {
  setClock()
})

const MINUTE = 60_000
const ASK = 'How do you feel about your progress, and what do you want to do next?'

/** One pair for all: each test has a topic of its own. */
let pair: Awaited<ReturnType<typeof aPair>>
beforeAll(async () => {
  pair = await aPair()
  await startTopic(pair.mentor, pair.matchId) // the notice is read
}, 30_000)

/** The messages of a page as people read them. */
const posts = ({ $ }: Page) =>
  $('.sp-post')
    .toArray()
    .map((post) => $(post).find('.sp-post__body').text().replace(/\s+/g, ' ').trim())

async function aTopic() {
  const id = await startTopic(pair.mentee, pair.matchId, { body: 'Is it too personal?' })
  return { ...pair, id, href: `/threads/${id}` }
}
/** What the form of feedback holds when nothing is wrong. */
const served = async (): Promise<Fields> => ({
  _token: await tokenOf(pair.mentor.browser),
  _key: randomUUID(),
  body: 'x',
  question: 'starter-ask',
})
/** Gives feedback in a topic. */
async function give(id: number, fields: Fields = {}): Promise<Page> {
  const { browser } = pair.mentor
  await browser.open(`/threads/${id}/feedback`)
  return browser.submit({ body: 'The night shift is strong.', ...fields }, COMPOSER)
}

describe('the feedback aid', () => {
  it('has nine points in the words of the programme beside the box, and more to read', async () => {
    const { coordinator, mentor, href } = await aTopic()
    await coordinator.browser.open('/admin/content/feedback/feedback-praise')
    await coordinator.browser.submit({ text: 'What went well comes first.' }, 'main form.sp-form')
    await mentor.browser.open(href)
    const page = await mentor.browser.press('button[value=feedback]')
    expect(page.$('h1').text()).toBe('Feedback to Priya')
    expect(page.$('.sp-aid li')).toHaveLength(9)
    expect(page.$('.sp-aid li').first().text()).toBe('What went well comes first.')
    expect(page.words).toContain('Read it once more before you send it')
    expect(page.$('.sp-aid a[href="/help"], .sp-aid a[href="/handbook/feedback"]')).toHaveLength(2)
  })

  it('asks for a line before the first feedback, which its writer alone can read, in their log book', async () => {
    const { mentor, mentee, coordinator, matchId, id, href } = await aTopic()
    const canary = 'canary-of-my-own'
    const first = await mentor.browser.open(`${href}/feedback`)
    expect(first.$('label[for=reflection]').text()).toContain('Before your first feedback')
    await give(id, { reflection: `${canary} ${'x'.repeat(280)}` })
    expectRefused(mentor.browser.page, 'reflection', 'Keep it to 280 characters')
    await mentor.browser.doubleClick({ reflection: canary }, COMPOSER)
    const book = await mentor.browser.open('/logbook')
    expect(book.$('.sp-timeline > li:contains("canary-of-my-own")')).toHaveLength(1)
    const notHis = [
      href,
      `/matches/${matchId}/logbook`,
      `/matches/${matchId}/threads`,
      '/',
      '/notifications',
      '/logbook',
    ]
    for (const path of notHis) expect((await mentee.browser.open(path)).text).not.toContain(canary)
    for (const path of ['/admin', `/admin/matches/${matchId}`, '/admin/content/directory', '/tutor', '/notifications'])
      expect((await coordinator.browser.open(path)).text).not.toContain(canary)
    expect(logged.filter((line) => line.includes(canary))).toEqual([])
    expect((await mentor.browser.open(`${href}/feedback`)).$('#reflection')).toHaveLength(0)
  })

  it('puts first words into the text without sending anything', async () => {
    const { mentor, href } = await aTopic()
    await mentor.browser.open(`${href}/feedback`)
    await mentor.browser.press('button[value=starter-keep]', { body: 'Strong.', question: 'starter-ask-see' })
    expect(mentor.browser.page.$('#body').val()).toBe('Strong.\n\nPlease keep doing this:')
    expect(mentor.browser.page.$('input[name=question][checked]').val()).toBe('starter-ask-see')
    await mentor.browser.press('button[value=starter-raise]', { starter: 'none' })
    expect(mentor.browser.page.$('#body').val()).toMatch(/this:\n\nOne thing I would like to raise/)
    expect(posts(await mentor.browser.open(href))).toHaveLength(1)
  })
})

describe('feedback', () => {
  it('is an ordinary message of its kind, and ends with the question that was chosen', async () => {
    const { mentor, mentee, id, href } = await aTopic()
    await give(id, { question: 'starter-ask-try' })
    expect(mentor.browser.page.words).toContain('Sent')
    expect((await mentee.browser.open('/notifications')).words).toContain('A new message')
    const page = await mentee.browser.open(href)
    const said = 'The night shift is strong. Which of this would you like to try first?'
    expect(posts(page)).toEqual(['Is it too personal?', said])
    expect(page.$('.sp-post h3 .sp-chip').text().trim()).toBe('Feedback')
    await give(id, { body: 'Another' })
    expect(posts(mentor.browser.page).at(-1)).toBe(`Another ${ASK}`)
  })

  it('may end with a question of its own, in any script', async () => {
    const { mentor, id } = await aTopic()
    await give(id, { body: 'No question.', question: 'own' })
    expectRefused(mentor.browser.page, 'body', 'End your text with your question')
    for (const body of ['And you?', '你觉得呢？', 'ما رأيك؟', 'Well. *And you?*']) {
      await give(id, { body, question: 'own' })
      expect([mentor.browser.page.status, posts(mentor.browser.page).at(-1)]).toEqual([200, body.replaceAll('*', '')])
    }
  })

  it('says what is wrong beside the field, keeps what was typed, and sends nothing', async () => {
    const { mentor, id, href } = await aTopic()
    const wrong: [Fields, string, string][] = [
      [{ body: ' ' }, 'body', 'Write your feedback'],
      [{ body: 'x'.repeat(5001) }, 'body', 'Keep it to 5,000 characters'],
      [{ body: 'x'.repeat(5000) }, 'body', 'Keep it to 5,000 characters'], // with its question
      [{ body: 'a\u0000b' }, 'body', 'something here cannot be saved'],
      [{ question: undefined }, 'question', 'Choose the question'],
      [{ question: 'starter-keep' }, 'question', 'Choose the question'],
      [{ _key: 'x' }, 'body', 'Load this page again'],
    ]
    for (const [fields, field, message] of wrong) {
      await give(id, fields)
      expectRefused(mentor.browser.page, field, message)
      expect(mentor.browser.page.$('#body').val()).toHaveLength(fields['body']?.length ?? 26)
    }
    expect(posts(await pair.mentee.browser.open(href))).toHaveLength(1)
    await mentor.browser.open(`${href}/feedback`)
    for (const fields of oddFields(['question', 'reflection', 'starter', 'quote']))
      expect((await mentor.browser.post(`${href}/feedback`, { ...(await served()), ...fields })).status).toBeLessThan(
        500,
      )
  })

  it('is kept as a draft, goes along to another kind of message with what it answers, and is sent once', async () => {
    const { mentor, id, href } = await aTopic()
    const { browser } = mentor
    await browser.open(href)
    await browser.follow('Reply')
    await browser.press('button[value=feedback]', { body: 'Written as a message' })
    expect(browser.page.url).toContain('/feedback')
    expect(browser.page.$('#body').val()).toBe('Written as a message')
    expect(browser.page.$('.sp-composer .sp-quote').text()).toContain('Is it too personal?')
    await browser.press('button[value=text]', { body: 'Back again' })
    expect([browser.page.$('#body').val(), browser.page.$('.sp-composer .sp-quote')]).toEqual([
      'Back again',
      expect.objectContaining({ length: 1 }),
    ])
    expect((await browser.open(`${href}/feedback`)).$('#body').val()).toBe('')
    await browser.submit({ body: 'Half', _act: 'draft' }, COMPOSER)
    expect(browser.page.$('#body').val()).toBe('Half')
    await browser.doubleClick({ _act: 'send' }, COMPOSER)
    expect(posts(await browser.open(href))).toEqual(['Is it too personal?', `Half ${ASK}`])
    expect((await browser.open(`/threads/${id}/feedback`)).$('#body').val()).toBe('')
  })

  it('still ends with a question when it is changed, and is withdrawn like any message', async () => {
    const { mentor, mentee, id, href } = await aTopic()
    await give(id, { body: 'canary-feedback' })
    await mentor.browser.follow('Change')
    await mentor.browser.submit({ body: 'Without one' })
    expectRefused(mentor.browser.page, 'body', 'Feedback ends with a question')
    await mentor.browser.submit({ body: 'canary-feedback, and you?' })
    expect(posts(await mentee.browser.open(href))[1]).toBe('canary-feedback, and you?')
    await mentor.browser.follow('Withdraw')
    await mentor.browser.submit()
    const page = await mentee.browser.open(href)
    expect(page.words).toContain('Message withdrawn')
    expect(page.text).not.toContain('canary-feedback')
    expect(page.$('.sp-post h3 .sp-chip')).toHaveLength(0)
  })

  it('asks about numbers first, as any message does', async () => {
    const { mentor, id, href } = await aTopic()
    await quiet(mentor.person.id) // his own quiet hours are none of his mentee's
    await give(id, { body: 'Write to sam@college.example' })
    expect([mentor.browser.page.status, mentor.browser.page.words]).toEqual([
      422,
      expect.stringContaining('give this away'),
    ])
    await mentor.browser.submit({}, COMPOSER)
    expect(posts(await pair.mentee.browser.open(href))).toHaveLength(2)
  })
})

const quiet = statement(
  'test_quiet_for_feedback',
  "update people set quiet_from = '21:00', quiet_until = '07:00' where sub = $1",
)

it('feedback can wait until the morning, and be taken back into its box', async () => {
  const { mentor, mentee, href } = await aTopic()
  await quiet(mentee.person.id)
  setClock(instantIn('Europe/London', dayFromNow(1), '22:30'))
  await mentor.browser.open(`${href}/feedback`)
  expect(mentor.browser.page.$('.sp-composer .btn-primary').text()).toBe('Send tomorrow at 09:00')
  await mentor.browser.submit({ body: 'canary-later', _act: 'later' }, COMPOSER)
  await tellDueMessages({ system: true })
  expect((await mentee.browser.open(href)).text).not.toContain('canary-later')
  await mentor.browser.follow('Take it back')
  await mentor.browser.submit()
  expect(mentor.browser.page.url).toContain('/feedback')
  expect(mentor.browser.page.$('#body').val()).toBe(`canary-later\n\n${ASK}`)
  expect(mentor.browser.page.$('input[name=question][checked]').val()).toBe('own') // not a second time
  await mentor.browser.submit({ _act: 'later' }, COMPOSER)
  setClock(instantIn('Europe/London', dayFromNow(1), '09:00'))
  expect(posts(await mentee.browser.open(href))[1]).toBe(`canary-later ${ASK}`)
})

describe('the answer of a mentee', () => {
  it('has two lines that become its text', async () => {
    const { mentor, mentee, id, href } = await aTopic()
    expect((await mentee.browser.open(href)).$('#feel, #want')).toHaveLength(0)
    await give(id)
    expect(mentor.browser.page.$('#feel, #want')).toHaveLength(0)
    await mentee.browser.open(href)
    expect(mentee.browser.page.$('label[for=feel]').text()).toContain('How I feel about my progress')
    await mentee.browser.submit({}, COMPOSER)
    expectRefused(mentee.browser.page, 'body', 'Write a message')
    await mentee.browser.submit({ feel: 'Better', want: '' }, COMPOSER)
    const feel = 'How I feel about my progress'
    expect(posts(mentee.browser.page).at(-1)).toBe(`${feel} Better`)
    expect(mentee.browser.page.$('#feel')).toHaveLength(0) // the last word is hers
    await mentor.browser.open(href)
    expect(posts(mentor.browser.page).at(-1)).toBe(`${feel} Better`)
    await write(mentor, id, { body: 'And?' })
    expect((await mentee.browser.open(href)).$('#feel')).toHaveLength(0)
    await mentee.browser.open(mentee.browser.page.$('.sp-post:has(.sp-chip) a:contains("Reply")').attr('href') ?? '')
    await mentee.browser.submit({ feel: 'Good', want: 'To write more', body: 'Thank you' }, COMPOSER)
    expect(posts(mentee.browser.page).at(-1)).toBe(`${feel} Good What I want to do To write more Thank you`)
  })

  it('stays as it was typed when it is too long or kept, also after something else was written', async () => {
    const { mentor, mentee, id, href } = await aTopic()
    await give(id)
    await mentee.browser.open(href)
    await mentee.browser.submit({ feel: 'x'.repeat(3000), body: 'y'.repeat(3000) }, COMPOSER)
    expectRefused(mentee.browser.page, 'body', 'Keep it to 5,000 characters')
    await mentee.browser.submit({ feel: 'x'.repeat(5001) }, COMPOSER)
    expectRefused(mentee.browser.page, 'feel', 'Keep it to 5,000 characters')
    await mentee.browser.submit({ feel: 'Half a thought', body: '', _act: 'draft' }, COMPOSER)
    await write(mentor, id, { body: 'One more thing' })
    expect((await mentee.browser.open(href)).$('#feel').val()).toBe('Half a thought')
  })
})

const end = statement(
  'test_end_for_feedback',
  "update matches set state = 'closed', ended_at = $2, end_reason = 'natural_end' where id = $1",
)

describe('whoever may not give feedback', () => {
  it('finds no way to it: the mentee, a question that waits for both, and a match that has ended', async () => {
    const { mentor, mentee, matchId } = await aPair()
    await mentee.browser.open(`/matches/${matchId}/threads/new?topic=topic-mentor`)
    await mentee.browser.submit({ body: 'To me it means a lot', noted: 'yes' }, COMPOSER)
    const href = new URL(mentee.browser.page.url).pathname
    expect((await mentor.browser.open(href)).$('.sp-kinds')).toHaveLength(0)
    for (const kind of ['feedback', 'signpost']) expect((await mentor.browser.open(`${href}/${kind}`)).status).toBe(403)
    const id = await startTopic(mentor, matchId)
    expect((await mentee.browser.open(`/threads/${id}`)).$('.sp-kinds')).toHaveLength(0)
    expect((await mentee.browser.open(`/threads/${id}/feedback`)).words).toContain('Mentors do this')
    await mentor.browser.open(`/threads/${id}/feedback`)
    await end(matchId, new Date(now().getTime() - MINUTE))
    expect((await mentor.browser.submit({ body: 'Too late' }, COMPOSER)).status).toBe(403)
    expect((await mentor.browser.open(`/threads/${id}`)).$('.sp-post')).toHaveLength(1)
  })

  it('reads the notice first, as before any message', async () => {
    const { mentor, mentee, matchId } = await aPair()
    const id = await startTopic(mentee, matchId)
    await mentor.browser.open(`/threads/${id}/feedback`)
    await mentor.browser.submit({ body: 'Strong' }, COMPOSER)
    expectRefused(mentor.browser.page, 'noted', 'Read this, then tick the box')
    await mentor.browser.submit({ noted: 'yes' }, COMPOSER)
    expect(posts(mentor.browser.page).at(-1)).toBe(`Strong ${ASK}`)
  })
})
