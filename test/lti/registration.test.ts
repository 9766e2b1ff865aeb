import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import request from 'supertest'
import * as cheerio from 'cheerio'
import { afterEach, describe, expect, it } from 'vitest'
import { statement } from '../../src/db.ts'
import { approveDeployment, listPlatforms, makeRegistrationLink, setPlatformState } from '../../src/lti/index.ts'
import { saveRegistration } from '../../src/lti/platforms.ts'
import { aCourse, launch, staff } from '../support/builders.ts'
import { college, origin } from '../support/world.ts'

const codeIn = (link: string) => new URL(link).searchParams.get('code') ?? ''
const makeOld = statement(
  'test_old_codes',
  "update registration_codes set created_at = now() - interval '24 hours 1 minute' where used_at is null",
)
const { issuer } = college.platform

type Query = Record<string, string | undefined>
/** What Moodle does with a pasted address: it opens it in a frame, with two parameters more. */
async function open(changes: Query = {}, link?: string) {
  const code = codeIn(link ?? (await makeRegistrationLink()))
  const query: Query = { code, ...(await college.registrationQuery()), ...changes }
  const given = Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined))
  const answer = await request(origin).get('/lti/register').query(given)
  const $ = cheerio.load(answer.text)
  return {
    status: answer.status,
    headers: answer.headers,
    $,
    words: $('main').text().replace(/\s+/g, ' '),
    code: codeOn($),
  }
}
const codeOn = ($: cheerio.CheerioAPI) => $('dt:contains("Problem") + dd').text()
const newestTool = () => college.tools.at(-1)
const platformOf = async (clientId: string) => (await listPlatforms()).find(({ client_id }) => client_id === clientId)
const countPlatforms = async () => (await listPlatforms()).length

afterEach(() => {
  college.faults = {}
})

