import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { now, setClock } from '../../src/clock.ts'
import { statement } from '../../src/db.ts'
import { moveMatchesOn } from '../../src/features/matches/index.ts'
import type { Fields } from '../support/browser.ts'
import {
  answerOffer,
  aPair,
  aProgramme,
  aStudent,
  idOf,
  offer,
  planTraining,
  sign,
  type Launched,
} from '../support/builders.ts'
import { expectRefused, oddFields, sendTooLate } from '../support/forms.ts'
import { tokenOf } from '../support/token.ts'

const DAY = 86_400_000
afterEach(() => {
  setClock()
})
const inDays = (days: number) => {
  setClock(new Date(now().getTime() + days * DAY))
}

/** A mentee and a mentor who are offered a match. */
async function anOffer(answers: Parameters<typeof aProgramme>[0] = {}) {
  const { course, coordinator } = await aProgramme(answers)
  const mentee = await aStudent(course, 'mentee', 'Leila Haddad')
  const mentor = await aStudent(course, 'mentor', 'Jo van den Berg')
  await offer(coordinator, mentee, mentor)
  return { course, coordinator, mentee, mentor, id: await newestMatch(mentor) }
}
const matchOf = statement<{ id: number }>(
  'offers_match_of',
  'select id from matches where mentor_id = $1 or mentee_id = $1 order by id desc limit 1',
)
const newestMatch = async (by: Launched) => (await matchOf(await idOf(by)))[0]?.id ?? 0
const answer = async (by: Launched, id: number, fields: Fields) =>
  by.browser.post(`/matches/${id}/answer`, { _token: await tokenOf(by.browser), ...fields })

