import { afterEach, describe, expect, it } from 'vitest'
import { now, setClock } from '../../src/clock.ts'
import { statement } from '../../src/db.ts'
import type { Fields } from '../support/browser.ts'
import { aPair, confirm, dayFromNow, log, type Launched } from '../support/builders.ts'
import { tokenOf } from '../support/token.ts'

const DAY = 86_400_000
const later = (time: number) => {
  setClock(new Date(now().getTime() + time))
}
afterEach(() => {
  setClock()
})

const formOf = (item: string) => `form[action$="/items/${item}"]`
/** Presses a button of an item, as it was served. */
async function say({ browser }: Launched, matchId: number, item: string, verdict: string, stage = 1) {
  await browser.open(`/matches/${matchId}/stages/${stage}`)
  const button = browser.page.$(`${formOf(item)} button[value=${verdict}]`)
  expect(button, `${item}: ${verdict}`).toHaveLength(1)
  return browser.submit({ verdict }, formOf(item))
}
async function ready({ browser }: Launched, matchId: number) {
  await browser.open(`/matches/${matchId}/stages`)
  return browser.submit({ ready: browser.page.$('button[name=ready]').attr('value') }, 'form[action$="/readiness"]')
}
const post = async ({ browser }: Launched, path: string, fields: Fields) =>
  browser.post(path, { _token: await tokenOf(browser), ...fields })
async function reflect({ browser }: Launched, matchId: number, stage: number) {
  await browser.open(`/matches/${matchId}/stages/${stage}`)
  await browser.follow('Write about it')
  return browser.submit({ text: 'canary-of-my-log' }, 'form[action="/logbook"]')
}
/** Writes the line about what one wants, by the link of the item. */
async function want({ browser }: Launched, matchId: number) {
  await browser.open(`/matches/${matchId}/stages/1`)
  await browser.follow('Write your line')
  return browser.submit({ wants: 'canary-of-wants' })
}
type Pair = Awaited<ReturnType<typeof aPair>>
/** All that a stage asks for, but for being ready. */
async function doStage({ mentee, mentor, matchId }: Pair, stage: 1 | 2 | 3) {
  const items = {
    1: ['item-trust'],
    2: [],
    3: ['item-talked-about-ending', 'item-final-session', 'item-exit-review'],
  }
  for (const item of items[stage]) {
    await say(mentee, matchId, item, 'talked', stage)
    await say(mentor, matchId, item, 'talked', stage)
  }
  if (stage === 1) for (const by of [mentee, mentor]) await want(by, matchId)
  await reflect(mentor, matchId, stage)
  if (stage > 1) await reflect(mentee, matchId, stage)
}
const chipOf = ({ browser }: Launched, item: string) => browser.page.$(`#${item} .sp-chip`).text()
const close = statement(
  'test_close_for_stages',
  "update matches set state = $2, ended_at = $3::timestamptz, end_reason = case when $3::timestamptz is null then null else 'natural_end' end where id = $1",
)

