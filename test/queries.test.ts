import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { defaults } from '../config/content.ts'
import { measuring, statement } from '../src/db.ts'
import request from 'supertest'
import { aBrowser } from './support/browser.ts'
import {
  COMPOSER,
  aPair,
  aProgramme,
  aStudent,
  confirm,
  aDuty,
  idOf,
  launch,
  log,
  manyMessages,
  pairUp,
  planTraining,
  startTopic,
  type Launched,
} from './support/builders.ts'
import { setGoal, setTask, weigh } from './plan/support.ts'
import { tokenOf } from './support/token.ts'
import { lines, type Line } from './support/log.ts'
import { college, origin } from './support/world.ts'
import { personIdOf, worryMuch } from './concerns/support.ts'
import { manyPosts, manyTimes } from './supervision/support.ts'

/** A line is written when its answer is gone. */
const written = () => new Promise((resolve) => setTimeout(resolve, 30))

/** How many statements the requests in between sent, transactions included: the request log counts them. */
async function statementsOf(
  work: () => Promise<unknown>,
  isMeant: (line: Line) => boolean = () => true,
): Promise<number> {
  await written() // of whatever came before
  lines.length = 0
  await work()
  await written()
  return lines.filter(isMeant).reduce((sum, { statements }) => sum + (statements ?? 0), 0)
}

it('counts what it says it counts', async () => {
  const used = { statements: 0, ms: 0 }
  await measuring(used, () => statement('test_one', 'select 1 as one')())
  expect(used.statements).toBe(1)
  expect(await statementsOf(() => request(origin).get('/lti/keys'))).toBe(1)
})

it('opens from a course with at most 10 statements, first page included, for a new person and a known one', async () => {
  const { course, mentee } = await aPair()
  const fresh = college.addStudent('New Here')
  expect(await statementsOf(() => launch(fresh, course, { browser: aBrowser() }))).toBeLessThanOrEqual(10)
  expect(await statementsOf(() => launch(mentee.person, course, { browser: aBrowser() }))).toBeLessThanOrEqual(10)
})

it('shows a home page with at most 8 statements, whatever the number of rows', async () => {
  const { course, coordinator, mentee, mentor, contactsHref } = await aPair()
  const few = await statementsOf(() => mentor.browser.open('/'))
  for (let one = 0; one < 4; one++) {
    await log(mentor, contactsHref)
    await confirm(mentee, contactsHref)
    await pairUp(coordinator, await aStudent(course, 'mentee', `Mentee ${one}`), mentor)
  }
  const many = await statementsOf(() => mentor.browser.open('/'))
  expect(few).toBeLessThanOrEqual(8)
  expect(many).toBe(few)
})

const addMany = statement(
  'test_add_many',
  `with pr as (select m.programme_id, pa.person_id, p.platform_id from matches m join participants pa on pa.id = m.mentor_id
     join people p on p.id = pa.person_id where m.id = $1),
   people as (insert into people (platform_id, sub, name) select platform_id, $2 || n, 'Many ' || n
     from pr, generate_series(1, 300) n returning id, name)
   insert into participants (person_id, programme_id, role, state, decided_at, ref)
   select people.id, pr.programme_id, case when people.id % 2 = 0 then 'mentee' else 'mentor' end, 'eligible', now(),
     chr(65 + (row_number() over ())::int % 26) || ((row_number() over ())::int / 26 + 60)
   from people, pr`,
)

