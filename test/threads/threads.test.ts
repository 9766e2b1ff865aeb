import { afterEach, describe, expect, it } from 'vitest'
import { now, setClock } from '../../src/clock.ts'
import { statement } from '../../src/db.ts'
import {
  aPair,
  aProgramme,
  aStudent,
  answerOffer,
  COMPOSER,
  launch,
  offer,
  sign,
  startTopic,
  write,
  type Launched,
} from '../support/builders.ts'
import { aBrowser, type Page } from '../support/browser.ts'
import { expectRefused, sendTooLate } from '../support/forms.ts'
import { logged } from '../support/log.ts'

afterEach(() => {
  setClock()
})

const DAY = 86_400_000
const MINUTE = 60_000
const later = (ms: number) => {
  setClock(new Date(now().getTime() + ms))
}

/** The messages of a page as people read them. */
const posts = ({ $ }: Page) =>
  $('.sp-post')
    .toArray()
    .map((post) => $(post).find('.sp-post__body').text().trim())

describe('a topic', () => {
  it('begins with a title and a message, and the partner learns that there is something new, not what', async () => {
    const { mentee, mentor, matchId } = await aPair()
    const topics = `/matches/${matchId}/threads`
    expect((await mentee.browser.open(topics)).words).toContain('Nothing written yet')
    const id = await startTopic(mentee, matchId, { title: 'Open days', body: 'Shall we go **together**?' })
    expect(mentee.browser.page.words).toContain('Sent')
    expect((await mentor.browser.open('/')).$('.sp-card').text()).toContain('1 new')
    expect((await mentor.browser.open('/notifications')).words).toContain('A new message for you')
    expect(mentor.browser.page.words).not.toMatch(/Open days|together|Priya/)
    const list = await mentor.browser.open(topics)
    expect(list.$('.sp-threads .is-new').text()).toMatch(/Open days.*Priya: Shall we go.*1 new/s)
    const page = await mentor.browser.open(list.$('.sp-threads a').attr('href') ?? '')
    expect(page.url).toContain(`/threads/${id}`)
    expect(page.$('#new + li strong').text()).toBe('together')
    expect((await mentor.browser.open(topics)).$('.is-new')).toHaveLength(0)
    expect((await mentor.browser.open('/')).$('.sp-card').text()).not.toContain('1 new')
    expect((await mentor.browser.open('/notifications')).words).not.toContain('A new message')
  })

  it('waits in one line, however many messages it has', async () => {
    const { mentee, mentor, matchId } = await aPair()
    const id = await startTopic(mentee, matchId)
    for (const body of ['And one more', 'And another']) await write(mentee, id, { body })
    const page = await mentor.browser.open('/notifications')
    expect(page.$('.sp-line:contains("A new message")')).toHaveLength(1)
    expect((await mentor.browser.open(`/matches/${matchId}/threads`)).$('.sp-chip').text()).toBe('3 new')
  })

  it('begins once for a double click, and so does each message', async () => {
    const { mentee, matchId } = await aPair()
    const { browser } = mentee
    await browser.open(`/matches/${matchId}/threads/new`)
    const pages = await browser.doubleClick({ title: 'Once', body: 'Only once', noted: 'yes' }, COMPOSER)
    expect(new Set(pages.map(({ url }) => url)).size).toBe(1)
    expect((await browser.open(`/matches/${matchId}/threads`)).$('.sp-threads li')).toHaveLength(1)
    await browser.follow('Once')
    await browser.doubleClick({ body: 'Twice?' }, COMPOSER)
    expect(posts(browser.page)).toEqual(['Only once', 'Twice?'])
  })

  it.each([
    ['no title', { title: ' ' }, 'title', 'Write in a few words what it is about'],
    ['a title that is too long', { title: 'x'.repeat(121) }, 'title', 'Keep it to 120 characters'],
    ['no message', { body: ' \n ' }, 'body', 'Write a message'],
    ['a message that is too long', { body: 'x'.repeat(5001) }, 'body', 'Keep it to 5,000 characters'],
    ['a hundred thousand characters', { body: '💥'.repeat(50_000) }, 'body', 'Keep it to 5,000 characters'],
    ['characters that cannot be saved', { body: 'a\u0000b' }, 'body', 'something here cannot be saved'],
    ['the notice unread', { noted: undefined }, 'noted', 'Read this, then tick the box'],
    ['no key', { _key: undefined }, 'body', 'Load this page again'],
  ])(
    'with %s says so beside the field, keeps what was typed, and begins nothing',
    async (_what, fields, field, message) => {
      const { mentee, matchId } = await aPair()
      const typed = { title: 'Typed title', body: 'Typed before', noted: 'yes', ...fields }
      await startTopic(mentee, matchId, typed)
      expectRefused(mentee.browser.page, field, message)
      expect(mentee.browser.page.$('#title').val()).toBe(typed.title)
      expect(mentee.browser.page.$('#body').val()?.toString().length).toBe(typed.body.length)
      expect((await mentee.browser.open(`/matches/${matchId}/threads`)).words).toContain('Nothing written yet')
    },
  )

  it('begins from a card, with its first sentence; the mentor alone sees the hint', async () => {
    const { mentee, mentor, matchId } = await aPair()
    for (const { browser } of [mentee, mentor]) {
      await browser.open(`/matches/${matchId}/threads`)
      await browser.follow('Films')
      expect(browser.page.$('#title').val()).toBe('Films')
      expect(browser.page.$('#body').val()).toBe('The last thing I watched and liked was…')
    }
    expect(mentor.browser.page.words).toContain('Easy to begin with')
    expect(mentee.browser.page.words).not.toContain('Easy to begin with')
    const unknown = await mentee.browser.open(`/matches/${matchId}/threads/new?topic=topic-none`)
    expect([unknown.status, unknown.$('#title').val()]).toEqual([200, ''])
  })

  it('does not exist for anybody else, nor do the words in it appear anywhere', async () => {
    const { course, coordinator, mentee, matchId } = await aPair()
    const id = await startTopic(mentee, matchId, { title: 'canary-title', body: 'canary-message' })
    await write(mentee, id, { body: 'x'.repeat(5001) + 'canary-message' })
    const stranger = await aStudent(course, 'mentor', 'Chidi Eze')
    for (const { browser } of [coordinator, stranger])
      for (const path of [`/threads/${id}`, `/matches/${matchId}/threads`])
        expect((await browser.open(path)).status).toBe(404)
    for (const path of ['/admin', `/admin/matches/${matchId}`, '/notifications', '/tutor'])
      expect((await coordinator.browser.open(path)).text).not.toMatch(/canary/)
    expect(logged.filter((line) => line.includes('canary'))).toEqual([])
  })

  it('cannot be begun before both have signed, and says why', async () => {
    const { course, coordinator } = await aProgramme()
    const mentee = await aStudent(course, 'mentee', 'Priya Nair')
    const mentor = await aStudent(course, 'mentor', 'Sam Whitlock')
    await offer(coordinator, mentee, mentor)
    const matchId = await answerOffer(mentee)
    expect((await mentee.browser.open(`/matches/${matchId}/threads`)).status).toBe(404)
    await answerOffer(mentor)
    const page = await mentee.browser.open(`/matches/${matchId}/threads`)
    expect(page.words).toContain('You can write to each other soon')
    expect(page.$('main a.btn-primary, .sp-topic')).toHaveLength(0)
    expect((await mentee.browser.open(`/matches/${matchId}/threads/new`)).status).toBe(403)
  })
})

