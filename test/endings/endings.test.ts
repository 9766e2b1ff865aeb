import { afterEach, describe, expect, it } from 'vitest'
import { setClock } from '../../src/clock.ts'
import { statement } from '../../src/db.ts'
import {
  aPair,
  aStudent,
  confirm,
  dayFromNow,
  idOf,
  launch,
  log,
  pairUp,
  startTopic,
  type Launched,
} from '../support/builders.ts'
import { tokenOf } from '../support/token.ts'
import { end, later, pause } from './support.ts'

afterEach(() => {
  setClock()
})

const words = async ({ browser }: Launched, path: string) => (await browser.open(path)).words
const today = ({ browser }: Launched) => browser.open('/admin')
const lines = async (by: Launched) => {
  const { $ } = await today(by)
  const all = $('.sp-line h3').toArray()
  return all.map((line) => $(line).text()).filter((line) => !line.includes('gradebook'))
}
const press = async ({ browser }: Launched, path: string, action: string) => {
  await browser.open(path)
  return browser.submit({}, `form[action$="${action}"]`)
}
const forge = async ({ browser }: Launched, path: string, fields: Record<string, string> = {}) =>
  (await browser.post(path, { _token: await tokenOf(browser), ...fields })).status
const stateOf = statement<{ state: string; end_reason: string | null }>(
  'test_state_of_match',
  'select state, end_reason from matches where id = $1',
)
const state = async (matchId: number) => (await stateOf(matchId))[0]?.state

describe('a pause', () => {
  it('is begun by one of the two, told to the other, and shown with its days to both and to the coordinator', async () => {
    const { coordinator, mentee, mentor, matchId } = await aPair()
    await mentee.browser.open('/')
    await mentee.browser.follow('Pause or end')
    await mentee.browser.doubleClick({ until: dayFromNow(10) }, 'form[action$="/pause"]')
    const page = `/matches/${matchId}/ending`
    expect(await words(mentee, page)).toContain('You and Sam have a pause')
    expect(await words(mentor, page)).toMatch(/Since today, until \w+day \d+ \w+/)
    for (const by of [mentee, mentor]) expect(await words(by, '/')).toMatch(/have a pause.*Pause until/)
    expect(await words(mentor, '/notifications')).toContain('Your match has a pause')
    expect(await words(mentee, '/notifications')).not.toContain('Your match has a pause')
    const seen = await words(coordinator, `/admin/matches/${matchId}`)
    expect(seen).toMatch(/Paused.*Priya began a pause/)
    expect((await words(coordinator, '/admin/audit')).match(/Let a match rest/g)).toHaveLength(1)
  })

  it('lasts six weeks at most, and from tomorrow: what was typed stands there again', async () => {
    const { mentee, matchId } = await aPair()
    for (const [until, said] of [
      [dayFromNow(43), 'Choose a day within the next six weeks'],
      [dayFromNow(0), 'Choose a day after today'],
      ['soon', 'Choose a day'],
    ] as const) {
      const page = await pause(mentee, matchId, until)
      expect([page.status, page.words.includes(said), page.$('#until').val()]).toEqual([422, true, until])
    }
    expect(await state(matchId)).toBe('active')
    expect((await pause(mentee, matchId, dayFromNow(42))).status).toBe(200)
    expect(await state(matchId)).toBe('paused')
  })

  it('keeps Today and reminders still, ends by the clock, and counts days anew then', async () => {
    const { coordinator, mentee, mentor, matchId, contactsHref } = await aPair()
    await log(mentor, contactsHref)
    await confirm(mentee, contactsHref)
    await later(10)
    await pause(mentee, matchId, dayFromNow(40))
    await later(30)
    expect(await lines(coordinator)).toEqual([])
    expect(await words(mentor, '/')).not.toContain('Agree')
    expect((await coordinator.browser.open(`/admin/matches/${matchId}/nudges/mentor/silent`)).status).toBe(404)
    expect(await state(matchId)).toBe('paused')
    await later(10)
    expect(await state(matchId)).toBe('active')
    for (const by of [mentee, mentor]) expect(await words(by, '/notifications')).toContain('Your match goes on')
    await later(20)
    expect(await lines(coordinator)).toEqual([])
    await later(2)
    expect((await lines(coordinator))[0]).toContain('no contact for')
  })

  it('ends earlier by the other one, or by the coordinator', async () => {
    const { coordinator, mentee, mentor, matchId } = await aPair()
    await pause(mentee, matchId, dayFromNow(10))
    await press(mentor, `/matches/${matchId}/ending`, '/resumption')
    expect(await state(matchId)).toBe('active')
    await coordinator.browser.open(`/admin/matches/${matchId}/ending`)
    await coordinator.browser.submit({ until: dayFromNow(5) }, 'form[action$="/pause"]')
    expect(await state(matchId)).toBe('paused')
    for (const by of [mentee, mentor]) expect(await words(by, '/notifications')).toContain('Your match has a pause')
    await press(coordinator, `/admin/matches/${matchId}/ending`, '/resumption')
    expect(await state(matchId)).toBe('active')
    expect(await words(coordinator, `/admin/matches/${matchId}`)).toMatch(
      /The pause was over.*A coordinator began a pause/,
    )
  })
})

