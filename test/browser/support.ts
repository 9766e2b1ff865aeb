import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import {
  chromium,
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type FrameLocator,
  type Page,
} from 'playwright-core'
import { expect } from 'vitest'

/** Where somebody sees Signpost: in the frame of the course, or in a window. */
export type Place = Page | FrameLocator
export type App = {
  /** Signpost, as a newcomer opens it. */
  tool: string
  /** The demo college: another site than Signpost, so that its frame is a third party. */
  college: string
  /** What it printed so far. */
  printed: () => string
  /** As a machine that shuts down would: it has to end by itself, and well. Its data go too. */
  stop: () => Promise<void>
  /** The same, and its data stay where they are. */
  pause: () => Promise<void>
}
/** Where an installation has its data and its ports. */
export type Home = { dataDir: string; port: number; collegePort: number }

const ROOT = join(import.meta.dirname, '../..')
const SERVER = join(ROOT, 'dist/src/server.js')
const START_MS = 60_000
const STOP_MS = 30_000

/** An empty data folder, and ports that nobody uses. */
export async function aHome(): Promise<Home> {
  const [port, collegePort] = await freePorts()
  return { dataDir: mkdtempSync(join(tmpdir(), 'signpost-browser-')), port, collegePort }
}

const settingsOf = ({ dataDir, port, collegePort }: Home) => ({
  PATH: process.env['PATH'],
  HOME: process.env['HOME'],
  DATA_DIR: dataDir,
  PORT: String(port),
  COLLEGE_PORT: String(collegePort),
  PUBLIC_URL: `http://localhost:${port}`,
  SMTP_URL: 'smtp://127.0.0.1:9', // mail is on, and nobody takes any
  MAIL_FROM: 'signpost@college.example',
})

/** What an operator types (`npm run signpost -- ...`), while the app does not run. Returns what it prints. */
export function command(home: Home, ...words: string[]): string {
  if (!existsSync(SERVER)) throw new Error('Signpost is not built: npm run build comes first')
  const program = join(ROOT, 'dist/src/cli.js')
  return execFileSync(process.execPath, [program, ...words], { cwd: ROOT, env: settingsOf(home), encoding: 'utf8' })
}

/** Starts what `npm start` starts, with an empty data folder if none is given, and waits until it is ready and says so. */
export async function startApp(given?: Home, settings: Record<string, string> = {}): Promise<App> {
  if (!existsSync(SERVER)) throw new Error('Signpost is not built: npm run build comes first')
  const home = given ?? (await aHome())
  const env = { ...settingsOf(home), ...settings }
  const child = spawn(process.execPath, ['--enable-source-maps', SERVER], { cwd: ROOT, env })
  const printed = keepOutput(child)
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill) // should the tests themselves be stopped
  await ready(child, `${env.PUBLIC_URL}/readyz`, printed)
  const pause = async () => {
    await stop(child)
    process.off('exit', kill)
    expect(child.exitCode, `how Signpost ended, which printed:\n${printed()}`).toBe(0)
  }
  return {
    tool: env.PUBLIC_URL,
    college: `http://127.0.0.1:${home.collegePort}`,
    printed,
    pause,
    stop: () =>
      pause().finally(() => {
        rmSync(home.dataDir, { recursive: true, force: true })
      }),
  }
}

function keepOutput(child: ChildProcess): () => string {
  let text = ''
  const keep = (chunk: Buffer) => {
    text += chunk.toString()
  }
  child.stdout?.on('data', keep)
  child.stderr?.on('data', keep)
  return () => text
}

async function ready(child: ChildProcess, url: string, printed: () => string): Promise<void> {
  const until = Date.now() + START_MS
  while (!(printed().includes('Signpost is ready') && (await answers(url)))) {
    if (child.exitCode !== null) throw new Error(`Signpost ended while it started:\n${printed()}`)
    if (Date.now() > until) {
      child.kill('SIGKILL')
      throw new Error(`Signpost was not ready within ${START_MS / 1000} s:\n${printed()}`)
    }
    await pause(100)
  }
}

