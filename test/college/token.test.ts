import { expect, it } from 'vitest'
import {
  AGS,
  ALL_SCOPES,
  askForToken,
  getToken,
  makeAssertion,
  MEMBERS,
  openScene,
  otherKey,
  tokenFields,
} from './support.ts'
import type { Scene } from './support.ts'

const now = () => Math.floor(Date.now() / 1000)

it('gives an opaque token for an hour, as JSON that calls itself text/html', async () => {
  const scene = await openScene()
  const asked = [`${AGS}/score`, MEMBERS]
  const response = await askForToken(scene, tokenFields(await makeAssertion(scene), asked))
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect(await response.json()).toEqual({
    access_token: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown,
    token_type: 'Bearer',
    expires_in: 3600,
    scope: asked.join(' '),
  })
})

it('grants what was asked for and is permitted', async () => {
  const scene = await openScene()
  const asked = ['bogus', `${AGS}/score`, 'https://purl.imsglobal.org/spec/lti-ts/scope/toolsetting']
  const response = await askForToken(scene, tokenFields(await makeAssertion(scene), asked))
  expect(await response.json()).toMatchObject({ scope: `${AGS}/score` })
})

it('makes a new token on each call', async () => {
  const scene = await openScene()
  expect(await getToken(scene)).not.toBe(await getToken(scene))
})

it.each<[what: string, claims: object]>([
  ['no aud', { aud: undefined }],
  ['a wrong aud', { aud: 'https://elsewhere.example' }],
  ['no jti', { jti: undefined }],
  ['no iss', { iss: undefined }],
  ['no exp', { exp: undefined }],
])('does not mind %s', async (_what, claims) => {
  const scene = await openScene()
  const response = await askForToken(scene, tokenFields(await makeAssertion(scene, claims), ALL_SCOPES))
  expect(response.status).toBe(200)
})

it('takes the same assertion twice', async () => {
  const scene = await openScene()
  const fields = tokenFields(await makeAssertion(scene), ALL_SCOPES)
  expect((await askForToken(scene, fields)).status).toBe(200)
  expect((await askForToken(scene, fields)).status).toBe(200)
})

type Make = (scene: Scene) => Promise<Record<string, string>>
const withAssertion =
  (...rest: [claims?: object, header?: object, key?: typeof otherKey.privateKey]): Make =>
  async (scene) =>
    tokenFields(await makeAssertion(scene, ...rest), ALL_SCOPES)
const withField =
  (name: string, value: string): Make =>
  async (scene) => ({ ...tokenFields(await makeAssertion(scene), ALL_SCOPES), [name]: value })

it.each<[what: string, make: Make, error: string]>([
  ['only unknown scopes', withField('scope', 'bogus'), 'invalid_scope'],
  [
    'a tool setting, which is off',
    withField('scope', 'https://purl.imsglobal.org/spec/lti-ts/scope/toolsetting'),
    'invalid_scope',
  ],
  ['no scope', withField('scope', ''), 'invalid_request'],
  ['no assertion', withField('client_assertion', ''), 'invalid_request'],
  ['no JWT', withField('client_assertion', 'not-a-jwt'), 'invalid_request'],
  ['no assertion type', withField('client_assertion_type', ''), 'invalid_request'],
  ['another grant type', withField('grant_type', 'password'), 'unsupported_grant_type'],
  ['another assertion type', withField('client_assertion_type', 'urn:other'), 'unsupported_grant_type'],
  ['an unknown client', withAssertion({ sub: 'Somebody' }), 'invalid_client'],
  ['no subject', withAssertion({ sub: undefined }), 'invalid_request'],
  ['an expired assertion', withAssertion({ iat: now() - 100, exp: now() - 40 }), 'Expired token'],
  ['a key of somebody else', withAssertion({}, {}, otherKey.privateKey), 'Signature verification failed'],
  ['another algorithm', withAssertion({}, { alg: 'RS512' }), 'Incorrect key for this algorithm'],
])('answers 400 to %s', async (_what, make, error) => {
  const scene = await openScene()
  const response = await askForToken(scene, await make(scene))
  expect(response.status).toBe(400)
  expect(await response.text()).toBe(`{\n  "error" : "${error}"\n}`)
})

it('answers an unknown key with something that is not JSON', async () => {
  const scene = await openScene()
  const response = await askForToken(scene, tokenFields(await makeAssertion(scene, {}, { kid: 'x' }), ALL_SCOPES))
  expect(response.status).toBe(400)
  expect(await response.text()).toBe('{\n  "error" : ""kid" invalid, unable to lookup correct key"\n}')
})

it('wants a form', async () => {
  const scene = await openScene()
  const response = await fetch(`${scene.url}/token`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(tokenFields(await makeAssertion(scene), ALL_SCOPES)),
  })
  expect(response.status).toBe(400)
  expect(await response.json()).toEqual({ error: 'invalid_request' })
})

it('answers 404 with a web page when the key set cannot be read', async () => {
  const scene = await openScene()
  scene.tool.state.up = false
  const response = await askForToken(scene, tokenFields(await makeAssertion(scene), ALL_SCOPES))
  expect(response.status).toBe(404)
  expect(await response.text()).toContain('<!DOCTYPE html>')
})

it('keeps the key set, and fetches it again when an assertion does not pass', async () => {
  const scene = await openScene()
  await getToken(scene)
  await getToken(scene)
  expect(scene.tool.state.fetched).toBe(1)
  scene.tool.state.kid = 'newer-key'
  expect(await getToken(scene)).toMatch(/^[0-9a-f]{32}$/)
  expect(scene.tool.state.fetched).toBe(2)
  await askForToken(scene, tokenFields(await makeAssertion(scene, { iat: 1, exp: 2 }), ALL_SCOPES))
  expect(scene.tool.state.fetched).toBe(3)
})
