import type { RequestHandler, Response } from 'express'
import helmet from 'helmet'
import { config } from '../../config/index.ts'

/** No inline script or style anywhere, so no nonces. Who may frame an answer, and where its form may go, is its own. */
function policyOf(frameAncestors: string[], formAction: string[]): string {
  let header = ''
  helmet.contentSecurityPolicy({
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:'], // Bootstrap draws the arrow of a select as a data image
      connectSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'self'", ...formAction],
      frameAncestors,
    },
  })(
    {} as never,
    { setHeader: (_name: string, value: string) => (header = value) } as never, // all that it touches
    () => undefined,
  )
  return header
}

// One for each platform, and a few more: worked out once, since every answer carries it.
const policies = new Map<string, string>()

function setPolicy(res: Response, frameAncestors: string[], formAction: string[] = []): void {
  const key = `${frameAncestors.join(' ')}|${formAction.join(' ')}`
  let policy = policies.get(key)
  if (policy === undefined) {
    policy = policyOf(frameAncestors, formAction)
    policies.set(key, policy)
  }
  res.setHeader('Content-Security-Policy', policy)
}

/** The headers that are the same for every answer, worked out once. */
const others: [name: string, value: string][] = []
helmet({
  contentSecurityPolicy: false, // above
  xFrameOptions: false, // frame-ancestors says it better
  referrerPolicy: { policy: 'same-origin' }, // with no-referrer, Chromium sends `Origin: null` with our own forms
  strictTransportSecurity: config.mode === 'production' && { maxAge: 31_536_000 },
  crossOriginOpenerPolicy: { policy: 'same-origin-allow-popups' },
})(
  {} as never,
  {
    setHeader: (name: string, value: string) => others.push([name, value]),
    removeHeader: () => undefined,
  } as never, // all that it touches
  () => undefined,
)

const ANYONE = ['*']

/** For every answer. Pages without a session carry no private thing and no form that acts: anyone may frame them. */
export const securityHeaders: RequestHandler = (_req, res, next) => {
  res.setHeader('Cache-Control', 'no-store')
  for (const [name, value] of others) res.setHeader(name, value)
  setPolicy(res, ANYONE)
  next()
}

/** Names the origins whose pages may show this answer in a frame. */
export function allowFrames(res: Response, origins: readonly string[]): void {
  const frames = [...new Set(origins)]
  res.locals['frames'] = frames
  setPolicy(res, frames)
}

/** A page with a form that acts without a session: nobody may lay it under theirs. */
export function allowNoFrames(res: Response): void {
  setPolicy(res, ["'none'"])
}

/** Lets the form of a page go on to another origin (Chromium applies form-action to redirects too). */
export function allowFormTo(res: Response, origin: string): void {
  setPolicy(res, (res.locals['frames'] as string[] | undefined) ?? ANYONE, [origin])
}
