import { randomUUID } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { now, setClock } from '../../src/clock.ts'
import { db } from '../../src/db.ts'
import { tellOfWaiting } from '../../src/features/concerns/index.ts'
import { dueAt } from '../../src/features/concerns/service.ts'
import { tellDueMessages } from '../../src/features/threads/index.ts'
import { get, send } from '../access/world.ts'
import {
  COMPOSER,
  aColleague,
  aDuty,
  aProgramme,
  aStudent,
  confirm,
  dayFromNow,
  launch,
  log,
  pairUp,
  startTopic,
  type Launched,
} from '../support/builders.ts'
import type { Page } from '../support/browser.ts'
import { expectAllAt, expectRefused, sendTooLate } from '../support/forms.ts'
import { college } from '../support/world.ts'
import { aDeputy, aPairWithLead, act, endDutyOf, forge, personIdOf, raise, told, worryMuch } from './support.ts'

const asSystem = { system: true } as const
const CANARY = 'canary-of-a-concern'
const statusOf = async ({ browser }: Launched, id: number) => (await get(browser, `/admin/concerns/${id}`)).status
const later = (hours: number) => {
  setClock(new Date(now().getTime() + hours * 3_600_000))
}

afterEach(() => {
  setClock()
})

describe('a concern', () => {
  it('shows the numbers to call before its form, and asks for nothing but words', async () => {
    const { mentee, lead } = await aPairWithLead()
    await mentee.browser.open('/help/risk')
    const page = await mentee.browser.follow('Write to David Llewellyn')
    expect(page.words.indexOf('Call first')).toBeLessThan(page.words.indexOf('How soon'))
    expect(page.words.indexOf('01632 960199')).toBeLessThan(page.words.indexOf('How soon'))
    expect(
      page
        .$('input:checked')
        .toArray()
        .map((box) => page.$(box).attr('value')),
    ).toEqual(['here'])
    expectRefused(await mentee.browser.submit({ body: '  ' }), 'body', 'Write a few words about what worries you')
    const id = await raise(mentee)
    expect(mentee.browser.page.words).toContain('It is sent')
    expect((await lead.browser.open(`/admin/concerns/${id}`)).words).toContain('Today') // who says nothing means today
  })

  it('goes to the lead alone, who takes it in hand; its raiser sees where it stands', async () => {
    const { mentee, mentor, coordinator, lead, course } = await aPairWithLead()
    const id = await raise(mentee, { about: 'partner', urgency: 'soon', reach: 'call', phone: '01632 960777' })
    expect(await told(lead)).toContain('A concern has been raised')
    expect(await told(lead)).not.toContain('canary')
    const page = await lead.browser.follow('A concern has been raised')
    for (const words of [CANARY, 'Their partner', '01632 960777', 'Priya Nair', 'Sam Whitlock'])
      expect(page.words).toContain(words)
    const others = [mentor, coordinator, await aDuty(course, 'supervisor'), await aDuty(course, 'payer')]
    for (const other of others) expect(await statusOf(other, id)).toBe(404)
    for (const path of ['/admin', '/admin/concerns', '/notifications', '/admin/audit'])
      expect((await coordinator.browser.open(path)).text).not.toMatch(/canary|\/admin\/concerns\/\d|Raised a concern/)
    expect(await told(mentor)).not.toContain('concern')

    await act(lead, id, 'acknowledgement')
    expect(await told(lead)).not.toContain('A concern has been raised')
    const own = async () => (await mentee.browser.open(`/help/concerns/${id}`)).words
    expect(await own()).toContain('Opened')
    expect(await told(mentee)).toContain('There is news of what you told us')
    await act(lead, id, 'notes', { note: 'Called the college nurse' })
    expect(await own()).toContain('In hand')
    expect(await own()).not.toContain('nurse')
    await act(lead, id, 'answers', { note: 'I will call you at four' })
    expect(await own()).toContain('I will call you at four')
    expectRefused(
      await act(lead, id, 'passing-on', { toWhom: 'The police', on: dayFromNow(1) }),
      'on',
      'Choose today or an earlier day',
    )
    await act(lead, id, 'passing-on', { toWhom: 'The police', on: dayFromNow(0), note: 'Reference 77' })
    expect(await own()).toContain('Passed on')
    await act(lead, id, 'closing', { note: 'They are safe' })
    expect(await own()).toContain('Closed')
    await forge(lead, `/admin/concerns/${id}/notes`, { note: 'x', _key: randomUUID() })
    expect(lead.browser.page.status).toBe(403)
    await act(lead, id, 'reopening')
    const log = (await lead.browser.open(`/admin/concerns/${id}`)).words
    for (const words of [
      'Opened',
      'college nurse',
      'Passed on to The police',
      'Reference 77',
      'They are safe',
      'Opened again',
    ])
      expect(log).toContain(words)
    expect((await lead.browser.open('/admin/audit?area=concern')).words).toContain('Passed a concern on')
    expect((await lead.browser.open('/admin/audit')).text).not.toMatch(/canary|nurse|police/)
    await lead.browser.open(`/admin/concerns/${id}`)
    await lead.browser.follow('A record to print')
    const record = lead.browser.page
    for (const text of [CANARY, 'college nurse', 'Passed on to The police', 'As it stood on'])
      expect(record.words).toContain(text)
    expect(record.$('main form')).toHaveLength(0)
    for (const by of [mentee, coordinator])
      expect((await by.browser.open(`/admin/concerns/${id}/record`)).status).toBe(404)
  })

  it('is one however often its form is sent, and its words are kept when something is wrong', async () => {
    const { mentee, lead } = await aPairWithLead()
    await mentee.browser.open('/help/concern')
    const pages = await mentee.browser.doubleClick({ body: CANARY })
    const [path = ''] = pages.map((page) => new URL(page.url).pathname)
    expectAllAt(pages, path)
    expect((await lead.browser.open('/admin/concerns')).$('tbody tr')).toHaveLength(1)
    await mentee.browser.open('/help/concern')
    const wrong = await mentee.browser.submit({ body: 'canary-again', reach: 'call', phone: 'my phone' })
    expectRefused(wrong, 'phone', 'Write a phone number, or choose Here')
    expect(wrong.$('textarea').val()).toBe('canary-again')
    await mentee.browser.open('/help/concern')
    expect((await sendTooLate(mentee, { body: 'canary-too-late' })).$('textarea').val()).toBe('canary-too-late')
    const id = Number(/\d+$/.exec(path)?.[0])
    await lead.browser.open(`/admin/concerns/${id}`)
    await lead.browser.doubleClick({ note: 'Once is enough' }, 'form[action$="/notes"]')
    expect((await lead.browser.open(`/admin/concerns/${id}`)).words.match(/Once is enough/g)).toHaveLength(1)
  })

  it('is raised by everybody of the programme, and read by nobody else', async () => {
    const { course, mentor, coordinator, lead } = await aPairWithLead()
    const tutor = await launch(college.addTeacher('Tess Tutor'), course)
    const stranger = await aStudent(course, 'mentor')
    const raisers = [mentor, coordinator, tutor, stranger, await aDuty(course, 'payer')]
    const ids: number[] = []
    for (const by of raisers) ids.push(await raise(by, { about: 'other' }))
    expect(ids.every((id) => id > 0)).toBe(true)
    const other = await aProgramme()
    for (const [at, id] of ids.entries()) {
      expect(await statusOf(lead, id)).toBe(200)
      for (const by of [...raisers, other.coordinator]) expect(await statusOf(by, id)).toBe(404)
      for (const [of, by] of raisers.entries())
        expect((await get(by.browser, `/help/concerns/${id}`)).status).toBe(of === at ? 200 : 404)
    }
    expect((await get((await aStudent(course)).browser, '/help/concern')).status).toBe(404)
    const notTheirs = await forge(tutor, '/help/concern', { body: 'x', about: 'partner', _key: randomUUID() })
    expectRefused(notTheirs, 'about', 'Choose who it is about')
  })

  it('asks a mentor of several which partner, and takes no match of others', async () => {
    const { course, coordinator, mentor, lead, matchId } = await aPairWithLead()
    await pairUp(coordinator, await aStudent(course, 'mentee', 'Leila Haddad'), mentor)
    expect(await raise(mentor, { about: 'partner' })).toBe(0)
    expectRefused(mentor.browser.page, 'match', 'Choose which partner it is about')
    const stranger = await aStudent(course, 'mentor')
    const forged = { body: 'x', about: 'me', match: String(matchId), _key: randomUUID() }
    expect((await forge(stranger, '/help/concern', forged)).status).toBe(422)
    const id = await raise(mentor, { about: 'partner', match: String(matchId) })
    expect((await lead.browser.open(`/admin/concerns/${id}`)).words).toContain('Priya Nair and Sam Whitlock')
  })

  it('is never deleted, nor is what was done about it', async () => {
    const { mentee, lead } = await aPairWithLead()
    const id = await raise(mentee)
    await act(lead, id, 'notes', { note: 'One' })
    for (const sql of [
      `delete from concerns where id = ${id}`,
      'truncate concerns cascade',
      `delete from concern_steps where concern_id = ${id}`,
      `update concern_steps set note = 'x' where concern_id = ${id}`,
    ])
      await expect(db.query(sql)).rejects.toThrow('A concern is never deleted')
  })
})

