import { describe, expect, it } from 'vitest'
import { aBrowser } from '../support/browser.ts'
import { aCourse, aPair, aProgramme, aStudent, launch, setupAnswers, staff } from '../support/builders.ts'

describe('setting up', () => {
  it('asks staff of a new course who runs it, makes the one who answers coordinator, and shows all staff who it is', async () => {
    const course = aCourse()
    const teacher = await launch(staff('teacher'), course)
    expect(teacher.browser.page.words).toContain('Nobody runs this yet')
    await teacher.browser.follow('I run this programme')
    const form = teacher.browser.page
    expect(form.$('#coordinatorName').val()).toBe('Marion Okafor')
    expect(form.$('#minimumContacts').val()).toBe('4')
    await teacher.browser.submit({
      title: 'Steps to HE',
      coordinatorPhone: '01632 960142',
      coordinatorEmail: 'm@college.example',
    })
    expect(teacher.browser.page.words).toContain('You are its coordinator')
    const admin = await launch(staff('admin'), course)
    const seen = await admin.browser.open('/admin/setup')
    expect(seen.words).toContain('Marion Okafor runs this programme')
    expect(seen.words).toContain('01632 960142')
    expect(seen.words).not.toContain('Change')
  })

  it('shows everybody else a friendly wait page until then', async () => {
    const course = aCourse()
    const student = await aStudent(course)
    expect(student.browser.page.words).toContain('Not open yet')
    expect((await student.browser.open('/admin/setup')).status).toBe(404)
  })

  it('is done once: the second of two colleagues changes nothing and sees who was quicker', async () => {
    const course = aCourse()
    const one = await launch(staff('teacher'), course)
    const two = await launch(staff('manager'), course)
    await one.browser.open('/admin/setup/programme')
    await two.browser.open('/admin/setup/programme')
    await one.browser.submit(setupAnswers)
    const late = await two.browser.submit({ ...setupAnswers, title: 'Mine', coordinatorName: 'David Llewellyn' })
    expect(late.status).toBe(403)
    expect((await two.browser.open('/admin/setup')).words).toContain('Marion Okafor runs this programme')
  })

  it('is done once, too, when both send at the same moment', async () => {
    const course = aCourse()
    const colleagues = [await launch(staff('teacher'), course), await launch(staff('manager'), course)]
    for (const { browser } of colleagues) await browser.open('/admin/setup/programme')
    await Promise.all(colleagues.map(({ browser }) => browser.submit(setupAnswers)))
    const pages = await Promise.all(colleagues.map(({ browser }) => browser.open('/admin')))
    expect(pages.map(({ status }) => status).sort()).toEqual([200, 404])
  })

  it.each([
    ['title', '', 'Write a name for the programme'],
    ['title', 'x'.repeat(121), 'Keep the name to 120 characters'],
    ['startsOn', 'soon', 'Choose the first day'],
    ['endsOn', '2026-08-31', 'The last day is before the first day'],
    ['coordinatorName', ' ', "Write the coordinator's name"],
    ['coordinatorPhone', 'call me', 'Write a telephone number'],
    ['coordinatorEmail', 'marion.college.example', 'needs an @ sign'],
    ['minimumContacts', '0', 'whole number from 1 to 20'],
    ['minimumContacts', '4.5', 'whole number from 1 to 20'],
    ['minimumContacts', '1e9', 'whole number from 1 to 20'],
  ])('with %s %j says what to do and keeps the rest', async (field, value, message) => {
    const course = aCourse()
    const { browser } = await launch(staff('teacher'), course)
    await browser.open('/admin/setup/programme')
    const page = await browser.submit({ ...setupAnswers, [field]: value })
    expect(page.status).toBe(422)
    expect(page.$(`#${field}-error`).text()).toContain(message)
    expect(page.$(`.sp-errors a[href="#${field}"]`)).toHaveLength(1)
    expect(page.$(`#${field}`).val()).toBe(value)
    if (field !== 'title') expect(page.$('#title').val()).toBe(setupAnswers.title)
    expect((await browser.open('/')).words).toContain('Nobody runs this yet')
  })

  it('can be changed by the coordinator, and everybody’s number follows a new minimum', async () => {
    const { coordinator, mentee, mentor, contactsHref } = await aPair()
    await mentor.browser.open(`${contactsHref}/new`)
    await mentor.browser.submit({ channel: 'telephone' })
    await mentee.browser.open(contactsHref)
    await mentee.browser.submit({}, 'form[action$="/confirmation"]')
    expect((await mentee.browser.open('/')).words).toContain('25 of 100')
    await coordinator.browser.open('/admin/setup/programme')
    await coordinator.browser.submit({ minimumContacts: '2' })
    expect(coordinator.browser.page.words).toContain('Changes saved')
    expect((await mentee.browser.open('/')).words).toContain('50 of 100')
  })
})

it('a person may be coordinator here and mentee elsewhere is for the LMS to say: staff there, student here', async () => {
  const { course } = await aProgramme()
  const tutor = await launch(staff('tutor'), course)
  expect(tutor.browser.page.words).toContain('Nobody from this course takes part yet')
  const asStudent = await launch(staff('tutor'), course, { asStudent: true, browser: aBrowser() })
  expect(asStudent.browser.page.words).toContain('You are staff in this course')
  expect((await asStudent.browser.open('/preview/mentor')).words).toContain('Alex Example, your mentee')
})
