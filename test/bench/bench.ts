/**
 * `npm run bench`: launches, home pages, topics and messages a second, next to the least that could do the same, on
 * PostgreSQL, in turns; and the page of a topic with two million messages of other programmes beside it. What the figures
 * mean, and what they came to: docs/performance.md. Fails when something is over a hard limit.
 *
 * BENCH_ONLY      some of launch, home, thread, message, scale, grades, with commas (all)
 * BENCH_SECONDS   how long one measurement takes (5)
 * BENCH_PROFILE   with 1, shows where the time goes even when the aim is met
 * DATABASE_URL    a server to use; without it, a cluster of its own is made and removed
 */
import { mkdtempSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { compareSending } from './grades.ts'
import {
  AT_ONCE,
  homePages,
  launches,
  load,
  messages,
  once,
  staffPages,
  threadPages,
  type Run,
  type Scenario,
  type Target,
} from './load.ts'
import { demandSameSize, readTokens, sizeOf, writeTemplates } from './pages.ts'
import { onDatabase } from './postgres.ts'
import { busiestIn } from './profile.ts'
import { ratioOf, say, sayRuns } from './report.ts'
import { addStaff, PROGRAMMES, STAFF_PAGES, type Programme, type Staff } from './staff.ts'
import { startBare, startOn, targetOf, withWorld, type Running, type World } from './world.ts'

const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 5)
const ROUNDS = 3

/** What is measured, with the share of the bare one's speed that we aim at and the most statements it may need. */
const PIECES = {
  launch: {
    what: 'A launch: login without the cookie hop, message, first page',
    scenario: launches,
    aim: 0.4,
    most: 10,
  },
  home: { what: "A mentee's home page", scenario: homePages, aim: 0.5, most: 8 },
  thread: { what: 'The page of a topic: its newest 50 messages', scenario: threadPages, aim: 0.5, most: 6 },
  message: { what: 'Sending a message', scenario: messages, aim: undefined, most: 6 },
} as const
type Piece = keyof typeof PIECES
const ALL = Object.keys(PIECES) as Piece[]
/** Bytes of the page of a topic with 50 messages (P6). */
const MOST_BYTES = { bytes: 40_000, compressed: 10_000 }
/** How many statements a page of a coordinator may need (issue of the coordinator's day, P4). */
const MOST_STATEMENTS = 10
/** How many times as long a topic may take with two million messages of others as with twenty thousand (P4). */
const MOST_AT_SCALE = 1.3

const only = process.env['BENCH_ONLY']?.split(',') ?? [...ALL, 'scale', 'grades']
const pieces = ALL.filter((piece) => only.includes(piece))
const hasScale = only.includes('scale')
const hasGrades = only.includes('grades')
const over: string[] = []
/** A hard limit: the bench fails when it is not kept. */
function demand(what: string, value: number, most: number): void {
  say(`${what}: ${value} (at most ${most})`)
  if (!(value <= most)) over.push(what)
}

async function sayWhere({ server }: World): Promise<void> {
  const version = await onDatabase(server.url, async (client) => {
    const { rows } = await client.query<{ server_version: string }>('show server_version')
    return rows[0]?.server_version ?? ''
  })
  say(
    `PostgreSQL ${version}, Node.js ${process.versions.node}, ${cpus().length} cores for server, database and client.`,
  )
  say(`${AT_ONCE} at once, ${ROUNDS} rounds of ${SECONDS} s each, in turns; medians of the rounds.\n`)
}

/** Statements as the request log counts them, of one request each, and the size of a topic. */
async function checkLimits(world: World): Promise<void> {
  const signpost = await startOn(world, world.databases.small, { LOG_LEVEL: 'info' })
  const target = targetOf(world, signpost)
  const { thread } = await writeTemplates(target, world.folder)
  await readTokens(target)
  for (const piece of ALL) {
    const { what, scenario, most } = PIECES[piece]
    demand(`Statements. ${what}`, await statementsOf(signpost, () => once(scenario, target)), most)
  }
  const size = sizeOf(thread)
  demand('Bytes of the page of a topic', size.bytes, MOST_BYTES.bytes)
  demand('Bytes of it, compressed', size.compressed, MOST_BYTES.compressed)
  await signpost.app.stop()
}
type Counted = { statements: number }

/** How many statements something needs, by the request log. */
async function statementsOf({ app }: Running, run: () => Promise<void>): Promise<number> {
  await pause(100) // a line is written when its answer is gone
  const before = app.printed().length
  await run()
  await pause(100)
  const lines = app.printed().slice(before).split('\n')
  const counts = lines.flatMap((line) => (line.includes('"statements"') ? [JSON.parse(line) as Counted] : []))
  return counts.reduce((sum, { statements }) => sum + statements, 0)
}

/** Signpost and what it is measured against, in turns, so that a busy minute hits both. */
async function comparePieces(world: World): Promise<void> {
  const signpost = await startOn(world, world.databases.small)
  const served = await writeTemplates(targetOf(world, signpost), world.folder)
  const lengths = { PAGE_BYTES: String(Buffer.byteLength(served.home)), THREAD_LENGTH: String(served.thread.length) }
  const settings = { ...lengths, VIEWS: world.folder }
  const floor = await startBare(world, 'floor', { ...settings, PLATFORM_KEY: JSON.stringify(world.platform.publicKey) })
  const page = await startBare(world, 'page', settings)
  for (const bare of [floor, page]) await demandSameSize(targetOf(world, bare), '/', served.home)
  await demandSameSize(targetOf(world, page), '/threads/1', served.thread)
  const slow: Piece[] = []
  for (const piece of pieces) {
    const { what, scenario, aim } = PIECES[piece]
    const bare = piece === 'launch' ? floor : page
    const [ours = [], theirs = []] = await inTurns(scenario, [targetOf(world, signpost), targetOf(world, bare)])
    say(`\n${what}`)
    sayRuns('Signpost', ours)
    sayRuns('bare', theirs)
    const { ratio, rounds } = ratioOf(ours, theirs)
    say(
      `  ratio ${ratio.toFixed(2)} (${rounds})${aim ? `; the aim is ${aim}: ${ratio >= aim ? 'met' : 'not met'}` : ''}`,
    )
    if (aim && ratio < aim) slow.push(piece)
  }
  for (const { app } of [signpost, floor, page]) await app.stop()
  for (const piece of process.env['BENCH_PROFILE'] === '1' ? pieces : slow) await showProfile(world, piece)
}

