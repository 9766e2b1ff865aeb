import { randomInt } from 'node:crypto'
import { jwtVerify } from 'jose'
import { signClaims } from './signing.ts'
import { findTool } from './site.ts'
import type { Site } from './site.ts'
import type { Tool } from './tools.ts'

const NEW = 'reg'
const UPDATE = 'reg-update'
const SECONDS_TO_LIVE = 3600

/** What the platform adds to the registration address of a tool (dynamic registration 1.0, 3.2). */
export type RegistrationQuery = { openid_configuration: string; registration_token: string }

/** What a registration token allows: one new client id, or another registration of a tool that is there. */
export type Permit = { clientId: string; tool: Tool | undefined }
type Refusal = { status: number; text: string }

/** A token in the shape of Moodle 4.5: for a new tool, or to register a tool again. */
export async function makeRegistrationQuery(site: Site, update?: Tool): Promise<RegistrationQuery> {
  const now = Math.floor(Date.now() / 1000)
  const sub = update ? update.clientId : makeClientId()
  const claims = { sub, scope: update ? UPDATE : NEW, iat: now, exp: now + SECONDS_TO_LIVE }
  return {
    openid_configuration: `${site.url}/openid-configuration`,
    registration_token: await signClaims(site.key, claims),
  }
}

/** Undefined for what Moodle meets with an error page: no token of ours, or one that is too old. */
export async function readPermit(site: Site, token: string): Promise<Permit | Refusal | undefined> {
  const claims = await verify(site, token)
  const { sub = '', scope } = claims ?? {}
  if (!claims) return undefined
  const tool = findTool(site, sub)
  if (scope === NEW) return tool ? { status: 401, text: 'token_already_used' } : { clientId: sub, tool: undefined }
  if (scope !== UPDATE) return { status: 403, text: 'Incorrect scope' }
  return tool ? { clientId: tool.clientId, tool } : { status: 400, text: 'Unknown client' }
}

async function verify({ key }: Site, token: string): Promise<{ sub?: string; scope?: unknown } | undefined> {
  try {
    const { payload } = await jwtVerify(token, key.publicKey, { algorithms: ['RS256'] })
    return payload
  } catch {
    return undefined
  }
}

/** Fifteen letters and digits, as Moodle makes them. */
function makeClientId(): string {
  const signs = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
  return Array.from({ length: 15 }, () => signs[randomInt(signs.length)]).join('')
}
