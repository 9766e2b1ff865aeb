import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { config } from '../config/index.ts'
import { createApp } from './app.ts'
import { createCollege } from './college/index.ts'
import { closeDatabase, openDatabase, statement } from './db.ts'
import { close, listen } from './listening.ts'
import { ensureToolKey, savePlatform } from './lti/index.ts'
import { migrate } from './migrate.ts'
import { explain } from './operational.ts'
import { faultOf, log } from './web/log.ts'
import { startWorker, stopWorker } from './worker.ts'

let stopping = false
const servers: Server[] = []

async function start(): Promise<void> {
  await openDatabase()
  await migrate()
  await ensureToolKey()
  await warnOfClocks()
  const app = await createApp({ isStopping: () => stopping })
  servers.push(await listen(app, config.port, config.host, 'PORT'))
  if (config.college.on) await startCollege()
  await startWorker()
  say()
}

async function startCollege(): Promise<void> {
  const { url, port } = config.college
  const college = await createCollege({ url, toolUrl: config.publicUrl, dataDir: config.dataDir })
  await savePlatform(college.platform)
  servers.push(await listen(college.app, port, '127.0.0.1', 'COLLEGE_PORT'))
}

/** Times of scores and sessions are the database's, days are ours: if the two differ, somebody should know. */
async function warnOfClocks(): Promise<void> {
  const [row] = await statement<{ at: Date }>('database_clock', 'select clock_timestamp() as at')()
  const apart = Math.abs(Date.now() - (row?.at.getTime() ?? Date.now()))
  if (apart > 2000) log.warn({ ms: apart }, 'the clocks of this machine and of the database differ')
}

function say(): void {
  const { port } = servers[0]?.address() as AddressInfo
  log.info({ port, mode: config.mode }, 'listening')
  if (config.mode === 'production') return
  const college = config.college.on ? `  Open this first:  ${config.college.url}  (the demo college)\n` : ''
  process.stdout.write(
    `\nSignpost is ready.\n${college}  Signpost itself:  ${config.publicUrl}\n\nStop it with Ctrl+C.\n`,
  )
}

/** Not ready at once, answers what is under way, finishes its jobs, then ends. A second signal does not wait. */
async function stop(signal: string): Promise<void> {
  if (stopping) process.exit(1)
  stopping = true
  log.info({ signal }, 'stopping')
  setTimeout(() => process.exit(1), 25_000).unref()
  await Promise.all(servers.map(close))
  await stopWorker()
  await closeDatabase()
  process.exit(0)
}

process.on('unhandledRejection', (error) => {
  log.fatal({ err: faultOf(error) }, 'a promise failed that nobody waited for')
  process.exit(1)
})
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void stop(signal))

start().catch((error: unknown) => {
  process.stderr.write(`${explain(error)}\n`)
  process.exit(1)
})
