import { randomUUID } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { now, setClock } from '../../src/clock.ts'
import { statement } from '../../src/db.ts'
import { findNameIn, putInsteadOfNames } from '../../src/features/people/index.ts'
import { get } from '../access/world.ts'
import { forge as forgeWithout, personIdOf, told } from '../concerns/support.ts'
import { aDuty, aPair, aProgramme, aStudent, dayFromNow, idOf, type Launched } from '../support/builders.ts'
import { manyPosts } from './support.ts'

afterEach(() => {
  setClock()
})

const words = async ({ browser }: Launched, path: string) => (await browser.open(path)).words
const roomOf = async (mentor: Launched) => `/admin/supervision/${await idOf(mentor)}`
const forge = (by: Launched, path: string, fields: Record<string, string> = {}) =>
  forgeWithout(by, path, { _key: randomUUID(), ...fields })

async function write(by: Launched, path: string, body: string) {
  await by.browser.open(path)
  return by.browser.submit({ body, _act: 'send' }, 'form[action$="/messages"]')
}
async function offerTime(by: Launched, fields: Record<string, string> = {}) {
  await by.browser.open('/admin/supervision-sessions/new')
  return by.browser.submit({ date: dayFromNow(3), time: '14:30', minutes: '30', place: 'Room 4', ...fields })
}
const book = (by: Launched) => by.browser.submit({}, 'form[action$="/booking"]')

/** A pair in a programme with a supervisor. */
async function aSupportedPair() {
  const pair = await aPair()
  return { ...pair, supervisor: await aDuty(pair.course, 'supervisor') }
}

