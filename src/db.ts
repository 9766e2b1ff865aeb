import { AsyncLocalStorage } from 'node:async_hooks'
import pg from 'pg'
import { DataTypes, Sequelize } from 'sequelize'
import { config } from '../config/index.ts'
import { operational } from './operational.ts'
import { closeEmbedded, EmbeddedSocket, openEmbedded } from './embedded.ts'

// Every query inside transaction(...) joins it, so none can slip outside by forgetting an argument. With one connection
// (the embedded database) a query outside an open transaction would wait for itself.
const scope = new AsyncLocalStorage<Map<string, unknown>>()
Sequelize.useCLS({
  run: (work: () => void) => {
    scope.run(new Map(), work)
  },
  bind: (work: unknown) => work,
  get: (key: string) => scope.getStore()?.get(key),
  set: (key: string, value: unknown) => scope.getStore()?.set(key, value),
})

/** How many statements a piece of work has sent, and for how long it waited for them. For logs and tests. */
export type Usage = { statements: number; ms: number }
const usage = new AsyncLocalStorage<Usage>()
/** Runs work and counts the statements that it sends into `used`. */
export function measuring<T>(used: Usage, work: () => T): T {
  return usage.run(used, work)
}

class MeasuredClient extends pg.Client {
  // The driver's six overloads come down to: whatever is asked, wherever it is answered.
  override query(...args: unknown[]): never {
    const used = usage.getStore()
    const answer: unknown = Reflect.apply(super.query.bind(this) as (...args: unknown[]) => unknown, this, args)
    if (!used) return answer as never
    used.statements += 1
    const from = performance.now()
    if (answer instanceof Promise)
      answer.then(
        () => (used.ms += performance.now() - from),
        () => undefined,
      )
    return answer as never
  }
}

const embedded = config.databaseUrl === undefined
export const db = new Sequelize(config.databaseUrl ?? 'postgres://postgres@localhost/postgres', {
  dialect: 'postgres',
  dialectModule: { ...pg, Client: MeasuredClient },
  dialectOptions: embedded ? { stream: () => new EmbeddedSocket() } : { application_name: 'signpost' },
  pool: embedded ? { max: 1, acquire: 10_000, idle: 1e9, evict: 1e9 } : { max: 10, acquire: 10_000 },
  logging: false,
  define: { underscored: true, timestamps: false },
})

/** Opens the database; `dump` is for tests. @throws an operational error when it cannot be had */
export async function openDatabase(dump?: Blob): Promise<void> {
  if (embedded) await openEmbedded(config.dataDir, dump)
  try {
    await db.authenticate()
  } catch (error) {
    if (embedded) throw error
    throw operational(`The database does not answer, or refuses us. Check DATABASE_URL. (${(error as Error).message})`)
  }
}

/** Ends all connections; the embedded database is written out and its folder given back. */
export async function closeDatabase(): Promise<void> {
  await db.close()
  if (embedded) await closeEmbedded()
}

/**
 * Runs work in one transaction; inside another one it joins that. Nothing slow belongs here: on the embedded database
 * everybody waits.
 */
export async function transaction<T>(work: () => Promise<T>): Promise<T> {
  if (scope.getStore()?.get('transaction')) return work()
  for (let left = RETRIES; ; left--) {
    try {
      return await once(work)
    } catch (error) {
      if (left === 0 || !gaveWay(error)) throw error
    }
  }
}

async function once<T>(work: () => Promise<T>): Promise<T> {
  const after: (() => void)[] = []
  const result = await db.transaction(async () => {
    const last: Gathered = new Map()
    scope.getStore()?.set('after', after)
    scope.getStore()?.set('last', last)
    const done = await work()
    for (const [write, items] of last) await write(items)
    return done
  })
  for (const step of after) step()
  return result
}

/** Two acts stood in each other's way, and PostgreSQL let one of them go on (deadlock_detected). The other is done anew. */
const RETRIES = 3
function gaveWay(error: unknown): boolean {
  const { code, parent } = error as { code?: unknown; parent?: { code?: unknown } }
  return (code ?? parent?.code) === '40P01'
}

type Gathered = Map<(items: never[]) => Promise<void>, never[]>

/**
 * Gathers something that is to be written as the last thing of the transaction, all of it at once: what it has to hold
 * is held for a moment, and in the same order by everybody. @throws outside of a transaction
 */
export function atTheEnd<Item>(write: (items: Item[]) => Promise<void>, item: Item): void {
  const last = scope.getStore()?.get('last') as Map<typeof write, Item[]> | undefined
  if (!last) throw new Error('This belongs into a transaction')
  last.set(write, [...(last.get(write) ?? []), item])
}

/** Does something once what is being written is safely there; not at all if it is rolled back. */
export function afterCommit(step: () => void): void {
  const after = scope.getStore()?.get('after') as (() => void)[] | undefined
  if (after) after.push(step)
  else step()
}

type Connection = { query: (query: object) => Promise<{ rows: unknown[] }> }

const statements = new Map<string, string>()

/**
 * A prepared, named SQL statement: `const findX = statement<X>('find_x', 'select ... $1')`, then `await findX(id)`.
 * Raw rows, no models: for lists and for what runs on every request (a model instance costs three quarters of the speed).
 * Throws where another statement bears the name: PostgreSQL would refuse whichever came second on a connection.
 */
export function statement<Row extends object>(name: string, text: string): (...values: unknown[]) => Promise<Row[]> {
  if ((statements.get(name) ?? text) !== text) throw new Error(`Two statements are called ${name}`)
  statements.set(name, text)
  return async (...values) =>
    onConnection(async (connection) => (await connection.query({ name, text, values })).rows as Row[])
}

/** Runs work on the connection of the transaction in force, or else on one from the pool. */
export async function onConnection<T>(work: (connection: Connection) => Promise<T>): Promise<T> {
  const current = scope.getStore()?.get('transaction') as { connection: Connection } | undefined
  if (current) return work(current.connection)
  const connection = (await db.connectionManager.getConnection({ type: 'read' })) as Connection
  try {
    return await work(connection)
  } finally {
    db.connectionManager.releaseConnection(connection)
  }
}

const START_LOCK = 7_446_787 // any number; the same in every process of ours

/** Lets one process at a time do something at its start. The embedded database has one process anyway. */
export async function oneProcessAtATime<T>(work: () => Promise<T>): Promise<T> {
  if (embedded) return work()
  return onConnection(async (connection) => {
    await connection.query({ text: `select pg_advisory_lock(${START_LOCK})` })
    try {
      return await work()
    } finally {
      await connection.query({ text: `select pg_advisory_unlock(${START_LOCK})` })
    }
  })
}

/** Column definitions, made anew each time: Sequelize writes into the objects it is given. */
export const id = () => ({ type: DataTypes.INTEGER, primaryKey: true, autoIncrement: true })
export const foreignKey = () => ({ type: DataTypes.INTEGER, allowNull: false })
export const optionalForeignKey = () => ({ type: DataTypes.INTEGER })
export const text = () => ({ type: DataTypes.TEXT, allowNull: false })
export const optionalText = () => ({ type: DataTypes.TEXT })
export const integer = () => ({ type: DataTypes.INTEGER, allowNull: false })
export const optionalInteger = () => ({ type: DataTypes.INTEGER })
export const day = () => ({ type: DataTypes.DATEONLY, allowNull: false })
export const optionalDay = () => ({ type: DataTypes.DATEONLY })
export const optionalInstant = () => ({ type: DataTypes.DATE })
