import { beforeEach, expect, it } from 'vitest'
import { addTool, aScore, getToken, openScene, postScore } from './support.ts'
import type { Scene } from './support.ts'

let scene: Scene
let token: string
beforeEach(async () => {
  scene = await openScene()
  token = await getToken(scene)
})

const post = (score = aScore('6')) => postScore(scene.college.course.lineItemUrl, token, score)
const switchFaults = (faults: unknown) =>
  fetch(`${scene.url}/faults`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(faults),
  })

it('answers with a status as many times as told, does nothing meanwhile, and remembers the message', async () => {
  scene.college.faults.scores = { status: 500, times: 2 }
  expect([(await post()).status, (await post()).status, (await post()).status]).toEqual([500, 500, 200])
  expect(scene.college.received().map(({ status }) => status)).toEqual([500, 500, 200])
})

it('goes on until it is mended without a number of times', async () => {
  scene.college.faults.scores = { status: 503 }
  expect([(await post()).status, (await post()).status]).toEqual([503, 503])
  expect(scene.college.gradeOf('6')).toBeUndefined()
  scene.college.faults = {}
  expect((await post()).status).toBe(200)
})

it('is late, and right all the same', async () => {
  scene.college.faults.scores = { delayMs: 80 }
  const start = performance.now()
  expect((await post()).status).toBe(200)
  expect(performance.now() - start).toBeGreaterThan(70)
})

it('keeps the score and drops the answer', async () => {
  scene.college.faults.scores = { dropAfterCommit: true, times: 1 }
  await expect(post()).rejects.toThrow()
  expect(scene.college.gradeOf('6')?.score).toBe(80)
  expect((await post()).status).toBe(200)
})

it('answers with a web page', async () => {
  scene.college.faults.scores = { html: true }
  const response = await post()
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toContain('text/html')
  expect(scene.college.gradeOf('6')).toBeUndefined()
})

it('says when to come back', async () => {
  scene.college.faults.scores = { retryAfter: 7, status: 429 }
  const response = await post()
  expect([response.status, response.headers.get('retry-after')]).toEqual([429, '7'])
  scene.college.faults.scores = { retryAfter: 7 }
  expect((await post()).status).toBe(503)
})

it.each([14, 15, 70_000, 3_000_000])('answers with %i bytes of good JSON', async (bytes) => {
  scene.college.faults.jwks = { bytes }
  const response = await fetch(scene.college.platform.jwksUrl)
  expect([response.status, response.headers.get('content-length')]).toEqual([200, String(bytes)])
  expect(response.headers.get('content-type')).toContain('application/json')
  const text = await response.text()
  expect(Buffer.byteLength(text)).toBe(bytes)
  expect(Object.keys(JSON.parse(text) as object)).toEqual(['padding'])
})

it('does not mind a reader that stops early', async () => {
  scene.college.faults.jwks = { bytes: 200_000_000, times: 1 }
  const response = await fetch(scene.college.platform.jwksUrl)
  await response.body?.cancel()
  expect((await fetch(scene.college.platform.jwksUrl)).status).toBe(200)
})

it('sends the caller elsewhere', async () => {
  scene.college.faults.configuration = { redirect: 'http://127.0.0.1:1/inside', times: 1 }
  const response = await fetch(`${scene.url}/openid-configuration`, { redirect: 'manual' })
  expect([response.status, response.headers.get('location')]).toEqual([302, 'http://127.0.0.1:1/inside'])
  scene.college.faults.configuration = { redirect: '/certs', status: 307 }
  expect((await fetch(`${scene.url}/openid-configuration`, { redirect: 'manual' })).status).toBe(307)
})

it('leaves a registration token good when a fault answered in its place', async () => {
  scene.college.faults.registration = { status: 503, times: 1 }
  await expect(addTool(scene)).rejects.toThrow('not registered')
  expect(await addTool(scene)).toMatchObject({ deploymentId: '2' })
})

it.each<[name: string, path: string, method: string]>([
  ['configuration', '/openid-configuration', 'GET'],
  ['registration', '/openid-registration', 'POST'],
  ['jwks', '/certs', 'GET'],
  ['token', '/token', 'POST'],
  ['lineitems', '/mod/lti/services.php/2/lineitems', 'GET'],
  ['results', '/mod/lti/services.php/2/lineitems/2/lineitem/results', 'GET'],
  ['memberships', '/mod/lti/services.php/CourseSection/2/bindings/1/memberships', 'GET'],
])('can be switched from another process, for %s', async (name, path, method) => {
  const before = (await fetch(`${scene.url}${path}`, { method })).status
  expect((await switchFaults({ [name]: { status: 555 } })).status).toBe(200)
  expect((await fetch(`${scene.url}${path}`, { method })).status).toBe(555)
  expect((await switchFaults({})).status).toBe(200)
  expect((await fetch(`${scene.url}${path}`, { method })).status).toBe(before)
})

it.each([
  ['an unknown service', { mail: { status: 500 } }],
  ['an unknown member', { scores: { statuses: 500 } }],
  ['an odd status', { scores: { status: 'x' } }],
  ['less than JSON needs', { jwks: { bytes: 13 } }],
  ['no address to go to', { jwks: { redirect: '' } }],
  ['no object', 'x'],
])('refuses %s', async (_what, faults) => {
  expect((await switchFaults(faults)).status).toBe(400)
  expect((await post()).status).toBe(200)
})
