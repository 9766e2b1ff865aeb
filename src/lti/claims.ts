import { z } from 'zod'

/** Names of the claims, LTI 1.3 core 5.3-5.4 and the service specifications. */
const LTI = 'https://purl.imsglobal.org/spec/lti/claim/'
export const CLAIM = {
  version: `${LTI}version`,
  messageType: `${LTI}message_type`,
  deploymentId: `${LTI}deployment_id`,
  targetLinkUri: `${LTI}target_link_uri`,
  roles: `${LTI}roles`,
  context: `${LTI}context`,
  resourceLink: `${LTI}resource_link`,
  custom: `${LTI}custom`,
  presentation: `${LTI}launch_presentation`,
  toolPlatform: `${LTI}tool_platform`,
  deepLinking: 'https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings',
  ags: 'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint',
  nrps: 'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice',
} as const

/** Text from outside: no control characters, so that it can go into a header, a log line or PostgreSQL (which refuses \0). */
const NO_CONTROLS = /^[^\u0000-\u001f\u007f]*$/
export const maybeEmpty = (max = 255) => z.string().max(max).regex(NO_CONTROLS)
export const plain = (max = 255) => maybeEmpty(max).min(1)
export const optionalText = (max: number) =>
  z
    .string()
    .transform((text) =>
      Array.from(text.replace(/[\u0000-\u001f\u007f]/g, ' ').trim())
        .slice(0, max)
        .join(''),
    )
    .transform((text) => (text === '' ? undefined : text))
    .nullish()
    .catch(undefined)
export const webUrl = z
  .url({ protocol: /^https?$/ })
  .max(2048)
  .regex(NO_CONTROLS)
const optionalUrl = webUrl.nullish().catch(undefined)

/** What a platform says of the place that content is chosen for (Deep Linking 2.0 4.4.1). */
const deepLinkingShape = z.object({
  deep_link_return_url: webUrl,
  accept_types: z.array(maybeEmpty()).max(50),
  accept_multiple: z.boolean().nullish().catch(undefined),
  accept_lineitem: z.boolean().nullish().catch(undefined),
  /** Given back as it came, whatever it is. */
  data: z.string().max(20_000).nullish(),
})
export type DeepLinkingSettings = z.infer<typeof deepLinkingShape>

/**
 * The claims that we rely on, each with the shape that the code relies on. Loose: unknown claims and null optional ones
 * are fine (LTI 1.3 core 5.4: a tool must ignore what it does not know).
 */
export const claimsShape = z.looseObject({
  iss: plain(),
  sub: plain(),
  aud: z.union([plain(), z.array(plain()).min(1).max(10)]),
  azp: plain().optional(),
  nonce: plain(),
  iat: z.number().int(),
  exp: z.number().int(),
  name: optionalText(150),
  given_name: optionalText(150),
  family_name: optionalText(150),
  email: optionalText(254),
  [CLAIM.version]: z.literal('1.3.0'),
  [CLAIM.messageType]: z.enum(['LtiResourceLinkRequest', 'LtiDeepLinkingRequest']),
  [CLAIM.deploymentId]: plain(),
  [CLAIM.targetLinkUri]: plain(2048).optional(),
  [CLAIM.roles]: z.array(maybeEmpty()).max(100),
  [CLAIM.context]: z.looseObject({ id: plain(), title: optionalText(255), label: optionalText(255) }).nullish(),
  [CLAIM.resourceLink]: z.looseObject({ id: plain() }).optional(),
  [CLAIM.custom]: z.record(z.string(), z.unknown()).nullish().catch(undefined),
  [CLAIM.deepLinking]: deepLinkingShape.optional().catch(undefined),
  [CLAIM.toolPlatform]: z
    .looseObject({ product_family_code: optionalText(60), version: optionalText(60) })
    .nullish()
    .catch(undefined),
  [CLAIM.presentation]: z
    .looseObject({ locale: optionalText(35), document_target: optionalText(20), return_url: optionalUrl })
    .nullish()
    .catch(undefined),
  [CLAIM.ags]: z
    .looseObject({
      scope: z.array(maybeEmpty()).max(20).catch([]),
      lineitem: optionalUrl,
      lineitems: optionalUrl,
    })
    .nullish()
    .catch(undefined),
  [CLAIM.nrps]: z.looseObject({ context_memberships_url: optionalUrl }).nullish().catch(undefined),
})
export type Claims = z.infer<typeof claimsShape>

/** The stable code for a claim that is missing or has the wrong shape. */
const codes: Partial<Record<string, string>> = {
  [CLAIM.version]: 'VERSION',
  [CLAIM.messageType]: 'MESSAGE_TYPE',
  [CLAIM.deploymentId]: 'DEPLOYMENT',
  [CLAIM.roles]: 'ROLES',
  [CLAIM.resourceLink]: 'RESOURCE_LINK',
  [CLAIM.context]: 'CONTEXT',
  [CLAIM.targetLinkUri]: 'TARGET',
  sub: 'SUB',
  nonce: 'NONCE',
  exp: 'EXP_MISSING',
  iat: 'IAT_MISSING',
}

/** What a refusal may use of a message that is not verified: a language, and an address that is checked before use. */
export function presentationIn(raw: object): { locale: string | undefined; returnUrl: string | undefined } {
  const read = claimsShape.shape[CLAIM.presentation].safeParse((raw as Record<string, unknown>)[CLAIM.presentation])
  return { locale: read.data?.locale ?? undefined, returnUrl: read.data?.return_url ?? undefined }
}

export type Read = { ok: true; claims: Claims } | { ok: false; status: number; code: string; cause: string }

/** Reads the claims, or says what is wrong with them: `NOT_LTI` for no LTI at all, `CLAIM_MISSING` for several. */
export function readClaims(raw: object): Read {
  const read = claimsShape.safeParse(raw)
  if (read.success) return { ok: true, claims: read.data }
  const wrong = [...new Set(read.error.issues.map(({ path }) => String(path[0])))]
  const cause = z.prettifyError(read.error)
  const isLti = Object.keys(raw).some((claim) => claim.startsWith(LTI))
  if (!isLti) return { ok: false, status: 400, code: 'NOT_LTI', cause }
  if (wrong.filter((claim) => !(claim in raw)).length > 1)
    return { ok: false, status: 400, code: 'CLAIM_MISSING', cause }
  const code = codes[wrong[0] ?? ''] ?? 'CLAIM_MISSING'
  return { ok: false, status: TIMES_AND_NONCE.has(code) ? 401 : 400, code, cause }
}
const TIMES_AND_NONCE = new Set(['NONCE', 'EXP_MISSING', 'IAT_MISSING'])
