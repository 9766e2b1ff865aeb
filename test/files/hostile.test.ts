/** Every file that somebody might send to do harm (T8: polyglots, names, bombs), and what becomes of it. */
import { randomBytes } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { statement } from '../../src/db.ts'
import { tidyName } from '../../src/files/names.ts'
import { aProgramme, aStudent, type Launched } from '../support/builders.ts'
import { docx, docxEntries, odt, odtEntries, pdf } from './documents.ts'
import { download, onDisk, upload } from './world.ts'
import { zip } from './zips.ts'

const MB = 1024 * 1024
const GIF =
  'GIF89a\u0001\u0000\u0001\u0000\u0080\u0000\u0000\u0000\u0000\u0000\u0000\u0000\u0000!\u00f9\u0004\u0001\u0000\u0000\u0000\u0000,\u0000\u0000\u0000\u0000\u0001\u0000\u0001\u0000\u0000\u0002\u0002D\u0001\u0000;'
const jar = () => zip([{ name: 'META-INF/MANIFEST.MF', data: 'Main-Class: Evil' }])
const png = () => Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), Buffer.alloc(100)])
const oldOffice = () => Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(2000)])
const html = '<!doctype html><script>alert(1)</script>'
const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
const MACRO_WORD = 'application/vnd.ms-word.document.macroEnabled.main+xml'
const picture = { name: 'word/media/image1.png', data: png() }

const SHARED = grows(MB)

type Case = [what: string, name: string, file: () => Buffer, refused: string]
const WRONG_KIND = 'Choose a PDF'
const MISMATCH = 'does not fit its name'
const PROGRAM = 'ending of a program'
const MACROS = 'small programs (macros)'
const LOCKED = 'protected by a password'
const OLD = 'old Word file'
const ARCHIVE = 'could not check everything'
const MIXED = 'more than a document'

