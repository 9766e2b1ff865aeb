import type { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { Busboy, type BusboyFileStream, type BusboyHeaders, type BusboyInstance } from '@fastify/busboy'
import type { Request, RequestHandler, Response } from 'express'
import createError from 'http-errors'
import { dropUnclaimed, MOST_BYTES, receiveFile, type Refused, type Upload } from '../files/index.ts'
import { mayAct } from './form-token.ts'
import { log } from './log.ts'

const MOST_FIELDS = 30
const MOST_FIELD_BYTES = 1024 * 1024
/** A file that is too large is read on, so that its sender reads why: up to here. Then the connection is cut. */
const MOST_READ = 200 * 1024 * 1024

type FileField = { none: true } | Refused | { upload: Upload }
const NONE: FileField = { none: true }

/**
 * Reads a form with one file in it (multipart), at the addresses that are meant to take one; other forms pass. Stands where
 * `urlencoded` does, in front of checkFormToken: the fields become `req.body`, as they do there. The file is written as it
 * comes, but not a byte of it before the token, in a field in front of it, has been found good. What is wrong with the file
 * is said by fileIn(); whatever no transaction has kept is gone soon after the answer.
 */
export const takeFile: RequestHandler = async (req, res, next) => {
  if (req.is('multipart/form-data')) res.locals['file'] = await read(req, res)
  next()
}

/**
 * What a form that was sent has in the place of its file: none; one that is refused, with the reason for the field; or one
 * to keep with keepFile().
 */
export function fileIn(res: Response): FileField {
  return (res.locals['file'] as FileField | undefined) ?? NONE
}

async function read(req: Request, res: Response): Promise<FileField> {
  if (Number(req.headers['content-length'] ?? 0) > MOST_READ) throw tooLarge(res)
  const form = parserFor(req)
  if (!form) return { refused: await drained(req, 'files.broken') }
  const fields = readFields(req, form)
  const files = readFile(req, res, form)
  const end = await readThrough(req, form)
  if (end !== 'whole') files.part?.destroy(new Error('the form broke off'))
  const file = await files.taking
  dropWhenOver(res, file)
  if (end === 'long' || fields.areTooMany) throw tooLarge(res)
  return outcomeOf(end, files.areSeveral, file)
}

function outcomeOf(end: End, areSeveral: boolean, file: FileField): FileField {
  if (end === 'gone') throw createError(400, 'ABORTED')
  if (end === 'broken') return { refused: 'files.broken' }
  return areSeveral ? { refused: 'files.several' } : file
}

function parserFor(req: Request): BusboyInstance | undefined {
  try {
    return new Busboy({
      headers: req.headers as BusboyHeaders,
      limits: {
        ...{ files: 1, fileSize: MOST_BYTES, fields: MOST_FIELDS, fieldSize: MOST_FIELD_BYTES },
        ...{ headerPairs: 20, headerSize: 8192 },
      },
    })
  } catch {
    return undefined // it does not say where its parts begin
  }
}

/** Collects the fields as `urlencoded` does: several of one name become a list. */
function readFields(req: Request, form: BusboyInstance): { areTooMany: boolean } {
  const fields = Object.create(null) as Record<string, string | string[]>
  req.body = fields
  const seen = { bytes: 0, areTooMany: false }
  form.once('fieldsLimit', () => (seen.areTooMany = true))
  form.on('field', (name: string | undefined, value, _isNameTruncated, isTruncated) => {
    seen.bytes += value.length
    if (isTruncated || seen.bytes > MOST_FIELD_BYTES) seen.areTooMany = true
    if (name === undefined || seen.areTooMany) return
    const before = fields[name]
    fields[name] = before === undefined ? value : [before, value].flat()
  })
  return seen
}

type Files = { part?: BusboyFileStream; taking: Promise<FileField>; areSeveral: boolean }

function readFile(req: Request, res: Response, form: BusboyInstance): Files {
  const seen: Files = { taking: Promise.resolve(NONE), areSeveral: false }
  form.once('filesLimit', () => (seen.areSeveral = true))
  form.on('file', (_field, stream, sentName: string | undefined) => {
    seen.part = stream
    stream.on('error', () => undefined) // it may break off before anybody listens
    seen.taking = take(req, res, { stream, sentName: sentName ?? '' })
    seen.taking.catch(() => undefined) // it is awaited when the form has been read
  })
  return seen
}

type Arriving = { stream: BusboyFileStream; sentName: string }

/** The file of a form: read to its end whatever becomes of it, since fields may follow. */
async function take(req: Request, res: Response, { stream, sentName }: Arriving): Promise<FileField> {
  try {
    if (!(await mayAct(req, res))) return { refused: await drained(stream, 'files.broken') }
    // Without a choice, browsers send a part that has neither name nor bytes.
    return sentName === '' ? await drained(stream, NONE) : await namedFile(stream, sentName)
  } catch (error) {
    stream.resume()
    throw error
  }
}

async function namedFile(stream: BusboyFileStream, sentName: string): Promise<FileField> {
  const received = await receiveFile(stream, sentName)
  return 'refused' in received ? received : { upload: received }
}

type End = 'whole' | 'broken' | 'long' | 'gone'

/** Reads a body through its parser, and to its end even where the parser cannot follow: else nobody would see the answer. */
function readThrough(req: Request, form: BusboyInstance): Promise<End> {
  return new Promise((resolve) => {
    let bytes = 0
    let isBroken = false
    const over = (end: End) => {
      req.unpipe(form)
      resolve(end)
    }
    form.on('error', () => {
      isBroken = true
      req.unpipe(form).resume()
      if (req.readableEnded) over('broken')
    })
    form.once('finish', () => {
      over('whole')
    })
    req.on('data', ({ length }: Buffer) => {
      bytes += length
      if (bytes > MOST_READ) over('long')
    })
    req.once('end', () => {
      if (isBroken) over('broken')
    })
    req.once('close', () => {
      if (!req.complete) over('gone')
    })
    req.pipe(form)
  })
}

/** Whatever no transaction has kept by the time the answer is out, or nobody waits for it any more, goes. */
function dropWhenOver(res: Response, file: FileField): void {
  if (!('upload' in file)) return
  const drop = () => {
    dropUnclaimed(file.upload).catch((error: unknown) => {
      log.warn({ err: String((error as { code?: unknown }).code) }, 'an upload was not removed; the sweep will')
    })
  }
  if (res.closed) drop()
  else res.once('close', drop)
}

/** Reads on without looking. */
async function drained<T>(from: Readable, outcome: T): Promise<T> {
  await finished(from.resume()).catch(() => undefined)
  return outcome
}

function tooLarge(res: Response): Error {
  res.set('Connection', 'close') // what is still on its way is not read
  return createError(413)
}
