import { beforeAll, describe, expect, it } from 'vitest'
import { statement } from '../../src/db.ts'
import type { Fields } from '../support/browser.ts'
import { aPair, dayFromNow, launch, log } from '../support/builders.ts'
import { expectAllAt, expectRefused } from '../support/forms.ts'
import { fill, FORM, planOf, post, setGoal, weigh } from './support.ts'

/** For what leaves no trace that another test looks for. */
let shared: Awaited<ReturnType<typeof aPair>>
beforeAll(async () => {
  shared = await aPair()
})

const goalsIn = statement<{ text: string; outcome: string; review_note: string | null }>(
  'test_goals_in',
  'select text, outcome, review_note from goals where match_id = $1 order by id',
)

describe('goals', () => {
  it('can wait until a first contact, and can be added anyway', async () => {
    const { mentee, mentor, matchId, contactsHref } = await aPair()
    const early = await mentee.browser.open(planOf(matchId))
    expect(early.words).toContain('Goals can wait')
    expect((await mentor.browser.open(planOf(matchId))).words).toContain('Are you getting on?')
    expect(mentor.browser.page.$('a[href$="/goals/new"]')).toHaveLength(0) // they are hers
    const form = await mentee.browser.follow('Add a goal anyway')
    expect(form.words).toContain('Goals can wait')
    await log(mentor, contactsHref)
    const after = await mentee.browser.open(planOf(matchId))
    expect(after.words).not.toContain('Goals can wait')
    expect(after.words).toContain('No goals yet')
    expect((await mentee.browser.open(`/matches/${matchId}/goals/new`)).words).not.toContain('Goals can wait')
  })

  it('are the mentee’s, in her words, with what a clear goal says and what is still open', async () => {
    const { mentee, mentor, matchId } = await aPair()
    const form = await mentee.browser.open(`/matches/${matchId}/goals/new`)
    expect(form.words).toContain('Five questions that make a goal clear')
    const href = await setGoal(mentee, matchId, { goal: ' <i>Two</i>\n essays ', category: 'punctuality' })
    const goal = mentee.browser.page
    expect(goal.$('h1').text()).toBe('Your goal')
    expect(goal.$('blockquote').text()).toBe('<i>Two</i> essays')
    expect(goal.words).toContain('Two questions are still open')
    const page = await fill(mentee, `${href}/edit`, { measure: 'The tutor has both', byOn: dayFromNow(20) })
    expect(page.words).toContain('How I will knowThe tutor has both')
    expect(page.words).not.toContain('still open')
    const seen = await mentor.browser.open(planOf(matchId))
    expect(seen.words).toMatch(/Two<\/i> essays ?By \w+day .* Being on time\./)
    expect((await mentor.browser.open(href)).$('h1').text()).toBe('A goal of Priya')
    for (const end of ['', '/edit', '/review', '/removal', '/reopening']) {
      const fields = { goal: 'Mine', outcome: 'achieved', note: 'Mine' }
      if (end !== '/edit') expect([end, (await post(mentor, `${href}${end}`, fields)).status]).toEqual([end, 403])
      if (end !== '' && end !== '/removal' && end !== '/reopening')
        expect([end, (await mentor.browser.open(`${href}${end}`)).status]).toEqual([end, 403])
    }
    expect((await post(mentor, `/matches/${matchId}/goals`, { goal: 'Mine' })).status).toBe(403)
    expect((await goalsIn(matchId)).map(({ text }) => text)).toEqual(['<i>Two</i> essays'])
  })

  it('are refused beside the field, and the rest is kept', async () => {
    const { mentee, matchId } = shared
    const cases = [
      [{ goal: '' }, 'goal', 'Write what you want to reach'],
      [{ goal: 'x'.repeat(281) }, 'goal', 'Keep it to 280 characters'],
      [{ why: 'x'.repeat(281) }, 'why', 'Keep it to 280 characters'],
      [{ byOn: dayFromNow(-1) }, 'byOn', 'This day is over'],
      [{ byOn: '2026-02-30' }, 'byOn', 'Choose a day that exists'],
      [{ category: 'fame' }, 'category', 'from the list'],
      [{ goal: ['a', 'b'] }, 'goal', 'Write what you want to reach'],
    ] as const
    for (const [fields, field, message] of cases) {
      const whole = { goal: 'Kept', measure: 'Kept too', ...(fields as Fields) }
      const page = await fill(mentee, `/matches/${matchId}/goals/new`, whole)
      expectRefused(page, field, message)
      expect(page.$('#measure').val()).toBe('Kept too')
    }
    expect(await goalsIn(matchId)).toEqual([])
  })

  it('are looked back on: achieved, partly, not or changed, with a line each, and opened again', async () => {
    const { mentee, mentor, matchId } = await aPair()
    const href = await setGoal(mentee, matchId)
    expectRefused(await fill(mentee, `${href}/review`, { note: 'Nearly' }), 'outcome', 'Choose how it came out')
    expect(mentee.browser.page.$('#note').val()).toBe('Nearly')
    expectRefused(await fill(mentee, `${href}/review`, { outcome: 'partly' }), 'note', 'Write one line about it')
    await mentee.browser.open(`${href}/review`)
    expectAllAt(await mentee.browser.doubleClick({ outcome: 'partly', note: 'One of two' }, FORM), href)
    expect(await goalsIn(matchId)).toEqual([
      { text: 'Hand in two essays on time', outcome: 'partly', review_note: 'One of two' },
    ])
    expect((await mentor.browser.open(planOf(matchId))).words).toMatch(/“One of two” ?Partly achieved/)
    const again = await mentee.browser.open(`${href}/review`)
    expect([again.$('input[name=outcome]:checked').val(), again.$('#note').val()]).toEqual(['partly', 'One of two'])
    for (const outcome of ['achieved', 'not', 'changed'])
      expect((await fill(mentee, `${href}/review`, { outcome, note: outcome })).status).toBe(200)
    await mentee.browser.submit({}, 'form[action$="/reopening"]')
    expect(await goalsIn(matchId)).toEqual([{ text: 'Hand in two essays on time', outcome: 'open', review_note: null }])
  })

  it('are commented on, and supported, by the mentor alone', async () => {
    const { mentee, mentor, matchId } = await aPair()
    const href = await setGoal(mentee, matchId)
    await mentor.browser.open(href)
    expectAllAt(await mentor.browser.doubleClick({ comment: 'Which one\r\nis <first>?' }, FORM), href)
    await mentor.browser.submit({}, 'form[action$="/support"]')
    expect(mentor.browser.page.words).toContain('You are with this')
    const told = await mentee.browser.open('/notifications')
    expect(told.words).toContain('Your mentor says something about a goal')
    expect(told.words).not.toContain('is <first>')
    expect((await mentee.browser.open(planOf(matchId))).words).toMatch(/1 comment\. ?Sam is with you/)
    const page = await mentee.browser.open(href)
    expect(page.$('.sp-timeline p').text()).toBe('Which one\nis <first>?')
    expect(page.$('form[action$="/comments"], form[action$="/support"]')).toHaveLength(0)
    expect((await mentee.browser.open('/notifications')).words).not.toContain('says something about a goal')
    expect((await post(mentee, `${href}/comments`, { comment: 'Me too' })).status).toBe(403)
    expect((await post(mentee, `${href}/support`, { support: 'no' })).status).toBe(403)
    const removal = (await mentor.browser.open(href)).$('form[action*="/comments/"][action$="/removal"]').attr('action')
    expect((await post(mentee, removal ?? '')).status).toBe(403)
    await mentor.browser.open(href)
    await mentor.browser.submit({}, `form[action="${removal ?? ''}"]`)
    expect(mentor.browser.page.$('.sp-timeline')).toHaveLength(0)
    await mentor.browser.submit({}, 'form[action$="/support"]')
    expect(mentor.browser.page.words).not.toContain('You are with this')
    expectRefused(await fill(mentor, href, { comment: 'x'.repeat(5001) }), 'comment', 'Keep it to 5,000 characters')
    expectRefused(await fill(mentor, href, { comment: ' ' }), 'comment', 'Write what you want to say')
  })

  it('stop at twenty, and comments at fifty, in words', async () => {
    const { mentee, mentor, matchId } = await aPair()
    const href = await setGoal(mentee, matchId)
    await manyGoals(matchId)
    await manyComments(matchId)
    const full = await mentee.browser.open(planOf(matchId))
    expect(full.words).toContain('You have 20 goals, and that is as many as fit here')
    expect(full.$('a[href$="/goals/new"]')).toHaveLength(0)
    expectRefused(await fill(mentee, `/matches/${matchId}/goals/new`, { goal: 'x' }), 'goal', '20 goals already')
    expect((await mentor.browser.open(href)).words).toContain('There are 50 comments here already')
    const late = await post(mentor, `${href}/comments`, { comment: 'One too many' })
    expectRefused(late, 'comment', 'There are 50 comments here already')
    expect(late.$('#comment').val()).toBe('One too many')
  })

  it('sent twice are one, changed once, deleted for good with what was said of them', async () => {
    const { mentee, mentor, matchId } = await aPair()
    await mentee.browser.open(`/matches/${matchId}/goals/new`)
    const pages = await mentee.browser.doubleClick({ goal: 'Once' }, FORM)
    const href = new URL(pages[0]?.url ?? '').pathname
    expect(href).toMatch(/^\/goals\/\d+$/)
    expectAllAt(pages, href)
    await mentee.browser.open(`${href}/edit`)
    expectAllAt(await mentee.browser.doubleClick({ goal: 'Twice' }, FORM), href)
    const stale = await post(mentee, href, { goal: 'From an old window' })
    expectRefused(stale, 'goal', 'was changed in another window')
    expect((await goalsIn(matchId)).map(({ text }) => text)).toEqual(['Twice'])
    await fill(mentor, href, { comment: 'Good luck' })
    await mentee.browser.open(href)
    await mentee.browser.submit({}, 'form[action$="/removal"]')
    expect([new URL(mentee.browser.page.url).pathname, await goalsIn(matchId)]).toEqual([planOf(matchId), []])
    expect((await mentor.browser.open(href)).status).toBe(404)
    expect((await mentee.browser.open('/notifications')).words).not.toContain('says something about a goal')
  })
})