const cases: Case[] = [
  // What is not a document at all, under its own name and under another.
  ['a web page', 'report.html', () => Buffer.from(html), WRONG_KIND],
  ['a web page named PDF', 'report.pdf', () => Buffer.from(html), MISMATCH],
  ['a picture that is a script', 'report.svg', () => Buffer.from(svg), WRONG_KIND],
  ['a picture that is a script, named PDF', 'report.pdf', () => Buffer.from(svg), MISMATCH],
  ['a script', 'report.js', () => Buffer.from('alert(1)'), WRONG_KIND],
  ['a script named Word', 'report.docx', () => Buffer.from('alert(1)'), MISMATCH],
  ['a picture', 'report.png', png, WRONG_KIND],
  ['a picture named PDF', 'report.pdf', png, MISMATCH],
  ['a picture with a web page in it', 'report.pdf', () => Buffer.concat([png(), Buffer.from(html)]), MISMATCH],
  ['a program', 'report.exe', () => Buffer.from('MZ'), WRONG_KIND],
  ['a plain text', 'report.txt', () => Buffer.from('Hello'), WRONG_KIND],
  ['a name without an ending', 'report', pdf, WRONG_KIND],
  ['a name that is only an ending of sorts', 'pdf', pdf, WRONG_KIND],
  ['zeros named PDF', 'report.pdf', () => Buffer.alloc(1000), MISMATCH],
  ['noise named Word', 'report.docx', () => randomBytes(5000), MISMATCH],
  // Two kinds in one file.
  [
    'GIFAR: a picture and an archive of Java',
    'report.pdf',
    () => Buffer.concat([Buffer.from(GIF, 'latin1'), jar()]),
    MISMATCH,
  ],
  ['GIFAR named Word', 'report.docx', () => Buffer.concat([Buffer.from(GIF, 'latin1'), jar()]), MISMATCH],
  ['a PDF and an archive of Java', 'report.pdf', () => Buffer.concat([pdf(), jar()]), MIXED],
  ['a PDF and a Word document', 'report.pdf', () => Buffer.concat([pdf(), docx()]), MIXED],
  ['the same, named Word', 'report.docx', () => Buffer.concat([pdf(), docx()]), MISMATCH],
  ['a PDF that begins late', 'report.pdf', () => Buffer.concat([Buffer.from('\n'), pdf()]), MISMATCH],
  ['a PDF that is a web page', 'report.pdf', () => pdf('x', { start: `%PDF-1.4\n%${html}\n` }), MIXED],
  [
    'a PDF that is a script of PHP',
    'report.pdf',
    () => pdf('x', { start: '%PDF-1.4\n%<?php system($_GET[0]);?>\n' }),
    MIXED,
  ],
  [
    'a Word document behind something else',
    'report.docx',
    () => zip(docxEntries(), { before: 'PK\u0003\u0004<script>' }),
    MIXED,
  ],
  ['a Word document with a comment', 'report.docx', () => zip(docxEntries(), { comment: html }), MIXED],
  // Names and contents that do not go together.
  ['a PDF named Word', 'report.docx', pdf, MISMATCH],
  ['a Word document named PDF', 'report.pdf', docx, MISMATCH],
  ['an OpenDocument text named Word', 'report.docx', odt, MISMATCH],
  ['a Word document named OpenDocument', 'report.odt', docx, MISMATCH],
  ['an archive named Word', 'report.docx', jar, MISMATCH],
  ['an archive named OpenDocument', 'report.odt', jar, MISMATCH],
  [
    'a sheet named Word',
    'report.docx',
    () =>
      zip([
        {
          name: '[Content_Types].xml',
          data: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml',
        },
        { name: 'word/document.xml', data: '' },
      ]),
    MISMATCH,
  ],
  [
    'an OpenDocument sheet',
    'report.odt',
    () =>
      zip([
        { name: 'mimetype', data: 'application/vnd.oasis.opendocument.spreadsheet', stored: true },
        ...odtEntries().slice(1),
      ]),
    MISMATCH,
  ],
  ['a script of PHP in between', 'report.php.pdf', pdf, PROGRAM],
  ['a web page in between', 'report.HTML.docx', docx, PROGRAM],
  ['two endings, the last a program', 'report.pdf.exe', pdf, WRONG_KIND],
  // Small programs, and locks.
  ['a Word document with macros', 'report.docm', docx, MACROS],
  ['the same, named without', 'report.docx', () => zip(docxEntries('x', { main: MACRO_WORD })), MACROS],
  [
    'a Word document with a macro in it',
    'report.docx',
    () => docx('x', [{ name: 'word/vbaProject.bin', data: 'x' }]),
    MACROS,
  ],
  ['one in another place', 'report.docx', () => docx('x', [{ name: 'customXml/VBAPROJECT.BIN', data: 'x' }]), MACROS],
  ['an ActiveX control', 'report.docx', () => docx('x', [{ name: 'word/activeX/activeX1.bin', data: 'x' }]), MACROS],
  [
    'an OpenDocument text with macros',
    'report.odt',
    () => odt('x', [{ name: 'Basic/Standard/Module1.xml', data: 'x' }]),
    MACROS,
  ],
  [
    'an OpenDocument text with scripts',
    'report.odt',
    () => odt('x', [{ name: 'Scripts/python/a.py', data: 'x' }]),
    MACROS,
  ],
  ['an old Word file', 'report.doc', oldOffice, OLD],
  ['a Word document with a password', 'report.docx', oldOffice, OLD],
  ['a locked entry', 'report.docx', () => docx('x', [{ name: 'word/a.xml', data: 'x', encrypted: true }]), LOCKED],
  [
    'an OpenDocument text with a password',
    'report.odt',
    () => zip(odtEntries('x', { manifest: '<manifest:encryption-data/>' })),
    LOCKED,
  ],
  ['a PDF with a password', 'report.pdf', () => pdf('x', { extra: '/Encrypt 6 0 R ' }), LOCKED],
  ['the same, far into the file', 'report.pdf', () => pdf('x', { bytes: 3 * MB, extra: '/Encrypt\n6 0 R ' }), LOCKED],
  // Archives that do harm when they are unpacked.
  ['a name with a path out', 'report.docx', () => docx('x', [{ name: '../../evil.xml', data: 'x' }]), ARCHIVE],
  ['a name from the root', 'report.docx', () => docx('x', [{ name: '/etc/evil.xml', data: 'x' }]), ARCHIVE],
  ['a name of Windows', 'report.odt', () => odt('x', [{ name: 'a\\..\\..\\evil.xml', data: 'x' }]), ARCHIVE],
  ['a name with a drive', 'report.odt', () => odt('x', [{ name: 'C:/evil.xml', data: 'x' }]), ARCHIVE],
  [
    'a bomb: one entry that grows a thousand times',
    'report.docx',
    () => docx('x', [{ name: 'word/a.xml', data: Buffer.alloc(50 * MB) }]),
    ARCHIVE,
  ],
  [
    'a bomb beside a picture, which makes the whole look honest',
    'report.docx',
    () =>
      docx('x', [
        { name: 'word/media/a.png', data: randomBytes(MB) },
        { name: 'word/a.xml', data: Buffer.alloc(50 * MB) },
      ]),
    ARCHIVE,
  ],
  [
    'a bomb: more than 100 MB',
    'report.docx',
    () =>
      docx(
        'x',
        Array.from({ length: 12 }, (_, at) => ({ name: `word/${at}.xml`, data: grows(10 * MB) })),
      ),
    ARCHIVE,
  ],
  ['42.zip: archives in it', 'report.docx', () => docx('x', [{ name: 'word/lib0.zip', data: jar() }]), ARCHIVE],
  ['a program in it', 'report.odt', () => odt('x', [{ name: 'Object 1/setup.exe', data: 'MZ' }]), ARCHIVE],
  [
    'a bomb of 60,000 entries',
    'report.docx',
    () =>
      docx(
        'x',
        Array.from({ length: 60_000 }, (_, at) => ({ name: `w/${at}`, data: '', stored: true })),
      ),
    ARCHIVE,
  ],
  [
    'entries that share their bytes',
    'report.docx',
    () =>
      docx(
        'x',
        Array.from({ length: 4 }, (_, at) => ({
          name: `word/${at}.xml`,
          data: SHARED,
          ...(at > 0 && { sameAs: 3 }),
        })),
      ),
    ARCHIVE,
  ],
  [
    'two entries of one name',
    'report.docx',
    () => docx('x', [{ name: 'word/document.xml', data: 'another' }]),
    ARCHIVE,
  ],
  [
    'a size that is a lie',
    'report.docx',
    () => docx('x', [{ name: 'word/a.xml', data: Buffer.alloc(30 * MB), size: 1000 }]),
    ARCHIVE,
  ],
  [
    'a size that is a lie the other way',
    'report.odt',
    () => odt('x', [{ name: 'a.xml', data: 'x', size: 90 * 1000 }]),
    ARCHIVE,
  ],
  ['an archive that breaks off', 'report.docx', () => docx().subarray(0, -30), ARCHIVE],
  [
    'an archive whose list is not there',
    'report.docx',
    () => Buffer.concat([Buffer.from('PK\u0003\u0004'), randomBytes(3000)]),
    ARCHIVE,
  ],
  ['a PDF that breaks off', 'report.pdf', () => pdf().subarray(0, -40), 'did not arrive whole'],
]

