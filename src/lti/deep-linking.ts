import { randomUUID } from 'node:crypto'
import { CLAIM, type DeepLinkingSettings } from './claims.ts'
import { signMessage } from './tool-keys.ts'

/** Something to place in a course: a link that opens us, with or without a column in the gradebook (Deep Linking 2.0 4.5). */
export type ContentItem = {
  type: 'ltiResourceLink'
  title: string
  text: string
  url: string
  custom: Record<string, string>
  lineItem?: { label: string; scoreMaximum: number; resourceId: string; tag: string }
}

const DL = 'https://purl.imsglobal.org/spec/lti-dl/claim/'

/** The answer to a deep-linking request: what was chosen, signed. Nothing chosen is an answer too. */
export function signDeepLinkingResponse(
  to: { issuer: string; clientId: string; deploymentId: string; settings: DeepLinkingSettings },
  items: readonly ContentItem[],
): Promise<string> {
  const { data } = to.settings
  return signMessage({
    iss: to.clientId,
    aud: to.issuer,
    nonce: randomUUID(),
    [CLAIM.deploymentId]: to.deploymentId,
    [CLAIM.messageType]: 'LtiDeepLinkingResponse',
    [CLAIM.version]: '1.3.0',
    [`${DL}content_items`]: items,
    ...(data != null && { [`${DL}data`]: data }), // byte for byte: the platform knows by it what it had asked
  })
}
