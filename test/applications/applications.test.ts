import { describe, expect, it } from 'vitest'
import { statement } from '../../src/db.ts'
import {
  aCourse,
  aPair,
  aProgramme,
  aStudent,
  apply,
  decide,
  idOf,
  launch,
  pairUp,
  setUp,
  takePart,
  type Launched,
} from '../support/builders.ts'
import { aBrowser } from '../support/browser.ts'
import { expectAllAt } from '../support/forms.ts'
import { tokenOf } from '../support/token.ts'
import { college } from '../support/world.ts'

async function anApplicant(course: Launched['course'], name: string, role: 'mentee' | 'mentor' = 'mentee') {
  const by = await launch(college.addStudent(name), course)
  await apply(by, role)
  return by
}

describe('a programme that is full', () => {
  it('keeps a list in the order of coming, tells both sides, and moves it on when somebody leaves', async () => {
    const { course, coordinator } = await aProgramme({ places: '1' })
    const first = await aStudent(course, 'mentee', 'Ines First')
    const second = await anApplicant(course, 'Jan Second')
    const third = await anApplicant(course, 'Kofi Third')
    expect(second.browser.page.words).toContain('You are number 1. 1 of 1 places are taken')
    expect(third.browser.page.words).toContain('You are number 2.')
    const list = await coordinator.browser.open('/admin/applications')
    expect(list.words).toMatch(/Waiting list \(2\) ?Jan Second.*Kofi Third/)
    const full = await decide(coordinator, third)
    expect(full.status).toBe(422)
    expect(full.$('#decision-error').text()).toContain('All places are taken')

    await first.browser.open('/apply')
    await first.browser.submit({}, 'form[action="/apply/withdrawal"]')
    expect(first.browser.page.words).toContain('You have left the programme')
    expect((await coordinator.browser.open('/notifications')).words).toContain('A place may be free now')
    await decide(coordinator, second)
    expect((await second.browser.open('/notifications')).words).toContain('You have a place')
    expect((await third.browser.open('/apply')).words).toContain('You are number 1.')
    const late = await anApplicant(course, 'Lea Late')
    expect(late.browser.page.words).toContain('You are number 2.') // nobody overtakes those who wait
  })

  it('still takes mentors', async () => {
    const { course } = await aProgramme({ places: '1' })
    await aStudent(course, 'mentee')
    const mentor = await anApplicant(course, 'Mo Mentor', 'mentor')
    expect(mentor.browser.page.words).toContain('Your application is with')
    await takePart(await launch(college.addStudent('Nora Mentor'), course), 'mentor')
  })
})

describe('a decision', () => {
  it('may be an exception, whose reason coordinators alone read', async () => {
    const { course, coordinator } = await aProgramme()
    const by = await aStudent(course)
    await apply(by, 'mentee', { 'criterion-course': 'no' })
    expect((await coordinator.browser.open('/admin/applications')).words).toContain('One answer is no')
    await decide(coordinator, by, { decision: 'exception', reason: 'Starts in May', told: 'Welcome all the same' })
    expect(coordinator.browser.page.words).toContain('as an exception')
    const page = await coordinator.browser.open(`/admin/applications/${await idOf(by)}`)
    expect(page.words).toMatch(/Exception, because ?Starts in May/)
    const own = await by.browser.open('/apply')
    expect(own.words).toContain('Welcome all the same')
    expect(own.text).not.toContain('Starts in May')
  })

  it('may be a no, with a line, and can be thought over', async () => {
    const { course, coordinator } = await aProgramme()
    const by = await aStudent(course)
    await apply(by, 'mentee')
    await decide(coordinator, by, { decision: 'declined', told: 'Come back in spring' })
    const own = await by.browser.open('/apply')
    expect(own.words).toContain('Not this time')
    expect(own.words).toContain('Come back in spring')
    expect((await by.browser.open('/')).words).toContain('There is an answer to your application')
    for (const path of ['/apply/edit', '/apply/withdrawal'])
      await by.browser.post(path, { _token: await tokenOf(by.browser) })
    expect((await by.browser.open('/apply')).words).toContain('Not this time')
    await coordinator.browser.open(`/admin/applications/${await idOf(by)}`)
    await coordinator.browser.submit({ decision: 'eligible' })
    expect((await by.browser.open('/apply')).words).toContain('You have a place')
  })

  it('to put somebody on the list says so to the coordinator, not as if they had applied', async () => {
    const { course, coordinator } = await aProgramme()
    const by = await anApplicant(course, 'Olu Waiting')
    await decide(coordinator, by, { decision: 'waiting' })
    expect(coordinator.browser.page.words).toContain('They are on the waiting list')
    expect(coordinator.browser.page.words).not.toContain('Your application is sent')
    expect((await by.browser.open('/apply')).words).toContain('You are number 1.')
  })
})