describe('support for a mentor', () => {
  it('is between mentor and supervisor, told to the other, and nobody else’s', async () => {
    const { course, coordinator, mentor, mentee, supervisor } = await aSupportedPair()
    const lead = await aDuty(course, 'concern_lead')
    const other = await aSupportedPair()
    await write(mentor, '/supervision', 'canary-of-support, a hard week')
    expect(mentor.browser.page.words).toContain('Sent')
    expect(await told(supervisor)).toContain('There is something new in your support as a mentor')
    const room = await roomOf(mentor)
    await supervisor.browser.open('/admin/supervision')
    expect((await supervisor.browser.follow('Open')).words).toContain('canary-of-support')
    expect(await told(supervisor)).toContain('Nothing waits for you')
    await write(supervisor, room, 'Let us talk on Friday')
    expect(await words(mentor, '/supervision')).toContain('Let us talk on Friday')
    const late = await aStudent(course, 'mentor', 'Chidi Eze')
    for (const by of [coordinator, lead, mentee, late, other.supervisor, other.coordinator, other.mentor]) {
      expect((await get(by.browser, room)).status).toBe(404)
      for (const what of ['messages', 'notes'])
        expect((await forge(by, `${room}/${what}`, { body: 'x', on: dayFromNow(0) })).status).toBe(404)
      for (const path of ['/admin/supervision', '/supervision', '/notifications', '/admin/audit'])
        expect((await by.browser.open(path)).text).not.toContain('canary-of-support')
    }
    for (const by of [coordinator, supervisor, mentee, lead])
      expect((await get(by.browser, '/supervision')).status).toBe(404)
  })

  it('is the coordinator’s where there is no supervisor, and who is chosen reads nothing that was written before', async () => {
    const { course, coordinator, mentor, mentee, matchId } = await aPair()
    const room = await roomOf(mentor)
    await write(mentor, '/supervision', 'For the coordinator')
    expect(await words(coordinator, room)).toContain('For the coordinator')
    const supervisor = await aDuty(course, 'supervisor')
    expect((await get(coordinator.browser, room)).status).toBe(404)
    expect(await words(supervisor, room)).not.toContain('For the coordinator')
    const another = await aDuty(course, 'supervisor')
    expect((await get(another.browser, room)).status).toBe(404)
    await coordinator.browser.open(`/admin/matches/${matchId}`)
    await coordinator.browser.follow('Choose who supports Sam')
    await coordinator.browser.submit({ person: '999999' })
    expect([coordinator.browser.page.status, coordinator.browser.page.words.includes('Choose somebody')]).toEqual([
      422,
      true,
    ])
    await coordinator.browser.open(`${room}/supervisor`)
    await coordinator.browser.submit({ person: String(await personIdOf(another)) })
    expect(await told(mentor)).toContain('Somebody else supports you as a mentor now')
    expect(await words(coordinator, '/admin/audit')).toContain('Gave a mentor a supervisor')
    expect(await words(another, room)).not.toContain('For the coordinator')
    expect((await get(supervisor.browser, room)).status).toBe(404)
    expect(await words(mentor, '/supervision')).toContain('For the coordinator')
    for (const by of [supervisor, mentor, mentee, (await aProgramme()).coordinator])
      expect((await forge(by, `${room}/supervisor`, { person: '1' })).status).toBe(404)
  })

  it('names no mentee: the name comes back, or gives way to the reference', async () => {
    const { mentor, supervisor } = await aSupportedPair()
    const room = await roomOf(mentor)
    const [one] = await refOf(mentor.person.id)
    const page = await write(mentor, '/supervision', 'Príya was late. PRIYA NAIR said sorry.')
    expect([page.status, page.words.includes('Take the name out first')]).toEqual([422, true])
    expect(page.$('textarea').val()).toBe('Príya was late. PRIYA NAIR said sorry.')
    expect(await words(supervisor, room)).not.toMatch(/priya/i)
    await write(mentor, '/supervision', 'Príya was late. PRIYA NAIR said sorry.')
    await mentor.browser.submit({ _act: 'replace' }, 'form[action$="/messages"]')
    expect(await words(supervisor, room)).toContain(`Mentee ${one?.ref} was late. Mentee ${one?.ref} said sorry.`)
    await supervisor.browser.open(`${room}/notes`)
    const note = await supervisor.browser.submit({ on: dayFromNow(0), body: 'About priya', _act: 'send' })
    expect(note.status).toBe(422)
    await supervisor.browser.submit({ on: dayFromNow(-1), body: 'About K7 and trust', _act: 'send' })
    expect(await words(mentor, '/supervision')).toMatch(/Note of a session, yesterday.*About K7 and trust/)
  })

  it('is kept once however often its form is sent, and says what is wrong with it', async () => {
    const { mentor, supervisor } = await aSupportedPair()
    await mentor.browser.open('/supervision')
    await mentor.browser.doubleClick({ body: 'Only once', _act: 'send' }, 'form[action$="/messages"]')
    expect((await words(supervisor, await roomOf(mentor))).match(/Only once/g)).toHaveLength(1)
    expect((await write(mentor, '/supervision', ' ')).words).toContain('Write a few words')
    expect((await write(mentor, '/supervision', 'x'.repeat(5001))).words).toContain('Keep it to 5,000 characters')
    await mentor.browser.open('/supervision/notes')
    expect((await mentor.browser.submit({ on: 'soon', body: 'x', _act: 'send' })).words).toContain('Choose the day')
  })

  it('is kept as a draft where its writer says so, or the page by itself: nobody else has it then', async () => {
    const { mentor, supervisor } = await aSupportedPair()
    for (const [path, form] of [
      ['/supervision', 'form[action$="/messages"]'],
      ['/supervision/notes', 'main form'],
    ] as const) {
      await mentor.browser.open(path)
      await mentor.browser.submit({ body: 'Not finished', _act: 'draft', _quiet: 'yes' }, form)
      expect((await mentor.browser.open(path)).$('textarea').val()).toBe('Not finished')
      expect(await words(supervisor, await roomOf(mentor))).not.toContain('Not finished')
      await mentor.browser.submit({ body: 'Finished', _act: 'send' }, form)
      expect((await mentor.browser.open(path)).$('textarea').val()).toBe('')
    }
  })

  it('shows a page of thirty, and the earlier ones', async () => {
    const { mentor, supervisor } = await aSupportedPair()
    await manyPosts(await idOf(mentor), await personIdOf(supervisor))
    await mentor.browser.open('/supervision')
    expect(mentor.browser.page.$('.sp-post')).toHaveLength(30)
    await mentor.browser.follow('Earlier')
    expect(mentor.browser.page.$('.sp-post')).toHaveLength(10)
  })

  it('shows a supervisor how far a pair is, by reference', async () => {
    const { mentor, supervisor } = await aSupportedPair()
    const [one] = await refOf(mentor.person.id)
    const list = await words(supervisor, '/admin/supervision')
    expect(list).toContain(`Mentee ${one?.ref}: stage 1, 0 of 4 contacts.`)
    expect(list).not.toContain('Priya')
    expect(list).not.toContain('Who supports whom')
  })
})

