import { Duplex } from 'node:stream'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { lockDataFolder } from './data-lock.ts'

type Embedded = { database: PGlite; unlock: () => void }
let opening: Promise<Embedded> | undefined

/**
 * Opens PostgreSQL inside this process, with its files below `dataDir`, or in memory from a dump (tests).
 * @throws an operational error when another process has the folder
 */
export async function openEmbedded(dataDir: string, dump?: Blob): Promise<PGlite> {
  opening ??= dump ? openDump(dump) : openFolder(dataDir)
  return (await opening).database
}

/** Closes the embedded database, if it is open, and gives its folder back. */
export async function closeEmbedded(): Promise<void> {
  const open = await opening
  opening = undefined
  await open?.database.close()
  open?.unlock()
}

async function openFolder(dataDir: string): Promise<Embedded> {
  const unlock = lockDataFolder(dataDir)
  return { database: await PGlite.create(join(dataDir, 'database')), unlock }
}

async function openDump(dump: Blob): Promise<Embedded> {
  return { database: await PGlite.create({ loadDataDir: dump }), unlock: () => undefined }
}

const TERMINATE = 'X'.charCodeAt(0)

/**
 * What the `pg` driver takes for a socket: it hands each message of the PostgreSQL protocol to the embedded database.
 * There is one database session behind all of them, so a pool must have one connection.
 */
export class EmbeddedSocket extends Duplex {
  private unread: Buffer = Buffer.alloc(0)
  private started = false

  connect(): this {
    queueMicrotask(() => this.emit('connect'))
    return this
  }
  setNoDelay(): void {}
  setKeepAlive(): void {}
  ref(): void {}
  unref(): void {}

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.unread = this.unread.length === 0 ? chunk : Buffer.concat([this.unread, chunk])
    this.answer().then(() => {
      done()
    }, done)
  }

  private async answer(): Promise<void> {
    const { database } = (await opening) ?? fail('The embedded database is not open.')
    for (let message = this.nextMessage(); message; message = this.nextMessage()) {
      if (message[0] === TERMINATE && this.started) {
        this.push(null)
        return
      }
      this.started = true
      const reply = await database.execProtocolRaw(message)
      if (reply.length > 0) this.push(Buffer.from(reply))
    }
  }

  /** The first message has no type byte before its length; all others have. */
  private nextMessage(): Buffer | undefined {
    const start = this.started ? 1 : 0
    if (this.unread.length < start + 4) return undefined
    const end = start + this.unread.readInt32BE(start)
    if (this.unread.length < end) return undefined
    const message = this.unread.subarray(0, end)
    this.unread = this.unread.subarray(end)
    return message
  }
}

function fail(message: string): never {
  throw new Error(message)
}