describe('an offer', () => {
  it('shows each the other, why, and until when; two yeses lead to the agreement', async () => {
    const { coordinator, mentee, mentor, id } = await anOffer()
    const page = await mentee.browser.open(`/matches/${id}`)
    for (const words of [
      'Jo van den Berg could be your mentor',
      'You both like to talk on the phone.',
      'BSc Computing',
    ])
      expect(page.words).toContain(words)
    expect(page.words).not.toContain('@')
    await answerOffer(mentee)
    expect(mentee.browser.page.words).toContain('Now the other side decides')
    expect((await mentor.browser.open('/')).text).not.toContain('said yes') // nobody is hurried by the other's answer
    await answerOffer(mentor)
    expect(mentor.browser.page.url).toMatch(/\/agreement$/)
    expect((await mentee.browser.open('/notifications')).words).toContain('You both said yes')
    expect((await coordinator.browser.open('/admin/matches')).words).toContain('Agreeing')
  })

  it('that one declines is over for both; who it was, and why, the coordinator alone reads', async () => {
    const { coordinator, mentee, mentor, id } = await anOffer()
    await answerOffer(mentee)
    await answer(mentee, id, { answer: 'declined', note: 'canary: we know each other' }) // a yes can become a no
    expect(mentee.browser.page.words).toContain('The coordinator looks for somebody else')
    const told = await mentor.browser.open('/notifications')
    expect(told.words).toContain('An offer is over')
    for (const path of ['/notifications', '/'])
      expect((await mentor.browser.open(path)).text).not.toMatch(/canary|declined|Leila/)
    expect((await mentor.browser.open(`/matches/${id}`)).status).toBe(404)
    const seen = await coordinator.browser.open(`/admin/matches/${id}`)
    for (const words of ['canary: we know each other', 'Said no', 'One of them said no'])
      expect(seen.words).toContain(words)
    const late = await answer(mentor, id, { answer: 'accepted' })
    expect([late.status, late.words]).toEqual([200, expect.stringContaining('This offer is over')])
    expect((await coordinator.browser.open('/admin/matching')).words).toContain('Leila Haddad')
  })

  it('can be asked about: the coordinator answers the one who asked, and nobody else', async () => {
    const { coordinator, mentee, mentor, id } = await anOffer()
    await mentee.browser.open(`/matches/${id}`)
    await mentee.browser.submit({ question: 'canary: is it a woman?' }, 'form[action$="/questions"]')
    expect(mentee.browser.page.words).toContain('Not answered yet')
    expect((await coordinator.browser.open('/notifications')).words).toContain('A question about an offer')
    await coordinator.browser.open(`/admin/matches/${id}`)
    await coordinator.browser.submit({ reply: 'canary: yes' }, 'form[action*="/questions/"]')
    expect((await mentee.browser.open('/notifications')).words).toContain('Your question is answered')
    expect((await mentee.browser.open(`/matches/${id}`)).words).toContain('canary: yes')
    for (const path of ['/notifications', `/matches/${id}`])
      expect((await mentor.browser.open(path)).text).not.toContain('canary')
  })

  it('whose question comes to an end with it has no answer that nobody could read', async () => {
    const { coordinator, mentee, id } = await anOffer()
    await mentee.browser.open(`/matches/${id}`)
    await mentee.browser.submit({ question: 'When?' }, 'form[action$="/questions"]')
    await coordinator.browser.open(`/admin/matches/${id}`)
    await coordinator.browser.submit({}, 'form[action$="/withdrawal"]')
    await coordinator.browser.open(`/admin/matches/${id}`)
    await coordinator.browser.submit({ reply: 'In May' }, 'form[action*="/questions/"]')
    expect(coordinator.browser.page.words).toContain('This offer is over')
    expect((await mentee.browser.open('/notifications')).words).not.toContain('Your question is answered')
  })

  it('runs out after seven days by itself, and both and the coordinator are told', async () => {
    const { coordinator, mentee, mentor, id } = await anOffer()
    inDays(6.9)
    await moveMatchesOn({ system: true })
    expect((await mentee.browser.open('/')).words).toContain('could be your partner')
    inDays(0.2)
    await moveMatchesOn({ system: true })
    for (const { browser } of [mentee, mentor])
      expect((await browser.open('/notifications')).words).toContain('An offer is over')
    expect((await coordinator.browser.open('/notifications')).words).toContain('An offer ran out')
    expect((await coordinator.browser.open(`/admin/matches/${id}`)).words).toContain('Not everybody answered in time')
  })

  it('that has run out stands in nobody’s way, even before anything has moved on', async () => {
    const { coordinator, mentee, mentor, id } = await anOffer()
    await mentor.browser.open('/apply/edit')
    await mentor.browser.submit({ capacity: '1' })
    inDays(7.1)
    expect((await mentee.browser.open('/')).words).not.toContain('could be your partner')
    expect((await mentee.browser.open(`/matches/${id}`)).words).toContain('This offer is over')
    expect((await answer(mentee, id, { answer: 'accepted' })).words).toContain('This offer is over')
    const page = await offer(coordinator, mentee, mentor)
    expect(page.words).toContain('Offered to Leila Haddad and Jo van den Berg')
    expect(await newestMatch(mentor)).toBeGreaterThan(id)
  })

  it('to two who were a pair before is asked about first', async () => {
    const { coordinator, mentee, mentor, matchId } = await aPair()
    await end(matchId)
    const page = await offer(coordinator, mentee, mentor)
    expect([page.status, page.words]).toEqual([422, expect.stringContaining('These two were a pair before')])
    expect(page.words).toContain('Was matched with Priya Nair before')
    expect(page.$('#reason').val()).toBe('You both like to talk on the phone.')
    await coordinator.browser.submit()
    expect(coordinator.browser.page.words).toContain('Offered to Priya Nair and Sam Whitlock')
  })

  it('to a mentor without room is refused in words, and asks nothing of the mentee', async () => {
    const { course, coordinator, mentor, mentee } = await anOffer()
    await mentor.browser.open('/apply/edit')
    await mentor.browser.submit({ capacity: '1' })
    const second = await aStudent(course, 'mentee', 'Second Mentee')
    expect((await coordinator.browser.open('/admin/matching')).$('input[name=mentor]')).toHaveLength(0)
    const fields = { mentee: String(await idOf(second)), mentor: String(await idOf(mentor)) }
    const forged = await coordinator.browser.post('/admin/matching', {
      _token: await tokenOf(coordinator.browser),
      ...fields,
    })
    expect(forged.status).toBe(422)
    expect(forged.words).toContain('This mentor has no room any more')
    expect((await second.browser.open('/')).words).toContain('you have no mentor')
    const taken = { mentee: String(await idOf(mentee)), mentor: fields.mentor }
    await coordinator.browser.post('/admin/matching', { _token: await tokenOf(coordinator.browser), ...taken })
    expect(coordinator.browser.page.words).toContain('This mentee has a mentor or an offer by now')
  })

  it('can be taken back, before and after both said yes, and both can be matched anew', async () => {
    const { coordinator, mentee, mentor, id } = await anOffer()
    await answerOffer(mentee)
    await answerOffer(mentor)
    await coordinator.browser.open(`/admin/matches/${id}`)
    await coordinator.browser.submit({}, 'form[action$="/withdrawal"]')
    expect(coordinator.browser.page.words).toContain('Taken back')
    expect((await mentee.browser.open(`/matches/${id}/agreement`)).status).toBe(404)
    expect((await offer(coordinator, mentee, mentor)).words).toContain('Offered to')
  })
})
const end = statement(
  'offers_end',
  `update matches set state = 'closed', ended_at = now() - interval '20 days', end_reason = 'completed', ready_at = now() where id = $1`,
)
const hold = statement(
  'offers_hold',
  "update training_sessions set starts_at = now() - interval '1 hour' where id = $1",
)