describe('a concern about somebody of the staff', () => {
  const staff = async (of: Launched) => ({ about: 'staff', person: String(await personIdOf(of)) })

  it('about the lead is read by who stands in, and never by the lead, on no page', async () => {
    const { course, mentee, lead } = await aPairWithLead()
    const deputy = await aDeputy(course)
    const id = await raise(mentee, await staff(lead))
    expect(await told(deputy)).toContain('A concern has been raised')
    expect((await deputy.browser.open(`/admin/concerns/${id}`)).words).toContain(CANARY)
    expect(await told(lead)).not.toContain('A concern')
    later(30)
    await tellOfWaiting(asSystem)
    expect(await told(lead)).not.toContain('A concern')
    setClock()
    expect(await statusOf(lead, id)).toBe(404)
    for (const what of ['acknowledgement', 'notes', 'closing', 'pause', 'sharing', 'reopening'])
      expect(
        (await send(lead.browser, `/admin/concerns/${id}/${what}`, { note: 'x', _key: randomUUID() })).status,
      ).toBe(404)
    for (const path of [
      '/admin/concerns',
      '/admin/audit',
      '/admin/audit/table.csv',
      '/admin/audit?area=concern',
      '/notifications',
    ])
      expect((await lead.browser.open(path)).text).not.toMatch(/canary|concern:?\s*\d|Raised a concern/i)
  })

  it('about a coordinator stays with the lead, also when it waits or is to be shared', async () => {
    const { mentee, coordinator, lead, course } = await aPairWithLead()
    const colleague = await aColleague(course)
    const id = await raise(mentee, await staff(coordinator))
    later(30)
    await tellOfWaiting(asSystem)
    expect(await told(coordinator)).not.toContain('A concern waits')
    expect((await coordinator.browser.open('/admin/concerns')).words).not.toContain('A concern waits')
    expect(await told(colleague)).toContain('A concern waits')
    setClock()
    expect((await lead.browser.open(`/admin/concerns/${id}`)).$('form[action$="/sharing"]')).toHaveLength(0)
    expect((await send(lead.browser, `/admin/concerns/${id}/sharing`)).status).toBe(403)
    for (const by of [coordinator, colleague]) expect(await statusOf(by, id)).toBe(404)
  })

  it('goes to a coordinator where nobody else is left, and is not taken where nobody would read it', async () => {
    const { mentee, coordinator, lead, course } = await aPairWithLead()
    const id = await raise(mentee, await staff(lead))
    expect(await told(coordinator)).toContain('A concern has been raised')
    expect(await statusOf(coordinator, id)).toBe(200)
    expect(await statusOf(lead, id)).toBe(404)
    await endDutyOf(lead, 'concern_lead')
    const only = await staff(coordinator)
    expect(await raise(mentee, only)).toBe(0)
    expectRefused(mentee.browser.page, 'person', 'Nobody but this person would read it here')
    expect(mentee.browser.page.$('textarea').val()).toBe(CANARY)
    await aDuty(course, 'concern_lead')
    expect(await statusOf(coordinator, id)).toBe(404) // there is somebody again who hears of concerns
  })
})