describe('a pasted registration link', () => {
  it('connects a platform: it waits for the operator, then for nothing', async () => {
    const page = await open()
    expect(page.status).toBe(200)
    expect(page.headers['content-security-policy']).toContain(`frame-ancestors ${issuer}`)
    expect(page.words).toContain('Signpost is connected to')
    expect(page.$('[data-close-to]').attr('data-close-to')).toBe(issuer)
    const tool = newestTool()
    const platform = await platformOf(tool?.clientId ?? '')
    expect(platform).toMatchObject({
      issuer,
      state: 'waiting',
      product: expect.stringMatching(/^moodle /) as unknown,
      deployments: [{ lti_id: tool?.deploymentId, state: 'approved' }],
    })
    expect(page.words).toContain(`npm run signpost -- platform approve ${platform?.id ?? 0}`)
    expect(page.words).toContain('choose “Activate”')

    if (!tool) throw new Error('No tool was registered')
    await college.activate(tool)
    const course = aCourse()
    const activity = college.addActivity(course, { title: 'E-mentoring', tool })
    const early = await launch(staff('teacher'), course, { activity })
    expect(early.browser.page.status).toBe(403)
    expect(early.browser.page.words).toContain('Signpost is not switched on here yet')
    expect((await platformOf(tool.clientId))?.refused_at).toBeInstanceOf(Date)
    await setPlatformState(platform?.id ?? 0, 'approved')
    const late = await launch(staff('teacher'), course, { activity })
    expect(late.browser.page.words).toContain('Nobody runs this yet')
  })

  it('asks for what Signpost needs, and no more', async () => {
    await open()
    const tool = newestTool()
    const course = aCourse()
    const activity = college.addActivity(course, { title: 'E-mentoring', tool })
    const claims = college.claimsFor(staff('teacher'), { course, activity })
    expect(claims['email']).toBe(staff('teacher').email)
    const custom = claims['https://purl.imsglobal.org/spec/lti/claim/custom'] as Record<string, unknown>
    expect(Object.keys(custom).sort()).toEqual(
      ['context_id_history', 'context_memberships_url', 'group_ids', 'resource_link_id', 'user_id'].sort(),
    )
    const endpoint = claims['https://purl.imsglobal.org/spec/lti-ags/claim/endpoint'] as { scope: string[] }
    expect(endpoint.scope).toHaveLength(4)
    expect(claims['https://purl.imsglobal.org/spec/lti-nrps/claim/namesroleservice']).toBeDefined()
  })

  it('works once, within a day, and only the code that was made', async () => {
    const link = await makeRegistrationLink()
    expect((await open({}, link)).status).toBe(200)
    const before = await countPlatforms()
    for (const [changes, used] of [
      [{}, link],
      [{ code: 'x'.repeat(32) }, undefined],
      [{ code: undefined }, undefined],
      [{ code: "' or 1=1 --" }, undefined],
    ] as const) {
      const page = await open(changes, used)
      expect([page.status, page.code]).toEqual([403, 'REGISTRATION_CODE'])
    }
    const old = await makeRegistrationLink()
    await makeOld()
    expect((await open({}, old)).code).toBe('REGISTRATION_CODE')
    expect(await countPlatforms()).toBe(before)
  })

  it('used twice at the same moment registers once', async () => {
    const link = await makeRegistrationLink()
    const before = await countPlatforms()
    const pages = await Promise.all([open({}, link), open({}, link), open({}, link)])
    expect(pages.map(({ status }) => status).sort()).toEqual([200, 403, 403])
    expect(await countPlatforms()).toBe(before + 1)
  })

  it.each([
    ['refuses the token', {}, { registration_token: 'eyJhbGciOiJSUzI1NiJ9.e30.x' }, 400, 'REGISTRATION_REFUSED'],
    ['gets no token', {}, { registration_token: undefined }, 400, 'REGISTRATION_REFUSED'],
    ['answers 500', { registration: { status: 500, times: 1 } }, {}, 400, 'REGISTRATION_REFUSED'],
    ['answers with a web page', { registration: { html: true, times: 1 } }, {}, 400, 'REGISTRATION_REFUSED'],
    ['answers far too much', { registration: { bytes: 10_000_000, times: 1 } }, {}, 503, 'REGISTRATION_UNANSWERED'],
    [
      'sends us elsewhere',
      { registration: { redirect: 'http://127.0.0.1:1/', times: 1 } },
      {},
      400,
      'REGISTRATION_REFUSED',
    ],
    ['hangs up', { registration: { dropAfterCommit: true, times: 1 } }, {}, 503, 'REGISTRATION_UNANSWERED'],
    [
      'describes itself as a web page',
      { configuration: { html: true, times: 1 } },
      {},
      400,
      'REGISTRATION_CONFIGURATION',
    ],
    [
      'describes itself at length',
      { configuration: { bytes: 10_000_000, times: 1 } },
      {},
      503,
      'REGISTRATION_UNANSWERED',
    ],
    ['has no description', { configuration: { status: 404, times: 1 } }, {}, 400, 'REGISTRATION_CONFIGURATION'],
    ['has it elsewhere', { configuration: { redirect: '/', times: 1 } }, {}, 400, 'REGISTRATION_CONFIGURATION'],
    [
      'is not there',
      {},
      { openid_configuration: 'http://127.0.0.1:1/openid-configuration' },
      503,
      'REGISTRATION_UNANSWERED',
    ],
    [
      'is on a private address',
      {},
      { openid_configuration: 'https://10.0.0.1/openid-configuration' },
      400,
      'REGISTRATION',
    ],
    ['is no address', {}, { openid_configuration: 'javascript:alert(1)' }, 400, 'REGISTRATION'],
    ['is not named', {}, { openid_configuration: undefined }, 400, 'REGISTRATION'],
  ])(
    'keeps nothing when the platform %s, says so, and can be tried again',
    async (_what, faults, changes, status, code) => {
      const link = await makeRegistrationLink()
      const before = await countPlatforms()
      college.faults = faults
      const page = await open(changes, link)
      expect({ status: page.status, code: page.code }).toEqual({ status, code })
      expect(page.$('h1').text()).toBe('Signpost is not connected')
      expect(page.words).not.toContain('<')
      college.faults = {}
      expect(await countPlatforms()).toBe(before)
      expect((await open({}, link)).status).toBe(200)
    },
  )

  it('passes on the plain words of the platform’s refusal, never a page of it', async () => {
    expect((await open({ registration_token: undefined })).words).toContain('It said: missing_registration_token')
    college.faults = { registration: { html: true, times: 1 } }
    expect((await open()).words).not.toContain('It said')
  })
})