describe('a pair whose mentor has to be trained', () => {
  async function aSignedPair() {
    const facts = await anOffer({ trainingRequired: 'yes' })
    for (const one of [facts.mentee, facts.mentor]) await answerOffer(one)
    await sign(facts.mentee, facts.id)
    await sign(facts.mentor, facts.id)
    return facts
  }

  it('signs, waits, and begins when the mentor is excused', async () => {
    const { coordinator, mentee, mentor, id } = await aSignedPair()
    expect(mentor.browser.page.words).toContain('You can begin as soon as the training is done')
    await moveMatchesOn({ system: true })
    expect((await mentee.browser.open(`/matches/${id}/agreement`)).words).toContain(
      'Jo van den attends the training first',
    )
    expect((await mentee.browser.open(`/matches/${id}/contacts/new`)).status).not.toBe(200)
    await coordinator.browser.open(`/admin/training/excuses/${await idOf(mentor)}`)
    await coordinator.browser.submit({ reason: 'Trained last year' })
    await moveMatchesOn({ system: true })
    await moveMatchesOn({ system: true })
    const told = await mentee.browser.open('/notifications')
    expect(told.words.match(/You can begin/g)).toHaveLength(1)
    expect((await mentee.browser.open(`/matches/${id}/contacts/new`)).status).toBe(200)
  })

  it('begins when the mentor has attended', async () => {
    const { coordinator, mentee, mentor, id } = await aSignedPair()
    const session = await planTraining(coordinator)
    await mentor.browser.post(`/training/${session}/booking`, { _token: await tokenOf(mentor.browser) })
    await hold(session)
    await coordinator.browser.open(`/admin/training/sessions/${session}`)
    const box = coordinator.browser.page.$('main form input[type=radio][value=attended]').attr('name') ?? 'none'
    await coordinator.browser.submit({ [box]: 'attended' }, 'form[action$="/attendance"]')
    await moveMatchesOn({ system: true })
    expect((await mentee.browser.open(`/matches/${id}/contacts/new`)).status).toBe(200)
  })
})

