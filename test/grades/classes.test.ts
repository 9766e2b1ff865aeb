import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { config } from '../../config/index.ts'
import { statement } from '../../src/db.ts'
import { compareDueColumns, findDueColumns, startSending } from '../../src/features/grades/index.ts'
import { readDueRosters } from '../../src/features/people/index.ts'
import { forgetTokens, savePlatform } from '../../src/lti/index.ts'
import { closeServers, serve } from '../lti/platform.ts'
import { openCollege, quietGradebook } from '../support/scores.ts'
import { college } from '../support/world.ts'
import { aClass, rowOf, send, sentFor, timePasses, type Class } from './support.ts'

const sentTo = ({ course, people }: Class) => people.map(({ person }) => college.gradeOf(person.id, course)?.score)
const first = ({ people: [one] }: Class) => {
  if (!one) throw new Error('Nobody is in the class')
  return one
}
const fill = (size: number, score: number) => Array.from({ length: size }, () => score)
const rosterDue = statement(
  'test_roster_due_of',
  `update contexts set roster_next_at = now() + case when lti_id = $1 then interval '0' else interval '1 day' end`,
)

afterEach(async () => {
  college.faults = {}
  await closeServers()
  await openCollege()
})
beforeEach(quietGradebook)

describe('every answer of a gradebook', () => {
  it.each([
    ['no answer', { dropAfterCommit: true }, 'later'],
    ['408', { status: 408 }, 'later'],
    ['425', { status: 425 }, 'later'],
    ['429', { status: 429 }, 'later'],
    ['500 with a page', { status: 500, html: true }, 'later'],
    ['502', { status: 502 }, 'later'],
    ['503 with Retry-After', { status: 503, retryAfter: 5 }, 'later'],
    ['200 with a page', { html: true }, 'later'],
    ['a redirect', { redirect: 'https://elsewhere.example/' }, 'later'],
    ['400', { status: 400 }, 'not_graded'],
    ['401 twice', { status: 401 }, 'no_access'],
    ['403', { status: 403 }, 'no_access'],
    ['404', { status: 404 }, 'no_line_item'],
    ['422', { status: 422 }, 'refused'],
  ] as const)(
    '%s leaves the number waiting, with its reason, and it is sent when that is over',
    async (_, fault, problem) => {
      const pupils = await aClass(1)
      await pupils.want([40])
      college.faults = { scores: fault }
      await send()
      expect(await rowOf(first(pupils))).toMatchObject({ problem, sent_version: 0, version: 1, attempts: 1 })
      const page = await pupils.coordinator.browser.open('/admin/grades?show=unsent')
      expect(page.$('tbody small').text()).not.toBe('')
      college.faults = {}
      await openCollege()
      await timePasses(pupils.course, 86_400)
      await findDueColumns({ system: true }, () => Promise.resolve())
      await timePasses(pupils.course, 86_400)
      await send()
      expect(sentTo(pupils)).toEqual([40])
      expect(await rowOf(first(pupils))).toMatchObject({ problem: null, sent_version: 1 })
    },
  )

  it('500 to one person whose grade is locked: after a few tries once a day, with the reason, until it is unlocked', async () => {
    const pupils = await aClass(2)
    const { person } = first(pupils)
    await pupils.want([40, 40])
    await college.changeByHand(person, { locked: true }, pupils.course)
    for (let tries = 0; tries < 4; tries++) {
      await send()
      await timePasses(pupils.course, 120)
    }
    expect(await rowOf(first(pupils))).toMatchObject({ problem: 'locked', attempts: 4 })
    expect((await rowOf(first(pupils))).hours).toBeGreaterThan(23)
    expect(sentTo(pupils)).toEqual([undefined, 40])
    const page = await pupils.coordinator.browser.open('/admin/grades?show=unsent')
    expect(page.words).toContain('the grade is locked there')
    await college.changeByHand(person, { locked: false }, pupils.course)
    await timePasses(pupils.course, 86_400)
    await send()
    expect(sentTo(pupils)).toEqual([40, 40])
  })

  it('409 with another number: later times are tried, then it is left alone as changed there', async () => {
    const pupils = await aClass(1)
    const { person } = first(pupils)
    await pupils.want([40])
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString()
    await college.changeByHand(person, { written: { raw: 66, timestamp: tomorrow } }, pupils.course)
    const before = sentFor(pupils.people).length
    for (let tries = 0; tries < 10; tries++) {
      await send()
      await timePasses(pupils.course, 5)
    }
    expect(sentFor(pupils.people).length - before).toBe(4)
    expect(await rowOf(first(pupils))).toMatchObject({ problem: 'changed', sent_version: 0 })
    expect(sentTo(pupils)).toEqual([66])
    const page = await pupils.coordinator.browser.open('/admin/grades?show=unsent')
    expect(page.words).toContain('The gradebook keeps a number of its own')
  })

  it('409 with the very number counts as sent', async () => {
    const pupils = await aClass(1)
    await pupils.want([40])
    college.faults = { scores: { dropAfterCommit: true } }
    await send()
    college.faults = {}
    await openCollege()
    const { person } = first(pupils)
    const tomorrow = new Date(Date.now() + 86_400_000).toISOString()
    await college.changeByHand(person, { written: { raw: 40, timestamp: tomorrow } }, pupils.course)
    await timePasses(pupils.course, 60)
    await send()
    expect(await rowOf(first(pupils))).toMatchObject({ problem: null, sent_version: 1 })
  })

  it('400 is tried again when the roster is read and the person is in it', async () => {
    const pupils = await aClass(1)
    const { person } = first(pupils)
    college.unenrol(person, pupils.course)
    await pupils.want([40])
    await send()
    expect((await rowOf(first(pupils))).problem).toBe('not_graded')
    college.claimsFor(person, { course: pupils.course })
    await rosterDue(pupils.course.id)
    await readDueRosters({ system: true })
    expect((await rowOf(first(pupils))).hours).toBeLessThanOrEqual(0)
    await timePasses(pupils.course, 2)
    await send()
    expect(sentTo(pupils)).toEqual([40])
  })
})

