import { z } from 'zod'
import { ask } from './outbound.ts'
import { originsOf, type Platform } from './platforms.ts'
import { signMessage } from './tool-keys.ts'

/** An answer of a service, read whole. */
export type ServiceAnswer = {
  status: number
  body: string
  contentType: string
  link: string | undefined
  retryAfterMs: number | undefined
}
type ServiceRequest = {
  url: URL
  method: 'GET' | 'POST' | 'PUT'
  headers: Record<string, string>
  body?: string
  longest?: number
}

const LEEWAY_MS = 60_000
const tokenShape = z.object({
  access_token: z.string().min(1).max(10_000),
  expires_in: z.coerce.number().positive().catch(3600),
})

type Token = { text: string; until: number }
type Kept = { until: number; token: Promise<Token> }
const tokens = new Map<string, Kept>()

/** Asks for a new token, whether there is one already or not: to see that it is given. @throws as `callService` does */
export async function renewToken(platform: Platform, scopes: readonly string[]): Promise<void> {
  tokens.delete(keyOf(platform, scopes))
  await tokenFor(platform, scopes)
}

/** For tests: as if the process had just begun. */
export function forgetTokens(): void {
  tokens.clear()
}

/**
 * Calls a service of a platform with an access token for the scopes: one token for all until it is about to end, one
 * request for it at a time, and once a new one when the platform no longer takes it. Deadline 10 s, no redirects; the
 * token goes to the platform's own origins alone.
 * @throws when no answer comes, or, when the platform gives no token, an error with the `status` it answered
 */
export async function callService(
  platform: Platform,
  scopes: readonly string[],
  request: ServiceRequest,
): Promise<ServiceAnswer> {
  if (!originsOf(platform).includes(request.url.origin))
    throw new Error('The service is not on an origin of the platform')
  const token = await tokenFor(platform, scopes)
  const first = await send(request, token)
  if (first.status !== 401) return first
  await forgetToken(keyOf(platform, scopes), token)
  return send(request, await tokenFor(platform, scopes))
}

async function send(request: ServiceRequest, token: string): Promise<ServiceAnswer> {
  const { status, body, header } = await ask({
    ...request,
    headers: { ...request.headers, authorization: `Bearer ${token}` },
  })
  const contentType = header('content-type') ?? ''
  return { status, body, contentType, link: header('link'), retryAfterMs: retryAfter(header('retry-after')) }
}

function retryAfter(value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now()
  return Number.isFinite(ms) && ms > 0 ? Math.min(ms, 6 * 3_600_000) : undefined
}

const keyOf = (platform: Platform, scopes: readonly string[]) => `${platform.id} ${[...scopes].sort().join(' ')}`

async function tokenFor(platform: Platform, scopes: readonly string[]): Promise<string> {
  const key = keyOf(platform, scopes)
  const kept = tokens.get(key)
  if (kept && kept.until > Date.now()) return (await kept.token).text
  // Whoever comes first asks; the others wait for the same answer.
  const asked: Kept = { until: Infinity, token: requestToken(platform, scopes) }
  tokens.set(key, asked)
  try {
    const token = await asked.token
    asked.until = token.until
    return token.text
  } catch (error) {
    if (tokens.get(key) === asked) tokens.delete(key)
    throw error
  }
}

/** Only the one that was refused: another call may have a newer one by now. */
async function forgetToken(key: string, text: string): Promise<void> {
  const kept = tokens.get(key)
  if (kept && kept.until < Infinity && (await kept.token).text === text) tokens.delete(key)
}

async function requestToken({ client_id, token_url }: Platform, scopes: readonly string[]): Promise<Token> {
  const { status, body } = await ask({
    url: token_url,
    method: 'POST',
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      // How a platform knows us (RFC 7523).
      client_assertion: await signMessage({ iss: client_id, sub: client_id, aud: token_url }),
      scope: scopes.join(' '),
    }).toString(),
  })
  const read = status === 200 ? tokenShape.safeParse(parseJson(body)) : undefined
  if (!read?.success) throw Object.assign(new Error(`No access token (${status})`), { status })
  return { text: read.data.access_token, until: Date.now() + read.data.expires_in * 1000 - LEEWAY_MS }
}

/** Some platforms answer with what is not JSON when they refuse. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
