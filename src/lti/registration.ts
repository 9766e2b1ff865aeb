import { z } from 'zod'
import { config } from '../../config/index.ts'
import { refused } from '../web/errors.ts'
import { plain } from './claims.ts'
import { ask, mayBeAsked, type OutboundAnswer, type OutboundRequest } from './outbound.ts'
import { saveRegistration, type PlatformState } from './platforms.ts'
import { withRegistrationCode } from './registration-codes.ts'
import { SCOPE } from './scopes.ts'
import { parseJson } from './services.ts'

/** Dynamic registration (LTI Dynamic Registration 1.0), as Moodle 4.5 was observed to do it. */
const queryShape = z.object({
  code: z.string().regex(/^[\w-]{20,100}$/),
  openid_configuration: z.string().max(2048).refine(mayBeAsked),
  registration_token: z.string().min(1).max(8192).optional(),
})
export type RegistrationRequest = z.infer<typeof queryShape>

const TOOL = 'https://purl.imsglobal.org/spec/lti-tool-configuration'
const PLATFORM = 'https://purl.imsglobal.org/spec/lti-platform-configuration'
const askable = z.string().max(2048).refine(mayBeAsked)
const configurationShape = z.looseObject({
  issuer: plain(),
  authorization_endpoint: askable,
  token_endpoint: askable,
  jwks_uri: askable,
  registration_endpoint: askable,
  [PLATFORM]: z
    .looseObject({ product_family_code: plain(60), version: plain(60) })
    .optional()
    .catch(undefined),
})
type Configuration = z.infer<typeof configurationShape>
const answerShape = z.looseObject({
  client_id: plain(),
  [TOOL]: z.looseObject({ deployment_id: plain().optional() }).optional(),
})

export type Registered = {
  platformId: number
  name: string
  state: PlatformState
  isMoodle: boolean
  /** Where the page that registers us is: it may show our answer, and it is told to close. */
  origin: string
}

/** What a registration asks for, or a refusal. */
export function readRegistration(query: unknown): RegistrationRequest {
  const read = queryShape.safeParse(query)
  if (read.success) return read.data
  const wrong = new Set(read.error.issues.map(({ path }) => path[0]))
  throw refused(wrong.has('code') ? 403 : 400, wrong.has('code') ? 'REGISTRATION_CODE' : 'REGISTRATION')
}

/**
 * Registers us with the platform that asks for it, and keeps what it says of itself; it waits for the operator then.
 * @throws 403 REGISTRATION_CODE; 400 REGISTRATION_CONFIGURATION, REGISTRATION_REFUSED; 503 REGISTRATION_UNANSWERED
 */
export async function register(request: RegistrationRequest): Promise<Registered> {
  const registered = await withRegistrationCode(request.code, () => registerOnce(request))
  if (!registered) throw refused(403, 'REGISTRATION_CODE')
  return registered
}

async function registerOnce(request: RegistrationRequest): Promise<Registered> {
  const at = new URL(request.openid_configuration)
  const configuration = await readConfiguration(at)
  const { clientId, deploymentId } = await postRegistration(configuration, request.registration_token)
  const { product_family_code: family, version } = configuration[PLATFORM] ?? {}
  const { id, state } = await saveRegistration({
    name: at.host,
    issuer: configuration.issuer,
    clientId,
    deploymentId,
    authUrl: configuration.authorization_endpoint,
    tokenUrl: configuration.token_endpoint,
    jwksUrl: configuration.jwks_uri,
    product: family === undefined ? undefined : [family, version].join(' ').trim(),
  })
  return { platformId: id, name: at.host, state, isMoodle: family === 'moodle', origin: at.origin }
}

/** A platform speaks for itself alone: an issuer on another host could be somebody else's. */
async function readConfiguration(at: URL): Promise<Configuration> {
  const answer = await answerTo({ url: at, headers: { accept: 'application/json' } })
  const read = answer.status === 200 ? configurationShape.safeParse(parseJson(answer.body)) : undefined
  if (!read?.success) throw refused(400, 'REGISTRATION_CONFIGURATION', new Error(`Status ${answer.status}`))
  const { issuer } = read.data
  if (!URL.canParse(issuer) || new URL(issuer).host !== at.host) throw refused(400, 'REGISTRATION_ISSUER')
  return read.data
}

async function postRegistration(configuration: Configuration, token: string | undefined) {
  const answer = await answerTo({
    url: configuration.registration_endpoint,
    method: 'POST',
    headers: {
      accept: 'application/json',
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(toolRegistration()),
  })
  const { client_id: clientId, [TOOL]: tool } = readAnswer(answer)
  return { clientId, deploymentId: tool?.deployment_id }
}

/** Moodle answers 200 where the specification says 201. */
function readAnswer(answer: OutboundAnswer): z.infer<typeof answerShape> {
  const isGood = answer.status === 200 || answer.status === 201
  const read = isGood ? answerShape.safeParse(parseJson(answer.body)) : undefined
  if (!read?.success) throw refusedBy(answer)
  return read.data
}

/** Moodle's reasons are a few plain words: they help whoever registers, and nothing else of an answer is shown. */
function refusedBy({ status, body }: OutboundAnswer): Error {
  const said = /^[\w .:/-]{1,120}$/.test(body) ? body : undefined
  return Object.assign(refused(400, 'REGISTRATION_REFUSED', new Error(`Status ${status}`)), { said })
}

async function answerTo(request: OutboundRequest): Promise<OutboundAnswer> {
  try {
    return await ask(request)
  } catch (cause) {
    throw refused(503, 'REGISTRATION_UNANSWERED', cause)
  }
}

/** Our own variables: what they bring back is read in launch.ts. */
const CUSTOM = {
  context_id_history: '$Context.id.history',
  resource_link_id: '$ResourceLink.id',
  group_ids: '$Moodle.Person.userGroupIds',
  user_id: '$User.id',
}

function toolRegistration(): object {
  const { publicUrl } = config
  const launch = `${publicUrl}/lti/launch`
  return {
    application_type: 'web',
    response_types: ['id_token'],
    grant_types: ['implicit', 'client_credentials'],
    initiate_login_uri: `${publicUrl}/lti/login`,
    redirect_uris: [launch],
    client_name: 'Signpost',
    client_uri: publicUrl,
    jwks_uri: `${publicUrl}/lti/keys`,
    token_endpoint_auth_method: 'private_key_jwt',
    scope: Object.values(SCOPE).join(' '),
    [TOOL]: {
      domain: new URL(publicUrl).host, // with the port: Moodle compares it with the target's
      description: 'E-mentoring: mentees and mentors, their contacts, and one number in the gradebook',
      target_link_uri: launch,
      custom_parameters: CUSTOM,
      claims: ['iss', 'sub', 'name', 'given_name', 'family_name', 'email'],
      messages: [
        { type: 'LtiDeepLinkingRequest', target_link_uri: launch, label: 'Signpost', placements: ['ContentArea'] },
        { type: 'LtiResourceLinkRequest' },
      ],
    },
  }
}
