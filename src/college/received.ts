import type { Request } from 'express'
import type { ReceivedScore, RefusedScore } from './data.ts'
import { pathPart, readObject, textOf } from './requests.ts'
import type { Site } from './site.ts'

const KEPT_IN_MEMORY = 10_000
const KEPT_IN_FILE = 50
const REFUSED_KEPT = 20

/** Remembers a score POST; the caller keeps the store. `why` is there when the score was not taken. */
export function noteScore(site: Site, req: Request, outcome: { status: number; why?: string | undefined }): void {
  const received = describe(req, outcome.status)
  const { data } = site.store
  site.received.push(received)
  if (site.received.length > KEPT_IN_MEMORY) site.received.shift()
  data.received = [...data.received, received].slice(-KEPT_IN_FILE)
  if (outcome.why === undefined) return
  const refused = { ...received, courseId: pathPart(req, 'course'), reason: outcome.why }
  data.refused = [refused, ...data.refused.filter((other) => !isSameRefusal(refused, other))].slice(0, REFUSED_KEPT)
}

/** A tool that tries again and again is one line in the gradebook, not twenty. */
function isSameRefusal(one: RefusedScore, other: RefusedScore): boolean {
  return one.userId === other.userId && one.path === other.path && one.reason === other.reason
}

function describe(req: Request, status: number): ReceivedScore {
  const text = textOf(req)
  const body = readObject(text) ?? {}
  const userId = body['userId']
  return {
    userId: typeof userId === 'string' || typeof userId === 'number' ? String(userId) : '',
    body,
    text,
    path: req.originalUrl,
    status,
    at: new Date().toISOString(),
  }
}
