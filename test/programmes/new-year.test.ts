import { describe, expect, it } from 'vitest'
import {
  aColleague,
  aCourse,
  aPair,
  aProgramme,
  aStudent,
  launch,
  log,
  place,
  selectContent,
  staff,
  type Launched,
} from '../support/builders.ts'
import { tokenOf } from '../support/token.ts'
import { college } from '../support/world.ts'

const LAST_YEAR = { title: 'Steps to HE 26', startsOn: '2026-09-01', endsOn: '2027-06-30', minimumContacts: '6' }

/** A course with a programme, a pair that has been in touch, and deep-linked activities; and then a copy of it. */
async function aCopiedCourse() {
  const pair = await aPair(LAST_YEAR)
  await log(pair.mentor, pair.contactsHref, { line: 'canary of last year' })
  await place(await selectContent(staff('teacher'), pair.course), { places: ['programme', 'contact'] })
  const course = college.copyCourse(pair.course)
  const [main, whole, contact] = college.activitiesOf(course)
  return { ...pair, old: pair.course, course, main, whole, contact }
}

/** A new year needs what no year takes from another: whom to turn to. */
async function takeTheRest({ browser }: Launched, phone: string): Promise<void> {
  await browser.open('/admin/setup/steps/2')
  const contact = { coordinatorPhone: phone, coordinatorEmail: 'new@college.example' }
  await browser.submit({ ...contact, leadName: 'Lea New', leadPhone: phone })
  await browser.open('/admin/setup/check')
  await browser.submit()
}

describe('a copied course', () => {
  it('offers staff a new year, with the settings a year later and the one who starts it as coordinator', async () => {
    const { course, whole } = await aCopiedCourse()
    const teacher = await launch(college.addTeacher('Ruth New'), course, { activity: whole })
    expect(teacher.browser.page.words).toContain('This course is a copy')
    expect(teacher.browser.page.words).toContain('A new year of Steps to HE 26')
    const form = await teacher.browser.follow('Start a new year')
    const value = (name: string) => teacher.browser.page.$(`[name=${name}]`).val()
    expect(form.url).toContain('?from=')
    expect([value('title'), value('startsOn'), value('endsOn')]).toEqual(['Steps to HE 26', '2027-09-01', '2028-06-30'])
    await teacher.browser.submit({ title: 'Steps to HE 27' })
    expect([value('coordinatorName'), value('coordinatorPhone'), value('leadName')]).toEqual(['Ruth New', '', ''])
    await teacher.browser.open('/admin/setup/steps/4')
    expect(value('minimumContacts')).toBe('6')
  })

  it('never shows anybody of last year, on no page, to nobody', async () => {
    const { course, whole, contact, main, mentee, mentor } = await aCopiedCourse()
    const teacher = await launch(college.addTeacher('Ruth New'), course, { activity: whole })
    const pages = [teacher.browser.page]
    pages.push(await teacher.browser.follow('Start a new year'))
    pages.push(await teacher.browser.submit())
    for (const step of [2, 3, 4, 5, 6, 7]) pages.push(await teacher.browser.open(`/admin/setup/steps/${step}`))
    await takeTheRest(teacher, '01632 960143')
    for (const path of ['/admin', '/admin/matching', '/admin/people', '/admin/applications', '/tutor', '/admin/setup'])
      pages.push(await teacher.browser.open(path))
    for (const page of pages)
      for (const secret of ['Priya', 'Sam Whitlock', 'canary', 'Marion Okafor', '960142', 'marion@college.example'])
        expect([page.url, page.text.includes(secret)]).toEqual([page.url, false])
    for (const activity of [whole, contact]) {
      const again = await launch(mentee.person, course, { activity })
      expect(again.browser.page.words).toContain('Welcome to Steps to HE 26')
    }
    expect((await launch(mentor.person, course, { activity: main })).browser.page.words).toContain('Not open yet')
    const teacherAgain = await launch(staff('teacher'), course, { activity: main })
    expect(teacherAgain.browser.page.words).toContain('Which programme opens here?')
  })

  it('keeps the key over the years: all its links know the new year, and the year after is offered in turn', async () => {
    const { course, whole } = await aCopiedCourse()
    const teacher = await launch(college.addTeacher('Ruth New'), course, { activity: whole })
    await teacher.browser.follow('Start a new year')
    await teacher.browser.submit({ title: 'Year two' })
    const third = college.copyCourse(course)
    const [, again] = college.activitiesOf(third)
    const next = await launch(college.addTeacher('Tom Next'), third, { activity: again })
    expect(next.browser.page.words).toContain('A new year of Year two')
    await next.browser.follow('Start a new year')
    await next.browser.submit({ title: 'Year three' })
    await takeTheRest(next, '01632 960144')
    const student = await launch(college.addStudent('Ana'), third, { activity: again })
    expect(student.browser.page.words).toContain('Welcome to Year three')
  })

  it('takes the texts of last year along, hidden ones too, and the directory without the names of its keepers', async () => {
    const { old, course, whole } = await aCopiedCourse()
    const { browser } = await aColleague(old)
    await browser.open('/admin/content/handbook/mentee-safety')
    await browser.submit({ text: 'Our own words about safety' }, 'main form.sp-form')
    await browser.open('/admin/content/handbook/mentee-diary')
    await browser.submit({ shown: 'no' }, 'main form.sp-form')
    await browser.open('/admin/content/directory/counselling')
    await browser.submit({ how: 'Room 7', owner: 'Pat Keeper' }, 'main form.sp-form')

    const teacher = await launch(college.addTeacher('Ruth New'), course, { activity: whole })
    await teacher.browser.follow('Start a new year')
    await teacher.browser.submit({ coordinatorPhone: '01632 960143' })
    const section = await teacher.browser.open('/handbook/safety?for=mentee')
    expect(section.words).toContain('Our own words about safety')
    expect((await teacher.browser.open('/handbook/diary?for=mentee')).status).toBe(404)
    expect((await teacher.browser.open('/directory')).words).toContain('Room 7')
    expect((await teacher.browser.open('/admin/content/directory')).text).not.toContain('Pat Keeper')
    expect((await browser.open('/admin/content/directory')).text).toContain('Pat Keeper')
  })

  it('shows students a waiting page until then', async () => {
    const { course, whole, mentee } = await aCopiedCourse()
    const student = await launch(mentee.person, course, { activity: whole })
    expect(student.browser.page.words).toContain('Not open yet')
    expect((await student.browser.open('/admin/setup/steps/1')).status).toBe(404)
  })

  it('offers nothing of a course that it is no copy of, also to a forged form', async () => {
    const other = await aProgramme({ title: 'Not yours' })
    const found = /\/admin\/setup/.test(other.coordinator.browser.page.text)
    expect(found).toBe(true)
    const course = aCourse()
    const teacher = await launch(college.addTeacher('Eve Curious'), course)
    expect(teacher.browser.page.words).not.toContain('Not yours')
    for (let id = 1; id < 400; id += 1)
      if (id % 40 === 1) expect((await teacher.browser.open(`/admin/setup/steps/1?from=${id}`)).status).toBe(404)
    await teacher.browser.open('/admin/setup/steps/1')
    expect((await teacher.browser.submit({ title: 'Mine', from: '1' })).status).toBe(404)
    expect((await teacher.browser.open('/admin/setup')).words).toContain('Nobody runs this yet')
  })
})

