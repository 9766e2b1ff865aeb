import { beforeAll, describe, expect, it } from 'vitest'
import type { Fields } from '../support/browser.ts'
import { aProgramme, aStudent, apply, decide, idOf, type Launched } from '../support/builders.ts'
import { expectRefused, oddFields, sendTooLate } from '../support/forms.ts'
import { tokenOf } from '../support/token.ts'

/** A number stands for a text of that length. */
const typed = (value: Fields[string] | number) => (typeof value === 'number' ? 'x'.repeat(value) : value)
let world: { coordinator: Launched; mentee: Launched; mentor: Launched; asked: Launched; accepted: Launched }
beforeAll(async () => {
  const { course, coordinator } = await aProgramme()
  const one = async (role: 'mentee' | 'mentor') => {
    const by = await aStudent(course)
    await apply(by, role)
    return by
  }
  const asked = await aStudent(course, undefined, 'Leila Haddad')
  await apply(asked, 'mentee', { 'criterion-return': 'no' })
  const accepted = await aStudent(course, 'mentor')
  world = { coordinator, mentee: await one('mentee'), mentor: await one('mentor'), asked, accepted }
})

describe('an application', () => {
  it.each<['mentee' | 'mentor', string, Fields[string] | number, string]>([
    ['mentee', 'criterion-course', undefined, 'Choose yes or no'],
    ['mentee', 'criterion-return', 'perhaps', 'Choose yes or no'],
    ['mentee', 'criterion-intention', ['yes', 'no'], 'Choose yes or no'],
    ['mentee', 'returnFrom', undefined, 'Choose what you did before'],
    ['mentee', 'hePlace', 'the moon', 'Choose where you would like to go'],
    ['mentee', 'heTerm', 61, 'Keep it to 60 characters'],
    ['mentee', 'course', '  ', 'Write the name of your course'],
    ['mentee', 'course', 121, 'Keep the name to 120 characters'],
    ['mentee', 'course', ['Nursing', 'Law'], 'Write the name of your course'],
    ['mentee', 'wants', '', 'Write what you want from this'],
    ['mentee', 'wants', 1001, 'Keep it to 1,000 characters'],
    ['mentee', 'wants', 'bell \u0007', 'something here cannot be saved'],
    ['mentee', 'couldTeach', 281, 'Keep it to 280 characters'],
    ['mentee', 'freeTimes', 281, 'Keep it to 280 characters'],
    ['mentee', 'channels', undefined, 'Choose at least one way of being in touch'],
    ['mentee', 'channels', ['text', 'pigeon'], 'Choose at least one way of being in touch'],
    ['mentor', 'criterion-he-course', undefined, 'Choose yes or no'],
    ['mentor', 'studyYear', '', 'Write which year you are in'],
    ['mentor', 'studyYear', 41, 'Keep the year to 40 characters'],
    ['mentor', 'offers', '', 'Write what you can help with'],
    ['mentor', 'capacity', '', 'Write a whole number from 1 to 5'],
    ['mentor', 'capacity', '6', 'Write a whole number from 1 to 5'],
    ['mentor', 'capacity', '1.5', 'Write a whole number from 1 to 5'],
    ['mentor', 'capacity', ['1', '2'], 'Write a whole number from 1 to 5'],
  ])('of a %s with %s %j says what to do, keeps the rest, and changes nothing', async (role, field, given, message) => {
    const value = typed(given)
    const { browser } = world[role]
    const before = await browser.open('/apply/edit')
    const other = field === 'freeTimes' ? 'heTerm' : 'freeTimes'
    const failed = await browser.submit({ [other]: 'Evenings', [field]: value })
    expectRefused(failed, field, message)
    if (failed.$(`#${other}`).length > 0) expect(failed.$(`#${other}`).val()).toBe('Evenings')
    if (typeof value === 'string' && failed.$(`input#${field}:not([type=radio]), textarea#${field}`).length > 0)
      expect(String(failed.$(`#${field}`).val())).toBe(value)
    expect((await browser.open('/apply/edit')).$('main form').serialize()).toBe(before.$('main form').serialize())
  })

  it('is never a fault of ours, whatever is sent', async () => {
    const { browser } = world.mentor
    const page = await browser.open('/apply/edit')
    const names = page
      .$('main form')
      .serializeArray()
      .map(({ name }) => name)
    for (const odd of oddFields(['as', ...names].filter((name) => name !== '_token')).slice(0, 90)) {
      const { status } = await browser.post('/apply/edit', { _token: await tokenOf(browser), ...odd })
      expect([odd, status < 500]).toEqual([odd, true])
    }
  })

  it('that is far too large changes nothing', async () => {
    const { browser } = world.mentee
    await browser.open('/apply/edit')
    expect((await browser.submit({ wants: 'x'.repeat(1_100_000) })).status).toBe(413)
    expect((await browser.open('/apply/edit')).$('#wants').val()).toBe('To hear what it is like')
  })

  it('sent after the session has ended stands there again', async () => {
    await world.mentee.browser.open('/apply/edit')
    const page = await sendTooLate(world.mentee, { wants: 'Do not lose this', channels: ['email'] })
    expect(page.$('#wants').val()).toBe('Do not lose this')
    expect(page.$('input[name=channels]:checked').val()).toBe('email')
    await world.mentee.browser.submit()
    expect((await world.mentee.browser.open('/apply/edit')).$('#wants').val()).toBe('Do not lose this')
    expect(world.mentee.browser.page.words).not.toContain('We kept')
  })

  it('after the decision is a profile: its answers stand, and what others read changes', async () => {
    const { browser } = world.accepted
    const page = await browser.open('/apply/edit')
    expect(page.$('[name^=criterion]')).toHaveLength(0)
    expectRefused(await browser.submit({ offers: '' }), 'offers', 'Write what you can help with')
    await browser.open('/apply/edit')
    await browser.submit({ offers: 'Second-year maths', 'criterion-he-course': 'no' })
    expect(browser.page.words).toContain('Saved')
    expect((await browser.open('/apply/edit')).$('#offers').val()).toBe('Second-year maths')
  })
})

