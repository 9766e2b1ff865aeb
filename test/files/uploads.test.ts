import { Buffer } from 'node:buffer'
import { once } from 'node:events'
import { request } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { beforeAll, describe, expect, it } from 'vitest'
import { statement } from '../../src/db.ts'
import { aCourse, aProgramme, launch, aStudent, type Launched } from '../support/builders.ts'
import { tokenOf } from '../support/token.ts'
import { docx, odt, pdf } from './documents.ts'
import { answerOf, download, FORM, headersOf, onDisk, place, port, upload } from './world.ts'

let writer: Launched
beforeAll(async () => {
  const { course } = await aProgramme()
  writer = await aStudent(course, 'mentee')
})

const MB = 1024 * 1024
const rowOf = statement<Record<string, unknown>>('test_file_row', 'select * from files where id = $1')
const fileRow = async (id: number) => (await rowOf(id))[0]

/** What is on the disk once all that is over has been tidied up. */
async function nothingIsLeft(before: readonly string[]): Promise<void> {
  const fresh = () => filesNow().filter((name) => !before.includes(name))
  await expect.poll(fresh, { timeout: 10_000 }).toEqual([])
}
const filesNow = () => [...onDisk('incoming'), ...onDisk('kept')]

describe('a form with a file', () => {
  it('keeps the file, byte for byte, and hands the fields on', async () => {
    const { browser } = writer
    const sent = pdf('All of it', { bytes: 3 * MB })
    const answer = await upload(browser, sent, {
      name: 'My report.pdf',
      fields: { title: 'Ü ber', box: 'a' },
      after: { box: 'b' },
    })
    expect([answer.status, answer.fields['title'], answer.fields['box']]).toEqual([200, 'Ü ber', ['a', 'b']])
    const { sha256, ...row } = (await fileRow(answer.id)) ?? {}
    expect(row).toMatchObject({ name: 'My report.pdf', kind: 'pdf', bytes: sent.length, state: 'unchecked' })
    expect(sha256).toBe(await sha256Of(sent))
    expect(onDisk('kept')).toContain(row['key'])
    const got = await download(browser, answer.id)
    expect(Buffer.from(await got.arrayBuffer()).equals(sent)).toBe(true)
  })

  it.each([
    ['report.docx', docx()],
    ['report.odt', odt()],
    ['REPORT.PDF', pdf()],
  ])('takes %s', async (name, file) => {
    expect(await upload(writer.browser, file, { name })).toMatchObject({
      status: 200,
      id: expect.any(Number) as number,
    })
  })

  it('may come without a file, as browsers send that, and without being multipart at all', async () => {
    expect(await upload(writer.browser, undefined, { fields: { text: 'typed' } })).toMatchObject({
      none: true,
      fields: { text: 'typed' },
    })
    expect(await upload(writer.browser, Buffer.alloc(0), { name: '' })).toMatchObject({ none: true })
    const body = new URLSearchParams({ _token: await tokenOf(writer.browser), text: 'typed' })
    const typed = await answerOf(
      await fetch(`${place}${FORM}`, { method: 'POST', body, headers: headersOf(writer.browser) }),
    )
    expect(typed).toMatchObject({ none: true, fields: { text: 'typed' } })
  })

  it('says in words what is wrong, keeps the fields around the file, and leaves nothing behind', async () => {
    const before = filesNow()
    const around = { fields: { title: 'before' }, after: { text: 'after' } }
    const both = { status: 422, fields: { title: 'before', text: 'after' } }
    const large = await upload(writer.browser, pdf('', { bytes: 10 * MB + 1000 }), around)
    expect(large).toMatchObject({ ...both, refused: expect.stringContaining('larger than 10 MB') as string })
    const huge = await upload(writer.browser, Buffer.alloc(40 * MB, 'a'), around)
    expect(huge).toMatchObject({ ...both, refused: expect.stringContaining('larger than 10 MB') as string })
    const empty = await upload(writer.browser, Buffer.alloc(0), around)
    expect(empty).toMatchObject({ ...both, refused: expect.stringContaining('empty') as string })
    const two = await upload(writer.browser, pdf(), { ...around, files: 2 })
    expect(two).toMatchObject({ ...both, refused: expect.stringContaining('one file only') as string })
    await nothingIsLeft(before)
  })

  it('takes exactly 10 MB', async () => {
    const file = pdf('', { bytes: 10 * MB })
    const whole = Buffer.concat([file, Buffer.alloc(10 * MB - file.length, ' ')])
    expect(await upload(writer.browser, whole)).toMatchObject({ status: 200 })
    expect(await upload(writer.browser, Buffer.concat([whole, Buffer.from(' ')]))).toMatchObject({ status: 422 })
  })

  it('is refused as too much with too many fields, or too much in them', async () => {
    const before = filesNow()
    const many = Object.fromEntries(Array.from({ length: 40 }, (_, at) => [`f${at}`, 'x']))
    expect((await upload(writer.browser, pdf(), { fields: many })).status).toBe(413)
    expect((await upload(writer.browser, pdf(), { fields: { a: 'a'.repeat(MB + 10) } })).status).toBe(413)
    const halves = { a: 'a'.repeat(MB / 2), b: 'b'.repeat(MB / 2 + 10) }
    expect((await upload(writer.browser, pdf(), { fields: halves })).status).toBe(413)
    await nothingIsLeft(before)
  })

  it('is nowhere to be seen when what it was for does not happen', async () => {
    const answer = await upload(writer.browser, pdf(), { name: 'not-there.pdf', fields: { fail: 'yes' } })
    expect(answer.status).toBe(409)
    const [{ count } = { count: -1 }] = await statement<{ count: number }>(
      'test_count_files_named',
      "select count(*)::int as count from files where name = 'not-there.pdf'",
    )()
    expect(count).toBe(0)
  })
})