describe('the planned end', () => {
  it('is moved by the coordinator, never to before today, and begins the end by itself', async () => {
    const { coordinator, mentee, matchId } = await aPair()
    const page = `/admin/matches/${matchId}/ending`
    await coordinator.browser.open(page)
    expect(coordinator.browser.page.$('#plannedEndOn').val()).toBe('2027-06-30')
    await coordinator.browser.submit({ plannedEndOn: dayFromNow(-1) }, 'form[action$="/extension"]')
    expect(coordinator.browser.page.status).toBe(422)
    expect(coordinator.browser.page.words).toContain('Choose today or a later day')
    await coordinator.browser.open(page)
    await coordinator.browser.submit({ plannedEndOn: dayFromNow(3) }, 'form[action$="/extension"]')
    expect(await words(mentee, '/notifications')).toContain('The planned end of your match has moved')
    await later(3)
    expect(await state(matchId)).toBe('active')
    await later(1)
    expect(await state(matchId)).toBe('closing')
    expect(await words(mentee, `/matches/${matchId}/ending`)).toContain('This was the day on which it was meant to end')
    await later(15)
    expect(await stateOf(matchId)).toEqual([{ state: 'closed', end_reason: 'natural_end' }])
  })
})

describe('an end', () => {
  it('begins with two weeks for a last talk, tells both, not why, and is closed when they say that it is over', async () => {
    const { coordinator, mentee, mentor, matchId, contactsHref } = await aPair()
    await end(coordinator, matchId, { reason: 'duty_not_met', note: 'Said so twice' })
    for (const by of [mentee, mentor]) {
      expect(await words(by, '/notifications')).toContain('Your match comes to its end')
      expect(await words(by, '/')).toContain('Find a time for your last talk with')
      const seen = (await words(by, `/matches/${matchId}/ending`)) + (await words(by, '/'))
      for (const secret of ['could not be kept up', 'Said so twice']) expect(seen).not.toContain(secret)
    }
    expect(await words(coordinator, `/admin/matches/${matchId}`)).toMatch(/It could not be kept up.*Said so twice/)
    expect(await forge(mentor, `/matches/${matchId}/closure`)).toBe(200) // led back: there was no last talk
    expect(await state(matchId)).toBe('closing')
    await log(mentor, contactsHref)
    expect(await words(mentee, '/')).toContain('Is this right?')
    await confirm(mentee, contactsHref)
    expect(await state(matchId)).toBe('closing')
    await press(mentee, `/matches/${matchId}/ending`, '/closure')
    expect(await stateOf(matchId)).toEqual([{ state: 'closed', end_reason: 'duty_not_met' }])
    expect(await words(mentor, '/')).toMatch(/Your match with Priya is over|Write your report/)
  })

  it('is closed by itself after two weeks, readable for thirty days more, and written in no more', async () => {
    const { coordinator, mentee, mentor, matchId } = await aPair()
    const topic = await startTopic(mentor, matchId)
    await end(coordinator, matchId)
    await later(13)
    expect(await state(matchId)).toBe('closing')
    await later(1)
    expect(await state(matchId)).toBe('closed')
    for (const by of [mentee, mentor]) {
      expect(await words(by, '/notifications')).toContain('Your match is over')
      expect(await words(by, '/')).toContain('Over since today')
      expect((await by.browser.open(`/threads/${topic}`)).status).toBe(200)
      expect(await forge(by, `/threads/${topic}/messages`, { body: 'More', noted: 'yes' })).toBe(403)
      expect(await forge(by, `/matches/${matchId}/contacts`)).not.toBe(200)
    }
    expect(await words(mentee, `/matches/${matchId}/ending`)).toContain(
      'You can both read what you wrote to each other until',
    )
    await later(31)
    for (const path of [`/threads/${topic}`, `/matches/${matchId}/ending`, `/matches/${matchId}/plan`])
      expect((await mentee.browser.open(path)).status).toBe(404)
  })

  it('leaves each their own words and the facts of contacts, thirty days after the end', async () => {
    const { coordinator, mentee, mentor, matchId, contactsHref } = await aPair()
    await log(mentor, contactsHref, { line: 'canary-of-the-mentor' })
    await mentee.browser.open(contactsHref)
    await mentee.browser.follow('I remember it differently')
    await mentee.browser.submit({ difference: 'canary-of-the-mentee' })
    await end(coordinator, matchId, { reason: 'mismatch', when: 'now' })
    const both = [/canary-of-the-mentor/, /canary-of-the-mentee/]
    for (const by of [mentee, mentor]) for (const canary of both) expect(await words(by, contactsHref)).toMatch(canary)
    await later(31)
    for (const [by, own, other] of [
      [mentee, 'canary-of-the-mentee', 'canary-of-the-mentor'],
      [mentor, 'canary-of-the-mentor', 'canary-of-the-mentee'],
    ] as const) {
      const list = await by.browser.open(contactsHref)
      const contact = await by.browser.open(list.$('h3 a[href^="/contacts/"]').attr('href') ?? '')
      for (const page of [list, contact])
        expect([page.status, page.text.includes(own), page.text.includes(other)]).toEqual([200, true, false])
    }
  })

  it('for safety is over at once, whatever else was chosen', async () => {
    const { coordinator, mentee, matchId } = await aPair()
    await pause(mentee, matchId, dayFromNow(10))
    await end(coordinator, matchId, { reason: 'safeguarding' })
    expect(await stateOf(matchId)).toEqual([{ state: 'closed', end_reason: 'safeguarding' }])
    const seen = (await words(mentee, '/')) + (await words(mentee, `/matches/${matchId}/ending`))
    expect(seen).toContain('is over')
    expect(seen).not.toMatch(/safeguarding(?! lead)/i)
  })

  it('asks for a reason and a time', async () => {
    const { coordinator, matchId } = await aPair()
    const page = await end(coordinator, matchId, { reason: '', note: 'x'.repeat(1001) })
    expect([page.status, page.words.includes('Choose a reason')]).toEqual([422, true])
    expect(page.$('#note').text()).toHaveLength(1001)
    expect(await state(matchId)).toBe('active')
  })

  it('lets the mentee be matched anew when the coordinator says so, with the contacts that count', async () => {
    const { course, coordinator, mentee, mentor, matchId, contactsHref } = await aPair()
    await log(mentor, contactsHref)
    await confirm(mentee, contactsHref)
    const other = await aStudent(course, 'mentor', 'Jo van den Berg')
    await end(coordinator, matchId, { reason: 'mismatch', when: 'now' })
    expect(await lines(coordinator)).toEqual([])
    expect(await words(coordinator, '/admin/matching')).not.toContain('Priya Nair')
    const [menteeId, mentorId] = [String(await idOf(mentee)), String(await idOf(other))]
    expect(await forge(coordinator, '/admin/matching', { mentee: menteeId, mentor: mentorId })).toBe(422)
    expect(coordinator.browser.page.words).toContain('nobody has said yet that they are ready')
    await press(coordinator, `/admin/matches/${matchId}/ending`, '/readiness')
    expect(await lines(coordinator)).toEqual(['One mentee waits for a mentor'])
    await pairUp(coordinator, mentee, other)
    expect(await words(mentee, '/progress')).toMatch(/1 of 4|1 contact/)
  })
})

