import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { faultsOf, LAPTOP } from './checks.ts'
import { aHome, command, openContext, openShell, startApp, type App } from './support.ts'

/**
 * A whole term stands there, and everybody goes wherever links lead them: no link leads nowhere, each page is as it has to
 * be, and together they come to every address that Signpost serves.
 */

/** The courses of the two programmes. */
const COURSES = ['2', '3']
/** What nobody is led to by a link of this term, and where it is looked at. */
const ELSEWHERE = [
  '/welcome', // leads on who comes for the first time
  '/deep-linking', // for a launch of its own
  '/contacts/:id/pulse', // comes once after a contact
  '/threads/:id/feedback', // from a message that has just come
  '/admin/concerns/:id/pair', // a door that a lead opens with a reason
  '/training/:id/calendar.ics', // of a session that somebody signed up for
  '/threads/:id/messages/:message/edit', // for a short time after a message
]
/** How many pages of one kind a person opens. */
const OF_A_KIND = 8

let app: App
let chromium: Browser
const complaints: string[] = []

beforeAll(async () => {
  const home = await aHome()
  command(home, 'seed')
  app = await startApp(home)
  chromium = await openShell()
}, 120_000)
afterAll(() => app.stop().finally(() => chromium.close()))

/** The access table names every route that is served. */
const table = readFileSync(join(import.meta.dirname, '../access/table.ts'), 'utf8')
const routes = [...table.matchAll(/route: 'GET ([^']+)'/g)].map(([, route = '']) => route)
const params = (route: string) => route.split('/:').length
const patterns = routes
  .sort((one, other) => params(one) - params(other))
  .map((route) => [route, new RegExp(`^${route.replaceAll(/:\w+/g, '[^/]+')}$`)] as const)
/** Which route an address is of: `/contacts/new` is not `/contacts/:id`. */
function routeOf(address: string): string {
  const { pathname } = new URL(address)
  return patterns.find(([, pattern]) => pattern.test(pathname))?.[0] ?? pathname
}

/** The routes that anybody came to. */
const reached = new Set<string>()
/** Pages that were looked at, by what they are made of: another one of the same parts is as good or as bad. */
const looked = new Set<string>()

describe.each(COURSES)('in course %s', (course) => {
  it('everybody finds every link to lead somewhere, and every page as it has to be', async () => {
    const faults: string[] = []
    for (const launchOf of await launchesOf(course)) {
      const page = await (await openContext(chromium, complaints, { viewport: LAPTOP })).newPage()
      await page.goto(launchOf)
      await page.waitForURL((url) => url.origin === app.tool && !url.pathname.startsWith('/lti/'))
      const found = [...(await goRound(page)), ...complaints.splice(0)]
      faults.push(...found.map((fault) => `${new URL(launchOf).search}: ${fault}`))
      await page.context().close()
    }
    expect(faults).toEqual([])
  }, 600_000)
})

it('leads to every address there is', () => {
  expect(routes.length).toBeGreaterThan(100)
  expect(routes.filter((route) => !reached.has(route))).toEqual(ELSEWHERE)
})

/** Where each person of the course opens Signpost. */
async function launchesOf(course: string): Promise<string[]> {
  const page = await (await openContext(chromium, complaints)).newPage()
  await page.goto(`${app.college}/?course=${course}&open=window`)
  const links = await page.getByRole('link', { name: /^Launch as/ }).all()
  const hrefs: string[] = []
  for (const link of links) hrefs.push(new URL((await link.getAttribute('href')) ?? '', app.college).href)
  await page.context().close()
  expect(hrefs.length).toBeGreaterThan(10)
  return hrefs
}

/** Opens some pages of each route that links lead to, and so on. Returns what was wrong. */
async function goRound(page: Page): Promise<string[]> {
  const faults: string[] = []
  const opened = new Map<string, number>()
  const ahead = new Map([page.url(), `${app.tool}/`].map((start) => [start, 'the course']))
  const note = (link: string, at: string) => ahead.get(link) ?? ahead.set(link, at)
  for (const [address, from] of ahead) {
    const route = routeOf(address)
    const times = (opened.get(route) ?? 0) + 1
    opened.set(route, times)
    if (times > OF_A_KIND) continue
    const answer = await page.request.get(address, { maxRedirects: 0 })
    reached.add(route)
    const { location, 'content-type': type = '' } = answer.headers()
    if (answer.status() === 303) note(new URL(location ?? '', address).href, address)
    else if (answer.status() !== 200) faults.push(`${address} is ${answer.status()}, linked from ${from}`)
    else if (type.startsWith('text/html')) {
      const html = await answer.text()
      for (const link of linksIn(html, address)) note(link, address)
      if (!isNew(route, html)) continue
      await page.goto(address)
      const found = await faultsOf(page, { name: `tour ${route}`, title: /.+/ })
      faults.push(...found.map((fault) => `${address}: ${fault}`))
    }
  }
  return faults
}

function linksIn(html: string, at: string): string[] {
  const links = [...html.matchAll(/<(?:a|img)\s[^>]*?(?:href|src)="([^"]+)"/g)].map(([, href = '']) => {
    const url = new URL(href.replaceAll('&amp;', '&'), at)
    url.hash = ''
    return url
  })
  return links
    .filter(({ origin, pathname }) => origin === app.tool && !pathname.startsWith('/assets/'))
    .map((url) => url.href)
}

function isNew(route: string, html: string): boolean {
  const main = html.slice(html.indexOf('<main'))
  const parts = new Set(
    [...main.matchAll(/<(\w+)(?:[^>]*?class="([^"]*)")?/g)].map(([, tag = '', its = '']) => `${tag} ${its}`),
  )
  const made = `${route} ${[...parts].sort().join()}`
  const isNew = !looked.has(made)
  looked.add(made)
  return isNew
}
