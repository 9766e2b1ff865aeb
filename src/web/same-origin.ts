import type { Request, RequestHandler } from 'express'
import createError from 'http-errors'
import { config } from '../../config/index.ts'

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Only our own pages may change anything. Browsers say where a request comes from in Sec-Fetch-Site; older ones in
 * Origin; one that says neither is refused. Checked before a byte of the body is read.
 */
export const sameOriginOnly: RequestHandler = (req, _res, next) => {
  if (!SAFE.has(req.method) && !isSameOrigin(req)) throw createError(403, 'ORIGIN')
  next()
}

/** Whether a page of ours sent this request. */
export function isSameOrigin(req: Request): boolean {
  const site = req.headers['sec-fetch-site']
  return site === undefined ? req.headers.origin === config.publicUrl : site === 'same-origin'
}