const end = statement(
  'test_end_for_threads',
  "update matches set state = 'closed', ended_at = $2, end_reason = 'natural_end' where id = $1",
)

it('can be read for thirty days after the match has ended, and then it is gone', async () => {
  const { mentee, mentor, matchId } = await aPair()
  const id = await startTopic(mentee, matchId)
  await mentor.browser.open(`/threads/${id}`)
  const served = Object.fromEntries(
    mentor.browser.page.$(COMPOSER).serializeArray().map(({ name, value }) => [name, value]), // prettier-ignore
  )
  await end(matchId, now())
  later(29 * DAY)
  const page = await mentor.browser.open(`/threads/${id}`)
  expect([page.status, page.words]).toEqual([200, expect.stringContaining('Where do I start?')])
  expect(page.$('main form, .sp-post footer a:not([href$="/concern"])')).toHaveLength(0)
  expect((await mentor.browser.post(`/threads/${id}/messages`, { ...served, body: 'x' })).status).toBe(403)
  later(2 * DAY)
  for (const path of [`/threads/${id}`, `/matches/${matchId}/threads`])
    expect((await mentor.browser.open(path)).status).toBe(404)
})

describe('the notice', () => {
  it('is read once by each, before their first message, in the words of the programme', async () => {
    const { coordinator, mentee, mentor, matchId } = await aPair()
    await coordinator.browser.open('/admin/content/clauses/clause-think-before-telling')
    await coordinator.browser.submit({ text: 'Stop for a moment.' }, 'main form.sp-form')
    const id = await startTopic(mentee, matchId)
    expect((await mentee.browser.open(`/threads/${id}`)).$('input[name=noted]')).toHaveLength(0)
    expect(mentee.browser.page.$('.sp-composer summary').text()).toContain('Think before you tell')
    const page = await mentor.browser.open(`/threads/${id}`)
    expect(page.$(COMPOSER).text()).toContain('Stop for a moment.')
    await mentor.browser.submit({ body: 'Begin with the night shift' }, COMPOSER)
    expectRefused(mentor.browser.page, 'noted', 'Read this')
    expect(mentor.browser.page.$('#body').val()).toBe('Begin with the night shift')
    await mentor.browser.submit({ noted: 'yes' }, COMPOSER)
    expect(posts(mentor.browser.page)).toEqual(['Where do I start?', 'Begin with the night shift'])
  })
})

