import { beforeEach, describe, expect, it } from 'vitest'
import { AGS, aScore, getToken, openScene, postScore, SCORE, scoresUrl } from './support.ts'
import type { Scene } from './support.ts'

let scene: Scene
let token: string
let item: string
beforeEach(async () => {
  scene = await openScene()
  token = await getToken(scene)
  item = scene.college.course.lineItemUrl
})

const post = (score: unknown, headers?: Record<string, string>) => postScore(item, token, score, headers)
const grade = (userId = '6') => scene.college.gradeOf(userId)

it('takes a score with an empty body, scaled to 100, with its comment', async () => {
  const score = aScore('6', { comment: 'Good work <b>bold</b>' })
  const response = await post(score)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe(`${SCORE}; charset=utf-8`)
  expect(await response.text()).toBe('')
  expect(grade()).toEqual({
    score: 80,
    comment: 'Good work <b>bold</b>',
    timestamp: score['timestamp'],
    arrivedAt: expect.any(String) as unknown,
    complete: false,
  })
})

describe('what is accepted', () => {
  it.each<[what: string, changes: Record<string, unknown>, score: number | undefined]>([
    ['more than the maximum', { scoreGiven: 60 }, 100],
    ['a negative score', { scoreGiven: -1 }, 0],
    ['zero', { scoreGiven: 0 }, 0],
    ['a maximum of 0', { scoreGiven: 1, scoreMaximum: 0 }, 1],
    ['a score as text', { scoreGiven: '12' }, 24],
    ['the person as a number', { userId: 6 }, 80],
    ['any activityProgress', { activityProgress: 'Bogus' }, 80],
    ['a time zone', { timestamp: '2026-11-23T18:25:19+02:00' }, 80],
    ['no time zone', { timestamp: '2026-11-23T16:25:20' }, 80],
    ['microseconds', { timestamp: '2026-11-23T16:25:22.166123Z' }, 80],
    ['tomorrow', { timestamp: new Date(Date.now() + 86_400_000).toISOString() }, 80],
    ['no score', { scoreGiven: undefined }, undefined],
    ['null', { scoreGiven: null }, undefined],
    ['no score and no maximum', { scoreGiven: undefined, scoreMaximum: undefined }, undefined],
    ['a score that is not final', { gradingProgress: 'Pending' }, undefined],
  ])('%s', async (_what, changes, score) => {
    const response = await post(aScore('6', changes))
    expect([response.status, await response.text()]).toEqual([200, ''])
    expect(grade()?.score).toBe(score)
  })

  it('a charset in the media type', async () => {
    expect((await post(aScore('6'), { 'Content-Type': `${SCORE}; charset=utf-8` })).status).toBe(200)
  })

  it('well-formed JSON on several lines', async () => {
    expect((await post(JSON.stringify(aScore('6'), null, 2))).status).toBe(200)
    expect(grade()?.score).toBe(80)
  })
})

describe('what is refused with 400, [] and one reason for all', () => {
  it.each<[what: string, changes: Record<string, unknown>]>([
    ['no timestamp', { timestamp: undefined }],
    ['no activityProgress', { activityProgress: undefined }],
    ['no gradingProgress', { gradingProgress: undefined }],
    ['no person', { userId: undefined }],
    ['a bad date', { timestamp: 'yesterday' }],
    ['a score without maximum', { scoreMaximum: undefined }],
    ['a score that is no number', { scoreGiven: 'many' }],
    ['an unknown person', { userId: '99999' }],
    ['the editing teacher', { userId: '3' }],
    ['the non-editing teacher', { userId: '4' }],
    ['the manager', { userId: '5' }],
    ['the site administrator', { userId: '2' }],
    ['somebody without a graded role', { userId: '18' }],
  ])('%s', async (_what, changes) => {
    const score = aScore('6', changes)
    const response = await post(score)
    expect([response.status, await response.text()]).toEqual([400, '[]'])
    expect(response.statusText).toBe(`Incorrect score received${JSON.stringify(score)}`)
    expect(grade(String(score['userId']))).toBeUndefined()
  })

  it('broken JSON', async () => {
    const response = await post('{bad')
    expect([response.status, response.statusText, await response.text()]).toEqual([
      400,
      'Incorrect score received{bad',
      '[]',
    ])
  })

  it('and with 200 and [] when the message has line breaks', async () => {
    const response = await post(JSON.stringify(aScore('99999'), null, 2))
    expect([response.status, await response.text()]).toEqual([200, '[]'])
  })

  it('names of any script do not break the status line', async () => {
    expect((await post(aScore('99999', { comment: 'Nguyễn Thị Hà\u0007 schreibt' }))).status).toBe(400)
  })
})

