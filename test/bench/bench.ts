/**
 * `npm run bench`: launches and home pages a second, next to the least that could do the same, on PostgreSQL, in turns.
 * What the figures mean: docs/decisions.md. Fails when a launch or a home page needs more statements than it may.
 *
 * BENCH_SECONDS   how long one measurement takes (5)
 * BENCH_PROFILE   with 1, shows where the time goes even when the aim is met
 * DATABASE_URL    a server to use; without it, a cluster of its own is made and removed
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { built, comesUp, freePorts, isReady, startNode, type Process, type Settings } from '../faults/processes.ts'
import { AT_ONCE, homePages, launches, load, once, type Run, type Scenario, type Target } from './load.ts'
import { addPeople, type Mentee } from './people.ts'
import { openPlatform, type Platform } from './platform.ts'
import { databaseOn, onDatabase, openServer, type Server } from './postgres.ts'
import { busiestIn } from './profile.ts'

const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 5)
const ROUNDS = 3
const AIMS = { launch: 0.4, home: 0.5 }
const MOST_STATEMENTS = { launch: 10, home: 6 }

type World = {
  platform: Platform
  mentees: Mentee[]
  settings: Settings
  /** Databases of the same content: Signpost's own, and the one that it is measured against. */
  databases: { signpost: string; floor: string }
  folder: string
}
type Statements = { launch: number; home: number }

const say = (text = '') => {
  process.stdout.write(`${text}\n`)
}

