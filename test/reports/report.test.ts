import { afterEach, describe, expect, it } from 'vitest'
import { setClock } from '../../src/clock.ts'
import { statement } from '../../src/db.ts'
import { remindOfReports } from '../../src/features/reports/index.ts'
import { receiptOf } from '../../src/features/reports/service.ts'
import { aPair, aProgramme, aStudent, dayFromNow, idOf, launch, type Launched } from '../support/builders.ts'
import { expectRefused } from '../support/forms.ts'
import { tokenOf } from '../support/token.ts'
import { ANSWERS, aPairWithReports, decide, FORM, handIn, openReport } from './support.ts'

const remind = () => remindOfReports({ system: true })
const inDays = (days: number) => {
  setClock(new Date(Date.now() + days * 86_400_000))
}
const endSessions = statement(
  'test_end_sessions_for_reports',
  'update sessions set ended_at = now() where person_id = (select id from people where sub = $1)',
)
const firstReceived = statement<{ first_received_at: Date | null; state: string; names_in: string[] }>(
  'test_first_received',
  `select r.first_received_at, r.state, r.names_in from reports r join participants pa on pa.id = r.participant_id
   join people p on p.id = pa.person_id where p.sub = $1`,
)
const rowOf = async ({ person }: Launched) => (await firstReceived(person.id))[0]
const post = async (by: Launched, path: string, fields: Record<string, string> = {}) =>
  by.browser.post(path, { _token: await tokenOf(by.browser), ...fields })
const toldOn = async ({ browser }: Launched) => (await browser.open('/notifications')).words

afterEach(() => {
  setClock()
})

describe('a report', () => {
  it('cannot be written before a match has begun', async () => {
    const { course } = await aProgramme()
    const mentee = await aStudent(course, 'mentee')
    const page = await mentee.browser.open('/report')
    expect(page.words).toContain('Your report opens when you begin')
    expect(page.$(FORM)).toHaveLength(0)
    expect((await post(mentee, '/report', ANSWERS)).status).toBe(403)
  })

  it('comes with a receipt that says when, its number, and whether it was on time', async () => {
    const { mentee } = await aPairWithReports(30)
    const form = await mentee.browser.open('/report')
    expect(form.words).toContain('Marion Okafor, the coordinator. Tutors see only that it has arrived.')
    const page = await handIn(mentee)
    expect(page.words).toContain('We have your report')
    expect(page.words).toMatch(/Receipt numberR-[2-9A-Y]{4}/)
    expect(page.words).toMatch(/On timeYes\. It was due on/)
    expect(page.words).toContain('We met four times.')
  })

  it('of a mentor asks in their words, and has a day of its own', async () => {
    const { mentor } = await aPairWithReports(30, { mentorReportOn: dayFromNow(3) })
    const page = await mentor.browser.open('/report')
    expect(page.words).toContain('A short look back at being a mentor.')
    expect((await mentor.browser.open('/')).words).toContain('Write your report')
  })

  it('that is late is allowed, and marked for both', async () => {
    const { coordinator, mentee } = await aPairWithReports(1)
    inDays(3)
    expect((await mentee.browser.open('/report')).words).toContain('State Overdue')
    const page = await handIn(mentee)
    expect(page.words).toContain('Received, late')
    expect(page.words).toContain('It came after its day')
    expect((await coordinator.browser.open('/admin/reports')).words).toContain('Received, late')
  })

  it('keeps what was typed beside what is missing, and changes nothing', async () => {
    const { mentee } = await aPairWithReports()
    const page = await handIn(mentee, { did: '', changed: 'x'.repeat(4001), advice: 'More evenings' })
    expect(page.status).toBe(422)
    expect(page.words).toContain('Write a line or two about what you did')
    expect(page.words).toContain('An answer can have at most 4,000 characters')
    expect(page.$('#advice').text()).toBe('More evenings')
    expect(await rowOf(mentee)).toBeUndefined()
  })

  it('can wait as a draft, which only its writer sees, and survives an ended session', async () => {
    const { course, coordinator, mentee } = await aPairWithReports()
    await mentee.browser.open('/report')
    await mentee.browser.press('button[value="draft"]', { did: 'Half a thought' })
    expect(mentee.browser.page.words).toContain('Kept as a draft')
    expect(mentee.browser.page.words).toContain('State Draft')
    expect((await openReport(coordinator, mentee)).words).not.toContain('Half a thought')
    await endSessions(mentee.person.id)
    const lost = await mentee.browser.submit({ did: 'A whole thought', changed: 'Much' }, FORM)
    expect(lost.status).toBe(401)
    const again = await launch(mentee.person, course)
    expect((await again.browser.open('/report')).$('#did').text()).toBe('A whole thought')
    await again.browser.submit({}, FORM)
    expect(await rowOf(mentee)).toMatchObject({ state: 'received' })
    await post(again, '/report/recall')
    expect((await again.browser.open('/report')).$('#did').text()).toBe('A whole thought') // the report, no draft
  })

  it('sent by a double click is one', async () => {
    const { coordinator, mentee } = await aPairWithReports()
    await mentee.browser.open('/report')
    const pages = await mentee.browser.doubleClick(ANSWERS, FORM)
    expect(pages.map(({ words }) => words.includes('We have your report'))).toEqual([true, true, true])
    expect((await toldOn(coordinator)).match(/A report has come/g)).toHaveLength(1)
  })

  it('handed in from another tab is not written over; what stood there is kept', async () => {
    const { mentee } = await aPairWithReports()
    await handIn(mentee)
    const page = await post(mentee, '/report', { did: 'Another text', changed: 'Another' })
    expect(page.words).toContain('You had handed it in already')
    expect(page.words).toContain('We met four times.')
    await post(mentee, '/report/recall')
    expect((await mentee.browser.open('/report')).$('#did').text()).toBe('Another text')
  })
})

