import { randomBytes } from 'node:crypto'
import express from 'express'
import type { Express, Request, RequestHandler, Response } from 'express'
import { applyFault } from './faults.ts'
import { fieldOf } from './requests.ts'
import type { Site } from './site.ts'
import { claimsIn, faultOfJwt, UNREACHABLE } from './tool-keys.ts'
import type { Tool } from './tools.ts'

const SECONDS_TO_LIVE = 3600
const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'

/** What a token request comes to. `unreachable`: the tool's key set could not be read. */
type Verdict = { tool: Tool; scopes: string[] } | { error: string } | { unreachable: true }

/** The token endpoint (LTI security 4.1, RFC 7523), with the checks and the oddities of Moodle 4.5. */
export function serveTokens(app: Express, site: Site): void {
  const form = express.urlencoded({ extended: false })
  app.post('/token', countRequest(site), applyFault(site.faults, 'token'), form, async (req, res) => {
    answer(site, res, await judge(site, req))
  })
}

function countRequest({ fetched }: Site): RequestHandler {
  return (_req, _res, next) => {
    fetched.tokens += 1
    next()
  }
}

/** A pending tool gets tokens too: Moodle does not ask for the state. */
async function judge(site: Site, req: Request): Promise<Verdict> {
  const error = faultOfRequest(req)
  if (error !== undefined) return { error }
  const assertion = fieldOf(req, 'client_assertion')
  const subject = claimsIn(assertion)?.sub
  if (!subject) return { error: 'invalid_request' }
  const tool = site.store.data.tools.find(({ clientId }) => clientId === subject)
  if (!tool) return { error: 'invalid_client' }
  const fault = await faultOfJwt(site, tool, assertion)
  if (fault === UNREACHABLE) return { unreachable: true }
  return fault === undefined ? grant(tool, fieldOf(req, 'scope')) : { error: fault }
}

/** What was asked for and is permitted. */
function grant(tool: Tool, asked: string): Verdict {
  const scopes = asked.split(' ').filter((scope) => tool.scopes.includes(scope))
  return scopes.length > 0 ? { tool, scopes } : { error: 'invalid_scope' }
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
  const { tool, scopes } = verdict
  tokens.set(token, { clientId: tool.clientId, scopes, expiresAt: Date.now() + SECONDS_TO_LIVE * 1000 })
  const members = [
    `"access_token" : "${token}"`,
    '"token_type" : "Bearer"',
    `"expires_in" : ${SECONDS_TO_LIVE}`,
    `"scope" : "${scopes.join(' ')}"`,
  ]
  res.send(`{\n  ${members.join(',\n  ')}\n}`)
}