describe('a draft', () => {
  it('is kept when somebody says so, and is there on another device', async () => {
    const { course, mentee, matchId } = await aPair()
    const id = await startTopic(mentee, matchId)
    await mentee.browser.open(`/threads/${id}`)
    await mentee.browser.submit({ body: 'Half a thought', _act: 'draft' }, COMPOSER)
    expect(mentee.browser.page.words).toContain('Draft kept today')
    const phone = await launch(mentee.person, course, { browser: aBrowser() })
    expect((await phone.browser.open(`/threads/${id}`)).$('#body').val()).toBe('Half a thought')
    await phone.browser.submit({}, COMPOSER)
    expect(posts(phone.browser.page)).toEqual(['Where do I start?', 'Half a thought'])
    expect((await mentee.browser.open(`/threads/${id}`)).$('#body').val()).toBe('')
  })

  it('is kept by a form that failed, and of a session that has ended', async () => {
    const { mentee, matchId } = await aPair()
    const id = await startTopic(mentee, matchId)
    await write(mentee, id, { body: 'x'.repeat(5001) })
    expect((await mentee.browser.open(`/threads/${id}`)).$('#body').val()).toHaveLength(5001)
    await sendTooLate(mentee, { body: 'Written for an hour' }, COMPOSER).catch(() => undefined)
    expect((await mentee.browser.open(`/threads/${id}`)).$('#body').val()).toBe('Written for an hour')
    await mentee.browser.open(`/matches/${matchId}/threads/new`)
    await mentee.browser.submit({ title: 'A title', body: 'A thought', _act: 'draft' }, COMPOSER)
    expect(mentee.browser.page.$('#title').val()).toBe('A title')
  })

  it('of another topic stands in the way of no card, and stays', async () => {
    const { mentee, matchId } = await aPair()
    const { browser } = mentee
    await browser.open(`/matches/${matchId}/threads/new`)
    await browser.submit({ title: 'A title', body: 'A thought', _act: 'draft' }, COMPOSER)
    await browser.open(`/matches/${matchId}/threads`)
    await browser.follow('Films')
    expect(browser.page.words).toContain('You have kept a draft of another topic')
    await browser.submit({ body: 'Dr Strange', noted: 'yes' }, COMPOSER)
    expect((await browser.open(`/matches/${matchId}/threads/new`)).$('#body').val()).toBe('A thought')
  })
})

describe('a hint', () => {
  const HINT = 'Is it right to give this away?'
  it.each([
    ['a number', 'Ring me: 07700 900 123', 'phone number'],
    ['an address', 'priya.nair@college.example works', 'e-mail address'],
    ['both', 'priya@college.example or (01632) 960-142', 'phone number and an e-mail address'],
  ])('tells the sender of %s, keeps the text, and sends it all the same', async (_what, body, said) => {
    const pair = await aPair()
    const { mentee, mentor, matchId } = pair
    await agreeOn(pair, ['face_to_face'])
    const id = await startTopic(mentee, matchId)
    const page = await write(mentee, id, { body })
    expect([page.status, page.words]).toEqual([422, expect.stringContaining(HINT)])
    expect(page.words).toContain(said)
    expect(page.$('#body').val()).toBe(body)
    expect(posts(await mentor.browser.open(`/threads/${id}`))).toHaveLength(1)
    expect((await mentee.browser.open(`/threads/${id}`)).$('#body').val()).toBe(body)
    await mentee.browser.submit({}, COMPOSER)
    await mentee.browser.submit({}, COMPOSER)
    expect(posts(mentee.browser.page)).toHaveLength(2)
    expect((await mentor.browser.open(`/threads/${id}`)).words).not.toContain(HINT)
  })

  it('is not given where the agreement has that way, nor for dates and times', async () => {
    const pair = await aPair()
    const { mentee, matchId } = pair
    await agreeOn(pair, ['face_to_face'])
    const id = await startTopic(mentee, matchId, {
      body: 'On 2026-11-24 18:30, or 24/11/2026 at 18:30, about 250 words',
    })
    expect(mentee.browser.page.status).toBe(200)
    await agreeOn(pair, ['telephone', 'email'])
    await write(mentee, id, { body: '07700 900123, priya@college.example' })
    expect(posts(mentee.browser.page)).toHaveLength(2)
  })
})
type Pair = Awaited<ReturnType<typeof aPair>>
/** A new version of the agreement, with these ways of being in touch. */
async function agreeOn({ mentee, mentor, matchId }: Pair, channels: string[]): Promise<void> {
  await mentee.browser.open(`/matches/${matchId}/agreement/edit`)
  await mentee.browser.submit({ channels })
  await sign(mentee, matchId)
  await sign(mentor, matchId)
}

