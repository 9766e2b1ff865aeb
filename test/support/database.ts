import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** For everything that tests write; gone after the run. */
    folder: string
    /** PGlite: a file that holds a migrated database. */
    dump: string | undefined
    /** PostgreSQL: the server, and the migrated database to copy. */
    server: { url: string; template: string } | undefined
  }
}

/** Migrates once; every worker then begins with a copy. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'signpost-test-'))
  process.env['DATA_DIR'] = folder
  project.provide('folder', folder)
  process.env['LOG_LEVEL'] = 'silent'
  const url = process.env['DATABASE_URL']
  const done = url === undefined ? await makeDump(project, folder) : await makeTemplate(project, url)
  return async () => {
    await done()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function makeDump(project: TestProject, folder: string): Promise<() => Promise<void>> {
  const { openEmbedded } = await import('../../src/embedded.ts')
  const { closeDatabase, openDatabase } = await import('../../src/db.ts')
  const { migrate } = await import('../../src/migrate.ts')
  await openDatabase()
  await migrate()
  const dump = await (await openEmbedded(folder)).dumpDataDir('none')
  await closeDatabase()
  const file = join(folder, 'dump.tar')
  writeFileSync(file, Buffer.from(await dump.arrayBuffer()))
  project.provide('dump', file)
  project.provide('server', undefined)
  return () => Promise.resolve()
}

async function makeTemplate(project: TestProject, url: string): Promise<() => Promise<void>> {
  const template = `signpost_test_${process.pid}`
  await onServer(url, `create database ${template}`)
  process.env['DATABASE_URL'] = withDatabase(url, template)
  const { closeDatabase, openDatabase } = await import('../../src/db.ts')
  const { migrate } = await import('../../src/migrate.ts')
  await openDatabase()
  await migrate()
  await closeDatabase()
  process.env['DATABASE_URL'] = url
  project.provide('dump', undefined)
  project.provide('server', { url, template })
  return async () => {
    for (const database of await databasesLike(url, template))
      await onServer(url, `drop database ${database} with (force)`)
  }
}

export async function onServer(url: string, sql: string): Promise<void> {
  const client = new pg.Client(url)
  await client.connect()
  await client.query(sql).finally(() => client.end())
}

async function databasesLike(url: string, template: string): Promise<string[]> {
  const client = new pg.Client(url)
  await client.connect()
  const { rows } = await client.query<{ datname: string }>('select datname from pg_database where datname like $1', [
    `${template}%`,
  ])
  await client.end()
  return rows.map(({ datname }) => datname)
}

export function withDatabase(url: string, database: string): string {
  const changed = new URL(url)
  changed.pathname = `/${database}`
  return changed.href
}