it('shows lists with the same number of statements for 2 people and for 300', async () => {
  const { coordinator, mentor, contactsHref, matchId } = await aPair()
  const pages = ['/admin', '/admin/matching', '/tutor']
  const count = async () => {
    const counts: number[] = []
    for (const page of pages) counts.push(await statementsOf(() => coordinator.browser.open(page)))
    counts.push(await statementsOf(() => mentor.browser.open(contactsHref)))
    return counts
  }
  const before = await count()
  await addMany(matchId, randomUUID())
  for (let one = 0; one < 5; one++) await log(mentor, contactsHref)
  expect(await count()).toEqual(before)
  expect(Math.max(...before)).toBeLessThanOrEqual(10)
  const first = await coordinator.browser.open('/tutor')
  expect(first.$('tbody tr')).toHaveLength(100)
  const names: string[] = []
  for (let page = first; ; page = await coordinator.browser.follow('Show more')) {
    names.push(
      ...page
        .$('tbody th')
        .toArray()
        .map((cell) => page.$(cell).text()),
    )
    if (page.$('a:contains("Show more")').length === 0) break
  }
  expect(new Set(names).size).toBe(302)
  expect(names).toHaveLength(302)
})

it('shows the gradebook with at most 6 statements, for 2 numbers and for 300, in every state', async () => {
  const { coordinator, mentor, mentee, contactsHref, matchId } = await aPair()
  await log(mentor, contactsHref)
  await confirm(mentee, contactsHref)
  const all = ['', '?show=unsent', '?show=different', '/sending?which=all', '/table.csv']
  const pages = all.map((end) => `/admin/grades${end}`)
  await countAll(coordinator, pages)
  const before = await countAll(coordinator, pages)
  await addMany(matchId, randomUUID())
  await scoreAll(matchId)
  expect(await countAll(coordinator, pages)).toEqual(before)
  expect(Math.max(...before)).toBeLessThanOrEqual(6)
  expect(await namesOn(coordinator, '/admin/grades', 'tbody th')).toHaveLength(302)
})
const scoreAll = statement(
  'test_score_all',
  `with many as (
     select s.platform_id, s.resource_link_id, pa.id, row_number() over () % 4 as kind from matches m
     join scores s on s.participant_id = m.mentee_id join participants pa on pa.programme_id = m.programme_id where m.id = $1),
   differing as (
     insert into grade_differences (resource_link_id, participant_id, sub, kind, ours, theirs)
     select resource_link_id, id, id::text, 'differs', 25, 30 from many where kind = 1)
   insert into scores (platform_id, participant_id, resource_link_id, score, comment, sent_version, problem, waiting_since, next_try_at)
   select platform_id, id, resource_link_id, 25, '1 of 4', case when kind < 2 then 1 else 0 end,
     case when kind = 2 then 'not_graded' end, case when kind >= 2 then now() end, now() + interval '1 year'
   from many on conflict do nothing`,
)

it('shows training with at most 8 statements, for nobody and for 300 mentors', async () => {
  const { coordinator, mentor, matchId } = await aPair()
  const id = await planTraining(coordinator)
  await mentor.browser.post(`/training/${id}/booking`, { _token: await tokenOf(mentor.browser) })
  await mentor.browser.open('/')
  const pages = ['/admin/training', `/admin/training/sessions/${id}`, `/admin/training/sessions/${id}/sheet`]
  const count = async () => {
    const counts: number[] = []
    for (const page of pages) counts.push(await statementsOf(() => coordinator.browser.open(page)))
    for (const page of ['/training', `/training/${id}/calendar.ics`, '/'])
      counts.push(await statementsOf(() => mentor.browser.open(page)))
    return counts
  }
  await count()
  const before = await count()
  expect(Math.max(...before)).toBeLessThanOrEqual(8)
  await addMany(matchId, randomUUID())
  await bookAll(id)
  await planTraining(coordinator)
  await coordinator.browser.open('/admin')
  expect(await count()).toEqual(before)
  const seen = await namesOn(coordinator, '/admin/training', '#mentors + p + table tbody th')
  expect([seen.length, new Set(seen).size]).toEqual([151, 151])
  await hold(id)
  const marked = await namesOn(coordinator, `/admin/training/sessions/${id}`, '.sp-tiles, .sp-choice')
  expect(marked).toHaveLength(151)
})

