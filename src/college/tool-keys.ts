import { compactVerify, decodeJwt, decodeProtectedHeader, importJWK } from 'jose'
import type { JSONWebKeySet, JWTPayload } from 'jose'
import type { Site } from './site.ts'
import type { Tool } from './tools.ts'

/** The tool's key set could not be read. */
export const UNREACHABLE = 'Error reading the keyset'

/**
 * What is wrong with a JWT of the tool; undefined when nothing is. Moodle keeps the tool's key set and fetches it anew
 * whenever a JWT does not pass, whatever is wrong with it.
 */
export async function faultOfJwt({ toolKeys }: Site, tool: Tool, jwt: string): Promise<string | undefined> {
  const known = toolKeys.get(tool.clientId)
  if (known && (await findFault(jwt, known)) === undefined) return undefined
  const keys = await fetchKeys(tool.keysUrl)
  if (!keys) return UNREACHABLE
  toolKeys.set(tool.clientId, keys)
  return findFault(jwt, keys)
}

/** The claims of a JWT, not verified; undefined when it is none. */
export function claimsIn(jwt: string): JWTPayload | undefined {
  try {
    return decodeJwt(jwt)
  } catch {
    return undefined
  }
}

async function fetchKeys(url: string): Promise<JSONWebKeySet | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(10_000) })
    const read = (await response.json()) as Partial<JSONWebKeySet> | null
    return response.ok && Array.isArray(read?.keys) ? { keys: read.keys } : undefined
  } catch {
    return undefined
  }
}

/** In the order and the words of the library that Moodle uses. It looks at neither `aud` nor `jti`, and needs no `exp`. */
async function findFault(jwt: string, { keys }: JSONWebKeySet): Promise<string | undefined> {
  const header = headerOf(jwt)
  if (header?.alg !== 'RS256') return 'Incorrect key for this algorithm'
  const key = keys.find(({ kid }) => kid === header.kid)
  if (header.kid === undefined || !key) return '"kid" invalid, unable to lookup correct key'
  try {
    await compactVerify(jwt, await importJWK(key, 'RS256'), { algorithms: ['RS256'] })
  } catch {
    return 'Signature verification failed'
  }
  return faultOfTimes(claimsIn(jwt) ?? {})
}

function faultOfTimes({ iat, exp }: JWTPayload): string | undefined {
  const now = Math.floor(Date.now() / 1000)
  if (iat !== undefined && iat > now)
    return `Cannot handle token with iat prior to ${new Date(iat * 1000).toISOString()}`
  return exp !== undefined && exp <= now ? 'Expired token' : undefined
}

function headerOf(jwt: string): { alg?: string | undefined; kid?: string | undefined } | undefined {
  try {
    return decodeProtectedHeader(jwt)
  } catch {
    return undefined
  }
}
