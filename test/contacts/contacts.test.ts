import { afterEach, describe, expect, it } from 'vitest'
import { addDays, dayIn, setClock } from '../../src/clock.ts'
import { aPair, confirm, log, logContact } from '../support/builders.ts'

const DAY = 86_400_000
const today = () => dayIn('Europe/London', new Date())

afterEach(() => {
  setClock()
})

describe('logging a contact', () => {
  it('takes today, yes and the way used last without asking, and tells both what counts', async () => {
    const { mentee, mentor, contactsHref } = await aPair()
    await logContact(mentor, contactsHref, { channel: 'text', minutes: '15', line: 'About <b>open days</b>' })
    expect(mentor.browser.page.words).toContain('Priya is asked if it is right. You have 0 of 4, and 1 waiting.')
    const again = await mentor.browser.open(`${contactsHref}/new`)
    expect(again.$('input[name=outcome]:checked').val()).toBe('made')
    expect(again.$('input[name=when]:checked').val()).toBe('today')
    expect(again.$('input[name=channel]:checked').val()).toBe('text')
    const seen = await mentee.browser.open(contactsHref)
    expect(seen.words).toContain('Today, text, 15 minutes')
    expect(seen.text).toContain('About &lt;b&gt;open days&lt;/b&gt;')
    expect(seen.words).toContain('It counts when you say yes.')
    expect(mentor.browser.page.words).not.toContain('Yes, that')
  })

  it('is one contact when the form is sent twice', async () => {
    const { mentor, contactsHref } = await aPair()
    const { browser } = mentor
    const page = await browser.open(`${contactsHref}/new`)
    const served = Object.fromEntries(
      page
        .$('main form')
        .serializeArray()
        .map(({ name, value }) => [name, value]),
    )
    const fields = { ...served, channel: 'email' }
    await Promise.all([browser.post(contactsHref, fields), browser.post(contactsHref, fields)])
    expect((await browser.open(contactsHref)).$('.sp-line')).toHaveLength(1)
  })

  it.each([
    ['no way', { channel: undefined, outcome: 'made' }, 'Choose how you were in touch', 'channel'],
    ['a way that there is not', { channel: 'pigeon' }, 'Choose how you were in touch', 'channel'],
    ['another day without a date', { when: 'other', date: '' }, 'Choose the date of the contact', 'date'],
    ['a date that does not exist', { when: 'other', date: '2026-02-30' }, 'Choose the date of the contact', 'date'],
    ['a day in the future', { when: 'other', date: addDays(today(), 1) }, 'The day is in the future', 'date'],
    [
      'a day before they were paired',
      { when: 'other', date: addDays(today(), -2) },
      'before you two were paired',
      'date',
    ],
    [
      'minutes that are not a number',
      { minutes: 'other', otherMinutes: 'long' },
      'whole number from 1 to 720',
      'otherMinutes',
    ],
    ['a line that is too long', { line: 'x'.repeat(281) }, 'Keep the line to 280 characters', 'line'],
    ['characters that cannot be saved', { line: 'a\u0000b' }, 'something here cannot be saved', 'line'],
  ])(
    'with %s says so beside the field, keeps what was typed, and saves nothing',
    async (_what, fields, message, field) => {
      const { mentor, contactsHref } = await aPair()
      await mentor.browser.open(`${contactsHref}/new`)
      const page = await mentor.browser.submit({ channel: 'telephone', line: 'typed before', ...fields })
      expect(page.status).toBe(422)
      expect(page.$('title').text()).toMatch(/^Error: /)
      expect(page.$(`.sp-errors a[href="#${field}"]`).text()).toContain(message)
      expect(page.$(`#${field}-error`).text()).toContain(message)
      expect(page.$(`#${field}`)).toHaveLength(1)
      if (field !== 'line') expect(page.$('#line').val()).toBe('typed before')
      expect((await mentor.browser.open(contactsHref)).words).toContain('Nothing logged yet')
    },
  )

  it('keeps a line of 280 letters of any script', async () => {
    const { mentee, mentor, contactsHref } = await aPair()
    await log(mentor, contactsHref, { line: 'ữ'.repeat(280) })
    expect((await mentee.browser.open(contactsHref)).text).toContain('ữ'.repeat(280))
  })

  it('follows the day of the programme, also in the night when the clocks change', async () => {
    setClock(new Date('2027-03-27T12:00:00Z'))
    const { mentee, mentor, contactsHref } = await aPair()
    setClock(new Date('2027-03-28T23:30:00Z')) // in London it is the 29th already: summer time began that morning
    await log(mentor, contactsHref, { when: 'other', date: '2027-03-29' })
    expect(mentor.browser.page.words).toContain('Today, phone')
    await log(mentor, contactsHref, { when: 'yesterday' })
    expect((await mentee.browser.open(contactsHref)).words).toContain('Yesterday, phone')
  })
})

