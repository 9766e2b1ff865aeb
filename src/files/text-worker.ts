/**
 * A thread of its own that reads the words of one file and ends: what it takes of memory and time is limited from outside
 * (text.ts), since a file may be made to take all there is. It knows no settings, no database and no other file.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { Parser } from 'htmlparser2'
import { getDocumentProxy } from 'unpdf'
import yauzl, { type ZipFile } from 'yauzl'
import type { Kind } from './names.ts'

export type Task = { bytes: Uint8Array; kind: Kind; most: number }
const { bytes, kind, most } = workerData as Task

/** Which parts of a document hold what people read, headers and notes too. */
const PARTS = {
  docx: /^word\/(document\d*|header\d*|footer\d*|footnotes|endnotes|comments)\.xml$/,
  odt: /^(content|styles)\.xml$/,
}
/** Elements with words in them, those that end a line, and those that stand for a gap: by name, without the prefix. */
const ELEMENTS = {
  docx: { words: ['t'], lines: ['p', 'br', 'cr'], gaps: ['tab'] },
  odt: { words: ['p', 'h'], lines: ['p', 'h', 'line-break'], gaps: ['s', 'tab'] },
}

async function wordsOfArchive(of: 'docx' | 'odt'): Promise<string> {
  const archive = await yauzl.fromBufferPromise(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), {
    lazyEntries: true,
  })
  let text = ''
  for await (const entry of archive.eachEntry())
    if (PARTS[of].test(entry.fileName) && text.length < most) text += await wordsOfPart(archive, entry, of)
  return text
}

async function wordsOfPart(archive: ZipFile, entry: yauzl.Entry, of: 'docx' | 'odt'): Promise<string> {
  const { words, lines, gaps } = ELEMENTS[of]
  let text = ''
  let depth = 0
  const parser = new Parser(
    {
      onopentagname(name) {
        const local = name.slice(name.indexOf(':') + 1)
        if (words.includes(local)) depth += 1
        if (gaps.includes(local)) text += ' '
      },
      ontext(data) {
        if (depth > 0) text += data
      },
      onclosetag(name) {
        const local = name.slice(name.indexOf(':') + 1)
        if (words.includes(local)) depth -= 1
        if (lines.includes(local)) text += '\n'
      },
    },
    { xmlMode: true, decodeEntities: true },
  )
  const decoder = new TextDecoder()
  for await (const chunk of await archive.openReadStreamPromise(entry)) {
    parser.write(decoder.decode(chunk as Buffer, { stream: true }))
    if (text.length >= most) break
  }
  return text
}

/** What we use of it: the types that the package ships with are those of a newer way to import. */
type Pdf = {
  numPages: number
  getPage: (
    number: number,
  ) => Promise<{ getTextContent: () => Promise<{ items: ({ str: string; hasEOL: boolean } | object)[] }> }>
}
const openPdf = getDocumentProxy as unknown as (bytes: Uint8Array) => Promise<Pdf>

async function wordsOfPdf(): Promise<string> {
  const pdf = await openPdf(bytes)
  let text = ''
  for (let page = 1; page <= pdf.numPages && text.length < most; page++) {
    const { items } = await (await pdf.getPage(page)).getTextContent()
    for (const item of items) if ('str' in item) text += item.hasEOL ? `${item.str}\n` : item.str
    text += '\n'
  }
  return text
}

parentPort?.postMessage('reading')
const text = kind === 'pdf' ? await wordsOfPdf() : await wordsOfArchive(kind)
parentPort?.postMessage({ text: text.slice(0, most) })
