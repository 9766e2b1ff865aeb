import type { RequestHandler, Response } from 'express'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { z } from 'zod'
import { statement } from '../db.ts'
import { readCookie } from '../web/cookies.ts'
import { refused } from '../web/errors.ts'
import { CLAIM, readClaims, type Claims } from './claims.ts'
import { hashOf, LOGIN_MINUTES, loginCookie } from './login.ts'
import { platformKey } from './platform-keys.ts'
import type { Platform } from './platforms.ts'
import type { KeyObject } from 'node:crypto'

type Login = { state: string; nonce: string; deployment_id: string | null; target: string }
type Deployment = { id: number; lti_id: string }
type LoginRow = Login & Platform & { deployments: Deployment[] }

/** A launch that the guard lets through to the check of its signature. */
export type GuardedLaunch = {
  header: { alg?: string; kid?: string }
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
    holds: ({ claims, platform }) => claims.azp === undefined || claims.azp === platform.client_id,
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
  {
    code: 'DEPLOYMENT_UNKNOWN',
    status: 403,
    holds: ({ claims, deployments }) => deployments.some(({ lti_id }) => lti_id === claims[CLAIM.deploymentId]),
  },
  {
    code: 'RESOURCE_LINK',
    status: 400,
    holds: ({ claims }) => isDeepLinking(claims) || claims[CLAIM.resourceLink] !== undefined,
  },
  {
    code: 'DEEP_LINKING',
    status: 400,
    holds: ({ claims }) =>
      !isDeepLinking(claims) ||
      z.looseObject({ deep_link_return_url: z.url() }).safeParse(claims[CLAIM.deepLinking]).success,
  },
]

/** One statement is the look-up of the platform, the check of the browser, and the one-time use. */
const takeLogin = statement<LoginRow>(
  'take_login',
  `with login as (
     delete from logins where state = $1 and browser_hash = $2
       and created_at > now() - interval '${LOGIN_MINUTES} minutes' returning *)
   select p.id, p.name, p.issuer, p.client_id, p.auth_url, p.token_url, p.jwks_url,
     l.state, l.nonce, l.deployment_id, l.target,
     (select coalesce(json_agg(json_build_object('id', d.id, 'lti_id', d.lti_id)), '[]')
      from deployments d where d.platform_id = p.id) as deployments
   from login l join platforms p on p.id = l.platform_id`,
)
const launchShape = z.object({
  state: z.string().regex(/^[\w-]{43}$/),
  id_token: z.string().max(60_000).optional(),
  error: z.string().optional(),
})

/**
 * Stands in front of the library that verifies the token. Without the row of a login of this very browser there is no
 * launch; then every check must hold; then the platform's key is found.
 */
export function guard(active: readonly Check[]): RequestHandler {
  return async (req, res, next) => {
    const body = launchShape.safeParse(req.body)
    if (!body.success) throw refused(400, 'LAUNCH')
    const { state, id_token: token, error } = body.data
    const row = await loginOf(state, readCookie(req, loginCookie(state)))
    if (error !== undefined) throw refused(401, 'PLATFORM_REFUSED')
    const launch = readToken(token ?? '', row)
    const failed = active.find((check) => !check.holds(launch))
    if (failed) throw refused(failed.status, failed.code)
    setGuarded(res, { ...launch, key: await platformKey(row.jwks_url, launch.header.kid ?? ''), token: token ?? '' })
    next()
  }
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

function readToken(token: string, row: LoginRow): GuardedLaunch {
  const { header, raw } = decode(token)
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
