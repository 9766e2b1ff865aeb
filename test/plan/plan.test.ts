import { beforeAll, describe, expect, it } from 'vitest'
import { statement } from '../../src/db.ts'
import {
  aPair,
  aProgramme,
  aStudent,
  dayFromNow,
  launch,
  log,
  pairUp,
  answerOffer,
  offer,
} from '../support/builders.ts'
import { expectAllAt, expectRefused, oddFields, sendTooLate } from '../support/forms.ts'
import { lines } from '../support/log.ts'
import { end, fill, FORM, planOf, post, setGoal, setTask, taskAction, weigh } from './support.ts'

const CANARY = 'canary-of-our-plan'

/** For what leaves no trace that another test looks for. */
let shared: Awaited<ReturnType<typeof aPair>>
beforeAll(async () => {
  shared = await aPair()
})

const tasksIn = statement<{ text: string; due_on: string | null; of: string; by: string; is_done: boolean }>(
  'test_tasks_in',
  `select t.text, t.due_on, o.role as of, w.role as by, t.done_at is not null as is_done from tasks t
   join participants o on o.id = t.owner_id join participants w on w.id = t.written_by_id where t.match_id = $1 order by t.id`,
)

describe('what both want', () => {
  it('is one line of each, the mentee’s on top of the plan for both and on the mentor’s home page', async () => {
    const { mentee, mentor, matchId } = await aPair()
    const empty = await mentee.browser.open(planOf(matchId))
    expect(empty.$('h1').text()).toBe('Your plan with Sam')
    expect(empty.words).toContain('You have not written your line yet')
    await mentee.browser.follow('Write your line')
    expect(mentee.browser.page.$('#wants').val()).toBe('To hear what it is like') // as in the application
    const saved = await mentee.browser.submit({ wants: `  <b>Courage</b>\r\n ${CANARY}` }, FORM)
    expect(saved.words).toContain(`<b>Courage</b> ${CANARY}`)
    await fill(mentor, `${planOf(matchId)}/wants`, { wants: 'To learn to listen' })
    for (const { browser } of [mentee, mentor]) {
      const said = (await browser.open(planOf(matchId))).$('#wants + dl dd').toArray()
      expect(said.map((one) => browser.page.$(one).find('bdi').text())).toEqual([
        `<b>Courage</b> ${CANARY}`,
        'To learn to listen',
      ])
    }
    expect((await mentor.browser.open('/')).words).toContain(`What Priya wants from this<b>Courage</b> ${CANARY}`)
    await fill(mentee, `${planOf(matchId)}/wants`, { wants: 'Something else' })
    expect((await mentor.browser.open(planOf(matchId))).words).not.toContain(CANARY)
  })

  it('with nothing, too much, or what cannot be saved is refused beside the field', async () => {
    const { mentee, matchId } = shared
    const cases = [
      ['', 'Write one line about what you want'],
      ['x'.repeat(281), 'Keep it to 280 characters'],
      ['a\u0000b', 'cannot be saved'],
    ] as const
    for (const [wants, message] of cases)
      expectRefused(await fill(mentee, `${planOf(matchId)}/wants`, { wants }), 'wants', message)
    expect((await mentee.browser.open(planOf(matchId))).words).toContain('You have not written your line yet')
  })
})

