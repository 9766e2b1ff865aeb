import { decodeJwt, decodeProtectedHeader } from 'jose'
import { beforeEach, describe, expect, it } from 'vitest'
import type { CollegeTool } from '../../src/college/index.ts'
import {
  AGS,
  askForToken,
  authRequest,
  authenticate,
  launch,
  makeAssertion,
  MEMBERS,
  openScene,
  personOf,
  registrationOf,
  startLogin,
  TOOL_CONFIGURATION as CONFIGURATION,
  tokenFields,
  visit,
} from './support.ts'
import type { Scene } from './support.ts'

const LTI = 'https://purl.imsglobal.org/spec/lti/claim'
const CONTAINER = 'application/vnd.ims.lis.v2.lineitemcontainer+json'
type Json = Record<string, unknown>

let scene: Scene
beforeEach(async () => {
  scene = await openScene()
})

const newToken = async (update?: string) => (await scene.college.registrationQuery(update)).registration_token
const post = (token: string | undefined, body: unknown) =>
  fetch(`${scene.url}/openid-registration`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  })
const aForm = (changes: Json = {}, configuration: Json = {}) => registrationOf(scene.tool.url, changes, configuration)
/** A second tool, registered and activated. */
async function register(changes: Json = {}, configuration: Json = {}): Promise<CollegeTool> {
  const { client_id: id } = (await (await post(await newToken(), aForm(changes, configuration))).json()) as Json
  const found = () => scene.college.tools.find(({ clientId }) => clientId === id)
  const tool = found()
  if (!tool) throw new Error('The tool is not there')
  await scene.college.activate(tool)
  return found() ?? tool
}

describe('the configuration', () => {
  it('tells a tool where everything is, in the shape of Moodle', async () => {
    const { openid_configuration: address } = await scene.college.registrationQuery()
    expect(address).toBe(`${scene.url}/openid-configuration`)
    const answer = await fetch(address)
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(await answer.json()).toEqual({
      issuer: scene.url,
      token_endpoint: `${scene.url}/token`,
      token_endpoint_auth_methods_supported: ['private_key_jwt'],
      token_endpoint_auth_signing_alg_values_supported: ['RS256'],
      jwks_uri: `${scene.url}/certs`,
      authorization_endpoint: `${scene.url}/auth`,
      registration_endpoint: `${scene.url}/openid-registration`,
      scopes_supported: expect.arrayContaining([`${AGS}/score`, MEMBERS, 'openid']) as unknown,
      response_types_supported: ['id_token'],
      subject_types_supported: ['public', 'pairwise'],
      id_token_signing_alg_values_supported: ['RS256'],
      claims_supported: ['sub', 'iss', 'name', 'given_name', 'family_name', 'email'],
      'https://purl.imsglobal.org/spec/lti-platform-configuration': {
        product_family_code: 'moodle',
        version: '4.5.6 (Build: 20250811)',
        messages_supported: [
          { type: 'LtiResourceLinkRequest' },
          { type: 'LtiDeepLinkingRequest', placements: ['ContentArea'] },
        ],
        variables: expect.arrayContaining(['Context.id.history', 'Moodle.Person.userGroupIds']) as unknown,
      },
    })
  })
})

