import { afterEach, describe, expect, it } from 'vitest'
import { setClock } from '../../src/clock.ts'
import { statement } from '../../src/db.ts'
import {
  aDuty,
  aProgramme,
  aStudent,
  dayFromNow,
  launch,
  planTraining,
  sessionAnswers,
  staff,
  type Launched,
} from '../support/builders.ts'
import { tokenOf } from '../support/token.ts'

const DAY = 86_400_000
afterEach(() => {
  setClock()
})

const post = async (by: Launched, path: string, fields: Record<string, string> = {}) =>
  by.browser.post(path, { _token: await tokenOf(by.browser), ...fields })
const endAll = statement(
  'test_end_sessions_of',
  'update sessions set ended_at = now() where person_id = (select id from people where sub = $1)',
)
const participants = statement<{ id: number }>(
  'test_participant',
  'select pa.id from participants pa join people p on p.id = pa.person_id where p.sub = $1',
)
const idOf = async ({ person }: Launched) => (await participants(person.id))[0]?.id ?? 0
const attendance = statement<{ state: string; participant_id: number }>(
  'test_attendance',
  'select state, participant_id from training_attendance where session_id = $1 order by participant_id',
)

describe('planning a session', () => {
  it('shows it to the coordinator and the mentors, once for each form', async () => {
    const { course, coordinator } = await aProgramme()
    const page = await coordinator.browser.open('/admin/training/new')
    expect(page.$('#minutes').val()).toBe('45')
    const served = Object.fromEntries(
      page
        .$('main form')
        .serializeArray()
        .map(({ name, value }) => [name, value]),
    )
    const fields = { ...served, ...sessionAnswers(), place: 'Room <b>12</b>', seats: '10' }
    await Promise.all([
      coordinator.browser.post('/admin/training', fields),
      coordinator.browser.post('/admin/training', fields),
    ])
    const list = await coordinator.browser.open('/admin/training')
    expect(list.$('.sp-line')).toHaveLength(1)
    expect(list.text).toContain('Room &lt;b&gt;12&lt;/b&gt;')
    expect(list.words).toContain('0 of 10 places taken.')
    const mentor = await aStudent(course, 'mentor')
    expect((await mentor.browser.open('/training')).words).toContain('Room <b>12</b>, with Amina Yusuf')
  })

  it.each([
    ['no day', { date: '' }, 'Choose the day of the session', 'date'],
    ['a day that does not exist', { date: '2027-02-30' }, 'Choose the day of the session', 'date'],
    ['yesterday', { date: dayFromNow(-1) }, 'still to come', 'date'],
    ['no time', { time: '' }, 'Write the time with hours and minutes', 'time'],
    ['a time that is none', { time: '24:00' }, 'Write the time with hours and minutes', 'time'],
    ['minutes in words', { minutes: 'long' }, 'whole number from 5 to 480', 'minutes'],
    ['half a minute', { minutes: '45.5' }, 'whole number from 5 to 480', 'minutes'],
    ['neither place nor link', { place: ' ', link: '' }, 'Say where it is', 'place'],
    ['a place that is too long', { place: 'x'.repeat(151) }, 'Keep the place to 150', 'place'],
    ['a script as a link', { link: 'javascript:alert(1)' }, 'beginning with https://', 'link'],
    ['a link without its beginning', { link: 'meet.example/x' }, 'beginning with https://', 'link'],
    ['a link that is too long', { link: `https://x.example/${'y'.repeat(500)}` }, 'Keep the link to 500', 'link'],
    [
      'a link too long when written out',
      { link: `https://x.example/${'ữ'.repeat(200)}` },
      'Keep the link to 500',
      'link',
    ],
    ['nobody who gives it', { deliveredBy: '' }, 'Write who gives the training', 'deliveredBy'],
    ['too long a name', { deliveredBy: 'x'.repeat(151) }, 'Keep the name to 150', 'deliveredBy'],
    ['no place at all', { seats: '0' }, 'whole number from 1 to 500', 'seats'],
    ['characters that cannot be saved', { place: 'a\u0000b' }, 'cannot be saved', 'place'],
  ])(
    'with %s says so beside the field, keeps what was typed, and plans nothing',
    async (_what, fields, message, field) => {
      const { coordinator } = await aProgramme()
      await coordinator.browser.open('/admin/training/new')
      const page = await coordinator.browser.submit({ ...sessionAnswers(), deliveredBy: 'Typed before', ...fields })
      expect(page.status).toBe(422)
      expect(page.$('title').text()).toMatch(/^Error: /)
      expect(page.$(`.sp-errors a[href="#${field}"]`).text()).toContain(message)
      expect(page.$(`#${field}-error`).text()).toContain(message)
      if (field !== 'deliveredBy') expect(page.$('#deliveredBy').val()).toBe('Typed before')
      expect((await coordinator.browser.open('/admin/training')).words).toContain('No session to come')
    },
  )

  it('refuses a time that the clocks skip, and means the first of one that comes twice', async () => {
    setClock(new Date('2027-03-01T12:00:00Z'))
    const { coordinator } = await aProgramme()
    await planTraining(coordinator, { date: '2027-03-28', time: '01:30' })
    expect(coordinator.browser.page.status).toBe(422)
    expect(coordinator.browser.page.$('#time-error').text()).toContain('The clocks go forward that night')
    const id = await planTraining(coordinator, { date: '2027-10-31', time: '01:30' })
    const page = await coordinator.browser.open(`/admin/training/sessions/${id}`)
    expect(page.$('h1 time').attr('datetime')).toBe('2027-10-31T00:30:00.000Z')
    const form = await coordinator.browser.open(`/admin/training/sessions/${id}/details`)
    expect([form.$('#date').val(), form.$('#time').val()]).toEqual(['2027-10-31', '01:30'])
  })

  it('keeps a form whose session has ended, new or of a session that is there', async () => {
    const { course, coordinator } = await aProgramme()
    const id = await planTraining(coordinator)
    for (const path of ['/admin/training/new', `/admin/training/sessions/${id}/details`]) {
      await coordinator.browser.open(path)
      await endAll(coordinator.person.id)
      expect((await coordinator.browser.submit({ place: 'Do not lose this' })).words).toContain(
        'We kept what you wrote',
      )
      await launch(coordinator.person, course, { browser: coordinator.browser })
      const form = await coordinator.browser.open(path)
      expect(form.$('#place').val()).toBe('Do not lose this')
      await coordinator.browser.submit({ ...sessionAnswers(), place: 'Room 1' })
      expect((await coordinator.browser.open(path)).words).not.toContain('We kept')
    }
  })
})