describe('a task', () => {
  it('is set by either for either, and ticked by the one who does it alone', async () => {
    const { mentee, mentor, matchId } = await aPair()
    const by = dayFromNow(3)
    const set = await setTask(mentor, matchId, { task: 'Send me the page', owner: 'mentee', dueOn: by })
    expect(set.words).toMatch(/Send me the page ?Priya ?By \w+day \d+ /)
    expect(taskAction(set, 'completion')).toBe('') // it is hers to tick
    await setTask(mentor, matchId, { task: 'Ask my tutor' })
    const page = await mentee.browser.open(planOf(matchId))
    const done = taskAction(page, 'completion')
    expect(page.$('.sp-line--you')).toHaveLength(1)
    expect((await post(mentor, done)).status).toBe(403)
    expectAllAt(await mentee.browser.doubleClick({}, `form[action="${done}"]`).then((pages) => pages), planOf(matchId))
    expect(mentee.browser.page.words).toContain('1 task that is done')
    const reopen = taskAction(mentee.browser.page, 'reopening')
    expect((await post(mentor, reopen)).status).toBe(403)
    await mentee.browser.submit({}, `form[action="${reopen}"]`)
    expect(await tasksIn(matchId)).toEqual([
      { text: 'Send me the page', due_on: by, of: 'mentee', by: 'mentor', is_done: false },
      { text: 'Ask my tutor', due_on: null, of: 'mentor', by: 'mentor', is_done: false },
    ])
  })

  it('is changed and taken away by whoever wrote it and by whose it is, by nobody else', async () => {
    const { mentee, mentor, matchId } = await aPair()
    await setTask(mentor, matchId, { task: 'For Priya', owner: 'mentee' })
    await setTask(mentor, matchId, { task: 'For myself' })
    const hers = await mentee.browser.open(planOf(matchId))
    expect(hers.$('a[href$="/edit"]')).toHaveLength(1)
    const edit = hers.$('a[href$="/edit"]').attr('href') ?? ''
    const others = edit.replace(/\d+/, (id) => String(Number(id) + 1))
    for (const path of [others, others.replace('/edit', '')])
      expect((await post(mentee, path.replace('/edit', ''), { task: 'Mine now', owner: 'mentee' })).status).toBe(403)
    expect((await mentee.browser.open(others)).status).toBe(403)
    expect((await post(mentee, others.replace('/edit', '/removal'))).status).toBe(403)
    const form = await mentee.browser.open(edit)
    expect([form.$('#task').val(), form.$('input[name=owner]:checked').val()]).toEqual(['For Priya', 'mentee'])
    expectAllAt(await mentee.browser.doubleClick({ task: 'For us', owner: 'mentor' }, FORM), planOf(matchId))
    await mentor.browser.open(edit)
    await mentor.browser.submit({}, 'form[action$="/removal"]')
    expect((await tasksIn(matchId)).map(({ text }) => text)).toEqual(['For myself'])
    expect((await post(mentee, edit.replace('/edit', '/removal'))).status).toBe(404)
  })

  it('changed in another window is not overwritten', async () => {
    const { mentee, mentor, matchId } = shared
    const page = await setTask(mentee, matchId)
    const edit = page.$('a[href$="/edit"]').attr('href') ?? ''
    await mentee.browser.open(edit)
    await post(mentee, edit.replace('/edit', ''), { task: 'From the phone', owner: 'mentee' })
    const stale = await post(mentee, edit.replace('/edit', ''), { task: 'From the laptop', owner: 'mentee' })
    expectRefused(stale, 'task', 'was changed in another window')
    expect(stale.$('#task').val()).toBe('From the laptop')
    expect((await mentor.browser.open(planOf(matchId))).words).toContain('From the phone')
  })

  it('is due today or later, and one that is late says so and can still be changed', async () => {
    const { mentee, matchId } = await aPair()
    expectRefused(await setTask(mentee, matchId, { dueOn: dayFromNow(-1) }), 'dueOn', 'This day is over')
    const today = await setTask(mentee, matchId, { dueOn: dayFromNow(0) })
    expect(today.words).toContain('By today')
    await age(matchId)
    const late = await mentee.browser.open(planOf(matchId))
    expect(late.words).toMatch(/Late ?It was for \w+day/)
    const edit = late.$('a[href$="/edit"]').attr('href') ?? ''
    expect((await fill(mentee, edit, { task: 'New words' })).words).toContain('New words')
  })

  it('stops at a hundred that are open, in words, and at none that are done', async () => {
    const { mentee, matchId } = await aPair()
    await manyTasks(matchId)
    const full = await mentee.browser.open(planOf(matchId))
    expect(full.words).toContain('100 tasks are open')
    expect(full.$('a[href$="/tasks/new"]')).toHaveLength(0)
    expectRefused(await setTask(mentee, matchId), 'task', '100 tasks are open already')
    const done = taskAction(full, 'completion')
    await post(mentee, done)
    expect((await setTask(mentee, matchId)).words).toContain('Find two course pages')
    expect((await post(mentee, done.replace('completion', 'reopening'))).status).toBe(403)
  })

  it('set twice by one form is one, also with a contact', async () => {
    const { mentee, mentor, matchId, contactsHref } = await aPair()
    await mentee.browser.open(`/matches/${matchId}/tasks/new`)
    expectAllAt(await mentee.browser.doubleClick({ task: 'Once' }, FORM), planOf(matchId))
    await mentor.browser.open(`${contactsHref}/new`)
    const contact = { channel: 'telephone', nextTask: 'Read page 3', nextTaskOwner: 'mentee' }
    const answers = await mentor.browser.doubleClick(contact)
    const [last] = await contactsIn(matchId)
    expectAllAt(answers, `/contacts/${last?.id}/pulse`)
    expect((await tasksIn(matchId)).map(({ text }) => text)).toEqual(['Once', 'Read page 3'])
  })
})

