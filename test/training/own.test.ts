import ICAL from 'ical.js'
import { afterEach, describe, expect, it } from 'vitest'
import { setClock } from '../../src/clock.ts'
import { statement } from '../../src/db.ts'
import type { Page } from '../support/browser.ts'
import {
  aProgramme,
  aStudent,
  dayFromNow,
  launch,
  planTraining,
  sessionAnswers,
  type Launched,
  takePart,
} from '../support/builders.ts'
import { tokenOf } from '../support/token.ts'

afterEach(() => {
  setClock()
})

const post = async (by: Launched, path: string) => by.browser.post(path, { _token: await tokenOf(by.browser) })
const book = (by: Launched, id: number) => post(by, `/training/${id}/booking`)
const listed = statement<{ state: string }>(
  'test_listed',
  'select state from training_attendance where session_id = $1 order by id',
)

/** A programme with a session in a week, and a mentor. */
async function aSession(answers: Partial<ReturnType<typeof sessionAnswers>> = {}) {
  const { course, coordinator } = await aProgramme()
  const id = await planTraining(coordinator, answers)
  return { course, coordinator, id, mentor: await aStudent(course, 'mentor', 'Sam Whitlock') }
}

function readCalendar(page: Page) {
  const calendar = new ICAL.Component(ICAL.parse(page.text) as unknown[])
  const event = new ICAL.Event(calendar.getFirstSubcomponent('vevent') as ICAL.Component)
  return { event, status: event.component.getFirstPropertyValue('status') }
}

describe('training of a mentor', () => {
  it('shows when, where, how long and with whom; signing up gives a place, which can be given back', async () => {
    const { mentor, id } = await aSession({ link: 'https://meet.college.example/t?a=1&b=2' })
    const page = await mentor.browser.open('/training')
    expect(page.words).toContain('18:30')
    expect(page.words).toContain('45 minutes, Room 12, with Amina Yusuf')
    expect(page.$('.sp-line a').first().attr('href')).toBe('https://meet.college.example/t?a=1&b=2')
    await mentor.browser.submit({}, 'form[action$="/booking"]')
    expect(mentor.browser.page.words).toContain('You are signed up')
    expect(mentor.browser.page.words).toContain('You have a place')
    expect((await mentor.browser.open('/')).words).toMatch(/You have a place ?Your training is .* at 18:30/)
    await mentor.browser.open('/training')
    await mentor.browser.submit({}, 'form[action$="/booking/cancellation"]')
    expect(mentor.browser.page.words).toContain('Your place is cancelled')
    expect(await listed(id)).toEqual([])
  })

  it('has one effect when a button is pressed twice, also to give a place back', async () => {
    const { mentor, id } = await aSession()
    await Promise.all([book(mentor, id), book(mentor, id)])
    expect((await book(mentor, id)).status).toBe(200)
    expect(await listed(id)).toEqual([{ state: 'booked' }])
    for (let time = 0; time < 2; time++)
      expect((await post(mentor, `/training/${id}/booking/cancellation`)).status).toBe(200)
    expect(await listed(id)).toEqual([])
  })

  it('gives the last place to one of those who want it at once, and tells the others kindly', async () => {
    const { course, id, mentor } = await aSession({ seats: '2' })
    const others = [
      await aStudent(course, 'mentor'),
      await aStudent(course, 'mentor'),
      await aStudent(course, 'mentor'),
    ]
    const answers = await Promise.all([mentor, ...others].map((one) => book(one, id)))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 409, 409])
    expect(answers.find(({ status }) => status === 409)?.words).toContain('This session is full')
    expect(await listed(id)).toHaveLength(2)
    const late = others.find((_, at) => answers[at + 1]?.status === 409)
    const page = await (late as Launched).browser.open('/training')
    expect(page.words).toContain('Full')
    expect(page.$('form[action$="/booking"]')).toHaveLength(0)
  })

  it('is one place at a time, even when two are asked for at once', async () => {
    const { course, coordinator, mentor, id } = await aSession()
    const second = await planTraining(coordinator, { date: dayFromNow(9) })
    const mentors = [mentor]
    for (let more = 0; more < 5; more++) mentors.push(await aStudent(course, 'mentor'))
    const answers = await Promise.all(mentors.flatMap((one) => [book(one, id), book(one, second)]))
    const refused = answers.filter(({ status }) => status === 409)
    expect(refused).toHaveLength(mentors.length)
    expect(refused[0]?.words).toContain('You have a place already')
    expect((await mentor.browser.open('/training')).words).toContain('cancel that place first')
  })

  it('cannot be booked, nor left, once the session has begun or was called off', async () => {
    const { coordinator, course, mentor, id } = await aSession()
    const late = await aStudent(course, 'mentor')
    const calledOff = await planTraining(coordinator, { date: dayFromNow(8) })
    await post(coordinator, `/admin/training/sessions/${calledOff}/cancellation`)
    expect((await book(late, calledOff)).words).toContain('This session was called off')
    await book(mentor, id)
    setClock(new Date(Date.now() + 8 * 86_400_000))
    expect((await book(late, id)).words).toContain('This session has begun')
    expect((await post(mentor, `/training/${id}/booking/cancellation`)).status).toBe(403)
    expect(await listed(id)).toEqual([{ state: 'booked' }])
  })

  it('says to others whom it is for', async () => {
    const { course, id, coordinator } = await aSession()
    const mentee = await aStudent(course, 'mentee')
    for (const one of [mentee, coordinator]) {
      const page = await one.browser.open('/training')
      expect(page.words).toContain('Training is for mentors')
      expect(page.words).not.toContain('Room 12')
      expect((await book(one, id)).status).toBe(404)
    }
    expect(await listed(id)).toEqual([])
  })

  it('does not exist for a mentor of another programme', async () => {
    const { id } = await aSession()
    const other = await aProgramme()
    const mentor = await aStudent(other.course, 'mentor')
    expect((await book(mentor, id)).status).toBe(404)
    expect((await mentor.browser.open(`/training/${id}/calendar.ics`)).status).toBe(404)
    expect(await listed(id)).toEqual([])
  })

  it('in two programmes keeps them apart', async () => {
    const { id, mentor } = await aSession()
    await book(mentor, id)
    const other = await aProgramme()
    const again = await launch(mentor.person, other.course)
    await takePart(again, 'mentor')
    expect((await again.browser.open('/training')).words).toContain('No session is planned yet')
  })
})

