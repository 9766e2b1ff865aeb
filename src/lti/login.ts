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
type Login = { request: z.infer<typeof loginShape>; platform: Platform }

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

const insertLogin = statement(
  'insert_login',
  `insert into logins (state, nonce, browser_hash, platform_id, deployment_id, target) values ($1, $2, $3, $4, $5, $6)`,
)

/** `GET,POST /lti/login`: cookies first, then the platform, because what the platform sent may be used only once. */
export const login: RequestHandler = async (req, res) => {
  const found = await readLogin(req.method === 'POST' ? req.body : req.query)
  if (keepsCookies(req)) {
    await goToPlatform(res, found)
    return
  }
  res.cookie(PROBE, random(), TEN_MINUTES)
  res.redirect(303, `/lti/login/check?${new URLSearchParams(asSent(found.request)).toString()}`)
}

/** `GET /lti/login/check`: with a cookie, on to the platform; without one, a page whose form begins again in a new window. */
export function checkCookies(
  oneMoreClick: (res: Response, login: { fields: LoginRequest; authOrigin: string }) => Promise<void>,
): RequestHandler {
  return async (req, res) => {
    const found = await readLogin(req.query)
    if (keepsCookies(req)) await goToPlatform(res, found)
    else
      await oneMoreClick(res, {
        fields: asSent(found.request),
        authOrigin: new URL(found.platform.auth_url).origin,
      })
  }
}

async function readLogin(from: unknown): Promise<Login> {
  const read = loginShape.safeParse(from)
  if (!read.success) throw refused(400, 'LOGIN', new Error(z.prettifyError(read.error)))
  const { iss, client_id, target_link_uri } = read.data
  if (!isOurs(target_link_uri)) throw refused(400, 'TARGET')
  const platform = await findPlatform(iss, client_id)
  if (!platform) throw refused(400, 'PLATFORM_UNKNOWN')
  return { request: read.data, platform }
}

function isOurs(target: string): boolean {
  if (!URL.canParse(target)) return false
  const url = new URL(target)
  return url.origin === config.publicUrl && url.username === '' && url.password === ''
}

function asSent(request: z.infer<typeof loginShape>): LoginRequest {
  return Object.fromEntries(
    Object.entries(request).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}

async function goToPlatform(res: Response, { request, platform }: Login): Promise<void> {
  const [state, nonce, browser] = [random(), random(), random()]
  await insertLogin(
    state,
    nonce,
    hashOf(browser),
    platform.id,
    request.lti_deployment_id ?? null,
    request.target_link_uri,
  )
  const to = new URL(platform.auth_url)
  const query = {
    scope: 'openid',
    response_type: 'id_token',
    response_mode: 'form_post',
    prompt: 'none',
    client_id: platform.client_id,
    redirect_uri: `${config.publicUrl}/lti/launch`,
    login_hint: request.login_hint,
    ...(request.lti_message_hint !== undefined && { lti_message_hint: request.lti_message_hint }),
    state,
    nonce,
  }
  for (const [name, value] of Object.entries(query)) to.searchParams.set(name, value)
  res.cookie(loginCookie(state), browser, TEN_MINUTES).redirect(302, to.href)
}
