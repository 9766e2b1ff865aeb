import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { config } from '../../config/index.ts'
import { statement } from '../../src/db.ts'
import { eraseLate } from '../../src/features/erasure/index.ts'
import { canaries, canariesIn, canary, texts } from '../access/canaries.ts'
import type { Room } from '../access/filling.ts'
import { send } from '../access/world.ts'
import { aPairWithLead, act, raise, told } from '../concerns/support.ts'
import { pdf } from '../files/documents.ts'
import { aFullRoom } from '../privacy/support.ts'
import { FORM, aPairWithReports, handIn } from '../reports/support.ts'
import { aDuty, aPair, aProgramme, idOf, launch, log, startTopic, write } from '../support/builders.ts'
import { aBrowser } from '../support/browser.ts'
import { expectRefused } from '../support/forms.ts'
import { logged } from '../support/log.ts'
import { askFor, canariesKept, closeConcerns, everyText, refOf, requestHref } from './support.ts'

const kept = join(config.dataDir, 'files', 'kept')
const filesKept = (): string[] => {
  try {
    return readdirSync(kept)
  } catch {
    return []
  }
}

/** What the mentor wrote where the mentee reads it, too. */
const OF_MENTOR = [
  'message-mentor',
  'message-reported',
  'topic-title',
  'feedback',
  'signpost',
  'want-mentor',
  'task-mentor',
]
  .concat(['expects-mentor', 'comment', 'log-shared', 'report-shared', 'offers', 'study-year', 'file-name'])
  .concat(['line', 'line-before', 'line-withdrawn'])
/** What is not the mentee's, and stays: this, and what only others read. */
const STAY = new Set(
  canaries
    .filter(({ readers }) => !(readers as readonly string[]).includes('mentee'))
    .map(({ name }) => name as string)
    .concat(
      texts.map(({ name }) => name),
      OF_MENTOR,
    ),
)

const writeLate = statement(
  'test_write_late',
  `insert into log_entries (participant_id, form_key, kind, text, tags, written_at) values ($1, gen_random_uuid(), 'diary', $2, '{}', now())`,
)
const figures = statement<Record<string, unknown>>(
  'test_figures',
  `select m.contacts_counted, m.last_contact_on::text, m.active_at, m.stage,
     (select count(*)::int from contacts c where c.match_id = m.id) as contacts,
     (select json_agg(json_build_array(c.happened_on, c.channel, c.minutes, c.state) order by c.id) from contacts c where c.match_id = m.id) as facts,
     (select count(*)::int from messages s join threads t on t.id = s.thread_id where t.match_id = m.id) as messages,
     (select json_agg(json_build_array(r.participant_id, r.first_received_at) order by r.id) from reports r
       where r.participant_id in (m.mentee_id, m.mentor_id)) as reports,
     (select count(*)::int from goals g where g.match_id = m.id) as goals,
     (select json_agg(json_build_array(p.id, p.ref, p.progress) order by p.id) from participants p where p.programme_id = m.programme_id) as people
   from matches m where m.id = $1`,
)