describe('the calendar file', () => {
  it('is for who signed up, in UTC, under one id, and without the name of anybody', async () => {
    const { course, mentor, id } = await aSession({ place: 'Room 12, é; upstairs', deliveredBy: 'Amina Yusuf' })
    expect((await mentor.browser.open(`/training/${id}/calendar.ics`)).status).toBe(404)
    await book(mentor, id)
    const page = await mentor.browser.open(`/training/${id}/calendar.ics`)
    expect(page.headers['content-type']).toBe('text/calendar; charset=utf-8')
    expect(page.headers['content-disposition']).toBe('attachment; filename=training.ics')
    const { event, status } = readCalendar(page)
    expect(event.startDate.zone).toBe(ICAL.Timezone.utcTimezone)
    expect(event.duration.toSeconds()).toBe(45 * 60)
    expect(event.location).toBe('Room 12, é; upstairs')
    expect(event.uid).toMatch(new RegExp(`^training-${id}@localhost`))
    expect(status).toBe('CONFIRMED')
    for (const name of ['Amina', 'Sam', 'Whitlock', 'Marion']) expect(page.text).not.toContain(name)
    const other = await aStudent(course, 'mentor')
    expect((await other.browser.open(`/training/${id}/calendar.ics`)).status).toBe(404)
  })

  it('keeps the clock time of the programme over a change of the clocks', async () => {
    setClock(new Date('2027-03-20T12:00:00Z'))
    const { course, coordinator } = await aProgramme()
    const mentor = await aStudent(course, 'mentor')
    for (const [date, utc] of [
      ['2027-03-27', '2027-03-27T18:30:00Z'],
      ['2027-03-28', '2027-03-28T17:30:00Z'], // summer time began that night
      ['2027-10-31', '2027-10-31T18:30:00Z'],
    ] as const) {
      const id = await planTraining(coordinator, { date })
      await book(mentor, id)
      expect(mentor.browser.page.words).toContain('18:30')
      const { event } = readCalendar(await mentor.browser.open(`/training/${id}/calendar.ics`))
      expect(event.startDate.toJSDate().toISOString()).toBe(new Date(utc).toISOString())
      await post(mentor, `/training/${id}/booking/cancellation`)
    }
  })

  it('is newer with each change that a calendar shows, and says when the session is called off', async () => {
    const { coordinator, mentor, id } = await aSession()
    await book(mentor, id)
    const read = async () => readCalendar(await mentor.browser.open(`/training/${id}/calendar.ics`))
    const change = async (fields: Record<string, string>) => {
      await coordinator.browser.open(`/admin/training/sessions/${id}/details`)
      await coordinator.browser.submit(fields)
    }
    const first = (await read()).event
    await change({})
    await change({ seats: '5', deliveredBy: 'Somebody else' })
    expect((await read()).event.sequence).toBe(first.sequence)
    await change({ place: 'Room 14', time: '19:00' })
    const second = (await read()).event
    expect(second.sequence).toBe(first.sequence + 1)
    expect(second.uid).toBe(first.uid)
    expect(second.location).toBe('Room 14')
    await post(coordinator, `/admin/training/sessions/${id}/cancellation`)
    const last = await read()
    expect(last.status).toBe('CANCELLED')
    expect(last.event.sequence).toBe(first.sequence + 2)
    expect(last.event.uid).toBe(first.uid)
    expect((await mentor.browser.open('/training')).words).toContain('Called off')
  })
})