const manyGoals = statement(
  'test_many_goals',
  `insert into goals (match_id, form_key, text, written_at)
   select $1, gen_random_uuid(), 'No. ' || n, now() from generate_series(1, 19) n`,
)
const manyComments = statement(
  'test_many_comments',
  `insert into goal_comments (goal_id, form_key, author_id, text, written_at)
   select min(g.id), gen_random_uuid(), max(m.mentor_id), 'No. ' || n, now()
   from goals g join matches m on m.id = g.match_id, generate_series(1, 50) n where m.id = $1 group by n`,
)

const decisionsIn = statement<{
  question: string
  chosen: string | null
  decided_on: string | null
  destination: string | null
}>(
  'test_decisions_in',
  'select question, chosen, decided_on, destination from decisions where match_id = $1 order by id',
)

describe('a decision', () => {
  it('weighs what speaks for and against each way, and is the mentee’s own', async () => {
    const { mentee, mentor, matchId } = await aPair()
    const href = await weigh(mentee, matchId, { for2: 'New people\r\n<b>and</b> the sea' })
    const page = mentee.browser.page
    expect(
      page
        .$('article h3')
        .toArray()
        .map((one) => page.$(one).text()),
    ).toEqual(['Here', 'Leeds'])
    expect(page.$('article').last().find('dd').first().text()).toBe('New people\n<b>and</b> the sea')
    expect(page.words).toContain('Is it you who decides?')
    const seen = await mentor.browser.open(href)
    expect(seen.words).toContain('Whose decision is it?')
    expect(seen.$('main form')).toHaveLength(0)
    for (const end of ['', '/choice', '/reopening', '/removal'])
      expect((await post(mentor, `${href}${end}`, { question: 'Mine', choice: '1' })).status).toBe(403)
    expect((await post(mentor, `/matches/${matchId}/decisions`, { question: 'Mine' })).status).toBe(403)
    expect((await mentor.browser.open(`/matches/${matchId}/decisions/new`)).status).toBe(403)
  })

  it('is taken on a day, leads somewhere, and can be taken anew', async () => {
    const { mentee, mentor, matchId } = await aPair()
    const href = await weigh(mentee, matchId)
    await mentee.browser.open(href)
    const pages = await mentee.browser.doubleClick({ choice: '2', destination: 'he_elsewhere' }, '#choose')
    expectAllAt(pages, href)
    const today = dayFromNow(0)
    expect(await decisionsIn(matchId)).toEqual([
      { question: 'Where do I apply?', chosen: 'Leeds', decided_on: today, destination: 'he_elsewhere' },
    ])
    const seen = await mentor.browser.open(href)
    expect(seen.words).toMatch(/Decided today ?Leeds ?Where it leads: higher education, somewhere else\./)
    expect(seen.$('article').last().text()).toContain('Chosen')
    expect((await mentor.browser.open(planOf(matchId))).words).toContain('Leeds (today)')
    await mentee.browser.open(href)
    await mentee.browser.submit({}, 'form[action$="/reopening"]')
    await mentee.browser.submit({ choice: 'other', other: 'A year of work', decidedOn: dayFromNow(-3) }, '#choose')
    expect(await decisionsIn(matchId)).toEqual([
      { question: 'Where do I apply?', chosen: 'A year of work', decided_on: dayFromNow(-3), destination: null },
    ])
  })

  it('is refused beside the field, and nothing is decided', async () => {
    const { mentee, matchId } = await aPair()
    const href = await weigh(mentee, matchId)
    const cases = [
      [{}, 'choice', 'Choose what you do'],
      [{ choice: '4' }, 'choice', 'Choose what you do'],
      [{ choice: 'other' }, 'other', 'Write what it is'],
      [{ choice: '1', decidedOn: dayFromNow(1) }, 'decidedOn', 'has not come yet'],
      [{ choice: '1', destination: 'the-moon' }, 'destination', 'from the list'],
    ] as const
    for (const [fields, field, message] of cases) {
      await mentee.browser.open(href)
      expectRefused(await mentee.browser.submit(fields, '#choose'), field, message)
    }
    expect((await decisionsIn(matchId))[0]?.chosen).toBeNull()
  })

  it('to be weighed is refused beside the field, and nothing typed is lost', async () => {
    const { mentee, matchId } = shared
    const cases = [
      [{ question: '' }, 'question', 'Write what is to be decided'],
      [{ question: 'x'.repeat(121) }, 'question', 'to 120 characters'],
      [{ option1: 'x'.repeat(121) }, 'option1', 'to 120 characters'],
      [{ for4: 'x'.repeat(1001), option4: 'x' }, 'for4', 'Keep it to 1,000 characters'],
      [{ option3: '', against3: 'Too dear' }, 'option3', 'Give this option a name'],
    ] as const
    for (const [fields, field, message] of cases) {
      const whole = { question: 'Kept', option2: 'Kept too', ...(fields as Fields) }
      const page = await fill(mentee, `/matches/${matchId}/decisions/new`, whole)
      expectRefused(page, field, message)
      expect(page.$('#option2').val()).toBe('Kept too')
      if (/[34]$/.test(field)) expect(page.$('details.sp-fold').attr('open')).toBeDefined()
    }
    expect(await decisionsIn(matchId)).toEqual([])
  })

  it('is changed, kept as a draft, found again, and never overwritten', async () => {
    const { course, mentee, matchId } = await aPair()
    await mentee.browser.open(`/matches/${matchId}/decisions/new`)
    await mentee.browser.submit({ question: 'Half a thou', option4: 'Later', _act: 'draft' }, FORM)
    expect(mentee.browser.page.words).toContain('Kept as a draft')
    const phone = await launch(mentee.person, course)
    const there = await phone.browser.open(`/matches/${matchId}/decisions/new`)
    expect([there.$('#question').val(), there.$('#option4').val()]).toEqual(['Half a thou', 'Later'])
    expect(there.$('details.sp-fold').attr('open')).toBeDefined()
    const pages = await phone.browser.doubleClick({ question: 'A whole thought' }, FORM)
    const href = new URL(pages[0]?.url ?? '').pathname
    expectAllAt(pages, href)
    expect((await decisionsIn(matchId)).map(({ question }) => question)).toEqual(['A whole thought'])
    await mentee.browser.open(`${href}/edit`)
    expect(mentee.browser.page.$('#option1').val()).toBe('Later') // options have no gaps
    expectAllAt(await mentee.browser.doubleClick({ option2: 'Now', for2: 'Why wait?' }, FORM), href)
    expectRefused(await post(mentee, href, { question: 'Old window' }), 'question', 'changed in another window')
    await mentee.browser.open(href)
    await mentee.browser.submit({}, 'form[action$="/removal"]')
    expect(await decisionsIn(matchId)).toEqual([])
  })

  it('is one of twenty at most', async () => {
    const { mentee, matchId } = shared
    await manyDecisions(matchId)
    expect((await mentee.browser.open(planOf(matchId))).words).toContain('You have 20 decisions')
    const page = await fill(mentee, `/matches/${matchId}/decisions/new`, { question: 'x' })
    expectRefused(page, 'question', '20 decisions already')
  })
})

const manyDecisions = statement(
  'test_many_decisions',
  `insert into decisions (match_id, form_key, question, written_at)
   select $1, gen_random_uuid(), 'No. ' || n, now() from generate_series(1, 20) n`,
)