it('answers 502 with a web page to an id that is not a number', async () => {
  const response = await post(aScore('abc'))
  expect(response.status).toBe(502)
  expect(await response.text()).toContain('502 Bad Gateway')
})

describe('timestamps', () => {
  it.each([
    ['the same', '2026-11-23T16:25:04.049Z'],
    ['the same second', '2026-11-23T16:25:04.999Z'],
    ['an older one', '2026-01-01T00:00:00Z'],
  ])('%s is refused with 409', async (_what, timestamp) => {
    await post(aScore('6', { timestamp: '2026-11-23T16:25:04.049Z' }))
    const response = await post(aScore('6', { timestamp, scoreGiven: 1 }))
    expect([response.status, response.statusText, await response.text()]).toEqual([
      409,
      'Refusing score with an earlier timestamp for item 2 and user 6',
      '[]',
    ])
    expect(grade()?.score).toBe(80)
  })

  it('the next second is taken', async () => {
    await post(aScore('6', { timestamp: '2026-11-23T16:25:04.999Z' }))
    expect((await post(aScore('6', { timestamp: '2026-11-23T16:25:05Z' }))).status).toBe(200)
  })

  it('tomorrow shuts out today', async () => {
    await post(aScore('6', { timestamp: new Date(Date.now() + 86_400_000).toISOString() }))
    expect((await post(aScore('6', { timestamp: new Date().toISOString() }))).status).toBe(409)
  })

  it('any is taken after a grade was cleared', async () => {
    await post(aScore('6', { timestamp: '2026-11-23T16:25:04Z' }))
    await post(aScore('6', { timestamp: '2026-11-23T16:25:05Z', scoreGiven: null }))
    expect(grade()).toBeUndefined()
    expect((await post(aScore('6', { timestamp: '2026-01-01T00:00:00Z' }))).status).toBe(200)
  })

  it('are compared for each person', async () => {
    const timestamp = '2026-11-23T16:25:04Z'
    expect((await post(aScore('6', { timestamp }))).status).toBe(200)
    expect((await post(aScore('7', { timestamp }))).status).toBe(200)
  })
})

it('wipes the comment when none comes with the next score', async () => {
  await post(aScore('6', { comment: 'first' }))
  await post(aScore('6'))
  expect(grade()?.comment).toBe('')
})

it('is complete at 100 only, whatever activityProgress says', async () => {
  await post(aScore('6', { scoreGiven: 99, scoreMaximum: 100 }))
  expect(grade()?.complete).toBe(false)
  await post(aScore('6', { scoreGiven: 1, scoreMaximum: 1, activityProgress: 'InProgress' }))
  expect(grade()?.complete).toBe(true)
  await post(aScore('6', { scoreGiven: 30, scoreMaximum: 100 }))
  expect(grade()?.complete).toBe(false)
})

it.each([
  ['application/json', 'application/json'],
  ['no type', 'text/plain'],
])('answers 400 "No handler found" to %s', async (_what, type) => {
  const response = await post(aScore('6'), { 'Content-Type': type })
  const reason = `No handler found for /2/lineitems/2/lineitem/scores  ${type}`
  expect(response.status).toBe(400)
  expect(response.statusText).toBe(reason)
  expect(await response.json()).toEqual({
    status: 400,
    reason,
    request: {
      method: 'POST',
      url: '/mod/lti/services.php/2/lineitems/2/lineitem/scores?type_id=1',
      accept: '*/*',
      contentType: type,
    },
  })
})