describe('the clock of a concern', () => {
  it.each([
    ['now', '2026-11-24T10:00:00Z', '2026-11-25T00:00:00.000Z'],
    ['now', '2026-11-28T23:30:00Z', '2026-11-29T00:00:00.000Z'],
    ['soon', '2026-11-24T10:00:00Z', '2026-11-27T00:00:00.000Z'], // Tuesday: the end of Thursday
    ['soon', '2026-11-27T10:00:00Z', '2026-12-02T00:00:00.000Z'], // Friday: the end of Tuesday
    ['soon', '2026-11-28T10:00:00Z', '2026-12-02T00:00:00.000Z'], // Saturday: the end of Tuesday
    ['soon', '2026-10-23T10:00:00Z', '2026-10-28T00:00:00.000Z'], // over the night the clocks change
  ] as const)('%s, raised at %s, runs until %s', (urgency, at, due) => {
    expect(dueAt('Europe/London', new Date(at), urgency).toISOString()).toBe(due)
  })

  it('tells also when hundreds wait at once', async () => {
    const { matchId } = await aPairWithLead()
    await worryMuch(matchId)
    const { coordinator, mentee } = await aPairWithLead()
    await raise(mentee)
    later(25)
    await tellOfWaiting(asSystem)
    expect(await told(coordinator)).toContain('A concern waits')
  })

  it('tells deputies and coordinators that one waits, once and without content, and stops when somebody has it', async () => {
    const { course, mentee, coordinator, lead } = await aPairWithLead()
    const deputy = await aDeputy(course)
    const first = await raise(mentee)
    const second = await raise(mentee)
    await act(lead, second, 'acknowledgement')
    await tellOfWaiting(asSystem)
    expect(await told(deputy)).not.toContain('A concern waits')
    later(25)
    await tellOfWaiting(asSystem)
    await tellOfWaiting(asSystem)
    for (const by of [deputy, coordinator]) expect((await told(by)).match(/A concern waits/g)).toHaveLength(1)
    const page = await coordinator.browser.follow('A concern waits')
    expect(page.words).toContain('Nobody has taken it in hand in time')
    expect(page.text).not.toMatch(/canary|\/admin\/concerns\/\d/)
    expect(await statusOf(coordinator, first)).toBe(404)
    expect((await lead.browser.open('/admin/concerns')).words).toContain('Overdue')
    await act(deputy, first, 'acknowledgement')
    expect(await told(coordinator)).not.toContain('A concern waits')
    expect((await coordinator.browser.open('/admin/concerns')).words).not.toContain('A concern waits')
  })
})