describe('changing a session', () => {
  it('does not move it into the past, nor take a place away from somebody', async () => {
    const { course, coordinator } = await aProgramme()
    const id = await planTraining(coordinator, { seats: '5' })
    for (let one = 0; one < 2; one++) await post(await aStudent(course, 'mentor'), `/training/${id}/booking`)
    await coordinator.browser.open(`/admin/training/sessions/${id}/details`)
    const fewer = await coordinator.browser.submit({ seats: '1' })
    expect([fewer.status, fewer.$('#seats-error').text()]).toEqual([
      422,
      expect.stringContaining('More people than that'),
    ])
    const past = await coordinator.browser.submit({ seats: '5', date: dayFromNow(-1) })
    expect([past.status, past.$('#date-error').text()]).toEqual([422, expect.stringContaining('still to come')])
    await coordinator.browser.submit({ seats: '2', date: dayFromNow(3), time: '09:05' })
    expect(coordinator.browser.page.words).toContain('The session is changed')
    expect(coordinator.browser.page.words).toContain('2 of 2 places taken.')
  })

  it('asks before it calls it off, and then nothing can be changed any more', async () => {
    const { course, coordinator } = await aProgramme()
    const id = await planTraining(coordinator)
    await post(await aStudent(course, 'mentor'), `/training/${id}/booking`)
    await coordinator.browser.open(`/admin/training/sessions/${id}`)
    const ask = await coordinator.browser.follow('Call it off')
    expect(ask.words).toContain('1 person has signed up')
    await coordinator.browser.submit()
    expect(coordinator.browser.page.words).toContain('The session is called off')
    const href = `/admin/training/sessions/${id}`
    expect((await post(coordinator, `${href}/cancellation`)).status).toBe(200)
    expect((await coordinator.browser.open(`${href}/details`)).status).toBe(403)
    expect((await post(coordinator, `${href}/details`, sessionAnswers())).status).toBe(403)
    setClock(new Date(Date.now() + 8 * DAY))
    expect((await post(coordinator, `${href}/attendance`)).status).toBe(403)
  })
})

