import { beforeEach, describe, expect, it } from 'vitest'
import { AGS, aScore, getToken, openScene, postScore } from './support.ts'
import type { Scene } from './support.ts'

const ITEM = 'application/vnd.ims.lis.v2.lineitem+json'
const CONTAINER = 'application/vnd.ims.lis.v2.lineitemcontainer+json'

let scene: Scene
let token: string
let items: string
beforeEach(async () => {
  scene = await openScene()
  token = await getToken(scene)
  items = `${scene.url}/mod/lti/services.php/2/lineitems?type_id=1`
})

type Json = Record<string, unknown>
const call = (url: string, method: string, headers: Record<string, string>, body?: Json) =>
  fetch(url, {
    method,
    headers: { Authorization: `Bearer ${token}`, ...headers },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
const list = (query = '', accept = CONTAINER) => call(`${items}${query}`, 'GET', { Accept: accept })
const create = (body: Json, type = ITEM) => call(items, 'POST', { 'Content-Type': type }, body)
const put = (url: string, body: Json) => call(url, 'PUT', { 'Content-Type': ITEM }, body)
const labels = async (response: Response) => ((await response.json()) as Json[]).map(({ label }) => label)
const endpoint = () => {
  const [person] = scene.college.people
  if (!person) throw new Error('Nobody here')
  return scene.college.claimsFor(person)['https://purl.imsglobal.org/spec/lti-ags/claim/endpoint'] as Json
}

it('lists the one column of the activity', async () => {
  const response = await list()
  expect(response.headers.get('content-type')).toBe(`${CONTAINER}; charset=utf-8`)
  expect(response.headers.get('link')).toBeNull()
  expect(await response.json()).toEqual([
    {
      id: scene.college.course.lineItemUrl,
      label: 'E-mentoring',
      scoreMaximum: 100,
      resourceId: '',
      tag: '',
      resourceLinkId: '1',
      ltiLinkId: '1',
    },
  ])
})

it('needs no type_id, and refuses that of another tool', async () => {
  const bare = items.replace('?type_id=1', '')
  expect((await call(bare, 'GET', { Accept: CONTAINER })).status).toBe(200)
  expect((await call(`${bare}?type_id=2`, 'GET', { Accept: CONTAINER })).status).toBe(401)
})

it.each([
  ['*/*', 'No context or unsupported content type'],
  ['application/json', 'No handler found for /2/lineitems application/json'],
])('answers 400 to Accept: %s', async (accept, reason) => {
  const response = await list('', accept)
  expect(response.status).toBe(400)
  expect(response.statusText.trim()).toBe(reason)
})

it('answers 401 without a good token, and 404 to an unknown course', async () => {
  const weak = await getToken(scene, [`${AGS}/score`])
  expect((await call(items, 'GET', { Accept: CONTAINER, Authorization: `Bearer ${weak}` })).status).toBe(401)
  expect((await call(items, 'GET', { Accept: CONTAINER, Authorization: 'Basic x' })).status).toBe(401)
  const response = await call(items.replace('/2/', '/99/'), 'GET', { Accept: CONTAINER })
  expect(response.status).toBe(404)
  expect(await response.json()).toMatchObject({ reason: "Not Found: Course 99 doesn't exist" })
})

it('lets a read-only token read and nothing else', async () => {
  token = await getToken(scene, [`${AGS}/lineitem.readonly`])
  expect((await list()).status).toBe(200)
  expect((await create({ label: 'x', scoreMaximum: 1 })).status).toBe(401)
})

describe('a new column', () => {
  it('is echoed with its id', async () => {
    const body = { label: 'Stage 1', scoreMaximum: 1, resourceId: 'stage-1', tag: 'done', gradesReleased: false }
    const response = await create(body)
    expect(response.status).toBe(201)
    expect(await response.json()).toEqual({ ...body, id: items.replace('?', '/3/lineitem?') })
  })

  it.each<[what: string, body: Json, status: number]>([
    ['no label', { scoreMaximum: 1 }, 400],
    ['no maximum', { label: 'x' }, 400],
    ['a link of another course', { label: 'x', scoreMaximum: 1, resourceLinkId: '99' }, 403],
    ['our link', { label: 'x', scoreMaximum: 1, resourceLinkId: '1' }, 201],
    ['a maximum of 0', { label: 'x', scoreMaximum: 0 }, 201],
  ])('with %s', async (_what, body, status) => {
    expect((await create(body)).status).toBe(status)
  })

  it('may have the resource id of another one', async () => {
    const body = { label: 'x', scoreMaximum: 1, resourceId: 'same' }
    expect((await create(body)).status).toBe(201)
    expect((await create(body)).status).toBe(201)
    expect(await labels(await list('&resource_id=same'))).toEqual(['x', 'x'])
  })

  it('needs the exact media type, with or without charset', async () => {
    expect((await create({ label: 'x', scoreMaximum: 1 }, 'application/json')).status).toBe(400)
    expect((await create({ label: 'x', scoreMaximum: 1 }, `${ITEM}; charset=utf-8`)).status).toBe(201)
  })

  it('on our link takes `lineitem` out of the launch', async () => {
    expect(endpoint()).toHaveProperty('lineitem')
    await create({ label: 'x', scoreMaximum: 1, resourceLinkId: '1' })
    expect(endpoint()).not.toHaveProperty('lineitem')
    expect(endpoint()).toHaveProperty('lineitems')
  })

  it('takes scores on its own scale', async () => {
    const { id } = (await (await create({ label: 'x', scoreMaximum: 20 })).json()) as { id: string }
    expect((await postScore(id, token, aScore('6'))).status).toBe(200)
    expect(scene.college.gradeOf('6')).toBeUndefined()
  })
})

it('filters by link, tag and resource', async () => {
  await create({ label: 'free', scoreMaximum: 1, resourceId: 'r', tag: 't' })
  expect(await labels(await list())).toEqual(['E-mentoring', 'free'])
  expect(await labels(await list('&resource_link_id=1'))).toEqual(['E-mentoring'])
  expect(await labels(await list('&tag=t'))).toEqual(['free'])
  expect(await labels(await list('&resource_id=r'))).toEqual(['free'])
  expect(await labels(await list('&resource_link_id=99'))).toEqual([])
})

it('pages with a Link header that no parser takes', async () => {
  for (const label of ['b', 'c']) await create({ label, scoreMaximum: 1 })
  const response = await list('&limit=2')
  expect(await labels(response.clone())).toEqual(['E-mentoring', 'b'])
  const link = Buffer.from(response.headers.get('link') ?? '', 'latin1').toString('utf8')
  expect(link).toContain(`<${items}&amp;limit=2&amp;from=2>; rel=“next”`)
  expect(link).toContain('rel=“first”')
})

describe('one column', () => {
  it('is read', async () => {
    const response = await call(scene.college.course.lineItemUrl, 'GET', { Accept: ITEM })
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({ label: 'E-mentoring' })
  })

  it('loses its link when a change does not repeat it', async () => {
    const url = scene.college.course.lineItemUrl
    const changed = await put(url, { id: url, label: 'Renamed', scoreMaximum: 100, resourceId: 'main', tag: 'm' })
    expect(await changed.json()).toEqual({ id: url, label: 'Renamed', scoreMaximum: 100, resourceId: 'main', tag: 'm' })
    const read = await call(url, 'GET', { Accept: ITEM })
    expect(await read.json()).toEqual({ id: url, label: 'Renamed', scoreMaximum: 100, resourceId: 'main', tag: 'm' })
    expect(await labels(await list('&resource_link_id=1'))).toEqual([])
  })

  it('keeps its link when a change repeats it', async () => {
    const url = scene.college.course.lineItemUrl
    await put(url, { label: 'Renamed', scoreMaximum: 100, resourceLinkId: '1' })
    expect(await labels(await list('&resource_link_id=1'))).toEqual(['Renamed'])
  })

  it('takes the grades with it to a new maximum', async () => {
    const { id } = (await (await create({ label: 'x', scoreMaximum: 100 })).json()) as { id: string }
    await postScore(id, token, aScore('6', { scoreGiven: 70, scoreMaximum: 100 }))
    await put(id, { label: 'x', scoreMaximum: 200 })
    const results = new URL(id)
    results.pathname += '/results'
    expect(await (await call(results.href, 'GET', {})).json()).toMatchObject([{ resultScore: 140, resultMaximum: 200 }])
  })

  it('refuses a change without label or maximum, or to a foreign link', async () => {
    const url = scene.college.course.lineItemUrl
    expect((await put(url, { label: 'x' })).status).toBe(400)
    expect((await put(url, { label: 'x', scoreMaximum: 100, resourceLinkId: '99' })).status).toBe(403)
  })

  it('is deleted, even that of the activity, and then the launch has none', async () => {
    await postScore(scene.college.course.lineItemUrl, token, aScore('6'))
    const response = await call(scene.college.course.lineItemUrl, 'DELETE', {})
    expect([response.status, await response.text()]).toEqual([204, ''])
    expect(await labels(await list())).toEqual([])
    expect(endpoint()).not.toHaveProperty('lineitem')
    expect(endpoint()).toHaveProperty('scope')
    expect(scene.college.gradeOf('6')).toBeUndefined()
  })
})
