import { afterEach, describe, expect, it } from 'vitest'
import { now, setClock } from '../../src/clock.ts'
import { statement } from '../../src/db.ts'
import { moveContactsOn } from '../../src/features/contacts/index.ts'
import { moveMatchesOn } from '../../src/features/matches/index.ts'
import {
  aPair,
  aProgramme,
  aStudent,
  answerOffer,
  apply,
  confirm,
  dayFromNow,
  decide as admit,
  log,
  logContact,
  offer,
  sign,
  launch,
  type Launched,
} from '../support/builders.ts'
import { aPairWithReports, decide, handIn } from '../reports/support.ts'
import { tellOfWaiting } from '../../src/features/concerns/index.ts'
import { aPairWithLead, raise } from '../concerns/support.ts'
import { end } from '../endings/support.ts'
import { timePasses } from '../grades/support.ts'
import { college } from '../support/world.ts'

const DAY = 86_400_000
const later = (days: number) => {
  setClock(new Date(now().getTime() + days * DAY))
}
afterEach(() => {
  setClock()
})

const today = async ({ browser }: Launched) => (await browser.open('/admin')).words
/** What the lines of Today say, in their order; without the gradebook, to which nothing is sent here meanwhile. */
const lines = async (by: Launched) => (await allLines(by)).filter((line) => !line.includes('in the gradebook'))
const allLines = async ({ browser }: Launched) => {
  const { $ } = await browser.open('/admin')
  return $('.sp-line h3')
    .toArray()
    .map((line) => $(line).text())
}
/** Presses the button of the line that says this. */
async function go({ browser }: Launched, words: string) {
  const { $ } = await browser.open('/admin')
  const href = $(`.sp-line:contains("${words}") .sp-line__do a`).attr('href')
  if (href === undefined) throw new Error(`There is no line “${words}”: ${$('.sp-line').text()}`)
  return browser.open(href)
}