it('answers 400 "No handler found" to an address made by adding text', async () => {
  const response = await fetch(`${item}/scores`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': SCORE },
    body: JSON.stringify(aScore('6')),
  })
  expect(response.status).toBe(400)
  expect(response.statusText).toContain('No handler found for /2/lineitems/2/lineitem')
})

it('answers 401 with JSON to a bad token, to none, and to one without the scope', async () => {
  const weak = await getToken(scene, [`${AGS}/lineitem`])
  for (const wrong of ['nonsense', weak]) {
    const response = await postScore(item, wrong, aScore('6'))
    expect(response.status).toBe(401)
    expect(await response.json()).toMatchObject({ status: 401, reason: 'Unauthorized' })
  }
  const response = await fetch(scoresUrl(item), {
    method: 'POST',
    headers: { 'Content-Type': SCORE },
    body: JSON.stringify(aScore('6')),
  })
  expect(response.status).toBe(401)
})

it('answers 401 to another tool', async () => {
  const url = scoresUrl(item).replace('type_id=1', 'type_id=2')
  const response = await fetch(url, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': SCORE },
    body: JSON.stringify(aScore('6')),
  })
  expect(response.status).toBe(401)
})

it('answers 404 to a line item that is nowhere, and 403 to one of another course', async () => {
  const other = scene.college.addCourse('Another')
  const number = /lineitems\/(\d+)/.exec(other.lineItemUrl)?.[1] ?? ''
  expect((await postScore(item.replace('lineitems/2', 'lineitems/99'), token, aScore('6'))).status).toBe(404)
  expect((await postScore(item.replace('lineitems/2', `lineitems/${number}`), token, aScore('6'))).status).toBe(403)
})

it('grades students of the course only', async () => {
  const other = scene.college.addCourse('Another')
  const student = scene.college.people.find(({ username }) => username === 'sam')
  if (!student) throw new Error('Sam is missing')
  expect((await postScore(other.lineItemUrl, token, aScore(student.id))).status).toBe(400)
  scene.college.claimsFor(student, { course: other })
  expect((await postScore(other.lineItemUrl, token, aScore(student.id))).status).toBe(200)
  expect(scene.college.gradeOf(student.id, other)?.score).toBe(80)
  expect(scene.college.gradeOf(student.id)).toBeUndefined()
})

it('takes scores for Kit once Kit is enrolled as a student', async () => {
  expect((await post(aScore('18'))).status).toBe(400)
  await fetch(`${scene.url}/enrolments`, { method: 'POST', body: new URLSearchParams({ user: '18' }) })
  expect((await post(aScore('18'))).status).toBe(200)
})

it('keeps the grade that a teacher set, and takes scores under it', async () => {
  const student = scene.college.people.find(({ id }) => id === '6')
  if (!student) throw new Error('Priya is missing')
  await post(aScore('6', { comment: 'from the tool' }))
  await scene.college.changeByHand(student, { override: 77 })
  expect((await post(aScore('6', { scoreGiven: 50, comment: 'later' }))).status).toBe(200)
  expect(grade()).toMatchObject({ score: 77, comment: 'from the tool' })
  await scene.college.changeByHand(student, { override: null })
  expect(grade()?.score).toBe(100)
})

it('answers 500 to a locked grade', async () => {
  const student = scene.college.people.find(({ id }) => id === '6')
  if (!student) throw new Error('Priya is missing')
  await scene.college.changeByHand(student, { locked: true })
  const response = await post(aScore('6'))
  expect([response.status, await response.text()]).toEqual([500, '[]'])
  expect(grade()).toBeUndefined()
  await scene.college.changeByHand(student, { locked: false })
  expect((await post(aScore('6'))).status).toBe(200)
})

it('remembers every message with what became of it', async () => {
  const score = aScore('6')
  await post(score)
  await post(aScore('18'))
  await post('{bad')
  await post(aScore('6'), { 'Content-Type': 'application/json' })
  const received = scene.college.received()
  expect(received.map(({ userId, status }) => [userId, status])).toEqual([
    ['6', 200],
    ['18', 400],
    ['', 400],
    ['6', 400],
  ])
  expect(received[0]).toMatchObject({ body: score, text: JSON.stringify(score) })
  expect(received[2]?.body).toEqual({})
})
