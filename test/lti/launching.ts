import type { Response } from 'supertest'
import { ask, type Place } from './place.ts'

/** What a case needs of an LMS: the demo college is one, and so are the stand-in platforms. */
export type Lms = {
  platform: { issuer: string; clientId: string; deploymentId: string; authUrl: string }
  sign: (claims: object, header?: object) => Promise<string>
}
export type Role = 'Learner' | 'Instructor'
/** Who comes as what, from where, to which Signpost. */
export type Scene = { place: Place; lms: Lms; role: Role }
/** Between login and launch: what the platform would answer to, and the cookies of the browser. */
export type Begun = { state: string; nonce: string; cookies: string; to: URL }
export type Claims = Record<string, unknown>
export type Change = (claims: Claims) => object

const LTI = 'https://purl.imsglobal.org/spec/lti/claim/'
export const claim = (name: string) => `${LTI}${name}`
export const AGS = 'https://purl.imsglobal.org/spec/lti-ags/claim/endpoint'
export const NRPS = 'https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice'
export const SETTINGS = 'https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings'
export const MEMBERSHIP = 'http://purl.imsglobal.org/vocab/lis/v2/membership'

export function cookiesOf(answer: Response): string {
  return ((answer.headers['set-cookie'] ?? []) as unknown as string[]).map((line) => line.split(';')[0]).join('; ')
}

/** What the platform sends to begin a login; a field that is undefined is left out. */
export function loginRequest({ place, lms, role }: Scene, changes: Record<string, string | undefined> = {}) {
  const fields: Record<string, string | undefined> = {
    iss: lms.platform.issuer,
    client_id: lms.platform.clientId,
    login_hint: role === 'Learner' ? 'hint-of-a-learner' : 'hint-of-a-teacher',
    lti_message_hint: '{"cmid":4,"launchid":"ltilaunch1_1254632201"}',
    lti_deployment_id: lms.platform.deploymentId,
    target_link_uri: `${place.origin}/lti/launch`,
    ...changes,
  }
  return Object.fromEntries(Object.entries(fields).filter((field): field is [string, string] => field[1] !== undefined))
}

/** Goes through our login as far as the platform's door, in a browser that has kept cookies here before. */
export async function begin(scene: Scene, changes: Record<string, string | undefined> = {}): Promise<Begun> {
  const probe = '__Host-signpost-cookies=1'
  const fields = loginRequest(scene, changes)
  const answer = await ask(scene.place, 'post', '/lti/login').set('cookie', probe).type('form').send(fields)
  const to = new URL(answer.headers['location'] ?? 'about:blank')
  const [state = '', nonce = ''] = ['state', 'nonce'].map((name) => to.searchParams.get(name) ?? '')
  return { state, nonce, cookies: `${probe}; ${cookiesOf(answer)}`, to }
}

let count = 0
/** A number that nobody has had yet. */
export const next = () => `${process.pid}${++count}`

/** The payload of the certification suite (its 6.1): somebody new, in a course of their own. */
export function basePayload({ place, lms, role }: Scene, { nonce }: Pick<Begun, 'nonce'>): Claims {
  const now = Math.floor(Date.now() / 1000)
  const id = next()
  const { issuer, clientId, deploymentId } = lms.platform
  const services = `${issuer}/mod/lti/services.php/${id}`
  return {
    iss: issuer,
    aud: clientId,
    sub: `40899${id}`,
    iat: now,
    exp: now + 300,
    nonce,
    name: 'Ada Byron King',
    given_name: 'Ada Augusta',
    family_name: 'Byron King',
    middle_name: 'Noel Milbanke',
    email: 'ada@example.com',
    locale: 'en-US',
    [claim('target_link_uri')]: `${place.origin}/lti/launch`,
    [claim('deployment_id')]: deploymentId,
    [claim('message_type')]: 'LtiResourceLinkRequest',
    [claim('version')]: '1.3.0',
    [claim('roles')]: [`${MEMBERSHIP}#${role}`],
    [claim('context')]: { id: `course-${id}`, label: 'EM-2026', title: 'Analytical engines', type: ['CourseSection'] },
    [claim('resource_link')]: { id: `link-${id}`, title: 'Mentoring for engineers', description: 'Talk to somebody' },
    [claim('launch_presentation')]: { locale: 'en', return_url: wayBack(lms) },
    [AGS]: {
      scope: ['https://purl.imsglobal.org/spec/lti-ags/scope/score'],
      lineitems: `${services}/lineitems?type_id=1`,
      lineitem: `${services}/lineitems/1/lineitem?type_id=1`,
    },
    [NRPS]: { context_memberships_url: `${services}/memberships`, service_versions: ['2.0'] },
  }
}

/** The address of the course, as the platform puts it into each launch. */
export const wayBack = ({ platform }: Lms) => `${platform.issuer}/mod/lti/return.php?course=2&sesskey=x`

/** Sends the platform's answer to Signpost, as the browser's form does. */
export function post({ place }: Scene, begun: Pick<Begun, 'cookies'>, fields: object): Promise<Response> {
  return ask(place, 'post', '/lti/launch').set('cookie', begun.cookies).type('form').send(fields)
}

/** The stable code on the page of a refusal. */
export function codeOf(answer: Response): string | undefined {
  return /<dt>Problem<\/dt><dd>(\w+)<\/dd>/.exec(answer.text)?.[1]
}