describe('a message', () => {
  it('can be changed by its writer for fifteen minutes, and says so', async () => {
    const { mentee, mentor, matchId } = await aPair()
    const id = await startTopic(mentee, matchId, { body: 'Tuesdya' })
    await mentee.browser.open(`/threads/${id}`)
    await mentee.browser.follow('Change')
    await mentee.browser.submit({ body: ' ' })
    expectRefused(mentee.browser.page, 'body', 'Write a message')
    await mentee.browser.submit({ body: 'Tuesday' })
    const seen = await mentor.browser.open(`/threads/${id}`)
    expect(posts(seen)).toEqual(['Tuesday'])
    expect(seen.$('.sp-post h3').text()).toContain('changed')
    expect(seen.$('a:contains("Change"), a:contains("Withdraw")')).toHaveLength(0)
    await mentee.browser.follow('Change')
    const edit = mentee.browser.page.url
    later(16 * MINUTE)
    await mentee.browser.submit({ body: 'Wednesday' })
    expectRefused(mentee.browser.page, 'body', 'The 15 minutes are over')
    expect(mentee.browser.page.$('#body').val()).toBe('Wednesday')
    expect((await mentee.browser.open(edit)).status).toBe(403)
    expect((await mentor.browser.open(edit)).status).toBe(403)
    expect(posts(await mentor.browser.open(`/threads/${id}`))).toEqual(['Tuesday'])
  })

  it('can be withdrawn by its writer, and leaves a trace without its words', async () => {
    const { mentee, mentor, matchId } = await aPair()
    const id = await startTopic(mentee, matchId, { body: 'canary-withdrawn' })
    await mentor.browser.open(`/threads/${id}`)
    await mentor.browser.follow('Reply')
    await mentor.browser.submit({ body: 'An answer', noted: 'yes' }, COMPOSER)
    expect(mentor.browser.page.$('.sp-post .sp-quote').text()).toContain('canary-withdrawn')
    await mentee.browser.open(`/threads/${id}`)
    await mentee.browser.follow('Withdraw')
    const pages = await mentee.browser.doubleClick({})
    for (const page of pages)
      expect([page.status, page.words]).toEqual([200, expect.stringContaining('Message withdrawn')])
    for (const { browser } of [mentee, mentor]) {
      const page = await browser.open(`/threads/${id}`)
      expect(page.text).not.toContain('canary-withdrawn')
      expect(page.words).toContain('Message withdrawn')
      expect(page.words).toContain('A message that was taken back')
    }
    expect(await bodyCount('canary-withdrawn')).toBe(0)
  })

  it('quotes what its writer can read, and nothing else', async () => {
    const { mentee, mentor, matchId } = await aPair()
    const other = await aPair()
    const elsewhere = await startTopic(other.mentee, other.matchId, { body: 'canary-elsewhere' })
    const [foreign] = await idsIn(elsewhere)
    const id = await startTopic(mentee, matchId)
    await mentor.browser.open(`/threads/${id}?quote=${foreign?.id}`)
    expect(mentor.browser.page.text).not.toContain('canary-elsewhere')
    await mentor.browser.submit({ body: 'x', noted: 'yes', quote: String(foreign?.id) }, COMPOSER)
    expect(mentor.browser.page.text).not.toContain('canary-elsewhere')
    expect(mentor.browser.page.$('.sp-post .sp-quote')).toHaveLength(0)
  })

  it('can be reported, by its reader', async () => {
    const { mentee, mentor, matchId } = await aPair()
    const id = await startTopic(mentee, matchId)
    expect((await mentee.browser.open(`/threads/${id}`)).$('a:contains("This worries me")')).toHaveLength(0)
    await mentor.browser.open(`/threads/${id}`)
    expect((await mentor.browser.follow('This worries me')).$('h1').text()).toBe('This message worries me')
  })
})
const bodies = statement<{ count: number }>(
  'test_count_bodies',
  'select count(*)::int as count from messages where body like $1',
)
const bodyCount = async (text: string) => (await bodies(`%${text}%`))[0]?.count
const idsIn = statement<{ id: number }>(
  'test_messages_of_thread',
  'select id from messages where thread_id = $1 order by id',
)