describe('the token of a form with a file', () => {
  it('stands before the file, or nothing is written', async () => {
    const before = filesNow()
    const { browser } = writer
    const token = await tokenOf(browser)
    expect((await upload(browser, pdf(), { token: '' })).status).toBe(403)
    expect((await upload(browser, pdf(), { token: 'forged' })).status).toBe(403)
    const late = await upload(browser, pdf(), { token: '', after: { _token: token } })
    expect(late.status).toBe(403) // two tokens are none
    await nothingIsLeft(before)
  })

  it('of another person acts for nobody', async () => {
    const other = await launch(writer.person, aCourse())
    const before = filesNow()
    const answer = await upload(writer.browser, pdf(), { token: await tokenOf(other.browser) })
    expect([answer.status, answer.text]).toEqual([401, expect.stringContaining('We kept what you wrote')])
    await nothingIsLeft(before)
  })

  it('of an ended session keeps what was typed before and after the file, and not the file', async () => {
    const { course } = await aProgramme()
    const { browser } = await aStudent(course, 'mentee')
    const token = await tokenOf(browser)
    await endOf(token)
    const before = filesNow()
    const words = { fields: { text: 'Long words' }, after: { more: 'and longer ones' } }
    const answer = await upload(browser, pdf('', { bytes: MB }), { token, ...words })
    expect([answer.status, answer.text]).toEqual([401, expect.stringContaining('We kept what you wrote')])
    expect((await newestDraft(FORM))[0]?.fields).toEqual({ text: 'Long words', more: 'and longer ones' })
    expect(onDisk('incoming')).toEqual([])
    await nothingIsLeft(before)
  })

  it('is asked for at addresses that take no file, too', async () => {
    const answer = await upload(writer.browser, pdf(), { path: '/report/other' })
    expect(answer.status).toBe(403)
  })

  it('does not help a page of somebody else', async () => {
    const before = filesNow()
    const answer = await upload(writer.browser, pdf(), { headers: { 'sec-fetch-site': 'cross-site' } })
    expect(answer.status).toBe(403)
    await nothingIsLeft(before)
  })
})

const endSession = statement('test_end_session_by_id', 'update sessions set ended_at = now() where id = $1')
/** A token is the number of its session with a signature. */
const endOf = async (token: string) => endSession(Number(/\d+/.exec(token)?.[0]))
const newestDraft = statement<{ fields: object }>(
  'test_newest_draft',
  'select fields from drafts where form = $1 order by saved_at desc limit 1',
)
const sha256Of = async (bytes: Buffer) =>
  Buffer.from(await crypto.subtle.digest('SHA-256', new Uint8Array(bytes))).toString('hex')

