import PgBoss from 'pg-boss'
import { onConnection, oneProcessAtATime } from './db.ts'
import { faultOf, log } from './web/log.ts'

/**
 * Schedules and wake-ups, kept in the database by pg-boss. A job only says "look": what is due stands in rows, so a late,
 * lost or doubled job changes nothing.
 */
export type Queue =
  | 'scores'
  | 'columns'
  | 'comparisons'
  | 'rosters'
  | 'matches'
  | 'contacts'
  | 'messages'
  | 'reports'
  | 'honoraria'
  | 'mail'
  | 'files'
  | 'concerns'
  | 'disclosures'
  | 'retention'
  | 'audit'
  | 'sweep'
type Work = Record<Queue, { cron: string; run: () => Promise<number | undefined> }>

let boss: PgBoss | undefined
const timers = new Set<NodeJS.Timeout>()

/** Starts doing what is due: at once, on schedule, when woken, and when a piece of work says how soon to look again. */
export async function startJobs(work: Work): Promise<void> {
  const jobs = new PgBoss({ db: { executeSql }, schema: 'jobs' })
  jobs.on('error', (error) => {
    log.error({ err: faultOf(error) }, 'jobs')
  })
  const queues = Object.entries(work) as [Queue, Work[Queue]][]
  // pg-boss makes its tables and queues here; two processes that do so at once would stand in each other's way.
  await oneProcessAtATime(async () => {
    await jobs.start()
    for (const [queue, { cron }] of queues) {
      await jobs.createQueue(queue)
      await jobs.schedule(queue, cron)
    }
  })
  boss = jobs
  for (const [queue, { run }] of queues) {
    await jobs.work(queue, { pollingIntervalSeconds: 0.5, batchSize: 100 }, () => look(queue, run))
    wake(queue)
  }
}

/** Takes no more work, and waits up to 15 s for what is under way. */
export async function stopJobs(): Promise<void> {
  for (const timer of timers) clearTimeout(timer)
  timers.clear()
  const stopping = boss
  boss = undefined
  await stopping?.stop({ graceful: true, wait: true, timeout: 15_000 })
}

/** Asks for a look at what is due, in whichever process gets to it. Where no jobs run (tests, commands), nothing. */
export function wake(queue: Queue): void {
  boss?.send(queue, {}).catch((error: unknown) => {
    log.warn({ err: faultOf(error) }, 'a wake-up was lost; the schedule will look')
  })
}

const LONGEST_MS = 60_000 // the schedule looks anyway

async function look(queue: Queue, run: () => Promise<number | undefined>): Promise<void> {
  const againInMs = await run().catch((error: unknown) => {
    const err = faultOf(error)
    log.error({ queue, err }, 'work failed; it is tried again')
    // pg-boss keeps all of an error with the job, and the database's has the row that it refused: what people wrote.
    throw Object.assign(new Error(err.split('\n', 1)[0]), { stack: err })
  })
  if (againInMs === undefined || againInMs > LONGEST_MS || !boss) return
  const timer = setTimeout(
    () => {
      timers.delete(timer)
      wake(queue)
    },
    Math.max(againInMs, 200),
  )
  timers.add(timer)
}

async function executeSql(text: string, values: unknown[]): Promise<{ rows: unknown[] }> {
  const result = await onConnection(async (connection) => {
    try {
      return await connection.query({ text, values })
    } catch (error) {
      await connection.query({ text: 'rollback' }) // its own "begin" must not stay open on a connection of the pool
      throw error
    }
  })
  // Several statements at once have several results; pg-boss reads the last.
  return Array.isArray(result) ? { rows: (result.at(-1) as { rows: unknown[] } | undefined)?.rows ?? [] } : result
}
