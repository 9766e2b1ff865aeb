import { createHash, randomBytes } from 'node:crypto'
import type { Request, RequestHandler, Response } from 'express'
import { z } from 'zod'
import { config } from '../../config/index.ts'
import { statement } from '../db.ts'
import { COOKIE } from '../web/cookies.ts'
import { refused } from '../web/errors.ts'
import { plain } from './claims.ts'
import { findPlatform, type Platform } from './platforms.ts'

/** OIDC third-party initiated login, Security Framework 1.0 5.1.1.1, and the check that this browser keeps cookies here. */
const loginShape = z.object({
  iss: plain(),
  client_id: plain(),
  login_hint: plain(2048),
  target_link_uri: plain(2048),
  lti_message_hint: plain(4096).optional(),
  lti_deployment_id: plain().optional(),
})
/** As it was sent, to be sent on: what was absent stays absent. */
export type LoginRequest = Record<string, string>

export const LOGIN_MINUTES = 10
const TEN_MINUTES = { ...COOKIE, maxAge: LOGIN_MINUTES * 60_000 }
/** Says only that this browser keeps our cookies here. */
const PROBE = '__Host-signpost-cookies'

/** One cookie a login, since two tabs may log in at once. Its value is a secret of its own: the state is seen in addresses. */
export const loginCookie = (state: string): string => `__Host-signpost-login-${state.slice(0, 12)}`
/** How a browser's secret is kept: as SHA-256, so that the table opens nothing. */
export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url')
const random = () => randomBytes(32).toString('base64url')
const keepsCookies = (req: Request) => /(^|; *)__Host-signpost/.test(req.headers.cookie ?? '')

/** Finds the platform and remembers the login, in one statement: it runs on every launch. */
const beginLogin = statement<Pick<Platform, 'auth_url'>>(
  'begin_login',
  `with platform as (select id, auth_url from platforms where issuer = $1 and client_id = $2),
   login as (insert into logins (state, nonce, browser_hash, platform_id, deployment_id, target)
     select $3, $4, $5, id, $6, $7 from platform)
   select auth_url from platform`,
)

/** `GET,POST /lti/login`: cookies first, then the platform, because what the platform sent may be used only once. */
export const login: RequestHandler = async (req, res) => {
  const request = readLogin(req.method === 'POST' ? req.body : req.query)
  if (keepsCookies(req)) {
    await goToPlatform(res, request)
    return
  }
  await knownPlatform(request)
  res.cookie(PROBE, random(), TEN_MINUTES)
  res.redirect(303, `/lti/login/check?${new URLSearchParams(asSent(request)).toString()}`)
}

/** `GET /lti/login/check`: with a cookie, on to the platform; without one, a page whose form begins again in a new window. */
export function checkCookies(
  oneMoreClick: (res: Response, login: { fields: LoginRequest; authOrigin: string }) => Promise<void>,
): RequestHandler {
  return async (req, res) => {
    const request = readLogin(req.query)
    if (keepsCookies(req)) {
      await goToPlatform(res, request)
      return
    }
    const { auth_url } = await knownPlatform(request)
    await oneMoreClick(res, { fields: asSent(request), authOrigin: new URL(auth_url).origin })
  }
}

type Login = z.infer<typeof loginShape>

function readLogin(from: unknown): Login {
  const read = loginShape.safeParse(from)
  if (!read.success) throw refused(400, 'LOGIN', new Error(z.prettifyError(read.error)))
  if (!isOurs(read.data.target_link_uri)) throw refused(400, 'TARGET')
  return read.data
}

/** Never "the first one of that issuer": both must match. */
async function knownPlatform({ iss, client_id }: Login): Promise<Platform> {
  const platform = await findPlatform(iss, client_id)
  if (!platform) throw refused(400, 'PLATFORM_UNKNOWN')
  return platform
}

function isOurs(target: string): boolean {
  if (!URL.canParse(target)) return false
  const url = new URL(target)
  return url.origin === config.publicUrl && url.username === '' && url.password === ''
}

function asSent(request: Login): LoginRequest {
  return Object.fromEntries(
    Object.entries(request).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}

async function goToPlatform(res: Response, request: Login): Promise<void> {
  const [state, nonce, browser] = [random(), random(), random()]
  const { iss, client_id, lti_deployment_id: deployment, target_link_uri: target } = request
  const [platform] = await beginLogin(iss, client_id, state, nonce, hashOf(browser), deployment ?? null, target)
  if (!platform) throw refused(400, 'PLATFORM_UNKNOWN')
  const to = new URL(platform.auth_url)
  const query = {
    scope: 'openid',
    response_type: 'id_token',
    response_mode: 'form_post',
    prompt: 'none',
    client_id,
    redirect_uri: `${config.publicUrl}/lti/launch`,
    login_hint: request.login_hint,
    ...(request.lti_message_hint !== undefined && { lti_message_hint: request.lti_message_hint }),
    state,
    nonce,
  }
  for (const [name, value] of Object.entries(query)) to.searchParams.set(name, value)
  res.cookie(loginCookie(state), browser, TEN_MINUTES).redirect(302, to.href)
}
