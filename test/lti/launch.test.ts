import request from 'supertest'
import { describe, expect, it } from 'vitest'
import { statement } from '../../src/db.ts'
import { college, origin } from '../support/world.ts'
import { basePayload, begin, claim, codeOf, cookiesOf, launchWith, loginRequest, post, type Claims } from './support.ts'

const without =
  (...names: string[]) =>
  (claims: Claims) =>
    Object.fromEntries(Object.entries(claims).filter(([name]) => !names.includes(name)))
const withClaim = (name: string, value: unknown) => (claims: Claims) => ({ ...claims, [name]: value })

const countSessions = statement<{ n: number }>('test_count_sessions', 'select count(*)::int as n from sessions')
const sessions = async () => (await countSessions())[0]?.n

const roles = {
  Learner: ['http://purl.imsglobal.org/vocab/lis/v2/membership#Learner'],
  Instructor: ['http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor'],
}

type Case = [
  id: string,
  title: string,
  status: number,
  code: string,
  change: (claims: Claims) => Claims,
  header?: object,
]
/** The certification guide's known bad payloads (LTI Advantage Conformance Certification Guide 6.1.1). */
const bad: Case[] = [
  ['B01', 'no KID in the header', 401, 'KID_MISSING', (claims) => claims, { kid: undefined }],
  ['B02', 'an incorrect KID', 401, 'KID_UNKNOWN', (claims) => claims, { kid: 'imstester_66067' }],
  ['B03', 'the wrong LTI version', 400, 'VERSION', withClaim(claim('version'), '11.3')],
  ['B03b', 'LTI version 1.2.0', 400, 'VERSION', withClaim(claim('version'), '1.2.0')],
  ['B03c', 'a version that is a number', 400, 'VERSION', withClaim(claim('version'), 1.3)],
  ['B04', 'no LTI version', 400, 'VERSION', without(claim('version'))],
  ['B05', 'an invalid LTI message', 400, 'NOT_LTI', () => ({ name: 'badltilaunch' })],
  ['B06', 'missing LTI claims', 400, 'CLAIM_MISSING', without(claim('message_type'), claim('version'), claim('roles'))],
  [
    'B06b',
    'more missing claims',
    400,
    'CLAIM_MISSING',
    without('aud', 'iss', 'sub', claim('deployment_id'), claim('roles')),
  ],
  ['B07', 'incorrect timestamps', 401, 'EXPIRED', (claims) => ({ ...claims, iat: 11111, exp: 22222 })],
  ['B08', 'no message_type', 400, 'MESSAGE_TYPE', without(claim('message_type'))],
  ['B09', 'no roles', 400, 'ROLES', without(claim('roles'))],
  ['B10', 'no deployment_id', 400, 'DEPLOYMENT', without(claim('deployment_id'))],
  ['B11', 'no resource_link', 400, 'RESOURCE_LINK', without(claim('resource_link'))],
  ['B11b', 'a resource_link without id', 400, 'RESOURCE_LINK', withClaim(claim('resource_link'), { title: 'x' })],
  ['B11c', 'an empty resource_link id', 400, 'RESOURCE_LINK', withClaim(claim('resource_link'), { id: '' })],
  [
    'B11d',
    'a resource_link id of 256',
    400,
    'RESOURCE_LINK',
    withClaim(claim('resource_link'), { id: 'x'.repeat(256) }),
  ],
  ['B12', 'no sub', 400, 'SUB', without('sub')],
]

describe.each(Object.entries(roles))('a bad launch as %s', (_role, of) => {
  it.each(bad)('%s, %s, is refused with a page', async (_id, _title, status, code, change, header) => {
    const before = await sessions()
    const answer = await launchWith(change, header, of)
    expect({ status: answer.status, code: codeOf(answer) }).toEqual({ status, code })
    expect(answer.text).toContain('We could not open Signpost')
    expect(answer.text).not.toContain('badltilaunch')
    expect(answer.text).not.toContain('Ada')
    expect(cookiesOf(answer)).not.toMatch(/__Host-signpost=/)
    expect(await sessions()).toBe(before)
  })

  it.each([
    ['two parts', 'eyJhbGciOiJSUzI1NiJ9.e30'],
    ['no token at all', 'not-a-jwt'],
    ['nothing', ''],
  ])('B05 with %s is refused', async (_title, token) => {
    const answer = await post(await begin(), token)
    expect({ status: answer.status, code: codeOf(answer) }).toEqual({ status: 400, code: 'NOT_LTI' })
  })
})

