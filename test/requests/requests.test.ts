import { expect, it } from 'vitest'
import { statement } from '../../src/db.ts'
import { aDuty, aPair, aStudent, launch, type Launched } from '../support/builders.ts'
import { end } from '../endings/support.ts'
import { tokenOf } from '../support/token.ts'
import { college } from '../support/world.ts'

const FORM = 'form[action="/help/request"]'
const SAID = { kind: 'mismatch', talked: 'no', text: 'We have nothing to say to each other' }
const stateOf = statement<{ state: string; end_reason: string | null; closing_reason: string | null }>(
  'test_state_after_request',
  'select state, end_reason, closing_reason from matches where id = $1',
)

/** Somebody says it from the page of their match. Returns the address of what they said. */
async function say({ browser }: Launched, matchId: number, fields = SAID): Promise<string> {
  await browser.open(`/matches/${matchId}/ending`)
  await browser.follow('This may not be the right match')
  await browser.submit(fields, FORM)
  return new URL(browser.page.url).pathname
}

async function answer({ browser }: Launched, own: string, fields: Record<string, string>) {
  await browser.open(own.replace('/help/', '/admin/'))
  return browser.submit(fields, 'form[action$="/outcome"]')
}

it('is said from help or from the match, once, and the match goes on', async () => {
  const { coordinator, mentee, matchId } = await aPair()
  await mentee.browser.open('/help/match')
  await mentee.browser.follow('Tell Marion Okafor, in writing')
  await mentee.browser.doubleClick(SAID, FORM)
  const own = new URL(mentee.browser.page.url).pathname
  expect(await say(mentee, matchId)).toBe(own) // one is open at a time
  expect(mentee.browser.page.words).toMatch(/Marion Okafor has not answered yet.*We have nothing to say/)
  expect((await coordinator.browser.open('/admin/requests')).$('tbody tr')).toHaveLength(1)
  expect((await coordinator.browser.open('/notifications')).words).toContain('Somebody asks about their match')
  expect((await coordinator.browser.open(`/admin/matches/${matchId}`)).words).toContain('Under review')
  expect((await coordinator.browser.open('/admin/audit')).words.match(/Asked for something to change/g)).toHaveLength(1)
  expect((await stateOf(matchId))[0]?.state).toBe('active')
})

it('shows what is wrong beside the field, with what was typed', async () => {
  const { mentee, coordinator, matchId } = await aPair()
  await mentee.browser.open('/help/request')
  const page = await mentee.browser.submit({ text: 'x'.repeat(2001) }, FORM)
  expect(page.status).toBe(422)
  for (const words of ['Choose what it is', 'Choose yes or no', 'Keep it to 2,000 characters'])
    expect(page.words).toContain(words)
  expect(page.$('#text').text()).toHaveLength(2001)
  const own = await say(mentee, matchId)
  const answered = await answer(coordinator, own, { outcome: 'end', word: '', reason: 'nothing' })
  expect([answered.status, answered.words.includes('Write a few words')]).toEqual([422, true])
  expect((await stateOf(matchId))[0]?.state).toBe('active')
})

it('is answered with a word that only its writer reads', async () => {
  const { coordinator, mentee, mentor, matchId } = await aPair()
  const own = await say(mentee, matchId)
  expect((await coordinator.browser.open(own.replace('/help/', '/admin/'))).words).toMatch(
    /Talk to Priya.*nothing to say|nothing to say.*Talk to Priya/,
  )
  await answer(coordinator, own, { outcome: 'support', word: 'Try a call on Monday' })
  expect((await mentee.browser.open('/notifications')).words).toContain('Your coordinator has answered you')
  expect((await mentee.browser.open(own)).words).toContain('Try a call on Monday')
  expect((await mentor.browser.open('/notifications')).words).not.toContain('Your coordinator has answered you')
  expect((await coordinator.browser.open(`/admin/matches/${matchId}`)).words).not.toContain('Under review')
  expect((await stateOf(matchId))[0]?.state).toBe('active')
  const again = {
    _token: await tokenOf(coordinator.browser),
    outcome: 'end',
    word: 'No',
    reason: 'mismatch',
    when: 'now',
  }
  await coordinator.browser.post(`${own.replace('/help/', '/admin/')}/outcome`, again)
  expect(coordinator.browser.page.text).toContain('It was answered already')
  expect((await stateOf(matchId))[0]?.state).toBe('active')
  expect(await say(mentee, matchId)).not.toBe(own) // what is answered is over, and there may be something new
})

it('leads to an end, with the reason that the coordinator chooses', async () => {
  const { coordinator, mentee, mentor, matchId } = await aPair()
  await answer(coordinator, await say(mentee, matchId), {
    outcome: 'rematch',
    word: 'I look for somebody',
    when: 'closing',
  })
  expect(await stateOf(matchId)).toEqual([{ state: 'closing', end_reason: null, closing_reason: 'mismatch' }])
  const seen = (await mentor.browser.open(`/matches/${matchId}/ending`)).words
  expect(seen).toContain('comes to its end')
  expect(seen).not.toMatch(/right match:|asked/)
  await answer(coordinator, await say(mentor, matchId), {
    outcome: 'end',
    word: 'So be it',
    reason: 'no_answer',
    when: 'now',
  })
  expect(await stateOf(matchId)).toEqual([{ state: 'closed', end_reason: 'no_answer', closing_reason: 'mismatch' }])
})

it('does not exist for the partner, nor for anybody else', async () => {
  const { course, coordinator, mentee, mentor, matchId } = await aPair()
  const own = await say(mentee, matchId)
  const other = await aPair()
  const admin = own.replace('/help/', '/admin/')
  const tutor = await launch(college.addTeacher('Tess Tutor'), course)
  const supervisor = await aDuty(course, 'supervisor')
  const strangers = [mentor, await aStudent(course, 'mentor'), tutor, supervisor, other.coordinator, other.mentee]
  for (const { browser } of strangers) {
    for (const path of [own, admin]) expect((await browser.open(path)).status).toBe(404)
    const fields = { _token: await tokenOf(browser), outcome: 'support', word: 'Yes' }
    expect((await browser.post(`${admin}/outcome`, fields)).status).toBe(404)
  }
  expect((await other.coordinator.browser.open('/admin/requests')).words).toContain('No requests')
  const forged = {
    _token: await tokenOf(other.mentee.browser),
    ...SAID,
    match: String(matchId),
    _key: crypto.randomUUID(),
  }
  expect((await other.mentee.browser.post('/help/request', forged)).status).toBe(422)
  for (const path of ['/', '/notifications', `/matches/${matchId}/ending`, `/matches/${matchId}/partner`])
    expect((await mentor.browser.open(path)).text).not.toContain('nothing to say')
  expect((await coordinator.browser.open('/admin/requests')).$('tbody tr')).toHaveLength(1)
})

it('does not come any more when the match ended while it was written', async () => {
  const { coordinator, mentee, matchId } = await aPair()
  await mentee.browser.open('/help/request')
  await end(coordinator, matchId, { reason: 'mismatch', when: 'now' })
  expect((await mentee.browser.submit(SAID, FORM)).status).toBe(404)
  expect((await coordinator.browser.open('/admin/requests')).$('tbody tr')).toHaveLength(0)
})
