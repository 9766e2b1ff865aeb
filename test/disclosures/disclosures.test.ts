import { randomUUID } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { now, setClock } from '../../src/clock.ts'
import { db, statement } from '../../src/db.ts'
import { tellOfLooks } from '../../src/features/disclosures/index.ts'
import { act, aDeputy, aPairWithLead, endDutyOf, forge, raise, told } from '../concerns/support.ts'
import { get, send } from '../access/world.ts'
import { aDuty, aProgramme, aStudent, launch, log, startTopic, type Launched } from '../support/builders.ts'
import { expectRefused } from '../support/forms.ts'
import { college } from '../support/world.ts'

const CANARY = 'canary-of-the-pair'
const WHY = 'A named person may come to harm this week.'
const opening = () => ({ reason: WHY, hours: '24', telling: 'now', _key: randomUUID() })
const later = (hours: number) => {
  setClock(new Date(now().getTime() + hours * 3_600_000))
}
const ago = statement(
  'test_launched_ago',
  `update sessions set launched_at = now() - $2::interval where person_id = (select id from people where sub = $1)`,
)
const traces = statement<{ object: string }>(
  'test_traces',
  'select t.object from access_traces t join disclosures d on d.id = t.disclosure_id where d.concern_id = $1 order by t.id',
)
const tracesOf = async (concern: number) => (await traces(concern)).map(({ object }) => object)

/** A pair with something written everywhere, a concern about it, and all pages behind the door. */
async function aDoor() {
  const pair = await aPairWithLead()
  const { mentee, mentor, matchId, contactsHref } = pair
  const thread = await startTopic(mentee, matchId, { title: 'Getting started', body: `${CANARY}-thread` })
  await log(mentor, contactsHref, { line: `${CANARY}-line` })
  await mentee.browser.open(`/matches/${matchId}/agreement/edit`)
  await mentee.browser.submit({ boundary: `${CANARY}-clause` })
  const concern = await raise(mentee, { about: 'partner' })
  const pairHref = `/admin/concerns/${concern}/pair`
  const pages = [pairHref, `${pairHref}/threads/${thread}`, `${pairHref}/agreement`, `${pairHref}/contacts`]
  return { ...pair, thread, concern, pairHref, pages }
}
type Door = Awaited<ReturnType<typeof aDoor>>

async function open(by: Launched, { pairHref }: Pick<Door, 'pairHref'>, fields: Record<string, string> = {}) {
  await by.browser.open(pairHref)
  return by.browser.submit({ ...opening(), ...fields }, `form[action="${pairHref}"]`)
}

afterEach(() => {
  setClock()
})

