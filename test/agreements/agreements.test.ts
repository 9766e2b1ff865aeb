import { beforeAll, describe, expect, it } from 'vitest'
import { statement } from '../../src/db.ts'
import type { Fields } from '../support/browser.ts'
import {
  answerOffer,
  aPair,
  aProgramme,
  aStudent,
  idOf,
  offer,
  readyToSign,
  sign,
  SIGNATURE,
  type Launched,
} from '../support/builders.ts'
import { expectAllAt, expectRefused, oddFields, sendTooLate } from '../support/forms.ts'
import { tokenOf } from '../support/token.ts'

/** Two who both said yes, and have written nothing yet. */
async function twoWhoAgree() {
  const { course, coordinator } = await aProgramme()
  const mentee = await aStudent(course, 'mentee', 'Priya Nair')
  const mentor = await aStudent(course, 'mentor', 'Sam Whitlock')
  await offer(coordinator, mentee, mentor)
  await answerOffer(mentee)
  const id = await answerOffer(mentor)
  return { course, coordinator, mentee, mentor, id, href: `/matches/${id}/agreement` }
}
type Two = Awaited<ReturnType<typeof twoWhoAgree>>

async function change(by: Launched, href: string, fields: Fields) {
  await by.browser.open(`${href}/edit`)
  return by.browser.submit(fields)
}
const rowsOf = statement<{ version: number; state: string; all: string }>(
  'agreements_rows',
  `select a.version, a.state, (to_jsonb(a) - 'state' - 'superseded_at')::text || (select json_agg(c order by c.position)::text
     from agreement_clauses c where c.agreement_id = a.id) as all from agreements a where match_id = $1 order by version`,
)