async function openAsked(): Promise<void> {
  const { coordinator, asked } = world
  await coordinator.browser.open('/admin/applications')
  await coordinator.browser.follow(asked.person.name)
}

describe('a decision', () => {
  it.each<[Record<string, Fields[string] | number>, string, string]>([
    [{}, 'decision', 'Choose what you decide'],
    [{ decision: 'perhaps' }, 'decision', 'Choose what you decide'],
    [{ decision: ['eligible', 'declined'] }, 'decision', 'Choose what you decide'],
    [{ decision: 'exception' }, 'reason', 'Write why this is an exception'],
    [{ decision: 'exception', reason: '  ' }, 'reason', 'Write why this is an exception'],
    [{ decision: 'exception', reason: 501 }, 'reason', 'Keep the reason to 500 characters'],
    [{ decision: 'declined', told: 501 }, 'told', 'Keep the line to 500 characters'],
    [{ decision: 'eligible' }, 'decision', 'Not every answer is yes'],
  ])('with %j says what to do, keeps the line, and decides nothing', async (given, field, message) => {
    const fields = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, typed(value)]))
    await openAsked()
    const { browser } = world.coordinator
    const failed = await browser.submit({ told: 'See you soon', ...fields }, 'form[action$="/decision"]')
    expectRefused(failed, field, message)
    expect(failed.$('#told').val()).toBe(fields['told'] ?? 'See you soon')
    expect((await world.asked.browser.open('/apply')).words).toContain('Your application is with Marion Okafor')
  })

  it('is never a fault of ours, whatever is sent', async () => {
    await openAsked()
    const { browser } = world.coordinator
    const { pathname } = new URL(browser.page.url)
    for (const odd of oddFields(['decision', 'reason', 'told'])) {
      const { status } = await browser.post(`${pathname}/decision`, { _token: await tokenOf(browser), ...odd })
      expect([odd, status]).toEqual([odd, 422])
    }
    for (const id of ['0', '-1', '99999999999', 'x', '%00'])
      expect((await browser.open(`/admin/applications/${id}`)).status).toBe(404)
  })

  it('sent after the session has ended stands there again', async () => {
    await openAsked()
    const line = { decision: 'declined', told: 'Do not lose this' }
    const page = await sendTooLate(world.coordinator, line, 'form[action$="/decision"]')
    expect(page.$('#told').val()).toBe('Do not lose this')
    expect(page.$('input[name=decision]:checked').val()).toBe('declined')
  })
})

it('deciding twice is deciding once, and the second time says so', async () => {
  const { course, coordinator } = await aProgramme()
  const by = await aStudent(course)
  await apply(by, 'mentor')
  await decide(coordinator, by)
  const again = await coordinator.browser.post(`/admin/applications/${await idOf(by)}/decision`, {
    _token: await tokenOf(coordinator.browser),
    decision: 'declined',
  })
  expect([again.status, again.words]).toEqual([422, expect.stringContaining('This was decided meanwhile')])
  expect((await by.browser.open('/apply')).words).toContain('You have a place')
})