describe('the door to what a pair wrote', () => {
  it('is shut to everybody until a lead says why, and opens to that lead alone', async () => {
    const door = await aDoor()
    const { course, coordinator, mentee, mentor, lead, pages, pairHref } = door
    const deputy = await aDeputy(course)
    const tutor = await launch(college.addTeacher('Tess Tutor'), course)
    const stranger = await aStudent(course, 'mentor')
    const other = await aPairWithLead()
    const outside = [
      ...[coordinator, mentee, mentor, tutor, stranger, other.coordinator, other.lead, other.mentee],
      ...[await aDuty(course, 'supervisor'), await aDuty(course, 'payer'), (await aProgramme()).coordinator],
    ]
    const refuse = async (by: Launched) => {
      for (const path of pages) {
        const answer = await get(by.browser, path)
        expect([path, answer.status]).toEqual([path, 404])
        expect(answer.text).not.toContain(CANARY)
      }
      for (const path of ['', '/end', '/telling'])
        expect((await send(by.browser, `${pairHref}${path}`, opening())).status).toBe(404)
    }
    for (const by of outside) await refuse(by)
    for (const path of pages.slice(1)) expect((await get(lead.browser, path)).status).toBe(404)
    expect(await tracesOf(door.concern)).toEqual([])

    const topics = await open(lead, door)
    expect(topics.words).toContain('Getting started')
    expect((await lead.browser.open(pages[1] ?? '')).words).toContain(`${CANARY}-thread`)
    expect((await lead.browser.open(pages[2] ?? '')).words).toContain(`${CANARY}-clause`)
    expect((await lead.browser.open(pages[3] ?? '')).words).toContain(`${CANARY}-line`)
    expect(lead.browser.page.$('main form')).toHaveLength(0)
    expect(await tracesOf(door.concern)).toEqual(['topics', `thread:${door.thread}`, 'agreement', 'contacts'])
    for (const by of outside) await refuse(by)
    for (const path of pages.slice(1)) expect((await get(deputy.browser, path)).status).toBe(404) // has not opened it
    for (const path of [`/threads/${door.thread}`, `/matches/${door.matchId}/threads`])
      expect((await get(lead.browser, path)).status).toBe(404) // the pair's own pages stay the pair's
    const theirs = await startTopic(other.mentee, other.matchId, { body: `${CANARY}-elsewhere` })
    const answer = await get(lead.browser, `${pairHref}/threads/${theirs}`)
    expect([answer.status, answer.text.includes(CANARY)]).toEqual([404, false])
  }, 120_000)

  it('needs a reason of twenty characters, 72 hours at most, and why the two are told later', async () => {
    const door = await aDoor()
    expectRefused(await open(door.lead, door, { reason: 'Nineteen characters' }), 'reason', 'at least 20 characters')
    expectRefused(await open(door.lead, door, { hours: '73' }), 'hours', 'Choose for how long')
    expectRefused(
      await open(door.lead, door, { telling: 'later', days: '91', embargoReason: WHY }),
      'days',
      'from 1 to 90',
    )
    expectRefused(
      await open(door.lead, door, { telling: 'later', days: '7', embargoReason: 'No' }),
      'embargoReason',
      'at least 20 characters',
    )
    expect((await get(door.lead.browser, door.pages[1] ?? '')).status).toBe(404)
    await expect(
      db.query(`insert into disclosures (form_key, concern_id, match_id, viewer_id, reason, opened_at, until)
        select gen_random_uuid(), id, match_id, raised_by_id, '${WHY}', now(), now() + interval '73 hours' from concerns
        where id = ${door.concern}`),
    ).rejects.toThrow('disclosures_last_72_hours')
  })

  it('is shut again when its time is over, the concern is closed, the duty ends, or the lead has read enough', async () => {
    const door = await aDoor()
    const { lead, concern, pages } = door
    const [, thread = ''] = pages
    const status = async () => (await get(lead.browser, thread)).status
    await open(lead, door, { hours: '4' })
    expect(await status()).toBe(200)
    later(3.9)
    expect(await status()).toBe(200)
    later(0.2)
    expect(await status()).toBe(404)
    setClock()
    await lead.browser.open(pages[0] ?? '')
    await lead.browser.submit({}, 'form[action$="/end"]')
    expect(await status()).toBe(404)
    await open(lead, door)
    expect(await status()).toBe(200)
    await act(lead, concern, 'closing', { note: 'Done' })
    expect(await status()).toBe(404)
    expect((await get(lead.browser, door.pairHref)).status).toBe(404)
    await act(lead, concern, 'reopening')
    expect(await status()).toBe(200)
    await endDutyOf(lead, 'concern_lead')
    expect(await status()).toBe(404)
  })

  it('opens to who came from their course within 15 minutes, also in a second window', async () => {
    const door = await aDoor()
    const { lead, pages } = door
    await open(lead, door)
    await ago(lead.person.id, '14 minutes')
    expect((await get(lead.browser, pages[1] ?? '')).status).toBe(200)
    await ago(lead.person.id, '16 minutes')
    const before = await tracesOf(door.concern)
    for (const path of pages) {
      const answer = await get(lead.browser, path)
      expect([path, answer.status]).toEqual([path, 403])
      expect(answer.text).not.toContain(CANARY)
    }
    expect(await tracesOf(door.concern)).toEqual(before)
    const code = lead.browser.page.$('form[action$="/lti/continue"]')
    expect(code.length).toBeGreaterThan(0)
    await lead.browser.open('/help')
    await lead.browser.submit({}, 'form[action$="/lti/continue"]')
    expect((await get(lead.browser, pages[1] ?? '')).status).toBe(403)
    const again = await launch(lead.person, door.course)
    expect((await get(again.browser, pages[1] ?? '')).status).toBe(200)
    await again.browser.open(pages[0] ?? '')
    await again.browser.submit({}, 'form[action$="/end"]')
    await ago(lead.person.id, '16 minutes')
    const tooLate = await open(again, door)
    expectRefused(tooLate, 'reason', 'open Signpost again from your course')
    expect((await get(again.browser, pages[1] ?? '')).status).toBe(404)
    const once = await launch(lead.person, door.course)
    expect((await once.browser.open(door.pairHref)).$('textarea[name=reason]').val()).toBe(WHY)
  })

  it.each([
    ['trace', 'access_traces'],
    ['row of the audit log', 'audit_events'],
  ])('shows nothing when the %s cannot be written', async (_what, table) => {
    const door = await aDoor()
    await open(door.lead, door)
    const before = await tracesOf(door.concern)
    await db.query(
      `create function test_refuse() returns trigger language plpgsql as $$ begin raise exception 'full'; end $$`,
    )
    await db.query(`create trigger test_refuse before insert on ${table} for each row execute function test_refuse()`)
    try {
      for (const path of door.pages) {
        const answer = await get(door.lead.browser, path)
        expect([path, answer.status]).toEqual([path, 500])
        expect(answer.text).not.toMatch(/canary|Getting started/)
      }
    } finally {
      await db.query(`drop trigger test_refuse on ${table}`)
      await db.query('drop function test_refuse')
    }
    expect(await tracesOf(door.concern)).toEqual(before)
    expect((await get(door.lead.browser, door.pages[1] ?? '')).text).toContain(CANARY)
  })

  it('leaves its reasons with the concern, for those who may open it, and for no coordinator with whom that is shared', async () => {
    const door = await aDoor()
    const { lead, coordinator, course, concern } = door
    await open(lead, door, { telling: 'later', days: '7', embargoReason: 'They would be hurt by it.' })
    await act(lead, concern, 'sharing')
    const why = ['Opened what the two wrote', WHY, 'Did not tell the two at once', 'They would be hurt by it.']
    for (const { browser } of [lead, await aDeputy(course)])
      for (const page of ['', '/record']) {
        const { words } = await browser.open(`/admin/concerns/${concern}${page}`)
        for (const one of why) expect(words).toContain(one)
      }
    const shared = await coordinator.browser.open(`/admin/concerns/${concern}`)
    expect(shared.status).toBe(200)
    for (const one of why) expect(shared.words).not.toContain(one)
  })

  it('leaves what cannot be changed or deleted', async () => {
    const door = await aDoor()
    await open(door.lead, door)
    for (const sql of [
      'delete from access_traces',
      "update access_traces set object = 'contacts'",
      'truncate access_traces',
      `delete from disclosures where concern_id = ${door.concern}`,
    ])
      await expect(db.query(sql)).rejects.toThrow('That somebody looked stays')
    const audit = await door.lead.browser.open('/admin/audit?area=disclosure')
    expect(audit.words).toContain('Looked at what a pair wrote')
    expect(audit.words).not.toContain('harm')
    for (const path of ['/admin/audit', '/admin/audit?area=disclosure'])
      expect((await door.coordinator.browser.open(path)).words).not.toMatch(/Looked at what a pair/)
  })
})

