import request from 'supertest'
import { expect, it } from 'vitest'
import { aPair, confirm, log, type Launched } from '../support/builders.ts'
import { origin } from '../support/world.ts'

const TOKEN = 'Bearer a token of the tests'
async function metrics(): Promise<string> {
  const answer = await request(origin).get('/metrics').set('authorization', TOKEN)
  expect(answer.status).toBe(200)
  return answer.text
}
const valueOf = (text: string, name: string) => {
  const line = text.split('\n').find((one) => one.startsWith(`${name} `))
  return Number(line?.slice(name.length + 1))
}

it('is for who has the token alone', async () => {
  for (const authorization of ['', 'Bearer', 'Bearer a token of the test', TOKEN.toLowerCase()])
    expect((await request(origin).get('/metrics').set('authorization', authorization)).status).toBe(404)
})

it('counts requests by their template, launches by result, and numbers that wait for the gradebook', async () => {
  const before = await metrics()
  const { mentor, mentee, contactsHref } = await aPair()
  await log(mentor, contactsHref)
  await confirm(mentee, contactsHref)
  await request(origin).post('/lti/launch').type('form').send({ state: 'x', id_token: 'x' })
  await request(origin).get('/lti/login?iss=https://nobody.example')
  const after = await metrics()
  const grown = (name: string) => valueOf(after, name) - (valueOf(before, name) || 0)
  expect(grown('signpost_launches_total{step="launch",result="ok"}')).toBeGreaterThan(0)
  expect(grown('signpost_launches_total{step="login",result="LOGIN"}')).toBe(1)
  expect(after).toMatch(/signpost_launches_total\{step="launch",result="(STATE|LAUNCH|NOT_LTI|LAUNCH_REFUSED)"\} [1-9]/)
  expect(after).toMatch(
    /signpost_http_request_seconds_count\{method="POST",route="\/contacts\/:id\/confirmation",status="3xx"\}/,
  )
  expect(grown('signpost_grades_waiting')).toBeGreaterThanOrEqual(2)
  expect(valueOf(after, 'signpost_grades_oldest_seconds')).toBeGreaterThanOrEqual(0)
  for (const name of ['grades_failed', 'mails_waiting', 'mails_late_seconds', 'files_waiting'])
    expect(valueOf(after, `signpost_${name}`), name).toBeGreaterThanOrEqual(0)
})

it('names nobody, and no address with a number', async () => {
  const { mentee } = await aPair()
  await open(mentee)
  expect(await metrics()).not.toMatch(
    /Priya|Nair|route="[^"]*\/(matches|threads|contacts|people|sessions|participants)\/\d/,
  )
})

const open = ({ browser }: Launched) => browser.open('/notifications?x=canary')
