import { createPublicKey } from 'node:crypto'
import { createLocalJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import type { JSONWebKeySet } from 'jose'
import { expect, it } from 'vitest'
import { createCollege } from '../../src/college/index.ts'
import type { CollegePerson } from '../../src/college/index.ts'
import { aScore, getToken, makeFolder, openScene, personOf, postScore } from './support.ts'
import type { Scene } from './support.ts'

const keySet = async ({ college }: Scene) => (await (await fetch(college.platform.jwksUrl)).json()) as JSONWebKeySet

it('tells what a tool must know of its platform', async () => {
  const { college, url } = await openScene()
  expect(college.platform).toEqual({
    name: 'Demo college',
    issuer: url,
    clientId: 'DemoCollege0001',
    deploymentId: '1',
    authUrl: `${url}/auth`,
    tokenUrl: `${url}/token`,
    jwksUrl: `${url}/certs`,
  })
})

it('has an administrator, three kinds of staff, twelve students and Kit', async () => {
  const { people } = (await openScene()).college
  const count = (kind: CollegePerson['kind']) => people.filter((one) => one.kind === kind).length
  const kinds = ['admin', 'teacher', 'tutor', 'manager', 'student', 'ungraded'] as const
  expect(kinds.map(count)).toEqual([1, 1, 1, 1, 12, 1])
  expect(new Set(people.map(({ id }) => id)).size).toBe(people.length)
  for (const { id, name, givenName, familyName } of people) {
    expect(id).toMatch(/^\d+$/)
    expect([`${givenName} ${familyName}`.trim(), `${familyName} ${givenName}`.trim()]).toContain(name)
  }
})

it('makes as many students as a test needs, whose scores are taken at once', async () => {
  const scene = await openScene()
  const student = scene.college.addStudent('Ada Lovelace')
  const single = scene.college.addStudent('Plato')
  expect(student).toMatchObject({ id: '19', givenName: 'Ada', familyName: 'Lovelace', kind: 'student' })
  expect(single).toMatchObject({ id: '20', name: 'Plato', familyName: '' })
  const response = await postScore(scene.college.course.lineItemUrl, await getToken(scene), aScore(student.id))
  expect(response.status).toBe(200)
  expect(scene.college.people).toContainEqual(student)
})

it('puts new people where they are wanted, and says on the page of the course what they are', async () => {
  const scene = await openScene()
  const course = scene.college.addCourse('Another')
  scene.college.addStudent('Ada Lovelace', { course, group: 'Mentors' })
  scene.college.addTeacher('Emmy Noether', 'Teacher. Coordinator')
  const pageOf = async (id: string) => (await fetch(`${scene.url}/?course=${id}`)).text()
  const page = await pageOf(course.id)
  expect(page.indexOf('Mentors')).toBeLessThan(page.indexOf('Ada Lovelace'))
  expect(page.indexOf('Ada Lovelace')).toBeGreaterThan(0)
  expect(page).toContain('Teacher. Coordinator')
  expect(await pageOf(scene.college.course.id)).not.toContain('Ada Lovelace')
})

it('gives the claims of a launch that happens now', async () => {
  const scene = await openScene()
  const course = scene.college.addCourse('Another')
  const options = { course, names: false, asStudent: true, nonce: 'n', target: 'window' } as const
  const claims = scene.college.claimsFor(personOf(scene, 'marion'), options)
  expect(claims).toMatchObject({ sub: '3', nonce: 'n' })
  expect(claims).not.toHaveProperty('name')
  expect(JSON.stringify(claims)).toContain('membership#Learner')
  expect(JSON.stringify(claims)).not.toContain('Instructor')
  expect(JSON.stringify(claims)).toContain(`/CourseSection/${course.id}/`)
  expect(scene.college.claimsFor(personOf(scene, 'sam'))['nonce']).not.toBe(
    scene.college.claimsFor(personOf(scene, 'sam'))['nonce'],
  )
})

it('signs any claims', async () => {
  const scene = await openScene()
  const token = await scene.college.sign({ sub: 'anybody' })
  const { payload } = await jwtVerify(token, createLocalJWKSet(await keySet(scene)))
  expect(payload).toEqual({ sub: 'anybody' })
})

it('signs with any header', async () => {
  const scene = await openScene()
  const header = async (changes: object) => decodeProtectedHeader(await scene.college.sign({}, changes))
  expect(await header({ kid: 'wrong' })).toMatchObject({ alg: 'RS256', kid: 'wrong' })
  expect(await header({ kid: undefined })).toEqual({ typ: 'JWT', alg: 'RS256' })
  const { keys } = await keySet(scene)
  for (const key of keys) delete key.alg
  await expect(
    jwtVerify(await scene.college.sign({}, { alg: 'RS512' }), createLocalJWKSet({ keys })),
  ).resolves.toBeDefined()
  expect(await scene.college.sign({ a: 1 }, { alg: 'none' })).toMatch(/\.$/)
  expect(decodeJwt(await scene.college.sign({ a: 1 }, { alg: 'none' }))).toEqual({ a: 1 })
})

it('signs with the public key as a secret, for the oldest trick', async () => {
  const scene = await openScene()
  const [jwk] = (await keySet(scene)).keys
  const pem = createPublicKey({ key: jwk ?? {}, format: 'jwk' }).export({ format: 'pem', type: 'spki' })
  const token = await scene.college.sign({ a: 1 }, { alg: 'HS256' })
  await expect(jwtVerify(token, new TextEncoder().encode(String(pem)))).resolves.toMatchObject({ payload: { a: 1 } })
})

it('finds everything again when it is opened a second time', async () => {
  const dataDir = makeFolder()
  const first = await openScene(dataDir)
  const student = first.college.addStudent('Ada Lovelace')
  const course = first.college.addCourse('Another')
  await fetch(`${first.url}/launch?user=${student.id}&course=${course.id}`)
  const token = await getToken(first)
  await postScore(course.lineItemUrl, token, aScore(student.id, { comment: 'kept' }))
  await postScore(first.college.course.lineItemUrl, token, aScore('18'))
  await fetch(`${first.url}/enrolments`, { method: 'POST', body: new URLSearchParams({ user: '18' }) })
  const second = await createCollege({ url: first.url, toolUrl: first.tool.url, dataDir })
  expect(second.people).toEqual(first.college.people)
  expect(second.people.find(({ id }) => id === '18')?.kind).toBe('student')
  expect(second.gradeOf(student.id, course)).toMatchObject({ score: 80, comment: 'kept' })
  expect(second.received()).toEqual(first.college.received())
  const { payload } = await jwtVerify(await second.sign({ a: 1 }), createLocalJWKSet(await keySet(first)))
  expect(payload).toEqual({ a: 1 })
})

it('keeps the newest 50 messages in the file, and all of this run in memory', async () => {
  const scene = await openScene()
  const token = await getToken(scene)
  for (let count = 0; count < 55; count += 1) await postScore(scene.college.course.lineItemUrl, token, aScore('6'))
  expect(scene.college.received()).toHaveLength(55)
  const again = await createCollege({ url: scene.url, toolUrl: scene.tool.url, dataDir: scene.dataDir })
  expect(again.received()).toEqual(scene.college.received().slice(-50))
})
