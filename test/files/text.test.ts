import { randomUUID } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { createDeflate, deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { config } from '../../config/index.ts'
import { textOf } from '../../src/files/index.ts'
import { docx, docxEntries, odt, odtEntries, pdf } from './documents.ts'
import { zip } from './zips.ts'

type Kind = Parameters<typeof textOf>[0]['kind']

/** Puts a file where kept ones are, past everything that looks into files, and reads it. */
async function read(kind: Kind, file: Buffer): Promise<string | undefined> {
  const key = randomUUID()
  const folder = join(config.dataDir, 'files', 'kept')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, key), file)
  return textOf({ key, kind })
}

const MB = 1024 * 1024
const W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
const paragraph = (words: string) => `<w:p><w:r><w:t>${words}</w:t></w:r></w:p>`
const wordPart = (name: string, words: string) => ({ name, data: `<w:hdr ${W}>${paragraph(words)}</w:hdr>` })
const odtStyles = {
  name: 'styles.xml',
  data: '<office:document-styles><style:header><text:p>Sam in the header</text:p></style:header></office:document-styles>',
}

describe('the words of a file', () => {
  it('are read from a PDF, a Word document and an OpenDocument text', async () => {
    expect(await read('pdf', pdf('My mentor Sam helped'))).toContain('My mentor Sam helped')
    expect(await read('docx', docx('My mentor S&#225;m &amp; I'))).toBe('My mentor Sám & I\n')
    expect(await read('odt', odt('My mentor <text:span>Sam</text:span><text:s/>helped'))).toBe('My mentor Sam helped\n')
  })

  it('are read in headers, footers, notes and comments too, and not in what was crossed out', async () => {
    const parts = ['header1', 'footer2', 'footnotes', 'endnotes', 'comments'].map((part) =>
      wordPart(`word/${part}.xml`, `Sam in ${part}`),
    )
    const crossed = wordPart('word/header9.xml', 'here</w:t><w:delText>Sam crossed out</w:delText><w:t>')
    const text = await read('docx', docx('Body', [...parts, crossed, wordPart('word/settings.xml', 'no words')]))
    for (const part of ['header1', 'footer2', 'footnotes', 'endnotes', 'comments'])
      expect(text).toContain(`Sam in ${part}\n`)
    expect(text).not.toMatch(/crossed out|no words/)
    expect(await read('odt', odt('Body', [odtStyles]))).toContain('Sam in the header')
  })

  it('are 200,000 characters at most', async () => {
    expect(await read('docx', docx('Sam '.repeat(100_000)))).toHaveLength(200_000)
  })
})

/** A PDF whose one page is drawn by a stream that unpacks, once or twice, to so many bytes. */
async function pdfBomb(bytes: number, filters = 1): Promise<Buffer> {
  const blanks = Buffer.alloc(MB, ' ')
  const plain = Readable.from(Array.from({ length: bytes / MB }, () => blanks))
  const once = await buffer(plain.pipe(createDeflate()))
  const stream = filters === 1 ? once : deflateSync(once)
  const names = Array.from({ length: filters }, () => '/FlateDecode').join(' ')
  const head =
    '%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n' +
    '3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>\nendobj\n' +
    `4 0 obj\n<< /Length ${stream.length} /Filter [${names}] >>\nstream\n`
  return Buffer.concat([
    Buffer.from(head, 'latin1'),
    stream,
    Buffer.from('\nendstream\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n', 'latin1'),
  ])
}

describe('a file whose words cannot be read', () => {
  const entities = `<!DOCTYPE a [<!ENTITY a "${'Sam '.repeat(1000)}"><!ENTITY b "${'&a;'.repeat(1000)}"><!ENTITY c "${'&b;'.repeat(1000)}">]>`
  const broken: [string, Kind, () => Buffer][] = [
    ['nothing', 'pdf', () => Buffer.alloc(0)],
    ['noise', 'pdf', () => Buffer.from('%PDF-1.4 and then nothing')],
    ['zeros', 'docx', () => Buffer.alloc(5000)],
    ['half a Word document', 'docx', () => docx().subarray(0, 200)],
    ['half an OpenDocument text', 'odt', () => odt().subarray(0, -20)],
    ['a PDF under another name', 'docx', () => pdf()],
    ['an archive under another name', 'pdf', () => docx()],
    [
      'a PDF with a password',
      'pdf',
      () => pdf('x', { extra: '/Encrypt << /Filter /Standard /V 1 /R 2 /O () /U () /P -1 >> ' }),
    ],
    ['a PDF without words', 'pdf', () => pdf('')],
    [
      'a lie about a size',
      'docx',
      () => zip([...docxEntries().slice(0, 2), { name: 'word/document.xml', data: Buffer.alloc(9 * MB), size: 100 }]),
    ],
    [
      'a page that is its own parent',
      'pdf',
      () => Buffer.from(pdf().toString('latin1').replace('/Kids [3 0 R]', '/Kids [2 0 R]'), 'latin1'),
    ],
  ]
  it.each(broken)('%s (%s) has none, and is no fault of ours', async (_what, kind, file) => {
    expect(await read(kind, file())).toBe(undefined)
  })

  it('entities that grow are not opened', async () => {
    const [types, rels] = docxEntries()
    const part = { name: 'word/document.xml', data: `${entities}<w:document ${W}>${paragraph('&c; end')}</w:document>` }
    expect((await read('docx', zip([types, rels, part].flatMap((one) => one ?? []))))?.length ?? 0).toBeLessThan(5000)
  })

  it('bombs take five seconds and a bounded memory at most, and nobody else waits meanwhile', async () => {
    const deep = `<w:document ${W}>${'<w:p>'.repeat(3_000_000)}`
    const bombs: [Kind, Buffer][] = [
      ['pdf', await pdfBomb(900 * MB)],
      ['pdf', await pdfBomb(900 * MB, 2)],
      ['docx', zip([...docxEntries().slice(0, 2), { name: 'word/document.xml', data: deep }])],
      ['odt', zip([...odtEntries().slice(0, 1), { name: 'content.xml', data: `<text:p>${' '.repeat(90 * MB)}` }])],
    ]
    let before = 0
    let most = 0
    let longest = 0
    let last = performance.now()
    const looking = setInterval(() => {
      most = Math.max(most, process.memoryUsage.rss() - before)
      longest = Math.max(longest, performance.now() - last)
      last = performance.now()
    }, 20)
    before = process.memoryUsage.rss()
    most = 0
    last = performance.now()
    longest = 0
    for (const [kind, file] of bombs) {
      const from = performance.now()
      before = process.memoryUsage.rss()
      expect((await read(kind, file))?.trim() ?? '').toBe('')
      expect(performance.now() - from).toBeLessThan(20_000)
    }
    clearInterval(looking)
    expect(most).toBeLessThan(800 * MB) // unguarded, 1,600
    expect(longest).toBeLessThan(2000)
    expect(await read('docx', docx('Sam'))).toBe('Sam\n')
  })

  it('is given up on when many wait', async () => {
    const all = await Promise.all(Array.from({ length: 12 }, () => read('docx', docx('Sam'))))
    expect(all.filter((text) => text === 'Sam\n').length).toBe(8)
    expect(await read('docx', docx('Sam'))).toBe('Sam\n')
  })
})