describe('an agreement', () => {
  it('has what each expects, written by each alone, the clauses of the programme, and clauses of their own', async () => {
    const { mentee, mentor, href } = await twoWhoAgree()
    const first = await mentee.browser.open(href)
    expect(first.words).toContain('Version 1')
    expect(first.words).toContain('Same for everyone')
    await change(mentee, href, { expects: 'Answers about maths', topic_out: 'My family\nMoney', place: 'The library' })
    expect((await mentor.browser.open('/notifications')).words).toContain('Your agreement was changed')
    const seen = await mentor.browser.open(href)
    for (const words of ['Priya changed something', 'Answers about maths', 'My family', 'Money', 'The library'])
      expect(seen.words).toContain(words)
    const form = await mentor.browser.open(`${href}/edit`)
    expect(form.$('#expects').val()).toBe('Going back to maths') // what he offered, to begin with
    await mentor.browser.submit({ expects: 'That you ask', mentee_expects: 'forged', mentor_expects: 'forged' })
    expect(mentor.browser.page.words).toContain('Answers about maths')
    expect(mentor.browser.page.words).toContain('That you ask')
    expect(mentor.browser.page.words).not.toContain('forged')
  })

  it('saved without a change stays the text that was signed', async () => {
    const { mentee, mentor, id, href } = await twoWhoAgree()
    await change(mentee, href, { expects: '', channels: ['text', 'email', 'telephone'] })
    await change(mentor, href, { expects: '' })
    await sign(mentee, id)
    await change(mentor, href, { expects: '' })
    expect(mentor.browser.page.words).toContain('Nothing was changed')
    await sign(mentor, id)
    expect((await mentee.browser.open('/')).words).toContain('Sam')
    await change(mentee, href, { expects: '' })
    expect(mentee.browser.page.words).toContain('Nothing was changed')
    expect((await rowsOf(id)).map(({ version, state }) => [version, state])).toEqual([[1, 'in_force']])
  })

  it('signed as it was served, and then saved without a change, has no second version', async () => {
    const { course, coordinator } = await aProgramme()
    const mentee = await aStudent(course, 'mentee', 'Priya Nair')
    const mentor = await aStudent(course, 'mentor', 'Sam Whitlock')
    for (const { browser } of [mentee, mentor]) {
      await browser.open('/apply/edit')
      await browser.submit({ channels: ['text', 'telephone', 'email'] })
    }
    await offer(coordinator, mentee, mentor)
    await answerOffer(mentee)
    const id = await answerOffer(mentor)
    await sign(mentee, id)
    await sign(mentor, id)
    for (const by of [mentee, mentor]) await change(by, `/matches/${id}/agreement`, { expects: '' })
    expect((await rowsOf(id)).map(({ version, state }) => [version, state])).toEqual([[1, 'in_force']])
  })

  it('loses its signatures with every changed word', async () => {
    const { mentee, mentor, id, href } = await twoWhoAgree()
    await sign(mentee, id)
    expect((await mentor.browser.open('/notifications')).words).toContain('Your partner has signed the agreement')
    expect((await mentor.browser.open(href)).words).toContain('Priya signed today')
    await change(mentor, href, { boundary: 'No calls on Sundays' })
    expect(mentor.browser.page.words).toContain('Waiting for Priya')
    expect((await mentee.browser.open('/')).words).toContain('agreement')
    expect((await mentee.browser.open(href)).words).toContain('Who signed an earlier text signs again')
    await sign(mentor, id)
    await sign(mentee, id)
    expect(mentee.browser.page.words).toContain('You and Sam can begin')
    expect((await mentor.browser.open('/notifications')).words).toContain('You can begin')
  })

  it('can be made anew: the one in force holds until both have signed, and old versions stay as they were', async () => {
    const { coordinator, mentee, mentor, id, href } = await twoWhoAgree()
    await change(mentee, href, { boundary: 'Only weekdays' })
    await sign(mentor, id)
    await sign(mentee, id)
    const [before] = await rowsOf(id)
    await change(mentor, href, { boundary: 'Any day' })
    expect((await rowsOf(id)).map(({ state }) => state)).toEqual(['in_force', 'draft'])
    expect(mentor.browser.page.words).toContain('Version 1 holds until both of you have signed this one')
    expect((await mentor.browser.open(`/matches/${id}/contacts/new`)).status).toBe(200)
    await mentor.browser.open(href)
    await mentor.browser.submit({}, 'form[action$="/withdrawal"]')
    expect(mentor.browser.page.words).toContain('The one you both signed goes on')
    await change(mentor, href, { boundary: 'Any day' })
    await sign(mentee, id)
    await sign(mentor, id)
    const rows = await rowsOf(id)
    expect(rows.map(({ version, state }) => [version, state])).toEqual([
      [1, 'superseded'],
      [2, 'in_force'],
    ])
    expect(rows[0]?.all).toBe(before?.all)
    const old = await mentee.browser.open(`${href}/versions/1`)
    expect(old.words).toContain('Only weekdays')
    expect(old.words).toContain('replaced by a later one')
    expect(old.$('main form')).toHaveLength(0)
    expect((await mentee.browser.open(`${href}/versions/3`)).status).toBe(404)
    expect(old.$('[data-print]')).toHaveLength(0)
    const print = await mentee.browser.open(`${href}/print`)
    expect(print.words).toMatch(/Version 2, in force.*Signatures ?Priya Nair, /)
    expect(print.$('[data-print]')).toHaveLength(1)
    expect((await coordinator.browser.open(`/admin/matches/${id}/agreement`)).text).not.toMatch(/weekdays|Any day/)
  })

  it('keeps the clauses as they were signed when the coordinator changes them afterwards', async () => {
    const { coordinator, mentee, id, href } = await pairOf()
    const [before] = await rowsOf(id)
    const clauses = await coordinator.browser.open('/admin/content/clauses')
    await coordinator.browser.open(clauses.$('a[href^="/admin/content/clauses/"]').first().attr('href') ?? '')
    await coordinator.browser.submit({ text: 'Quite another clause' }, 'main form.sp-form')
    expect((await mentee.browser.open(href)).text).not.toContain('Quite another clause')
    expect((await rowsOf(id))[0]?.all).toBe(before?.all)
    const seen = await coordinator.browser.open(`/admin/matches/${id}/agreement`)
    expect(seen.words).toContain('Signed by both; in force since')
    expect(seen.text).not.toContain('Quite another clause') // what these two signed is what is shown
  })

  it('that is over cannot be written or signed', async () => {
    const { mentee, id, href } = await pairOf()
    await close(id)
    const token = await tokenOf(mentee.browser)
    expect((await mentee.browser.open(href)).$('main form')).toHaveLength(0)
    for (const path of ['edit', 'signature', 'withdrawal'])
      expect((await mentee.browser.post(`${href}/${path}`, { _token: token, ...COMPLETE, _hash: 'x' })).status).toBe(
        403,
      )
  })
})
const COMPLETE = {
  ...{ channels: 'text', everyDays: '7', replyDays: '3', expects: 'x' },
  ...{ private: 'yes', limits: 'yes', name: 'Priya Nair', expectations: '0' },
}
const close = statement(
  'agreements_close',
  `update matches set state = 'closed', ended_at = now(), end_reason = 'completed' where id = $1`,
)
async function pairOf() {
  const pair = await aPair()
  return { ...pair, id: pair.matchId, href: `/matches/${pair.matchId}/agreement` }
}

