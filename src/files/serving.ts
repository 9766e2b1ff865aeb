import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Response } from 'express'
import createError from 'http-errors'
import { log } from '../web/log.ts'
import { MIME } from './kinds.ts'
import { isReady, type FileRow } from './rows.ts'
import { store } from './store.ts'

/** The bytes of a file, for an archive that is made for whoever may have it; undefined where they are not to be had. */
export async function openFile(file: FileRow): Promise<Readable | undefined> {
  return isReady(file) ? (await store.open(file.key))?.stream : undefined
}

/**
 * Answers with a file, as something to save: never shown in place, never kept by a browser or proxy. Whether this viewer may
 * have it is decided before this is called.
 * @throws 403 while it waits for the virus check or when that found something; 404 when its bytes are gone (logged by number)
 */
export async function sendFile(res: Response, file: FileRow): Promise<void> {
  if (!isReady(file)) throw createError(403, file.state === 'infected' ? 'FILE_INFECTED' : 'FILE_WAITING')
  const found = await store.open(file.key)
  if (found?.bytes !== file.bytes) {
    found?.stream.destroy()
    log.error({ file: file.id, bytes: found?.bytes }, 'the bytes of a file are missing')
    throw createError(404, 'FILE_MISSING')
  }
  res.attachment(file.name).set({
    'Content-Type': MIME[file.kind],
    'Content-Length': String(file.bytes),
    'Content-Security-Policy': "sandbox; default-src 'none'",
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store, no-transform',
  })
  await pipeline(found.stream, res).catch((error: unknown) => {
    const { code } = error as { code?: unknown }
    // Somebody who goes away in the middle is no fault; half an answer tells a browser that it is only half.
    if (code !== 'ERR_STREAM_PREMATURE_CLOSE')
      log.error({ file: file.id, err: String(code) }, 'a file could not be read')
  })
}