async function bench(): Promise<boolean> {
  const server = await openServer()
  const platform = await openPlatform()
  const folder = mkdtempSync(join(tmpdir(), 'signpost-bench-'))
  try {
    return await measureOn(server, platform, folder)
  } finally {
    platform.close()
    await dropDatabases(server)
    server.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measureOn(server: Server, platform: Platform, folder: string): Promise<boolean> {
  const { world, statements } = await prepare(server, platform, folder)
  const version = await onDatabase(server.url, async (client) => {
    const { rows } = await client.query<{ server_version: string }>('show server_version')
    return rows[0]?.server_version ?? ''
  })
  say(
    `PostgreSQL ${version}, Node.js ${process.versions.node}, ${cpus().length} cores for server, database and client.`,
  )
  say(`${AT_ONCE} at once, ${ROUNDS} rounds of ${SECONDS} s each, in turns; medians of the rounds.`)
  const ratios = await measure(world)
  say(`\nStatements of a launch with its first page: ${statements.launch} (at most ${MOST_STATEMENTS.launch}).`)
  say(`Statements of a mentee's home page: ${statements.home} (at most ${MOST_STATEMENTS.home}).`)
  const isSlow = ratios.launch < AIMS.launch || ratios.home < AIMS.home
  if (isSlow || process.env['BENCH_PROFILE'] === '1') await showProfiles(world)
  return statements.launch <= MOST_STATEMENTS.launch && statements.home <= MOST_STATEMENTS.home
}

const NAMES = { signpost: `signpost_bench_${process.pid}`, floor: `signpost_bench_${process.pid}_floor` }

/** Makes both databases. Signpost itself makes the tables, and its log tells how many statements it needs. */
async function prepare(server: Server, platform: Platform, folder: string) {
  await onDatabase(server.url, (client) => client.query(`create database ${NAMES.signpost}`))
  const databases = { signpost: databaseOn(server, NAMES.signpost), floor: databaseOn(server, NAMES.floor) }
  const settings = { DATA_DIR: folder, DATABASE_URL: databases.signpost, DEMO_COLLEGE: 'off', TRUST_PROXY: '1' }
  const { app, url } = await startSignpost({ ...settings, LOG_LEVEL: 'info' })
  const mentees = await onDatabase(databases.signpost, (client) => addPeople(client, platform))
  const statements = await countStatements(app, { url, pid: app.pid, platform, mentees })
  await app.stop()
  await onDatabase(server.url, (client) => client.query(`create database ${NAMES.floor} template ${NAMES.signpost}`))
  for (const url of Object.values(databases)) await onDatabase(url, (client) => client.query('vacuum analyze'))
  return { world: { platform, mentees, settings, databases, folder }, statements }
}

async function dropDatabases(server: Server): Promise<void> {
  for (const name of Object.values(NAMES))
    await onDatabase(server.url, (client) => client.query(`drop database if exists ${name} with (force)`))
}

type Running = { app: Process; url: string }

async function startSignpost(settings: Settings, ...words: string[]): Promise<Running> {
  const [PORT = ''] = await freePorts(1)
  const url = `http://localhost:${PORT}`
  const app = startNode([...words, built('server')], { LOG_LEVEL: 'warn', ...settings, PORT, PUBLIC_URL: url })
  await isReady(app, { PORT })
  return { app, url }
}

async function startBare(name: 'floor' | 'page', settings: Settings): Promise<Running> {
  const [PORT = ''] = await freePorts(1)
  const app = startNode(['--import', 'tsx', join(import.meta.dirname, `${name}.ts`)], { ...settings, PORT })
  await comesUp(app, () => Promise.resolve(app.printed().includes('ready')))
  return { app, url: `http://localhost:${PORT}` }
}

/** One launch and one home page, as the request log counts them. */
async function countStatements(app: Process, target: Target): Promise<Statements> {
  const countIn = async (scenario: Scenario) => {
    const before = app.printed().length
    await once(scenario, target)
    await pause(100) // a line is written when the answer is gone
    const lines = app.printed().slice(before).split('\n')
    const requests = lines.filter((line) => line.includes('"statements"'))
    return requests.reduce((sum, line) => sum + (JSON.parse(line) as { statements: number }).statements, 0)
  }
  return { launch: await countIn(launches), home: await countIn(homePages) }
}

async function homePage({ url, mentees }: Target): Promise<string> {
  const cookie = `__Host-signpost=${mentees[0]?.sessionSecret ?? ''}`
  const answer = await fetch(url, { headers: { cookie, 'sec-fetch-dest': 'iframe' } })
  if (answer.status !== 200) throw new Error(`The page at ${url} answered ${answer.status}`)
  return answer.text()
}

/** All rounds, Signpost and what it is measured against in turns, so that a busy minute hits both. */
async function measure({ platform, mentees, settings, databases, folder }: World) {
  const on = ({ app, url }: Running): Target => ({ url, pid: app.pid, platform, mentees })
  const signpost = await startSignpost(settings)
  const home = await homePage(on(signpost))
  const bare = { DATABASE_URL: databases.floor, PAGE_BYTES: String(Buffer.byteLength(home)), VIEWS: folder }
  writeFileSync(join(folder, 'page.ejs'), templateOf(home))
  const floor = await startBare('floor', { ...bare, PLATFORM_KEY: JSON.stringify(platform.publicKey) })
  const page = await startBare('page', bare)
  for (const other of [floor, page]) await sameSize(on(other), home)
  const sides: Side[] = [
    { scenario: launches, target: on(signpost), runs: [] },
    { scenario: launches, target: on(floor), runs: [] },
    { scenario: homePages, target: on(signpost), runs: [] },
    { scenario: homePages, target: on(page), runs: [] },
  ]
  for (const { scenario, target } of sides) await load(scenario, target, 2 * SECONDS) // until it is compiled
  for (let round = 0; round < ROUNDS; round++)
    for (const { scenario, target, runs } of sides) runs.push(await load(scenario, target, SECONDS))
  for (const { app } of [signpost, floor, page]) await app.stop()
  const [launchRuns = [], floorRuns = [], homeRuns = [], pageRuns = []] = sides.map(({ runs }) => runs)
  return {
    launch: report('A launch: login without the cookie hop, message, first page', launchRuns, floorRuns, AIMS.launch),
    home: report(`A mentee's home page of ${home.length} characters`, homeRuns, pageRuns, AIMS.home),
  }
}

/** What differs between people in a served page becomes a tag again. */
function templateOf(home: string): string {
  const filledIn: [served: string, template: string][] = [
    ['Hello Mentee', 'Hello <%= page.given_name %>'],
    ['Steps to HE', '<%= page.title %>'],
    ['Mentor 1401', '<%= page.partner %>'],
    ['Mentor', '<%= page.partner_called %>'],
    ['Marion Okafor', '<%= page.coordinator_name %>'],
    ['01632 960142', '<%= page.coordinator_phone %>'],
    ['marion@college.example', '<%= page.coordinator_email %>'],
    ['/matches/1/', '/matches/<%= page.match_id %>/'],
    ['/contacts/2/', '/contacts/<%= page.contact_id %>/'],
  ]
  return filledIn.reduce((text, [served, template]) => text.replaceAll(served, template), home)
}

async function sameSize(target: Target, home: string): Promise<void> {
  const { length } = await homePage(target)
  if (Math.abs(length - home.length) > home.length / 20)
    throw new Error(`The page at ${target.url} has ${length} characters, not ${home.length}`)
}

type Side = { scenario: Scenario; target: Target; runs: Run[] }

const median = (values: number[]): number =>
  values.sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN

function report(what: string, signpost: Run[], bare: Run[], aim: number): number {
  const line = (name: string, runs: Run[]) => {
    const of = (key: keyof Run, digits = 0) => median(runs.map((run) => run[key])).toFixed(digits)
    const rounds = runs.map(({ perSecond }) => perSecond.toFixed(0)).join(' ')
    say(
      `  ${name.padEnd(10)} ${of('perSecond').padStart(5)}/s (${rounds})  p50 ${of('p50')} ms  p95 ${of('p95')} ms  CPU ${of('cpu', 2)} ms`,
    )
  }
  const ratios = signpost.map(({ perSecond }, at) => perSecond / (bare[at]?.perSecond ?? NaN))
  const rounds = ratios.map((ratio) => ratio.toFixed(2)).join(' ')
  say(`\n${what}`)
  line('Signpost', signpost)
  line('bare', bare)
  const ratio = median([...ratios])
  say(`  ratio ${ratio.toFixed(2)} (${rounds}); the aim is ${aim.toFixed(2)}: ${ratio >= aim ? 'met' : 'not met'}`)
  return ratio
}

async function showProfiles({ platform, mentees, settings, folder }: World): Promise<void> {
  for (const [name, scenario] of Object.entries({ launches, 'home pages': homePages })) {
    const profiles = mkdtempSync(join(folder, 'profile-'))
    const { app, url } = await startSignpost(settings, '--cpu-prof', '--cpu-prof-dir', profiles)
    await load(scenario, { url, pid: app.pid, platform, mentees }, SECONDS)
    await app.stop()
    say(`\nWhere Signpost is busy during ${name}:`)
    for (const line of busiestIn(profiles, SECONDS)) say(`  ${line}`)
  }
}

process.exitCode = (await bench()) ? 0 : 1
