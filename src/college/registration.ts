import express from 'express'
import type { Express, Request, Response } from 'express'
import { VARIABLE_NAMES } from './custom.ts'
import { applyFault } from './faults.ts'
import { readRegistration, TOOL_CONFIGURATION } from './registration-form.ts'
import { readPermit } from './registration-tokens.ts'
import { readObject, textOf } from './requests.ts'
import { GRADE_SCOPES, SCOPES } from './scopes.ts'
import type { Site } from './site.ts'
import { register } from './tool-changes.ts'
import type { Tool } from './tools.ts'

/** Dynamic registration (1.0), as Moodle 4.5 was observed to serve it: its configuration, and where a tool posts its own. */
export function serveRegistration(app: Express, site: Site): void {
  app.get('/openid-configuration', applyFault(site.faults, 'configuration'), (_req, res) => {
    res.json(configurationOf(site))
  })
  const text = express.text({ type: () => true, limit: '1mb' })
  app.post('/openid-registration', text, applyFault(site.faults, 'registration'), (req, res) => receive(site, req, res))
}

function configurationOf({ url }: Site): object {
  return {
    issuer: url,
    token_endpoint: `${url}/token`,
    token_endpoint_auth_methods_supported: ['private_key_jwt'],
    token_endpoint_auth_signing_alg_values_supported: ['RS256'],
    jwks_uri: `${url}/certs`,
    authorization_endpoint: `${url}/auth`,
    registration_endpoint: `${url}/openid-registration`,
    scopes_supported: [...Object.values(SCOPES), 'openid'],
    response_types_supported: ['id_token'],
    subject_types_supported: ['public', 'pairwise'],
    id_token_signing_alg_values_supported: ['RS256'],
    claims_supported: ['sub', 'iss', 'name', 'given_name', 'family_name', 'email'],
    'https://purl.imsglobal.org/spec/lti-platform-configuration': {
      product_family_code: 'moodle',
      version: '4.5.6 (Build: 20250811)',
      messages_supported: [
        { type: 'LtiResourceLinkRequest' },
        { type: 'LtiDeepLinkingRequest', placements: ['ContentArea'] },
      ],
      variables: VARIABLE_NAMES,
    },
  }
}

type Outcome = { tool: Tool } | { status: number; text: string }

/** Success is 200, not 201; refusals are plain text, and what is no token of ours meets an error page. */
async function receive(site: Site, req: Request, res: Response): Promise<void> {
  const outcome = await judge(site, req)
  if ('tool' in outcome) res.json(toolAsJson(outcome.tool))
  else res.status(outcome.status).type('html').send(outcome.text)
}

async function judge(site: Site, req: Request): Promise<Outcome> {
  const [, token] = /^Bearer (.+)$/.exec(req.get('authorization') ?? '') ?? []
  if (token === undefined) return { status: 401, text: 'missing_registration_token' }
  const permit = await readPermit(site, token.trim())
  if (!permit) return { status: 404, text: ERROR_PAGE }
  if ('status' in permit) return permit
  const registration = readRegistration(readObject(textOf(req)) ?? {})
  if ('refused' in registration) return { status: 400, text: registration.refused }
  return { tool: await register(site, permit, registration) }
}

const ERROR_PAGE =
  '<!DOCTYPE html>\n<html lang="en"><head><title>Error | Demo college</title></head><body><p>Wrong number of segments</p></body></html>'

/** The answer in the order of Moodle, which repeats the tool's words as it understood them. */
function toolAsJson(tool: Tool): object {
  return {
    client_id: tool.clientId,
    response_types: ['id_token'],
    jwks_uri: tool.keysUrl,
    initiate_login_uri: tool.loginUrl,
    grant_types: ['client_credentials', 'implicit'],
    redirect_uris: tool.redirectUris,
    application_type: 'web',
    token_endpoint_auth_method: 'private_key_jwt',
    client_name: tool.name,
    logo_uri: tool.iconUrl,
    scope: scopeSaid(tool).join(' '),
    [TOOL_CONFIGURATION]: {
      version: '1.3.0',
      deployment_id: tool.deploymentId,
      target_link_uri: tool.launchUrl,
      domain: tool.domain,
      description: tool.description,
      ...messagesSaid(tool),
      ...customSaid(tool),
      claims: claimsSaid(tool),
    },
  }
}

/** Whoever gets one scope of the grades is told all four, also if the token will not be good for it: a slip of Moodle. */
function scopeSaid({ scopes }: Tool): string[] {
  const grades = [SCOPES.score, SCOPES.resultReadOnly, SCOPES.lineItemReadOnly, SCOPES.lineItem]
  return [
    ...(GRADE_SCOPES.some((scope) => scopes.includes(scope)) ? grades : []),
    ...(scopes.includes(SCOPES.memberships) ? [SCOPES.memberships] : []),
  ]
}

function messagesSaid({ deepLinkingUrl }: Tool): object {
  return deepLinkingUrl === null
    ? {}
    : { messages: [{ type: 'LtiDeepLinkingRequest', target_link_uri: deepLinkingUrl }] }
}

/** A value is told up to its first "=", another slip; launches send it whole. */
function customSaid({ custom }: Tool): object {
  const entries = Object.entries(custom).map(([name, value]) => [name, value.split('=')[0]])
  return entries.length > 0 ? { custom_parameters: Object.fromEntries(entries) as object } : {}
}

function claimsSaid({ shares }: Tool): string[] {
  return [
    'sub',
    'iss',
    ...(shares.name ? ['name', 'family_name', 'given_name'] : []),
    ...(shares.email ? ['email'] : []),
  ]
}
