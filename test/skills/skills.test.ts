import { describe, expect, it } from 'vitest'
import { statement } from '../../src/db.ts'
import { aPair, aProgramme, aStudent, launch, pairUp, staff, type Launched } from '../support/builders.ts'
import type { Fields } from '../support/browser.ts'
import { tokenOf } from '../support/token.ts'

const CANARY = 'canary-of-my-skills'
const post = async (by: Launched, path: string, fields: Fields = {}) =>
  by.browser.post(path, { _token: await tokenOf(by.browser), ...fields })
/** Fills in a round from its form. */
async function say(by: Launched, fields: Fields, round: 'start' | 'end' = 'start') {
  await by.browser.open(`/skills/${round}`)
  return by.browser.submit(fields)
}
const share = (by: Launched, match: Fields[string], round = 'start') => post(by, '/skills/sharing', { round, match })

const endAll = statement(
  'test_end_sessions_for_skills',
  'update sessions set ended_at = now() where person_id = (select id from people where sub = $1)',
)
const endMatch = statement(
  'test_end_for_skills',
  "update matches set state = 'closed', end_reason = 'completed', ended_at = now() - make_interval(days => $2::int) where id = $1",
)
const hide = statement(
  'test_hide_text',
  `insert into programme_content (programme_id, key, text, hidden)
   select programme_id, $2, 'Another wording', $3 from matches where id = $1
   on conflict (programme_id, key) do update set hidden = excluded.hidden`,
)
const records = statement<{ answers: object; version: number }>(
  'test_skills_records',
  `select r.answers, r.version from skills_records r join participants pa on pa.id = r.participant_id
   join people p on p.id = pa.person_id where p.sub = $1 order by r.id`,
)

describe('the skills reflection of a mentor', () => {
  it('sorts skills into two lists with their evidence, and keeps ticks and values', async () => {
    const { mentor } = await aPair()
    const first = await mentor.browser.open('/skills')
    expect(first.words).toContain('Only you can read this.')
    await mentor.browser.follow('Begin')
    expect(mentor.browser.page.$('.sp-tiles')).toHaveLength(10)
    await mentor.browser.submit({
      'value-skill-trust': 'have',
      'text-skill-trust': 'At the food bank\r\nEvery <b>Friday</b>',
      'value-skill-humour': 'develop',
      'value-skill-advice': 'none',
      'text-skill-honesty': 'Only a thought',
      'value-gain-confidence': 'yes',
      statement: 'I keep my word.',
    })
    const page = mentor.browser.page
    expect(page.words).toContain('Saved')
    expect(page.$('#said-have').parent().text()).toContain('Trust')
    expect(page.$('#said-have').parent().text()).toContain('At the food bank\nEvery <b>Friday</b>')
    expect(page.$('#said-develop').parent().text()).toContain('Humour')
    expect(page.$('#said-other').parent().text()).toContain('Only a thought')
    expect(page.$('#said-gains').parent().text()).toContain('Be surer of what I can do')
    expect(page.$('#said-statement').parent().text()).toContain('I keep my word.')
    expect(page.words).not.toContain('Advice')
    expect(Object.keys((await records(mentor.person.id))[0]?.answers ?? {})).not.toContain('skill-advice')
    const form = await mentor.browser.open('/skills/start')
    expect(form.$('input[name=value-skill-trust]:checked').val()).toBe('have')
    expect(form.$('#value-gain-confidence').attr('checked')).toBeDefined()
    expect(form.$('#statement').val()).toBe('I keep my word.')
    const print = await mentor.browser.open('/skills/print')
    expect(print.$('h1').text()).toBe('Skills of Sam Whitlock')
    expect(print.words).toContain('Skills I have')
  })

  it.each([
    ['nothing', {}, 'Answer at least one question', 'value-skill-advice'],
    ['an answer that is none', { 'value-skill-trust': 'perhaps' }, 'Choose one of the answers', 'value-skill-trust'],
    ['too much evidence', { 'text-skill-trust': 'x'.repeat(1001) }, 'Keep the example to 1,000', 'text-skill-trust'],
    ['too long a statement', { statement: 'x'.repeat(2001) }, 'Keep it to 2,000 characters', 'statement'],
    ['characters that cannot be saved', { statement: 'a\u0000b' }, 'cannot be saved', 'statement'],
    ['one field twice', { 'text-skill-trust': ['a', 'b'] }, 'Keep the example', 'text-skill-trust'],
  ])('with %s says so beside the field, keeps the rest, and saves nothing', async (what, fields, message, field) => {
    const { course } = await aProgramme()
    const mentor = await aStudent(course, 'mentor')
    const typed = what === 'nothing' ? {} : { 'text-skill-humour': 'typed before', 'value-gain-creative': 'yes' }
    const page = await say(mentor, { ...typed, ...fields })
    expect(page.status).toBe(422)
    expect(page.$('title').text()).toMatch(/^Error: /)
    expect(page.$(`.sp-errors a[href="#${field}"]`).text()).toContain(message)
    expect(page.$(`#${field}-error`).text()).toContain(message)
    expect(page.$(`#${field}`)).toHaveLength(1)
    if (what !== 'nothing') {
      expect(page.$('#text-skill-humour').val()).toBe('typed before')
      expect(page.$('#value-gain-creative').attr('checked')).toBeDefined()
    }
    expect(await records(mentor.person.id)).toEqual([])
  })

  it('takes texts of the longest length, whatever ends their lines', async () => {
    const { course } = await aProgramme()
    const mentor = await aStudent(course, 'mentor')
    const text = `${'ữ'.repeat(499)}\r\n${'a'.repeat(500)}`
    expect((await say(mentor, { 'text-skill-trust': text })).words).toContain('Saved')
  })

  it('is saved once when a form is sent twice, and never overwrites what another window saved', async () => {
    const { course } = await aProgramme()
    const mentor = await aStudent(course, 'mentor')
    await mentor.browser.open('/skills/start')
    const fields = { _version: '0', statement: 'First', 'value-skill-trust': 'have' }
    const both = await Promise.all([post(mentor, '/skills/start', fields), post(mentor, '/skills/start', fields)])
    expect(both.map(({ status }) => status)).toEqual([200, 200])
    expect(await records(mentor.person.id)).toEqual([{ answers: { 'skill-trust': { value: 'have' } }, version: 1 }])
    await post(mentor, '/skills/start', { ...fields, _version: '1', statement: 'Second' })
    const stale = await post(mentor, '/skills/start', { ...fields, _version: '1', statement: 'Third' })
    expect(stale.status).toBe(422)
    expect(stale.words).toContain('You saved this in another window')
    expect(stale.$('#statement').val()).toBe('Third')
    expect((await mentor.browser.open('/skills')).words).toContain('Second')
    await mentor.browser.open('/skills/start')
    await mentor.browser.submit({ statement: 'Third after all' })
    expect(mentor.browser.page.words).toContain('Third after all')
  })

  it('keeps a draft that only its writer sees, and a form whose session has ended', async () => {
    const { course, mentor, mentee, matchId } = await aPair()
    await say(mentor, { statement: 'Saved before' })
    await share(mentor, String(matchId))
    await say(mentor, { statement: 'Half a thou', 'text-skill-trust': 'x'.repeat(1500), _act: 'draft' })
    expect(mentor.browser.page.words).toContain('Draft kept')
    expect(mentor.browser.page.$('#statement').val()).toBe('Half a thou')
    expect(mentor.browser.page.$('#text-skill-trust').val()).toHaveLength(1500)
    expect((await mentor.browser.open('/skills')).words).not.toContain('Half a thou')
    expect((await mentee.browser.open(`/matches/${matchId}/skills`)).words).toContain('Saved before')
    expect(mentee.browser.page.words).not.toContain('Half a thou')
    await mentor.browser.open('/skills/start')
    await endAll(mentor.person.id)
    expect((await mentor.browser.submit({ statement: 'Do not lose this' })).status).toBe(401)
    await launch(mentor.person, course, { browser: mentor.browser })
    const form = await mentor.browser.open('/skills/start')
    expect(form.$('#statement').val()).toBe('Do not lose this')
    await mentor.browser.submit({ 'text-skill-trust': '' })
    expect(mentor.browser.page.words).toContain('Do not lose this')
    expect((await mentor.browser.open('/skills/start')).words).not.toContain('We kept')
  })
})