const contactsIn = statement<{ id: number }>('test_contacts_in', 'select id from contacts where match_id = $1')
const age = statement('test_age_tasks', 'update tasks set due_on = due_on - 2 where match_id = $1')
const manyTasks = statement(
  'test_many_tasks',
  `insert into tasks (match_id, form_key, owner_id, written_by_id, text, written_at)
   select m.id, gen_random_uuid(), m.mentee_id, m.mentor_id, 'No. ' || n, now() from matches m, generate_series(1, 100) n where m.id = $1`,
)

describe('with a contact', () => {
  it('a task, its day and a next date are set in the same act, and stand on both home pages', async () => {
    const { mentee, mentor, matchId, contactsHref } = await aPair()
    const next = { nextOn: dayFromNow(4), nextChannel: 'text' }
    await log(mentor, contactsHref, { ...next, nextTask: 'Bring your notes', nextTaskOwner: 'mentee' })
    expect(await tasksIn(matchId)).toEqual([
      { text: 'Bring your notes', due_on: dayFromNow(4), of: 'mentee', by: 'mentor', is_done: false }, // for the next time
    ])
    const home = await mentee.browser.open('/')
    expect(home.words).toMatch(/Your task ?Bring your notes By \w+day/)
    expect((await mentor.browser.open('/')).words).not.toContain('Bring your notes') // it is not his
    await mentee.browser.open('/')
    await mentee.browser.submit({}, 'form[action$="/completion"]')
    expect([new URL(mentee.browser.page.url).pathname, mentee.browser.page.words]).toEqual([
      '/',
      expect.stringContaining('Sam sees it too'),
    ])
    expect(mentee.browser.page.words).not.toContain('Bring your notes')
  })

  it('is refused as a whole when the task cannot be: nothing is logged, and everything is still there', async () => {
    const { mentee, matchId, contactsHref } = await aPair()
    const cases = [
      [{ nextTask: 'x'.repeat(281) }, 'nextTask', 'Keep the task to 280 characters'],
      [{ nextTaskDue: dayFromNow(2) }, 'nextTask', 'Write what the task is'],
      [{ nextTask: 'Read', nextTaskDue: dayFromNow(-1) }, 'nextTaskDue', 'The day of the task is over'],
      [{ nextTask: 'Read', nextTaskDue: 'soon' }, 'nextTaskDue', 'Choose the day of the task'],
      [{ nextTask: 'Read', nextTaskOwner: 'coordinator' }, 'nextTaskOwner', 'Choose who does the task'],
    ] as const
    for (const [fields, field, message] of cases) {
      await log(mentee, contactsHref, fields)
      expectRefused(mentee.browser.page, field, message)
      expect(mentee.browser.page.$('details.sp-fold').first().attr('open')).toBeDefined()
    }
    await manyTasks(matchId)
    await log(mentee, contactsHref, { nextTask: 'One too many', line: 'We talked' })
    expectRefused(mentee.browser.page, 'nextTask', '100 tasks are open')
    expect([mentee.browser.page.$('#line').val(), mentee.browser.page.$('#nextTask').val()]).toEqual([
      'We talked',
      'One too many',
    ])
    expect((await mentee.browser.open(contactsHref)).words).toContain('Nothing logged yet')
  })

  it('is logged as quickly as before: the task is folded away, and need not be there', async () => {
    const { mentee, matchId, contactsHref } = shared
    const before = (await tasksIn(matchId)).length
    const page = await mentee.browser.open(`${contactsHref}/new`)
    expect(page.$('details.sp-fold #nextTask')).toHaveLength(1)
    expect(page.$('details.sp-fold').attr('open')).toBeUndefined()
    await log(mentee, contactsHref)
    expect(await tasksIn(matchId)).toHaveLength(before)
  })
})