/** A number stands for a text of that length. */
const typed = (value: Fields[string] | number) => (typeof value === 'number' ? 'x'.repeat(value) : value)

it('a double click signs once, writes one version, and takes one back', async () => {
  const { mentee, mentor, id, href } = await twoWhoAgree()
  const signatures = { one: await readyToSign(mentee, id), other: await readyToSign(mentor, id) }
  expectAllAt(await mentee.browser.doubleClick(signatures.one, SIGNATURE), href)
  const signed = await mentor.browser.doubleClick(signatures.other, SIGNATURE)
  expect(signed.map(({ status }) => status)).toEqual([200, 200, 200])
  expect((await rowsOf(id)).map(({ version, state }) => [version, state])).toEqual([[1, 'in_force']])

  await mentor.browser.open(`${href}/edit`)
  expectAllAt(await mentor.browser.doubleClick({ boundary: 'Any day' }), href)
  expect((await rowsOf(id)).map(({ version, state }) => [version, state])).toEqual([
    [1, 'in_force'],
    [2, 'draft'],
  ])
  const timesTold = async () =>
    (await mentee.browser.open('/notifications')).text.split('Your agreement was changed').length - 1
  expect(await timesTold()).toBe(1)
  await mentor.browser.open(href)
  expectAllAt(await mentor.browser.doubleClick({}, 'form[action$="/withdrawal"]'), href)
  expect((await rowsOf(id)).map(({ version, state }) => [version, state])).toEqual([[1, 'in_force']])
  expect(await timesTold()).toBe(0)
})