const hide = statement(
  'test_hide_prompt',
  `update programme_content set hidden = true where key = $1 and programme_id =
     (select p.id from programmes p join contexts c on c.id = p.context_id where c.title = $2)`,
)

it('asks what the programme asks, in its words, and keeps what was answered before', async () => {
  const { coordinator, mentee } = await aPairWithReports()
  await coordinator.browser.open('/admin/content/reportPrompts/report-what-helped')
  await coordinator.browser.submit({ title: 'Who stood by you?', text: 'No names, please.' })
  await mentee.browser.open('/report')
  expect(mentee.browser.page.words).toContain('2. Who stood by you?')
  await handIn(mentee, { ...ANSWERS, helped: 'The library.' })
  await hide('report-what-helped', coordinator.course.title)
  await decide(coordinator, mentee, 'review')
  expect(coordinator.browser.page.words).toContain('A question that is not asked any more')
  expect(coordinator.browser.page.words).toContain('The library.')
})

describe('the names of partners', () => {
  it('are asked about, never forbidden: name, e-mail and user name, with and without accents', async () => {
    const { mentee, mentor } = await aPairWithReports()
    const page = await handIn(mentee, { ...ANSWERS, helped: 'Sám never told me what to do.', advice: 'Ask whitlock' })
    expect(page.status).toBe(422)
    expect(page.words).toContain('Please check 2 names')
    expect(page.words).toContain('Question 2: “Sám”')
    expect(page.words).toContain('Question 5: “whitlock”')
    expect(page.$('#helped').text()).toBe('Sám never told me what to do.')
    expect(await rowOf(mentee)).toBeUndefined()
    await mentee.browser.press('button[name="_anyway"]')
    expect(mentee.browser.page.words).toContain('We have your report')
    expect((await rowOf(mentee))?.names_in).toEqual(['helped', 'advice'])
    const mail = await handIn(mentor, { ...ANSWERS, did: `Write to ${mentee.person.email}` })
    expect(mail.words).toContain('Please check one name')
  })

  it('are said to the coordinator before they read', async () => {
    const { coordinator, mentee } = await aPairWithReports()
    await handIn(mentee, { ...ANSWERS, helped: 'Sam' })
    await mentee.browser.press('button[name="_anyway"]')
    const page = await openReport(coordinator, mentee)
    expect(page.words).toContain('One answer may have the name of a partner in it')
    expect(page.words).not.toContain('We met four times.')
  })
})