describe('a body that is no form', () => {
  /** Sends these bytes as they are, as a form whose parts begin at --x. */
  async function raw(body: Buffer | string, type = 'multipart/form-data; boundary=x') {
    const headers = { ...headersOf(writer.browser), 'content-type': type }
    return answerOf(
      await fetch(`${place}${FORM}`, { method: 'POST', body: new Uint8Array(Buffer.from(body as string)), headers }),
    )
  }
  const tokenPart = async () =>
    `--x\r\nContent-Disposition: form-data; name="_token"\r\n\r\n${await tokenOf(writer.browser)}\r\n`
  const fileHead = '--x\r\nContent-Disposition: form-data; name="file"; filename="report.pdf"\r\n\r\n'

  it('is answered in words where it can be, and never a fault of ours', async () => {
    const before = filesNow()
    const token = await tokenPart()
    const bodies: [Buffer | string, number][] = [
      ['', 403],
      ['no part at all', 403],
      ['--x--', 403],
      ['--x\r\n\r\n\r\n--x--\r\n', 403],
      [`${token}--x--\r\n`, 200],
      [token, 422],
      [`${token}${fileHead}`, 422],
      [`${token}${fileHead}%PDF-1.4 half of i`, 422],
      [`${token}${fileHead}${pdf().toString('latin1')}`, 422],
      [`${token}${fileHead}${pdf().toString('latin1')}\r\n--x`, 422],
      [`${token}--x\r\nContent-Disposition: form-data; name="__proto__"\r\n\r\nx\r\n--x--\r\n`, 200],
      [`${token}--x\r\nContent-Disposition: form-data\r\n\r\nx\r\n--x--\r\n`, 200],
      [`${token}--x\r\n${'A: b\r\n'.repeat(5000)}\r\nx\r\n--x--\r\n`, 200],
      [Buffer.alloc(100_000, 0), 403],
    ]
    for (const [at, [body, status]] of bodies.entries()) expect([at, (await raw(body)).status]).toEqual([at, status])
    expect((await raw(`${token}--x--`, 'multipart/form-data')).status).toBe(403)
    expect((await raw(`${token}--x--`, 'multipart/form-data; boundary=')).status).toBe(403)
    expect((await raw(`${token}${fileHead}%PDF-1`)).refused).toContain('did not arrive whole')
    await nothingIsLeft(before)
  })

  /** The head of a form of 5 MB, which the test then goes on with, or not. */
  const beginForm = () =>
    request({
      ...{ port, method: 'POST', path: FORM },
      headers: {
        ...headersOf(writer.browser),
        'content-type': 'multipart/form-data; boundary=x',
        'content-length': 5 * MB,
      },
    }).on('error', () => undefined)

  it('has not a byte of its file written while its token is no good', async () => {
    const good = await tokenPart()
    for (const [token, files] of [
      [good.replace(/[^\r\n]+(?=\r\n$)/, 'forged'), 0],
      ['', 0],
      [good, 1],
    ] as const) {
      const before = filesNow()
      const sending = beginForm()
      sending.write(`${token}${fileHead}%PDF-1.4\n`)
      sending.write(Buffer.alloc(2 * MB, 'a'))
      await pause(500)
      expect(onDisk('incoming')).toHaveLength(files)
      sending.destroy()
      await nothingIsLeft(before)
    }
  })

  it('that breaks off with its connection leaves nothing, and harms nobody', async () => {
    const before = filesNow()
    for (const bytes of [10, 100_000, 3 * MB]) {
      const sending = beginForm()
      sending.write(await tokenPart())
      sending.write(fileHead + '%PDF-1.4\n')
      sending.write(Buffer.alloc(bytes, 'a'))
      await expect.poll(() => onDisk('incoming').length, { timeout: 10_000 }).toBe(1)
      sending.destroy()
      await nothingIsLeft(before)
    }
    expect(await upload(writer.browser, pdf())).toMatchObject({ status: 200 })
  })

  it('is read on only so far, when it says how long it is or not', async () => {
    const before = filesNow()
    const headers = { ...headersOf(writer.browser), 'content-type': 'multipart/form-data; boundary=x' }
    const said = request({ port, method: 'POST', path: FORM, headers: { ...headers, 'content-length': 300 * MB } })
    said.on('error', () => undefined)
    said.write(await tokenPart())
    const [answer] = (await once(said, 'response')) as [{ statusCode: number; headers: Record<string, string> }]
    expect([answer.statusCode, answer.headers['connection']]).toEqual([413, 'close'])
    said.destroy()
    const unsaid = request({ port, method: 'POST', path: FORM, headers })
    unsaid.on('error', () => undefined)
    unsaid.write(await tokenPart())
    unsaid.write(fileHead + '%PDF-1.4\n')
    const answered = once(unsaid, 'response') as Promise<[{ statusCode: number }]>
    const chunk = Buffer.alloc(MB, 'a')
    for (let sent = 0; sent < 210 && !unsaid.destroyed; sent++)
      if (!unsaid.write(chunk)) await Promise.race([once(unsaid, 'drain'), answered, pause(5000)])
    expect((await answered)[0].statusCode).toBe(413)
    unsaid.destroy()
    await nothingIsLeft(before)
  })
})