it('shows skills with at most 8 statements, for one partner and for ten', async () => {
  const { mentor, mentee, matchId } = await aPair()
  await mentee.browser.open('/skills/start')
  await mentee.browser.submit({ 'value-audit-notes': '3' })
  await mentee.browser.submit({ match: String(matchId) }, 'form[action="/skills/sharing"]')
  const pages = ['/skills', '/skills/start', '/skills/print', `/matches/${matchId}/skills`]
  const count = async () => {
    const counts: number[] = []
    for (const { browser } of [mentor, mentee])
      for (const page of pages) counts.push(await statementsOf(() => browser.open(page)))
    return counts
  }
  await mentor.browser.open('/skills/start')
  await mentor.browser.submit({ statement: 'I keep my word' })
  await count()
  const before = await count()
  expect(Math.max(...before)).toBeLessThanOrEqual(8)
  await addMany(matchId, randomUUID())
  await pairAll(matchId)
  expect(await count()).toEqual(before)
  expect((await mentor.browser.open('/skills')).$('input[name=match]')).toHaveLength(10) // nobody has more mentees
})

it('shows a diary with at most 7 statements, for one entry and for a thousand', async () => {
  const { mentor, mentee, matchId } = await aPair()
  await mentee.browser.open('/logbook')
  await mentee.browser.submit({ about: `match-${matchId}`, text: 'The first', readers: 'partner' }, 'main form.sp-form')
  const entry = mentee.browser.page.$('.sp-timeline a').attr('href') ?? ''
  const count = async () => {
    const counts: number[] = []
    for (const page of [
      '/logbook',
      '/logbook?tag=growth',
      entry,
      `${entry}/edit`,
      '/logbook/print',
      '/logbook/download',
    ])
      counts.push(await statementsOf(() => mentee.browser.open(page)))
    for (const page of ['/logbook', entry, `/matches/${matchId}/logbook`])
      counts.push(await statementsOf(() => mentor.browser.open(page)))
    return counts
  }
  await count()
  const before = await count()
  expect(Math.max(...before)).toBeLessThanOrEqual(7)
  await writeMany(matchId)
  expect(await count()).toEqual(before)
  expect((await mentee.browser.open('/logbook')).$('.sp-timeline > li')).toHaveLength(50)
})

const writeMany = statement(
  'test_write_many',
  `insert into log_entries (participant_id, form_key, match_id, kind, text, tags, shared_at, written_at)
   select m.mentee_id, gen_random_uuid(), m.id, 'diary', 'One of many', '{growth}', now(), now()
   from matches m, generate_series(1, 1000) where m.id = $1`,
)

it('shows a topic with at most 6 statements, for one message and for thousands', async () => {
  const { mentor, mentee, matchId } = await aPair()
  const id = await startTopic(mentee, matchId)
  const fresh = await statementsOf(() => mentor.browser.open(`/threads/${id}`)) // new to him, and the notice unread
  const pages = [`/threads/${id}`, `/matches/${matchId}/threads`, `/matches/${matchId}/threads/new?topic=topic-films`]
  await countAll(mentee, pages)
  const before = await countAll(mentee, pages)
  expect([fresh, ...before].sort().at(-1)).toBeLessThanOrEqual(6)
  await manyMessages(id, 3000)
  expect(await countAll(mentee, pages.slice(1))).toEqual(before.slice(1))
  const long = await statementsOf(() => mentee.browser.open(`/threads/${id}`))
  expect(mentee.browser.page.$('.sp-post')).toHaveLength(50)
  expect(long).toBe((before[0] ?? 0) + 1) // what is new is marked as read
})

it('takes a message with at most 6 statements, into a topic of one and of thousands', async () => {
  const { mentee, matchId } = await aPair()
  const id = await startTopic(mentee, matchId)
  const send = async () => {
    await mentee.browser.open(`/threads/${id}`)
    const post = ({ method }: Line) => method === 'POST' // and not the page that comes back
    return statementsOf(() => mentee.browser.submit({ body: 'One more thing' }, COMPOSER), post)
  }
  const few = await send()
  expect(few).toBeGreaterThan(1)
  expect(few).toBeLessThanOrEqual(6)
  await manyMessages(id, 3000)
  expect(await send()).toBe(few)
})

