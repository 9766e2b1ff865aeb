import { randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { readSettings, type Settings } from './settings.ts'
import { stop } from './stop.ts'

/** The settings of this process, read once. With a fault the process says everything that is wrong, and ends. */
export const config: Settings & { secretKey: string } = load()

function load(): Settings & { secretKey: string } {
  const read = readSettings(withSecretFiles(process.env))
  if (!read.ok) return stop(...read.faults)
  return { ...read.settings, secretKey: read.settings.secretKey ?? keptSecret(read.settings.dataDir) }
}

/** A secret is better kept in a file (a mounted secret, a key store) than in the environment: SECRET_KEY_FILE names it. */
function withSecretFiles(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return ['SECRET_KEY', 'SMTP_PASSWORD'].reduce(withSecretFile, env)
}

function withSecretFile(env: NodeJS.ProcessEnv, name: string): NodeJS.ProcessEnv {
  const file = env[`${name}_FILE`]
  if (!file) return env
  if (env[name]) return stop(`${name} and ${name}_FILE are both set: which one is meant?`)
  try {
    return { ...env, [name]: readFileSync(file, 'utf8').trim() }
  } catch {
    return stop(`${name}_FILE names a file that cannot be read`)
  }
}

/** Evaluation mode only: a secret of this data folder, made on the first start. */
function keptSecret(dataDir: string): string {
  const file = join(dataDir, 'secret-key')
  if (!existsSync(file)) {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 })
    const half = `${file}.${String(process.pid)}`
    const handle = openSync(half, 'w', 0o600)
    writeSync(handle, randomBytes(48).toString('base64'))
    fsyncSync(handle)
    closeSync(handle)
    linkUnlessThere(half, file) // whole or not at all, whenever the process is killed
    rmSync(half)
  }
  return readFileSync(file, 'utf8')
}

/** Of two processes that start at once, the first one's secret stays. */
function linkUnlessThere(from: string, to: string): void {
  try {
    linkSync(from, to)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}