describe('the stages of a pair', () => {
  it('tick items side by side, and move on when both are ready and all is done', async () => {
    const pair = await aPair()
    const { coordinator, mentee, mentor, matchId } = pair
    const first = await mentee.browser.open(`/matches/${matchId}/stages`)
    expect(first.url).toMatch(/\/stages\/1$/)
    expect(first.words).toContain('Stage 1: Getting to know each other')
    expect(first.words).toContain('Four things that everyone does')
    expect(chipOf(mentee, 'item-agreement')).toBe('Done')
    expect(chipOf(mentee, 'item-trust')).toBe('Open')
    await say(mentee, matchId, 'item-trust', 'talked')
    expect(chipOf(mentee, 'item-trust')).toBe('Waiting for Sam')
    await mentor.browser.open(`/matches/${matchId}/stages/1`)
    expect(chipOf(mentor, 'item-trust')).toBe('Waiting for you')
    expect(mentor.browser.page.$('#item-trust').text()).toContain('Priya ticked this today at')

    await ready(mentee, matchId)
    expect(mentee.browser.page.words).toContain('You are ready')
    expect((await mentor.browser.open('/notifications')).words).toContain('Your partner is ready to move on')
    await ready(mentor, matchId)
    expect(mentor.browser.page.words).toContain('Stage 1:') // not all is done
    expect(mentor.browser.page.$('main').text()).toContain('Still open:')
    await say(mentor, matchId, 'item-trust', 'talked')
    await want(mentee, matchId)
    await want(mentor, matchId)
    expect((await mentor.browser.open('/')).$('.sp-stages .is-now').text()).toContain('1. Getting to know')
    await reflect(mentor, matchId, 1) // the last one: it moves them on by itself
    expect((await mentor.browser.open('/')).$('.sp-stages .is-now').text()).toContain('2. Working together')
    const told = await mentee.browser.open('/notifications')
    expect(told.words).toContain('You are in a new stage')
    expect(told.words).not.toContain('ready to move on')

    const facts = await coordinator.browser.open(`/admin/matches/${matchId}`)
    expect(facts.words).toContain('2, since today')
    await coordinator.browser.open('/admin/matches')
    expect(coordinator.browser.page.$('td[data-label=Stage]').text().trim()).toBe('2, day 1')
  })

  it('go to their end, and back again with a line that both read', async () => {
    const pair = await aPair()
    const { coordinator, mentee, mentor, matchId } = pair
    for (const stage of [1, 2, 3] as const) {
      await doStage(pair, stage)
      await ready(mentee, matchId)
      expect((await ready(mentor, matchId)).words).toContain('You move on')
    }
    expect(mentor.browser.page.words).toContain('This stage is done, since today')
    expect((await mentee.browser.open('/notifications')).words).toContain('Your stages are done')

    const href = `/matches/${matchId}/stages/1`
    await mentee.browser.open(href)
    for (const [line, error] of [
      [' ', 'Say in a line why you would like to go back'],
      ['x'.repeat(281), 'Keep it to 280 characters'],
    ] as const) {
      const page = await mentee.browser.submit({ line }, 'form[action$="/reopening"]')
      expect([page.status, page.$('#line-error').text()]).toEqual([422, expect.stringContaining(error)])
      expect(page.$('#line').attr('value')).toBe(line)
    }
    const back = await mentee.browser.submit({ line: 'canary-of-reopening' }, 'form[action$="/reopening"]')
    expect(back.words).toContain('You are back in this stage')
    expect(back.$('[aria-current=step]').text()).toContain('You are here')
    const read = await mentor.browser.open(href)
    expect(read.words).toContain('Priya came back to this stage today at')
    expect(read.words).toContain('“canary-of-reopening”')
    expect(read.$('button[name=ready]').text()).toBe("I'm ready")
    expect((await mentor.browser.open('/notifications')).text).not.toContain('canary')
    for (const path of ['/admin', `/admin/matches/${matchId}`, href])
      expect((await coordinator.browser.open(path)).text).not.toMatch(/canary/)
    await ready(mentee, matchId)
    await ready(mentor, matchId) // what was done stays done
    expect(mentor.browser.page.url).toMatch(/\/stages\/3$/)
  })

  it('takes nothing that is not one’s own to say', async () => {
    const { mentee, mentor, matchId } = await aPair()
    const href = `/matches/${matchId}/stages`
    const answers = async (by: Launched, path: string, fields: Fields) => (await post(by, href + path, fields)).status
    expect(await answers(mentee, '/1/items/item-log-stage-1', { verdict: 'talked' })).toBe(403) // the mentor's
    expect(await answers(mentor, '/1/items/item-log-stage-1', { verdict: 'talked' })).toBe(403) // by writing it
    expect(await answers(mentor, '/1/items/item-trust', { verdict: 'not_for_us' })).toBe(403)
    expect(await answers(mentor, '/2/items/item-trust', { verdict: 'talked' })).toBe(404) // not of that stage
    expect(await answers(mentor, '/1/items/item-never', { verdict: 'talked' })).toBe(404)
    for (const fields of [{}, { verdict: 'maybe' }, { verdict: ['talked', 'later'] }])
      expect(await answers(mentor, '/1/items/item-trust', fields)).toBe(404)
    for (const path of ['/0/readiness', '/4/readiness', '/1e0x/readiness'])
      expect(await answers(mentor, path, { ready: 'yes' })).toBe(404)
    expect(await answers(mentor, '/2/readiness', { ready: 'yes' })).toBe(200) // they are not there
    expect(mentor.browser.page.words).toContain('You are in another stage now')
    expect(await answers(mentor, '/3/opening', {})).toBe(403)
    await mentor.browser.open(`${href}/1`)
    expect(mentor.browser.page.$('#item-trust .sp-verdict button')).toHaveLength(2) // no “not for us”
    expect(mentor.browser.page.$('#item-skills-audit')).toHaveLength(0) // the mentee's, in private
  })

  it('say the same twice and change it again', async () => {
    const { mentee, mentor, matchId } = await aPair()
    await say(mentee, matchId, 'item-coursework', 'later')
    await say(mentee, matchId, 'item-coursework', 'talked')
    const button = mentee.browser.page.$(`${formOf('item-coursework')} button[aria-pressed=true]`)
    expect(button.text()).toContain('Talked about it')
    await mentor.browser.open(`/matches/${matchId}/stages/1`)
    expect(mentor.browser.page.$('#item-coursework').text()).toContain('Priya ticked this')
    await say(mentee, matchId, 'item-coursework', 'open') // the pressed one takes it back
    expect(mentee.browser.page.$('#item-coursework button[aria-pressed=true]')).toHaveLength(0)
    for (const by of [mentee, mentor]) await say(by, matchId, 'item-wellbeing', 'not_for_us')
    expect(chipOf(mentor, 'item-wellbeing')).toBe('Not for you two')
    await ready(mentee, matchId)
    expect((await ready(mentee, matchId)).words).toContain('Take the time you need')
    expect((await mentor.browser.open('/notifications')).words).not.toContain('ready to move on')
  })
})

