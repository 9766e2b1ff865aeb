/** clamd of ClamAV as Debian has it, with one signature of its own, on a socket in a folder of its own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** The harmless text that every virus check knows; in two halves, so that none takes this file for one. */
export const EICAR = 'X5O!P%@AP[4\\PZX54(P^)7CC)7}$' + 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'

export type Clamd = { stop: () => Promise<void> }

/** Where it will listen in a folder: known before it is started. */
export const socketIn = (folder: string) => join(folder, 'clamd.sock')

/** Starts it, and waits until it answers. @throws where it is not installed: Debian's clamav-daemon */
export async function startClamd(folder: string): Promise<Clamd> {
  const program = ['/usr/sbin/clamd', '/usr/bin/clamd', '/usr/local/sbin/clamd'].find(existsSync)
  if (program === undefined) throw new Error('There is no clamd here: apt-get install clamav-daemon')
  const signatures = join(folder, 'signatures')
  mkdirSync(signatures, { recursive: true })
  writeFileSync(join(signatures, 'test.ndb'), `Signpost.Test:0:*:${Buffer.from(EICAR).toString('hex')}\n`)
  const settings = [
    `LocalSocket ${socketIn(folder)}`,
    `DatabaseDirectory ${signatures}`,
    `TemporaryDirectory ${folder}`,
  ]
  const more = ['Foreground yes', 'FixStaleSocket yes', 'MaxThreads 2', 'SelfCheck 0', 'ConcurrentDatabaseReload no']
  writeFileSync(join(folder, 'clamd.conf'), [...settings, ...more, ''].join('\n'))
  const child = spawn(program, ['--config-file', join(folder, 'clamd.conf')], { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const over = once(child, 'close')
  process.once('exit', () => child.kill('SIGKILL'))
  for (let tries = 0; !(await answers(socketIn(folder))); tries++) {
    if (child.exitCode !== null || tries > 600) throw new Error(`clamd did not start:\n${said}`)
    await pause(50)
  }
  return {
    async stop() {
      child.kill('SIGKILL')
      await over
    },
  }
}

async function answers(path: string): Promise<boolean> {
  const socket = connect({ path })
  socket.write('zPING\0')
  const answer = await once(socket, 'data').catch(() => [''])
  socket.destroy()
  return String(answer[0]).startsWith('PONG')
}
