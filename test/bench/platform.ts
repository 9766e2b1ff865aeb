import { createSign, generateKeyPairSync, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { freePorts } from '../faults/processes.ts'

/** As much of an LMS as a launch needs: a key, its public half at an address, and claims as Moodle sends them. */
export type Platform = {
  issuer: string
  clientId: string
  deploymentId: string
  courseId: string
  linkId: string
  lineItemUrl: string
  publicKey: object
  /** What its services were asked: tokens, and when each score had come. */
  asked: { tokens: number; scores: number[] }
  /** The signed message of a launch of one person. */
  idToken: (sub: string, nonce: string, target: string) => string
  close: () => void
}

const LTI = 'https://purl.imsglobal.org/spec/lti/claim'
const AGS = 'https://purl.imsglobal.org/spec/lti-ags'
const KID = 'bench'

export async function openPlatform(): Promise<Platform> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid: KID, alg: 'RS256', use: 'sig' }
  const [port = ''] = await freePorts(1)
  const asked: Platform['asked'] = { tokens: 0, scores: [] }
  const server = createServer((req, res) => {
    if (req.url?.startsWith('/mod/lti/services.php/') && req.method === 'POST') takeScore(asked, req, res)
    else if (req.url === '/token') giveToken(asked, req, res)
    else res.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: [jwk] }))
  })
  await once(server.listen(Number(port), '127.0.0.1'), 'listening')
  const issuer = `http://127.0.0.1:${port}`
  const known = {
    issuer,
    clientId: 'Bench000000001',
    deploymentId: '1',
    courseId: '2',
    linkId: '1',
    lineItemUrl: `${issuer}/mod/lti/services.php/2/lineitems/2/lineitem?type_id=1`,
  }
  const header = part({ alg: 'RS256', typ: 'JWT', kid: KID })
  return {
    ...known,
    publicKey: jwk,
    asked,
    idToken: (sub, nonce, target) => {
      const unsigned = `${header}.${part(claimsOf(known, { sub, nonce, target }))}`
      return `${unsigned}.${createSign('RSA-SHA256').update(unsigned).sign(privateKey, 'base64url')}`
    },
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

const SCORE_MS = 50
/** Makes up its mind for 50 ms, as Moodle does. */
function takeScore(asked: Platform['asked'], req: IncomingMessage, res: ServerResponse): void {
  req.resume().on('end', () => {
    setTimeout(() => {
      asked.scores.push(performance.now())
      res.end()
    }, SCORE_MS)
  })
}
function giveToken(asked: Platform['asked'], req: IncomingMessage, res: ServerResponse): void {
  asked.tokens += 1
  const token = { access_token: 'bench', token_type: 'Bearer', expires_in: 3600 }
  req.resume().on('end', () => res.setHeader('content-type', 'application/json').end(JSON.stringify(token)))
}

const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

type Known = Pick<Platform, 'issuer' | 'clientId' | 'deploymentId' | 'courseId' | 'linkId' | 'lineItemUrl'>

/** What Moodle 4.5 was observed to send for a student, down to what Signpost does not look at. */
function claimsOf(known: Known, { sub, nonce, target }: { sub: string; nonce: string; target: string }): object {
  const { issuer, clientId, deploymentId, courseId, linkId, lineItemUrl } = known
  const now = Math.floor(Date.now() / 1000)
  const memberships = `${issuer}/mod/lti/services.php/CourseSection/${courseId}/bindings/1/memberships`
  return {
    nonce,
    iat: now,
    exp: now + 60,
    iss: issuer,
    aud: clientId,
    [`${LTI}/deployment_id`]: deploymentId,
    [`${LTI}/target_link_uri`]: target,
    sub,
    [`${LTI}/lis`]: { person_sourcedid: `S-${sub}`, course_section_sourcedid: 'AHE-2026' },
    [`${LTI}/roles`]: ['http://purl.imsglobal.org/vocab/lis/v2/membership#Learner'],
    [`${LTI}/context`]: { id: courseId, label: 'AHE-SS', title: 'Access to HE: Study Skills', type: ['CourseSection'] },
    [`${LTI}/message_type`]: 'LtiResourceLinkRequest',
    [`${LTI}/resource_link`]: { title: 'Signpost: Steps to HE 2026/27', description: '', id: linkId },
    'https://purl.imsglobal.org/spec/lti-bo/claim/basicoutcome': {
      lis_result_sourcedid: JSON.stringify({ data: { instanceid: linkId, userid: sub }, hash: randomUUID() }),
      lis_outcome_service_url: `${issuer}/mod/lti/service.php`,
    },
    given_name: 'Mentee',
    family_name: sub,
    name: `Mentee ${sub}`,
    [`${LTI}/ext`]: { user_username: `student${sub}`, lms: 'moodle-2' },
    email: `student${sub}@demo-college.example`,
    [`${LTI}/launch_presentation`]: {
      locale: 'en',
      document_target: 'iframe',
      return_url: `${issuer}/mod/lti/return.php?course=${courseId}&launch_container=3&instanceid=${linkId}&sesskey=demo`,
    },
    [`${LTI}/tool_platform`]: { product_family_code: 'moodle', version: '2024100706', guid: 'bench', name: 'Bench' },
    [`${LTI}/version`]: '1.3.0',
    [`${LTI}/custom`]: { context_memberships_url: memberships },
    [`${AGS}/claim/endpoint`]: {
      scope: ['lineitem', 'lineitem.readonly', 'result.readonly', 'score'].map((name) => `${AGS}/scope/${name}`),
      lineitems: `${issuer}/mod/lti/services.php/${courseId}/lineitems?type_id=1`,
      lineitem: lineItemUrl,
    },
    'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice': {
      context_memberships_url: memberships,
      service_versions: ['1.0', '2.0'],
    },
  }
}
