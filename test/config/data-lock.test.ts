import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, inject, it } from 'vitest'
import { lockDataFolder } from '../../src/data-lock.ts'

const folder = () => mkdtempSync(join(inject('folder'), 'lock-'))

describe('the lock of a data folder', () => {
  it('is for one living process, and is given back', async () => {
    const dir = folder()
    const other = spawn('sleep', ['30'])
    const start =
      readFileSync(`/proc/${String(other.pid)}/stat`, 'utf8')
        .split(') ')[1]
        ?.split(' ')[19] ?? ''
    writeFileSync(join(dir, 'lock'), `${String(other.pid)} ${start}`)
    expect(() => lockDataFolder(dir)).toThrow(/is running on the data folder/)
    other.kill('SIGKILL')
    await new Promise((resolve) => other.once('exit', resolve))
    const unlock = lockDataFolder(dir)
    expect(() => lockDataFolder(dir)).toThrow(/is running/)
    unlock()
    lockDataFolder(dir)()
  })

  it('of a process whose number another one has by now is taken over', () => {
    const dir = folder()
    writeFileSync(join(dir, 'lock'), `${process.ppid} 1`)
    lockDataFolder(dir)()
  })

  it('that nobody can read as one is taken over', () => {
    const dir = folder()
    writeFileSync(join(dir, 'lock'), '')
    lockDataFolder(dir)()
  })
})