describe('Today', () => {
  it('shows what somebody asks of their match, first, until it is answered', async () => {
    const { coordinator, mentee, mentor } = await aPair()
    for (const { browser } of [mentee, mentor]) {
      await browser.open('/help/request')
      await browser.submit({ kind: 'partner_silent', talked: 'no' }, 'form[action="/help/request"]')
    }
    const line = 'Priya and Sam: somebody asks about their match'
    expect(await lines(coordinator)).toEqual([line, line])
    await go(coordinator, 'somebody asks')
    await coordinator.browser.submit({ outcome: 'support', word: 'Let us talk' }, 'form[action$="/outcome"]')
    expect(await lines(coordinator)).toEqual([line])
  })

  it('asks two weeks after a match ended early whether its mentee is ready for another', async () => {
    const { coordinator, matchId } = await aPair()
    const natural = await aPair()
    await end(coordinator, matchId, { reason: 'mentor_withdrew', when: 'now' })
    await end(natural.coordinator, natural.matchId, { reason: 'natural_end', when: 'now' })
    later(13)
    expect(await lines(coordinator)).toEqual([])
    later(2)
    expect(await lines(natural.coordinator)).toEqual([])
    expect(await lines(coordinator)).toEqual(['Is Priya ready for another mentor?'])
    await go(coordinator, 'Is Priya ready')
    await coordinator.browser.submit({}, 'form[action$="/readiness"]')
    expect((await lines(coordinator)).join()).not.toContain('ready for another')
  })

  it('says that nothing waits, and what is next', async () => {
    const { coordinator } = await aPair()
    expect(await lines(coordinator)).toEqual([])
    expect(await today(coordinator)).toMatch(/Nothing needs you today.*Next date: the programme ends on/)
  })

  it('shows applications, waits until they are answered, and asks for a mentor then', async () => {
    const { course, coordinator } = await aProgramme()
    const leila = await launch(college.addStudent('Leila Haddad'), course)
    await apply(leila, 'mentee')
    expect(await lines(coordinator)).toEqual(['One application waits for your answer'])
    expect((await go(coordinator, 'One application')).words).toContain('Leila Haddad')
    await aStudent(course, 'mentor', 'Jo van den Berg')
    await admit(coordinator, leila)
    expect(await lines(coordinator)).toEqual(['One mentee waits for a mentor'])
    expect((await go(coordinator, 'One mentee')).words).toContain('Leila Haddad')
  })

  it('shows a question about an offer, and an offer that came to nothing', async () => {
    const { course, coordinator } = await aProgramme()
    const mentee = await aStudent(course, 'mentee', 'Leila Haddad')
    const mentor = await aStudent(course, 'mentor', 'Jo van den Berg')
    await offer(coordinator, mentee, mentor)
    expect(await lines(coordinator)).toEqual([])
    await mentee.browser.open('/')
    await mentee.browser.open(mentee.browser.page.$('a[href^="/matches/"]').attr('href') ?? '')
    await mentee.browser.submit({ question: 'Do they know biology?' }, 'form[action$="/questions"]')
    expect(await lines(coordinator)).toEqual(['A question about the offer to Leila and Jo van den'])
    await go(coordinator, 'A question')
    await coordinator.browser.submit({ reply: 'Yes.' }, 'form[action$="/answer"]')
    expect(await lines(coordinator)).toEqual([])
    await answerOffer(mentor, 'declined')
    expect(await lines(coordinator)).toEqual([
      'An offer to Leila and Jo van den came to nothing',
      'One mentee waits for a mentor',
    ])
    await offer(coordinator, mentee, mentor)
    expect(await lines(coordinator)).toEqual([])
    later(8)
    await moveMatchesOn({ system: true })
    expect((await lines(coordinator))[0]).toBe('An offer to Leila and Jo van den came to nothing')
    later(15)
    expect(await lines(coordinator)).toEqual(['One mentee waits for a mentor'])
  })

  it('shows an agreement that waits for more than a week, and whose signature is missing', async () => {
    const { course, coordinator } = await aProgramme()
    const mentee = await aStudent(course, 'mentee', 'Leila Haddad')
    const mentor = await aStudent(course, 'mentor', 'Jo van den Berg')
    await offer(coordinator, mentee, mentor)
    await answerOffer(mentee)
    const matchId = await answerOffer(mentor)
    later(6)
    expect(await lines(coordinator)).toEqual([])
    later(2)
    expect(await today(coordinator)).toContain('Neither has signed.')
    await sign(mentee, matchId)
    expect(await today(coordinator)).toContain('Leila has signed, Jo van den has not.')
    const form = await go(coordinator, 'the agreement has waited')
    expect(form.words).toContain('A few words to Jo van den Berg')
    await coordinator.browser.submit()
    expect(await lines(coordinator)).toEqual([])
    later(8)
    expect(await lines(coordinator)).toHaveLength(1)
    await sign(mentor, matchId)
    expect(await lines(coordinator)).toEqual([])
  })

  it('shows a pair without a contact for more than three weeks, and rests for a week when somebody wrote to them', async () => {
    const { coordinator, mentee, mentor, contactsHref } = await aPair()
    await log(mentor, contactsHref)
    await confirm(mentee, contactsHref)
    later(20)
    expect(await lines(coordinator)).toEqual([])
    later(2)
    expect(await lines(coordinator)).toEqual(['Priya and Sam: no contact for 22 days'])
    await go(coordinator, 'no contact')
    const written = coordinator.browser.page.$('textarea').text()
    expect(written).toMatch(/^Hello Sam,\nyou and Priya last had contact/)
    await coordinator.browser.submit({ text: `${written}\nRoom 7 is free.` })
    expect(await lines(coordinator)).toEqual([])
    expect((await mentor.browser.open('/notifications')).words).toContain('Your coordinator has written to you')
    await mentor.browser.follow('Your coordinator has written to you')
    expect(mentor.browser.page.words).toContain('Room 7 is free.')
    expect((await mentor.browser.open('/notifications')).words).not.toContain('Your coordinator has written to you')
    later(8)
    expect(await lines(coordinator)).toEqual(['Priya and Sam: no contact for 30 days'])
  })

  it('shows a pair in which somebody would like to hear from the coordinator, and contacts that are remembered differently', async () => {
    const { coordinator, mentee, mentor, contactsHref } = await aPair()
    await logContact(mentee, contactsHref)
    await mentee.browser.submit({ wantsContact: 'yes' })
    expect(await lines(coordinator)).toEqual(['Priya and Sam: somebody would like to hear from you'])
    await go(coordinator, 'somebody would like')
    await coordinator.browser.submit()
    await log(mentor, contactsHref, { when: 'yesterday' })
    await mentee.browser.open(contactsHref)
    await mentee.browser.follow('I remember it differently')
    await mentee.browser.submit({ difference: 'It was shorter' })
    expect(await lines(coordinator)).toEqual(['Priya and Sam remember a contact differently'])
    expect((await go(coordinator, 'differently')).text).not.toContain('It was shorter')
  })

  it('shows reports that are in, and those that are late', async () => {
    const { coordinator, mentee, mentor } = await aPairWithReports(3)
    await handIn(mentee)
    expect(await lines(coordinator)).toEqual(['A report from Priya Nair is in'])
    await go(coordinator, 'A report')
    await decide(coordinator, mentee, 'review')
    expect(await lines(coordinator)).toEqual([])
    later(4)
    expect(await lines(coordinator)).toEqual(['The report of Sam Whitlock is one day late'])
    await handIn(mentor)
    expect((await lines(coordinator)).join()).not.toContain('late')
  })

  it('counts payments that are due', async () => {
    const { coordinator, mentor } = await aPairWithReports(undefined, {
      honorariumAmount: '150',
      honorariumCurrency: 'GBP',
    })
    await handIn(mentor)
    expect(await lines(coordinator)).toEqual(['A report from Sam Whitlock is in', 'One payment is due'])
  })

  it('shows numbers that wait for the gradebook for more than a day', async () => {
    const { course, coordinator, mentee, mentor, contactsHref } = await aPair()
    await log(mentor, contactsHref)
    await confirm(mentee, contactsHref)
    await timePasses(course, 86_401)
    expect((await allLines(coordinator))[0]).toBe('2 numbers have not arrived in the gradebook')
  })

  it('shows a concern to a lead; to a coordinator who is none only that one waits, once its time is over', async () => {
    const { coordinator, lead, mentee } = await aPairWithLead()
    expect(await raise(mentee, { urgency: 'now' })).toBeGreaterThan(0)
    expect(await lines(coordinator)).toEqual([])
    expect((await lead.browser.open('/admin')).status).toBe(404) // a lead has concerns, and no Today
    later(1)
    await tellOfWaiting({ system: true })
    expect(await allLines(coordinator)).toContain('A concern waits')
    expect((await go(coordinator, 'A concern waits')).words).toContain(
      'Call David Llewellyn, the safeguarding lead, on 01632 960199',
    )
    expect(await today(coordinator)).not.toContain('canary-of-a-concern')
    const own = await aPair() // whose coordinator hears of concerns
    await raise(own.mentee)
    expect(await lines(own.coordinator)).toEqual(['A concern waits for you'])
    expect((await go(own.coordinator, 'A concern waits for you')).url).toContain('/admin/concerns')
  })

  it('counts entries of the directory whose day has come', async () => {
    const { coordinator } = await aPair()
    await coordinator.browser.open('/admin/content/directory/ucas')
    await coordinator.browser.submit({ reviewOn: dayFromNow(10) }, 'form[action$="/ucas"]')
    expect(coordinator.browser.page.status).toBe(200)
    expect(await lines(coordinator)).toEqual([])
    later(10)
    expect(await lines(coordinator)).toEqual(['One entry of the directory wants a look'])
  })

  it('shows five lines of a kind, then where the others are', async () => {
    const { coordinator, matchId } = await aPair()
    await manyPairs(matchId)
    later(22)
    const shown = await lines(coordinator)
    expect(shown).toHaveLength(6)
    expect(shown[5]).toBe('More pairs have had no contact for three weeks')
    const list = await go(coordinator, 'More pairs have had')
    expect(list.$('tbody tr').length).toBe(9)
  })

  it('is nobody else’s, and tells nothing of another programme', async () => {
    const { coordinator, mentee, mentor } = await aPair()
    const other = await aPair()
    later(22)
    expect(await lines(other.coordinator)).toHaveLength(1)
    expect(await lines(coordinator)).toHaveLength(1)
    for (const { browser } of [mentee, mentor]) expect((await browser.open('/admin')).status).toBe(404)
  })
})

