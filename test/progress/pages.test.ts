import { describe, expect, it } from 'vitest'
import { statement } from '../../src/db.ts'
import { aPair, answerStep, aStudent, confirm, idOf, log, pairUp, type Launched } from '../support/builders.ts'
import { tokenOf } from '../support/token.ts'
import { handIn } from '../reports/support.ts'

/** The rows of the table: what counts, where it stands, points. */
const rowsOf = async ({ browser }: Launched, path = '/progress') => {
  const { $ } = await browser.open(path)
  return Object.fromEntries(
    $('.sp-table tbody tr')
      .toArray()
      .map((row) => [
        $('th', row).text(),
        $('td', row)
          .toArray()
          .map((cell) => $(cell).text().trim()),
      ]),
  )
}
const post = async (by: Launched, path: string, fields: Record<string, string> = {}) =>
  by.browser.post(path, { _token: await tokenOf(by.browser), ...fields })
const excuse = async (by: Launched, of: Launched, fields: Record<string, string>) => {
  await by.browser.open(`/admin/progress/${await idOf(of)}`)
  return by.browser.submit(fields, 'form[action$="/excuses"]')
}

describe('the progress page', () => {
  it('says of each requirement where it stands and what it is worth, what comes next, and what was sent', async () => {
    const { mentee, mentor, contactsHref } = await aPair()
    expect(await rowsOf(mentee)).toMatchObject({
      Agreement: ['Done', '10 of 10'],
      Contacts: ['Open0 of 4 count', '0 of 40'],
      'Stage 1': ['Open', '0 of 10'],
      Report: ['Open', '0 of 20'],
    })
    expect(mentee.browser.page.words).toContain('Your progress: 10 of 100')
    expect(mentee.browser.page.words).toMatch(/One more contact that counts\s*Your number goes from 10 to 20\./)
    expect(mentee.browser.page.words).toContain('“0 of 4 contacts; report not received yet; 5 things open”')
    await log(mentor, contactsHref)
    await confirm(mentee, contactsHref)
    expect(await rowsOf(mentee)).toMatchObject({ Contacts: ['Under way1 of 4 count', '10 of 40'] })
    expect(mentee.browser.page.words).toContain('Something is wrong with this number')
    await handIn(mentee)
    expect(await rowsOf(mentee)).toMatchObject({ Report: ['Done', '20 of 20'] })
    expect((await mentee.browser.open('/')).words).toContain('40 of 100')
  })

  it('has no training for who is not asked for it, and says when a point is only part of one', async () => {
    const { coordinator, mentee, mentor, contactsHref } = await aPair({ minimumContacts: '3' })
    await log(mentor, contactsHref)
    await confirm(mentee, contactsHref)
    expect(await rowsOf(mentee)).toMatchObject({ Contacts: ['Under way1 of 3 count', '13.3 of 40'] })
    expect(mentee.browser.page.words).toContain('Your progress: 23 of 100')
    expect(mentee.browser.page.words).toContain('Rounded down')
    expect(await rowsOf(mentor)).not.toHaveProperty('Training')
    await answerStep(coordinator, 5, { trainingRequired: 'yes' })
    await coordinator.browser.submit({ trainingRequired: 'yes' })
    expect(await rowsOf(mentor)).toMatchObject({ Training: ['Open', '0 of 10'], Agreement: ['Done', '10 of 10'] })
    expect(await mentor.browser.open('/notifications').then(({ words }) => words)).toContain('Your number went from')
  })
})

describe('an excuse', () => {
  it('counts as met, is told with its reason, and can be taken back', async () => {
    const { coordinator, mentee } = await aPair()
    const empty = await excuse(coordinator, mentee, { reason: ' ' })
    expect([empty.status, empty.words.includes('Write why')]).toEqual([422, true])
    await excuse(coordinator, mentee, { requirement: 'report', reason: 'You were in hospital.' })
    expect(coordinator.browser.page.words).toContain('Priya is excused')
    expect(await rowsOf(mentee)).toMatchObject({
      Report: ['DoneExcused by Marion Okafor: You were in hospital.', '20 of 20'],
    })
    expect((await mentee.browser.open('/')).words).toContain('30 of 100')
    expect((await mentee.browser.open('/notifications')).words).toContain('You are excused from something')
    await coordinator.browser.open(`/admin/progress/${await idOf(mentee)}`)
    await coordinator.browser.submit({}, 'form[action$="/excuses/report/withdrawal"]')
    expect((await mentee.browser.open('/')).words).toContain('10 of 100')
    expect((await mentee.browser.open('/notifications')).words).toContain('Your number went from 30 to 10')
    expect((await post(coordinator, `/admin/progress/${await idOf(mentee)}/excuses/report/withdrawal`)).status).toBe(
      200,
    )
  })

  it('is given by the own coordinator alone', async () => {
    const { mentee } = await aPair()
    const other = await aPair()
    const href = `/admin/progress/${await idOf(mentee)}`
    expect((await other.coordinator.browser.open(href)).status).toBe(404)
    const forged = { requirement: 'report', reason: 'Only this once' }
    for (const by of [other.coordinator, other.mentor, mentee])
      expect((await post(by, `${href}/excuses`, forged)).status).toBe(404)
    expect(await rowsOf(mentee)).toMatchObject({ Report: ['Open', '0 of 20'] })
  })
})

const endAs = statement(
  'test_end_for_progress',
  "update matches set state = 'closed', ended_at = now(), end_reason = $2, ready_at = now() where id = $1",
)

it('takes contacts along to a new mentor, and counts a mentee who left against nobody', async () => {
  const { course, coordinator, mentee, mentor, contactsHref, matchId } = await aPair()
  await log(mentor, contactsHref)
  await confirm(mentee, contactsHref)
  await endAs(matchId, 'mentor_withdrew')
  const second = await aStudent(course, 'mentor', 'Kit Lindqvist')
  const another = await aStudent(course, 'mentee', 'Yusuf Abdi')
  await pairUp(coordinator, mentee, second)
  expect(await rowsOf(mentee)).toMatchObject({ Contacts: ['Under way1 of 4 count', '10 of 40'] })
  expect(await rowsOf(second)).toMatchObject({ Contacts: ['Open0 of 4 count', '0 of 44'] })
  await pairUp(coordinator, another, second)
  expect(await rowsOf(second)).toMatchObject({ Contacts: ['Open0 per cent, across 2 matches', '0 of 44'] })
  await endAs(/\/matches\/(\d+)/.exec((await another.browser.open('/')).text)?.[1], 'mentee_withdrew')
  expect(await rowsOf(second)).toMatchObject({ Contacts: ['Open0 of 4 count', '0 of 44'] })
})

it('works a changed recipe out for everybody at once', async () => {
  const { coordinator, mentee } = await aPair()
  await coordinator.browser.open('/admin/setup/steps/7')
  const recipe = { mentee_agreement: '30', mentee_report: '0' }
  await coordinator.browser.submit(recipe)
  await coordinator.browser.submit(recipe)
  expect((await mentee.browser.open('/')).words).toContain('30 of 100')
  expect(await rowsOf(mentee)).not.toHaveProperty('Report')
})