describe('numbers of many', () => {
  it('that did not change are not sent again; asked to send all, each is sent once', async () => {
    const pupils = await aClass(60)
    await pupils.want(fill(60, 30))
    await send()
    expect(sentTo(pupils)).toEqual(fill(60, 30))
    const before = sentFor(pupils.people).length
    await pupils.want(fill(60, 30))
    await timePasses(pupils.course, 60)
    await send()
    expect(sentFor(pupils.people).length).toBe(before)
    await pupils.coordinator.browser.open('/admin/grades/sending?which=all')
    await pupils.coordinator.browser.submit({})
    await send()
    expect(sentFor(pupils.people).length - before).toBe(60)
  })

  it('changed three times at once arrive as the last one, with later and later times, in one message where nothing was sent yet', async () => {
    const pupils = await aClass(1)
    for (const score of [10, 20, 30]) await pupils.want([score])
    const before = sentFor(pupils.people).length
    await send()
    expect(sentFor(pupils.people).length - before).toBe(1)
    for (const score of [40, 50, 60]) await pupils.want([score])
    await Promise.all([send(), send(), send()])
    await timePasses(pupils.course, 2)
    await Promise.all([send(), send(), send()])
    expect(sentTo(pupils)).toEqual([60])
    expect(
      college.received().filter(({ userId, status }) => userId === first(pupils).person.id && status === 409),
    ).toEqual([])
  })

  it('wait for further changes as long as the settings say, from the first change on, and go in one message', async () => {
    const pupils = await aClass(1)
    Object.assign(config, { gradesWaitSeconds: 20 })
    try {
      await pupils.want([10])
      await timePasses(pupils.course, 15)
      await pupils.want([20])
      await send()
      expect(sentTo(pupils)).toEqual([undefined])
      await timePasses(pupils.course, 6)
      const before = sentFor(pupils.people).length
      await send()
      expect(sentTo(pupils)).toEqual([20])
      expect(sentFor(pupils.people).length - before).toBe(1)
    } finally {
      Object.assign(config, { gradesWaitSeconds: 0 })
    }
  })

  it('of 500, of which 7 differ in the gradebook: exactly those 7 are listed', { timeout: 120_000 }, async () => {
    const pupils = await aClass(500)
    const { course, coordinator, people } = pupils
    await pupils.want(fill(500, 35))
    await send()
    expect(new Set(sentTo(pupils))).toEqual(new Set([35]))
    const changed = [3, 77, 120, 255, 256, 401, 499].flatMap((at) => people[at] ?? [])
    for (const { person } of changed) await college.changeByHand(person, { override: 90 }, course)
    await timePasses(course, 2)
    await coordinator.browser.open('/admin/grades')
    await coordinator.browser.submit({}, 'form[action="/admin/grades/comparison"]')
    await compareDueColumns({ system: true })
    const page = await coordinator.browser.open('/admin/grades?show=different')
    const names = page
      .$('tbody th')
      .toArray()
      .map((cell) => page.$(cell).text())
    expect(names.sort()).toEqual(changed.map(({ person }) => person.name).sort())
    expect(page.words).toContain('495 numbers are the same')
    const before = sentFor(pupils.people).length
    await timePasses(course, 7200)
    await send()
    expect(sentFor(pupils.people).length).toBe(before) // shown, not fought over
  })
})

