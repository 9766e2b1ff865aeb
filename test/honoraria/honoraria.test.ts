import { afterEach, describe, expect, it } from 'vitest'
import { setClock } from '../../src/clock.ts'
import { makeHonorariaDue } from '../../src/features/honoraria/index.ts'
import { csvOf } from '../../src/web/csv.ts'
import { get } from '../access/world.ts'
import { aDuty, aPair, dayFromNow, idOf, type Launched } from '../support/builders.ts'
import { tokenOf } from '../support/token.ts'
import { aPairWithReports, decide, handIn, saveReportStep } from '../reports/support.ts'

const PAYS = { honorariumAmount: '150', honorariumCurrency: 'GBP' }
const aPaidPair = (settings: Record<string, string> = {}) => aPairWithReports(undefined, { ...PAYS, ...settings })

const own = async ({ browser }: Launched) => (await browser.open('/honorarium')).words
const listed = async ({ browser }: Launched) => (await browser.open('/admin/honoraria')).words
const open = async (by: Launched, mentor: Launched) => by.browser.open(`/admin/honoraria/${await idOf(mentor)}`)
const act = async (by: Launched, mentor: Launched, what: string, fields: Record<string, string> = {}) => {
  await open(by, mentor)
  return by.browser.submit(fields, `form[action$="/${what}"]`)
}
const post = async (by: Launched, path: string, fields: Record<string, string> = {}) =>
  by.browser.post(path, { _token: await tokenOf(by.browser), ...fields })
const told = async ({ browser }: Launched) => (await browser.open('/notifications')).words

afterEach(() => {
  setClock()
})

describe('an honorarium', () => {
  it('is due the moment the report is received, with the duties that are open, and goes its way to the bank', async () => {
    const { course, coordinator, mentor } = await aPaidPair()
    const payer = await aDuty(course, 'payer')
    expect(await own(mentor)).toContain('It becomes due as soon as your report is in.')
    expect(await listed(coordinator)).toContain('Expected')
    await handIn(mentor)
    expect(await own(mentor)).toContain('Due')
    expect(await own(mentor)).toContain('£150.00')
    expect(await told(coordinator)).toContain('An honorarium is due')
    expect(await listed(coordinator)).toContain('Contacts (0 of 4), Stage 1, Stage 2, Stage 3')
    await coordinator.browser.submit({ honorarium: String(await idOf(mentor)) }, '#approve')
    expect(coordinator.browser.page.words).toContain('1 is approved')
    expect(await told(mentor)).toContain('Your payment is approved')
    await listed(payer)
    await payer.browser.submit({}, 'form[action$="/exports"]')
    expect(payer.browser.page.words).toContain('The list is made, with 1 mentor')
    expect(await own(mentor)).toContain('It is with whoever pays.')
    const future = await act(payer, mentor, 'payment', { paidOn: dayFromNow(1), reference: 'BACS 0412' })
    expect([future.status, future.words.includes('Choose today or an earlier day')]).toEqual([422, true])
    await act(payer, mentor, 'payment', { paidOn: dayFromNow(0), reference: 'BACS 0412' })
    expect(await own(mentor)).toContain('The payment is called BACS 0412.')
    await act(coordinator, mentor, 'correction', { paidOn: dayFromNow(-1), reference: 'BACS 0413', note: 'A slip' })
    const page = await open(coordinator, mentor)
    expect(page.words).toMatch(/Paid on .*BACS 0412/)
    expect(page.words).toMatch(/Put right: paid on .*BACS 0413\. A slip/)
    expect(await own(mentor)).toContain('BACS 0413')
  })

  it('waits for the report to be accepted where the programme says so, and for a gate that is lowered later', async () => {
    const { coordinator, mentor } = await aPaidPair({ honorariumGate: 'accepted' })
    await handIn(mentor)
    expect(await own(mentor)).toContain('Expected')
    await saveReportStep(coordinator, { ...PAYS, honorariumGate: 'received' })
    await makeHonorariaDue({ system: true })
    expect(await own(mentor)).toContain('It has been due since')
    const other = await aPaidPair({ honorariumGate: 'accepted' })
    await handIn(other.mentor)
    await decide(other.coordinator, other.mentor, 'review')
    expect(await own(other.mentor)).toContain('Expected')
    await decide(other.coordinator, other.mentor, 'acceptance')
    expect(await own(other.mentor)).toContain('It has been due since')
  })

  it('stays due, with its amount and its day, whatever becomes of the report and the settings', async () => {
    const { coordinator, mentor } = await aPaidPair()
    await handIn(mentor)
    await saveReportStep(coordinator, { honorariumAmount: '90', honorariumCurrency: 'GBP' })
    await decide(coordinator, mentor, 'review')
    await decide(coordinator, mentor, 'return', { note: 'More, please.' })
    expect(await own(mentor)).toContain('£150.00')
    expect(await own(mentor)).toContain('It has been due since')
    await handIn(mentor)
    expect((await told(coordinator)).match(/An honorarium is due/g)).toHaveLength(1)
  })

  it('is held back for a reason that the mentor reads, and due again', async () => {
    const { coordinator, mentor } = await aPaidPair()
    await handIn(mentor)
    const empty = await act(coordinator, mentor, 'withholding', { reason: '' })
    expect([empty.status, empty.words.includes('Write why it is held back')]).toEqual([422, true])
    await act(coordinator, mentor, 'withholding', { reason: 'Two contacts are missing.' })
    expect(await own(mentor)).toContain('holds it back for now: Two contacts are missing.')
    expect(
      (
        await post(coordinator, `/admin/honoraria/${await idOf(mentor)}/payment`, {
          paidOn: dayFromNow(0),
          reference: 'x',
        })
      ).status,
    ).toBe(403)
    await act(coordinator, mentor, 'release')
    expect(await own(mentor)).toContain('It has been due since')
    expect(await own(mentor)).not.toContain('Two contacts are missing')
  })

  it('is not wanted, before it is due or after, until it is approved', async () => {
    const { coordinator, mentor } = await aPaidPair()
    await own(mentor)
    await mentor.browser.submit({}, 'form[action$="/refusal"]')
    await handIn(mentor)
    expect(await own(mentor)).toContain("You said that you don't want it.")
    expect(await told(coordinator)).not.toContain('An honorarium is due')
    await own(mentor)
    await mentor.browser.submit({}, 'form[action$="/withdrawal"]')
    expect(await own(mentor)).toContain('It has been due since')
    await act(coordinator, mentor, 'approval')
    expect((await post(mentor, '/honorarium/refusal')).status).toBe(403)
  })

  it('that moved on since the coordinator opened it is not approved, and they are told', async () => {
    const { coordinator, mentor } = await aPaidPair()
    await handIn(mentor)
    await open(coordinator, mentor)
    await own(mentor)
    await mentor.browser.submit({}, 'form[action$="/refusal"]')
    const answer = await coordinator.browser.submit({}, 'form[action$="/approval"]')
    expect([answer.status, answer.words.includes('It stands differently by now.')]).toEqual([403, true])
    expect(await own(mentor)).toContain("You said that you don't want it.")
  })

  it('of a mentee does not exist, nor where the programme pays nobody', async () => {
    const { mentee, mentor } = await aPair()
    for (const by of [mentee, mentor]) expect((await by.browser.open('/honorarium')).status).toBe(404)
    expect(mentor.browser.page.text).not.toContain('href="/honorarium"')
    const paid = await aPaidPair()
    expect((await paid.mentee.browser.open('/honorarium')).status).toBe(404)
    await handIn(paid.mentee)
    expect(await listed(paid.coordinator)).not.toContain('Priya')
  })
})