describe('the forms of an offer', () => {
  let world: Awaited<ReturnType<typeof anOffer>>
  beforeAll(async () => {
    world = await anOffer()
  })

  it.each<[string, Fields, string, string]>([
    ['answer', { answer: 'perhaps' }, 'answer', 'Choose an answer'],
    ['answer', {}, 'answer', 'Choose an answer'],
    ['answer', { answer: ['accepted', 'declined'] }, 'answer', 'Choose an answer'],
    ['answer', { answer: 'declined', note: 'x'.repeat(501) }, 'note', 'Keep it to 500 characters'],
    ['questions', { question: '   ' }, 'question', 'Write your question'],
    ['questions', { question: ['a', 'b'] }, 'question', 'Write your question'],
    ['questions', { question: 'x'.repeat(1001) }, 'question', 'Keep it to 1,000 characters'],
  ])(
    '%s: what is wrong stands there, what was typed is kept, and nothing is done',
    async (form, fields, field, message) => {
      const { mentee, id } = world
      await mentee.browser.open(`/matches/${id}`)
      const page = await mentee.browser.submit(fields, `form[action$="/${form}"]`)
      expect([page.status, page.words]).toEqual([422, expect.stringContaining(message)])
      expect(page.$(`.sp-errors a[href="#${field}"]`)).toHaveLength(1)
      expect(page.$(`#${field}`)).toHaveLength(1)
      if (field !== 'answer') expectRefused(page, field, message)
      const value = fields[field]
      if (typeof value === 'string' && field !== 'answer') expect(page.$(`#${field}`).val()).toBe(value)
      expect((await mentee.browser.open(`/matches/${id}`)).words).not.toMatch(/You said yes|You asked/)
    },
  )

  it.each<[Fields, string, string]>([
    [{ mentee: undefined }, 'mentee', 'Choose a mentee'],
    [{ mentee: ['1', '2'] }, 'mentee', 'Choose a mentee'],
    [{ mentor: 'Jo' }, 'mentor', 'Choose a mentor'],
    [{ mentor: '2147483648' }, 'mentor', 'Choose a mentor'],
    [{ reason: 'x'.repeat(1001) }, 'reason', 'Keep the reason to 1,000 characters'],
  ])('matching with %j says what to do', async (fields, field, message) => {
    const { course, coordinator } = world
    await aStudent(course, 'mentee')
    await coordinator.browser.open('/admin/matching')
    const first = (name: string) => coordinator.browser.page.$(`input[name=${name}]`).first().attr('value')
    const page = await coordinator.browser.submit({ mentee: first('mentee'), mentor: first('mentor'), ...fields })
    expectRefused(page, field, message)
  })

  it('are never a fault of ours, whatever is sent', async () => {
    const { coordinator, mentee, id } = world
    for (const odd of [...oddFields(['answer', 'note']), ...oddFields(['question', '_key'])]) {
      const path = 'question' in odd || '_key' in odd ? 'questions' : 'answer'
      const { status } = await mentee.browser.post(`/matches/${id}/${path}`, {
        _token: await tokenOf(mentee.browser),
        ...odd,
      })
      expect([odd, status]).toEqual([odd, 422])
    }
    for (const odd of oddFields(['mentee', 'mentor', 'reason', '_again', 'do'])) {
      const { status } = await coordinator.browser.post('/admin/matching', {
        _token: await tokenOf(coordinator.browser),
        ...odd,
      })
      expect([odd, status]).toEqual([odd, 422])
    }
    for (const path of ['/matches/0', '/matches/x', '/matches/99999999999', '/admin/matches/%00'])
      expect((await mentee.browser.open(path)).status).toBe(404)
  })

  it('sent after the session has ended stand there again: question, note, reason and reply', async () => {
    const { coordinator, mentee, id } = world
    await mentee.browser.open(`/matches/${id}`)
    const asked = await sendTooLate(mentee, { question: 'Do not lose this' }, 'form[action$="/questions"]')
    expect(asked.$('#question').val()).toBe('Do not lose this')
    await mentee.browser.submit({}, 'form[action$="/questions"]')
    const noted = await sendTooLate(mentee, { answer: 'declined', note: 'Nor this' }, 'form[action$="/answer"]')
    expect(noted.$('#note').val()).toBe('Nor this')
    await coordinator.browser.open('/admin/matching')
    expect((await sendTooLate(coordinator, { reason: 'Kept' })).$('#reason').val()).toBe('Kept')
    await coordinator.browser.open(`/admin/matches/${id}`)
    const blank = await coordinator.browser.submit({}, 'form[action*="/questions/"]')
    expect([blank.status, blank.words]).toEqual([422, expect.stringContaining('Write your answer')])
    await coordinator.browser.open(`/admin/matches/${id}`)
    const reply = await sendTooLate(coordinator, { reply: 'Nor that' }, 'form[action*="/questions/"]')
    expect(reply.$('[name=reply]').val()).toBe('Nor that')
    await coordinator.browser.submit({}, 'form[action*="/questions/"]')
    expect(coordinator.browser.page.words).toContain('Nor that')
    expect((await mentee.browser.open(`/matches/${id}`)).words).toContain('Nor that')
  })
})