describe('the skills audit of a mentee', () => {
  it('asks for a number and a note in three groups, and for the outlook', async () => {
    const { mentee } = await aPair()
    const form = await mentee.browser.open('/skills/start')
    expect(form.$('.sp-scale')).toHaveLength(16)
    expect(form.$('textarea')).toHaveLength(12)
    await mentee.browser.submit({
      'value-audit-planning': '2',
      'text-audit-planning': 'Mondays are hard',
      'value-outlook-deciding': '3',
    })
    const page = mentee.browser.page
    expect(page.$('#said-study').parent().text()).toContain('Planning my week and keeping to it: 2 of 5')
    expect(page.$('#said-study').parent().text()).toContain('Mondays are hard')
    expect(page.$('#said-outlook').parent().text()).toContain('3 of 5')
    expect(page.$('#said-coursework')).toHaveLength(0)
  })

  it.each([
    ['a number beyond the scale', { 'value-audit-notes': '6' }, 'Choose one of the answers', 'value-audit-notes'],
    ['a note that is too long', { 'text-audit-notes': 'x'.repeat(2001) }, 'Keep it to 2,000', 'text-audit-notes'],
  ])('with %s says so beside the field', async (_what, fields, message, field) => {
    const { course } = await aProgramme()
    const page = await say(await aStudent(course, 'mentee'), fields)
    expect([page.status, page.$(`#${field}-error`).text()]).toEqual([422, expect.stringContaining(message)])
  })

  it('has an end, which shows what was said at the start, once a match is over', async () => {
    const { mentee, matchId } = await aPair()
    await say(mentee, { 'value-audit-planning': '2', 'value-audit-notes': '4' })
    expect((await mentee.browser.open('/skills/end')).status).toBe(403)
    expect((await post(mentee, '/skills/end', { 'value-audit-planning': '5' })).status).toBe(403)
    expect((await post(mentee, '/skills/end', { _act: 'draft', 'value-audit-planning': '5' })).status).toBe(403)
    await endMatch(matchId, 0)
    await mentee.browser.open('/skills')
    const form = await mentee.browser.follow('Look at it again, at the end')
    expect(form.$('#value-audit-planning-hint').text()).toContain('At the start: 2 of 5')
    expect(form.$('input[name=value-audit-planning]:checked')).toHaveLength(0)
    await mentee.browser.submit({ 'value-audit-planning': '4' })
    const page = mentee.browser.page
    expect(page.words).toContain('Planning my week and keeping to it: 4 of 5 (At the start: 2 of 5)')
    expect(page.words).toContain('Taking notes that I can use later: 4 of 5')
    expect(page.$('a[href="/skills/start"]')).toHaveLength(0)
    expect((await post(mentee, '/skills/start', { 'value-audit-planning': '1' })).status).toBe(403)
  })

  it('keeps an answer whose item is reworded or hidden, also when the rest is saved again', async () => {
    const { mentee, matchId } = await aPair()
    await say(mentee, { 'value-audit-planning': '2', 'value-audit-notes': '4' })
    await hide(matchId, 'audit-planning', true)
    await hide(matchId, 'audit-notes', false)
    const page = await mentee.browser.open('/skills')
    expect(page.words).not.toContain('Planning my week')
    expect(page.words).toContain('Another wording: 4 of 5')
    expect((await mentee.browser.open('/skills/start')).$('#value-audit-planning')).toHaveLength(0)
    await mentee.browser.submit({ 'value-audit-notes': '5' })
    expect((await records(mentee.person.id))[0]?.answers).toEqual({
      'audit-planning': { value: '2' },
      'audit-notes': { value: '5' },
    })
  })
})

