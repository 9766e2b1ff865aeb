import { randomBytes } from 'node:crypto'
import * as cheerio from 'cheerio'
import { expect } from 'vitest'
import { savePlatform } from '../../../src/lti/index.ts'
import { statement } from '../../../src/db.ts'
import { basePayload, begin, claim, cookiesOf, loginRequest, post, type Begun, type Scene } from '../launching.ts'
import { ask } from '../place.ts'
import { aStandIn } from '../platform.ts'
import { having, launching, launchOf, letsIn, loggingIn, refuses, tells, without, type Case } from './case.ts'
import { expectRefusal, expectVisit, verdictOf, type Attempt } from './judging.ts'

const missing = (name: string, method: 'get' | 'post') =>
  refuses('O01', `a login by ${method} without ${name}`, [400, 'LOGIN'], loggingIn({ [name]: undefined }, method))
const BYTES = /^[\w-]{43}$/ // 256 bits

/** As a browser does that was never here, by either method: the probe of its cookies, then the platform. */
const loginWithProbe = (method: 'get' | 'post') =>
  tells('O01', `a login by ${method} looks for cookies first, then goes on to the platform`, async (scene) => {
    const first = await (await loggingIn({}, method)(scene)).ask()
    expect(first.status).toBe(303)
    const second = await ask(scene.place, 'get', String(first.headers['location'])).set('cookie', cookiesOf(first))
    expect(second.status).toBe(302)
    const to = new URL(String(second.headers['location']))
    expect(to.origin + to.pathname).toBe(scene.lms.platform.authUrl)
    expect(cookiesOf(second)).toMatch(/^__Host-signpost-login-[\w-]{12}=[\w-]{43}$/)
  })

/** Exactly what OIDC and LTI ask for, and nothing else. */
const sentOn = (title: string, changes: Record<string, string | undefined>) =>
  tells('O03', title, async (scene) => {
    const fields = loginRequest(scene, changes)
    const [one, two] = [await begin(scene, changes), await begin(scene, changes)]
    const { state, nonce, ...rest } = Object.fromEntries(one.to.searchParams)
    expect(rest).toEqual({
      scope: 'openid',
      response_type: 'id_token',
      response_mode: 'form_post',
      prompt: 'none',
      client_id: scene.lms.platform.clientId,
      redirect_uri: `${scene.place.origin}/lti/launch`,
      login_hint: fields['login_hint'],
      ...('lti_message_hint' in fields && { lti_message_hint: fields['lti_message_hint'] }),
    })
    expect([state, nonce]).toEqual([expect.stringMatching(BYTES), expect.stringMatching(BYTES)])
    expect(new Set([one.state, one.nonce, two.state, two.nonce]).size).toBe(4)
  })

const elsewhere = (title: string, target: (origin: string) => string) =>
  refuses('O04', `a target of ${title}`, [400, 'TARGET'], (scene) =>
    loggingIn({ target_link_uri: target(scene.place.origin) })(scene),
  )

/** A good launch, sent with another state or other cookies than those of its login. */
const withState =
  (change: (begun: Begun, scene: Scene) => Promise<Partial<Begun>> | Partial<Begun>) =>
  async (scene: Scene): Promise<Attempt> => {
    const begun = await begin(scene)
    const token = await scene.lms.sign(basePayload(scene, begun))
    const { state, cookies } = { ...begun, ...(await change(begun, scene)) }
    const fields = { ...(state !== '' && { state }), id_token: token }
    return { ask: () => post(scene, { cookies }, fields), sent: [token, state] }
  }
const random = () => randomBytes(32).toString('base64url')
const age = statement(
  'test_age_login',
  "update logins set created_at = now() - interval '601 seconds' where state = $1",
)

/** The same POST again, as a reloaded page sends it: the first one was let in. */
async function twice(scene: Scene): Promise<Attempt> {
  const begun = await begin(scene)
  const attempt = await launchOf(scene, begun, basePayload(scene, begun))
  await expectVisit(scene.place, attempt)
  return { ...attempt, back: undefined }
}