/** Shrinks some twenty times: less than what is refused by itself. */
function grows(bytes: number): Buffer {
  const block = () => Buffer.concat([randomBytes(1024), Buffer.alloc(20 * 1024)])
  return Buffer.concat(Array.from({ length: Math.ceil(bytes / (21 * 1024)) }, block))
}

let writer: Launched
beforeAll(async () => {
  const { course } = await aProgramme()
  writer = await aStudent(course, 'mentee')
})
const filesNow = () => [...onDisk('incoming'), ...onDisk('kept')]

describe('a file that is no honest document', () => {
  it.each(cases)('%s (%s) is refused, with the reason', async (_what, name, file, reason) => {
    const before = filesNow()
    const answer = await upload(writer.browser, file(), { name })
    expect([answer.status, answer.refused]).toEqual([422, expect.stringContaining(reason)])
    const fresh = () => filesNow().filter((one) => !before.includes(one))
    await expect.poll(fresh, { timeout: 10_000 }).toEqual([])
  })
})

describe('an honest document', () => {
  const honest: [string, string, () => Buffer][] = [
    ['a PDF', 'report.pdf', pdf],
    ['a PDF whose last line goes on', 'report.pdf', () => pdf('x', { end: '\r\n\r\n' })],
    ['a PDF about encryption', 'report.pdf', () => pdf('about /Encrypt and such')],
    ['a Word document', 'report.docx', docx],
    ['one with pictures', 'report.docx', () => docx('x', [picture])],
    [
      'one with a table behind its chart',
      'report.docx',
      () => docx('x', [{ name: 'word/embeddings/Sheet1.xlsx', data: jar() }]),
    ],
    [
      'one with a large white picture',
      'report.docx',
      () => docx('x', [{ name: 'word/media/a.emf', data: Buffer.alloc(900_000) }]),
    ],
    [
      'one as Word on the web names it',
      'report.docx',
      () => zip(docxEntries().map((one) => ({ ...one, name: one.name.replace('document.xml', 'document2.xml') }))),
    ],
    ['one with a folder in it', 'report.docx', () => docx('x', [{ name: 'word/media/', data: '', stored: true }])],
    ['an OpenDocument text', 'report.odt', odt],
  ]
  it.each(honest)('%s (%s) is taken', async (_what, name, file) => {
    const answer = await upload(writer.browser, file(), { name })
    expect([answer.status, answer.refused]).toEqual([200, undefined])
  })
})

