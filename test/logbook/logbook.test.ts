import { describe, expect, it } from 'vitest'
import { statement } from '../../src/db.ts'
import type { Fields } from '../support/browser.ts'
import { aPair, aProgramme, aStudent, launch, log, pairUp, type Launched } from '../support/builders.ts'
import { expectAllAt, expectRefused, oddFields, sendTooLate } from '../support/forms.ts'
import { tokenOf } from '../support/token.ts'

const CANARY = 'canary-of-my-diary'
const FORM = 'main form.sp-form'

/** Writes an entry by its form. Returns where it is. */
async function write(by: Launched, fields: Fields): Promise<string> {
  await by.browser.open('/logbook')
  await by.browser.submit(fields, FORM)
  return by.browser.page.$('.sp-timeline a').first().attr('href') ?? ''
}
const post = async (by: Launched, path: string, fields: Fields = {}) =>
  by.browser.post(path, { _token: await tokenOf(by.browser), ...fields })

const entriesOf = statement<{ text: string; tags: string[]; stage: number | null; balance: number | null }>(
  'test_entries_of',
  `select e.text, e.tags, e.stage, e.balance from log_entries e join participants pa on pa.id = e.participant_id
   join people p on p.id = pa.person_id where p.sub = $1 order by e.id`,
)
const end = statement(
  'test_end_for_logbook',
  "update matches set state = 'closed', end_reason = 'completed', ended_at = now() - make_interval(days => $2::int) where id = $1",
)

