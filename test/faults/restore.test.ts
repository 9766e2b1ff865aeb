import { execFile } from 'node:child_process'
import { cp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { PGlite } from '@electric-sql/pglite'
import { afterAll, expect, it } from 'vitest'
import { run, startApp, type Process, type Settings } from './processes.ts'
import { aFile, aReporting, layFile, MB, offered, reportOf } from './reports.ts'
import { aPlace, databaseServer, query } from './world.ts'

const exec = promisify(execFile)
const TOKEN = 'a token of whoever looks'
const endings: (() => Promise<unknown>)[] = []
afterAll(async () => {
  for (const end of endings.reverse()) await end()
})

/** `docs/operations.md`, Backup: as it says, into another place, and compared. */
it('comes back from a backup: every row, every file, the audit log, and whoever was signed in', async () => {
  const world = await aReporting(2, { METRICS_TOKEN: TOKEN })
  endings.push(world.leave)
  const { place, people, app } = world
  endings.push(app.kill)
  for (const person of people) expect(await layFile(person, await reportOf(person), aFile(MB))).toBe(303)
  const before = await Promise.all(people.map(offered))
  expect(before.every((one) => one?.status === 200)).toBe(true)
  await expectMetrics(place.tool)
  await app.stop()

  const other = await aPlace()
  endings.push(other.leave)
  // The same address: platforms know Signpost by it.
  const { PORT = '', PUBLIC_URL = '' } = place.settings
  const settings: Settings = { ...place.settings, ...other.settings, PORT, PUBLIC_URL }
  const wasIn = await digest(place.settings)
  await restore(place.settings, settings)
  const isIn = await digest(settings)
  expect(isIn).toEqual(wasIn)
  expect(wasIn.length).toBeGreaterThan(50)
  expect(await run(settings, 'audit', 'verify')).toMatchObject({ code: 0 })

  // What is not there any more cannot help.
  await rm(place.settings['DATA_DIR'] ?? '', { recursive: true })
  const again: Process = await startApp(settings)
  endings.push(again.kill)
  expect(await Promise.all(people.map(offered))).toEqual(before)
  for (const person of people) expect(await layFile(person, await reportOf(person), aFile(MB))).toBe(303)
  console.log(`${wasIn.length} tables and ${before.length} files came back as they were`)
})

/** A server's database by its own tools; without one, it is a part of the folder. */
async function restore(from: Settings, to: Settings): Promise<void> {
  const [old = '', folder = ''] = [from['DATA_DIR'], to['DATA_DIR']]
  await cp(old, folder, { recursive: true })
  const { DATABASE_URL: database } = from
  if (database === undefined) return
  const dump = join(folder, 'signpost.dump')
  await exec('pg_dump', ['--format=custom', `--file=${dump}`, database])
  await exec('pg_restore', ['--no-owner', '--exit-on-error', `--dbname=${to['DATABASE_URL'] ?? ''}`, dump])
  await rm(dump)
}

/** Every table with a sum of all its rows. */
async function digest(settings: Settings): Promise<string[]> {
  const { DATABASE_URL: database, DATA_DIR = '' } = settings
  const lite = database === undefined ? await PGlite.create(join(DATA_DIR, 'database')) : undefined
  const ask = async <Row extends object>(sql: string): Promise<Row[]> =>
    lite ? (await lite.query<Row>(sql)).rows : query<Row>(database ?? '', sql)
  const tables = await ask<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
     where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema') order by 1`,
  )
  const sums: string[] = []
  for (const { name } of tables) {
    const [row] = await ask<{ sum: string | null; count: number }>(
      `select count(*)::int as count, md5(string_agg(t::text, '|' order by t::text)) as sum from ${name} t`,
    )
    sums.push(`${name} ${row?.count} ${row?.sum}`)
  }
  await lite?.close()
  return sums
}

/** With a worker there is a lag to measure: next to none. */
async function expectMetrics(tool: string): Promise<void> {
  const text = await (await fetch(`${tool}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } })).text()
  const lags = [...text.matchAll(/^signpost_job_lag_seconds\{queue="(\w+)"\} (\S+)$/gm)]
  expect(lags.map(([, queue]) => queue)).toContain('mail')
  for (const [, queue, seconds] of lags) expect(Number(seconds), queue).toBeLessThan(30)
}

if (databaseServer === undefined) console.log('on PGlite: the folder is the backup')