it('shows stages, what is made of them, and the partner, with at most 6 statements, whatever was said', async () => {
  const { mentor, mentee, matchId, contactsHref } = await aPair()
  const pages = ['', '/new', '/next'].map((path) => contactsHref + path)
  const about = ['stages/1', 'stages/2', 'partner'].map((page) => `/matches/${matchId}/${page}`)
  const all = [...about, ...pages]
  await countAll(mentor, all)
  const before = await countAll(mentor, all)
  expect(Math.max(...before)).toBeLessThanOrEqual(6)
  await sayAll(
    matchId,
    defaults.stageItems.map(({ key }) => key),
  )
  await mentee.browser.post(`/matches/${matchId}/stages/1/readiness`, {
    _token: await tokenOf(mentee.browser),
    ready: 'yes',
  })
  for (let one = 0; one < 5; one++) await log(mentor, contactsHref, { talked: 'item-coursework' })
  await mentor.browser.open(contactsHref)
  expect(await countAll(mentor, all)).toEqual(before)
})

const sayAll = statement(
  'test_say_all',
  `insert into stage_items (match_id, item_key, mentee_verdict, mentee_at)
   select $1, key, 'later', now() from unnest($2::text[]) key`,
)

it('shows the aid and signposts with at most 6 statements, for one topic and many, one signpost and thousands', async () => {
  const { mentor, mentee, matchId } = await aPair()
  const id = await startTopic(mentee, matchId)
  const own = [
    `/threads/${id}/feedback`,
    `/threads/${id}/signpost?entry=ucas`,
    '/directory/ucas/signpost',
    '/directory',
  ]
  await mentor.browser.open('/')
  const fresh = await countAll(mentor, own) // the notice unread
  await mentor.browser.open(`/threads/${id}/signpost?entry=ucas`)
  await mentor.browser.submit({ body: 'Have a look', noted: 'yes' }, COMPOSER)
  const count = async () => [
    ...(await countAll(mentor, [...own, `/threads/${id}`])),
    ...(await countAll(mentee, [`/threads/${id}`])),
  ]
  await count()
  const before = await count()
  expect(Math.max(...fresh, ...before)).toBeLessThanOrEqual(6)
  await manyMessages(id, 3000)
  await pointAll(id)
  for (let one = 0; one < 3; one++) await startTopic(mentee, matchId)
  await count() // what is new is marked as read
  expect(await count()).toEqual(before)
  expect(mentee.browser.page.$('.sp-signpost')).toHaveLength(50)
})
const pointAll = statement(
  'test_point_all',
  `with pointing as (update messages set kind = 'signpost' where thread_id = $1 and kind = 'text' returning id)
   insert into signposts (message_id, programme_id, entry_key, name)
   select p.id, m.programme_id, 'ucas', 'UCAS' from pointing p, threads t join matches m on m.id = t.match_id where t.id = $1`,
)

it('shows a plan with at most 6 statements, for nothing in it and for as much as there may be', async () => {
  const { mentor, mentee, matchId } = await aPair()
  const goal = await setGoal(mentee, matchId)
  const decision = await weigh(mentee, matchId)
  await setTask(mentee, matchId)
  await setTask(mentor, matchId)
  const pages = [`/matches/${matchId}/plan`, goal, decision]
  const forms = [`/matches/${matchId}/plan/wants`, `/matches/${matchId}/tasks/new`]
  const own = [`/matches/${matchId}/goals/new`, `${goal}/edit`, `${goal}/review`, `${decision}/edit`]
  const count = async () => [
    ...(await countAll(mentee, [...pages, ...forms, ...own])),
    ...(await countAll(mentor, [...pages, ...forms])),
  ]
  await count()
  const before = await count()
  expect(Math.max(...before)).toBeLessThanOrEqual(6)
  await fillPlan(matchId)
  expect(await count()).toEqual(before)
  const full = await mentee.browser.open(`/matches/${matchId}/plan`)
  expect(full.$('#goals').closest('section').find('.sp-line')).toHaveLength(20)
  expect(full.$('#tasks').closest('section').find('.sp-line')).toHaveLength(121) // one more was open, and twenty are done
  expect((await mentee.browser.open(goal)).$('.sp-timeline > li')).toHaveLength(50)
})

