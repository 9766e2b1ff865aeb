import { AsyncLocalStorage } from 'node:async_hooks'
import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto'
import type { ErrorRequestHandler, NextFunction, Request, RequestHandler, Response } from 'express'
import createError from 'http-errors'
import ltijs from 'ltijs'
import { refused } from '../web/errors.ts'
import { guardedLaunch } from './guard.ts'
import type { Platform } from './platforms.ts'

/**
 * ltijs verifies the id_token: signature, issuer, audience, age, the LTI claims. All that needs memory (state, nonce,
 * browser, replay, deployments, keys, sessions) is ours; docs/decisions.md says why. Nothing else imports ltijs.
 */
const asked = new AsyncLocalStorage<{ platform: Platform; key: KeyObject }>()
const yes = () => Promise.resolve(true)

const database = {
  setup: yes,
  Close: yes,
  Insert: yes,
  Replace: yes,
  Modify: yes,
  Delete: yes,
  /** All that ltijs may know of a launch: the platform that the guard found, and the one key that may have signed. */
  Get: (_key: unknown, table: string, query?: { platformUrl?: unknown; clientId?: unknown }): Promise<unknown> => {
    const found = asked.getStore()
    if (table !== 'platform' || !found) return Promise.resolve(false)
    const { platform, key } = found
    if (query?.platformUrl !== platform.issuer || query.clientId !== platform.client_id) return Promise.resolve(false)
    return Promise.resolve([
      {
        platformName: platform.name,
        platformUrl: platform.issuer,
        clientId: platform.client_id,
        authEndpoint: platform.auth_url,
        accesstokenEndpoint: platform.token_url,
        kid: String(platform.id),
        authConfig: { method: 'RSA_KEY', key },
      },
    ])
  },
}

const options = {
  appRoute: '/',
  loginRoute: '/-login',
  keysetRoute: '/-keys',
  dynRegRoute: '/-register',
  ltiaas: true, // no session of its own, no token in addresses
  devMode: true, // with ltiaas it only leaves out its own, weaker check of the state cookie; the guard's stands in front
  cors: false,
  tokenMaxAge: 300,
}

let deployed: Promise<RequestHandler> | undefined
/** One in a process, whatever the number of apps: ltijs is a single object. */
export function ltijsApp(): Promise<RequestHandler> {
  return (deployed ??= deploy())
}

async function deploy(): Promise<RequestHandler> {
  const { Provider } = ltijs
  // The token it signs is never used. A KeyObject, because it tries a string as a private key first (10 % of the CPU).
  Provider.setup(createSecretKey(randomBytes(32)), { plugin: database }, options)
  // Plain functions that cannot throw: ltijs runs on Express 4, where an async throw ends the process.
  const through = (_token: unknown, _req: Request, _res: Response, next: NextFunction) => {
    next()
  }
  Provider.onConnect(through)
  Provider.onDeepLinking(through)
  const refuse = (_req: Request, res: Response, next: NextFunction) => {
    const reason = res.locals['err'] as { details?: { message?: string } } | undefined
    next(refused(401, 'LAUNCH_REFUSED', new Error(reason?.details?.message ?? 'no reason given')))
  }
  Provider.onInvalidToken(refuse)
  Provider.onSessionTimeout(refuse)
  Provider.onUnregisteredPlatform(refuse)
  Provider.onInactivePlatform(refuse)
  const before = process.listeners('SIGINT')
  await Provider.deploy({ serverless: true, silent: true })
  for (const listener of process.listeners('SIGINT')) if (!before.includes(listener)) process.off('SIGINT', listener) // it would exit before our own stop is done
  return Provider.app
}

/** Gives ltijs the token and nothing else: an ltik anywhere would make it skip the id_token, an odd state makes it throw. */
export const askLtijs: RequestHandler = (req, res, next) => {
  const launch = guardedLaunch(res)
  if (!launch) throw createError(404)
  res.locals['headersBefore'] = { ...res.getHeaders() }
  req.body = { id_token: launch.token }
  Object.assign(req, { _body: true, url: '/lti/launch' })
  delete req.headers.authorization
  asked.run({ platform: launch.platform, key: launch.key }, next)
}

/** Its own helmet has overwritten our headers, and it clears a cookie that never was; on a refusal too. */
export const restoreHeaders: RequestHandler = (_req, res, next) => {
  restore(res)
  if (!res.locals['token']) throw refused(401, 'LAUNCH_REFUSED') // it says yes by setting this
  next()
}
export const restoreHeadersAfterRefusal: ErrorRequestHandler = (error, _req, res, next) => {
  restore(res)
  next(error)
}

function restore(res: Response): void {
  const before = res.locals['headersBefore'] as Record<string, string | string[]> | undefined
  if (!before) return
  for (const name of res.getHeaderNames()) res.removeHeader(name)
  res.set(before)
}
