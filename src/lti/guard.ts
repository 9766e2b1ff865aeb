import type { KeyObject } from 'node:crypto'
import type { RequestHandler, Response } from 'express'
import { compactVerify, decodeJwt, decodeProtectedHeader } from 'jose'
import { z } from 'zod'
import { config } from '../../config/index.ts'
import { statement } from '../db.ts'
import { COOKIE, readCookie } from '../web/cookies.ts'
import { refused } from '../web/errors.ts'
import { languageFor } from '../web/i18n.ts'
import { CLAIM, presentationIn, readClaims, type Claims } from './claims.ts'
import { hashOf, LOGIN_MINUTES, loginCookie } from './login.ts'
import { platformKeys } from './platform-keys.ts'
import { noteRefusedLaunch, originsOf, PLATFORM, type Platform } from './platforms.ts'

type Login = { nonce: string; deployment_id: string | null; target: string }
type Deployment = { id: number; lti_id: string; state: 'waiting' | 'approved' }
type LoginRow = Login & Platform & { deployments: Deployment[] }

/** A launch that the guard lets through to the check of its signature. */
export type GuardedLaunch = {
  header: { alg?: string; kid?: string; crit?: unknown }
  claims: Claims
  login: Login
  platform: Platform
  deployments: Deployment[]
}
export type Check = { code: string; status: number; holds: (launch: GuardedLaunch) => boolean }

const seconds = () => Math.floor(Date.now() / 1000)
const isDeepLinking = (claims: Claims) => claims[CLAIM.messageType] === 'LtiDeepLinkingRequest'

/**
 * What must hold before the signature is checked, in this order: LTI 1.3 core 5.3-5.4, Security Framework 1.0 5.1.3.
 * An array, so that a test can leave one out and see a case fail.
 */
export const checks: readonly Check[] = [
  { code: 'KID_MISSING', status: 401, holds: ({ header }) => typeof header.kid === 'string' && header.kid !== '' },
  { code: 'ALGORITHM', status: 401, holds: ({ header }) => header.alg === 'RS256' },
  { code: 'CRITICAL_HEADER', status: 401, holds: ({ header }) => header.crit === undefined }, // RFC 7515 4.1.11
  { code: 'NONCE', status: 401, holds: ({ claims, login }) => claims.nonce === login.nonce },
  { code: 'ISSUER', status: 401, holds: ({ claims, platform }) => claims.iss === platform.issuer },
  {
    code: 'AUDIENCE',
    status: 401,
    holds: ({ claims, platform }) => [claims.aud].flat().every((one) => one === platform.client_id),
  },
  {
    code: 'AZP',
    status: 401,
    holds: ({ claims, platform }) =>
      claims.azp === platform.client_id || (claims.azp === undefined && [claims.aud].flat().length === 1),
  },
  { code: 'EXPIRED', status: 401, holds: ({ claims }) => claims.exp > seconds() },
  { code: 'EXP_TOO_FAR', status: 401, holds: ({ claims }) => claims.exp - claims.iat <= 3600 },
  { code: 'IAT_AHEAD', status: 401, holds: ({ claims }) => claims.iat <= seconds() + 60 },
  { code: 'IAT_OLD', status: 401, holds: ({ claims }) => claims.iat >= seconds() - 300 },
  {
    code: 'TARGET',
    status: 401,
    holds: ({ claims, login }) =>
      claims[CLAIM.targetLinkUri] === login.target ||
      (isDeepLinking(claims) && claims[CLAIM.targetLinkUri] === undefined),
  },
  {
    code: 'DEPLOYMENT_OF_LOGIN',
    status: 401,
    holds: ({ claims, login }) => login.deployment_id === null || claims[CLAIM.deploymentId] === login.deployment_id,
  },
  { code: 'PLATFORM_BLOCKED', status: 403, holds: ({ platform }) => platform.state !== 'blocked' },
  { code: 'PLATFORM_WAITING', status: 403, holds: ({ platform }) => platform.state !== 'waiting' },
  {
    code: 'DEPLOYMENT_WAITING',
    status: 403,
    holds: ({ claims, deployments }) =>
      deployments.some(({ lti_id, state }) => lti_id === claims[CLAIM.deploymentId] && state === 'approved'),
  },
  {
    code: 'RESOURCE_LINK',
    status: 400,
    holds: ({ claims }) => isDeepLinking(claims) || claims[CLAIM.resourceLink] !== undefined,
  },
  {
    code: 'DEEP_LINKING',
    status: 400,
    holds: ({ claims }) => !isDeepLinking(claims) || claims[CLAIM.deepLinking] !== undefined,
  },
  {
    code: 'DEEP_LINKING_RETURN',
    status: 400,
    holds: ({ claims, platform }) => returnsToPlatform(claims[CLAIM.deepLinking]?.deep_link_return_url, platform),
  },
  // A teacher's pretend student (Canvas): nobody, so never in a programme and never graded.
  { code: 'TEST_USER', status: 403, holds: ({ claims }) => !claims[CLAIM.roles].includes(TEST_USER) },
]
const TEST_USER = 'http://purl.imsglobal.org/vocab/lti/system/person#TestUser'

