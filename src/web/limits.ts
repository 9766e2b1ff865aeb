import type { RequestHandler } from 'express'
import { rateLimit, type Options } from 'express-rate-limit'
import createError from 'http-errors'
import { config } from '../../config/index.ts'
import { maybeViewer } from './viewer.ts'

/** Counted in this process alone: with two processes a person has twice as much. Enough to stop a runaway script. */
const A_MINUTE = 60_000

/** Each person may read 600 pages a minute, and change 120 things (a setting). A college is one address, so addresses do not count. */
export const limitPerPerson: RequestHandler[] = [
  perPerson(600, () => false),
  perPerson(config.changesPerMinute, (method) => method === 'GET'),
]

/** A copy of all that is kept of somebody is much to read: they may have ten an hour. */
export const limitCopies: RequestHandler = limited({
  windowMs: 60 * A_MINUTE,
  limit: 10,
  keyGenerator: (_req, res) => String(maybeViewer(res)?.personId ?? 0),
})

function perPerson(limit: number, skip: (method: string) => boolean): RequestHandler {
  return limited({
    windowMs: A_MINUTE,
    limit,
    skip: (req) => skip(req.method),
    keyGenerator: (_req, res) => String(maybeViewer(res)?.personId ?? 0),
  })
}

/** Who sends more than that gets a page that says so. */
function limited(options: Partial<Options>): RequestHandler {
  return rateLimit({
    standardHeaders: false,
    legacyHeaders: false,
    handler: () => {
      throw createError(429)
    },
    ...options,
  })
}

/** A registration makes us ask an address that came from outside: somebody who tries codes is slowed down. */
export const limitRegistrations: RequestHandler = limited({ windowMs: 60 * A_MINUTE, limit: 60 })

/** Launches of a whole college come from one address at once, so this stops floods only. */
export const limitLaunches: RequestHandler = limited({ windowMs: A_MINUTE, limit: 6000 })

/** Links in mails that need no login. A mail provider follows many of them from few addresses, so this stops floods only. */
export const limitMailLinks: RequestHandler = limited({ windowMs: A_MINUTE, limit: 600 })