const nameOf = statement<{ name: string }>('test_file_name', 'select name from files where id = $1')

describe('the name of a file', () => {
  const names: [string, string][] = [
    ['../../../etc/passwd.pdf', 'passwd.pdf'],
    ['C:\\Users\\me\\report.pdf', 'report.pdf'],
    ['a\r\nSet-Cookie: b=c.pdf', 'aSet-Cookie: b=c.pdf'],
    ['report\u202Efdp.pdf', 'reportfdp.pdf'],
    ['\u2066\u200Freport\u2069.pdf', 'report.pdf'],
    ['re\u0000po\u0007rt\u007F.pdf', 'report.pdf'],
    ['Cafe\u0301.pdf', 'Caf\u00e9.pdf'],
    ['  my   report\u2028 .pdf', 'my report .pdf'],
    ['.pdf', 'file.pdf'],
    [`${'a'.repeat(300)}.pdf`, `${'a'.repeat(146)}.pdf`],
    [`${'😀'.repeat(100)}.pdf`, `${'😀'.repeat(73)}.pdf`],
    ['ends in half \ud83d.pdf', 'ends in half .pdf'],
    [`report.${'p'.repeat(200)}`, `report.${'p'.repeat(19)}`],
    ['', ''],
  ]
  it.each(names)('%j is kept as %j', (sentName, kept) => {
    expect(tidyName(sentName)).toBe(kept)
  })

  it('with bidi characters says what it ends in, and is refused when that is a program', async () => {
    const answer = await upload(writer.browser, pdf(), { name: 'report\u202Efdp.exe' })
    expect([answer.status, answer.refused]).toEqual([422, expect.stringContaining(WRONG_KIND)])
  })

  it.each([
    ['a\r\nX-Evil: yes.pdf', 'a%0D%0AX-Evil: yes.pdf'], // browsers write line ends like this
    ['rtl\u202Efdp.pdf', 'rtlfdp.pdf'],
    ['“quoted” "name"; x=y.pdf', '“quoted” %22name%22; x=y.pdf'],
    ['Ünïcödé 報告.pdf', 'Ünïcödé 報告.pdf'],
  ])('%j goes out again as %j, in one header and nowhere else', async (sentName, kept) => {
    const { id } = await upload(writer.browser, pdf(), { name: sentName })
    expect((await nameOf(id))[0]?.name).toBe(kept)
    const { headers } = await download(writer.browser, id)
    const disposition = headers.get('content-disposition') ?? ''
    const plain = /filename="?((?:[^"\\]|\\.)*)/.exec(disposition)?.[1]?.replaceAll(/\\(.)/g, '$1')
    const coded = /filename\*=UTF-8''([^;]+)/.exec(disposition)?.[1]
    expect(disposition).toMatch(/^attachment; /)
    expect(coded === undefined ? plain : decodeURIComponent(coded)).toBe(kept)
    expect(headers.get('x-evil')).toBe(null)
  })
})