/** What was chosen goes to the platform itself, and nowhere else. */
function returnsToPlatform(url: string | undefined, platform: Platform): boolean {
  if (url === undefined) return true
  const isSafe = url.startsWith('https:') || config.mode === 'evaluation'
  return isSafe && originsOf(platform).includes(new URL(url).origin)
}

/** One statement is the look-up of the platform, the check of the browser, and the one-time use. */
const takeLogin = statement<LoginRow>(
  'take_login',
  `with login as (
     delete from logins where state = $1 and browser_hash = $2
       and created_at > now() - interval '${LOGIN_MINUTES} minutes' returning *)
   select ${PLATFORM}, l.nonce, l.deployment_id, l.target,
     (select coalesce(json_agg(json_build_object('id', d.id, 'lti_id', d.lti_id, 'state', d.state)), '[]')
      from deployments d where d.platform_id = p.id) as deployments
   from login l join platforms p on p.id = l.platform_id`,
)
const launchShape = z.object({
  state: z.string().regex(/^[\w-]{43}$/),
  id_token: z.string().max(60_000).optional(),
})

/**
 * Stands in front of the library that verifies the token. Without the row of a login of this very browser there is no
 * launch; then every check must hold; then the platform's key is found.
 */
export function guard(active: readonly Check[]): RequestHandler {
  return async (req, res, next) => {
    // The platform's own word that it will not (OIDC core 3.1.2.6). It has no token, and in Moodle often no state.
    if ((req.body as { error?: unknown } | undefined)?.error !== undefined) throw refused(401, 'PLATFORM_REFUSED')
    const body = launchShape.safeParse(req.body)
    if (!body.success) throw unreadable(body.error)
    const { state, id_token: token = '' } = body.data
    const row = await loginOf(state, readCookie(req, loginCookie(state)))
    res.clearCookie(loginCookie(state), COOKIE)
    const launch = readToken(res, token, row)
    const failed = active.find((check) => !check.holds(launch))
    if (failed) await refuse(failed, launch, token)
    setGuarded(res, { ...launch, key: await keyThatSigned(launch, token), token })
    next()
  }
}

/** A state that is not one of ours is as good as an old one: people can only open the activity again. */
function unreadable({ issues }: z.ZodError): Error {
  return issues.some(({ path }) => path[0] === 'state') ? refused(401, 'STATE') : refused(400, 'LAUNCH')
}

/** Says no. Who is only not approved yet is noted for the operator, if the platform really sent it. */
async function refuse({ status, code }: Check, launch: GuardedLaunch, token: string): Promise<never> {
  if (code === 'PLATFORM_WAITING' || code === 'DEPLOYMENT_WAITING') {
    const key = await keyThatSigned(launch, token).catch(() => undefined)
    if (key && (await isSignedBy(key, token)))
      await noteRefusedLaunch(launch.platform, launch.claims[CLAIM.deploymentId])
  }
  throw refused(status, code)
}

/** Nearly always there is one key with the id; of several, the one that fits. */
async function keyThatSigned({ platform, header }: GuardedLaunch, token: string): Promise<KeyObject> {
  const keys = await platformKeys(platform.jwks_url, header.kid ?? '')
  const [first] = keys
  if (!first) throw refused(401, 'KID_UNKNOWN')
  if (keys.length === 1) return first
  const fits = await Promise.all(keys.map((key) => isSignedBy(key, token)))
  return keys[fits.indexOf(true)] ?? first
}

function isSignedBy(key: KeyObject, token: string): Promise<boolean> {
  return compactVerify(token, key, { algorithms: ['RS256'] }).then(
    () => true,
    () => false,
  )
}

type Guarded = GuardedLaunch & { key: KeyObject; token: string }
function setGuarded(res: Response, launch: Guarded): void {
  res.locals['guarded'] = launch
}
/** What the guard let through, if it did. */
export function guardedLaunch(res: Response): Guarded | undefined {
  return res.locals['guarded'] as Guarded | undefined
}

async function loginOf(state: string, browser: string | undefined): Promise<LoginRow> {
  const [row] = browser === undefined ? [] : await takeLogin(state, hashOf(browser))
  if (!row) throw refused(401, 'STATE')
  return row
}

function readToken(res: Response, token: string, row: LoginRow): GuardedLaunch {
  const { header, raw } = decode(token)
  const { locale, returnUrl } = presentationIn(raw)
  // For the page of a refusal: its language, and a way back that leads to the platform alone.
  if (locale !== undefined) res.locals['language'] = languageFor(locale)
  if (returnUrl !== undefined && originsOf(row).includes(new URL(returnUrl).origin)) res.locals['returnUrl'] = returnUrl
  const read = readClaims(raw)
  if (!read.ok) throw refused(read.status, read.code, new Error(read.cause))
  return { header, claims: read.claims, login: row, platform: row, deployments: row.deployments }
}

function decode(token: string): { header: GuardedLaunch['header']; raw: object } {
  try {
    return { header: decodeProtectedHeader(token), raw: decodeJwt(token) }
  } catch (cause) {
    throw refused(400, 'NOT_LTI', cause)
  }
}
