import { beforeEach, expect, it } from 'vitest'
import { aScore, getToken, openScene, postScore } from './support.ts'
import type { Scene } from './support.ts'

const CONTAINER = 'application/vnd.ims.lis.v2.resultcontainer+json'

let scene: Scene
let token: string
let item: string
beforeEach(async () => {
  scene = await openScene()
  token = await getToken(scene)
  item = scene.college.course.lineItemUrl
})

function results(query = '', accept = CONTAINER) {
  const url = new URL(`${item}${query}`)
  url.pathname += '/results'
  return fetch(url, { headers: { Authorization: `Bearer ${token}`, Accept: accept } })
}

it('gives what the gradebook has, for those who have something', async () => {
  await postScore(item, token, aScore('6', { comment: 'Well', timestamp: '2026-11-23T16:24:45.500Z' }))
  await postScore(item, token, aScore('7', { scoreGiven: 0, timestamp: '2026-11-23T18:24:46+02:00' }))
  const path = item.split('?')[0] ?? ''
  const response = await results()
  expect(response.headers.get('content-type')).toBe(`${CONTAINER}; charset=utf-8`)
  expect(await response.json()).toEqual([
    {
      id: `${path}/results?type_id=1&user_id=6`,
      userId: '6',
      resultScore: 80,
      resultMaximum: 100,
      comment: 'Well',
      scoreOf: item,
      timestamp: '2026-11-23T16:24:45+00:00',
    },
    {
      id: `${path}/results?type_id=1&user_id=7`,
      userId: '7',
      resultScore: 0,
      resultMaximum: 100,
      scoreOf: item,
      timestamp: '2026-11-23T16:24:46+00:00',
    },
  ])
})

it('gives only the person for a cleared grade', async () => {
  await postScore(item, token, aScore('6'))
  await postScore(item, token, aScore('6', { scoreGiven: null }))
  const [result] = (await (await results()).json()) as object[]
  expect(Object.keys(result ?? {})).toEqual(['id', 'userId'])
})

it("gives the teacher's grade where there is one", async () => {
  await postScore(item, token, aScore('6'))
  const student = scene.college.people.find(({ id }) => id === '6')
  if (!student) throw new Error('Priya is missing')
  await scene.college.changeByHand(student, { override: 77 })
  expect(await (await results()).json()).toMatchObject([{ userId: '6', resultScore: 77 }])
})

it('filters by person', async () => {
  await postScore(item, token, aScore('6'))
  await postScore(item, token, aScore('7'))
  expect(await (await results('&user_id=7')).json()).toMatchObject([{ userId: '7' }])
  expect(await (await results('&user_id=99999')).json()).toEqual([])
})

it('crashes with a web page when a page is asked for', async () => {
  await postScore(item, token, aScore('6'))
  const response = await results('&limit=2')
  expect(response.status).toBe(404)
  expect(response.headers.get('content-type')).toContain('text/html')
  expect(await response.text()).toContain('Call to a member function out() on null')
})

it.each([
  ['*/*', 200],
  ['application/json', 400],
  ['application/vnd.ims.lis.v2.result+json', 400],
])('answers Accept: %s with %i', async (accept, status) => {
  expect((await results('', accept)).status).toBe(status)
})

it('answers 401 to a token that is too old', async () => {
  token = 'old'
  expect((await results()).status).toBe(401)
})