it('a platform that never answers does not delay another', { timeout: 60_000 }, async () => {
  const pupils = await aClass(40)
  await pupils.want(fill(40, 20))
  const { url } = await serve(() => undefined) // takes every request, and answers none
  const slow = await savePlatform({
    ...college.platform,
    issuer: url,
    tokenUrl: `${url}/token`,
    deploymentId: 'slow',
    serviceOrigins: [url],
  })
  await copyTo(slow, url, first(pupils).participantId)
  forgetTokens()
  const from = performance.now()
  const sending = send()
  await expect.poll(() => sentTo(pupils), { timeout: 8000, interval: 100 }).toEqual(fill(40, 20))
  expect(performance.now() - from).toBeLessThan(8000) // the other still waits for its first answer
  await pupils.want(fill(40, 60))
  await timePasses(pupils.course, 2)
  await startSending({ system: true }) // as the worker looks again, while it goes on waiting
  await expect.poll(() => sentTo(pupils), { timeout: 8000, interval: 100 }).toEqual(fill(40, 60))
  expect(performance.now() - from).toBeLessThan(9500)
  await sending
  await removePlatform(slow)
})

/** Twenty people of another platform whose numbers are due. */
const copyTo = statement(
  'test_due_elsewhere',
  `with deployment as (select id from deployments where platform_id = $1),
   context as (insert into contexts (deployment_id, lti_id, title) select id, 'slow', 'Slow' from deployment returning id, deployment_id),
   link as (
     insert into resource_links (deployment_id, lti_id, context_id, line_item_url, scopes)
     select deployment_id, 'slow', id, $2::text || '/lineitem', '{}' from context returning id),
   person as (insert into people (platform_id, sub, name) select $1, 'slow-' || n, 'Slow ' || n from generate_series(1, 20) n returning id),
   one as (
     insert into participants (person_id, programme_id, role, state, applied_at, decided_at, ref)
     select person.id, (select programme_id from participants where id = $3), 'mentee', 'eligible', now(), now(), chr(65 + (row_number() over ())::int) || 97
     from person returning id)
   insert into scores (platform_id, participant_id, resource_link_id, score, comment, waiting_since, next_try_at)
   select $1, one.id, link.id, 20, 'Number 20', now(), now() - interval '1 day' from one, link`,
)
const removePlatform = statement('test_block_platform', "update platforms set state = 'blocked' where id = $1")