describe('a platform that registers again', () => {
  it('under the same client id (“Update” in Moodle) goes on as it was, and no second one stands in the list', async () => {
    await open()
    const clientId = newestTool()?.clientId ?? ''
    const { id = 0 } = (await platformOf(clientId)) ?? {}
    await setPlatformState(id, 'approved')
    const before = await countPlatforms()
    const page = await open({ ...(await college.registrationQuery(clientId)) })
    expect(page.words).toContain('goes on as it was')
    expect(page.words).not.toContain('platform approve')
    expect(await countPlatforms()).toBe(before)
    expect((await platformOf(clientId))?.state).toBe('approved')
    await setPlatformState(id, 'blocked')
    await open({ ...(await college.registrationQuery(clientId)) })
    expect((await platformOf(clientId))?.state).toBe('blocked')
  })

  it('from other addresses waits again, and another deployment of it waits too', async () => {
    const at = (host: string) => ({
      name: 'moved.example',
      issuer: 'https://moved.example',
      clientId: 'moved',
      deploymentId: '1',
      authUrl: `https://${host}/auth`,
      tokenUrl: `https://${host}/token`,
      jwksUrl: `https://${host}/jwks`,
    })
    const { id } = await saveRegistration(at('moved.example'))
    await setPlatformState(id, 'approved')
    expect((await saveRegistration({ ...at('moved.example'), deploymentId: '2' })).state).toBe('approved')
    expect((await platformOf('moved'))?.deployments).toMatchObject([
      { lti_id: '1', state: 'approved' },
      { lti_id: '2', state: 'waiting' },
    ])
    await approveDeployment(id, '2')
    await saveRegistration({ ...at('moved.example'), deploymentId: '2' })
    expect((await platformOf('moved'))?.deployments[1]).toMatchObject({ state: 'approved' })
    expect((await saveRegistration(at('evil.example'))).state).toBe('waiting')
  })

  it('whose issuer is another host is refused: a platform speaks for itself alone', async () => {
    const liar = await aPlatform(() => ({ issuer }))
    const page = await open({ openid_configuration: `${liar.at}/openid-configuration` })
    expect([page.status, page.code]).toEqual([400, 'REGISTRATION_ISSUER'])
    liar.close()
  })
})

describe('another platform than Moodle', () => {
  it('may answer 201, as the specification says, with a token that is not to be read, or none', async () => {
    const other = await aPlatform((at) => ({ issuer: at }))
    for (const registration_token of ['opaque', undefined]) {
      const page = await open({ openid_configuration: `${other.at}/openid-configuration`, registration_token })
      expect(page.status).toBe(200)
      expect(page.words).not.toContain('Moodle')
    }
    expect(other.authorizations).toEqual(['Bearer opaque', undefined])
    expect(await platformOf('given-by-201')).toMatchObject({ issuer: other.at, state: 'waiting', deployments: [] })
    other.close()
  })
})

/** A platform that registers as the specification says. */
async function aPlatform(changes: (at: string) => object) {
  const authorizations: (string | undefined)[] = []
  const server = createServer((req, res) => {
    if (req.method === 'POST') {
      authorizations.push(req.headers.authorization)
      res.writeHead(201).end(JSON.stringify({ client_id: 'given-by-201' }))
    } else res.end(JSON.stringify({ ...configuration, ...changes(at) }))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const configuration = {
    authorization_endpoint: `${at}/auth`,
    token_endpoint: `${at}/token`,
    jwks_uri: `${at}/jwks`,
    registration_endpoint: `${at}/register`,
  }
  return {
    at,
    authorizations,
    close: () => {
      server.close().closeAllConnections()
    },
  }
}
