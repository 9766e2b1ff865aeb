import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { operational } from './operational.ts'

/**
 * Takes the data folder for this process alone; two on one embedded database lose rows without an error. A lock whose
 * process is dead is taken over. Returns what gives it back.
 * @throws an Operational error when a living process has it
 */
export function lockDataFolder(dataDir: string): () => void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const lock = join(dataDir, 'lock')
  const mine = `${lock}.${process.pid}`
  writeFileSync(mine, `${process.pid} ${startOf(process.pid)}`)
  try {
    if (!linked(mine, lock)) {
      buryDead(lock, dataDir)
      if (!linked(mine, lock)) throw inUse(dataDir, ownerOf(lock).pid)
    }
  } finally {
    rmSync(mine, { force: true })
  }
  return () => {
    rmSync(lock, { force: true })
  }
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to) // made whole and only once, unlike a file that is opened and then written
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  }
}

function buryDead(lock: string, dataDir: string): void {
  const seen = ownerOf(lock)
  if (isAlive(seen)) throw inUse(dataDir, seen.pid)
  const buried = `${lock}.dead.${process.pid}`
  renameSync(lock, buried)
  const moved = ownerOf(buried)
  if (isAlive(moved)) linked(buried, lock) // somebody else took it over in between: give it back
  rmSync(buried, { force: true })
  if (isAlive(moved)) throw inUse(dataDir, moved.pid)
}

function inUse(dataDir: string, pid: number): Error {
  return operational(`Signpost is running on the data folder "${dataDir}" already (process ${pid}). Stop it first.`)
}

type Owner = { pid: number; start: string }

function ownerOf(lock: string): Owner {
  const [pid = '0', start = '-'] = readFileSync(lock, 'utf8').split(' ')
  return { pid: Number(pid), start }
}

function isAlive({ pid, start }: Owner): boolean {
  if (pid <= 0) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  return start === '-' || startOf(pid) === start // numbers are used again, most of all in containers
}

/** When a process began, in clock ticks since boot, where the system tells (Linux). */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '-'
  } catch {
    return '-'
  }
}
