import { expect, it } from 'vitest'
import { sendDueScores } from '../src/features/grades/index.ts'
import { aPair, confirm, launch, logContact, staff } from './support/builders.ts'
import { college } from './support/world.ts'

it('goes from a course to a grade: set up, come, pair, log, confirm, and 25 of 100 for both', async () => {
  const { course, coordinator, mentee, mentor, contactsHref } = await aPair()
  expect(coordinator.browser.page.words).toMatch(/Priya Nair and Sam Whitlock ?Active/)
  await logContact(mentor, contactsHref, { line: 'We talked about open days' })
  expect(mentor.browser.page.words).toContain('Contact saved')
  expect((await mentee.browser.open('/')).words).toContain('Is this right? You and')
  await confirm(mentee, contactsHref)
  expect(mentee.browser.page.words).toContain('1 of 4')
  await sendDueScores({ system: true })
  for (const { person } of [mentee, mentor]) {
    const grade = college.gradeOf(person.id, course)
    expect(grade).toMatchObject({ score: 25, comment: '1 of 4 contacts', complete: false })
  }
  expect((await mentee.browser.open('/')).words).toContain('25 of 100. Sent to the gradebook today at')
  const tutor = await launch(staff('tutor'), course)
  expect(tutor.browser.page.words).toContain('Priya Nair')
  expect(tutor.browser.page.words).not.toContain('open days')
})
