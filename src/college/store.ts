import { mkdir, open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Data that lives in one file. Change `data` in place, then `keep()` it. */
export type Store<Data> = {
  readonly data: Data
  /** Call after every change; resolves when the change is on the disk. */
  keep: () => Promise<void>
  /** Resolves when every change made so far is on the disk; writes nothing when there is none. */
  settle: () => Promise<void>
}

/** Opens the file, or makes it from `first()`; it is on the disk when this resolves. */
export async function openStore<Data>(file: string, first: () => Promise<Data>): Promise<Store<Data>> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 })
  const found = await readFile(file, 'utf8').catch(undefinedIfAbsent)
  const store = keepInFile(file, found === undefined ? await first() : (JSON.parse(found) as Data))
  if (found === undefined) await store.keep()
  return store
}

function keepInFile<Data>(file: string, data: Data): Store<Data> {
  let changes = 0
  let changesKept = 0
  let last = Promise.resolve()
  let queued: Promise<void> | undefined // has not begun, so it will hold what changes until then

  async function write(): Promise<void> {
    queued = undefined
    if (changesKept === changes) return
    const now = changes
    await replaceFile(file, JSON.stringify(data))
    changesKept = now
  }
  function settle(): Promise<void> {
    if (changesKept === changes) return Promise.resolve()
    if (queued === undefined) {
      queued = last.then(write, write) // a failed write does not stop the next one, which holds its changes too
      last = queued
    }
    return queued
  }
  function keep(): Promise<void> {
    changes += 1
    return settle()
  }
  return { data, keep, settle }
}

/** The file is always the old one or the new one, whole, whenever the process or the machine stops. */
async function replaceFile(file: string, text: string): Promise<void> {
  const half = `${file}.new`
  const handle = await open(half, 'w', 0o600)
  try {
    await handle.writeFile(text)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(half, file)
  await keepName(dirname(file))
}

/** A rename is durable once its folder is; Windows cannot open a folder and does not need it. */
async function keepName(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function undefinedIfAbsent(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
}