describe('the form of an agreement', () => {
  let two: Two
  beforeAll(async () => {
    two = await twoWhoAgree()
    await change(two.mentor, two.href, { expects: 'That you ask' })
  })

  it.each<[string, Fields[string] | number, string, string?]>([
    ['expects', 2001, 'Keep it to 2,000 characters'],
    ['expects', ['a', 'b'], 'Keep it to 2,000 characters'],
    ['topic_out', 281, 'Keep each line to 280 characters'],
    ['boundary', Array.from({ length: 11 }, (_, at) => `line ${at}`).join('\n'), 'Write at most ten'],
    ['place', 2811, 'Write at most ten'],
    ['place', 'bell \u0007', 'something here cannot be saved'],
    ['channels', undefined, 'Choose at least one way'],
    ['channels', ['text', 'pigeon'], 'Choose at least one way'],
    ['everyDays', '0', 'from 1 to 90'],
    ['everyDays', '', 'from 1 to 90'],
    ['everyDays', ['1', '2'], 'from 1 to 90'],
    ['replyDays', 'soon', 'from 1 to 30'],
    ['bestTimes', 281, 'Keep it to 280 characters'],
    ['quietFrom', '25:00', 'Write a time such as'],
    ['quietUntil', '', 'Write both times', 'quietFrom'],
    ['_hash', 'of another text', 'Your partner has changed the agreement meanwhile', 'expects'],
    ['_hash', undefined, 'Your partner has changed the agreement meanwhile', 'expects'],
    ['_hash', ['a', 'b'], 'Your partner has changed the agreement meanwhile', 'expects'],
  ])('with %s %j says what to do, keeps the rest, and changes nothing', async (field, given, message, at = field) => {
    const { mentee, href, id } = two
    const value = typed(given)
    const before = await rowsOf(id)
    const failed = await change(mentee, href, { expects: 'Patience', [field]: value })
    expectRefused(failed, at, message)
    if (field !== 'expects') expect(failed.$('#expects').val()).toBe('Patience')
    if (typeof value === 'string' && failed.$(`#${field}`).length > 0) expect(failed.$(`#${field}`).val()).toBe(value)
    expect(await rowsOf(id)).toEqual(before)
  })

  it.each<[Fields, string, string]>([
    [{ expectations: undefined }, 'expectations', 'Tick everything that is expected of you'],
    [{ expectations: ['0'] }, 'expectations', 'Tick everything that is expected of you'],
    [{ private: undefined }, 'private', 'Tick that you know what stays private'],
    [{ private: ['yes', 'yes'] }, 'private', 'Tick that you know what stays private'],
    [{ limits: undefined }, 'limits', 'Tick that you keep to your limits'],
    [{ limits: 'no' }, 'limits', 'Tick that you keep to your limits'],
    [{ name: '' }, 'name', 'Type your name'],
    [{ name: ['Priya Nair', 'Priya Nair'] }, 'name', 'Type your name'],
    [{ name: 'x'.repeat(151) }, 'name', 'Type your name'],
    [{ name: 'Sam Whitlock' }, 'name', 'Type your name as it stands above the box'],
    [{ _hash: 'of another text' }, 'name', 'Your partner has changed the agreement meanwhile'],
    [{ _hash: undefined }, 'name', 'Your partner has changed the agreement meanwhile'],
  ])('signed with %j is not signed', async (fields, field, message) => {
    const { mentee, id, href } = two
    const failed = await sign(mentee, id, fields)
    expectRefused(failed, field, message)
    if (typeof fields['name'] !== 'object') expect(failed.$('#name').val()).toBe(fields['name'] ?? 'Priya Nair')
    if (!('limits' in fields)) expect(failed.$('#limits').attr('checked')).toBeDefined()
    expect((await mentee.browser.open(href)).words).toContain('Waiting for you')
  })

  it('is not signed when the partner changed it meanwhile, and neither edit undoes the other', async () => {
    const { mentee, mentor, id, href } = two
    const ticks = await readyToSign(mentee, id)
    const _hash = String(mentee.browser.page.$('main [name=_hash]').val())
    await change(mentor, href, { boundary: 'No games' })
    const sent = { _token: await tokenOf(mentee.browser), _hash }
    expectRefused(
      await mentee.browser.post(`${href}/signature`, { ...sent, ...ticks }),
      'name',
      'has changed the agreement',
    )
    const late = await mentee.browser.post(`${href}/edit`, { ...sent, ...COMPLETE, expects: 'Mine' })
    expectRefused(late, 'expects', 'Your partner has changed the agreement meanwhile')
    expect(late.$('#expects').val()).toBe('Mine')
    await mentee.browser.submit({ boundary: 'No games' }) // read again: this form is of the text that stands
    expect(mentee.browser.page.words).toContain('No games')
  })

  it('takes the name in any case and spacing', async () => {
    const { mentee, id } = await twoWhoAgree()
    await sign(mentee, id, { name: '  priya   NAIR ' })
    expect(mentee.browser.page.words).toContain('You have signed')
  })

  it('sent after the session has ended stands there again: the text and the signature', async () => {
    const { mentee, href } = two
    await mentee.browser.open(`${href}/edit`)
    const page = await sendTooLate(mentee, { expects: 'Do not lose this', topic_out: 'Nor this' })
    expect([page.$('#expects').val(), page.$('#topic_out').val()]).toEqual(['Do not lose this', 'Nor this'])
    await mentee.browser.submit()
    await mentee.browser.open(href)
    const signing = { private: 'yes', name: 'Priya Nair' }
    const again = await sendTooLate(mentee, signing, 'form[action$="/signature"]')
    expect(again.$('#name').val()).toBe('Priya Nair')
    expect(again.$('#private').attr('checked')).toBeDefined()
  })

  it('is never a fault of ours, whatever is sent', async () => {
    const { mentor, href } = two
    const names = ['topic_out', 'channels', 'everyDays', 'quietFrom', '_hash']
    for (const odd of oddFields(['expectations', 'private', 'name', '_hash'])) {
      const page = await mentor.browser.post(`${href}/signature`, { _token: await tokenOf(mentor.browser), ...odd })
      expect([odd, page.status]).toEqual([odd, 422])
    }
    for (const odd of oddFields(names)) {
      const page = await mentor.browser.post(`${href}/edit`, { _token: await tokenOf(mentor.browser), ...odd })
      expect([odd, page.status]).toEqual([odd, 422])
    }
    expect((await mentor.browser.open(`/matches/${await idOf(mentor)}99/agreement`)).status).toBe(404)
  })
})