async function answers(url: string): Promise<boolean> {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  )
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGTERM')
  const inTime = await Promise.race([ended.then(() => true), pause(STOP_MS, false)])
  if (inTime) return
  child.kill('SIGKILL')
  await ended
}

/** Two ports that nobody uses; both are held until both are known. */
async function freePorts(): Promise<[number, number]> {
  const servers = [createServer(), createServer()]
  for (const server of servers) await once(server.listen(0, '127.0.0.1'), 'listening')
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  for (const server of servers) await once(server.close(), 'close')
  return ports as [number, number]
}

const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const USUAL_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/opt/google/chrome/chrome',
  '/snap/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

/** The browser to test in. Without one the tests fail: they are never skipped. */
export function findChromium(env: NodeJS.ProcessEnv = process.env, places = USUAL_PLACES): string {
  const named = env['CHROMIUM_PATH']
  const found = (named === undefined || named === '' ? places : [named]).find((place) => existsSync(place))
  if (found !== undefined) return found
  throw new Error(
    named
      ? `There is no browser at CHROMIUM_PATH (${named})`
      : 'There is no Chromium in the usual places: install it, or name it in CHROMIUM_PATH',
  )
}

/** A Chromium as it comes: in a frame of another site it keeps only Partitioned cookies (cookies.test.ts proves it). */
export function openChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: findChromium(), args: ARGUMENTS })
}

const SHELL = '/usr/bin/chromium-headless-shell'
/** The same engine without its windows, where it is there: for tests that only look at pages it is a quarter faster. */
export function openShell(): Promise<Browser> {
  return chromium.launch({ executablePath: existsSync(SHELL) ? SHELL : findChromium(), args: ARGUMENTS })
}

type FrameCookies = 'all' | 'none'
const PREFERENCES: Record<FrameCookies, object> = {
  all: { cookie_controls_mode: 0 },
  none: { content_settings: { exceptions: { cookies: { 'localhost,127.0.0.1': { setting: 2 } } } } },
}

/**
 * A Chromium of somebody who has changed its settings: frames of other sites may keep all cookies, as everywhere some
 * years ago, or localhost in a frame of 127.0.0.1 keeps none at all.
 */
export async function withProfile(frameCookies: FrameCookies, use: (context: BrowserContext) => Promise<void>) {
  const folder = mkdtempSync(join(tmpdir(), 'signpost-profile-'))
  mkdirSync(join(folder, 'Default'))
  writeFileSync(join(folder, 'Default/Preferences'), JSON.stringify({ profile: PREFERENCES[frameCookies] }))
  try {
    const context = await chromium.launchPersistentContext(folder, { executablePath: findChromium(), args: ARGUMENTS })
    await use(context).finally(() => context.close())
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** A browser of somebody's own, whose pages' complaints are collected. */
export async function openContext(
  chromium: Browser,
  complaints: string[],
  options: BrowserContextOptions = {},
): Promise<BrowserContext> {
  return prepare(await chromium.newContext(options), complaints)
}

/** The same for one that is there already. */
export function prepare(context: BrowserContext, complaints: string[]): BrowserContext {
  context.setDefaultTimeout(30_000)
  listen(context, complaints)
  return context
}

/** Collects whatever pages complain of, from now on: scripts, styles and addresses that a policy or a fault stopped. */
function listen(context: BrowserContext, complaints: string[]): void {
  context.on('console', (message) => {
    // A page that says no (404, 422) is reported as a failed load as well: of all other addresses the answers below tell.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(`console: ${message.text()}`)
  })
  context.on('weberror', (error) => complaints.push(`script: ${error.error().message}`))
  context.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? ''
    // Who goes on before a page is whole stops what it was still loading.
    if (reason !== 'net::ERR_ABORTED') complaints.push(`request: ${request.url()} ${reason}`)
  })
  context.on('response', (response) => {
    if (response.status() >= 400 && !response.request().isNavigationRequest())
      complaints.push(`answer: ${response.url()} ${response.status()}`)
  })
}
