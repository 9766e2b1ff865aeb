import { expect, it } from 'vitest'
import request from 'supertest'
import { aPair, confirm, log, planTraining, type Launched } from '../support/builders.ts'
import { statement } from '../../src/db.ts'
import { aBrowser } from '../support/browser.ts'
import { origin } from '../support/world.ts'

const attended = statement(
  'test_attended',
  `insert into training_attendance (programme_id, session_id, participant_id, state, booked_at)
   select s.programme_id, s.id, m.mentor_id, 'attended', now() from training_sessions s, matches m where s.id = $1 and m.id = $2`,
)
const service = ({ browser }: Launched) => browser.open('/my-data/service')

it('says what a mentor has done, in facts and without a name of a mentee', async () => {
  const { mentee, mentor, coordinator, matchId, contactsHref } = await aPair()
  await log(mentor, contactsHref)
  await confirm(mentee, contactsHref)
  await attended(await planTraining(coordinator), matchId)
  await mentor.browser.open('/my-data')
  const page = await mentor.browser.follow('What you have done as a mentor')
  expect(page.words).toContain('Sam Whitlock has been a mentor in this programme')
  expect(page.words).toMatch(
    /Students accompanied ?1.*Contacts that both sides agree on ?1.*Training attended ?.*20\d\d/,
  )
  expect(page.words).toContain('Marion Okafor, coordinator')
  expect(page.text).not.toContain('Priya')
  for (const by of [mentee, coordinator]) expect((await service(by)).status).toBe(404)
})

it('shows the privacy notice and the accessibility statement to anybody', async () => {
  for (const [path, words] of [
    ['/privacy', 'How long we keep it'],
    ['/accessibility', 'What we know falls short'],
  ] as const) {
    const answer = await request(origin).get(path)
    expect([answer.status, answer.text]).toEqual([200, expect.stringContaining(words)])
  }
  expect((await aBrowser().open(`${origin}/visibility`)).status).toBe(401)
  const { mentee } = await aPair()
  const seen = (await mentee.browser.open('/visibility')).words
  for (const what of ['Your report', 'A concern that you raise', 'The payment of a mentor'])
    expect(seen).toContain(what)
})
