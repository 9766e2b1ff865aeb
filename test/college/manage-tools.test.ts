import { decodeJwt } from 'jose'
import { beforeEach, expect, it } from 'vitest'
import { openScene, registrationOf, visit } from './support.ts'
import type { Scene } from './support.ts'

let scene: Scene
beforeEach(async () => {
  scene = await openScene()
})

const page = (path = '') => visit(`${scene.url}/admin/tools${path}`)
const register = (url: string, update?: string) =>
  page(`/registration?${new URLSearchParams({ url, ...(update === undefined ? {} : { update }) }).toString()}`)
const send = (path: string, tool: string) =>
  fetch(`${scene.url}/admin/tools/${path}`, { method: 'POST', body: new URLSearchParams({ tool }), redirect: 'manual' })
/** A tool as it is after its registration. */
async function addPending(): Promise<string> {
  const { registration_token: token } = await scene.college.registrationQuery()
  const headers = { Authorization: `Bearer ${token}` }
  const body = JSON.stringify(registrationOf(scene.tool.url))
  await fetch(`${scene.url}/openid-registration`, { method: 'POST', headers, body })
  return decodeJwt(token).sub ?? ''
}

it('is linked from the course page', async () => {
  const { $ } = await visit(scene.url)
  expect($('main a[href="/admin/tools"]').text()).toBe('Manage tools')
})

it('shows each tool with its state and its details', async () => {
  const clientId = await addPending()
  const { $ } = await page()
  const cards = $('.sp-card')
    .toArray()
    .map((card) => $(card))
  expect(cards.map((card) => card.find('h3').text())).toEqual(['Signpost', 'Second tool'])
  expect(cards.map((card) => card.find('.sp-chip').text().trim())).toEqual(['Active', 'Pending'])
  const details = cards[1]?.find('dl').text().replace(/\s+/g, ' ')
  for (const value of [
    `Platform ID${scene.url}`,
    `Client ID${clientId}`,
    'Deployment ID2',
    `URL${scene.url}/certs`,
    `URL${scene.url}/token`,
    `URL${scene.url}/auth`,
  ])
    expect(details).toContain(value)
  expect(cards[0]?.find('form')).toHaveLength(0)
  expect(
    $('.sp-card form')
      .toArray()
      .map((form) => $(form).attr('action')),
  ).toEqual(['/admin/tools/activation', '/admin/tools/deletion'])
})

it('activates a pending tool', async () => {
  const clientId = await addPending()
  const answer = await send('activation', clientId)
  expect([answer.status, answer.headers.get('location')]).toEqual([303, '/admin/tools'])
  expect(scene.college.tools[1]?.state).toBe('active')
})

it('deletes a tool, whose activities stay and cannot be launched, and gives its number to nobody', async () => {
  const clientId = await addPending()
  await send('activation', clientId)
  const tool = scene.college.tools[1]
  const activity = scene.college.addActivity(scene.college.course, { title: 'Link', tool })
  expect((await send('deletion', clientId)).status).toBe(303)
  expect(scene.college.tools).toHaveLength(1)
  const { status, $ } = await visit(`${scene.url}/activity?user=6&activity=${activity.id}`)
  expect([status, $('h1').text()]).toEqual([404, 'The tool of this activity is gone'])
  expect((await visit(scene.url)).$('.lms-activities').text()).toContain('(deleted)')
  await addPending()
  expect(scene.college.tools[1]?.deploymentId).toBe('3')
})

it('keeps the first tool, and knows no other', async () => {
  expect((await send('deletion', 'DemoCollege0001')).status).toBe(403)
  expect((await send('deletion', 'nobody')).status).toBe(404)
  expect((await send('activation', 'nobody')).status).toBe(404)
  expect(scene.college.tools).toHaveLength(1)
})

it.each([
  '',
  'not an address',
  'javascript:alert(1)',
  'http://college.example/register',
  'http://localhost.example',
  'ftp://localhost/x',
])('says what is wrong with "%s", and keeps it', async (typed) => {
  const { status, $ } = await register(typed)
  expect(status).toBe(422)
  expect($('.sp-error').text()).toContain('https://')
  expect($('#url').attr('value')).toBe(typed)
  expect($('title').text()).toMatch(/^Error: /)
  expect($('iframe')).toHaveLength(0)
})

it.each([
  'https://tool.example:9443/register?code=abc',
  'http://[::1]:9/register?code=abc',
  'http://127.0.0.1:9/register?code=abc',
])('opens %s in a frame, with what a registration needs behind the query', async (typed) => {
  const { $, headers } = await register(typed)
  const src = new URL($('iframe').attr('src') ?? '')
  expect(src.href.startsWith(typed)).toBe(true)
  expect([...src.searchParams.keys()]).toEqual(['code', 'openid_configuration', 'registration_token'])
  expect(src.searchParams.get('openid_configuration')).toBe(`${scene.url}/openid-configuration`)
  expect(decodeJwt(src.searchParams.get('registration_token') ?? '')).toMatchObject({ scope: 'reg' })
  expect(headers.get('content-security-policy')).toContain(`frame-src 'self' ${scene.tool.url} ${src.origin};`)
  expect($('main a').first().attr('href')).toBe('/admin/tools')
  expect($('script').attr('src')).toBe('/assets/registration.js')
})

it('asks first whether it is one of the tools of that domain again', async () => {
  const url = `${scene.tool.url}/lti/register?code=abc`
  const asked = await register(url)
  expect(asked.$('iframe')).toHaveLength(0)
  const buttons = asked
    .$('main button')
    .toArray()
    .map((button) => asked.$(button))
  expect(buttons.map((button) => button.text())).toEqual(['Update Signpost (1)', 'Register as a new external tool'])
  expect(asked.$('input[name=url]').attr('value')).toBe(url)
  const tokenAfter = async (update: string | undefined) =>
    decodeJwt(
      new URL((await register(url, update)).$('iframe').attr('src') ?? '').searchParams.get('registration_token') ?? '',
    )
  expect(await tokenAfter(buttons[0]?.attr('value'))).toMatchObject({ scope: 'reg-update', sub: 'DemoCollege0001' })
  expect(await tokenAfter(buttons[1]?.attr('value'))).toMatchObject({ scope: 'reg' })
})