describe('a diary', () => {
  it('holds what its writer says of a contact, and shows it back as it was typed', async () => {
    const { mentee, mentor, contactsHref } = await aPair()
    await log(mentor, contactsHref)
    await mentee.browser.open(contactsHref)
    const form = await mentee.browser.follow('Write two lines for yourself')
    expect(form.$('h1').text()).toBe('Your diary')
    expect(form.$('#about option[selected]').text()).toMatch(/^Phone, .*day \d+ /)
    expect(form.words).toContain('What do I take with me?')
    expect(form.$('#balance')).toHaveLength(0)
    const text = 'He was nervous too.\r\n<b>So</b> was I'
    const page = await mentee.browser.submit({ text, tags: ['growth', 'challenge'], stage: '1' }, FORM)
    expect(page.words).toContain('Entry saved')
    expect(page.$('.sp-timeline time').text()).toBe('Today, stage 1')
    expect(page.$('.sp-timeline p').text()).toBe('He was nervous too.\n<b>So</b> was I')
    expect(page.$('.sp-timeline').text()).toMatch(/Challenge.*Only you/s)
    const entry = await mentee.browser.follow('Phone, ')
    expect(entry.$('h1').text()).toMatch(/^Phone, /)
    expect(entry.words).toContain('Area of growth')
  })

  it('is a log book for a mentor, who also says how much they challenged', async () => {
    const { mentor, matchId } = await aPair()
    const href = await write(mentor, {
      ...{ about: `match-${matchId}`, kind: 'reflection', stage: '2', text: 'We moved on', balance: '4' },
    })
    expect(mentor.browser.page.$('h1').text()).toBe('Your log book')
    const entry = await mentor.browser.open(href)
    expect(entry.$('h1').text()).toBe('Looking back on stage 2')
    expect(entry.words).toContain('Support and challenge: 4 of 5.')
  })

  it('is looked back on by a mark, fifty at a time, printed and kept as a file', async () => {
    const { course } = await aProgramme()
    const mentee = await aStudent(course, 'mentee')
    expect((await mentee.browser.open('/logbook')).words).toContain('Your diary is empty')
    expect(mentee.browser.page.$('input[name=readers]').attr('type')).toBe('hidden') // nobody to share with
    await write(mentee, { text: 'I asked a question in class', tags: 'achievement' })
    await write(mentee, { text: 'Maths again', tags: 'challenge' })
    await mentee.browser.submit({ tag: 'challenge' }, 'main form[method=get]')
    expect(mentee.browser.page.$('.sp-timeline').text()).toContain('Maths again')
    expect(mentee.browser.page.words).not.toContain('I asked a question')
    expect((await mentee.browser.open('/logbook?tag=strength')).words).toContain('There is no such entry')
    for (let at = 0; at < 50; at += 1) await post(mentee, '/logbook', { ...PLAIN(), text: `Day ${at}` })
    const first = await mentee.browser.open('/logbook')
    expect(first.$('.sp-timeline > li')).toHaveLength(50)
    expect((await mentee.browser.follow('Older entries')).$('.sp-timeline p').text()).toBe(
      'Maths againI asked a question in class',
    )
    const print = await mentee.browser.open('/logbook/print')
    expect(print.$('article')).toHaveLength(52)
    expect(print.$('article').first().text()).toContain('I asked a question in class')
    const file = await mentee.browser.open('/logbook/download')
    expect(file.headers['content-disposition']).toBe('attachment; filename=diary.txt')
    expect(file.text).toMatch(/^Your diary\n.*\n\n.*A thought\nAchievement\nI asked a question in class\n\n/)
  })

  it('is its writer’s alone, and shared entry by entry until that is taken back', async () => {
    const { coordinator, course, mentee, mentor, matchId } = await aPair()
    const href = await write(mentee, { about: `match-${matchId}`, text: CANARY })
    const stranger = await aStudent(course, 'mentor', 'Chidi Eze')
    for (const { browser } of [mentor, stranger, coordinator]) expect((await browser.open(href)).status).toBe(404)
    expect((await mentor.browser.open(`/matches/${matchId}/logbook`)).words).toContain('Nothing is shared')
    await mentee.browser.open(href)
    await mentee.browser.submit({}, 'form[action$="/sharing"]')
    expect(mentee.browser.page.words).toMatch(/Shared with Sam/)
    const seen = await mentor.browser.open(`/matches/${matchId}/logbook`)
    expect(seen.words).toContain(CANARY)
    expect((await mentor.browser.follow('About')).words).toContain('Priya shares this with you')
    expect(mentor.browser.page.$('main form')).toHaveLength(0)
    for (const path of ['', '/sharing', '/removal'])
      expect((await post(mentor, `${href}${path}`, { ...PLAIN(), _version: '1' })).status).toBe(404)
    for (const { browser } of [stranger, coordinator]) expect((await browser.open(href)).status).toBe(404)
    await mentee.browser.open(href)
    await mentee.browser.submit({}, 'form[action$="/sharing"]')
    expect(mentee.browser.page.words).toContain('Not shared with your partner any more')
    expect((await mentor.browser.open(href)).status).toBe(404)
    expect((await mentor.browser.open(`/matches/${matchId}/logbook`)).words).not.toContain(CANARY)
  })

  it('stays readable for thirty days after the match to whom it was shared with', async () => {
    const { mentee, mentor, matchId } = await aPair()
    const href = await write(mentee, { about: `match-${matchId}`, text: CANARY, readers: 'partner' })
    await end(matchId, 29)
    expect((await mentor.browser.open(href)).status).toBe(200)
    await end(matchId, 31)
    expect((await mentor.browser.open(href)).status).toBe(404)
    expect((await mentee.browser.open(`${href}/edit`)).$('#about option[selected]').text()).toBe('About Sam')
    await mentee.browser.submit({ text: 'Still mine' }, FORM)
    expect(mentee.browser.page.words).toContain('Still mine')
  })

  it('cannot be about a match or a contact of others', async () => {
    const one = await aPair()
    const other = await aPair()
    await log(other.mentor, other.contactsHref)
    await other.mentee.browser.open('/logbook')
    const contact = other.mentee.browser.page.$('#about option').first().attr('value') ?? ''
    expect(contact).toMatch(/^contact-/)
    for (const about of [`match-${other.matchId}`, contact, 'match-999999']) {
      const page = await post(one.mentee, '/logbook', { ...PLAIN(), about })
      expectRefused(page, 'about', 'Choose what it is about')
    }
    expect(await entriesOf(one.mentee.person.id)).toEqual([])
  })

  it('of a mentor of several is shared with the one whom an entry is about', async () => {
    const { course, coordinator, mentor, mentee, matchId } = await aPair()
    const second = await aStudent(course, 'mentee', 'Leila Haddad')
    const otherId = await pairUp(coordinator, second, mentor)
    const href = await write(mentor, { about: `match-${otherId}`, text: CANARY, readers: 'partner' })
    expect((await second.browser.open(`/matches/${otherId}/logbook`)).words).toContain(CANARY)
    expect((await mentee.browser.open(`/matches/${matchId}/logbook`)).words).not.toContain(CANARY)
    expect((await mentee.browser.open(href)).status).toBe(404)
  })
})

const PLAIN = () => ({ about: 'none', kind: 'diary', text: 'A line', readers: 'me', _key: crypto.randomUUID() })

