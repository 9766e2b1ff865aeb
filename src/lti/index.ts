/**
 * LTI 1.3 Advantage, the protocol. Words, as the specifications use them:
 * - **platform**: an LMS, known by issuer and client id. **deployment**: one place in it where we are installed.
 * - **context**: a course. **resource link**: one activity in it that opens us.
 * - **login**: the OIDC steps before a launch. **launch**: the signed message (id_token) that says who comes from where.
 * - **line item**: a column of the gradebook. **score**: what we send for one person to one line item (AGS 2.0).
 * Knows no feature: a verified launch is handed to whoever asked for it.
 */
import {
  Router,
  urlencoded,
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from 'express'
import createError, { isHttpError } from 'http-errors'
import { refused } from '../web/errors.ts'
import { allowFrames } from '../web/headers.ts'
import { limitRegistrations } from '../web/limits.ts'
import { checks as allChecks, guard, type Check } from './guard.ts'
import { askLtijs, ltijsApp, restoreHeaders, restoreHeadersAfterRefusal } from './ltijs.ts'
import { launchOf, type Launch } from './launch.ts'
import { checkCookies, login, type LoginRequest } from './login.ts'
import { readRegistration, register, type Registered } from './registration.ts'
import { publicKeySet } from './tool-keys.ts'

export type LtiHandlers = {
  /** What to do with a verified launch: answers the request. */
  launched: (launch: Launch, req: Request, res: Response) => Promise<void>
  /** Shows the page for a browser that keeps no cookies in the frame. `authOrigin` is where its form goes on to. */
  oneMoreClick: (res: Response, login: { fields: LoginRequest; authOrigin: string }) => Promise<void>
  /** Shows that a platform has registered. */
  registered: (res: Response, registered: Registered) => Promise<void>
  /** For the test of the guard alone: its checks, fewer than all. */
  checks?: readonly Check[]
}

const form = [urlencoded({ extended: false, limit: '64kb', parameterLimit: 20 }), refuseUnread()]

/** What is too long or not a form is turned away as any launch is: with a code and a reference for the help desk. */
function refuseUnread(): ErrorRequestHandler {
  return (error, _req, _res, next) => {
    if (!isHttpError(error)) next(error)
    else next(refused(error.status, error.status === 413 ? 'TOO_LARGE' : 'UNREADABLE', error))
  }
}

/** Mounts login, cookie check, launch and our public keys below /lti. */
export async function mountLti(app: Express, handlers: LtiHandlers): Promise<void> {
  const { launched, oneMoreClick, registered, checks = allChecks } = handlers
  const launch: RequestHandler = (req, res) => launched(launchOf(req, res), req, res)
  const routes = Router()
  routes.get('/lti/login', login)
  routes.post('/lti/login', form, login)
  routes.get('/lti/login/check', checkCookies(oneMoreClick))
  routes.get('/lti/keys', publicKeySet)
  routes.get('/lti/register', limitRegistrations, async (req, res) => {
    const request = readRegistration(req.query)
    allowFrames(res, [new URL(request.openid_configuration).origin])
    await registered(res, await register(request))
  })
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
export { isStaff, type Launch, type LaunchFacts } from './launch.ts'
export type { DeepLinkingSettings } from './claims.ts'
export { signDeepLinkingResponse, type ContentItem } from './deep-linking.ts'
export { SCOPE } from './scopes.ts'
export type { LoginRequest } from './login.ts'
export {
  approveDeployment,
  findServicePlatform,
  listPlatforms,
  savePlatform,
  setPlatformState,
  type Platform,
} from './platforms.ts'
export { mayBeAsked } from './outbound.ts'
export {
  findColumn,
  makeColumn,
  readResult,
  readResults,
  tryConnection,
  type Connection,
  type Results,
} from './line-items.ts'
export { readRoster, type Member } from './members.ts'
export { makeRegistrationLink } from './registration-codes.ts'
export type { Registered } from './registration.ts'
export { postScore, type ScoreOutcome } from './scores.ts'
export { forgetTokens } from './services.ts'
export {
  ensureToolKey,
  forgetSigningKey,
  keysAreUsable,
  listToolKeys,
  retireToolKey,
  rotateToolKey,
} from './tool-keys.ts'