const fillPlan = statement(
  'test_fill_plan',
  `with g as (insert into goals (match_id, form_key, text, written_at)
       select $1, gen_random_uuid(), 'No. ' || n, now() from generate_series(1, 19) n),
     d as (insert into decisions (match_id, form_key, question, written_at)
       select $1, gen_random_uuid(), 'No. ' || n, now() from generate_series(1, 19) n),
     c as (insert into goal_comments (goal_id, form_key, author_id, text, written_at)
       select g.id, gen_random_uuid(), m.mentor_id, 'No. ' || n, now() from goals g join matches m on m.id = g.match_id,
         generate_series(1, 50) n where m.id = $1)
   insert into tasks (match_id, form_key, owner_id, written_by_id, text, done_at, written_at)
   select m.id, gen_random_uuid(), m.mentee_id, m.mentor_id, 'No. ' || n, case when n > 99 then now() end, now()
   from matches m, generate_series(1, 1000) n where m.id = $1`,
)

const pairAll = statement(
  'test_pair_all',
  `with room as (update participants pa set capacity = 10 from matches m where m.id = $1 and pa.id = m.mentor_id returning pa.id)
   insert into matches (programme_id, mentor_id, mentee_id, state, mentee_answer, mentor_answer, active_at)
   select m.programme_id, room.id, pa.id, 'active', 'accepted', 'accepted', now() from room join matches m on m.id = $1
   join participants pa on pa.programme_id = m.programme_id and pa.role = 'mentee' and pa.id <> m.mentee_id
   order by pa.id limit 9`,
)

const bookAll = statement(
  'test_book_all',
  `insert into training_attendance (programme_id, session_id, participant_id, state, booked_at)
   select s.programme_id, s.id, pa.id, 'booked', now() from training_sessions s
   join participants pa on pa.programme_id = s.programme_id and pa.role = 'mentor'
   where s.id = $1 and pa.id % 4 > 1 on conflict do nothing`,
)
const hold = statement('test_hold', "update training_sessions set starts_at = now() - interval '1 day' where id = $1")

/** What a list holds, over all its pages. */
async function namesOn({ browser }: Launched, path: string, selector: string): Promise<string[]> {
  const names: string[] = []
  for (let page = await browser.open(path); ; page = await browser.follow('Show more')) {
    for (const one of page.$(selector).toArray()) names.push(page.$(one).text())
    if (page.$('a:contains("Show more")').length === 0) return names
  }
}

async function countAll({ browser }: Launched, paths: string[]): Promise<number[]> {
  const counts: number[] = []
  for (const path of paths) counts.push(await statementsOf(() => browser.open(path)))
  return counts
}

async function changeText({ browser }: Launched, path: string): Promise<void> {
  await browser.open(path)
  await browser.submit({ text: 'Other words' }, 'main form.sp-form')
}

async function addService({ browser }: Launched): Promise<void> {
  await browser.open('/admin/content/directory/new')
  const answers = { name: 'A service', whatFor: 'Help', how: 'Ask', category: 'college', specialist: 'no' }
  await browser.submit(answers, 'main form.sp-form')
}

it('shows texts and directory with at most 5 statements, whatever has been changed', async () => {
  const { coordinator, mentee } = await aPair()
  const own = ['', '/handbook', '/handbook/mentee-safety', '/directory', '/directory/new', '/directory/ucas']
  const count = async () => [
    ...(await countAll(mentee, ['/handbook', '/handbook/safety', '/directory?search=money'])),
    ...(await countAll(coordinator, ['/handbook/safety?for=mentor', ...own.map((path) => `/admin/content${path}`)])),
  ]
  await count()
  const before = await count()
  for (const key of ['mentee-safety', 'mentee-diary', 'mentor-values'])
    await changeText(coordinator, `/admin/content/handbook/${key}`)
  for (let one = 0; one < 5; one++) await addService(coordinator)
  await count() // each says once what was done
  expect(await count()).toEqual(before)
  expect(Math.max(...before)).toBeLessThanOrEqual(5)
})