describe('what becomes of a report', () => {
  it('can be taken back until somebody reads it, and the first date stays', async () => {
    const { coordinator, mentee } = await aPairWithReports()
    await handIn(mentee)
    const first = (await rowOf(mentee))?.first_received_at
    inDays(1)
    await mentee.browser.submit({}, 'form[action="/report/recall"]')
    expect(mentee.browser.page.words).toContain('You have it back')
    expect((await openReport(coordinator, mentee)).words).toContain('took it back to change it')
    await handIn(mentee, { ...ANSWERS, did: 'We met five times.' })
    expect((await rowOf(mentee))?.first_received_at).toEqual(first)
    await decide(coordinator, mentee, 'review')
    expect((await post(mentee, '/report/recall')).status).toBe(403)
    expect(coordinator.browser.page.words).toContain('We met five times.')
  })

  it('is sent back with a note, handed in again, and accepted', async () => {
    const { coordinator, mentee } = await aPairWithReports(30)
    await handIn(mentee)
    const first = (await rowOf(mentee))?.first_received_at
    await decide(coordinator, mentee, 'review')
    const empty = await decide(coordinator, mentee, 'return', { note: ' ' })
    expect([empty.status, empty.words.includes('Write what should change')]).toEqual([422, true])
    await decide(coordinator, mentee, 'return', { note: 'Say a little about what was hard.' })
    expect(await toldOn(mentee)).toContain('Your report came back with a note')
    expect((await mentee.browser.open('/')).words).toContain('Your report came back with a note')
    const page = await mentee.browser.open('/report')
    expect(page.words).toContain('“Say a little about what was hard.”')
    expect(page.$('#did').text()).toBe('We met four times.')
    await handIn(mentee, { hindered: 'Evenings.' })
    await decide(coordinator, mentee, 'review')
    await decide(coordinator, mentee, 'acceptance')
    expect(coordinator.browser.page.words).toContain('Accepted')
    expect((await mentee.browser.open('/report')).words).toContain('There is nothing more to do for your report')
    expect((await rowOf(mentee))?.first_received_at).toEqual(first)
    for (const path of ['return', 'review', 'waiver'])
      expect(
        (await post(coordinator, `/admin/reports/${await idOf(mentee)}/${path}`, { note: 'x', reason: 'x' })).status,
      ).toBe(403)
  })

  it('is not needed, for a reason that the writer reads, and may be needed again', async () => {
    const { coordinator, mentor } = await aPairWithReports(30)
    await decide(coordinator, mentor, 'waiver', { reason: 'You were ill.' })
    const page = await mentor.browser.open('/report')
    expect(page.words).toContain('Marion Okafor wrote: You were ill.')
    expect((await post(mentor, '/report', ANSWERS)).status).toBe(403)
    await decide(coordinator, mentor, 'waiver/withdrawal')
    expect((await handIn(mentor)).words).toContain('We have your report')
  })

  it('has a later day for one person, and not one that is over', async () => {
    const { coordinator, mentee, mentor } = await aPairWithReports(2)
    const past = await decide(coordinator, mentee, 'extension', { until: dayFromNow(-1) })
    expect([past.status, past.words.includes('Choose today or a later day')]).toEqual([422, true])
    for (const days of [1, 2]) {
      const early = await decide(coordinator, mentee, 'extension', { until: dayFromNow(days) })
      expectRefused(early, 'until', 'Choose a later day than the one that everybody has')
    }
    await decide(coordinator, mentee, 'extension', { until: dayFromNow(20) })
    inDays(5)
    expect((await mentor.browser.open('/report')).words).toContain('Overdue')
    expect((await mentee.browser.open('/report')).words).toContain('gave you more time')
    expect((await handIn(mentee)).words).toContain('On timeYes')
  })

  it('keeps the time it first came even against the database’s own hand', async () => {
    const { mentee } = await aPairWithReports()
    await handIn(mentee)
    const move = statement(
      'test_move_first',
      'update reports set first_received_at = now() where first_received_at is not null',
    )
    await expect(move()).rejects.toThrow('first_received_at never changes')
  })
})

