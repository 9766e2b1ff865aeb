import request from 'supertest'
import { expect } from 'vitest'
import { aBrowser, type Browser, type Fields } from '../support/browser.ts'
import {
  aColleague,
  aDuty,
  anAdministrator,
  aProgramme,
  aStudent,
  launch,
  pairUp,
  type Launched,
} from '../support/builders.ts'
import { end } from '../endings/support.ts'
import { tokenOf } from '../support/token.ts'
import { college, origin } from '../support/world.ts'
import type { Row } from './outcomes.ts'
import { table } from './table.ts'

/** What :id stands for in the addresses of a test, and the other words where a row does not say. */
export type Ids = Record<NonNullable<Row['of']>, number>
export type Words = Record<string, string>

/** Words that mean the same in every world. */
const WORDS: Words = {
  role: 'mentee',
  section: 'confidentiality',
  kind: 'values',
  key: 'value-open',
  step: '3',
  round: 'start',
  version: '1',
  question: '1',
}

/** The address that a row means in a world. */
export function addressOf(row: Row, ids: Partial<Ids>, words: Words): string {
  const [, template = ''] = row.route.split(' ')
  return template
    .replace(':id', String(ids[row.of ?? 'match']))
    .replace(/:(\w+)/g, (_, name: string) => ({ ...WORDS, ...words, ...row.words })[name] ?? '')
}

const patterns = table.map(({ route }) => [route, new RegExp(`^${route.replace(/:\w+/g, '[^/]+')}$`)] as const)

/** The row that an address is of; of any other address, the address itself. */
export function routeOf(method: 'GET' | 'POST', address: string): string {
  const asked = `${method} ${address.split(/[?#]/)[0] ?? address}`
  return patterns.find(([, pattern]) => pattern.test(asked))?.[0] ?? asked
}

function headersOf(browser: Browser) {
  const cookie = (browser.jar.get(origin) ?? []).map(({ name, value }) => `${name}=${value}`).join('; ')
  return { cookie, 'sec-fetch-site': 'same-origin', 'sec-fetch-dest': 'iframe' }
}

/** A page as it is answered, without following where it leads. */
export function get(browser: Browser, path: string) {
  return request(origin).get(path).set(headersOf(browser)).redirects(0)
}

/** A form that nobody served, with one's own token. */
export async function send(browser: Browser, path: string, fields: Fields = {}) {
  const token = await tokenOf(browser)
  return request(origin)
    .post(path)
    .set(headersOf(browser))
    .type('form')
    .send({ _token: token, ...fields })
    .redirects(0)
}

/** Everybody else around a pair, beside a mentor of another. New people each time, since rate limits count people. */
export async function aCrowd(stranger: Launched) {
  const { course } = stranger
  const newcomer = await aStudent(course)
  const tutor = await launch(college.addTeacher('Tess Tutor'), course)
  const switched = await launch(college.addTeacher('Max Manager'), course)
  const teacherAsStudent = await launch(switched.person, course, { asStudent: true, browser: aBrowser() })
  const other = await aProgramme()
  expect(switched.browser.page.status).toBe(200)
  return {
    nobody: aBrowser(),
    newcomer: newcomer.browser,
    stranger: stranger.browser,
    tutor: tutor.browser,
    supervisor: (await aDuty(course, 'supervisor')).browser,
    teacherAsStudent: teacherAsStudent.browser,
    otherCoordinator: other.coordinator.browser,
    colleague: (await aColleague(course)).browser,
    concernLead: (await aDuty(course, 'concern_lead')).browser,
    payer: (await aDuty(course, 'payer')).browser,
    administrator: (await launch(anAdministrator(), course)).browser,
  }
}

/** Whom a mentor mentors beside the mentee of a pair: one, and one until a while ago. */
export async function menteesOf(mentor: Launched, coordinator: Launched) {
  const formerMentee = await aStudent(mentor.course, 'mentee')
  await end(coordinator, await pairUp(coordinator, formerMentee, mentor), { reason: 'mismatch', when: 'now' })
  const secondMentee = await aStudent(mentor.course, 'mentee')
  const secondMatch = await pairUp(coordinator, secondMentee, mentor)
  return { formerMentee, secondMentee, secondMatch }
}
