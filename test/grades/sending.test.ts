import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { forgetTokens } from '../../src/lti/index.ts'
import { aPair, aProgramme, aStudent, idOf, confirm, launch, log, pairUp, takePart } from '../support/builders.ts'
import { quietGradebook } from '../support/scores.ts'
import { college } from '../support/world.ts'
import { aConfirmedContact, findRow, rowOf, send, timePasses } from './support.ts'

beforeEach(quietGradebook)
afterEach(() => {
  college.faults = {}
})

describe('a number', () => {
  it('of 0 is not sent before something was earned: it would tick the activity', async () => {
    const { course } = await aProgramme()
    const mentee = await aStudent(course, 'mentee')
    await send()
    expect(await findRow(mentee)).toBeUndefined()
    expect((await mentee.browser.open('/')).words).toContain('Nothing to send to the gradebook yet')
  })

  it('is written with the act, waits visibly, and is sent once', async () => {
    const { course, mentee, mentor } = await aConfirmedContact()
    expect((await mentee.browser.open('/')).words).toContain('20 of 100. On its way to the gradebook')
    const before = college.received().length
    await send()
    await send()
    expect(college.received().length - before).toBe(2)
    expect(college.gradeOf(mentee.person.id, course)?.score).toBe(20)
    expect(college.gradeOf(mentor.person.id, course)?.score).toBe(22)
    const { body } = college.received().at(-1) ?? {}
    expect(body).toMatchObject({
      scoreMaximum: 100,
      gradingProgress: 'FullyGraded',
      activityProgress: 'InProgress',
      comment: '1 of 4 contacts; report not received yet; 5 things open',
    })
  })

  it('sent again within the same second arrives after all, with later and later times', async () => {
    const { course, mentee, mentor, contactsHref } = await aConfirmedContact()
    await send()
    await log(mentor, contactsHref, { when: 'yesterday' })
    await confirm(mentee, contactsHref)
    for (let tries = 0; tries < 30 && college.gradeOf(mentee.person.id, course)?.score !== 30; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 100))
      await send()
    }
    expect(college.gradeOf(mentee.person.id, course)).toMatchObject({ score: 30 })
    expect(college.received().filter(({ status, userId }) => status === 409 && userId === mentee.person.id)).toEqual([])
  })

  it('goes up to 100, with which the college ticks the activity', async () => {
    const pair = await aPair({ minimumContacts: '1' })
    for (const requirement of ['stage1', 'stage2', 'stage3', 'report']) {
      await pair.coordinator.browser.open(`/admin/progress/${await idOf(pair.mentee)}`)
      await pair.coordinator.browser.submit({ requirement, reason: 'For a test' }, 'form[action$="/excuses"]')
    }
    await log(pair.mentor, pair.contactsHref)
    await confirm(pair.mentee, pair.contactsHref)
    await send()
    expect(college.gradeOf(pair.mentee.person.id, pair.course)).toMatchObject({ score: 100, complete: true })
    const own = college.received().filter(({ userId }) => userId === pair.mentee.person.id)
    expect(own.at(-1)?.body).toMatchObject({ activityProgress: 'Completed', comment: 'All done' })
  })
})

describe('when the college', () => {
  it('does not grade a person, they are told, and it is tried again when they come back', async () => {
    const pair = await aConfirmedContact()
    const ungraded = college.people.find(({ kind }) => kind === 'ungraded')
    if (!ungraded) throw new Error('The college has nobody without a graded role')
    const kit = await launch(ungraded, pair.course)
    await takePart(kit, 'mentor')
    const mentee = await aStudent(pair.course, 'mentee', 'Yusuf Abdi')
    await pairUp(pair.coordinator, mentee, kit)
    const href = /\/matches\/\d+\/contacts/.exec((await kit.browser.open('/')).text)?.[0] ?? ''
    await log(kit, href)
    await confirm(mentee, href)
    await send()
    expect((await kit.browser.open('/')).words).toContain('does not count you as a graded student')
    expect(await rowOf(kit)).toMatchObject({ problem: 'not_graded', sent_version: 0 })
    expect((await rowOf(kit)).hours).toBeGreaterThan(23)
    await launch(ungraded, pair.course)
    expect((await rowOf(kit)).hours).toBeLessThanOrEqual(0)
  })

  it.each([
    ['answers 500', { status: 500 }],
    ['answers a page', { html: true }],
    ['asks to wait', { status: 429, retryAfter: 60 }],
  ] as const)('%s, nothing is lost, and it is sent when that is over', async (_what, fault) => {
    const { course, mentee } = await aConfirmedContact()
    college.faults = { scores: fault }
    await send()
    expect(college.gradeOf(mentee.person.id, course)).toBeUndefined()
    expect(await rowOf(mentee)).toMatchObject({ problem: 'later', sent_version: 0, version: 2 })
    expect((await mentee.browser.open('/')).words).toContain('The gradebook does not answer. We keep trying')
    college.faults = {}
    await timePasses(course, 7200)
    await send()
    expect(college.gradeOf(mentee.person.id, course)?.score).toBe(20)
  })

  it('takes the score but drops the answer, the gradebook still ends as it should', async () => {
    const { course, mentee } = await aConfirmedContact()
    college.faults = { scores: { dropAfterCommit: true } }
    await send()
    expect(await rowOf(mentee)).toMatchObject({ problem: 'later', sent_version: 0 })
    college.faults = {}
    await timePasses(course, 7200)
    await send()
    expect(college.gradeOf(mentee.person.id, course)?.score).toBe(20)
    expect(await rowOf(mentee)).toMatchObject({ problem: null, sent_version: 2 })
  })

  it('gives no token, the reason is said', async () => {
    const { mentee } = await aConfirmedContact()
    forgetTokens()
    college.faults = { token: { status: 400 } }
    await send()
    expect(await rowOf(mentee)).toMatchObject({ problem: 'no_access' })
    expect((await mentee.browser.open('/')).words).toContain('does not let us write to its gradebook')
    forgetTokens()
  })

  it('no longer takes our token, a new one is asked for, once', async () => {
    const { course, mentee } = await aConfirmedContact()
    college.faults = { scores: { status: 401, times: 1 } }
    await send()
    expect(college.gradeOf(mentee.person.id, course)?.score).toBe(20)
  })
})