it('asks a mentor kindly, and tells the coordinator, when the first stage takes long', async () => {
  const { coordinator, mentee, mentor, matchId } = await aPair()
  const stuck = async ({ browser }: Launched, path: string) => (await browser.open(path)).words
  later(21 * DAY)
  expect(await stuck(mentor, `/matches/${matchId}/stages/1`)).not.toContain('You have been here for')
  later(DAY)
  expect(await stuck(mentor, `/matches/${matchId}/stages/1`)).toContain('You have been here for 3 weeks')
  expect(await stuck(mentee, `/matches/${matchId}/stages/1`)).not.toContain('You have been here for')
  expect(await stuck(coordinator, '/admin/matches')).toContain('May be stuck')
  expect(await stuck(coordinator, `/admin/matches/${matchId}`)).toContain('They may be stuck')
})

it('lets a pair that comes to its end begin the last stage, and read for thirty days more', async () => {
  const { mentee, mentor, matchId } = await aPair()
  await close(matchId, 'closing', null)
  await mentee.browser.open(`/matches/${matchId}/stages`)
  const last = await mentee.browser.submit({}, 'form[action$="/stages/3/opening"]')
  expect(last.words).toContain('Stage 3: Ending well')
  expect(last.$('.is-skipped')).toHaveLength(2)
  expect((await mentor.browser.open('/notifications')).words).toContain('You are in a new stage')
  for (const by of [mentee, mentor]) {
    await say(by, matchId, 'item-talked-about-ending', 'not_for_us', 3)
    for (const item of ['item-final-session', 'item-exit-review']) await say(by, matchId, item, 'talked', 3)
    await reflect(by, matchId, 3)
    await ready(by, matchId)
  }
  expect(mentor.browser.page.words).toContain('This stage is done') // and what was left out stays so
  expect(mentor.browser.page.url).toMatch(/\/stages\/3$/)
  await close(matchId, 'closed', now())
  const over = await mentor.browser.open(`/matches/${matchId}/stages/3`)
  expect(over.words).toContain('This match is over')
  expect(over.$('main form')).toHaveLength(0)
  for (const stage of [1, 2, 3])
    expect((await mentor.browser.open(`/matches/${matchId}/stages/${stage}`)).text).not.toContain('/new"')
  const verdict = { verdict: 'talked' }
  expect((await post(mentor, `/matches/${matchId}/stages/3/items/item-routes`, verdict)).status).toBe(403)
  later(31 * DAY)
  expect((await mentor.browser.open(`/matches/${matchId}/stages/3`)).status).toBe(404)
})