describe('reminders', () => {
  it('come 14, 7 and 1 days before, once each, and never after the day', async () => {
    const { mentee } = await aPairWithReports(20)
    await remind()
    expect(await toldOn(mentee)).not.toContain('Your report is due')
    for (const [day, text] of [
      [6, 'in two weeks'],
      [9, 'in two weeks'],
      [13, 'in a week'],
      [19, 'by tomorrow'],
    ] as const) {
      inDays(day)
      await remind()
      await remind()
      const told = await toldOn(mentee)
      expect(told.match(/Your report is due/g), String(day)).toHaveLength(1)
      expect(told).toContain(text)
    }
    inDays(22)
    await remind()
    expect(await toldOn(mentee)).not.toContain('Your report is due')
  })

  it('follow a new day, and end with the report', async () => {
    const { coordinator, mentee, mentor } = await aPairWithReports(5)
    await remind()
    expect(await toldOn(mentee)).toContain('in a week')
    await decide(coordinator, mentee, 'extension', { until: dayFromNow(13) })
    await remind()
    expect(await toldOn(mentee)).toContain('in two weeks')
    await handIn(mentor)
    inDays(4)
    await remind()
    expect(await toldOn(mentor)).not.toContain('Your report is due')
  })
})

describe('who reads a report', () => {
  it('is its writer, then the coordinator who has begun to, and a partner who is let in', async () => {
    const { coordinator, mentee, mentor, matchId } = await aPairWithReports()
    await handIn(mentee, { ...ANSWERS, did: 'canary-of-my-report' })
    const shared = `/matches/${matchId}/report`
    expect((await mentor.browser.open(shared)).status).toBe(404)
    await mentee.browser.open('/report')
    await mentee.browser.submit({}, 'form[action="/report/sharing"]')
    expect((await mentor.browser.open('/report')).words).toContain('Read the report of Priya')
    expect((await mentor.browser.open(shared)).words).toContain('canary-of-my-report')
    expect((await coordinator.browser.open(shared)).status).toBe(404)
    await mentee.browser.open('/report')
    await mentee.browser.submit({}, 'form[action="/report/sharing"]')
    expect((await mentor.browser.open(shared)).status).toBe(404)
    expect((await openReport(coordinator, mentee)).text).not.toContain('canary-of-my-report')
    await decide(coordinator, mentee, 'review')
    expect(coordinator.browser.page.words).toContain('canary-of-my-report')
  })

  it('is nobody in another programme, by page or by a forged form', async () => {
    const { mentee } = await aPairWithReports()
    const other = await aPair()
    await handIn(mentee)
    const href = `/admin/reports/${await idOf(mentee)}`
    expect((await other.coordinator.browser.open(href)).status).toBe(404)
    for (const path of ['review', 'acceptance', 'return', 'waiver', 'waiver/withdrawal', 'extension'])
      expect(
        (await post(other.coordinator, `${href}/${path}`, { note: 'x', reason: 'x', until: dayFromNow(9) })).status,
      ).toBe(404)
    expect((await rowOf(mentee))?.state).toBe('received')
  })

  it('finds what is to be read first, and what is overdue, page by page', async () => {
    const { coordinator, mentee } = await aPairWithReports(1)
    await handIn(mentee)
    inDays(3)
    const names = async (show: string) => {
      const { $ } = await coordinator.browser.open(`/admin/reports?show=${show}`)
      return $('tbody th a')
        .toArray()
        .map((link) => $(link).text())
    }
    expect(await names('all')).toEqual(['Priya Nair', 'Sam Whitlock'])
    expect(await names('toRead')).toEqual(['Priya Nair'])
    expect(await names('overdue')).toEqual(['Sam Whitlock'])
    expect(await names('missing')).toEqual(['Sam Whitlock'])
    expect(await names('done')).toEqual([])
  })
})

it('gives every report a number of its own', () => {
  const numbers = new Set(Array.from({ length: 100_000 }, (_, at) => receiptOf({ id: at + 1 })))
  expect(numbers.size).toBe(100_000)
  expect(receiptOf({ id: 923_521 * 3 + 5 })).not.toBe(receiptOf({ id: 5 }))
})