describe('somebody who is erased', () => {
  let room: Room
  let before: Map<string, string[]>
  let numbers: unknown
  let href: string
  let mentorsWords: string[]
  let menteeName: string
  let menteeId: number
  let theirFiles: string[]

  beforeAll(async () => {
    room = await aFullRoom('Zenobia Quill') // as nobody else is called in this database
    const { mentee, mentor, coordinator, matchId } = room
    menteeName = mentee.person.name
    menteeId = await idOf(mentee)
    const others = filesKept()
    await mentee.browser.open('/report')
    await mentee.browser.submitFile({ name: `${canary('wants')}.pdf`, data: pdf() }, {}, FORM)
    await closeConcerns(room, mentee)
    theirFiles = filesKept().filter((name) => !others.includes(name))
    href = await requestHref(mentee)
    before = await canariesKept()
    numbers = await figures(matchId)
    mentorsWords = (await everyText()).filter(({ at }) => at === 'public.messages.body').map(({ text }) => text)
    const page = await coordinator.browser.open(href)
    expect([page.status, page.words]).toEqual([200, expect.stringContaining('What would go')])
    await coordinator.browser.submit({ ref: await refOf(mentee) }, `form[action="${href}"]`)
    expect(coordinator.browser.page.words).toContain('It was removed')
    expect(mentor.browser).toBeDefined()
  }, 180_000)

  it('is nowhere in the database any more, nor are their words', async () => {
    const after = await canariesKept()
    const theirs = [...before.keys()].filter((name) => !STAY.has(name))
    expect(theirs.length).toBeGreaterThan(50)
    expect(theirs.flatMap((name) => (after.get(name) ?? []).map((at) => `${name} in ${at}`))).toEqual([])
    expect(OF_MENTOR.filter((name) => !after.has(name))).toEqual([])
    const email = room.mentee.person.email
    const left = (await everyText()).filter(({ text }) => text.includes(email) || text.includes(menteeName))
    expect(left.map(({ at }) => at)).toEqual([])
  })

  it('leaves no file, and no line of the log', () => {
    expect(theirFiles.length).toBeGreaterThan(0)
    expect(theirFiles.filter((name) => filesKept().includes(name))).toEqual([])
    expect(logged.filter((line) => canariesIn(line).length > 0)).toEqual([])
  })

  it('leaves what their partner wrote, which the partner still reads, and all numbers', async () => {
    const { mentor, matchId } = room
    const now = (await everyText()).filter(({ at }) => at === 'public.messages.body').map(({ text }) => text)
    const byMentor = mentorsWords.filter((text) => canariesIn(text).some((name) => STAY.has(name)))
    expect(byMentor.length).toBeGreaterThan(2)
    expect(byMentor.filter((text) => !now.includes(text))).toEqual([])
    const page = await mentor.browser.open(`/matches/${matchId}/threads`)
    const thread = page.$('a[href^="/threads/"]').attr('href') ?? ''
    expect((await mentor.browser.open(thread)).status).toBe(200)
    const threads = page
      .$('a[href^="/threads/"]')
      .toArray()
      .map((link) => page.$(link).attr('href') ?? '')
    let read = ''
    for (const one of threads) read += (await mentor.browser.open(one)).words
    expect(read).toContain(canary('message-mentor'))
    expect(read).toContain('Message withdrawn')
    expect(read).not.toContain(menteeName)
    expect(await figures(matchId)).toEqual(numbers)
  })

  it('is signed out, and begins anew as somebody unknown', async () => {
    const { mentee, course } = room
    expect((await mentee.browser.open('/my-data')).status).toBe(401)
    const again = await launch(mentee.person, course, { browser: aBrowser() })
    expect(again.browser.page.url).toMatch(/\/welcome/)
    expect((await again.browser.open('/my-data/erasure')).status).toBe(404)
    expect((await everyText()).filter(({ text }) => canariesIn(text).includes('wants'))).toEqual([])
  })

  it('takes what was under way at that moment, too, and changes nothing else then', async () => {
    await writeLate(menteeId, 'late-words-of-somebody-gone')
    await eraseLate({ system: true })
    expect((await everyText()).filter(({ text }) => text.includes('late-words-of'))).toEqual([])
    expect(await figures(room.matchId)).toEqual(numbers)
  })

  it('is not erased twice: a second run finds nothing', async () => {
    const { coordinator } = room
    const page = await coordinator.browser.open(href)
    expect(page.$('form[action^="/admin/data/erasures"]')).toHaveLength(0)
    const once = await everyText()
    expect((await send(coordinator.browser, href, { ref: 'K1' })).status).toBe(303)
    const counted = (texts: typeof once) => texts.filter(({ at }) => !at.includes('sessions')).length
    expect(counted(await everyText())).toBe(counted(once))
  })
})