describe('who looked at my record', () => {
  const looks = async ({ browser }: Launched) => (await browser.open('/my-data/looks')).words

  it('says it to the two at once, and to nobody else', async () => {
    const door = await aDoor()
    const { mentee, mentor, lead, course } = door
    for (const by of [mentee, mentor]) expect(await looks(by)).toContain('Nobody has looked')
    await open(lead, door)
    await lead.browser.open(door.pages[1] ?? '')
    for (const by of [mentee, mentor]) {
      expect(await told(by)).toContain('A safeguarding lead may read what you two wrote')
      const words = await looks(by)
      for (const one of [lead.person.name, 'Looked at the list of your topics', 'Read in one of your topics'])
        expect(words).toContain(one)
      expect(words).not.toContain('harm')
      expect(words).not.toContain('Read what you wrote about contacts')
    }
    for (const by of [await aStudent(course, 'mentor'), door.coordinator, (await aPairWithLead()).mentee])
      expect(await looks(by)).toContain('Nobody has looked')
  })

  it('says it when a recorded embargo is over, or lifted', async () => {
    const door = await aDoor()
    const { mentee, mentor, lead } = door
    await open(lead, door, { telling: 'later', days: '7', embargoReason: WHY })
    for (const by of [mentee, mentor]) {
      expect(await looks(by)).toContain('Nobody has looked')
      expect(await told(by)).not.toContain('may read what you two wrote')
    }
    later(24 * 7 - 1)
    await tellOfLooks({ system: true })
    expect(await looks(mentee)).toContain('Nobody has looked')
    later(2)
    await tellOfLooks({ system: true })
    await tellOfLooks({ system: true })
    for (const by of [mentee, mentor]) {
      expect(await looks(by)).toContain('Looked at the list of your topics')
      expect((await told(by)).match(/may read what you two wrote/g)).toHaveLength(1)
    }
    setClock()
    const second = await aDoor()
    await open(second.lead, second, { telling: 'later', days: '7', embargoReason: WHY })
    await second.lead.browser.open(second.pairHref)
    await second.lead.browser.submit({}, 'form[action$="/telling"]')
    expect(await looks(second.mentor)).toContain('Looked at the list of your topics')
    await forge(second.lead, `${second.pairHref}/telling`)
    expect((await told(second.mentor)).match(/may read what you two wrote/g)).toHaveLength(1)
  })
})
