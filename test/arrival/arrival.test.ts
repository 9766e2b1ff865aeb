import { describe, expect, it } from 'vitest'
import { statement } from '../../src/db.ts'
import { aBrowser } from '../support/browser.ts'
import { aProgramme, aStudent, launch, staff } from '../support/builders.ts'
import { college } from '../support/world.ts'

describe('arriving', () => {
  it('asks a learner once how they come, and needs an answer', async () => {
    const { course } = await aProgramme()
    const { browser } = await aStudent(course)
    expect(browser.page.words).toContain('How do you want to take part?')
    const blank = await browser.submit({})
    expect(blank.status).toBe(422)
    expect(blank.words).toContain('Choose whether you come as a mentee or as a mentor')
    await browser.open('/welcome')
    await browser.submit({ role: 'mentor' })
    expect(browser.page.words).toContain('You are in, as a mentor')
    expect(browser.page.$('.sp-header__role').text()).toContain('Mentor')
    expect((await browser.open('/welcome')).url).toMatch(/\/$/)
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
    await browser.submit({ role: 'mentee' })
    expect(browser.page.words).toMatch(/^You are in.*Hello /)
    expect(browser.page.text).not.toContain('undefined')
    await aStudent(course, 'mentor', 'Kim')
    const page = await coordinator.browser.open('/admin/matching')
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