describe('charts', () => {
  it('are pictures, each with its table, for the coordinator alone', async () => {
    const { coordinator, mentee, mentor, contactsHref } = await aPair()
    await log(mentor, contactsHref)
    await confirm(mentee, contactsHref)
    const { $ } = await coordinator.browser.open('/admin')
    const tables = $('.sp-chart table')
      .toArray()
      .map((table) => $(table).find('td').text())
    expect(tables).toEqual(['000000000001', '100'])
    for (const src of $('.sp-chart img')
      .toArray()
      .map((image) => $(image).attr('src') ?? '')) {
      const picture = await coordinator.browser.open(src)
      expect(picture.headers['content-type']).toContain('image/svg+xml')
      for (const { browser } of [mentee, mentor]) expect((await browser.open(src)).status).toBe(404)
    }
  })

  it('go on to show a contact that nobody answered in a week', async () => {
    const { coordinator, mentor, contactsHref } = await aPair()
    await log(mentor, contactsHref)
    later(8)
    await moveContactsOn({ system: true })
    const { $ } = await coordinator.browser.open('/admin')
    expect($('.sp-chart table').first().find('td').text()).toMatch(/^0+10{1,2}$/)
  })
})

/** Eight more pairs like this one, and as old. */
const manyPairs = statement(
  'test_many_pairs',
  `with one as (select m.*, p.platform_id from matches m join participants pa on pa.id = m.mentee_id
     join people p on p.id = pa.person_id where m.id = $1),
   people as (insert into people (platform_id, sub, name) select platform_id, 'many-' || $1 || '-' || n, 'Many ' || n
     from one, generate_series(1, 16) n returning id),
   pas as (insert into participants (person_id, programme_id, role, state, decided_at, ref)
     select people.id, one.programme_id, case when people.id % 2 = 0 then 'mentee' else 'mentor' end, 'eligible', now(),
       'O' || row_number() over () from people, one returning id, role),
   two as (select id, role, row_number() over (partition by role order by id) as n from pas)
   insert into matches (programme_id, mentor_id, mentee_id, state, active_at, stage_since, offered_at, expires_at,
     mentee_answer, mentor_answer)
   select one.programme_id, r.id, e.id, 'active', one.active_at, one.stage_since, one.offered_at, one.expires_at,
     'accepted', 'accepted'
   from one, two e join two r on r.n = e.n and r.role = 'mentor' where e.role = 'mentee'`,
)

