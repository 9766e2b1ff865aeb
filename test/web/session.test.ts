import request from 'supertest'
import { describe, expect, it } from 'vitest'
import { statement } from '../../src/db.ts'
import { aBrowser } from '../support/browser.ts'
import { aPair, aProgramme, aStudent, launch, staff } from '../support/builders.ts'
import { college, origin } from '../support/world.ts'

const endAll = statement(
  'test_end_sessions',
  'update sessions set ended_at = now() where person_id = (select id from people where sub = $1)',
)
const idleAll = statement(
  'test_idle_sessions',
  "update sessions set seen_at = now() - interval '61 minutes' where person_id = (select id from people where sub = $1)",
)
const oldAll = statement(
  'test_old_sessions',
  'update sessions set expires_at = now() where person_id = (select id from people where sub = $1)',
)

describe('a session', () => {
  it('is new with each launch, and the one before it in this browser is over', async () => {
    const { course } = await aProgramme()
    const { browser, person } = await aStudent(course, 'mentee')
    const first = browser.jar.get(origin)?.find(({ name }) => name === '__Host-signpost')?.value
    await launch(person, course, { browser })
    const second = browser.jar.get(origin)?.find(({ name }) => name === '__Host-signpost')?.value
    expect(second).not.toBe(first)
    const old = await request(origin)
      .get('/')
      .set('cookie', `__Host-signpost=${first ?? ''}`)
    expect(old.status).toBe(401)
    expect(old.text).toContain('Please open Signpost again from your course')
  })

  it.each([
    ['an hour without a page', idleAll],
    ['twelve hours', oldAll],
  ])('ends after %s', async (_after, end) => {
    const { course } = await aProgramme()
    const { browser, person } = await aStudent(course, 'mentee')
    await end(person.id)
    expect((await browser.open('/')).status).toBe(401)
  })

  it('cannot be planted before a launch', async () => {
    const { course } = await aProgramme()
    const browser = aBrowser()
    const planted = 'p'.repeat(43)
    browser.jar.set(origin, [{ name: '__Host-signpost', value: planted }])
    await launch(college.addStudent('Planted'), course, { browser })
    expect((await request(origin).get('/').set('cookie', `__Host-signpost=${planted}`)).status).toBe(401)
  })
})