describe('the form of an entry', () => {
  it.each([
    ['nothing', { text: '' }, 'text', 'Write a line or two'],
    ['too much', { text: 'x'.repeat(20_001) }, 'text', 'Keep it to 20,000 characters'],
    ['a hundred thousand characters', { text: 'x'.repeat(100_000) }, 'text', 'Keep it to 20,000 characters'],
    ['characters that cannot be saved', { text: 'a\u0000b' }, 'text', 'cannot be saved'],
    ['one field twice', { text: ['a', 'b'] }, 'text', 'Write a line or two'],
    ['a look back on no stage', { kind: 'reflection' }, 'stage', 'Choose the stage that you look back on'],
    ['a mark that is none', { tags: ['growth', 'fame'] }, 'tags', 'Choose from these four marks'],
    ['a reader where there is nobody', { about: 'none', readers: 'partner' }, 'readers', 'Say first whom it is about'],
    ['nothing it is about', { about: 'match-0' }, 'about', 'Choose what it is about'],
  ])('with %s says so beside the field, keeps the rest, and writes nothing', async (_what, fields, field, message) => {
    const { mentee } = await aPair()
    await mentee.browser.open('/logbook')
    const page = await mentee.browser.submit({ text: 'Kept', tags: 'growth', stage: '', ...(fields as Fields) }, FORM)
    expectRefused(page, field, message)
    if (!('text' in fields)) expect(page.$('#text').val()).toBe('Kept')
    if (!('tags' in fields)) expect(page.$('input[name=tags]:checked').val()).toBe('growth')
    expect(await entriesOf(mentee.person.id)).toEqual([])
  })

  it('is never a fault of ours, whatever is sent', async () => {
    const { mentee } = await aPair()
    const href = await write(mentee, { text: 'First' })
    for (const odd of oddFields(['about', 'kind', 'stage', 'text', 'tags', 'balance', 'readers', '_key', '_version']))
      for (const path of ['/logbook', href, `${href}/sharing`])
        expect((await post(mentee, path, { ...PLAIN(), _version: '1', ...odd })).status).toBeLessThan(500)
    for (const query of ['tag=fame', 'before=x', 'before=99999999999', 'contact=-1'])
      expect((await mentee.browser.open(`/logbook?${query}`)).status).toBe(404)
  })

  it('sent twice writes once, shares once, changes once and deletes once', async () => {
    const { mentee, matchId } = await aPair()
    await mentee.browser.open('/logbook')
    expectAllAt(await mentee.browser.doubleClick({ about: `match-${matchId}`, text: 'Once' }, FORM), '/logbook')
    expect((await entriesOf(mentee.person.id)).map(({ text }) => text)).toEqual(['Once'])
    const href = (await mentee.browser.open('/logbook')).$('.sp-timeline a').attr('href') ?? ''
    await mentee.browser.open(href)
    expectAllAt(await mentee.browser.doubleClick({}, 'form[action$="/sharing"]'), href)
    await mentee.browser.open(`${href}/edit`)
    expectAllAt(await mentee.browser.doubleClick({ text: 'Twice' }, FORM), href)
    expect((await entriesOf(mentee.person.id)).map(({ text }) => text)).toEqual(['Twice'])
    await mentee.browser.open(href)
    const gone = await mentee.browser.doubleClick({}, 'form[action$="/removal"]')
    expect(gone.every(({ status }) => status === 200 || status === 404)).toBe(true)
    expect(await entriesOf(mentee.person.id)).toEqual([])
  })

  it('never overwrites what another window saved', async () => {
    const { mentee } = await aPair()
    const href = await write(mentee, { text: 'First' })
    await mentee.browser.open(`${href}/edit`)
    await post(mentee, href, { ...PLAIN(), _version: '1', text: 'From the phone' })
    const stale = await post(mentee, href, { ...PLAIN(), _version: '1', text: 'From the laptop' })
    expectRefused(stale, 'text', 'was changed in another window')
    expect(stale.$('#text').val()).toBe('From the laptop')
    expect((await mentee.browser.open(href)).words).toContain('From the phone')
  })

  it('keeps a draft on every device, and a text whose session has ended', async () => {
    const { course, mentee } = await aPair()
    await mentee.browser.open('/logbook')
    await mentee.browser.submit({ text: 'Half a thou', tags: 'growth', _act: 'draft' }, FORM)
    expect(mentee.browser.page.words).toContain('Kept as a draft')
    const phone = await launch(mentee.person, course)
    const there = await phone.browser.open('/logbook')
    expect(there.$('#text').val()).toBe('Half a thou')
    expect(there.$('input[name=tags]:checked').val()).toBe('growth')
    await phone.browser.submit({ text: 'A whole thought' }, FORM)
    expect((await phone.browser.open('/logbook')).$('#text').val()).toBe('')
    await phone.browser.open('/logbook')
    const again = await sendTooLate(phone, { text: 'Do not lose this' }, FORM)
    expect(again.$('#text').val()).toBe('Do not lose this')
    expect((await entriesOf(mentee.person.id)).map(({ text }) => text)).toEqual(['A whole thought'])
  })
})

describe('a mentor', () => {
  it('can say a friendly word about the diary once a week, and sees nothing of it', async () => {
    const { mentee, mentor, matchId } = await aPair()
    await write(mentee, { about: `match-${matchId}`, text: CANARY })
    const page = await mentor.browser.open(`/matches/${matchId}/logbook`)
    expect(page.text).not.toContain(CANARY)
    expectAllAt(await mentor.browser.doubleClick({}, 'form[action$="/encouragement"]'), `/matches/${matchId}/logbook`)
    expect((await mentor.browser.open(`/matches/${matchId}/logbook`)).words).not.toContain('canary')
    const told = await mentee.browser.open('/notifications')
    expect(told.text.split('Your mentor thinks of your diary')).toHaveLength(2)
    await write(mentee, { about: `match-${matchId}`, text: 'Two lines' })
    expect((await mentee.browser.open('/notifications')).words).not.toContain('thinks of your diary')
    expect((await mentee.browser.open(`/matches/${matchId}/logbook`)).$('form[action$="/encouragement"]')).toHaveLength(
      0,
    )
  })
})