it('writes to one of a pair: not to the partner, not from outside, and once', async () => {
  const { coordinator, mentee, mentor, matchId } = await aPair()
  const other = await aPair()
  const form = `/admin/matches/${matchId}/nudges/mentee/other`
  await coordinator.browser.open(form)
  await coordinator.browser.submit({ text: '' })
  expect([coordinator.browser.page.status, coordinator.browser.page.words.includes('Write a few words')]).toEqual([
    422,
    true,
  ])
  await coordinator.browser.submit({ text: 'x'.repeat(1001) })
  expect(coordinator.browser.page.words).toContain('Keep it to 1,000 characters')
  await coordinator.browser.doubleClick({ text: 'Well done so far' })
  const { $ } = await mentee.browser.open('/notifications')
  const hrefs = $('a[href^="/nudges/"]')
    .toArray()
    .map((link) => $(link).attr('href') ?? '')
  expect(hrefs).toHaveLength(1)
  for (const { browser } of [mentor, other.coordinator, other.mentee])
    expect((await browser.open(hrefs[0] ?? '')).status).toBe(404)
  expect((await mentee.browser.open(hrefs[0] ?? '')).words).toContain('Well done so far')
  for (const { browser } of [mentee, mentor, other.coordinator]) expect((await browser.open(form)).status).toBe(404)
  expect((await coordinator.browser.open(`/admin/matches/${matchId}`)).words).toContain('A few words to Priya')
  expect(
    (await coordinator.browser.open('/admin/audit')).words.match(/Wrote a few words to one of the two/g),
  ).toHaveLength(1)
})