describe('what counts', () => {
  it('counts a day once, says why the rest does not, and never what was only tried', async () => {
    const { mentee, mentor, contactsHref } = await aPair()
    await log(mentor, contactsHref, { channel: 'telephone' })
    await confirm(mentee, contactsHref)
    await log(mentee, contactsHref, { channel: 'text' })
    await confirm(mentor, contactsHref)
    await log(mentor, contactsHref, { outcome: 'attempted', channel: 'email' })
    const page = await mentor.browser.open(contactsHref)
    expect(page.words).toContain('1 of 4')
    expect(page.words).toContain('Not counted: two contacts on one day count once.')
    expect(page.words).toContain('Not counted: you did not reach each other.')
    expect(page.$('.sp-line')).toHaveLength(3)
  })

  it('does not count what the other remembers differently, until they agree after all', async () => {
    const { mentee, mentor, contactsHref } = await aPair()
    await log(mentor, contactsHref)
    await mentee.browser.open(contactsHref)
    await mentee.browser.follow('I remember it differently')
    const blank = await mentee.browser.submit({ difference: '  ' })
    expect(blank.status).toBe(422)
    expect(blank.words).toContain('Write what was different')
    await mentee.browser.submit({ difference: 'It was on Tuesday' })
    expect(mentee.browser.page.words).toContain('Thank you for saying so')
    const seen = await mentor.browser.open(contactsHref)
    expect(seen.words).toContain('It was on Tuesday')
    expect(seen.words).toContain('0 of 4')
    await confirm(mentee, contactsHref)
    expect(mentee.browser.page.words).toContain('1 of 4')
  })

  it('can be taken back by who wrote it, until it is confirmed', async () => {
    const { mentee, mentor, contactsHref } = await aPair()
    await log(mentor, contactsHref)
    await mentor.browser.open(contactsHref)
    await mentor.browser.submit({}, 'form[action$="/withdrawal"]')
    expect(mentor.browser.page.words).toContain('Not counted: it was taken back.')
    await log(mentor, contactsHref)
    await confirm(mentee, contactsHref)
    const page = await mentor.browser.open(contactsHref)
    expect(page.$('form[action$="/withdrawal"]')).toHaveLength(0)
  })

  it('answers a stale yes kindly: once confirmed, a second yes is the same, and a taken-back contact stays so', async () => {
    const { mentee, mentor, contactsHref } = await aPair()
    await log(mentor, contactsHref)
    const before = await mentee.browser.open(contactsHref)
    const action = before.$('form[action$="/confirmation"]').attr('action') ?? ''
    const token = String(before.$('input[name=_token]').first().val())
    await mentee.browser.post(action, { _token: token })
    expect((await mentee.browser.post(action, { _token: token })).words).toContain('1 of 4')
    await log(mentor, contactsHref, { when: 'yesterday' })
    const second = (await mentee.browser.open(contactsHref)).$('form[action$="/confirmation"]').attr('action') ?? ''
    await mentor.browser.open(contactsHref)
    await mentor.browser.submit({}, 'form[action$="/withdrawal"]')
    const late = await mentee.browser.post(second, { _token: token })
    expect(late.status).toBe(403)
    expect(late.words).toContain('answered already')
  })

  it('goes up to the minimum and no further', async () => {
    setClock(new Date(Date.now() - 20 * DAY))
    const { mentee, mentor, contactsHref } = await aPair({ minimumContacts: '2' })
    for (let day = 0; day < 3; day++) {
      setClock(new Date(Date.now() - (15 - day) * DAY))
      await log(mentor, contactsHref)
      await confirm(mentee, contactsHref)
    }
    expect((await mentee.browser.open('/')).words).toContain('50 of 100') // all the contacts, and the agreement
    expect(mentee.browser.page.words).toContain('3 of 2')
  })
})
