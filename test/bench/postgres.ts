import { execFileSync } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { freePorts } from '../faults/processes.ts'

export type Server = { url: string; close: () => void }

/** The server that DATABASE_URL names, or a new cluster with PostgreSQL's defaults: every commit is on the disk. */
export async function openServer(): Promise<Server> {
  const given = process.env['DATABASE_URL']
  if (given !== undefined && given !== '') return { url: given, close: () => undefined }
  const [port = ''] = await freePorts(1)
  const folder = mkdtempSync(join(tmpdir(), 'signpost-bench-'))
  const data = join(folder, 'data')
  if (isRoot) chownSync(folder, ...postgresUser())
  command('initdb', '--pgdata', data, '--username', 'postgres', '--auth', 'trust', '--encoding', 'UTF8')
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=${folder}`
  command('pg_ctl', 'start', '--pgdata', data, '--wait', '--log', join(folder, 'log'), '--options', options)
  const close = () => {
    process.off('exit', close)
    command('pg_ctl', 'stop', '--pgdata', data, '--wait', '--mode', 'fast')
    rmSync(folder, { recursive: true })
  }
  process.once('exit', close) // should the bench itself be stopped
  return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, close }
}

const isRoot = process.getuid?.() === 0

/** PostgreSQL refuses to run as root. */
function command(name: string, ...words: string[]): void {
  const program = [join(binaries(), name), ...words]
  const [first = '', ...rest] = isRoot ? ['runuser', '-u', 'postgres', '--', ...program] : program
  execFileSync(first, rest, { stdio: ['ignore', 'ignore', 'inherit'], cwd: '/' })
}

function binaries(): string {
  const all = '/usr/lib/postgresql'
  const [newest] = existsSync(all) ? readdirSync(all).sort((one, other) => Number(other) - Number(one)) : []
  if (newest === undefined) throw new Error('There is no PostgreSQL here: install it, or name a server in DATABASE_URL')
  return join(all, newest, 'bin')
}

function postgresUser(): [user: number, group: number] {
  const id = (option: string) => Number(execFileSync('id', [option, 'postgres'], { encoding: 'utf8' }))
  return [id('-u'), id('-g')]
}

/** Runs work on a connection of its own. */
export async function onDatabase<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(url)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

export function databaseOn(server: Server, name: string): string {
  const url = new URL(server.url)
  url.pathname = `/${name}`
  return url.href
}