const errorPost = (fields: object) => async (scene: Scene) => {
  const begun = await begin(scene)
  const sent = { error: 'login_required', error_description: 'Please <b>sign in</b> first', ...fields }
  return { ask: () => post(scene, begun, sent), sent: [sent] }
}

const logins: Case[] = [
  loginWithProbe('get'),
  loginWithProbe('post'),
  ...['iss', 'login_hint', 'target_link_uri'].flatMap((name) => [missing(name, 'get'), missing(name, 'post')]),
  refuses('O01', 'a login with an empty iss', [400, 'LOGIN'], loggingIn({ iss: '' })),
  refuses('O02', 'an unknown issuer', [400, 'PLATFORM_UNKNOWN'], loggingIn({ iss: 'https://lms.unknown.example' })),
  refuses('O02', 'a known issuer, an unknown client', [400, 'PLATFORM_UNKNOWN'], loggingIn({ client_id: 'Unknown01' })),
  refuses('O02', 'two clients of one issuer, and no client named', [400, 'LOGIN'], async (scene) => {
    const lms = await aStandIn()
    await savePlatform({ ...lms.platform, ...urlsOf(lms.platform.issuer), name: 'Second', clientId: 'Second01' })
    return loggingIn({ client_id: undefined })({ ...scene, lms })
  }),
  sentOn('what the platform gets, exactly', {}),
  sentOn('hints of any letters come back as they were', {
    login_hint: ' a+b%20&=ü/?#"<',
    lti_message_hint: '{"ü":"a+b & c%00","x":[1,2]}\u2028',
  }),
  sentOn('no message hint is none', { lti_message_hint: undefined }),
]
const urlsOf = (url: string) => ({ authUrl: `${url}/auth`, tokenUrl: `${url}/token`, jwksUrl: `${url}/keys` })

const backTo = (url: string) => ({ [claim('launch_presentation')]: { locale: 'en', return_url: url } })
const targets: Case[] = [
  elsewhere('another site', () => 'https://evil.example/lti/launch'),
  elsewhere('another port of this host', (origin) => `${origin}9/lti/launch`),
  elsewhere('script', () => 'javascript:alert(document.domain)'),
  elsewhere('no scheme', () => '//evil.example/lti/launch'),
  elsewhere('our name as a user’s name', (origin) => `http://${new URL(origin).host}@evil.example/`),
  elsewhere('our host with a user', (origin) => origin.replace('//', '//somebody:secret@')),
  refuses('O04', 'another site, at the check of the cookies', [400, 'TARGET'], (scene) => {
    const fields = loginRequest(scene, { target_link_uri: 'https://evil.example/lti/launch' })
    return Promise.resolve({
      ask: async () => ask(scene.place, 'get', '/lti/login/check').query(fields),
      sent: [fields],
    })
  }),
  refuses(
    'O04',
    'another target in the launch than in its login',
    [401, 'TARGET'],
    launching((claims) => ({ ...claims, [claim('target_link_uri')]: `${String(claims[claim('target_link_uri')])}/x` })),
  ),
  refuses(
    'O04',
    'a way back that leads to another site is no link',
    [400, 'VERSION'],
    launching(having({ [claim('version')]: '1.0', ...backTo('https://evil.example/return') })),
  ),
  letsIn('O04', 'the same on a good launch', launching(having(backTo('https://evil.example/return'))), ({ page }) => {
    expect(page.text).not.toContain('evil.example')
  }),
  refuses('O04', 'no target in the launch', [401, 'TARGET'], launching(without(claim('target_link_uri')))),
]