describe('what somebody says of their skills', () => {
  it('is theirs alone until they share it with a partner, and again when they stop', async () => {
    const { course, coordinator, mentor, mentee, matchId } = await aPair()
    const second = await aStudent(course, 'mentee', 'Leila Haddad')
    await pairUp(coordinator, second, mentor)
    await say(mentor, { statement: CANARY })
    const shared = `/matches/${matchId}/skills`
    expect((await mentee.browser.open(shared)).status).toBe(404)
    await mentor.browser.open('/skills')
    expect(mentor.browser.page.$('input[name=match]')).toHaveLength(2)
    await mentor.browser.submit({ match: String(matchId) }, 'form[action="/skills/sharing"]')
    expect(mentor.browser.page.words).toContain('You and Priya can read what you share.')
    expect((await mentee.browser.open('/skills')).$(`a[href="${shared}"]`).text()).toBe('Skills of Sam')
    expect((await mentee.browser.open(shared)).words).toContain(CANARY)
    expect((await second.browser.open('/skills')).words).not.toContain('Shared with you')
    const others = [second, coordinator, await launch(staff('tutor'), course), mentor, await aStudent(course, 'mentor')]
    for (const one of others) expect((await one.browser.open(shared)).status).toBe(404)
    for (const path of ['/admin', '/admin/matching', '/admin/training', '/tutor'])
      expect((await coordinator.browser.open(path)).text).not.toContain(CANARY)
    await share(mentor, undefined)
    expect((await mentee.browser.open(shared)).status).toBe(404)
    expect((await mentor.browser.open('/skills')).words).toContain('Only you can read this.')
  })

  it('can be shared with nobody but a partner of one’s own', async () => {
    const { mentor, mentee, matchId } = await aPair()
    const other = await aPair()
    expect((await share(mentor, String(matchId))).status).toBe(404) // there is nothing yet
    await say(mentor, { statement: CANARY })
    expect((await share(mentor, [String(matchId), String(other.matchId)])).status).toBe(404)
    expect((await share(mentor, 'x')).status).toBe(404)
    expect((await share(mentor, String(matchId), 'middle')).status).toBe(404)
    for (const one of [mentee, other.mentee])
      expect((await one.browser.open(`/matches/${matchId}/skills`)).status).toBe(404)
    for (let time = 0; time < 2; time++) expect((await share(mentor, [String(matchId)])).status).toBe(200)
    expect((await mentee.browser.open(`/matches/${matchId}/skills`)).status).toBe(200)
  })

  it('can be read for thirty days after the match, and hidden before', async () => {
    const { mentor, mentee, matchId } = await aPair()
    await say(mentee, { 'value-audit-notes': '4' })
    await share(mentee, String(matchId))
    await endMatch(matchId, 29)
    expect((await mentor.browser.open(`/matches/${matchId}/skills`)).words).toContain('4 of 5')
    await endMatch(matchId, 31)
    expect((await mentor.browser.open(`/matches/${matchId}/skills`)).status).toBe(404)
    await endMatch(matchId, 1)
    await share(mentee, undefined)
    expect((await mentor.browser.open(`/matches/${matchId}/skills`)).status).toBe(404)
    expect((await share(mentee, String(matchId))).status).toBe(404) // too late to let somebody in
  })
})
