import { expect, it } from 'vitest'
import { now, setClock } from '../../src/clock.ts'
import { statement } from '../../src/db.ts'
import { aPair, confirm, launch, log, staff, type Launched } from '../support/builders.ts'
import { sendScores } from '../support/scores.ts'

const names = async ({ browser }: Launched, show: string) => {
  const { $ } = await browser.open(`/tutor?show=${show}`)
  return $('tbody th')
    .toArray()
    .map((cell) => $(cell).text())
}
const age = statement(
  'test_age_scores',
  "update scores set sent_at = sent_at - interval '22 days' where participant_id = (select mentee_id from matches where id = $1)",
)

it('tells a tutor what is done and open, as the gradebook could, and who has not moved for three weeks', async () => {
  const { course, mentee, mentor, matchId, contactsHref } = await aPair()
  await log(mentor, contactsHref, { line: 'Only for us two' })
  await confirm(mentee, contactsHref)
  await sendScores()
  const tutor = await launch(staff('tutor'), course)
  const page = await tutor.browser.open('/tutor')
  expect(page.$('tbody tr:contains("Priya Nair")').text()).toMatch(
    /Priya NairMentee20 of 100Agreement, Contacts \(1 of 4\)Contacts \(1 of 4\), Stage 1, Stage 2, Stage 3, ReportSent/,
  )
  expect(page.text).not.toContain('Only for us two')
  expect(page.$('a[href^="mailto:"]').attr('href')).toMatch(/subject=Signpost%3A%20a%20question%20about%20[A-Z]\d/)
  expect(await names(tutor, 'stuck')).toEqual([])
  expect(await names(tutor, 'new')).toEqual([])
  await age(matchId)
  expect(await names(tutor, 'stuck')).toEqual(['Priya NairMentee'])
  setClock(new Date(now().getTime() - 86_400_000 * 2))
  expect(await names(tutor, 'stuck')).toEqual([])
  setClock()
  const file = await tutor.browser.open('/tutor/table.csv?show=all')
  expect(file.text).toContain('Priya Nair,Mentee,20,"Agreement, Contacts (1 of 4)"')
  for (const { browser } of [mentee, mentor])
    for (const path of ['/tutor', '/tutor/table.csv']) expect((await browser.open(path)).status).toBe(404)
})
