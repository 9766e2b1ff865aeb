import * as cheerio from 'cheerio'
import type { Response } from 'supertest'
import { expect } from 'vitest'
import { statement } from '../../../src/db.ts'
import { aBrowser, type Browser, type Page } from '../../support/browser.ts'
import { codeOf, cookiesOf } from '../launching.ts'
import { ask, type Place } from '../place.ts'

/** Everything is ready for the one request that is judged. */
export type Attempt = {
  ask: () => Promise<Response>
  /** All that was sent, of which nothing may come back. */
  sent: unknown[]
  /** Where the page of a refusal leads back to, if anywhere. */
  back?: string | undefined
}
export type Refusal = { status: number; code: string }
/** Somebody who was let in, with the first page before them. */
export type Visit = { browser: Browser; page: Page; open: (path: string) => Promise<Page>; claims: unknown[] }

const countRows = statement<{ sessions: number; people: number }>(
  'test_count_sessions_and_people',
  'select (select count(*)::int from sessions) as sessions, (select count(*)::int from people) as people',
)
const rows = async () => (await countRows())[0] ?? { sessions: 0, people: 0 }

/** What a refusal is told by. */
export function verdictOf(answer: Response): { status: number; code: string | undefined } {
  return { status: answer.status, code: codeOf(answer) }
}

/** The house rule for every refusal: a page that helps, and nothing else: no session, no row, no echo, our own headers. */
export async function expectRefusal(place: Place, refusal: Refusal, attempt: Attempt): Promise<void> {
  const before = await rows()
  const answer = await attempt.ask()
  expect(verdictOf(answer)).toEqual(refusal)
  expect(await rows()).toEqual(before)
  expect(cookiesOf(answer)).not.toMatch(/__Host-signpost=/)
  expect(securityHeadersOf(answer)).toEqual(await ourSecurityHeaders(place))
  expectHelpfulPage(answer, attempt.back)
  expectNoEcho(answer, attempt.sent)
}

function expectHelpfulPage(answer: Response, back: string | undefined): void {
  const $ = cheerio.load(answer.text)
  expect(answer.headers['content-type']).toMatch(/^text\/html/)
  expect($('html').attr('lang')).toBe('en')
  expect($('h1').length).toBe(1)
  expect($('title').text()).toBe(`${$('h1').text()} - Signpost`)
  expect($('.sp-lede').text()).not.toBe('')
  expect($('dd').text()).toMatch(/[2-9A-Z]{4}-[2-9A-Z]{4}/)
  const links = $('main a')
    .toArray()
    .map((link) => ({ words: $(link).text(), href: $(link).attr('href'), target: $(link).attr('target') }))
  expect(links).toEqual(back === undefined ? [] : [{ words: 'Back to your course', href: back, target: '_top' }])
}

/** Whatever was sent, but for the way back, which is a link. */
function expectNoEcho(answer: Response, sent: unknown[]): void {
  const $ = cheerio.load(answer.text)
  $('main a').remove()
  const page = $.html()
  const echoed = [...new Set(sent.flatMap(textsIn))].filter((text) => text.length > 5 && page.includes(text))
  expect(echoed).toEqual([])
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}

const SECURITY =
  /^(content-security|referrer|cross-origin|strict-transport|permissions|x-(?!powered)|origin-agent|cache-control|vary|access-control)/
function securityHeadersOf({ headers }: Response): Record<string, unknown> {
  const all = Object.entries(headers as Record<string, unknown>)
  return Object.fromEntries(all.filter(([name]) => SECURITY.test(name) && name !== 'vary'))
}

const known = new Map<string, Record<string, unknown>>()
/** What a page without a session carries that no library has touched. */
async function ourSecurityHeaders(place: Place): Promise<Record<string, unknown>> {
  const ours = known.get(place.base) ?? securityHeadersOf(await ask(place, 'get', '/'))
  known.set(place.base, ours)
  return ours
}

/** Somebody is let in: a new session, and a first page with everything in it. */
export async function expectVisit(place: Place, attempt: Attempt): Promise<Visit> {
  const before = await rows()
  const answer = await attempt.ask()
  expect(verdictOf(answer)).toEqual({ status: 303, code: undefined })
  expect(answer.headers['location']).toBe('/')
  expect(answer.headers['referrer-policy']).toBe('same-origin')
  expect(answer.headers['cross-origin-embedder-policy']).toBeUndefined()
  expect((await rows()).sessions).toBe(before.sessions + 1)
  const browser = browserOf(place, answer)
  const open = async (path: string) => expectWhole(await browser.open(place.base + path))
  const page = await open('/')
  expect(page.status).toBe(200)
  return { browser, page, open, claims: attempt.sent }
}

function expectWhole(page: Page): Page {
  const words = page.text.replace(/ value="[\w.-]*"/g, '') // tokens are random, so anything may be in them
  for (const hole of ['undefined', 'null', '[object', 'NaN']) expect(words).not.toContain(hole)
  return page
}

/** The browser that a launch has signed in, by the cookie that it got. */
export function browserOf({ base }: Place, answer: Response): Browser {
  const set = (answer.headers['set-cookie'] ?? []) as unknown as string[]
  const cookie = set.find((line) => line.startsWith('__Host-signpost='))
  expect(cookie).toMatch(/^__Host-signpost=[\w-]{43}; Path=\/; HttpOnly; Secure; Partitioned; SameSite=None$/)
  const browser = aBrowser()
  const value = /=([\w-]{43})/.exec(cookie ?? '')?.[1] ?? ''
  browser.jar.set(new URL(base).origin, [{ name: '__Host-signpost', value }])
  return browser
}