describe('a form', () => {
  it('whose session has ended is kept for its writer, and stands there again after the next launch', async () => {
    const { course, mentor, contactsHref } = await aPair()
    await mentor.browser.open(`${contactsHref}/new`)
    await endAll(mentor.person.id)
    const kept = await mentor.browser.submit({ channel: 'email', line: 'Do not lose this' })
    expect(kept.status).toBe(401)
    expect(kept.words).toContain('We kept what you wrote')
    expect(kept.text).not.toContain('Do not lose this')
    await launch(mentor.person, course, { browser: mentor.browser })
    const form = await mentor.browser.open(`${contactsHref}/new`)
    expect(form.words).toContain('We kept what you wrote today at')
    expect(form.$('#line').val()).toBe('Do not lose this')
    expect(form.$('input[name=channel]:checked').val()).toBe('email')
    await mentor.browser.submit()
    expect((await mentor.browser.open(`${contactsHref}/new`)).words).not.toContain('We kept')
    expect((await mentor.browser.open(contactsHref)).words).toContain('Do not lose this')
  })

  it('from a tab of another course changes nothing there and here', async () => {
    const one = await aPair()
    await one.mentor.browser.open(`${one.contactsHref}/new`)
    const form = one.mentor.browser.page.$('main form')
    const fields = Object.fromEntries(form.serializeArray().map(({ name, value }) => [name, value]))
    const other = await aProgramme()
    await launch(one.mentor.person, other.course, { browser: one.mentor.browser })
    const answer = await one.mentor.browser.post(one.contactsHref, { ...fields, channel: 'text', line: 'kept' })
    expect(answer.status).toBe(401)
    expect(answer.words).toContain('We kept what you wrote')
    expect((await one.mentee.browser.open(one.contactsHref)).words).toContain('Nothing logged yet')
  })

  it('from before the same activity was opened again is as good as a new one', async () => {
    const { course, mentor, contactsHref } = await aPair()
    await mentor.browser.open(`${contactsHref}/new`)
    const older = aBrowser()
    older.jar.set(origin, [...(mentor.browser.jar.get(origin) ?? [])])
    const fields = Object.fromEntries(
      mentor.browser.page
        .$('main form')
        .serializeArray()
        .map(({ name, value }) => [name, value]),
    )
    await launch(mentor.person, course, { browser: mentor.browser })
    const answer = await mentor.browser.post(contactsHref, { ...fields, channel: 'text' })
    expect(answer.words).toContain('Contact saved')
  })

  it.each([
    ['no token', {}],
    ['a made-up token', { _token: '1.x' }],
    ['somebody else’s token, not signed by us', { _token: '2.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }],
  ])('with %s is refused', async (_what, token) => {
    const { mentor, contactsHref } = await aPair()
    const answer = await mentor.browser.post(contactsHref, { ...token, outcome: 'made' })
    expect(answer.status).toBe(403)
  })

  it('with the token of another person does nothing for the sender, and is kept for the other alone', async () => {
    const { mentee, mentor, contactsHref } = await aPair()
    await mentor.browser.open(`${contactsHref}/new`)
    const fields = Object.fromEntries(
      mentor.browser.page
        .$('main form')
        .serializeArray()
        .map(({ name, value }) => [name, value]),
    )
    expect((await mentee.browser.post(contactsHref, { ...fields, channel: 'text' })).status).toBe(401)
    expect((await mentee.browser.open(contactsHref)).words).toContain('Nothing logged yet')
  })

  it.each([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['a sibling host', { 'sec-fetch-site': 'same-site' }],
    ['an address typed in', { 'sec-fetch-site': 'none' }],
  ])('sent from %s is refused before it is read', async (_what, headers) => {
    const { mentor, contactsHref } = await aPair()
    await mentor.browser.open(`${contactsHref}/new`)
    const fields = Object.fromEntries(
      mentor.browser.page
        .$('main form')
        .serializeArray()
        .map(({ name, value }) => [name, value]),
    )
    const answer = await mentor.browser.post(contactsHref, { ...fields, channel: 'text' }, headers)
    expect(answer.status).toBe(403)
    expect((await mentor.browser.open(contactsHref)).words).toContain('Nothing logged yet')
  })

  it('from an older browser is judged by its Origin; with neither header it is refused', async () => {
    const { mentor, contactsHref } = await aPair()
    const cookie = (mentor.browser.jar.get(origin) ?? []).map(({ name, value }) => `${name}=${value}`).join('; ')
    const page = await mentor.browser.open(`${contactsHref}/new`)
    const fields = Object.fromEntries(
      page
        .$('main form')
        .serializeArray()
        .map(({ name, value }) => [name, value]),
    )
    const send = (headers: Record<string, string>) =>
      request(origin)
        .post(contactsHref)
        .set({ cookie, ...headers })
        .type('form')
        .send({ ...fields, channel: 'text' })
    expect((await send({})).status).toBe(403)
    expect((await send({ origin: 'https://evil.example' })).status).toBe(403)
    expect((await send({ origin })).status).toBe(303)
  })

  it('that is too large comes back as a page, not as a fault', async () => {
    const { mentor, contactsHref } = await aPair()
    const answer = await mentor.browser.post(contactsHref, { line: 'x'.repeat(1_100_000) })
    expect(answer.status).toBe(413)
    expect(answer.words).toContain('That is too much at once')
  })
})

describe('open in a new window', () => {
  const newWindow = () => aBrowser({ framed: false })
  const codeOn = (text: string) => /name="code" value="([^"]+)"/.exec(text)?.[1] ?? ''

  it('is offered in a frame, works once, and then only where one is signed in already as the same person', async () => {
    const { course } = await aProgramme()
    const { browser } = await aStudent(course, 'mentee')
    const code = codeOn((await browser.open('/')).text)
    const window = newWindow()
    const sameOrigin = { 'sec-fetch-site': 'same-origin' }
    const opened = await window.post(`${origin}/lti/continue`, { code }, sameOrigin)
    expect(opened.status).toBe(200)
    expect(opened.words).toContain('Hello')
    expect(codeOn(opened.text)).toBe('')
    expect((await window.post(`${origin}/lti/continue`, { code }, sameOrigin)).status).toBe(200)
    expect((await newWindow().post(`${origin}/lti/continue`, { code }, sameOrigin)).status).toBe(401)
    const other = await launch(staff('tutor'), course, { framed: false })
    expect((await other.browser.post(`${origin}/lti/continue`, { code }, sameOrigin)).status).toBe(401)
  })

  it.each([['cross-site'], ['same-site'], ['none']])('is refused when it comes %s', async (site) => {
    const { course } = await aProgramme()
    const { browser } = await aStudent(course, 'mentee')
    const code = codeOn((await browser.open('/')).text)
    const answer = await newWindow().post(`${origin}/lti/continue`, { code }, { 'sec-fetch-site': site })
    expect(answer.status).toBe(403)
  })

  it('is not offered outside a frame, and a changed code opens nothing', async () => {
    const { course } = await aProgramme()
    const student = college.addStudent('Windowed')
    const { browser } = await launch(student, course, { framed: false })
    expect(codeOn(browser.page.text)).toBe('')
    for (const code of ['', 'x', 'A'.repeat(300), 'A'.repeat(3000)])
      expect(
        (await newWindow().post(`${origin}/lti/continue`, { code }, { 'sec-fetch-site': 'same-origin' })).status,
      ).toBe(401)
  })
})