const inTurns = (scenario: Scenario, targets: Target[]) => eachInTurns(targets.map((target) => ({ target, scenario })))

async function eachInTurns(all: readonly { target: Target; scenario: Scenario }[]): Promise<Run[][]> {
  const runs = all.map((): Run[] => [])
  for (const { scenario, target } of all) await load(scenario, target, 2 * SECONDS) // until it is compiled
  for (let round = 0; round < ROUNDS; round++)
    for (const [at, { scenario, target }] of all.entries()) runs[at]?.push(await load(scenario, target, SECONDS))
  return runs
}

/** The same topics, with twenty thousand messages of others beside them and with two million (P4). */
async function compareSizes(world: World): Promise<void> {
  const { small, large } = world.databases
  const [few, many] = [await startOn(world, small), await startOn(world, large)]
  await onDatabase(large, (client) => client.query('select pg_stat_reset()'))
  const [fewRuns = [], manyRuns = []] = await inTurns(threadPages, [targetOf(world, few), targetOf(world, many)])
  for (const { app } of [few, many]) await app.stop()
  say('\nThe page of a topic, with messages of other programmes beside it')
  sayRuns('20,000', fewRuns)
  sayRuns('2,000,000', manyRuns)
  demand('Times as long', Number(ratioOf(fewRuns, manyRuns).ratio.toFixed(2)), MOST_AT_SCALE)
  const scanned = await onDatabase(large, (client) => client.query<{ relname: string }>(SCANNED))
  demand(
    `Tables of more than 10,000 rows read from end to end${scanned.rows.map(({ relname }) => ` ${relname}`).join('')}`,
    scanned.rows.length,
    0,
  )
}
/** What a coordinator opens, with 5 programmes beside theirs and with 501; and the same of a programme of 500 matches. */
async function compareStaffPages(world: World): Promise<void> {
  const { small, large } = world.databases
  for (const programme of PROGRAMMES) {
    const staff = [
      await onDatabase(small, (client) => addStaff(client, programme)),
      await onDatabase(large, (client) => addStaff(client, programme)),
    ]
    await onDatabase(large, (client) => client.query('vacuum analyze'))
    const apps = [await startOn(world, small), await startOn(world, large)]
    for (const [what, pathOf] of Object.entries(STAFF_PAGES)) {
      const path = pathOf(programme)
      const both = apps.map((app, at) => ({
        target: targetOf(world, app),
        scenario: staffPages(staff[at] ?? [], path),
      }))
      const [few = [], many = []] = await eachInTurns(both)
      say(`\n${what} of a programme with ${programme.matches} matches, and 20,000 or 2,000,000 messages of others`)
      sayRuns('few', few)
      sayRuns('many', many)
      demand('Times as long', Number(ratioOf(few, many).ratio.toFixed(2)), MOST_AT_SCALE)
    }
    for (const { app } of apps) await app.stop()
    await countStaffStatements(world, programme, staff[1] ?? [])
  }
}

async function countStaffStatements(world: World, programme: Programme, staff: readonly Staff[]): Promise<void> {
  const signpost = await startOn(world, world.databases.large, { LOG_LEVEL: 'info' })
  for (const [what, pathOf] of Object.entries(STAFF_PAGES)) {
    const count = await statementsOf(signpost, () =>
      once(staffPages(staff, pathOf(programme)), targetOf(world, signpost)),
    )
    demand(`Statements. ${what}`, count, MOST_STATEMENTS)
  }
  await signpost.app.stop()
}

const SCANNED = `select c.relname from pg_stat_user_tables s join pg_class c on c.oid = s.relid
  where s.seq_scan > 0 and c.reltuples > 10000 order by 1`

async function showProfile(world: World, piece: Piece): Promise<void> {
  const profiles = mkdtempSync(join(world.folder, 'profile-'))
  const flags = ['--cpu-prof', '--cpu-prof-dir', profiles]
  const signpost = await startOn(world, world.databases.small, {}, ...flags)
  const target = targetOf(world, signpost)
  for (const seconds of [2 * SECONDS, SECONDS]) await load(PIECES[piece].scenario, target, seconds)
  await signpost.app.stop()
  say(`\nWhere Signpost is busy. ${PIECES[piece].what}:`)
  for (const line of busiestIn(profiles, SECONDS)) say(`  ${line}`)
}

await withWorld(hasScale, async (world) => {
  await sayWhere(world)
  if (hasScale || pieces.length > 0) await checkLimits(world)
  if (pieces.length > 0) await comparePieces(world)
  if (hasScale) await compareSizes(world)
  if (hasScale) await compareStaffPages(world)
  if (hasGrades) await compareSending(world, demand) // last: it fills the databases
})
if (over.length > 0) say(`\nOver the limit: ${over.join('; ')}`)
process.exitCode = over.length === 0 ? 0 : 1