describe('who came', () => {
  /** A session that was an hour ago: one mentor signed up, one did not. */
  async function aHeldSession() {
    const { course, coordinator } = await aProgramme({ trainingRequired: 'yes' })
    const id = await planTraining(coordinator, { date: dayFromNow(7), time: '12:00' })
    const booked = await aStudent(course, 'mentor', 'Sam Whitlock')
    await post(booked, `/training/${id}/booking`)
    const walkIn = await aStudent(course, 'mentor', 'Kit Lindqvist')
    const early = await post(coordinator, `/admin/training/sessions/${id}/attendance`, {
      [`mark-${await idOf(booked)}`]: 'attended',
    })
    expect(early.status).toBe(403)
    setClock(new Date(Date.now() + 8 * DAY))
    return { course, coordinator, id, booked, walkIn, href: `/admin/training/sessions/${id}` }
  }

  it('is written down by coordinator or supervisor, for who signed up and for who did not', async () => {
    const { course, coordinator, booked, walkIn, href, id } = await aHeldSession()
    const supervisor = await aDuty(course, 'supervisor')
    const page = await supervisor.browser.open(href)
    expect(page.$('.sp-tiles')).toHaveLength(1)
    expect(page.$('input[type=checkbox]')).toHaveLength(1)
    await supervisor.browser.submit({
      [`mark-${await idOf(booked)}`]: 'missed',
      [`mark-${await idOf(walkIn)}`]: 'attended',
    })
    expect(supervisor.browser.page.words).toContain('Saved')
    expect((await booked.browser.open('/training')).words).toContain('You did not come on')
    expect((await walkIn.browser.open('/training')).words).toContain('You attended on')
    expect((await walkIn.browser.open('/')).words).not.toContain('Come to training')
    expect((await coordinator.browser.open('/admin/training')).words).toContain('Trained or excused: 1 of 2.')
    const matching = await coordinator.browser.open('/admin/matching')
    expect(matching.$('label:contains("Sam")').text()).toContain('Has not attended the training yet')
    expect(matching.$('label:contains("Kit")').text()).not.toContain('Has not attended the training yet')
    // Put right: the one came after all, the other was not there.
    await coordinator.browser.open(href)
    await coordinator.browser.submit({
      [`mark-${await idOf(booked)}`]: 'attended',
      [`mark-${await idOf(walkIn)}`]: 'unmarked',
    })
    expect(await attendance(id)).toEqual([{ state: 'attended', participant_id: await idOf(booked) }])
    await coordinator.browser.open(href)
    await coordinator.browser.submit({ [`mark-${await idOf(booked)}`]: 'unmarked' })
    expect(await attendance(id)).toEqual([{ state: 'booked', participant_id: await idOf(booked) }])
  })

  it('with an answer that is none says so, keeps the others, and writes nothing down', async () => {
    const { coordinator, booked, walkIn, href, id } = await aHeldSession()
    await coordinator.browser.open(href)
    const name = `mark-${await idOf(booked)}`
    const page = await coordinator.browser.submit({ [name]: 'perhaps', [`mark-${await idOf(walkIn)}`]: 'attended' })
    expect(page.status).toBe(422)
    expect(page.$(`.sp-errors a[href="#${name}"]`).text()).toContain('Choose if this person came')
    expect(page.$(`#${name}-error`).text()).toContain('Choose if this person came')
    expect(page.$('input[type=checkbox]:checked')).toHaveLength(1)
    expect(await attendance(id)).toEqual([{ state: 'booked', participant_id: await idOf(booked) }])
  })

  it('passes over mentees, strangers and people of other programmes', async () => {
    const { course, coordinator, booked, href, id } = await aHeldSession()
    const mentee = await aStudent(course, 'mentee')
    const other = await aProgramme({ trainingRequired: 'yes' })
    const stranger = await aStudent(other.course, 'mentor')
    const answer = await post(coordinator, `${href}/attendance`, {
      [`mark-${await idOf(mentee)}`]: 'attended',
      [`mark-${await idOf(stranger)}`]: 'attended',
      'mark-2147483647': 'attended',
      'mark-99999999999': 'attended',
      'mark-x': 'attended',
    })
    expect(answer.status).toBe(200)
    expect(await attendance(id)).toEqual([{ state: 'booked', participant_id: await idOf(booked) }])
  })

  it('is kept when the session of the browser has ended', async () => {
    const { course, coordinator, booked, href } = await aHeldSession()
    const name = `mark-${await idOf(booked)}`
    await coordinator.browser.open(href)
    await endAll(coordinator.person.id)
    expect((await coordinator.browser.submit({ [name]: 'attended' })).status).toBe(401)
    await launch(coordinator.person, course, { browser: coordinator.browser })
    const page = await coordinator.browser.open(href)
    expect(page.words).toContain('We kept what you wrote')
    expect(page.$(`input[name=${name}]:checked`).val()).toBe('attended')
  })

  it('has a sheet to print with the names of who signed up', async () => {
    const { coordinator, id } = await aHeldSession()
    const page = await coordinator.browser.open(`/admin/training/sessions/${id}/sheet`)
    expect(page.$('tbody th').text()).toBe('Sam Whitlock')
    expect(page.$('tbody tr').length).toBeGreaterThan(3)
  })
})

