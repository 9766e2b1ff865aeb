import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { statement } from '../../src/db.ts'
import { compareDueColumns } from '../../src/features/grades/index.ts'
import type { Launched } from '../support/builders.ts'
import { launch, staff } from '../support/builders.ts'
import { quietGradebook } from '../support/scores.ts'
import { college } from '../support/world.ts'
import { aConfirmedContact, rowOf, send, sentFor, timePasses } from './support.ts'

const grades = (by: Launched, query = '') => by.browser.open(`/admin/grades${query}`)
const lineOf = ({ browser }: Launched, name: string) =>
  browser.page.$(`main tr:contains("${name}")`).text().replace(/\s+/g, ' ').trim()
const rename = statement('test_rename', 'update people set name = $2 where sub = $1')
const countAttempts = statement<{ outcome: string; http_status: number }>(
  'test_attempts_of',
  'select outcome, http_status from score_attempts where score_id = $1 order by id',
)
/** Makes the comparison of one course due, and runs it. */
async function compare(coordinator: Launched): Promise<void> {
  await grades(coordinator)
  await coordinator.browser.submit({}, 'form[action="/admin/grades/comparison"]')
  expect(coordinator.browser.page.words).toContain('The gradebook is being compared')
  await compareDueColumns({ system: true })
}

beforeEach(quietGradebook)
afterEach(() => {
  college.faults = {}
})