describe('the match of a pair', () => {
  it('stands on the page of its concern in facts, with what was asked about it, for the lead alone', async () => {
    const { mentee, mentor, coordinator, lead, contactsHref } = await aPairWithLead()
    await log(mentor, contactsHref, { line: 'Only for us two' })
    await confirm(mentee, contactsHref)
    await mentee.browser.open('/help/request')
    const request = { kind: 'end_early', talked: 'no', text: 'I want to stop' }
    await mentee.browser.submit(request, 'form[action="/help/request"]')
    const id = await raise(mentee, { about: 'partner' })
    const page = await lead.browser.open(`/admin/concerns/${id}`)
    expect(page.words).toContain('Active, stage 1')
    expect(page.words).toContain('1 of 4 count. The last was')
    expect(page.words).toMatch(/Priya Nair, .*: “I would like to end early”\. I want to stop/)
    expect(page.text).not.toContain('Only for us two')
    const record = await lead.browser.open(`/admin/concerns/${id}/record`)
    expect(record.words).toContain('Active, stage 1')
    expect(record.words).not.toContain('I want to stop')
    await act(lead, id, 'sharing')
    const shared = await coordinator.browser.open(`/admin/concerns/${id}`)
    expect(shared.words).toContain('Priya Nair and Sam Whitlock')
    expect(shared.words).not.toContain('Active, stage 1')
  })
})

