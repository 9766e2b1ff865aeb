import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'

export type Ended = { code: number | null; out: string; err: string }

/** Starts Node on our sources, with the embedded database in a data folder, and keeps what it prints in `said`. */
export function startNode(args: readonly string[], dataDir: string, env: Record<string, string> = {}) {
  const { PATH } = process.env
  const child: ChildProcessWithoutNullStreams = spawn(process.execPath, ['--import', 'tsx', ...args], {
    env: { PATH, LOG_LEVEL: 'silent', DATA_DIR: dataDir, ...env },
  })
  const said = { out: '', err: '' }
  child.stdout.on('data', (text: Buffer) => (said.out += text.toString()))
  child.stderr.on('data', (text: Buffer) => (said.err += text.toString()))
  return { child, said }
}

/** The same, until it ends. */
export function runNode(args: readonly string[], dataDir: string, env: Record<string, string> = {}): Promise<Ended> {
  const { child, said } = startNode(args, dataDir, env)
  return new Promise((resolve) => {
    child.once('exit', (code) => {
      resolve({ ...said, code })
    })
  })
}
