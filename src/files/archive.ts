import type { Readable } from 'node:stream'
import yauzl, { type Entry, type ZipFile } from 'yauzl'
import type { TextKey } from '../web/i18n.ts'

/**
 * Documents of Word and OpenDocument are archives. What may stand in one: far more than a report with a hundred pictures
 * needs, and far less than what stops a program that unpacks it (T8).
 */
const MOST_ENTRIES = 5000
const MOST_BYTES = 100 * 1024 * 1024
const MOST_TIMES = 100
const SMALL = 1024 * 1024 // a page of blanks shrinks a thousand times, and harms nobody

/** Parts that say what the others are; each is small in any honest document. */
const TELLING = new Set(['[Content_Types].xml', 'META-INF/manifest.xml', 'mimetype'])
const MOST_TELLING = 1024 * 1024

const MACROS = /(^|\/)(vbaProject|vbaData|activeX)|^(Basic|Scripts)\//i
/** No document needs these in it. A sheet or an object behind a chart or a formula is fine. */
const STRANGERS = /\.(zip|jar|7z|rar|gz|tar|tgz|bz2|xz|iso|exe|dll|scr|bat|cmd|com|msi|js|vbs|ps1|hta|lnk|docm|xlsm)$/i

/** Why an archive is not the document it should be, or not safe to open; undefined when it is. Nothing is kept unpacked. */
export async function faultOfArchive(path: string, kind: 'docx' | 'odt'): Promise<TextKey | undefined> {
  let archive: ZipFile | undefined
  try {
    archive = await yauzl.openPromise(path, { lazyEntries: true, autoClose: false, strictFileNames: true })
    if (archive.comment !== '') return 'files.mixed'
    const entries = archive.entryCount > MOST_ENTRIES ? undefined : await entriesOf(archive)
    if (!entries) return 'files.archive'
    return faultOfEntries(entries) ?? (await faultOfContent(archive, entries, kind))
  } catch {
    return 'files.archive' // it is broken, or lies about itself: a name with a path, a size that is not so
  } finally {
    archive?.close()
  }
}

/** The list at the end of the archive, up to where it becomes absurd. */
async function entriesOf(archive: ZipFile): Promise<Entry[] | undefined> {
  const entries: Entry[] = []
  let total = 0
  for await (const entry of archive.eachEntry()) {
    total += entry.uncompressedSize
    if (total > MOST_BYTES || isBomb(entry)) return undefined
    entries.push(entry)
  }
  return total > SMALL && total > MOST_TIMES * archive.fileSize ? undefined : entries
}

const isBomb = ({ uncompressedSize, compressedSize }: Entry) =>
  uncompressedSize > SMALL && uncompressedSize > MOST_TIMES * compressedSize

function faultOfEntries(entries: readonly Entry[]): TextKey | undefined {
  if (entries.some((entry) => entry.isEncrypted())) return 'files.locked'
  if (entries.some(({ fileName }) => MACROS.test(fileName))) return 'files.macros'
  if (entries.some(({ fileName }) => STRANGERS.test(fileName))) return 'files.archive'
  if (new Set(entries.map(({ fileName }) => fileName)).size < entries.length) return 'files.archive'
  return faultOfPlaces(entries)
}

const LOCAL_HEADER = 30

/** Entries that begin behind something else, or that share bytes: a bomb, or another file around this one. */
function faultOfPlaces(entries: readonly Entry[]): TextKey | undefined {
  const sorted = entries.toSorted((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader)
  if (sorted[0]?.relativeOffsetOfLocalHeader !== 0) return 'files.mixed'
  let end = 0
  for (const { relativeOffsetOfLocalHeader: at, compressedSize, fileNameLength } of sorted) {
    if (at < end) return 'files.archive'
    end = at + LOCAL_HEADER + fileNameLength + compressedSize
  }
  return undefined
}

async function faultOfContent(
  archive: ZipFile,
  entries: readonly Entry[],
  kind: 'docx' | 'odt',
): Promise<TextKey | undefined> {
  const telling = new Map<string, string>()
  for (const entry of entries) {
    const stream = await archive.openReadStreamPromise(entry)
    const text = await readThrough(stream, TELLING.has(entry.fileName))
    if (text !== undefined) telling.set(entry.fileName, text)
  }
  return kind === 'docx' ? faultOfDocx(entries, telling) : faultOfOdt(entries, telling)
}

/** Reads an entry to its end, since its size in the list may be a lie (yauzl throws then). Its text, where that is wanted. */
async function readThrough(stream: Readable, isWanted: boolean): Promise<string | undefined> {
  const parts: Buffer[] = []
  let bytes = 0
  for await (const chunk of stream) {
    bytes += (chunk as Buffer).length
    if (isWanted && bytes <= MOST_TELLING) parts.push(chunk as Buffer)
  }
  return isWanted ? Buffer.concat(parts).toString('utf8') : undefined
}

function faultOfDocx(entries: readonly Entry[], telling: ReadonlyMap<string, string>): TextKey | undefined {
  const types = telling.get('[Content_Types].xml') ?? ''
  if (/vbaProject|macroEnabled/i.test(types)) return 'files.macros'
  const isWord = types.includes('wordprocessingml.document.main+xml')
  return isWord && entries.some(({ fileName }) => /^word\/document\d*\.xml$/.test(fileName))
    ? undefined
    : 'files.mismatch'
}

function faultOfOdt(entries: readonly Entry[], telling: ReadonlyMap<string, string>): TextKey | undefined {
  if (/encryption-data/.test(telling.get('META-INF/manifest.xml') ?? '')) return 'files.locked'
  const isText = entries[0]?.fileName === 'mimetype' && telling.get('mimetype') === ODT
  return isText && entries.some(({ fileName }) => fileName === 'content.xml') ? undefined : 'files.mismatch'
}
const ODT = 'application/vnd.oasis.opendocument.text'
