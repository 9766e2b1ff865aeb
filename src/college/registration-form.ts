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

type Json = Record<string, unknown>
/** All that a tool says of itself; the rest is the college's. */
export type Registration = Omit<Tool, 'clientId' | 'deploymentId' | 'state' | 'shownInChooser'>

/** A tool's registration (dynamic registration 1.0, 3.5) with the checks of Moodle 4.5, in its order and its words. */
export function readRegistration(body: Json): Registration | { refused: string } {
  const configuration = objectOf(body[TOOL_CONFIGURATION])
  const refused = faultOfMissing(body) ?? faultOfDomain(configuration) ?? faultOfProtocol(body)
  if (refused !== undefined) return { refused }
  const claims = listOf(configuration['claims'])
  return {
    name: textOf(body['client_name']),
    description: textOf(configuration['description']),
    iconUrl: textOf(body['logo_uri']),
    loginUrl: textOf(body['initiate_login_uri']),
    redirectUris: listOf(body['redirect_uris']),
    launchUrl: targetOf(configuration),
    deepLinkingUrl: deepLinkingUrlOf(configuration['messages']),
    keysUrl: textOf(body['jwks_uri']),
    domain: textOf(configuration['domain']),
    scopes: scopesFrom(textOf(body['scope']).split(' ')),
    shares: {
      name: ['name', 'given_name', 'family_name'].some((claim) => claims.includes(claim)),
      email: claims.includes('email'),
    },
    custom: customFrom(configuration['custom_parameters']),
  }
}

function faultOfMissing(body: Json): string | undefined {
  const missing = REQUIRED.find((name) => isEmpty(body[name]))
  return missing && `missing required attribute ${missing}`
}

function faultOfDomain(configuration: Json): string | undefined {
  const domain = textOf(configuration['domain'])
  if (domain === '') return 'missing_domain'
  return domainIn(domain) === domainIn(targetOf(configuration)) ? undefined : 'domain_targetlinkuri_mismatch'
}

function faultOfProtocol(body: Json): string | undefined {
  if (!listOf(body['response_types']).includes('id_token')) return 'invalid_response_types'
  if (!Array.isArray(body['redirect_uris'])) return 'invalid_redirect_uris'
  if (body['token_endpoint_auth_method'] !== 'private_key_jwt') return 'invalid_token_endpoint_auth_method'
  const application = body['application_type']
  return isEmpty(application) || application === 'web' ? undefined : 'invalid_application_type'
}

function targetOf(configuration: Json): string {
  return textOf(configuration['target_link_uri']) || `https://${textOf(configuration['domain'])}`
}

/** Host and port, without "www.", of an address or of a bare domain. */
export function domainIn(text: string): string {
  const [, authority = ''] = /^(?:https?:\/\/)?(?:www\.)?([^/?#]*)/i.exec(text) ?? []
  return authority.toLowerCase()
}

/** Of the messages only this one has an effect; without an address of its own, the tool URL serves. */
function deepLinkingUrlOf(messages: unknown): string | null {
  const all: unknown[] = Array.isArray(messages) ? messages : []
  const found = all.map(objectOf).find(({ type }) => type === 'LtiDeepLinkingRequest')
  return found ? textOf(found['target_link_uri']) : null
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

/** Moodle keeps them as text. */
function customFrom(given: unknown): Record<string, string> {
  const entries = Object.entries(objectOf(given))
  return Object.fromEntries(entries.map(([name, value]) => [name, value === true ? '1' : textOf(value)]))
}

/** What PHP calls empty. */
function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0
  return !value || value === '0'
}

function objectOf(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}
}

function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}
