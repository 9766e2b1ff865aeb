/**
 * LTI 1.3 Advantage, the protocol. Words, as the specifications use them:
 * - **platform**: an LMS, known by issuer and client id. **deployment**: one place in it where we are installed.
 * - **context**: a course. **resource link**: one activity in it that opens us.
 * - **login**: the OIDC steps before a launch. **launch**: the signed message (id_token) that says who comes from where.
 * - **line item**: a column of the gradebook. **score**: what we send for one person to one line item (AGS 2.0).
 * Knows no feature: a verified launch is handed to whoever asked for it.
 */
import { Router, urlencoded, type Express, type Request, type RequestHandler, type Response } from 'express'
import createError from 'http-errors'
import { checks as allChecks, guard, type Check } from './guard.ts'
import { askLtijs, ltijsApp, restoreHeaders, restoreHeadersAfterRefusal } from './ltijs.ts'
import { launchOf, type Launch } from './launch.ts'
import { checkCookies, login, type LoginRequest } from './login.ts'
import { publicKeySet } from './tool-keys.ts'

export type LtiHandlers = {
  /** What to do with a verified launch: answers the request. */
  launched: (launch: Launch, req: Request, res: Response) => Promise<void>
  /** Shows the page for a browser that keeps no cookies in the frame. `authOrigin` is where its form goes on to. */
  oneMoreClick: (res: Response, login: { fields: LoginRequest; authOrigin: string }) => Promise<void>
  /** For the test of the guard alone: its checks, fewer than all. */
  checks?: readonly Check[]
}

const form = urlencoded({ extended: false, limit: '64kb', parameterLimit: 20 })

/** Mounts login, cookie check, launch and our public keys below /lti. */
export async function mountLti(app: Express, handlers: LtiHandlers): Promise<void> {
  const { launched, oneMoreClick, checks = allChecks } = handlers
  const launch: RequestHandler = (req, res) => launched(launchOf(req, res), req, res)
  const routes = Router()
  routes.get('/lti/login', login)
  routes.post('/lti/login', form, login)
  routes.get('/lti/login/check', checkCookies(oneMoreClick))
  routes.get('/lti/keys', publicKeySet)
  routes.post('/lti/launch', form, guard(checks), askLtijs)
  app.use(routes)
  // app.use, not a Router: only mounting gives Express 4 its request prototype and takes it off again afterwards.
  app.use('/lti/launch', onlyGuarded, await ltijsApp(), restoreHeadersAfterRefusal)
  app.post('/lti/launch', restoreHeaders, launch)
}

/** No other path or method reaches ltijs. */
const onlyGuarded: RequestHandler = (_req, res, next) => {
  if (!res.locals['headersBefore']) throw createError(404)
  next()
}

export { checks, type Check } from './guard.ts'
export type { Launch } from './launch.ts'
export type { LoginRequest } from './login.ts'
export { listPlatforms, savePlatform } from './platforms.ts'
export { postScore, type ScoreOutcome } from './scores.ts'
export { forgetTokens } from './services.ts'
export { ensureToolKey, keysAreUsable } from './tool-keys.ts'