describe('an excuse', () => {
  async function aMentor() {
    const { course, coordinator } = await aProgramme()
    const mentor = await aStudent(course, 'mentor', 'Sam Whitlock')
    return { course, coordinator, mentor, href: `/admin/training/excuses/${await idOf(mentor)}` }
  }

  it('has a reason, which the mentor reads, and can be taken back', async () => {
    const { coordinator, mentor, href } = await aMentor()
    await coordinator.browser.open('/admin/training')
    await coordinator.browser.follow('Excuse')
    for (const [reason, message] of [
      ['  ', 'Write why this mentor needs no training'],
      ['x'.repeat(281), 'Keep the reason to 280 characters'],
    ] as const) {
      const page = await coordinator.browser.submit({ reason })
      expect([page.status, page.$('#reason-error').text()]).toEqual([422, expect.stringContaining(message)])
    }
    await Promise.all([
      post(coordinator, href, { reason: 'Trained <i>last</i> year' }),
      post(coordinator, href, { reason: 'Trained <i>last</i> year' }),
    ])
    const seen = await mentor.browser.open('/training')
    expect(seen.words).toContain('You are excused from training')
    expect(seen.text).toContain('Excused: Trained &lt;i&gt;last&lt;/i&gt; year')
    const list = await coordinator.browser.open('/admin/training')
    expect(list.words).toContain('Trained or excused: 1 of 1.')
    await coordinator.browser.submit({}, 'form[action$="/withdrawal"]')
    expect(coordinator.browser.page.words).toContain('Sam needs training again')
    expect((await mentor.browser.open('/training')).words).not.toContain('excused')
  })

  it('is not for mentees, nor for mentors of another programme', async () => {
    const { course, mentor, href } = await aMentor()
    const mentee = await aStudent(course, 'mentee')
    const other = await aProgramme()
    for (const path of [href, `/admin/training/excuses/${await idOf(mentee)}`])
      expect((await post(other.coordinator, path, { reason: 'Mine' })).status).toBe(404)
    const coordinator = await launch(staff('tutor'), course)
    expect((await post(coordinator, href, { reason: 'Mine' })).status).toBe(404)
    expect((await mentor.browser.open('/training')).words).not.toContain('excused')
  })

  it('keeps its text when the session of the browser has ended', async () => {
    const { course, coordinator, href } = await aMentor()
    await coordinator.browser.open(href)
    await endAll(coordinator.person.id)
    await coordinator.browser.submit({ reason: 'Do not lose this' })
    await launch(coordinator.person, course, { browser: coordinator.browser })
    expect((await coordinator.browser.open(href)).$('#reason').val()).toBe('Do not lose this')
  })
})

describe('a tutor without a duty', () => {
  it('finds no training to look after', async () => {
    const { course, coordinator } = await aProgramme()
    const id = await planTraining(coordinator)
    const tutor = await launch(staff('tutor'), course)
    for (const path of ['/admin/training', '/admin/training/new', `/admin/training/sessions/${id}`])
      expect((await tutor.browser.open(path)).status).toBe(404)
  })
})