describe('a time', () => {
  it('is offered, booked by one mentor, given back, and called off', async () => {
    const { course, mentor, supervisor, coordinator } = await aSupportedPair()
    const late = await aStudent(course, 'mentor', 'Chidi Eze')
    expect(await words(mentor, '/supervision')).toContain('No times are offered just now')
    await offerTime(supervisor)
    expect(supervisor.browser.page.words).toContain('The time is offered')
    expect((await offerTime(supervisor)).words).toContain('You offer a time that begins then already')
    await offerTime(supervisor, { time: '15:30' })
    await late.browser.open('/supervision')
    await mentor.browser.open('/supervision')
    await book(mentor)
    expect(mentor.browser.page.words).toContain('Booked by you')
    expect(mentor.browser.page.$('form[action$="/booking"]')).toHaveLength(0) // one is enough
    const gone = await book(late)
    expect([gone.status, gone.words.includes('That time could not be booked')]).toEqual([409, true])
    expect(await told(supervisor)).toContain('A mentor has booked a time with you')
    expect(await words(supervisor, '/admin/supervision')).toContain('Booked by Sam Whitlock')
    await mentor.browser.open('/supervision')
    await mentor.browser.submit({}, 'form[action$="/booking/cancellation"]')
    expect(await told(supervisor)).toContain('A mentor has given a time with you back')
    await late.browser.open('/supervision')
    await book(late)
    await supervisor.browser.open('/admin/supervision')
    const cancel = supervisor.browser.page.$('form[action$="/cancellation"]').first().attr('action') ?? ''
    for (const by of [coordinator, mentor, late]) expect((await forge(by, cancel)).status).toBe(404)
    await supervisor.browser.submit({}, `form[action="${cancel}"]`)
    expect(await told(late)).toContain('A time that you had booked is called off')
    expect((await forge(supervisor, cancel)).status).toBe(404)
  })

  it('is booked once by two clicks at once, and not by a mentor who has one', async () => {
    const { mentor, supervisor } = await aSupportedPair()
    await offerTime(supervisor)
    await offerTime(supervisor, { time: '16:00' })
    const { $ } = await mentor.browser.open('/supervision')
    const [one = '', two = ''] = $('form[action$="/booking"]')
      .toArray()
      .map((form) => $(form).attr('action') ?? '')
    await Promise.all([forge(mentor, one), forge(mentor, two)])
    expect((await words(supervisor, '/admin/supervision')).match(/Booked by/g)).toHaveLength(1)
  })

  it('has to be to come, exist, and say where', async () => {
    const { supervisor, mentor, mentee } = await aSupportedPair()
    for (const [fields, error] of [
      [{ date: dayFromNow(-1) }, 'Choose a time that is still to come'],
      [{ date: '2027-03-28', time: '01:30' }, 'This time does not exist on that day'],
      [{ place: ' ' }, 'Say where'],
      [{ minutes: '5' }, 'Between 10 and 180 minutes'],
      [{ time: 'noon' }, 'Write a time'],
    ] as const) {
      const page = await offerTime(supervisor, fields)
      expect([page.status, page.words.includes(error)], error).toEqual([422, true])
    }
    for (const by of [mentor, mentee])
      expect((await forge(by, '/admin/supervision-sessions', { place: 'x' })).status).toBe(404)
    await offerTime(supervisor)
    setClock(new Date(now().getTime() + 4 * 86_400_000))
    expect(await words(mentor, '/supervision')).toContain('No times are offered just now')
  })
})

describe('names in a text', () => {
  const priya = { names: ['Priya Nair', 'Priya'], emails: ['p.nair@college.example'] }
  it.each([
    ['Priya Nair came', 'Mentee K7 came'],
    ['príya, PRIYA and Nair', 'Mentee K7, Mentee K7 and Mentee K7'],
    ['write to p.nair@college.example', 'write to Mentee K7'],
    ['Priyanka came', 'Priyanka came'],
    ['nothing here', 'nothing here'],
  ])('%s', (text, instead) => {
    expect(putInsteadOfNames(text, priya, 'Mentee K7')).toBe(instead)
    expect(findNameIn(instead, [priya])).toBeUndefined()
  })

  it('are words as well, where they are written small', () => {
    const may = { names: ['May'], emails: [] }
    expect(putInsteadOfNames('May may come', may, 'Mentee K7')).toBe('Mentee K7 may come')
  })
})

const refOf = statement<{ ref: string }>(
  'test_ref_of_mentee',
  `select e.ref from matches m join participants e on e.id = m.mentee_id join participants o on o.id = m.mentor_id
   join people p on p.id = o.person_id where p.sub = $1 order by m.id desc`,
)