it('leaves put aside what one of them has put aside, whatever the other does', async () => {
  const { mentee, mentor, matchId } = await aPair()
  await say(mentee, matchId, 'item-next-task', 'not_for_us')
  await mentor.browser.open(`/matches/${matchId}/tasks/new`)
  await mentor.browser.submit({ task: 'Read page 3', owner: 'mentor' })
  await mentee.browser.open(`/matches/${matchId}/stages/1`)
  expect(mentee.browser.page.$('#item-next-task [aria-pressed=true]').text()).toContain('Not for us')
  expect(mentee.browser.page.$('#item-next-task').text()).toContain('Sam ticked this')
})

describe('the agenda of a contact', () => {
  it('is taken from what is open, is ticked for whoever logs it, and for the other one with their yes', async () => {
    const { mentee, mentor, matchId, contactsHref } = await aPair()
    await mentor.browser.open(`${contactsHref}/next`)
    const offered = mentor.browser.page.$('input[name=agenda]')
    expect(offered.first().attr('value')).toBe('item-trust') // what everybody does comes first
    expect(offered.length).toBeLessThanOrEqual(5)
    await mentor.browser.submit({ nextOn: dayFromNow(0), agenda: ['item-trust', 'item-coursework'] })
    const page = await mentor.browser.open(`${contactsHref}/new`)
    const first = page.$('input[name=talked]').slice(0, 2)
    expect(first.toArray().map((box) => page.$(box).attr('value'))).toEqual(['item-trust', 'item-coursework'])
    await log(mentor, contactsHref, { talked: ['item-trust', 'item-coursework'] })
    await mentee.browser.open('/')
    expect(mentee.browser.page.words).toContain('and what you talked about')
    expect(mentee.browser.page.$('main form[action$="/confirmation"]')).toHaveLength(0) // it is to be seen first
    expect((await mentee.browser.follow('Look at it, and answer')).words).toContain('You talked about: Trust, privacy')
    expect((await mentee.browser.open(contactsHref)).words).toContain('You talked about: Trust, privacy')
    await mentor.browser.open(`/matches/${matchId}/stages/1`)
    expect(chipOf(mentor, 'item-trust')).toBe('Waiting for Priya')
    await confirm(mentee, contactsHref)
    await mentor.browser.open(`/matches/${matchId}/stages/1`)
    expect(chipOf(mentor, 'item-trust')).toBe('Done')
    const left = (await mentor.browser.open(`${contactsHref}/new`)).$('input[name=talked]')
    expect(left.toArray().map((box) => box.attribs['value'])).not.toContain('item-trust')
  })

  it('takes only what two can talk about', async () => {
    const { mentor, contactsHref } = await aPair()
    for (const talked of ['item-skills-audit', 'item-never', 'x'.repeat(5000)]) {
      await mentor.browser.open(`${contactsHref}/new`)
      const page = await mentor.browser.submit({ channel: 'telephone', talked })
      expect([page.status, page.$('#talked-error').text()]).toEqual([
        422,
        expect.stringContaining('Choose from the list'),
      ])
    }
  })
})

it('ticks the skills audit of a mentee by itself', async () => {
  const { mentee, matchId } = await aPair()
  await mentee.browser.open(`/matches/${matchId}/stages/1`)
  await mentee.browser.follow('Go through your skills')
  await mentee.browser.open('/skills/start')
  await mentee.browser.submit({ 'text-audit-notes': 'Mine' })
  await mentee.browser.open(`/matches/${matchId}/stages/1`)
  expect(mentee.browser.page.$('#item-skills-audit button[aria-pressed=true]').text()).toContain('Done')
})
