import { createHash, randomUUID } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, open, opendir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Transform, type Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { config } from '../../config/index.ts'

/**
 * Where the bytes of files are, by a random key. A folder here; anything that puts a file whole or not at all can take its
 * place, such as an S3-compatible service. It knows neither names nor people.
 */
export type Store = {
  /** Takes a finished part over as `key`. Once it resolves, the file survives a crash; before, nobody can open it. */
  put: (part: Part, key: string) => Promise<void>
  /** What lies under a key, and its size; undefined where nothing does. */
  open: (key: string) => Promise<{ stream: Readable; bytes: number } | undefined>
  /** Removes what lies under a key, if anything does. */
  remove: (key: string) => Promise<void>
  /** All keys, in no order, with when each was put. */
  list: () => AsyncIterable<{ key: string; at: Date }>
}

/** A file that has arrived, whole and written out, in a folder where nothing else looks. */
export type Part = { path: string; bytes: number; sha256: string }

const root = join(config.dataDir, 'files')
const arriving = join(root, 'incoming')
const kept = join(root, 'kept')

export const store: Store = {
  async put({ path }, key) {
    await mkdir(kept, { recursive: true, mode: 0o700 })
    await rename(path, join(kept, key))
    await writeOut(kept)
  },
  async open(key) {
    const file = await open(join(kept, key)).catch(unlessMissing)
    if (!file) return undefined
    return { stream: file.createReadStream(), bytes: (await file.stat()).size }
  },
  async remove(key) {
    await rm(join(kept, key), { force: true })
  },
  async *list() {
    yield* filesIn(kept)
  },
}

/**
 * Writes what arrives to a file of its own as it comes, and reads its SHA-256 on the way. Reads `from` to its end, also when
 * it cannot be written: a form goes on behind its file. Undefined when `from` broke off.
 * @throws what the disk says; nothing is left then
 */
export async function receivePart(from: Readable): Promise<Part | undefined> {
  await mkdir(arriving, { recursive: true, mode: 0o700 })
  const path = join(arriving, randomUUID())
  const sha256 = createHash('sha256')
  let bytes = 0
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      sha256.update(chunk)
      bytes += chunk.length
      done(null, chunk)
    },
  })
  const written = pipeline(meter, createWriteStream(path, { flags: 'wx', mode: 0o600, flush: true }))
  let fault = from.errored
  from.once('error', (error) => {
    fault = error
    meter.destroy(error)
  })
  if (fault) meter.destroy(fault)
  from.pipe(meter)
  try {
    await written
  } catch (error) {
    from.unpipe(meter).resume()
    await rm(path, { force: true })
    if (error === fault) return undefined
    throw error
  }
  return { path, bytes, sha256: sha256.digest('hex') }
}

/** Forgets what arrived and is not wanted. */
export async function dropPart({ path }: Part): Promise<void> {
  await rm(path, { force: true })
}

/** Removes what arrived before `at` and was neither put nor dropped: its process has died. */
export async function dropPartsBefore(at: Date): Promise<void> {
  for await (const part of filesIn(arriving)) if (part.at < at) await rm(join(arriving, part.key), { force: true })
}

async function* filesIn(folder: string): AsyncIterable<{ key: string; at: Date }> {
  const files = await opendir(folder).catch(unlessMissing)
  if (!files) return
  for await (const { name } of files) {
    const found = await stat(join(folder, name)).catch(unlessMissing) // one that has gone meanwhile is none
    if (found?.isFile()) yield { key: name, at: found.mtime }
  }
}

/** A name in a folder survives a crash only once the folder itself is written out. */
async function writeOut(folder: string): Promise<void> {
  const handle = await open(folder)
  await handle.sync().finally(() => handle.close())
}

function unlessMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error
}
