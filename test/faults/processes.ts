import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

const ROOT = join(import.meta.dirname, '../..')
const START_MS = 60_000

export type Settings = Record<string, string>
export type Process = {
  pid: number
  printed: () => string
  isOver: () => boolean
  /** Resolves when it has ended: with its exit code, or null after a signal. */
  ended: Promise<number | null>
  /** `kill -9`: it cannot finish anything. */
  kill: () => Promise<void>
  /** Asks it to end, and waits until it has. */
  stop: () => Promise<void>
}

const running = new Set<ChildProcess>()
// Should the tests themselves be stopped, nothing of theirs goes on.
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1))

/** Starts a program of the build, with these settings and no others. */
export function start(program: 'server' | 'cli' | 'college/main', settings: Settings, ...words: string[]): Process {
  return startNode([built(program), ...words], settings)
}

/** Where the build put a program. */
export function built(program: string): string {
  const script = join(ROOT, `dist/src/${program}.js`)
  if (!existsSync(script)) throw new Error('Signpost is not built: npm run build comes first')
  return script
}

/** Starts node with these arguments and settings, and no others. */
export function startNode(words: readonly string[], settings: Settings): Process {
  const { PATH = '', HOME = '' } = process.env
  const child = spawn(process.execPath, words, { cwd: ROOT, env: { PATH, HOME, ...settings } })
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
  running.add(child)
  const ended = once(child, 'close').then(([code]) => {
    running.delete(child)
    return code as number | null
  })
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal)
    await ended
  }
  return {
    pid: child.pid ?? 0,
    printed: () => text,
    isOver: () => !running.has(child),
    ended,
    kill: () => end('SIGKILL'),
    stop: () => end('SIGTERM'),
  }
}

/** Runs a command to its end. */
export async function run(settings: Settings, ...words: string[]): Promise<{ code: number | null; printed: string }> {
  const command = start('cli', settings, ...words)
  return { code: await command.ended, printed: command.printed() }
}

/** Starts Signpost and waits until it is ready. */
export async function startApp(settings: Settings): Promise<Process> {
  const app = start('server', settings)
  await isReady(app, settings)
  return app
}

/** Waits until it answers and says that all of it, the worker too, is there. */
export async function isReady(app: Process, { PORT = '' }: Settings): Promise<void> {
  await comesUp(app, async () => {
    return app.printed().includes('Signpost is ready.') && (await isWell(`http://127.0.0.1:${PORT}/readyz`))
  })
}

/** Waits until an address answers well. */
export async function answers(from: Process, url: string): Promise<void> {
  await comesUp(from, () => isWell(url))
}

/** Waits, and says what was printed when the process ends instead or takes too long. */
export async function comesUp(from: Process, isUp: () => Promise<boolean>): Promise<void> {
  const until = Date.now() + START_MS
  while (!(await isUp())) {
    if (from.isOver()) throw new Error(`It ended while it started:\n${from.printed()}`)
    if (Date.now() > until) throw new Error(`It did not answer within ${START_MS / 1000} s:\n${from.printed()}`)
    await pause(50)
  }
}

async function isWell(url: string): Promise<boolean> {
  return fetch(url, { signal: AbortSignal.timeout(5000) }).then(
    async (answer) => (await answer.text()) !== '' && answer.ok,
    () => false,
  )
}

/** Ports that nobody uses; all are held until all are known. */
export async function freePorts(count: number): Promise<string[]> {
  const servers = Array.from({ length: count }, () => createServer())
  for (const server of servers) await once(server.listen(0, '127.0.0.1'), 'listening')
  const ports = servers.map((server) => String((server.address() as AddressInfo).port))
  for (const server of servers) await once(server.close(), 'close')
  return ports
}
