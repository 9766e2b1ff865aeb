import type { Request, RequestHandler, Response } from 'express'
import helmet from 'helmet'
import { config } from '../../config/index.ts'

const listed = (name: 'frameAncestors' | 'formAction') => (_req: unknown, res: unknown) =>
  ((res as Response).locals[name] as string | undefined) ?? ''

/** No inline script or style anywhere, so no nonces. Who may frame a page, and where its form may go, is said per answer. */
const policy = helmet.contentSecurityPolicy({
  useDefaults: false,
  directives: {
    defaultSrc: ["'none'"],
    scriptSrc: ["'self'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'], // Bootstrap draws the arrow of a select as a data image
    connectSrc: ["'self'"],
    baseUri: ["'none'"],
    formAction: ["'self'", listed('formAction')],
    frameAncestors: [listed('frameAncestors')],
  },
})
const others = helmet({
  contentSecurityPolicy: false, // above
  xFrameOptions: false, // frame-ancestors says it better
  referrerPolicy: { policy: 'same-origin' }, // with no-referrer, Chromium sends `Origin: null` with our own forms
  strictTransportSecurity: config.mode === 'production' && { maxAge: 31_536_000 },
  crossOriginOpenerPolicy: { policy: 'same-origin-allow-popups' },
})

/** For every answer. Pages without a session carry no private thing and no form that acts: anyone may frame them. */
export const securityHeaders: RequestHandler = (req, res, next) => {
  res.set('Cache-Control', 'no-store')
  allowFrames(req, res, ['*'])
  others(req, res, next)
}

/** Names the origins whose pages may show this answer in a frame. */
export function allowFrames(req: Request, res: Response, origins: string[]): void {
  res.locals['frameAncestors'] = [...new Set(origins)].join(' ')
  policy(req, res, () => undefined)
}

/** Lets the form of this answer go to another origin too (Chromium applies form-action to the redirects that follow). */
export function allowFormTo(req: Request, res: Response, origin: string): void {
  res.locals['formAction'] = origin
  policy(req, res, () => undefined)
}