const addPeople = statement(
  'test_add_people',
  `with p as (insert into people (platform_id, sub, name) select e.platform_id, $2 || n, 'Many ' || n
     from matches m join participants pa on pa.id = m.mentor_id join people e on e.id = pa.person_id,
       generate_series(1, $3::int) n where m.id = $1 returning id, sub)
   insert into participants (person_id, programme_id, role, state, applied_at, decided_at, ref)
   select p.id, m.programme_id, case when p.id % 2 = 0 then 'mentee' else 'mentor' end,
     (array['eligible', 'applied', 'waiting', 'eligible'])[1 + p.id % 4], now(), now(),
     chr(65 + (row_number() over ())::int % 26) || ((row_number() over ())::int / 26 + $4::int)
   from p, matches m where m.id = $1`,
)
const addToRoster = statement(
  'test_add_to_roster',
  `insert into roster_members (context_id, sub, name, staff) select pr.context_id, p.sub, p.name, false
   from programmes pr join matches m on m.programme_id = pr.id join participants pa on pa.programme_id = pr.id
   join people p on p.id = pa.person_id where m.id = $1 on conflict do nothing`,
)
const notifyAll = statement(
  'test_notify_all',
  `insert into notifications (person_id, programme_id, kind, subject, href, created_at)
   select pa.person_id, pa.programme_id, 'waiting', 'application:' || n, '/apply', now()
   from participants pa join matches m on pa.id in (m.mentee_id, m.mentor_id), generate_series(1, 50) n where m.id = $1`,
)

it('shows everything from the application to the agreement with at most 8 statements, for 1, 50 and 500 people', async () => {
  const { coordinator, mentee, mentor, matchId } = await aPair()
  await mentee.browser.open(`/matches/${matchId}/agreement/edit`)
  await mentee.browser.submit({ boundary: 'Only weekdays' })
  const id = await idOf(mentee)
  const agreement = ['', '/edit', '/versions/1', '/print'].map((path) => `/matches/${matchId}/agreement${path}`)
  const own = ['/', '/apply', '/apply/edit', '/welcome/3', '/notifications', '/notifications/mail', ...agreement]
  const admin = [
    ...['/admin', '/admin/matches', '/admin/matches?show=attention&sort=contact', '/tutor', '/tutor?show=stuck'],
    ...['/admin/matching', '/admin/people', '/admin/people/duties', '/admin/applications'],
    ...[`/admin/applications/${id}`, `/admin/matches/${matchId}`, `/admin/matches/${matchId}/agreement`],
    `/admin/matches/${matchId}/nudges/mentor/silent`,
    ...['/notifications', '/notifications/mail', '/admin/setup/launch'],
  ]
  const count = async () => [
    ...(await countAll(mentee, own)),
    ...(await countAll(mentor, own)),
    ...(await countAll(coordinator, admin)),
  ]
  await count() // what was said once, and is new to them, is said and seen
  const before = await count()
  expect(Math.max(...before)).toBeLessThanOrEqual(8)
  for (const [people, refs] of [
    [50, 20],
    [449, 40],
  ]) {
    await addPeople(matchId, randomUUID(), people, refs)
    await addToRoster(matchId)
    expect(await count()).toEqual(before)
  }
  await notifyAll(matchId)
  for (const { browser } of [mentee, mentor]) {
    expect(await statementsOf(() => browser.open('/notifications'))).toBeLessThanOrEqual(8)
    expect(browser.page.$('.sp-line')).toHaveLength(50)
  }
  expect((await coordinator.browser.open('/admin/matching')).$('input[name=mentor]').length).toBeGreaterThan(100)
  expect((await coordinator.browser.open('/admin/applications')).$('.sp-line')).toHaveLength(100)
})

