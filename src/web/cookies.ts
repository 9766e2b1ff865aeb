import { parseCookie } from 'cookie'
import type { Request } from 'express'

/** Another site frames us, so only a Partitioned cookie survives; __Host- keeps sibling hosts from setting it. */
export const COOKIE = { path: '/', secure: true, httpOnly: true, sameSite: 'none', partitioned: true } as const

/** One of our cookies: 256 random bits in base64url. Anything of another shape is as good as absent. */
export function readCookie(req: Request, name: string): string | undefined {
  const value = parseCookie(req.headers.cookie ?? '')[name]
  return value !== undefined && /^[\w-]{43}$/.test(value) ? value : undefined
}
