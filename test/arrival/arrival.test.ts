import { describe, expect, it } from 'vitest'
import { statement } from '../../src/db.ts'
import { aBrowser, type Fields } from '../support/browser.ts'
import { apply, aProgramme, aStudent, launch, staff } from '../support/builders.ts'
import { expectAllAt } from '../support/forms.ts'
import { college } from '../support/world.ts'

const welcomesOf = statement<{ step: number; role: string; preferred_name: string }>(
  'arrival_welcomes_of',
  `select w.step, w.role, p.preferred_name from welcomes w join people p on p.id = w.person_id where p.sub = $1`,
)

describe('arriving', () => {
  it('takes a learner through four short steps, one by one, and then to the application', async () => {
    const { course } = await aProgramme()
    const { browser } = await aStudent(course)
    expect(browser.page.words).toContain('Step 1 of 4')
    expect(browser.page.words).toContain('in touch at least 4 times')
    expect((await browser.open('/welcome/3')).words).toContain('Step 1 of 4') // one after the other
    await browser.submit()
    const unread = await browser.submit()
    expect(unread.status).toBe(422)
    expect(unread.$('#acknowledged-error').text()).toContain('Tick that you have read this')
    expect(unread.words).toContain('the safeguarding lead, David Llewellyn, may read')
    await browser.submit({ acknowledged: 'yes' })
    await browser.submit({ pronoun: 'they' })
    expect((await browser.open('/')).words).toContain('Step 4 of 4') // goes on where it was left
    const blank = await browser.submit({})
    expect(blank.status).toBe(422)
    expect(blank.words).toContain('Choose whether you come as a mentee or as a mentor')
    await browser.submit({ role: 'mentor' })
    expect(browser.page.words).toContain('Apply as a mentor')
  })

  it('takes each step once for a double click, and leads on to the next', async () => {
    const { course } = await aProgramme()
    const { browser, person } = await aStudent(course)
    const steps: [Fields, string][] = [
      [{}, '/welcome/2'],
      [{ acknowledged: 'yes' }, '/welcome/3'],
      [{ preferredName: 'Zoë', mailTo: 'own', ownEmail: 'zoe@home.example' }, '/welcome/4'],
      [{ role: 'mentor' }, '/apply/edit'],
    ]
    for (const [fields, next] of steps) expectAllAt(await browser.doubleClick(fields), next)
    expect(browser.page.words).toContain('Apply as a mentor')
    expect(await welcomesOf(person.id)).toEqual([{ step: 4, role: 'mentor', preferred_name: 'Zoë' }])
  })

  it('keeps changed settings once for a double click', async () => {
    const { course } = await aProgramme()
    const { browser, person } = await aStudent(course, 'mentee')
    await browser.open('/welcome/3')
    expectAllAt(await browser.doubleClick({ preferredName: 'Zo' }), '/welcome/3')
    expect(browser.page.words).toContain('Saved')
    expect(await welcomesOf(person.id)).toEqual([{ step: 4, role: 'mentee', preferred_name: 'Zo' }])
  })

  it('calls people as they like, and lets them change that at any time', async () => {
    const { course, coordinator } = await aProgramme()
    const student = await aStudent(course, 'mentee', 'Nguyễn Thị Hà')
    const page = await student.browser.open('/welcome/3')
    expect(page.$('#preferredName').val()).toBe('Nguyễn Thị')
    await student.browser.submit({ preferredName: 'Hà', pronoun: 'she', quietFrom: '21:30', quietUntil: '08:00' })
    expect(student.browser.page.words).toContain('Saved')
    expect((await student.browser.open('/')).words).toContain('Hello Hà')
    await launch(student.person, course) // a launch brings the name of the college again
    expect((await student.browser.open('/')).words).toContain('Hello Hà')
    expect((await coordinator.browser.open('/admin/matching')).words).toContain('Nguyễn Thị Hà')
  })

  it.each([
    ['preferredName', 'x'.repeat(151), 'Keep the name to 150'],
    ['pronoun', 'x'.repeat(41), 'Keep it to 40'],
    ['mailTo', 'pigeon', 'Choose where we may write'],
    ['ownEmail', 'nowhere', 'needs an @ sign'],
    ['quietFrom', '25:00', 'Write a time such as'],
    ['quietFrom', '21:00', 'Write both times'],
  ])('with %s %j says what to do and keeps the rest', async (field, value, message) => {
    const { course } = await aProgramme()
    const { browser } = await aStudent(course, 'mentee')
    await browser.open('/welcome/3')
    const given = { preferredName: 'Ha', mailTo: 'own', ownEmail: 'ha@home.example', [field]: value }
    const page = await browser.submit(given)
    expect(page.status).toBe(422)
    expect(page.$(`#${field}-error`).text()).toContain(message)
    if (field !== 'preferredName') expect(page.$('#preferredName').val()).toBe('Ha')
    expect((await browser.open('/welcome/3')).$('#ownEmail').val()).toBe('')
  })

  it('shows the address of the college shortened, and takes another', async () => {
    const { course } = await aProgramme()
    const { browser } = await aStudent(course, 'mentor', 'Ana Ruiz')
    const page = await browser.open('/welcome/3')
    expect(page.words).toMatch(/To .…@/)
    expect(page.text).not.toContain('ana.ruiz@')
    await browser.submit({ mailTo: 'own', ownEmail: 'ana@home.example' })
    expect((await browser.open('/welcome/3')).$('#ownEmail').val()).toBe('ana@home.example')
  })

  it('knows people again, and keeps their name fresh', async () => {
    const { course } = await aProgramme()
    const first = await aStudent(course, 'mentee', 'Nguyễn Thị Hà')
    const again = await launch(first.person, course)
    expect(again.browser.page.words).toContain('Hello')
    expect(again.browser.page.words).not.toContain('take part')
  })

  it('works for people whose names the college keeps to itself', async () => {
    const { course, coordinator } = await aProgramme()
    const student = college.addStudent('Secret Name')
    const { browser } = await launch(student, course, { names: false })
    await apply({ browser }, 'mentee')
    expect(browser.page.words).toContain('Your application is sent')
    expect((await browser.open('/')).words).toMatch(/^Hello /)
    expect(browser.page.text).not.toContain('undefined')
    const page = await coordinator.browser.open('/admin/applications')
    expect(page.words).toMatch(/Mentee [A-Z]\d/)
    expect(page.words).not.toContain('Secret')
  })

  it('makes one person of forty launches at once', async () => {
    const { course } = await aProgramme()
    const student = college.addStudent('Forty Times')
    await Promise.all(Array.from({ length: 40 }, () => launch(student, course, { browser: aBrowser() })))
    const people = await statement<{ id: number }>('test_people', 'select id from people where sub = $1')(student.id)
    expect(people).toHaveLength(1)
  })

  it('takes a right away with the next launch: an old session of a former teacher sees no students', async () => {
    const { course } = await aProgramme()
    const before = await launch(staff('tutor'), course)
    expect((await before.browser.open('/tutor')).status).toBe(200)
    await launch(staff('tutor'), course, { asStudent: true, browser: aBrowser() })
    expect((await before.browser.open('/tutor')).status).toBe(404)
  })
})
