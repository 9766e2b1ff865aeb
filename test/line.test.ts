import { expect, it } from 'vitest'
import { aPair, confirm, launch, logContact, staff } from './support/builders.ts'
import { sendScores } from './support/scores.ts'
import { college } from './support/world.ts'

it('goes from a course to a grade: set up, come, pair, log, confirm, and a number for both', async () => {
  const { course, coordinator, mentee, mentor, contactsHref } = await aPair()
  expect((await coordinator.browser.open('/admin/matches')).words).toMatch(/Priya Nair and Sam Whitlock.*Active/)
  await logContact(mentor, contactsHref, { line: 'We talked about open days' })
  expect(mentor.browser.page.words).toContain('Contact saved')
  expect((await mentee.browser.open('/')).words).toContain('Is this right? You and')
  await confirm(mentee, contactsHref)
  expect(mentee.browser.page.words).toContain('1 of 4')
  await sendScores()
  const comment = '1 of 4 contacts; report not received yet; 5 things open'
  expect(college.gradeOf(mentee.person.id, course)).toMatchObject({ score: 20, comment, complete: false })
  expect(college.gradeOf(mentor.person.id, course)).toMatchObject({ score: 22, comment, complete: false })
  expect((await mentee.browser.open('/')).words).toContain('20 of 100. Sent to the gradebook today at')
  const tutor = await launch(staff('tutor'), course)
  expect(tutor.browser.page.words).toContain('Priya Nair')
  expect(tutor.browser.page.words).not.toContain('open days')
})
