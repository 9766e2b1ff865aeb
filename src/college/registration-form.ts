import { objectIn, parametersIn, textIn, textsIn } from './json.ts'
import type { Json } from './json.ts'
import { GRADE_SCOPES, SCOPES } from './scopes.ts'
import type { Tool } from './tools.ts'

export const TOOL_CONFIGURATION = 'https://purl.imsglobal.org/spec/lti-tool-configuration'
const REQUIRED = [
  'response_types',
  'initiate_login_uri',
  'redirect_uris',
  'client_name',
  'jwks_uri',
  'token_endpoint_auth_method',
  TOOL_CONFIGURATION,
]

/** All that a tool says of itself; the rest is the college's. */
export type Registration = Omit<Tool, 'clientId' | 'deploymentId' | 'state' | 'shownInChooser'>

/** A tool's registration (dynamic registration 1.0, 3.5) with the checks of Moodle 4.5, in its order and its words. */
export function readRegistration(body: Json): Registration | { refused: string } {
  const configuration = objectIn(body[TOOL_CONFIGURATION])
  const refused = faultOfMissing(body) ?? faultOfDomain(configuration) ?? faultOfProtocol(body)
  if (refused !== undefined) return { refused }
  const claims = textsIn(configuration['claims'])
  return {
    name: textIn(body['client_name']),
    description: textIn(configuration['description']),
    iconUrl: textIn(body['logo_uri']),
    loginUrl: textIn(body['initiate_login_uri']),
    redirectUris: textsIn(body['redirect_uris']),
    launchUrl: targetOf(configuration),
    deepLinkingUrl: deepLinkingUrlOf(configuration['messages']),
    keysUrl: textIn(body['jwks_uri']),
    domain: textIn(configuration['domain']),
    scopes: scopesFrom(textIn(body['scope']).split(' ')),
    shares: {
      name: ['name', 'given_name', 'family_name'].some((claim) => claims.includes(claim)),
      email: claims.includes('email'),
    },
    custom: parametersIn(configuration['custom_parameters']),
  }
}

function faultOfMissing(body: Json): string | undefined {
  const missing = REQUIRED.find((name) => isEmpty(body[name]))
  return missing && `missing required attribute ${missing}`
}

function faultOfDomain(configuration: Json): string | undefined {
  const domain = textIn(configuration['domain'])
  if (domain === '') return 'missing_domain'
  return domainIn(domain) === domainIn(targetOf(configuration)) ? undefined : 'domain_targetlinkuri_mismatch'
}

function faultOfProtocol(body: Json): string | undefined {
  if (!textsIn(body['response_types']).includes('id_token')) return 'invalid_response_types'
  if (!Array.isArray(body['redirect_uris'])) return 'invalid_redirect_uris'
  if (body['token_endpoint_auth_method'] !== 'private_key_jwt') return 'invalid_token_endpoint_auth_method'
  const application = body['application_type']
  return isEmpty(application) || application === 'web' ? undefined : 'invalid_application_type'
}

function targetOf(configuration: Json): string {
  return textIn(configuration['target_link_uri']) || `https://${textIn(configuration['domain'])}`
}

/** Host and port, without "www.", of an address or of a bare domain. */
export function domainIn(text: string): string {
  const [, authority = ''] = /^(?:https?:\/\/)?(?:www\.)?([^/?#]*)/i.exec(text) ?? []
  return authority.toLowerCase()
}

/** Of the messages only this one has an effect; without an address of its own, the tool URL serves. */
function deepLinkingUrlOf(messages: unknown): string | null {
  const all: unknown[] = Array.isArray(messages) ? messages : []
  const found = all.map(objectIn).find(({ type }) => type === 'LtiDeepLinkingRequest')
  return found ? textIn(found['target_link_uri']) : null
}

/** Moodle switches whole services on: one scope of the grades brings all that only read columns, and the scores. */
function scopesFrom(asked: string[]): string[] {
  const grades = GRADE_SCOPES.some((scope) => asked.includes(scope))
  return [
    ...(asked.includes(SCOPES.lineItem) ? [SCOPES.lineItem] : []),
    ...(grades ? [SCOPES.lineItemReadOnly, SCOPES.resultReadOnly, SCOPES.score] : []),
    ...(asked.includes(SCOPES.memberships) ? [SCOPES.memberships] : []),
  ]
}

/** What PHP calls empty. */
function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0
  return !value || value === '0'
}
