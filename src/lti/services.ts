import { z } from 'zod'
import { limitedText } from './platform-keys.ts'
import { clientAssertion } from './tool-keys.ts'

/** What a service call needs to know of the platform. */
export type ServicePlatform = {
  id: number
  clientId: string
  issuer: string
  tokenUrl: string
}
/** An answer of a service, read whole; or the fact that none came in time. */
export type ServiceAnswer = { status: number; body: string; contentType: string; retryAfterMs: number | undefined }

const DEADLINE_MS = 10_000
const LEEWAY_MS = 60_000
const tokenShape = z.object({
  access_token: z.string().min(1).max(10_000),
  expires_in: z.coerce.number().positive().catch(3600),
})

type Token = { text: string; until: number }
type Kept = { until: number; token: Promise<Token> }
const tokens = new Map<string, Kept>()

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
  platform: ServicePlatform,
  scopes: readonly string[],
  request: { url: URL; method: string; headers: Record<string, string>; body?: string },
): Promise<ServiceAnswer> {
  if (!originsOf(platform).includes(request.url.origin))
    throw new Error('The service is not on an origin of the platform')
  const token = await tokenFor(platform, scopes)
  const first = await send(request, token)
  if (first.status !== 401) return first
  await forgetToken(keyOf(platform, scopes), token)
  return send(request, await tokenFor(platform, scopes))
}

function originsOf({ issuer, tokenUrl }: ServicePlatform): string[] {
  return [new URL(issuer).origin, new URL(tokenUrl).origin]
}

async function send(
  { url, method, headers, body }: { url: URL; method: string; headers: Record<string, string>; body?: string },
  token: string,
): Promise<ServiceAnswer> {
  const answer = await fetch(url, {
    method,
    headers: { ...headers, authorization: `Bearer ${token}`, 'user-agent': 'Signpost' },
    redirect: 'error',
    signal: AbortSignal.timeout(DEADLINE_MS),
    ...(body !== undefined && { body }),
  })
  return {
    status: answer.status,
    body: await limitedText(answer),
    contentType: answer.headers.get('content-type') ?? '',
    retryAfterMs: retryAfter(answer.headers.get('retry-after')),
  }
}

function retryAfter(value: string | null): number | undefined {
  if (value === null) return undefined
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now()
  return Number.isFinite(ms) && ms > 0 ? Math.min(ms, 6 * 3_600_000) : undefined
}

const keyOf = (platform: ServicePlatform, scopes: readonly string[]) => `${platform.id} ${[...scopes].sort().join(' ')}`

async function tokenFor(platform: ServicePlatform, scopes: readonly string[]): Promise<string> {
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

async function requestToken({ clientId, tokenUrl }: ServicePlatform, scopes: readonly string[]): Promise<Token> {
  const answer = await fetch(tokenUrl, {
    method: 'POST',
    redirect: 'error',
    signal: AbortSignal.timeout(DEADLINE_MS),
    headers: { accept: 'application/json', 'user-agent': 'Signpost' },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: await clientAssertion(clientId, tokenUrl),
      scope: scopes.join(' '),
    }),
  })
  const body = await limitedText(answer)
  const read = answer.ok ? tokenShape.safeParse(parseJson(body)) : undefined
  if (!read?.success) throw Object.assign(new Error(`No access token (${answer.status})`), { status: answer.status })
  return { text: read.data.access_token, until: Date.now() + read.data.expires_in * 1000 - LEEWAY_MS }
}

/** Some platforms answer with what is not JSON when they refuse. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
