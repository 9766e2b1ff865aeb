import { randomUUID } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { TextKey } from '../web/i18n.ts'
import { log } from '../web/log.ts'
import { faultOf } from './kinds.ts'
import { kindByName, tidyName, type Kind } from './names.ts'
import { dropPart, receivePart, store, type Part } from './store.ts'

/** 10 MB, as people count. */
export const MOST_BYTES = 10 * 1024 * 1024

/** A file that has arrived and is what it says. Nobody can see it until keepFile() has named it in a row. */
export type Upload = Readonly<{
  key: string
  /** As tidyName() leaves it. */
  name: string
  kind: Kind
  bytes: number
  /** In hexadecimal. */
  sha256: string
}>
export type Refused = { refused: TextKey }

/** Ends at MOST_BYTES, and says so: what a parser of forms hands us. */
export type Arriving = Readable & { truncated?: boolean }

/**
 * Writes a file to the store as it comes, and looks into it (T8). A refused one is gone again. Reads `from` to its end
 * whatever happens; what is wrong with the disk is logged, and said to the person as a reason.
 */
export async function receiveFile(from: Arriving, sentName: string): Promise<Upload | Refused> {
  const name = tidyName(sentName)
  const promised = kindByName(name)
  if ('refused' in promised) {
    from.resume()
    return promised
  }
  try {
    const part = await receivePart(from)
    if (!part) return { refused: 'files.broken' }
    const refused = from.truncated ? 'files.large' : await faultOf(part.path, promised.kind)
    if (refused) await dropPart(part)
    return refused ? { refused } : await putAway(part, { name, kind: promised.kind })
  } catch (error) {
    log.error({ err: (error as Error & { code?: string }).code ?? 'unknown' }, 'a file could not be written')
    return { refused: 'files.unsaved' }
  }
}

async function putAway(part: Part, { name, kind }: Pick<Upload, 'name' | 'kind'>): Promise<Upload> {
  const key = randomUUID()
  await store.put(part, key)
  return { key, name, kind, bytes: part.bytes, sha256: part.sha256 }
}

/** What becomes of an upload: whichever comes first holds. */
const fates = new WeakMap<Upload, 'claimed' | 'dropped'>()

/** Says that a row is about to name it. False when it has been dropped: whoever sent it has gone. */
export function claim(upload: Upload): boolean {
  if (fates.get(upload) === 'dropped') return false
  fates.set(upload, 'claimed')
  return true
}

/**
 * Removes an upload that no row has claimed; for when its request is over. One that was claimed in a transaction which then
 * failed stays, and is swept.
 */
export async function dropUnclaimed(upload: Upload): Promise<void> {
  if (fates.has(upload)) return
  fates.set(upload, 'dropped')
  await store.remove(upload.key)
}
