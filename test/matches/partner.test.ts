import { expect, it } from 'vitest'
import { statement } from '../../src/db.ts'
import { aPair, aProgramme, aStudent, answerOffer, offer } from '../support/builders.ts'

it('says who the partner is and why the two were put together, to each of them', async () => {
  const { mentee, mentor, matchId } = await aPair()
  await mentee.browser.open('/')
  const seen = await mentee.browser.follow('About Sam')
  expect(seen.$('h1').text()).toBe('About Sam')
  for (const words of [
    'Sam Whitlock',
    'BSc Computing, year 2',
    'Going back to maths',
    'You both like to talk on the phone.',
  ])
    expect(seen.words).toContain(words)
  const other = await mentor.browser.open(`/matches/${matchId}/partner`)
  expect(other.words).toContain('To hear what it is like')
  expect(other.words).not.toContain('Going back to maths')
  const own = await mentor.browser.follow('Change what Priya sees of you')
  expect(own.$('[name=offers]').val()).toBe('Going back to maths')
})

it('is not there before both have said yes, and thirty days after the end', async () => {
  const { course, coordinator } = await aProgramme()
  const [mentee, mentor] = [await aStudent(course, 'mentee'), await aStudent(course, 'mentor')]
  await offer(coordinator, mentee, mentor)
  const id = await answerOffer(mentee)
  expect((await mentee.browser.open(`/matches/${id}/partner`)).status).toBe(404)
  await answerOffer(mentor)
  expect((await mentee.browser.open(`/matches/${id}/partner`)).status).toBe(200)
  await ended(id, 29)
  expect((await mentee.browser.open(`/matches/${id}/partner`)).status).toBe(200)
  await ended(id, 31)
  expect((await mentee.browser.open(`/matches/${id}/partner`)).status).toBe(404)
})
const ended = statement(
  'test_end_for_partner',
  `update matches set state = 'closed', end_reason = 'completed', active_at = now() - interval '60 days',
     ended_at = now() - make_interval(days => $2::int) where id = $1`,
)
