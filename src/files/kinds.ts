import { open } from 'node:fs/promises'
import { fileTypeFromFile } from 'file-type'
import type { TextKey } from '../web/i18n.ts'
import { faultOfArchive } from './archive.ts'
import type { Kind } from './names.ts'

export const MIME: Record<Kind, string> = {
  pdf: 'application/pdf',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  odt: 'application/vnd.oasis.opendocument.text',
}

/**
 * Why a file is not what its name promises, or not safe to hand on: decided by what is in it (T8). Undefined when it is as
 * it should be. Reads parts of it, and unpacks nothing to keep.
 */
export async function faultOf(path: string, kind: Kind): Promise<TextKey | undefined> {
  const look = await lookAt(path)
  if (look.bytes === 0) return 'files.empty'
  const fault = faultOfStart(look.start, kind) ?? (await faultInside(path, kind, look))
  if (fault) return fault
  return (await fileTypeFromFile(path))?.mime === MIME[kind] ? undefined : 'files.mismatch'
}

type Look = { start: Buffer; end: Buffer; bytes: number }
const START = 1024
const END = 66_000 // an archive's last record, with the longest comment, is 65,557 bytes

async function lookAt(path: string): Promise<Look> {
  const file = await open(path)
  try {
    const bytes = (await file.stat()).size
    const read = async (length: number, at: number) =>
      (await file.read(Buffer.alloc(length), 0, length, at)).buffer.subarray(0, Math.min(length, bytes - at))
    const [start, end] = [
      await read(Math.min(START, bytes), 0),
      await read(Math.min(END, bytes), Math.max(0, bytes - END)),
    ]
    return { start, end, bytes }
  } finally {
    await file.close()
  }
}

const OLD_OFFICE = Buffer.from('d0cf11e0a1b11ae1', 'hex') // also the wrapping of new ones that have a password
const STARTS: Record<Kind, string> = { pdf: '%PDF-', docx: 'PK\u0003\u0004', odt: 'PK\u0003\u0004' }

function faultOfStart(start: Buffer, kind: Kind): TextKey | undefined {
  if (start.subarray(0, 8).equals(OLD_OFFICE)) return 'files.old'
  return start.toString('latin1').startsWith(STARTS[kind]) ? undefined : 'files.mismatch'
}

async function faultInside(path: string, kind: Kind, look: Look): Promise<TextKey | undefined> {
  return kind === 'pdf' ? (faultOfPdf(look) ?? (await faultOfLock(path))) : faultOfArchive(path, kind)
}

/** A PDF that other programs would take for a web page, a script or an archive (GIFAR), or that has no end. */
function faultOfPdf({ start, end }: Look): TextKey | undefined {
  if (/<(html|script|svg|!doctype|\?php)/i.test(start.toString('latin1'))) return 'files.mixed'
  if (end.includes('PK\u0005\u0006', 0, 'latin1')) return 'files.mixed'
  return end.includes('%%EOF', 0, 'latin1') ? undefined : 'files.broken'
}

const LOCK = /\/Encrypt[\s\0]*(\d+[\s\0]+\d+[\s\0]+R|<<)/
const OVERLAP = 100 // more than such a reference is long

/** A PDF names its lock in the clear, wherever it stands. */
async function faultOfLock(path: string): Promise<TextKey | undefined> {
  const file = await open(path)
  let before = ''
  for await (const chunk of file.createReadStream({ encoding: 'latin1' })) {
    const text = before + (chunk as string)
    if (LOCK.test(text)) return 'files.locked'
    before = text.slice(-OVERLAP)
  }
  return undefined
}