const states: Case[] = [
  refuses(
    'O05',
    'no state',
    [401, 'STATE'],
    withState(() => ({ state: '' })),
  ),
  refuses('O05', 'a state that is empty', [401, 'STATE'], async (scene) => {
    const begun = await begin(scene)
    const token = await scene.lms.sign(basePayload(scene, begun))
    return { ask: () => post(scene, begun, { state: '', id_token: token }), sent: [token] }
  }),
  refuses(
    'O05',
    'a state of another shape',
    [401, 'STATE'],
    withState(() => ({ state: 'not a state of ours' })),
  ),
  refuses(
    'O05',
    'an unknown state',
    [401, 'STATE'],
    withState(() => ({ state: random() })),
  ),
  refuses(
    'O05',
    'a state older than ten minutes',
    [401, 'STATE'],
    withState(async ({ state }) => {
      await age(state)
      return {}
    }),
  ),
  refuses(
    'O05',
    'no cookie',
    [401, 'STATE'],
    withState(() => ({ cookies: '' })),
  ),
  refuses(
    'O05',
    'the cookies of another browser',
    [401, 'STATE'],
    withState(async (_begun, scene) => ({ cookies: (await begin(scene)).cookies })),
  ),
  refuses(
    'O05',
    'a cookie of the right name with another value',
    [401, 'STATE'],
    withState(({ state }) => ({ cookies: `__Host-signpost-login-${state.slice(0, 12)}=${random()}` })),
  ),
  refuses('O05', 'a state that was used', [401, 'STATE'], twice),
  tells('O05', 'a reloaded launch says: open it again from your course', async (scene) => {
    const answer = await (await twice(scene)).ask()
    expect(cheerio.load(answer.text)('h1').text()).toBe('Please open Signpost again from your course')
  }),
]

const nonces: Case[] = [
  refuses('O06', 'no nonce', [401, 'NONCE'], launching(without('nonce'))),
  refuses('O06', 'a nonce that nobody gave out', [401, 'NONCE'], launching(having({ nonce: random() }))),
  refuses('O06', 'the nonce of an earlier launch', [401, 'NONCE'], async (scene) => {
    const used = await begin(scene)
    await expectVisit(scene.place, await launchOf(scene, used, basePayload(scene, used)))
    const begun = await begin(scene)
    return launchOf(scene, begun, basePayload(scene, used))
  }),
  tells('O06', 'of ten at once, one gets in', async (scene) => {
    const begun = await begin(scene)
    const attempt = await launchOf(scene, begun, basePayload(scene, begun))
    const answers = await Promise.all(Array.from({ length: 10 }, attempt.ask))
    const [first, ...others] = answers.map(verdictOf).sort((one, two) => one.status - two.status)
    expect(first).toEqual({ status: 303, code: undefined })
    expect(others).toEqual(Array(9).fill({ status: 401, code: 'STATE' }))
  }),
  refuses('O07', 'the token of one login with the state of another', [401, 'NONCE'], async (scene) => {
    const [one, two] = [await begin(scene), await begin(scene)]
    return launchOf(scene, two, basePayload(scene, one))
  }),
  refuses('O07', 'the token of one login with the state of another college', [401, 'NONCE'], async (scene) => {
    const there = { ...scene, lms: await aStandIn() }
    const [here, elsewhere] = [await begin(scene), await begin(there)]
    const token = await scene.lms.sign(basePayload(scene, here))
    return { ask: () => post(there, elsewhere, { state: elsewhere.state, id_token: token }), sent: [token] }
  }),
]

const refusals: Case[] = [
  ...[{}, { state: '' }, { state: random() }].map((state) =>
    refuses(
      'O16',
      `the platform says no, ${'state' in state ? `with the state “${state.state.slice(0, 4)}”` : 'with no state'}`,
      [401, 'PLATFORM_REFUSED'],
      errorPost(state),
    ),
  ),
  refuses('O16', 'the platform says no, with the state of the login', [401, 'PLATFORM_REFUSED'], async (scene) => {
    const begun = await begin(scene)
    const sent = { error: 'invalid_request', error_description: 'Invalid response_mode', state: begun.state }
    return { ask: () => post(scene, begun, sent), sent: [sent] }
  }),
  tells('O16', 'and the page says to sign in there again', async (scene) => {
    const attempt = await errorPost({})(scene)
    await expectRefusal(scene.place, { status: 401, code: 'PLATFORM_REFUSED' }, attempt)
    expect((await attempt.ask()).text).toContain('Sign in to it again')
  }),
]

/** From the login to the launch: O01-O07 and O16. */
export const loginCases: Case[] = [...logins, ...targets, ...states, ...nonces, ...refusals]