describe('leaving', () => {
  it('and coming back is a new application, decided anew', async () => {
    const { course, coordinator } = await aProgramme()
    const by = await aStudent(course, 'mentee', 'Pia Again')
    const id = await idOf(by)
    await coordinator.browser.open(`/admin/applications/${id}`)
    await coordinator.browser.submit({}, 'form[action$="/withdrawal"]')
    expect(coordinator.browser.page.words).toContain('They have left the programme')
    expect((await by.browser.open('/apply')).words).toContain('You can come back if you like')
    await by.browser.follow('Apply again')
    expect(by.browser.page.$('#wants').val()).toBe('To hear what it is like')
    await by.browser.submit()
    expect(by.browser.page.words).toContain('Your application is with')
    await decide(coordinator, by)
    expect(await idOf(by)).toBe(id)
    expect((await by.browser.open('/apply')).words).toContain('You have a place')
  })

  it('ends what has not begun, brings what has begun to its end, and tells the partner without a reason', async () => {
    const { course, coordinator, mentor, mentee, matchId } = await aPair()
    const second = await aStudent(course, 'mentee', 'Second Mentee')
    await pairUp(coordinator, second, mentor)
    await mentor.browser.open('/apply')
    await mentor.browser.submit({}, 'form[action="/apply/withdrawal"]')
    for (const one of [mentee, second])
      expect((await one.browser.open('/notifications')).words).toContain('Your partner has left the programme')
    expect((await coordinator.browser.open(`/admin/matches/${matchId}`)).words).toContain('Ending')
    // Two matches of before go on, so that one who comes back needs room for two.
    await mentor.browser.open('/apply/edit?as=mentor')
    const tooFew = await mentor.browser.submit({ capacity: '1' })
    expect(tooFew.status).toBe(422)
    expect(tooFew.$('#capacity-error').text()).toContain('You have more mentees than that already')
    await mentor.browser.submit({ capacity: '2' })
    expect(mentor.browser.page.words).toContain('Your application is with')
    expect((await mentor.browser.open('/apply/edit?as=mentee')).words).toContain('Change what you wrote')
  })
})

const toldAbout = statement<{ kind: string }>(
  'applications_told_about',
  `select n.kind from notifications n join people p on p.id = n.person_id where p.sub = $1
   and n.kind in ('partnerLeft', 'withdrawn')`,
)
const stateOf = statement<{ state: string }>('applications_state', 'select state from participants where id = $1')

describe('a double click', () => {
  it.each(['lets somebody go', 'leaves'])('of somebody who %s has one effect', async (does) => {
    const { coordinator, mentor, mentee, matchId } = await aPair()
    const id = await idOf(mentor)
    const [by, path] = does === 'lets somebody go' ? [coordinator, `/admin/applications/${id}`] : [mentor, '/apply']
    await by.browser.open(path)
    const pages = await by.browser.doubleClick({}, 'form[action$="/withdrawal"]')
    expectAllAt(pages, path)
    expect(pages.at(-1)?.words).toContain('That had happened already')
    expect(await stateOf(id)).toEqual([{ state: 'withdrawn' }])
    expect(await toldAbout(mentee.person.id)).toEqual([{ kind: 'partnerLeft' }])
    expect(await toldAbout(coordinator.person.id)).toEqual(by === mentor ? [{ kind: 'withdrawn' }] : [])
    expect((await coordinator.browser.open(`/admin/matches/${matchId}`)).words).toContain('Ending')
  })
})

const seenAsStaff = statement(
  'applications_seen_as_staff',
  'update memberships set first_staff_at = now() where person_id = (select id from people where sub = $1)',
)

describe('staff', () => {
  it('cannot apply, whatever they send', async () => {
    const { course } = await aProgramme()
    const teacher = college.addTeacher('Tom Teacher')
    await launch(teacher, course)
    const { browser } = await launch(teacher, course, { asStudent: true, browser: aBrowser() })
    for (const path of ['/apply/edit?as=mentor', '/welcome/1'])
      expect((await browser.post(path, { _token: await tokenOf(browser), ...FULL })).status).toBe(404)
  })

  it('who became that after they were accepted are not paired any more', async () => {
    const { course, coordinator } = await aProgramme()
    const mentee = await aStudent(course, 'mentee', 'Leila Haddad')
    const mentor = await aStudent(course, 'mentor', 'Jo van den Berg')
    await seenAsStaff(mentor.person.id)
    const page = await coordinator.browser.open('/admin/matching')
    expect(page.words).toContain('Leila Haddad')
    expect(page.words).not.toContain('Jo van den Berg')
    const fields = { mentee: String(await idOf(mentee)), mentor: String(await idOf(mentor)) }
    const forged = await coordinator.browser.post('/admin/matching', {
      _token: await tokenOf(coordinator.browser),
      ...fields,
    })
    expect(forged.status).toBe(422)
    expect((await mentee.browser.open('/')).words).not.toContain('Jo van den Berg')
  })

  it('of one course may be mentors in another, and run what they run there', async () => {
    const person = college.addTeacher('Vera Both')
    const own = await launch(person, aCourse())
    await setUp(own)
    const { course, coordinator } = await aProgramme()
    const there = await launch(person, course, { asStudent: true, browser: aBrowser() })
    await takePart(there, 'mentor')
    expect((await there.browser.open('/')).words).toContain('Hello Vera')
    expect((await there.browser.open('/admin')).status).toBe(404)
    expect((await own.browser.open('/admin')).status).toBe(200)
    expect((await own.browser.open('/admin/people')).words).not.toContain('Mentor')
    expect((await coordinator.browser.open('/admin/matching')).words).toContain('Vera Both')
  })
})

const FULL = {
  'criterion-he-course': 'yes',
  ...{ course: 'A', studyYear: '1', offers: 'O', capacity: '1', channels: 'text' },
}
