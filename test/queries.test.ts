import { randomUUID } from 'node:crypto'
import { expect, it } from 'vitest'
import { measuring, statement } from '../src/db.ts'
import request from 'supertest'
import { aBrowser } from './support/browser.ts'
import { aPair, aProgramme, aStudent, confirm, launch, log, pairUp, type Launched } from './support/builders.ts'
import { lines } from './support/log.ts'
import { college, origin } from './support/world.ts'

/** How many statements the requests in between sent, transactions included: the request log counts them. */
async function statementsOf(work: () => Promise<unknown>): Promise<number> {
  lines.length = 0
  await work()
  await new Promise((resolve) => setTimeout(resolve, 20)) // the line is written when the answer is gone
  return lines.reduce((sum, { statements }) => sum + (statements ?? 0), 0)
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

it('shows a home page with at most 6 statements, whatever the number of rows', async () => {
  const { course, coordinator, mentee, mentor, contactsHref } = await aPair()
  const few = await statementsOf(() => mentor.browser.open('/'))
  for (let one = 0; one < 4; one++) {
    await log(mentor, contactsHref)
    await confirm(mentee, contactsHref)
    await pairUp(coordinator, await aStudent(course, 'mentee', `Mentee ${one}`), mentor)
  }
  const many = await statementsOf(() => mentor.browser.open('/'))
  expect(few).toBeLessThanOrEqual(6)
  expect(many).toBe(few)
})

const addMany = statement(
  'test_add_many',
  `with pr as (select m.programme_id, pa.person_id, p.platform_id from matches m join participants pa on pa.id = m.mentor_id
     join people p on p.id = pa.person_id where m.id = $1),
   people as (insert into people (platform_id, sub, name) select platform_id, $2 || n, 'Many ' || n
     from pr, generate_series(1, 300) n returning id, name)
   insert into participants (person_id, programme_id, role, ref)
   select people.id, pr.programme_id, case when people.id % 2 = 0 then 'mentee' else 'mentor' end,
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

it('never counts more statements when more courses use it', async () => {
  const one = await aProgramme()
  const before = await statementsOf(() => one.coordinator.browser.open('/admin'))
  await aPair()
  expect(await statementsOf(() => one.coordinator.browser.open('/admin'))).toBe(before)
})