describe('what others can do about it', () => {
  it('is nothing: to strangers, tutors and others it does not exist', async () => {
    const pair = await aPair()
    const { course, matchId, mentee } = pair
    const other = await aPair()
    const strangers = [await aStudent(course, 'mentor'), other.coordinator, other.mentee]
    const tutor = await launch((await import('../support/world.ts')).college.addTeacher('Tess Tutor'), course)
    const fields = { until: dayFromNow(5), plannedEndOn: dayFromNow(5), reason: 'mismatch', when: 'now' }
    const acts = ['pause', 'resumption', 'extension', 'ending', 'readiness'].map(
      (act) => `/admin/matches/${matchId}/${act}`,
    )
    const own = ['pause', 'resumption', 'closure'].map((act) => `/matches/${matchId}/${act}`)
    for (const by of [...strangers, tutor])
      for (const path of [...acts, ...own]) expect([path, await forge(by, path, fields)]).toEqual([path, 404])
    for (const path of acts) expect(await forge(mentee, path, fields)).toBe(404)
    for (const by of [...strangers, tutor])
      for (const path of [`/matches/${matchId}/ending`, `/admin/matches/${matchId}/ending`])
        expect((await by.browser.open(path)).status).toBe(404)
    expect(await state(matchId)).toBe('active')
  })
})
