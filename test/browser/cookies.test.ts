import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { BrowserContext } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { findChromium, openChromium, withProfile } from './support.ts'

/** What the other tests stand on: which cookies the browser really keeps, in a frame of another site and at top level. */
const PLAIN = 'plain=1; Path=/; Secure; HttpOnly; SameSite=None'
const PARTITIONED = 'partitioned=1; Path=/; Secure; HttpOnly; SameSite=None; Partitioned'

const servers: Server[] = []
let tool: string
let college: string

beforeAll(async () => {
  const toolPort = await listen((req, res) => {
    if (req.url === '/set') res.writeHead(303, { location: '/read', 'set-cookie': [PLAIN, PARTITIONED] }).end()
    else res.setHeader('content-type', 'text/html').end(`<p>${req.headers.cookie ?? 'none'}</p>`)
  })
  tool = `http://localhost:${toolPort}`
  const collegePort = await listen((_req, res) => {
    res.setHeader('content-type', 'text/html').end(`<iframe src="${tool}/set"></iframe>`)
  })
  college = `http://127.0.0.1:${collegePort}`
})

afterAll(() => {
  for (const server of servers) server.close().closeAllConnections()
})

async function listen(answer: RequestListener): Promise<number> {
  const server = createServer(answer)
  servers.push(server)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return (server.address() as AddressInfo).port
}

async function keptIn(context: BrowserContext): Promise<{ frame: string[]; window: string[] }> {
  const page = await context.newPage()
  await page.goto(college)
  const frame = await page.frameLocator('iframe').locator('p').innerText()
  await page.goto(`${tool}/set`)
  const window = await page.locator('p').innerText()
  const names = (cookies: string) => cookies.split('; ').sort()
  return { frame: names(frame), window: names(window) }
}

const both = ['partitioned=1', 'plain=1']

it('Chromium as it comes keeps only a Partitioned cookie in the frame', async () => {
  const browser = await openChromium()
  expect(await keptIn(await browser.newContext())).toEqual({ frame: ['partitioned=1'], window: both })
  await browser.close()
})

it('Chromium with third-party cookies allowed keeps both kinds in the frame', async () => {
  await withProfile('all', async (context) => {
    expect(await keptIn(context)).toEqual({ frame: both, window: both })
  })
})

it('Chromium with all cookies refused in the frame keeps none there, and all of them in a window', async () => {
  await withProfile('none', async (context) => {
    expect(await keptIn(context)).toEqual({ frame: ['none'], window: both })
  })
})

it('finds the browser that CHROMIUM_PATH names, or says in one sentence that there is none', () => {
  expect(findChromium({ CHROMIUM_PATH: process.execPath })).toBe(process.execPath)
  expect(() => findChromium({ CHROMIUM_PATH: '/no/chromium' })).toThrow('There is no browser at CHROMIUM_PATH')
  expect(() => findChromium({}, ['/no/chromium'])).toThrow('There is no Chromium in the usual places')
})