describe('sharing', () => {
  it('lets the coordinators read one, and change nothing, until it is taken back', async () => {
    const { mentee, coordinator, lead } = await aPairWithLead()
    const id = await raise(mentee, { about: 'other' })
    await act(lead, id, 'sharing')
    const page = await coordinator.browser.open(`/admin/concerns/${id}`)
    expect(page.words).toContain(CANARY)
    expect(page.$('main form')).toHaveLength(0)
    for (const what of ['notes', 'closing', 'acknowledgement', 'pause', 'sharing/end'])
      expect(
        (await send(coordinator.browser, `/admin/concerns/${id}/${what}`, { note: 'x', _key: randomUUID() })).status,
      ).toBe(404)
    await act(lead, id, 'sharing/end')
    expect(await statusOf(coordinator, id)).toBe(404)
  })
})

describe('reporting a message', () => {
  it('copies it and the five before it, by its reader, as they are then, and shows nothing more', async () => {
    const { mentee, mentor, lead, coordinator, matchId } = await aPairWithLead()
    const id = await startTopic(mentee, matchId, { body: 'text-0' })
    for (let one = 1; one <= 8; one++) {
      const by = one % 2 === 0 ? mentee : mentor
      await by.browser.open(`/threads/${id}`)
      await by.browser.submit({ body: `text-${one}`, ...(one === 1 && { noted: 'yes' }) }, COMPOSER)
    }
    const page = await mentee.browser.open(`/threads/${id}`)
    const href = page.$('.sp-post:contains("text-7") a:contains("This worries me")').attr('href') ?? ''
    const form = await mentee.browser.open(href)
    const shown = (text: string) =>
      Array.from({ length: 9 }, (_, one) => `text-${one}`).filter((one) => text.includes(one))
    const six = ['text-2', 'text-3', 'text-4', 'text-5', 'text-6', 'text-7']
    expect(shown(form.words)).toEqual(six)
    await mentee.browser.submit({ body: CANARY })
    const concern = Number(/\d+$/.exec(new URL(mentee.browser.page.url).pathname)?.[0])
    const own = await mentor.browser.open(`/threads/${id}`)
    const withdrawal = own.$('.sp-post:contains("text-7") a[href$="/withdrawal"]').attr('href') ?? ''
    await mentor.browser.open(withdrawal)
    await mentor.browser.submit()
    const read = await lead.browser.open(`/admin/concerns/${concern}`)
    expect(shown(read.words)).toEqual(six)
    expect(read.$('.sp-post--mine').text()).toContain('text-7')
    expect(await statusOf(mentor, concern)).toBe(404)
    expect((await mentor.browser.open(`/threads/${id}`)).text).not.toContain('canary')
    for (const { browser } of [lead, coordinator])
      for (const path of [href, `/threads/${id}`]) expect((await get(browser, path)).status).toBe(404)
  })

  it('shows no answer that its reader may not see yet, and no message of another topic', async () => {
    const { mentee, mentor, matchId } = await aPairWithLead()
    const other = await aPairWithLead()
    const theirs = await startTopic(other.mentee, other.matchId, { body: 'text-elsewhere' })
    const id = await startTopic(mentee, matchId, { body: 'text-here' })
    await mentor.browser.open(`/threads/${id}`)
    const href = mentor.browser.page.$('a:contains("This worries me")').attr('href') ?? ''
    const message = /messages\/(\d+)/.exec(href)?.[1] ?? ''
    for (const [thread, by] of [
      [theirs, mentor],
      [id, other.mentor],
      [theirs, other.mentor],
    ] as const)
      expect((await get(by.browser, `/threads/${thread}/messages/${message}/concern`)).status).toBe(404)
    expect((await send(other.mentor.browser, href, { body: 'x', _key: randomUUID() })).status).toBe(404)
  })
})

