import type { Response } from 'supertest'
import request from 'supertest'
import { aCourse } from '../support/builders.ts'
import { college, origin } from '../support/world.ts'

/** Between login and launch: what the platform would answer to, and the cookies of the browser. */
export type Begun = { state: string; nonce: string; cookies: string; deploymentId: string }
export type Claims = Record<string, unknown>

const LTI = 'https://purl.imsglobal.org/spec/lti/claim/'
export const claim = (name: string) => `${LTI}${name}`

export const loginRequest = (changes: Record<string, string> = {}) => ({
  iss: college.platform.issuer,
  client_id: college.platform.clientId,
  login_hint: '6',
  lti_message_hint: '{"cmid":4,"launchid":"x"}',
  lti_deployment_id: college.platform.deploymentId,
  target_link_uri: `${origin}/lti/launch`,
  ...changes,
})

/** Goes through our login, cookie check included, as far as the platform's door. */
export async function begin(changes: Record<string, string> = {}): Promise<Begun> {
  const fields = loginRequest(changes)
  const first = await request(origin).post('/lti/login').type('form').send(fields).redirects(0)
  const probe = cookiesOf(first)
  const second = await request(origin).get(String(first.headers['location'])).set('cookie', probe).redirects(0)
  const to = new URL(String(second.headers['location'])).searchParams
  return {
    state: to.get('state') ?? '',
    nonce: to.get('nonce') ?? '',
    cookies: [probe, cookiesOf(second)].join('; '),
    deploymentId: fields.lti_deployment_id,
  }
}

export function cookiesOf(answer: Response): string {
  return ((answer.headers['set-cookie'] ?? []) as unknown as string[]).map((line) => line.split(';')[0]).join('; ')
}

/** The payload of the certification suite: a learner in a course. */
export function basePayload(
  begun: Begun,
  roles = ['http://purl.imsglobal.org/vocab/lis/v2/membership#Learner'],
): Claims {
  const course = aCourse()
  const now = Math.floor(Date.now() / 1000)
  return {
    iss: college.platform.issuer,
    aud: college.platform.clientId,
    sub: '40899',
    iat: now,
    exp: now + 300,
    nonce: begun.nonce,
    name: 'Ada Byron King',
    given_name: 'Ada',
    family_name: 'King',
    email: 'ada@example.com',
    locale: 'en-US',
    [claim('target_link_uri')]: `${origin}/lti/launch`,
    [claim('deployment_id')]: begun.deploymentId,
    [claim('message_type')]: 'LtiResourceLinkRequest',
    [claim('version')]: '1.3.0',
    [claim('roles')]: roles,
    [claim('context')]: { id: course.id, label: 'C1', title: course.title, type: ['CourseSection'] },
    [claim('resource_link')]: { id: course.resourceLinkId, title: 'Mentoring', description: 'Try it' },
  }
}

export async function post(begun: Begun, token: string, more: Record<string, string> = {}): Promise<Response> {
  return request(origin)
    .post('/lti/launch')
    .set('cookie', begun.cookies)
    .type('form')
    .send({ state: begun.state, id_token: token, ...more })
    .redirects(0)
}

/** A login, then a launch with the base payload, changed. */
export async function launchWith(
  change: (claims: Claims) => Claims | undefined,
  header: object = {},
  roles?: string[],
) {
  const begun = await begin()
  const claims = basePayload(begun, roles)
  return post(begun, await college.sign(change(claims) ?? claims, header))
}

/** The stable code on the page of a refusal. */
export function codeOf(answer: Response): string | undefined {
  return /<dt>Problem<\/dt><dd>([A-Z_]+)<\/dd>/.exec(answer.text)?.[1]
}