describe('a second link in a course', () => {
  it('can lead to the programme that is there: its people and its column too', async () => {
    const { course } = await aProgramme({ title: 'The one programme' })
    const second = college.addActivity(course, { title: 'Another door', lineItem: { scoreMaximum: 100 } })
    const teacher = await launch(college.addTeacher('Ida Second'), course, { activity: second })
    expect(teacher.browser.page.words).toContain('Which programme opens here?')
    await teacher.browser.submit({}, 'form[action="/admin/setup/link"]')
    expect(teacher.browser.page.words).toContain('This activity now opens the programme')
    expect(teacher.browser.page.words).toContain('The one programme')
    expect((await teacher.browser.open('/admin')).status).toBe(404)
    const student = await launch(college.addStudent('Ana'), course, { activity: second })
    expect(student.browser.page.words).toContain('Welcome to The one programme')
    const again = await teacher.browser.post('/admin/setup/link', { programme: '1' })
    expect(again.status).toBe(403)
  })

  it('never leads to a programme of another course, nor does a student lead it anywhere', async () => {
    const { course } = await aProgramme()
    const other = await aProgramme()
    const foreign = await idOf(other)
    const second = college.addActivity(course, { title: 'Another door' })
    const teacher = await launch(college.addTeacher('Ida Second'), course, { activity: second })
    expect((await teacher.browser.submit({ programme: foreign }, 'form[action="/admin/setup/link"]')).status).toBe(404)
    const student = await launch((await aStudent(course)).person, course, { activity: second })
    const token = await tokenOf(student.browser)
    expect((await student.browser.post('/admin/setup/link', { _token: token, programme: foreign })).status).toBe(404)
  })
})

/** As it stands in the form of a second link there. */
async function idOf({ course }: Awaited<ReturnType<typeof aProgramme>>): Promise<string> {
  const link = college.addActivity(course, { title: 'Asks' })
  const asked = await launch(college.addTeacher('Asks'), course, { activity: link })
  return String(asked.browser.page.$('form[action="/admin/setup/link"] [name=programme]').val())
}
