import { afterEach, describe, expect, it } from 'vitest'
import { sendScores } from '../support/scores.ts'
import { readDueRosters } from '../../src/features/people/index.ts'
import { aBrowser } from '../support/browser.ts'
import { aCourse, aPair, aProgramme, confirm, launch, log, staff } from '../support/builders.ts'
import { college } from '../support/world.ts'

afterEach(() => {
  college.faults = {}
})

/** The words beside a check, and whether it is good. */
async function checksOf(browser: ReturnType<typeof aBrowser>) {
  const page = await browser.open('/admin/setup/launch')
  const lines = page.$('.sp-checks > li').toArray()
  return Object.fromEntries(
    lines.map((line) => {
      const chip = page.$(line).find('.sp-chip').text().trim()
      return [page.$(line).find('strong').text(), { good: chip === 'Good', text: page.$(line).find('p').text() }]
    }),
  )
}

describe('what the LMS sent for me', () => {
  it('says in words what came with the visit of a teacher, and that all is well', async () => {
    const { course } = await aProgramme()
    await readDueRosters({ system: true })
    const teacher = await launch(staff('teacher'), course)
    await teacher.browser.open('/admin/setup')
    const page = await teacher.browser.follow('What the LMS sent for me')
    for (const words of ['teacher (Instructor)', 'moodle 2024100706', course.title, 'send grades, make columns'])
      expect(page.words).toContain(words)
    const checks = await checksOf(teacher.browser)
    const others = Object.entries(checks).filter(([, { good }]) => !good)
    expect(others.map(([title]) => title)).toEqual(['People who can be graded', 'E-mail']) // nothing has been sent yet
    expect(checks['People who can be graded']?.text).toContain('No number has been sent yet')
    expect(checks['E-mail']?.text).toContain('No mail has been sent yet')
    expect(Object.keys(checks)).toHaveLength(9)
    const admin = await launch(staff('admin'), course)
    expect((await admin.browser.open('/admin/setup/launch')).words).toContain('site administrator')
  })

  it('says what is missing, and who can mend it: names, e-mail, column', async () => {
    const course = aCourse()
    const ungraded = college.addActivity(course, { title: 'No grade' })
    const teacher = await launch(staff('teacher'), course, { activity: ungraded, names: false })
    const checks = await checksOf(teacher.browser)
    expect(checks['A column in the gradebook']).toMatchObject({ good: false })
    expect(checks['Names']?.text).toContain('“Always”')
    expect(checks['E-mail addresses']?.good).toBe(false)
    expect(checks['Sending grades']?.good).toBe(true)
    expect(teacher.browser.page.text).not.toContain('undefined')
  })

  it('tells whom the gradebook does not take, and when a number went through', async () => {
    const { course, mentee, mentor, contactsHref } = await aPair()
    await log(mentor, contactsHref)
    await confirm(mentee, contactsHref)
    await sendScores()
    await log(mentor, contactsHref, { when: 'yesterday' })
    await confirm(mentee, contactsHref)
    await new Promise((resolve) => setTimeout(resolve, 1100)) // a score a second
    college.faults = { scores: { status: 400 } }
    await sendScores()
    const teacher = await launch(staff('teacher'), course)
    const checks = await checksOf(teacher.browser)
    expect(checks['People who can be graded']).toMatchObject({ good: false })
    expect(checks['People who can be graded']?.text).toContain('takes no number for 2 people')
    expect(checks['Sending grades']?.text).toContain('The last number went through today at')
    expect(teacher.browser.page.words).not.toContain('Priya')
  })

  it('shows the roster’s trouble as well', async () => {
    const { course } = await aProgramme()
    college.faults = { memberships: { status: 403 } }
    await readDueRosters({ system: true })
    const teacher = await launch(staff('teacher'), course)
    expect((await checksOf(teacher.browser))['The list of the course']?.good).toBe(false)
  })

  it('goes with the visit into a new window', async () => {
    const { course } = await aProgramme()
    const teacher = await launch(staff('teacher'), course)
    const page = await teacher.browser.open('/admin/setup')
    const code = page.$('form[action="/lti/continue"] [name=code]').first().attr('value')
    const other = aBrowser({ framed: false })
    await other.open(page.url)
    await other.post('/lti/continue', { code })
    expect((await other.open('/admin/setup/launch')).words).toContain('teacher (Instructor)')
  })
})