const askMuch = statement(
  'test_ask_much',
  `insert into fit_requests (programme_id, match_id, raised_by_id, kind, talked, form_key, raised_at, outcome, word, handled_at)
   select m.programme_id, m.id, m.mentee_id, 'mismatch', false, gen_random_uuid(), now(), 'support', 'Yes', now()
   from matches m, generate_series(1, 300) n where m.id = $1`,
)
it('shows how matches end, and what is asked of them, with at most 6 statements, for one and for hundreds', async () => {
  const { coordinator, mentee, matchId } = await aPair()
  await mentee.browser.open('/help/request')
  await mentee.browser.submit({ kind: 'mismatch', talked: 'no' }, 'form[action="/help/request"]')
  const own = new URL(mentee.browser.page.url).pathname
  const admin = [own.replace('/help/', '/admin/'), '/admin/requests', `/admin/matches/${matchId}/ending`]
  const count = async () => [
    ...(await countAll(mentee, ['/help/request', '/help/match', own, `/matches/${matchId}/ending`])),
    ...(await countAll(coordinator, [...admin, '/admin'])),
  ]
  await count()
  const before = await count()
  expect(Math.max(...before.slice(0, -1))).toBeLessThanOrEqual(6)
  await askMuch(matchId)
  expect(await count()).toEqual(before)
  expect((await coordinator.browser.open('/admin/requests')).$('tbody tr')).toHaveLength(50)
})

it('shows concerns and the audit log with at most 6 statements, for one and for hundreds', async () => {
  const { coordinator, mentee, mentor, matchId } = await aPair()
  const thread = await startTopic(mentor, matchId)
  await mentee.browser.open(`/threads/${thread}`)
  await mentee.browser.follow('This worries me')
  const report = mentee.browser.page.url
  await mentee.browser.submit({ body: 'This worries me' })
  const own = new URL(mentee.browser.page.url).pathname
  const admin = own.replace('/help/', '/admin/')
  const count = async () => [
    ...(await countAll(mentee, ['/help/concern', report, own])),
    ...(await countAll(coordinator, ['/admin/concerns', admin, '/admin/audit', '/admin/audit/table.csv'])),
  ]
  await count()
  const before = await count()
  expect(Math.max(...before)).toBeLessThanOrEqual(6)
  await worryMuch(matchId)
  expect(await count()).toEqual(before)
  expect((await coordinator.browser.open('/admin/concerns')).$('tbody tr')).toHaveLength(50)
})

it('shows support for mentors with at most 6 statements, for one message and time and for many', async () => {
  const { course, coordinator, mentor } = await aPair()
  const supervisor = await aDuty(course, 'supervisor')
  const [mentorId, supervisorId] = [await idOf(mentor), await personIdOf(supervisor)]
  const room = `/admin/supervision/${mentorId}`
  const count = async () => [
    ...(await countAll(mentor, ['/supervision', '/supervision/notes'])),
    ...(await countAll(supervisor, ['/admin/supervision', room, `${room}/notes`, '/admin/supervision-sessions/new'])),
    ...(await countAll(
      supervisor,
      ['logbook', 'report', 'requests'].map((what) => `${room}/${what}`),
    )),
    ...(await countAll(coordinator, ['/admin/supervision', `${room}/supervisor`])),
  ]
  await count()
  const before = await count()
  expect(Math.max(...before)).toBeLessThanOrEqual(6)
  await manyPosts(mentorId, supervisorId)
  await manyTimes(mentorId, supervisorId)
  expect(await count()).toEqual(before)
})

it('never counts more statements when more courses use it', async () => {
  const one = await aProgramme()
  const before = await statementsOf(() => one.coordinator.browser.open('/admin'))
  await aPair()
  expect(await statementsOf(() => one.coordinator.browser.open('/admin'))).toBe(before)
})