describe('a valid launch', () => {
  it.each(Object.entries(roles))('as %s begins a session and goes on to a page', async (_role, of) => {
    const answer = await launchWith((claims) => claims, {}, of)
    expect(answer.status).toBe(303)
    expect(answer.headers['location']).toBe('/')
    const page = await request(origin).get('/').set('cookie', cookiesOf(answer)).redirects(1)
    expect(page.status).toBe(200)
    expect(page.text).not.toContain('undefined')
  })

  it('keeps our own headers, not those of the library that verifies it', async () => {
    const answer = await launchWith((claims) => claims)
    expect(answer.headers['cross-origin-embedder-policy']).toBeUndefined()
    expect(answer.headers['referrer-policy']).toBe('same-origin')
    const refused = await launchWith(withClaim(claim('version'), '1.0'))
    expect(refused.headers['referrer-policy']).toBe('same-origin')
  })

  it('is refused when something else signed it', async () => {
    const begun = await begin()
    const good = await college.sign(basePayload(begun))
    const [header = '', payload = ''] = good.split('.')
    const answer = await post(begun, `${header}.${payload}.${Buffer.from('x'.repeat(256)).toString('base64url')}`)
    expect({ status: answer.status, code: codeOf(answer) }).toEqual({ status: 401, code: 'LAUNCH_REFUSED' })
    expect(answer.headers['referrer-policy']).toBe('same-origin')
  })

  it('counts once: a replay, at once or in parallel, is refused', async () => {
    const begun = await begin()
    const token = await college.sign(basePayload(begun))
    const before = (await sessions()) ?? 0
    const answers = await Promise.all(Array.from({ length: 10 }, () => post(begun, token)))
    expect(answers.map(({ status }) => status).sort()).toEqual([303, ...Array<number>(9).fill(401)])
    const again = await post(begun, token)
    expect({ status: again.status, code: codeOf(again) }).toEqual({ status: 401, code: 'STATE' })
    expect(await sessions()).toBe(before + 1)
  })

  it('belongs to the browser that began it, and to its own login', async () => {
    const [one, two] = [await begin(), await begin()]
    const token = await college.sign(basePayload(one))
    const stolen = await post({ ...one, cookies: two.cookies }, token)
    expect(codeOf(stolen)).toBe('STATE')
    const swapped = await post(two, token)
    expect(codeOf(swapped)).toBe('NONCE')
  })

  it('of a deployment that nobody registered is refused', async () => {
    const begun = await begin({ lti_deployment_id: '77' })
    const answer = await post(begun, await college.sign({ ...basePayload(begun) }))
    expect({ status: answer.status, code: codeOf(answer) }).toEqual({ status: 403, code: 'DEPLOYMENT_WAITING' })
  })
})

describe('nothing sent to /lti ends the process', () => {
  // The four that end a bare ltijs 5.9.9.
  it.each([
    ['a state with a blank', 'application/x-www-form-urlencoded', 'state=a%20b'],
    ['a state of NUL', 'application/x-www-form-urlencoded', 'state=%00'],
    ['two states', 'application/x-www-form-urlencoded', 'state=a&state=b'],
    ['a state that is an object', 'application/json', '{"state":{"a":1}}'],
  ])('not %s', async (_title, type, body) => {
    for (const path of [
      '/lti/launch',
      '/lti/login',
      '/lti/continue',
      '/lti/-login',
      '/lti/launch/x',
      '/lti/-register',
    ]) {
      const answer = await request(origin).post(path).set('content-type', type).send(body)
      expect(answer.status).toBeGreaterThanOrEqual(400)
      expect(answer.status).toBeLessThan(500)
    }
    expect((await request(origin).get('/readyz')).status).toBe(200)
  })

  it('and no other path reaches the library behind the guard', async () => {
    for (const path of ['/lti/launch', '/lti/-keys', '/lti/-login', '/lti/launch/-login'])
      expect((await request(origin).get(path).set('cookie', '__Host-signpost=x')).status).toBeGreaterThanOrEqual(400)
  })
})

describe('a login', () => {
  it('checks for cookies first, and sends on exactly what the platform needs', async () => {
    const first = await request(origin).get('/lti/login').query(loginRequest()).redirects(0)
    expect(first.status).toBe(303)
    const second = await request(origin)
      .get(String(first.headers['location']))
      .set('cookie', cookiesOf(first))
      .redirects(0)
    const to = new URL(String(second.headers['location']))
    expect(to.origin + to.pathname).toBe(college.platform.authUrl)
    expect(Object.fromEntries(to.searchParams)).toMatchObject({
      scope: 'openid',
      response_type: 'id_token',
      response_mode: 'form_post',
      prompt: 'none',
      client_id: college.platform.clientId,
      redirect_uri: `${origin}/lti/launch`,
      login_hint: '6',
      lti_message_hint: '{"cmid":4,"launchid":"x"}',
    })
    expect(to.searchParams.get('state')).toMatch(/^[\w-]{43}$/)
    expect(to.searchParams.get('nonce')).toMatch(/^[\w-]{43}$/)
  })

  it('offers one more click where no cookie is kept, before the platform is asked', async () => {
    const page = await request(origin).get('/lti/login/check').query(loginRequest()).redirects(0)
    expect(page.status).toBe(200)
    expect(page.text).toContain('One more click')
    expect(page.text).toContain('target="_blank"')
    expect(page.headers['content-security-policy']).toContain(`form-action 'self' ${college.platform.issuer}`)
  })

  it.each([
    ['another site', 'https://evil.example/lti/launch'],
    ['a script', 'javascript:alert(1)'],
    ['our name as a user name', 'http://localhost@evil.example/'],
    ['no scheme', '//evil.example/'],
  ])('does not lead to %s', async (_title, target) => {
    const answer = await request(origin)
      .get('/lti/login')
      .query(loginRequest({ target_link_uri: target }))
      .redirects(0)
    expect({ status: answer.status, code: codeOf(answer) }).toEqual({ status: 400, code: 'TARGET' })
  })

  it('of an unknown platform is refused', async () => {
    const answer = await request(origin)
      .get('/lti/login')
      .query(loginRequest({ client_id: 'other' }))
      .redirects(0)
    expect({ status: answer.status, code: codeOf(answer) }).toEqual({ status: 400, code: 'PLATFORM_UNKNOWN' })
  })
})