describe('the registration token', () => {
  it('names a new client id, for an hour', async () => {
    const token = await newToken()
    expect(decodeProtectedHeader(token)).toMatchObject({ typ: 'JWT', alg: 'RS256' })
    const { sub, scope, iat, exp, ...rest } = decodeJwt(token)
    expect(sub).toMatch(/^[A-Za-z0-9]{15}$/)
    expect([scope, Number(exp) - Number(iat), rest]).toEqual(['reg', 3600, {}])
    expect(decodeJwt(await newToken()).sub).not.toBe(sub)
  })

  it('names the client id of the tool that registers again', async () => {
    expect(decodeJwt(await newToken('DemoCollege0001'))).toMatchObject({ sub: 'DemoCollege0001', scope: 'reg-update' })
  })

  it.each<[what: string, make: () => Promise<string | undefined>, status: number, text: string]>([
    ['no token', () => Promise.resolve(undefined), 401, 'missing_registration_token'],
    ['garbage', () => Promise.resolve('garbage'), 404, '<!DOCTYPE html>'],
    ['an old token', () => scene.college.sign({ sub: 'a', scope: 'reg', iat: 1, exp: 2 }), 404, '<!DOCTYPE html>'],
    ['an unsigned one', () => scene.college.sign({ sub: 'a', scope: 'reg' }, { alg: 'none' }), 404, '<!DOCTYPE html>'],
    ['another scope', () => scene.college.sign({ sub: 'a', scope: 'x' }), 403, 'Incorrect scope'],
    ['an unknown tool', () => scene.college.sign({ sub: 'a', scope: 'reg-update' }), 400, 'Unknown client'],
    [
      'a known tool as new',
      () => scene.college.sign({ sub: 'DemoCollege0001', scope: 'reg' }),
      401,
      'token_already_used',
    ],
  ])('is refused: %s', async (_what, make, status, text) => {
    const answer = await post(await make(), aForm())
    expect(answer.status).toBe(status)
    expect(await answer.text()).toContain(text)
    expect(scene.college.tools).toHaveLength(1)
  })

  it('is good for one registration, and not used up by one that was refused', async () => {
    const token = await newToken()
    expect((await post(token, {})).status).toBe(400)
    expect((await post(token, aForm())).status).toBe(200)
    const again = await post(token, aForm())
    expect([again.status, await again.text()]).toEqual([401, 'token_already_used'])
    expect(scene.college.tools).toHaveLength(2)
  })
})

describe('a registration', () => {
  it('is answered with 200, the client id and the deployment id', async () => {
    const token = await newToken()
    const answer = await post(token, aForm())
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8')
    const { url } = scene.tool
    expect(await answer.json()).toEqual({
      client_id: decodeJwt(token).sub,
      response_types: ['id_token'],
      jwks_uri: `${url}/lti/keys`,
      initiate_login_uri: `${url}/lti/login`,
      grant_types: ['client_credentials', 'implicit'],
      redirect_uris: [`${url}/lti/launch`],
      application_type: 'web',
      token_endpoint_auth_method: 'private_key_jwt',
      client_name: 'Second tool',
      logo_uri: `${url}/icon.png`,
      scope:
        ['score', 'result.readonly', 'lineitem.readonly', 'lineitem'].map((one) => `${AGS}/${one}`).join(' ') +
        ` ${MEMBERS}`,
      [CONFIGURATION]: {
        version: '1.3.0',
        deployment_id: '2',
        target_link_uri: `${url}/lti/launch`,
        domain: new URL(url).host,
        description: 'A tool',
        messages: [{ type: 'LtiDeepLinkingRequest', target_link_uri: `${url}/lti/content` }],
        custom_parameters: { link: '$ResourceLink.id', plain: 'hello' },
        claims: ['sub', 'iss', 'name', 'family_name', 'given_name', 'email'],
      },
    })
    expect(scene.college.tools[1]).toMatchObject({ deploymentId: '2', name: 'Second tool', state: 'pending' })
  })

  it('may be minimal: then nothing is shared, and no service is on', async () => {
    const minimal = aForm(
      { scope: undefined, logo_uri: undefined },
      { messages: undefined, claims: undefined, custom_parameters: { a: 'x=y', n: 5, b: true } },
    )
    const answer = (await (await post(await newToken(), minimal)).json()) as Json
    expect(answer).toMatchObject({ scope: '', logo_uri: '' })
    const configuration = answer[CONFIGURATION] as Json
    expect(configuration).toMatchObject({ custom_parameters: { a: 'x', n: '5', b: '1' }, claims: ['sub', 'iss'] })
    expect(configuration).not.toHaveProperty('messages')
  })

  it.each<[what: string, changes: Json, configuration: Json, text: string]>([
    ...[
      'response_types',
      'initiate_login_uri',
      'redirect_uris',
      'client_name',
      'jwks_uri',
      'token_endpoint_auth_method',
      CONFIGURATION,
    ].map((name): [string, Json, Json, string] => [
      `no ${name}`,
      { [name]: undefined },
      {},
      `missing required attribute ${name}`,
    ]),
    ['no addresses in the list', { redirect_uris: [] }, {}, 'missing required attribute redirect_uris'],
    ['no domain', {}, { domain: undefined }, 'missing_domain'],
    ['another domain', {}, { domain: 'elsewhere.example' }, 'domain_targetlinkuri_mismatch'],
    ['a domain without the port', {}, { domain: 'localhost' }, 'domain_targetlinkuri_mismatch'],
    ['another response type', { response_types: ['code'] }, {}, 'invalid_response_types'],
    ['one address as text', { redirect_uris: 'https://a.example' }, {}, 'invalid_redirect_uris'],
    ['a secret', { token_endpoint_auth_method: 'client_secret_basic' }, {}, 'invalid_token_endpoint_auth_method'],
    ['a native application', { application_type: 'native' }, {}, 'invalid_application_type'],
  ])('is refused with %s', async (_what, changes, configuration, text) => {
    const answer = await post(await newToken(), aForm(changes, configuration))
    expect([answer.status, await answer.text()]).toEqual([400, text])
    expect(scene.college.tools).toHaveLength(1)
  })

  it('can be made anew: the numbers and the state stay, all else is what the tool says now', async () => {
    const { clientId } = await register()
    const answer = await post(await newToken(clientId), aForm({ client_name: 'Renamed' }))
    expect(await answer.json()).toMatchObject({ client_id: clientId, [CONFIGURATION]: { deployment_id: '2' } })
    expect(scene.college.tools[1]).toEqual({ clientId, deploymentId: '2', name: 'Renamed', state: 'active' })
    expect(scene.college.tools).toHaveLength(2)
  })

  it('outlives the process', async () => {
    const tool = await register()
    const again = await openScene(scene.dataDir)
    expect(again.college.tools).toContainEqual(tool)
  })
})

