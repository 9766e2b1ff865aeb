import { beforeEach, expect, it } from 'vitest'
import { AGS, getToken, openScene } from './support.ts'
import type { Scene } from './support.ts'

const CONTAINER = 'application/vnd.ims.lti-nrps.v2.membershipcontainer+json'
type Member = { user_id: string; name?: string; roles: string[]; ext_user_username?: string; message?: unknown }
type Roster = { id: string; context: object; members: Member[] }

let scene: Scene
let token: string
let address: string
beforeEach(async () => {
  scene = await openScene()
  token = await getToken(scene)
  address = `${scene.url}/mod/lti/services.php/CourseSection/2/bindings/1/memberships`
})

const get = (query = '', accept = CONTAINER) =>
  fetch(`${address}${query}`, { headers: { Authorization: `Bearer ${token}`, Accept: accept } })
const read = async (query = '') => (await (await get(query)).json()) as Roster
const usernames = ({ members }: Roster) => members.map(({ ext_user_username: username }) => username)

it('lists everybody in the course by family name, with short roles that are not those of a launch', async () => {
  const response = await get()
  expect(response.headers.get('content-type')).toBe(`${CONTAINER}; charset=utf-8`)
  expect(response.headers.get('link')).toBeNull()
  const roster = (await response.json()) as Roster
  expect(roster).toMatchObject({
    id: address,
    context: { id: '2', label: 'AHE-SS', title: 'Access to HE: Study Skills' },
  })
  expect(roster.members).toHaveLength(16)
  expect(usernames(roster).slice(0, 3)).toEqual(['bintang', 'yusuf', 'chidi'])
  const roles = Object.fromEntries(roster.members.map((member) => [member.ext_user_username ?? '', member.roles[0]]))
  expect(roles).toMatchObject({
    marion: 'Instructor',
    david: 'Instructor',
    graham: 'Learner',
    priya: 'Learner',
    kit: 'Learner',
  })
  expect(roles).not.toHaveProperty('admin')
  expect(roster.members.find(({ user_id: id }) => id === '6')).toEqual({
    status: 'Active',
    roles: ['Learner'],
    user_id: '6',
    lis_person_sourcedid: 'S-001',
    name: 'Priya Nair',
    given_name: 'Priya',
    family_name: 'Nair',
    email: 'priya@demo-college.example',
    ext_user_username: 'priya',
  })
})

it('leaves a blank after somebody with one name', async () => {
  const { members } = await read()
  expect(members.find(({ ext_user_username: name }) => name === 'bintang')).toMatchObject({
    name: 'Bintang ',
    family_name: '',
  })
})

it.each([
  ['*/*', 200],
  ['application/json', 400],
  ['application/vnd.ims.lis.v2.lineitemcontainer+json', 400],
])('answers Accept: %s with %i', async (accept, status) => {
  expect((await get('', accept)).status).toBe(status)
})

it.each([
  ['Instructor', 2],
  ['http://purl.imsglobal.org/vocab/lis/v2/membership%23Instructor', 2],
  ['Learner', 14],
  ['http://purl.imsglobal.org/vocab/lis/v2/membership%23Learner', 14],
  ['http://purl.imsglobal.org/vocab/lis/v2/membership%23Mentor', 16],
  ['Mentor', 16],
])('filters by role %s', async (role, count) => {
  expect((await read(`?role=${role}`)).members).toHaveLength(count)
})

it('pages when a limit is sent, and the next link forgets the role', async () => {
  const response = await get('?role=Learner&limit=5&rlid=1')
  expect(response.headers.get('link')).toBe(`<${address}?limit=5&from=5&rlid=1>; rel="next"`)
  expect(((await response.json()) as Roster).members).toHaveLength(5)
  const last = await get('?limit=5&from=15')
  expect(last.headers.get('link')).toBeNull()
  expect(((await last.json()) as Roster).members).toHaveLength(1)
  expect((await read('?from=15')).members).toHaveLength(16)
})

it('adds a message for a link, and does not know another link', async () => {
  expect((await read()).members[0]?.message).toBeUndefined()
  expect((await read('?rlid=1')).members[0]?.message).toMatchObject([
    { 'https://purl.imsglobal.org/spec/lti/claim/message_type': 'LtiResourceLinkRequest' },
  ])
  const response = await get('?rlid=999')
  expect(response.status).toBe(404)
  expect(await response.json()).toMatchObject({ reason: "Not Found: LTI link 999 doesn't exist" })
})

it('shares names as the last launch did', async () => {
  await fetch(`${scene.url}/launch?user=6&names=no`)
  const { members } = await read()
  expect(Object.keys(members[0] ?? {})).toEqual(['status', 'roles', 'user_id', 'lis_person_sourcedid'])
  await fetch(`${scene.url}/launch?user=6&names=yes`)
  expect((await read()).members[0]?.name).toBe('Bintang ')
})

it('lists in a new course the staff and those who were launched', async () => {
  const course = scene.college.addCourse('Another')
  address = address.replace('/2/', `/${course.id}/`)
  expect(usernames(await read())).toEqual(['david', 'marion', 'graham'])
  await fetch(`${scene.url}/launch?user=sam&course=${course.id}`)
  expect(usernames(await read())).toEqual(['david', 'marion', 'graham', 'sam'])
})

it('answers 401 to another tool, to a weak token and to none, and 404 to an unknown course', async () => {
  const weak = await getToken(scene, [`${AGS}/score`])
  const headers = { Accept: CONTAINER, Authorization: `Bearer ${weak}` }
  expect((await fetch(address, { headers })).status).toBe(401)
  expect((await fetch(address, { headers: { Accept: CONTAINER } })).status).toBe(401)
  address = address.replace('bindings/1', 'bindings/2')
  expect((await get()).status).toBe(401)
  address = address.replace('bindings/2', 'bindings/1').replace('/2/', '/99/')
  expect((await get()).status).toBe(404)
})