describe('who sees and does what', () => {
  it('a payer pays, and neither decides nor learns what is open', async () => {
    const { course, mentor } = await aPaidPair()
    const payer = await aDuty(course, 'payer')
    await handIn(mentor)
    expect(await listed(payer)).toContain('Sam Whitlock')
    expect(payer.browser.page.words).not.toContain('Contacts')
    expect((await open(payer, mentor)).words).not.toContain('Stage')
    const href = `/admin/honoraria/${await idOf(mentor)}`
    for (const path of ['approval', 'withholding', 'release'])
      expect((await post(payer, `${href}/${path}`, { reason: 'x' })).status).toBe(403)
    for (const path of [
      '/admin/reports',
      `/admin/reports/${await idOf(mentor)}`,
      `/admin/progress/${await idOf(mentor)}`,
    ])
      expect((await get(payer.browser, path)).status).toBe(404)
  })

  it('nobody else: not a supervisor, a mentee, the mentor, or another programme’s coordinator', async () => {
    const { course, coordinator, mentee, mentor } = await aPaidPair()
    const other = await aPaidPair()
    const supervisor = await aDuty(course, 'supervisor')
    await handIn(mentor)
    await act(coordinator, mentor, 'approval')
    await listed(coordinator)
    await coordinator.browser.submit({}, 'form[action$="/exports"]')
    const list = coordinator.browser.page.$('a[href*="/exports/"]').attr('href') ?? '/not-there'
    const href = `/admin/honoraria/${await idOf(mentor)}`
    for (const by of [other.coordinator, supervisor, mentee, mentor]) {
      expect((await get(by.browser, href)).status).toBe(404)
      expect((await get(by.browser, list)).status).toBe(404)
      for (const path of ['approval', 'withholding', 'release', 'payment', 'correction'])
        expect((await post(by, `${href}/${path}`, { reason: 'x', paidOn: dayFromNow(0), reference: 'x' })).status).toBe(
          404,
        )
    }
    await post(other.coordinator, '/admin/honoraria/approval', { honorarium: String(await idOf(mentor)) })
    expect(await own(mentor)).toContain('It is with whoever pays.')
  })
})

describe('the list for whoever pays', () => {
  it('has names, amounts and references, and nothing of a bank', async () => {
    const { coordinator, mentor } = await aPaidPair()
    await handIn(mentor)
    await act(coordinator, mentor, 'approval')
    await listed(coordinator)
    await coordinator.browser.submit({}, 'form[action$="/exports"]')
    const href = coordinator.browser.page.$('a[href*="/exports/"]').attr('href') ?? '/not-there'
    const file = await get(coordinator.browser, href)
    expect(file.headers['content-disposition']).toContain('attachment')
    expect(file.headers['content-type']).toContain('text/csv')
    const lines = file.text.trim().split('\r\n')
    expect(lines).toHaveLength(2)
    expect(lines[1]).toMatch(/^Sam Whitlock,[A-Z]\d+,150\.00,GBP,Steps to HE,\d{4}-\d\d-\d\d$/)
    await listed(coordinator)
    expect(coordinator.browser.page.$('form[action$="/exports"]')).toHaveLength(0) // once on a list, never on another
  })

  it.each(['=1+1', '+44', '-2', '@SUM(A1)', '\tx', '\rx', '＝1'])('has no cell that begins a formula: %j', (cell) => {
    const [, second = ''] = csvOf([['a', cell]])
      .replace('\ufeff', '')
      .trim()
      .split(',')
    expect(second.replace(/^"/, '').startsWith("'")).toBe(true)
  })
})