describe('letting messages rest', () => {
  it('stops every kind of message of the two with a neutral sentence, and keeps what was typed', async () => {
    const { mentee, mentor, lead, matchId } = await aPairWithLead()
    const id = await startTopic(mentee, matchId)
    const concern = await raise(mentee, { about: 'partner' })
    await act(lead, concern, 'pause')
    for (const { browser } of [mentee, mentor]) {
      const page = await browser.open(`/threads/${id}`)
      expect(page.words).toContain('Messages rest for now')
      expect(page.words).not.toMatch(/concern|safeguard/i)
      expect(page.$(COMPOSER)).toHaveLength(0)
      const body = {
        body: 'canary-rests',
        title: 'x',
        noted: 'yes',
        question: 'starter-ask',
        entry: 'ucas',
        _key: randomUUID(),
      }
      for (const path of [`/threads/${id}/messages`, `/matches/${matchId}/threads`])
        expect((await send(browser, path, body)).status).toBe(403)
      expect((await get(browser, `/threads/${id}`)).text).not.toContain('canary-rests')
    }
    for (const kind of ['feedback', 'signpost'])
      expect(
        (
          await send(mentor.browser, `/threads/${id}/${kind}`, {
            body: 'x',
            entry: 'ucas',
            question: 'starter-ask',
            _key: randomUUID(),
          })
        ).status,
      ).toBe(403)
    await act(lead, concern, 'pause/end')
    const kept = (page: Page) => page.$('textarea[name=body]').val()
    expect(kept(await mentee.browser.open(`/threads/${id}`))).toBe('canary-rests')
    expect(kept(await mentee.browser.open(`/matches/${matchId}/threads/new`))).toBe('canary-rests')
    await mentor.browser.open(`/threads/${id}`)
    await mentor.browser.submit({ body: 'text-again', noted: 'yes' }, COMPOSER)
    expect((await mentee.browser.open(`/threads/${id}`)).words).toContain('text-again')
  })

  it('holds what was to go out meanwhile, until the two write again', async () => {
    const { mentee, mentor, lead, matchId } = await aPairWithLead()
    const id = await startTopic(mentee, matchId)
    await mentor.browser.open(`/threads/${id}`)
    await mentor.browser.submit({ body: 'text-tomorrow', noted: 'yes', _act: 'later' }, COMPOSER)
    const concern = await raise(mentee, { about: 'partner' })
    await act(lead, concern, 'pause')
    later(48)
    await tellDueMessages(asSystem)
    expect((await mentee.browser.open(`/threads/${id}`)).text).not.toContain('text-tomorrow')
    expect((await mentor.browser.open(`/threads/${id}`)).words).toContain('It goes out when messages no longer rest')
    expect((await mentor.browser.open(`/matches/${matchId}/threads`)).text).not.toContain('2999')
    await act(lead, concern, 'pause/end')
    expect((await mentee.browser.open(`/threads/${id}`)).text).toContain('text-tomorrow')
  })

  it('needs a pair: a lead can name it where nobody has, once', async () => {
    const { course, mentee, lead, matchId } = await aPairWithLead()
    const other = await aPairWithLead()
    const tutor = await launch(college.addTeacher('Tess Tutor'), course)
    const concern = await raise(tutor, { about: 'participant' })
    expect((await send(lead.browser, `/admin/concerns/${concern}/pause`)).status).toBe(403)
    expect(
      (await send(lead.browser, `/admin/concerns/${concern}/naming`, { match: String(other.matchId) })).status,
    ).toBe(422)
    await act(lead, concern, 'naming', { match: String(matchId) })
    await act(lead, concern, 'pause')
    expect((await mentee.browser.open(`/matches/${matchId}/threads`)).words).toContain('Messages rest for now')
  })
})