describe('“What does a mentor mean to you?”', () => {
  const QUESTION = 'What does a mentor mean to you?'
  const answer = async ({ browser }: Launched, matchId: number, body: string) => {
    await browser.open(`/matches/${matchId}/threads`)
    await browser.follow(QUESTION)
    return browser.submit({ body, noted: 'yes' }, COMPOSER)
  }

  it('is answered by both before either sees what the other wrote', async () => {
    const { mentee, mentor, matchId } = await aPair()
    const waiting = await answer(mentee, matchId, 'canary-mentee')
    expect(waiting.words).toContain('When Sam has answered too')
    expect(waiting.$(COMPOSER)).toHaveLength(0)
    const list = await mentor.browser.open(`/matches/${matchId}/threads`)
    expect(list.words).toContain('Priya has answered. Answer too')
    expect(list.$('.sp-threads .sp-chip').text()).toBe('1 new')
    const href = (list.$('.sp-threads a').attr('href') ?? '').replace('#new', '')
    expect((await mentor.browser.open(href)).words).toContain('Priya has answered already')
    const [hidden] = await idsIn(Number(href.split('/').at(-1)))
    for (const path of ['/', '/notifications', href, `${href}?quote=${hidden?.id}`])
      expect((await mentor.browser.open(path)).text).not.toContain('canary-mentee')
    expect((await mentor.browser.open('/notifications')).words).toContain('A new message')
    const both = await answer(mentor, matchId, 'canary-mentor')
    expect(posts(both)).toEqual(['canary-mentee', 'canary-mentor'])
    expect(posts(await mentee.browser.open(href))).toEqual(['canary-mentee', 'canary-mentor'])
    await mentee.browser.submit({ body: 'Now we talk' }, COMPOSER)
    expect(posts(mentee.browser.page)).toHaveLength(3)
  })

  it('takes one answer of each, gives a second one back, and an answer that was withdrawn is none', async () => {
    const { mentee, mentor, matchId } = await aPair()
    await mentee.browser.open(`/matches/${matchId}/threads`)
    const card = (await mentee.browser.follow(QUESTION)).url
    const tab = aBrowser()
    await launch(mentee.person, mentee.course, { browser: tab })
    await tab.open(card)
    const [first] = await mentee.browser.doubleClick({ body: 'One', noted: 'yes' }, COMPOSER)
    await tab.submit({ body: 'Two', noted: 'yes' }, COMPOSER)
    expectRefused(tab.page, 'body', 'You have answered already')
    expect(tab.page.$('#body').val()).toBe('Two')
    await mentee.browser.open(first?.url ?? '')
    expect(posts(mentee.browser.page)).toEqual(['One'])
    await mentee.browser.follow('Withdraw')
    await mentee.browser.submit()
    const page = await answer(mentor, matchId, 'Mine')
    expect(page.words).toContain('When Priya has answered too')
    await answer(mentee, matchId, 'Another')
    expect(posts(await mentor.browser.open(page.url))).toEqual(expect.arrayContaining(['Mine', 'Another']))
  })
})

it('reminds a mentor in the second stage that their own story helps', async () => {
  const { mentee, mentor, matchId } = await aPair()
  const id = await startTopic(mentee, matchId)
  const said = 'Have you been there yourself?'
  expect((await mentor.browser.open(`/threads/${id}`)).words).not.toContain(said)
  await toStage(matchId, 2)
  expect((await mentor.browser.open(`/threads/${id}`)).words).toContain(said)
  expect((await mentee.browser.open(`/threads/${id}`)).words).not.toContain(said)
})
const toStage = statement('test_to_stage_for_threads', 'update matches set stage = $2 where id = $1')