describe('the plan', () => {
  it('is nobody’s but the two’s: no page, log or notification of others says a word of it', async () => {
    const { course, coordinator, mentee, mentor, matchId } = await aPair()
    const stranger = await aStudent(course, 'mentor', 'Chidi Eze')
    const second = await aStudent(course, 'mentee', 'Leila Haddad')
    const otherId = await pairUp(coordinator, second, mentor)
    lines.length = 0
    await fill(mentee, `${planOf(matchId)}/wants`, { wants: CANARY })
    const goal = await setGoal(mentee, matchId, { goal: CANARY, why: CANARY, measure: CANARY })
    const decision = await weigh(mentee, matchId, { question: CANARY, option1: CANARY, for1: CANARY })
    await setTask(mentee, matchId, { task: CANARY, owner: 'mentor' })
    await fill(mentor, goal, { comment: CANARY })
    expect(JSON.stringify(lines)).not.toContain('canary')
    for (const { browser } of [mentee, mentor]) {
      expect((await browser.open('/notifications')).words).not.toContain('canary')
      for (const path of [planOf(matchId), goal, decision]) {
        const page = await browser.open(path)
        expect([page.status, page.words.includes(CANARY)]).toEqual([200, true])
        expect(page.$('title').text()).not.toContain('canary')
      }
    }
    const paths = [planOf(matchId), goal, `${goal}/edit`, `${goal}/review`, decision, `${decision}/edit`]
    const elsewhere = [
      '/',
      '/notifications',
      `/admin/matches/${matchId}`,
      `/admin/matches/${matchId}/contacts`,
      '/tutor',
    ]
    for (const { browser } of [stranger, second, coordinator]) {
      for (const path of paths) expect([path, (await browser.open(path)).status]).toEqual([path, 404])
      for (const path of elsewhere) expect((await browser.open(path)).text).not.toContain('canary')
    }
    for (const by of [stranger, second, coordinator])
      for (const path of [`${planOf(matchId)}/wants`, goal, `${goal}/comments`, `${goal}/removal`, decision])
        expect([path, (await post(by, path, { wants: 'Mine', comment: 'Mine' })).status]).toEqual([path, 404])
    expect((await mentor.browser.open(planOf(otherId))).words).not.toContain('canary') // his other mentee's is another
  })

  it('tells the partner that there is something new, once, until they have looked', async () => {
    const { mentee, mentor, matchId } = shared
    await setGoal(mentee, matchId, { goal: CANARY })
    await weigh(mentee, matchId)
    const told = await mentor.browser.open('/notifications')
    expect(told.text.split('Something new in your plan')).toHaveLength(2)
    await mentor.browser.open(planOf(matchId))
    expect((await mentor.browser.open('/notifications')).words).not.toContain('Something new')
    await setTask(mentor, matchId) // for himself: nobody is told
    expect((await mentee.browser.open('/notifications')).words).not.toContain('Something new')
  })

  it('begins when the two do, and is read for thirty days after the end, and no more', async () => {
    const { mentee, mentor, matchId } = await aPair()
    const goal = await setGoal(mentee, matchId)
    const decision = await weigh(mentee, matchId)
    const page = await setTask(mentee, matchId)
    const done = taskAction(page, 'completion')
    await end(matchId, 29)
    for (const { browser } of [mentee, mentor])
      for (const path of [planOf(matchId), goal, decision]) {
        const read = await browser.open(path)
        expect([path, read.status]).toEqual([path, 200])
        expect(read.$('main form, main a[href$="/edit"], main a[href$="/new"]')).toHaveLength(0)
      }
    expect((await mentee.browser.open(planOf(matchId))).words).toContain('This match has ended')
    for (const path of [`${planOf(matchId)}/wants`, `/matches/${matchId}/tasks/new`, `${goal}/edit`, `${goal}/review`])
      expect((await mentee.browser.open(path)).status).toBe(403)
    const acts = [`${planOf(matchId)}/wants`, goal, `${goal}/removal`, `${goal}/review`, done, `${decision}/choice`]
    const fields = { wants: 'x', goal: 'x', outcome: 'not', note: 'x', choice: '1' }
    for (const path of acts) expect([path, (await post(mentee, path, fields)).status]).toEqual([path, 403])
    await end(matchId, 31)
    for (const path of [planOf(matchId), goal, decision])
      expect([path, (await mentee.browser.open(path)).status]).toEqual([path, 404])
    for (const path of acts) expect([path, (await post(mentee, path, fields)).status]).toEqual([path, 404])
  })

  it('is not there for an offer, and says what comes first while the two agree', async () => {
    const { course, coordinator } = await aProgramme()
    const mentee = await aStudent(course, 'mentee')
    const mentor = await aStudent(course, 'mentor')
    await offer(coordinator, mentee, mentor)
    const matchId = await answerOffer(mentee)
    expect((await mentee.browser.open(planOf(matchId))).status).toBe(404)
    expect((await post(mentee, `${planOf(matchId)}/wants`, { wants: 'x' })).status).toBe(404)
    await answerOffer(mentor)
    const early = await mentee.browser.open(planOf(matchId))
    expect([early.status, early.words]).toEqual([403, expect.stringContaining('First you sign your agreement')])
    expect((await post(mentee, `${planOf(matchId)}/wants`, { wants: 'x' })).status).toBe(403)
  })

  it('is reached from the home page and from the list of contacts', async () => {
    const { mentee, matchId, contactsHref } = shared
    await mentee.browser.open('/')
    expect(new URL((await mentee.browser.follow('Plan with Sam')).url).pathname).toBe(planOf(matchId))
    await mentee.browser.open(contactsHref)
    expect(new URL((await mentee.browser.follow('Your plan')).url).pathname).toBe(planOf(matchId))
  })

  it('is never a fault of ours, whatever is sent to it', async () => {
    const { mentee, mentor, matchId } = await aPair()
    const goal = await setGoal(mentee, matchId)
    const decision = await weigh(mentee, matchId)
    const edit = (await setTask(mentee, matchId)).$('a[href^="/tasks/"]').attr('href') ?? ''
    const hers: [string, string[]][] = [
      [`${planOf(matchId)}/wants`, ['wants']],
      [goal, ['goal', 'measure', 'byOn', 'category', '_version']],
      [`${goal}/review`, ['outcome', 'note']],
      [edit.replace('/edit', ''), ['task', 'owner', 'dueOn', '_version']],
      [decision, ['question', 'option1', 'for1', 'against2', '_version']],
      [`${decision}/choice`, ['choice', 'other', 'destination', 'decidedOn']],
      [`/matches/${matchId}/decisions`, ['_key', '_act']],
    ]
    const whole = { goal: 'x', outcome: 'not', note: 'x', task: 'x', owner: 'mentee', question: 'x', choice: '1' }
    for (const [path, names] of hers)
      for (const odd of oddFields(names))
        expect((await post(mentee, path, { ...whole, ...odd })).status).toBeLessThan(500)
    for (const odd of oddFields(['comment', 'support']))
      for (const path of [`${goal}/comments`, `${goal}/support`])
        expect((await post(mentor, path, odd)).status).toBeLessThan(500)
    for (const path of ['/goals/0', '/goals/99999999999', '/tasks/x/edit', '/decisions/-1', '/matches/x/plan'])
      expect((await mentee.browser.open(path)).status).toBe(404)
  })

  it('keeps a text whose session has ended', async () => {
    const { mentee, matchId, course } = shared
    await mentee.browser.open(`/matches/${matchId}/tasks/new`)
    const again = await sendTooLate(mentee, { task: 'Do not lose this', owner: 'mentor' }, FORM)
    expect([again.$('#task').val(), again.$('input[name=owner]:checked').val()]).toEqual(['Do not lose this', 'mentor'])
    const saved = await mentee.browser.submit({}, FORM)
    expect([saved.status, new URL(saved.url).pathname]).toEqual([200, planOf(matchId)])
    const phone = await launch(mentee.person, course)
    expect((await phone.browser.open(`/matches/${matchId}/tasks/new`)).$('#task').val()).toBe('')
  })
})