describe('the page of the gradebook', () => {
  it('shows each number, when it was sent, why it was not, and when it is tried next', async () => {
    const { coordinator, mentee, mentor } = await aConfirmedContact()
    college.unenrol(mentee.person, mentee.course)
    await grades(coordinator)
    expect(lineOf(coordinator, mentee.person.name)).toContain('Waiting')
    await send()
    expect((await rowOf(mentee)).attempts).toBe(1)
    const { score } = await rowOf(mentor)
    await grades(coordinator)
    expect(lineOf(coordinator, mentor.person.name)).toContain(`${score} of 100${score} of 100Sent`)
    expect(lineOf(coordinator, mentee.person.name)).toMatch(
      /Failed.*does not count this person as a graded student.*Tomorrow|Failed.*\d/,
    )
    expect(coordinator.browser.page.$('main dl').text().replace(/\s+/g, ' ')).toMatch(
      /Sent ?1 ?Waiting ?0 ?Not taken[^\d]+1/,
    )
    await grades(coordinator, '?show=unsent')
    expect(lineOf(coordinator, mentor.person.name)).toBe('')
    expect(lineOf(coordinator, mentee.person.name)).toContain('Failed')
    expect(await countAttempts((await rowOf(mentee)).id)).toEqual([{ outcome: 'not_graded', http_status: 400 }])
  })

  it('sends what failed, after a page that says how many that are', async () => {
    const { course, coordinator, mentee } = await aConfirmedContact()
    college.unenrol(mentee.person, course)
    await send()
    expect((await rowOf(mentee)).problem).toBe('not_graded')
    college.claimsFor(mentee.person, { course }) // is in the course again
    await grades(coordinator)
    await coordinator.browser.follow('Send what failed')
    expect(coordinator.browser.page.words).toContain('1 number was tried in vain')
    expect((await rowOf(mentee)).hours).toBeGreaterThan(23)
    await coordinator.browser.submit({})
    expect(coordinator.browser.page.words).toContain('1 number is on its way')
    await timePasses(course, 2)
    await send()
    expect(college.gradeOf(mentee.person.id, course)?.score).toBe((await rowOf(mentee)).score)
  })

  it('sends all again when asked to, but not what was changed in the gradebook; unasked, nothing is sent twice', async () => {
    const { course, coordinator, mentee, mentor } = await aConfirmedContact()
    await send()
    await college.changeByHand(mentor.person, { override: 77 }, course)
    await compare(coordinator)
    const before = sentFor([mentee, mentor]).length
    await pause(1100) // to the college, a score of the same second is an old one
    await send()
    expect(sentFor([mentee, mentor]).length).toBe(before)
    await grades(coordinator)
    await coordinator.browser.follow('Send all again')
    expect(coordinator.browser.page.words).toContain('1 number is sent again')
    expect(coordinator.browser.page.words).toContain('1 number was changed in the gradebook')
    await coordinator.browser.submit({})
    await send()
    expect(
      sentFor([mentee, mentor])
        .slice(before)
        .map(({ userId, status }) => [userId, status]),
    ).toEqual([[mentee.person.id, 200]])
    expect(college.gradeOf(mentor.person.id, course)?.score).toBe(77)
  })

  it('compares, and shows what was changed, what is missing, and who has a number that is not ours', async () => {
    const { course, coordinator, mentee, mentor } = await aConfirmedContact()
    await send()
    const other = college.addStudent('Olu Other')
    college.claimsFor(other, { course })
    await college.changeByHand(other, { override: 12 }, course)
    await college.changeByHand(mentor.person, { override: 77 }, course)
    await timePasses(course, 2)
    await compare(coordinator)
    await grades(coordinator, '?show=different')
    expect(lineOf(coordinator, mentor.person.name)).toContain(
      'DifferentThe gradebook shows 77: somebody changed it there',
    )
    expect(lineOf(coordinator, mentee.person.name)).toBe('')
    expect(coordinator.browser.page.words).toMatch(/Somebody with the number \d+ in the course: 12 of 100/)
    expect(coordinator.browser.page.words).toContain('1 number is the same in the gradebook')
  })

  it('tests the connection, and says plainly what answered', async () => {
    const { coordinator } = await aConfirmedContact()
    const test = async () => {
      await grades(coordinator)
      await coordinator.browser.submit({}, 'form[action="/admin/grades/connection"]')
      return coordinator.browser.page
    }
    expect((await test()).words).toContain('The connection works')
    college.faults = { token: { status: 400 } }
    expect((await test()).words).toContain('does not let us in (answer 400)')
    college.faults = { lineitems: { status: 404 } }
    expect((await test()).words).toContain('but not to our column (answer 404)')
    college.faults = { lineitems: { delayMs: 9000 } }
    const from = performance.now()
    expect((await test()).words).toContain('The gradebook does not answer')
    expect(performance.now() - from).toBeLessThan(9000)
  })

  it('says, there and on the first page, when a number waits for more than a day', async () => {
    const { course, coordinator } = await aConfirmedContact()
    const said = async () => [
      (await coordinator.browser.open('/admin/grades')).words.includes('A number has waited for more than a day'),
      (await coordinator.browser.open('/admin')).words.includes('not arrived in the gradebook'),
    ]
    expect(await said()).toEqual([false, false])
    await timePasses(course, 86_401)
    expect(await said()).toEqual([true, true])
    await send()
    expect(await said()).toEqual([false, false])
  })

  it('is a table to take away, in which no cell is a formula', async () => {
    const { coordinator, mentee, mentor } = await aConfirmedContact()
    await rename(mentee.person.id, '=HYPERLINK("https://evil.example";"Click")')
    await rename(mentor.person.id, '@SUM(1,2)')
    const { text } = await coordinator.browser.open('/admin/grades/table.csv')
    const cells = text.replace(/^\uFEFF/, '').split(/\r\n|,/)
    expect(text).toContain('Person,Short sign,Role,Number now')
    expect(text).toContain('HYPERLINK')
    expect(cells.filter((cell) => /^"?[=+\-@\t\r]/.test(cell))).toEqual([])
  })

  it('shows an administrator of the LMS how many are in which trouble, and nobody’s name', async () => {
    const { course, mentee, mentor } = await aConfirmedContact()
    college.unenrol(mentee.person, course)
    await send()
    const admin = await launch(staff('admin'), course)
    const page = await grades(admin)
    expect(page.status).toBe(200)
    expect(page.words).toContain('1 number')
    expect(page.words).toContain('does not count this person as a graded student')
    for (const { person } of [mentee, mentor]) expect(page.text).not.toContain(person.name)
    expect((await admin.browser.open('/admin/grades/table.csv')).status).toBe(404)
  })
})
