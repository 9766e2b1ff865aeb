import request from 'supertest'
import { expect, it } from 'vitest'
import { config } from '../../config/index.ts'
import { aProgramme, aStudent } from '../support/builders.ts'
import { tokenOf } from '../support/token.ts'
import { origin } from '../support/world.ts'

it('lets one person change so much a minute, says so, and lets everybody else go on', async () => {
  const { course } = await aProgramme()
  const [busy, other] = [await sender(course), await sender(course)]
  for (let changes = 0; changes < config.changesPerMinute; changes++) expect((await busy()).status).toBe(404)
  const refused = await busy()
  expect([refused.status, refused.text.includes('A little slower, please')]).toEqual([429, true])
  expect((await other()).status).toBe(404)
})

/** Sends a change to something that somebody does not have. */
async function sender(course: Parameters<typeof aStudent>[0]): Promise<() => Promise<request.Response>> {
  const { browser } = await aStudent(course)
  const cookie = (browser.jar.get(origin) ?? []).map(({ name, value }) => `${name}=${value}`).join('; ')
  const body = { _token: await tokenOf(browser) }
  return () =>
    request(origin).post('/matches/1/contacts').set({ cookie, 'sec-fetch-site': 'same-origin' }).type('form').send(body)
}
