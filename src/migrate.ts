import { Umzug } from 'umzug'
import { migrations } from '../migrations/index.ts'
import { db, statement, transaction } from './db.ts'

const listRan = statement<{ name: string }>('list_migrations', 'select name from migrations order by name')
const ADVISORY_LOCK = 7_446_786 // any number; the same in every process of ours

/**
 * Brings the schema up to date, all of it or nothing. Processes that start at once wait for each other at the lock;
 * the second one finds the work done.
 */
export function migrate(): Promise<void> {
  return transaction(async () => {
    await db.query(`select pg_advisory_xact_lock(${ADVISORY_LOCK})`)
    await db.query(
      'create table if not exists migrations (name text primary key, ran_at timestamptz not null default now())',
    )
    await umzug.up()
  })
}

/** Whether the database has exactly the changes this code knows. */
export async function schemaIsCurrent(): Promise<boolean> {
  const ran = await listRan()
  return ran.length === migrations.length && migrations.every(({ name }, at) => ran[at]?.name === name)
}

const umzug = new Umzug({
  migrations: migrations.map(({ name, sql }) => ({ name, up: () => db.query(sql) })),
  storage: {
    logMigration: async ({ name }) => {
      await db.query('insert into migrations (name) values ($name)', { bind: { name } })
    },
    unlogMigration: () => Promise.reject(new Error('Migrations go forward only.')),
    executed: async () => (await listRan()).map(({ name }) => name),
  },
  logger: undefined,
})
