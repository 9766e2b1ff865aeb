import request from 'supertest'
import { describe, expect, it } from 'vitest'
import { college, origin } from '../support/world.ts'
import { loginRequest } from './launching.ts'

const scene = { place: { origin, base: origin, processes: 1 }, lms: college, role: 'Learner' } as const

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

it('a browser that keeps no cookie is offered one more click, before the platform is asked', async () => {
  const page = await request(origin).get('/lti/login/check').query(loginRequest(scene)).redirects(0)
  expect(page.status).toBe(200)
  expect(page.text).toContain('One more click')
  expect(page.text).toContain('target="_blank"')
  expect(page.headers['content-security-policy']).toContain(`form-action 'self' ${college.platform.issuer}`)
})
