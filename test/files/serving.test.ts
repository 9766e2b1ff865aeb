import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, rmSync, truncateSync, utimesSync, writeFileSync } from 'node:fs'
import { get } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { config } from '../../config/index.ts'
import { db, statement } from '../../src/db.ts'
import { fileOf, isReady, sweepFiles, type FileRow } from '../../src/files/index.ts'
import { aProgramme, aStudent, type Launched } from '../support/builders.ts'
import { logged } from '../support/log.ts'
import { docx, odt, pdf } from './documents.ts'
import { download, headersOf, onDisk, port, upload } from './world.ts'

let writer: Launched
beforeAll(async () => {
  const { course } = await aProgramme()
  writer = await aStudent(course, 'mentee')
})

const MB = 1024 * 1024
const rowOf = statement<{ key: string; state: string }>('test_file_key', 'select key, state from files where id = $1')
const keyOf = async (id: number) => (await rowOf(id))[0]?.key ?? ''
const setState = statement('test_set_file_state', 'update files set state = $2 where id = $1')
const pathOf = (key: string) => join(config.dataDir, 'files', 'kept', key)

describe('a file that is sent', () => {
  it.each([
    ['report.pdf', pdf(), 'application/pdf'],
    ['report.docx', docx(), 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
    ['report.odt', odt(), 'application/vnd.oasis.opendocument.text'],
  ])('is something to save, and nothing else: %s', async (name, file, type) => {
    const { id } = await upload(writer.browser, file, { name })
    const answer = await download(writer.browser, id)
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': type,
      'content-length': String(file.length),
      'content-disposition': `attachment; filename=${name}`,
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store, no-transform',
    })
    expect(Buffer.from(await answer.arrayBuffer()).equals(file)).toBe(true)
  })

  it('is not sent before the virus check, nor when that found something', async () => {
    const { id } = await upload(writer.browser, pdf())
    const isReadyNow = async () => isReady((await fileOf({ file_id: id })) as FileRow)
    await setState(id, 'pending')
    expect(await isReadyNow()).toBe(false)
    const waiting = await download(writer.browser, id)
    expect([waiting.status, await waiting.text()]).toEqual([
      403,
      expect.stringContaining('waiting for the virus check'),
    ])
    await setState(id, 'infected')
    const found = await download(writer.browser, id)
    expect([found.status, await found.text()]).toEqual([403, expect.stringContaining('so we removed it')])
    await setState(id, 'clean')
    expect([await isReadyNow(), await fileOf({ file_id: null })]).toEqual([true, undefined])
    expect((await download(writer.browser, id)).status).toBe(200)
  })

  it('whose bytes are missing, or not all there, is a plain page, and a line in the log without its name', async () => {
    for (const harm of [
      (path: string) => {
        truncateSync(path, 20)
      },
      rmSync,
    ]) {
      const { id } = await upload(writer.browser, pdf(), { name: 'private-name.pdf' })
      harm(pathOf(await keyOf(id)))
      const answer = await download(writer.browser, id)
      expect([answer.status, await answer.text()]).toEqual([404, expect.stringContaining('We cannot find this file')])
      expect(answer.headers.get('content-disposition')).toBe(null)
      expect(logged.some((line) => line.includes(`"file":${id},`) && line.includes('missing'))).toBe(true)
    }
    expect(logged.filter((line) => line.includes('private-name'))).toEqual([])
  })

  it('may be given up on in the middle', async () => {
    const { id } = await upload(writer.browser, pdf('', { bytes: 9 * MB }))
    const asked = get({ port, path: `/report/${id}/file`, headers: headersOf(writer.browser) }).on(
      'error',
      () => undefined,
    )
    const [answer] = (await once(asked, 'response')) as [NodeJS.ReadableStream]
    await once(answer, 'data')
    asked.destroy()
    expect((await download(writer.browser, id)).status).toBe(200)
    expect(logged.filter((line) => line.includes('could not be read'))).toEqual([])
  })
})

describe('the sweep', () => {
  beforeAll(() =>
    db.query('create table test_holders (file_id integer references files, other_id integer references files)'),
  )
  afterAll(() => db.query('drop table test_holders'))
  const name = statement('test_hold_file', 'insert into test_holders (file_id) values ($1)')
  const nameOther = statement('test_hold_other_file', 'insert into test_holders (other_id) values ($1)')
  const makeOld = statement(
    'test_age_file',
    "update files set created_at = now() - interval '61 minutes' where id = $1",
  )
  const sweep = () => sweepFiles({ system: true })
  const LONG_AGO = new Date(Date.now() - 61 * 60_000)

  /** A file of a folder, as a process that died would have left it. */
  function left(folder: 'incoming' | 'kept', fileName: string, at?: Date): void {
    mkdirSync(join(config.dataDir, 'files', folder), { recursive: true })
    const path = join(config.dataDir, 'files', folder, fileName)
    writeFileSync(path, 'half of a file')
    if (at) utimesSync(path, at, at)
  }

  it('leaves what a row of a feature names, whatever its age, and removes what none names after an hour', async () => {
    const send = async () => (await upload(writer.browser, pdf())).id
    const [named, other, fresh, unnamed] = [await send(), await send(), await send(), await send()]
    const keys = {
      named: await keyOf(named),
      other: await keyOf(other),
      fresh: await keyOf(fresh),
      unnamed: await keyOf(unnamed),
    }
    await name(named)
    await nameOther(other)
    for (const id of [named, other, unnamed]) {
      await makeOld(id)
      utimesSync(pathOf(await keyOf(id)), LONG_AGO, LONG_AGO)
    }
    await sweep()
    expect(onDisk('kept')).toEqual(expect.arrayContaining([keys.named, keys.other, keys.fresh]))
    expect(onDisk('kept')).not.toContain(keys.unnamed)
    expect(await rowOf(unnamed)).toEqual([])
    for (const id of [named, other, fresh]) expect((await download(writer.browser, id)).status).toBe(200)
  })

  it('removes bytes without a row and what never arrived whole, once they are an hour old', async () => {
    const [orphan, young, part, youngPart] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()]
    left('kept', orphan, LONG_AGO)
    left('kept', 'no-key', LONG_AGO)
    left('kept', young)
    left('incoming', part, LONG_AGO)
    left('incoming', youngPart)
    await sweep()
    expect(onDisk('kept')).not.toContain(orphan)
    expect(onDisk('kept')).not.toContain('no-key')
    expect(onDisk('kept')).toContain(young)
    expect(onDisk('incoming')).toContain(youngPart)
    expect(onDisk('incoming')).not.toContain(part)
    rmSync(pathOf(young))
    rmSync(join(config.dataDir, 'files', 'incoming', youngPart))
  })

  it('removes bytes that are left of an infected file, and goes through more files than it asks for at once', async () => {
    const { id } = await upload(writer.browser, pdf())
    const key = await keyOf(id)
    await name(id)
    await setState(id, 'infected')
    utimesSync(pathOf(key), LONG_AGO, LONG_AGO)
    const many = Array.from({ length: 1200 }, () => randomUUID())
    for (const one of many) left('kept', one, LONG_AGO)
    await sweep()
    const there = new Set(onDisk('kept'))
    expect(many.filter((one) => there.has(one))).toEqual([])
    expect(there.has(key)).toBe(false)
    expect(await rowOf(id)).toHaveLength(1)
  })
})
