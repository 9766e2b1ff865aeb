/** What becomes of files by what a clamd answers, right or wrong; test/faults/virus.test.ts has a real one. */
import { once } from 'node:events'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { config } from '../../config/index.ts'
import { statement } from '../../src/db.ts'
import { scanFiles } from '../../src/files/index.ts'
import { aProgramme, aStudent, type Launched } from '../support/builders.ts'
import { logged } from '../support/log.ts'
import { pdf } from './documents.ts'
import { download, onDisk, upload } from './world.ts'

/** Reads one file as clamd does, then answers so; undefined: closes without a word. */
let answer: (file: Buffer) => string | undefined | Promise<string>
const received: Buffer[] = []
/** Answers before it has seen anything. */
let early = false
let server: Server
let writer: Launched
const settings = config as { clamd: typeof config.clamd }

beforeAll(async () => {
  const { course } = await aProgramme()
  writer = await aStudent(course, 'mentee')
  await settleAll() // of other tests in this database
  server = createServer(take)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  settings.clamd = { host: '127.0.0.1', port: (server.address() as AddressInfo).port }
})
afterAll(async () => {
  settings.clamd = undefined
  await once(server.close(), 'close')
})
beforeEach(() => {
  answer = () => 'stream: OK\0'
  received.length = 0
})

function take(socket: Socket): void {
  let all = Buffer.alloc(0)
  socket.on('error', () => undefined)
  socket.on('data', (chunk: Buffer) => {
    all = Buffer.concat([all, chunk])
    if (early) socket.write('stream: OK\0')
    const file = fileIn(all)
    if (!file) return
    received.push(file)
    void Promise.resolve(answer(file)).then((said) => socket.end(said ?? ''))
  })
}

/** The chunks after the command, once the empty one is there. */
function fileIn(all: Buffer): Buffer | undefined {
  const parts: Buffer[] = []
  if (!all.subarray(0, 10).equals(Buffer.from('zINSTREAM\0'))) return undefined
  for (let at = 10; at + 4 <= all.length;) {
    const length = all.readUInt32BE(at)
    if (length === 0) return Buffer.concat(parts)
    parts.push(all.subarray(at + 4, at + 4 + length))
    at += 4 + length
  }
  return undefined
}

const settleAll = statement(
  'test_settle_files',
  "update files set state = 'clean' where state in ('unchecked', 'pending')",
)
type Row = { key: string; state: string; scan_tries: number; wait: number }
const find = statement<Row>(
  'test_scan_row',
  'select key, state, scan_tries, extract(epoch from scan_after - now())::float8 as wait from files where id = $1',
)
const rowOf = async (id: number) => (await find(id))[0] as Row
const makeDue = statement('test_scan_due', 'update files set scan_after = now() where id = $1')
const setState = statement('test_scan_state', 'update files set state = $2, scan_after = now() where id = $1')
const scan = () => scanFiles({ system: true })

describe('a file, where there is a clamd', () => {
  it('waits, is sent to it whole, and can then be had', async () => {
    const file = pdf('x', { bytes: 3_000_000 })
    const { id } = await upload(writer.browser, file)
    expect((await rowOf(id)).state).toBe('pending')
    expect((await download(writer.browser, id)).status).toBe(403)
    await scan()
    expect(received.map((one) => one.equals(file))).toEqual([true])
    expect((await rowOf(id)).state).toBe('clean')
    expect((await download(writer.browser, id)).status).toBe(200)
    await scan()
    expect(received).toHaveLength(1)
  })

  it('loses its bytes when it is infected, and keeps its row', async () => {
    answer = () => 'stream: Eicar-Test-Signature FOUND\0'
    const { id } = await upload(writer.browser, pdf(), { name: 'secret-name.pdf' })
    await scan()
    const { key, state } = await rowOf(id)
    expect(state).toBe('infected')
    expect(onDisk('kept')).not.toContain(key)
    expect((await download(writer.browser, id)).status).toBe(403)
    expect(logged.filter((line) => line.includes('secret-name'))).toEqual([])
  })

  it.each([
    ['too large for it', () => 'INSTREAM size limit exceeded. ERROR\0'],
    ['nothing', () => undefined],
    ['something else', () => 'PONG\0'],
    ['a lie inside a word', () => 'stream: OK and more\0'],
    ['an OK for something else', () => 'other: OK\0'],
    ['an answer without an end', () => 'stream: OK'],
    ['a flood', () => 'stream: OK'.repeat(10_000)],
  ])('goes on waiting when it hears %s, and is tried again, later each time', async (_what, said) => {
    answer = said
    const { id } = await upload(writer.browser, pdf())
    const waits: number[] = []
    for (let tries = 1; tries <= 3; tries++) {
      await makeDue(id)
      await scan()
      const { state, scan_tries, wait } = await rowOf(id)
      expect([state, scan_tries]).toEqual(['pending', tries])
      waits.push(Math.round(wait))
    }
    expect(waits).toEqual([5, 10, 20])
    expect((await download(writer.browser, id)).status).toBe(403)
    answer = () => 'stream: OK\0'
    await makeDue(id)
    await scan()
    expect((await rowOf(id)).state).toBe('clean')
  })

  it('goes on waiting when it is called clean before it was sent', async () => {
    const { id } = await upload(writer.browser, pdf('x', { bytes: 9_000_000 }))
    early = true
    await scan()
    early = false
    expect((await rowOf(id)).state).toBe('pending')
    await makeDue(id)
    await scan()
    expect((await rowOf(id)).state).toBe('clean')
  })

  it('goes on waiting while nothing listens there, at most ten minutes at a time, and says when it is due', async () => {
    const { id } = await upload(writer.browser, pdf())
    const real = settings.clamd
    settings.clamd = { path: join(config.dataDir, 'no-such-socket') }
    for (let tries = 0; tries < 12; tries++) {
      await makeDue(id)
      const inMs = await scan()
      expect(inMs).toBeGreaterThan(1000)
    }
    settings.clamd = real
    const { state, wait } = await rowOf(id)
    expect([state, Math.round(wait)]).toEqual(['pending', 600])
    await makeDue(id)
    await scan()
  })

  it('from before there was one is checked too, and waits for that', async () => {
    const { id } = await upload(writer.browser, pdf())
    await setState(id, 'unchecked')
    expect((await download(writer.browser, id)).status).toBe(403)
    await scan()
    expect((await rowOf(id)).state).toBe('clean')
  })

  it('is checked by one process at a time, and a late answer changes nothing', async () => {
    let first = true
    const { id } = await upload(writer.browser, pdf())
    const takeOver = statement('test_take_scan_over', 'update files set scan_tries = scan_tries + 1 where id = $1')
    answer = async () => {
      if (first) await takeOver(id)
      first = false
      return 'stream: OK\0'
    }
    await Promise.all([scan(), scan()])
    expect(received).toHaveLength(1)
    expect((await rowOf(id)).state).toBe('pending')
    await makeDue(id)
    await scan()
    expect((await rowOf(id)).state).toBe('clean')
  })
})