describe('a request to be erased', () => {
  it('needs a tick, waits for the coordinator, and can be taken back', async () => {
    const { mentee, coordinator } = await aPair()
    await mentee.browser.open('/my-data')
    await mentee.browser.follow('Have my data removed')
    expectRefused(await mentee.browser.submit(), 'sure', 'Tick this')
    await askFor(mentee)
    await askFor(mentee).catch(() => undefined) // the form is gone: it is asked once
    expect(mentee.browser.page.words).toContain('You have asked')
    expect((await coordinator.browser.open('/admin')).words).toContain('Priya Nair asks that their data is removed')
    expect(await told(coordinator)).toContain('Somebody asks that their data is removed')
    const href = await requestHref(mentee)
    expectRefused(
      (await coordinator.browser.open(href), await coordinator.browser.submit({ ref: 'Z99' })),
      'ref',
      'Type the reference',
    )
    await mentee.browser.open('/my-data/erasure')
    await mentee.browser.submit({}, 'form[action$="/withdrawal"]')
    expect((await coordinator.browser.open('/admin')).words).not.toContain('data is removed')
    expect((await send(coordinator.browser, href, { ref: await refOf(mentee) })).status).toBe(403)
    expect((await mentee.browser.open('/')).status).toBe(200)
  })

  it('is held back by an open concern of whoever it is, without a word of whose it is', async () => {
    const { mentee, mentor, coordinator, lead } = await aPairWithLead()
    const concern = await raise(mentee, { about: 'me' })
    const href = await askFor(mentor)
    const own = await askFor(mentee)
    const page = await coordinator.browser.open(own)
    expect(page.words).toContain('A record that the college has to keep for now is still open')
    expect(page.words).not.toMatch(/concern/i)
    expect(page.$(`form[action="${own}"]`)).toHaveLength(0)
    expect((await send(coordinator.browser, own, { ref: await refOf(mentee) })).status).toBe(422)
    expect((await send(coordinator.browser, own + '/refusal', { reason: 'payment' })).status).toBe(422)
    await coordinator.browser.submit({ reason: 'record' }, 'form[action$="/refusal"]')
    expect(await told(mentee)).toContain('Your data cannot be removed yet')
    const why = (await mentee.browser.open('/my-data/erasure')).words
    expect(why).toContain('A record that the college has to keep for now')
    expect(why).not.toContain('concern is')
    expect((await coordinator.browser.open(href)).status).toBe(200)
    await act(lead, concern, 'acknowledgement')
    await act(lead, concern, 'closing', { note: 'All is well.' })
    const again = await askFor(mentee)
    await coordinator.browser.open(again)
    await coordinator.browser.submit({ ref: await refOf(mentee) }, `form[action="${again}"]`)
    expect(coordinator.browser.page.words).toContain('It was removed')
  })

  it('is held back by a payment under way, and by a duty', async () => {
    const { mentor, coordinator } = await aPairWithReports(undefined, {
      honorariumAmount: '150',
      honorariumCurrency: 'GBP',
    })
    await handIn(mentor)
    const href = await askFor(mentor)
    expect((await coordinator.browser.open(href)).words).toContain('Their payment is due')
    expect((await send(coordinator.browser, href, { ref: await refOf(mentor) })).status).toBe(422)
  })

  it('does not exist for anybody but the coordinator of the programme', async () => {
    const { course, mentee, mentor } = await aPair()
    const href = await askFor(mentee)
    const ref = await refOf(mentee)
    const others = [mentee, mentor, await aDuty(course, 'concern_lead'), await aDuty(course, 'payer')]
    for (const { browser } of [...others, (await aProgramme()).coordinator]) {
      expect((await browser.open(href)).status).toBe(404)
      expect((await send(browser, href, { ref })).status).toBe(404)
      expect((await send(browser, `${href}/refusal`, { reason: 'record' })).status).toBe(404)
    }
    expect((await mentee.browser.open('/my-data/erasure')).words).toContain('You have asked')
  })

  it('leaves the other matches and people of the programme alone', async () => {
    const first = await aPair()
    const thread = await startTopic(first.mentor, first.matchId, { body: 'Words of the mentor' })
    await write(first.mentee, thread, { body: 'Words of the mentee' })
    await log(first.mentee, first.contactsHref, { line: 'A line of hers' })
    const second = await aPair()
    await startTopic(second.mentee, second.matchId, { body: 'Words elsewhere' })
    const id = await idOf(first.mentee)
    const href = await askFor(first.mentee)
    await first.coordinator.browser.open(href)
    await first.coordinator.browser.submit({ ref: await refOf(first.mentee) }, `form[action="${href}"]`)
    const texts = (await everyText()).map(({ text }) => text)
    for (const text of ['Words of the mentor', 'Words elsewhere']) expect(texts).toContain(text)
    for (const text of ['Words of the mentee', 'A line of hers']) expect(texts).not.toContain(text)
    expect(id).toBeGreaterThan(0)
    expect((await second.mentee.browser.open('/')).status).toBe(200)
    const people = await first.coordinator.browser.open('/admin/people')
    expect([people.status, people.words]).toEqual([200, expect.not.stringContaining('Priya Nair')])
  })
})