describe('a registered tool', () => {
  const addLink = (tool: CollegeTool) =>
    scene.college.addActivity(scene.college.course, { title: 'Link', tool, lineItem: { scoreMaximum: 10 } })
  const tokenOf = async ({ clientId }: CollegeTool, scopes: string[]) => {
    const assertion = await makeAssertion(scene, { iss: clientId, sub: clientId })
    return (await (await askForToken(scene, tokenFields(assertion, scopes))).json()) as {
      access_token: string
      scope: string
    }
  }

  it('is launched with its own client id, deployment and parameters, once it is activated', async () => {
    const token = await newToken()
    await post(token, aForm())
    const [, pending] = scene.college.tools
    if (!pending) throw new Error('No second tool')
    const { id } = addLink(pending)
    const page = await visit(`${scene.url}/launch?user=6&activity=${id}`)
    expect([page.status, page.$('h1').text()]).toEqual([404, 'The tool of this activity is pending'])
    await scene.college.activate(pending)
    const claims = await launch(scene, `user=6&activity=${id}`)
    expect(claims).toMatchObject({
      aud: pending.clientId,
      [`${LTI}/deployment_id`]: '2',
      [`${LTI}/custom`]: { plain: 'hello', link: '2' },
    })
    expect(JSON.stringify(claims)).toContain(`type_id=2`)
    expect(JSON.stringify(claims)).not.toContain(`type_id=1`)
    expect(scene.college.platformOf(pending)).toEqual({
      ...scene.college.platform,
      clientId: pending.clientId,
      deploymentId: '2',
    })
  })

  it('gets its token at an address it registered, and nowhere else', async () => {
    const other = 'https://other.example/launch'
    const { id } = addLink(await register({ redirect_uris: [`${scene.tool.url}/lti/launch`, other] }))
    const login = async () => authRequest(scene, await startLogin(scene, `user=6&activity=${id}`))
    expect(await authenticate(scene, { ...(await login()), redirect_uri: other })).toMatchObject({ action: other })
    const elsewhere = { ...(await login()), redirect_uri: 'https://elsewhere.example' }
    expect(await authenticate(scene, elsewhere)).toMatchObject({ status: 404, heading: 'Invalid request' })
  })

  it.each<[claims: string[], kept: string[]]>([
    [[], []],
    [['family_name'], ['family_name', 'given_name', 'name']],
    [['email'], ['email']],
  ])('is told what it asked for of people: %j', async (claims, kept) => {
    const { id } = addLink(await register({}, { claims }))
    const personal = (all: Json) =>
      Object.keys(all)
        .filter((name) => /name$|email/.test(name))
        .sort()
    expect(personal(await launch(scene, `user=6&activity=${id}`))).toEqual(kept)
    expect(personal(await launch(scene, `user=6&names=no&activity=${id}`))).toEqual([])
  })

  it('reads in the roster what it may know, and no more', async () => {
    const tool = await register({}, { claims: ['email'] })
    const { access_token: token } = await tokenOf(tool, [MEMBERS])
    const roster = await fetch(`${scene.url}/mod/lti/services.php/CourseSection/2/bindings/2/memberships`, {
      headers: { Authorization: `Bearer ${token}` },
    })
    const { members } = (await roster.json()) as { members: Json[] }
    expect(Object.keys(members[0] ?? {})).toEqual(['status', 'roles', 'user_id', 'lis_person_sourcedid', 'email'])
  })

  it('has the services it asked for, and a launch says no others', async () => {
    const readsOnly = await register({ scope: `${AGS}/score` })
    expect(
      (await tokenOf(readsOnly, [`${AGS}/lineitem`, `${AGS}/lineitem.readonly`, `${AGS}/score`, MEMBERS])).scope,
    ).toBe(`${AGS}/lineitem.readonly ${AGS}/score`)
    const none = await register({ scope: '' })
    const { id, lineItemUrl } = addLink(none)
    expect(lineItemUrl).toBe('')
    const claims = await launch(scene, `user=6&activity=${id}`)
    expect(Object.keys(claims).filter((name) => /lti-ags|lti-nrps/.test(name))).toEqual([])
    expect(claims[`${LTI}/custom`]).not.toHaveProperty('context_memberships_url')
  })

  it('sees nothing of the first tool, and the first nothing of it', async () => {
    const tool = await register()
    const link = addLink(tool)
    const { access_token: token } = await tokenOf(tool, [`${AGS}/lineitem`])
    const headers = { Authorization: `Bearer ${token}`, Accept: CONTAINER }
    const items = `${scene.url}/mod/lti/services.php/2/lineitems`
    const list = (await (await fetch(`${items}?type_id=2`, { headers })).json()) as Json[]
    expect(list.map(({ id }) => id)).toEqual([link.lineItemUrl])
    expect((await fetch(`${items}?type_id=1`, { headers })).status).toBe(401)
    const foreign = scene.college.course.lineItemUrl.replace('type_id=1', 'type_id=2')
    expect((await fetch(foreign, { headers: { Authorization: `Bearer ${token}` } })).status).toBe(403)
    const body = JSON.stringify({ label: 'x', scoreMaximum: 1, resourceLinkId: '1' })
    const type = { ...headers, 'Content-Type': 'application/vnd.ims.lis.v2.lineitem+json' }
    expect((await fetch(`${items}?type_id=2`, { method: 'POST', headers: type, body })).status).toBe(403)
  })

  it('has its key set kept apart from that of the first tool', async () => {
    const tool = await register()
    await tokenOf(tool, [MEMBERS])
    await tokenOf(tool, [MEMBERS])
    expect(scene.tool.state.fetched).toBe(1)
    await askForToken(scene, tokenFields(await makeAssertion(scene), [MEMBERS]))
    expect(scene.tool.state.fetched).toBe(2)
  })

  it('may be framed and posted to by the pages of the college', async () => {
    await register({ initiate_login_uri: 'https://second.example/login' })
    const { headers } = await visit(scene.url)
    expect(headers.get('content-security-policy')).toContain(
      `frame-src 'self' ${scene.tool.url} https://second.example;`,
    )
    expect(scene.college.claimsFor(personOf(scene, 'sam'))['aud']).toBe('DemoCollege0001')
  })
})
