import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { built, comesUp, freePorts, isReady, startNode, type Process, type Settings } from '../faults/processes.ts'
import { addConversations } from './crowd.ts'
import type { Target } from './load.ts'
import { addPeople, type Mentee } from './people.ts'
import { openPlatform, type Platform } from './platform.ts'
import { databaseOn, onDatabase, openServer, type Server } from './postgres.ts'
import { progressBar } from './report.ts'

/** Matches in other programmes, beside the one that is measured: 200 messages each. */
const OTHERS = { small: 100, large: 10_000 }

const name = (what: string) => `signpost_bench_${process.pid}_${what}`
const NAMES = { empty: name('empty'), small: name('small'), large: name('large'), floor: name('floor') }

export type World = {
  server: Server
  platform: Platform
  mentees: Mentee[]
  /** Where Signpost keeps its files, and the bare pages their templates. */
  folder: string
  /** The same programme with few others beside it, with many, and a copy of the first for what Signpost is measured against. */
  databases: { small: string; large: string; floor: string }
}

/** Makes the databases, runs work, and leaves nothing behind. Signpost itself makes the tables. */
export async function withWorld<T>(hasLarge: boolean, work: (world: World) => Promise<T>): Promise<T> {
  const server = await openServer()
  const platform = await openPlatform()
  const folder = mkdtempSync(join(tmpdir(), 'signpost-bench-'))
  try {
    return await work(await make({ server, platform, folder }, hasLarge))
  } finally {
    platform.close()
    for (const database of Object.values(NAMES))
      await onDatabase(server.url, (client) => client.query(`drop database if exists ${database} with (force)`))
    server.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function make(begun: Pick<World, 'server' | 'platform' | 'folder'>, hasLarge: boolean): Promise<World> {
  const { server, platform, folder } = begun
  const at = (key: keyof typeof NAMES) => databaseOn(server, NAMES[key])
  const create = (made: string, from = 'template1') =>
    onDatabase(server.url, (client) => client.query(`create database ${made} template ${from}`))
  await create(NAMES.empty)
  const { app } = await startSignpost({ DATA_DIR: folder, DATABASE_URL: at('empty') })
  await app.stop()
  const mentees = await onDatabase(at('empty'), (client) => addPeople(client, platform))
  for (const key of hasLarge ? (['small', 'large'] as const) : (['small'] as const)) {
    await create(NAMES[key], NAMES.empty)
    const bar = progressBar(`${(OTHERS[key] * 200).toLocaleString('en')} messages of others`)
    await onDatabase(at(key), (client) => addConversations(client, OTHERS[key], bar))
  }
  await create(NAMES.floor, NAMES.small)
  const databases = { small: at('small'), large: at('large'), floor: at('floor') }
  for (const key of Object.keys(databases) as (keyof typeof databases)[])
    if (key !== 'large' || hasLarge) await onDatabase(databases[key], (client) => client.query('vacuum analyze'))
  return { ...begun, mentees, databases }
}

export type Running = { app: Process; url: string }

/** Signpost on a database of this world. */
export function startOn({ folder }: World, DATABASE_URL: string, settings: Settings = {}, ...words: string[]) {
  return startSignpost({ DATA_DIR: folder, DATABASE_URL, ...settings }, ...words)
}

async function startSignpost(settings: Settings, ...words: string[]): Promise<Running> {
  const [PORT = ''] = await freePorts(1)
  const url = `http://localhost:${PORT}`
  const fixed = { DEMO_COLLEGE: 'off', TRUST_PROXY: '1', PORT, PUBLIC_URL: url }
  const app = startNode([...words, built('server')], { LOG_LEVEL: 'warn', ...settings, ...fixed })
  await isReady(app, { PORT })
  return { app, url }
}

/** What Signpost is measured against: a program of this folder, on its own database. */
export async function startBare({ databases }: World, program: 'floor' | 'page', settings: Settings): Promise<Running> {
  const [PORT = ''] = await freePorts(1)
  const script = join(import.meta.dirname, `${program}.ts`)
  const app = startNode(['--import', 'tsx', script], { ...settings, DATABASE_URL: databases.floor, PORT })
  await comesUp(app, () => Promise.resolve(app.printed().includes('ready')))
  return { app, url: `http://localhost:${PORT}` }
}

export const targetOf = ({ platform, mentees }: World, { app, url }: Running): Target => ({
  ...{ url, pid: app.pid, platform, mentees },
})
