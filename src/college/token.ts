import { randomBytes } from 'node:crypto'
import { compactVerify, decodeJwt, decodeProtectedHeader, importJWK } from 'jose'
import type { JSONWebKeySet, JWTPayload } from 'jose'
import express from 'express'
import type { Express, Request, Response } from 'express'
import { applyFault } from './faults.ts'
import { CLIENT_ID, SCOPES } from './registration.ts'
import { fieldOf } from './requests.ts'
import type { Site } from './site.ts'

const SECONDS_TO_LIVE = 3600
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
const PERMITTED: readonly string[] = Object.values(SCOPES)

/** What a token request comes to. `unreachable`: the tool's key set could not be read. */
type Verdict = { scopes: string[] } | { error: string } | { unreachable: true }

/** The token endpoint (LTI security 4.1, RFC 7523), with the checks and the oddities of Moodle 4.5. */
export function serveTokens(app: Express, site: Site): void {
  app.post('/token', applyFault(site.faults, 'token'), express.urlencoded({ extended: false }), async (req, res) => {
    answer(site, res, await judge(site, req))
  })
}

async function judge(site: Site, req: Request): Promise<Verdict> {
  const error = faultOfRequest(req)
  if (error !== undefined) return { error }
  const assertion = fieldOf(req, 'client_assertion')
  const subject = claimsIn(assertion)?.sub
  if (subject !== CLIENT_ID) return { error: subject ? 'invalid_client' : 'invalid_request' }
  const fault = await faultOfAssertion(site, assertion)
  if (fault === 'unreachable') return { unreachable: true }
  if (fault !== undefined) return { error: fault }
  const scopes = fieldOf(req, 'scope')
    .split(' ')
    .filter((scope) => PERMITTED.includes(scope))
  return scopes.length > 0 ? { scopes } : { error: 'invalid_scope' }
}

function faultOfRequest(req: Request): string | undefined {
  const [assertion, type, grant, scope] = ['client_assertion', 'client_assertion_type', 'grant_type', 'scope'].map(
    (name) => fieldOf(req, name),
  )
  if (!isForm(req) || !assertion || !type || !grant || !scope) return 'invalid_request'
  return type === ASSERTION_TYPE && grant === 'client_credentials' ? undefined : 'unsupported_grant_type'
}

function isForm(req: Request): boolean {
  return (req.get('content-type') ?? '').split(';')[0] === 'application/x-www-form-urlencoded'
}

/**
 * Moodle answers JSON as text/html, and writes it by hand: an error with quotation marks in it is not JSON.
 * It makes a new token on each call; they are opaque.
 */
function answer({ tokens }: Site, res: Response, verdict: Verdict): void {
  res.type('html')
  if ('unreachable' in verdict) {
    res
      .status(404)
      .send(
        '<!DOCTYPE html>\n<html lang="en"><title>Error | Demo college</title><p>Error reading the keyset</p></html>',
      )
    return
  }
  if ('error' in verdict) {
    res.status(400).send(`{\n  "error" : "${verdict.error}"\n}`)
    return
  }
  const token = randomBytes(16).toString('hex')
  tokens.set(token, { scopes: verdict.scopes, expiresAt: Date.now() + SECONDS_TO_LIVE * 1000 })
  const members = [
    `"access_token" : "${token}"`,
    '"token_type" : "Bearer"',
    `"expires_in" : ${SECONDS_TO_LIVE}`,
    `"scope" : "${verdict.scopes.join(' ')}"`,
  ]
  res.send(`{\n  ${members.join(',\n  ')}\n}`)
}

/** Moodle keeps the tool's key set and fetches it anew whenever an assertion does not pass, whatever is wrong with it. */
async function faultOfAssertion(site: Site, assertion: string): Promise<string | undefined> {
  if (site.toolKeys && (await findFault(assertion, site.toolKeys)) === undefined) return undefined
  const keys = await fetchKeys(site.tool.keys)
  if (!keys) return 'unreachable'
  site.toolKeys = keys
  return findFault(assertion, keys)
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
async function findFault(assertion: string, { keys }: JSONWebKeySet): Promise<string | undefined> {
  const header = headerOf(assertion)
  if (header?.alg !== 'RS256') return 'Incorrect key for this algorithm'
  const key = keys.find(({ kid }) => kid === header.kid)
  if (header.kid === undefined || !key) return '"kid" invalid, unable to lookup correct key'
  try {
    await compactVerify(assertion, await importJWK(key, 'RS256'), { algorithms: ['RS256'] })
  } catch {
    return 'Signature verification failed'
  }
  return faultOfTimes(claimsIn(assertion) ?? {})
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

function claimsIn(jwt: string): JWTPayload | undefined {
  try {
    return decodeJwt(jwt)
  } catch {
    return undefined
  }
}
