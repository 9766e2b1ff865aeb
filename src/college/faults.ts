import { pipeline, Readable } from 'node:stream'
import { setTimeout as wait } from 'node:timers/promises'
import type { Express, Request, RequestHandler, Response } from 'express'
import express from 'express'
import { z } from 'zod'

/** What can be made to fail. A new name here can be switched at once; its route says `applyFault` with it. */
const SERVICES = [
  'configuration',
  'registration',
  'jwks',
  'token',
  'scores',
  'lineitems',
  'results',
  'memberships',
] as const
type FaultyService = (typeof SERVICES)[number]

const PADDING = '{"padding":""}'

const faultForm = z.strictObject({
  /** Wait first; alone, the answer is right but late. */
  delayMs: z.number().int().min(0).optional(),
  /** Answer with this status and do nothing. */
  status: z.number().int().min(200).max(599).optional(),
  /** How many requests it hits; without it, all. */
  times: z.number().int().min(1).optional(),
  /** Do everything that was asked, then close the connection without an answer. */
  dropAfterCommit: z.boolean().optional(),
  /** Answer with a web page, as a proxy or a sign-in page does; the status is 200 if none is given. */
  html: z.boolean().optional(),
  /** Answer with JSON of so many bytes, which is good JSON and far too much; the status is 200 if none is given. */
  bytes: z
    .number()
    .int()
    .min(PADDING.length)
    .max(1024 ** 3)
    .optional(),
  /** Send to another address; the status is 302 if none is given. */
  redirect: z.string().min(1).optional(),
  /** Seconds, in Retry-After; the status is 503 if none is given. */
  retryAfter: z.number().int().min(0).optional(),
})
const faultsForm = z.partialRecord(z.enum(SERVICES), faultForm)

export type Fault = z.infer<typeof faultForm>
/** Change it in place: `faults.scores = { status: 500, times: 2 }`; an absent member means all is well. */
export type Faults = Partial<Record<FaultyService, Fault | undefined>>

/** `POST /faults`: the body replaces all faults, so `{}` mends everything. */
export function serveFaults(app: Express, faults: Faults): void {
  app.post('/faults', express.json(), (req, res) => {
    const read = faultsForm.safeParse(req.body)
    if (!read.success) {
      res.status(400).json({ faults: z.prettifyError(read.error) })
      return
    }
    replaceFaults(faults, read.data)
    res.json(faults)
  })
}

export function replaceFaults(faults: Faults, next: Faults): void {
  for (const name of SERVICES) faults[name] = next[name]
}

/** Stands in front of a service. `note` hears of the requests that a fault answered in the service's place. */
export function applyFault(
  faults: Faults,
  name: FaultyService,
  note: (req: Request, status: number) => void = () => undefined,
): RequestHandler {
  return async (req, res, next) => {
    const fault = takeFault(faults, name)
    if (fault?.delayMs !== undefined) await wait(fault.delayMs)
    if (fault?.dropAfterCommit) dropAnswer(req, res)
    const status = fault && statusOf(fault)
    if (fault === undefined || status === undefined) {
      next()
      return
    }
    note(req, status)
    answerWith(res, fault, status)
  }
}

function takeFault(faults: Faults, name: FaultyService): Fault | undefined {
  const fault = faults[name]
  if (fault?.times !== undefined) faults[name] = fault.times > 1 ? { ...fault, times: fault.times - 1 } : undefined
  return fault
}

/** The status to answer with; undefined when the service itself answers. */
function statusOf({ status, html, bytes, redirect, retryAfter, dropAfterCommit }: Fault): number | undefined {
  if (dropAfterCommit) return undefined
  if (status !== undefined) return status
  if (html || bytes !== undefined) return 200
  if (redirect !== undefined) return 302
  return retryAfter === undefined ? undefined : 503
}

/** Everything below runs as always; only the moment of answering is taken away. */
function dropAnswer(req: Request, res: Response): void {
  res.end = () => {
    req.socket.destroy()
    return res
  }
}

function answerWith(res: Response, { html, bytes, redirect, retryAfter }: Fault, status: number): void {
  if (retryAfter !== undefined) res.set('Retry-After', String(retryAfter))
  res.status(status)
  if (redirect !== undefined) res.set('Location', redirect)
  if (html)
    res.type('html').send('<!DOCTYPE html>\n<html lang="en"><title>Please wait</title><p>Please wait.</p></html>')
  else if (bytes !== undefined) sendPadded(res, bytes)
  else res.json({ status, reason: 'A fault of the demo college, switched on by hand' })
}

/** Piece by piece: whoever stops reading early is not sent the rest. */
function sendPadded(res: Response, bytes: number): void {
  res.type('json').set('Content-Length', String(bytes))
  pipeline(Readable.from(paddedJson(bytes)), res, () => undefined) // a reader that left is no error
}

function* paddedJson(bytes: number): Generator<Buffer> {
  const piece = Buffer.alloc(64 * 1024, 'x')
  yield Buffer.from(PADDING.slice(0, -2))
  for (let left = bytes - PADDING.length; left > 0; left -= piece.length) yield piece.subarray(0, left)
  yield Buffer.from(PADDING.slice(-2))
}
