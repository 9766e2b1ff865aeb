import { vi, expect } from 'vitest'
import { AGS, basePayload, begin, claim, NRPS, type Change, type Scene } from '../launching.ts'
import { aPair, aStandIn, json, jwkOf, serve, signText, type Pair, type StandIn } from '../platform.ts'
import { having, launching, launchWithToken, letsIn, refuses, tells, without, type Case } from './case.ts'
import { expectRefusal, expectVisit, type Attempt } from './judging.ts'

const seconds = () => Math.floor(Date.now() / 1000)
/** Times from now, in seconds. */
const at =
  (iat: number, exp: number): Change =>
  (claims) => ({ ...claims, iat: seconds() + iat, exp: seconds() + exp })

const times: Case[] = [
  refuses('O08', 'no exp', [401, 'EXP_MISSING'], launching(without('exp'))),
  refuses('O08', 'over for a minute', [401, 'EXPIRED'], launching(at(-120, -61))),
  refuses('O08', 'over for a second', [401, 'EXPIRED'], launching(at(-60, -1))),
  refuses('O08', 'no iat', [401, 'IAT_MISSING'], launching(without('iat'))),
  refuses('O08', 'from more than a minute ahead', [401, 'IAT_AHEAD'], launching(at(75, 200))),
  refuses('O08', 'older than five minutes', [401, 'IAT_OLD'], launching(at(-305, 60))),
  refuses('O08', 'good for more than an hour', [401, 'EXP_TOO_FAR'], launching(at(0, 3605))),
  refuses('O08', 'good for ten years', [401, 'EXP_TOO_FAR'], launching(at(0, 315_360_000))),
  ...[5, 55, -30, -55].map((skew) =>
    letsIn('O09', `a clock that is ${skew > 0 ? 'ahead' : 'behind'} by ${Math.abs(skew)} s`, launching(at(skew, 60))),
  ),
]

/** A launch from a platform of this case's own, signed as the case says. */
const signedBy =
  (sign: (payload: string, lms: StandIn) => string, prepare: (lms: StandIn) => void = () => undefined) =>
  async (scene: Scene): Promise<Attempt> => {
    const lms = await aStandIn()
    prepare(lms)
    const there = { ...scene, lms }
    const begun = await begin(there)
    const claims = basePayload(there, begun)
    const token = sign(JSON.stringify(claims), lms)
    const back = (claims[claim('launch_presentation')] as { return_url: string }).return_url
    return { ...launchWithToken(there, begun, token), sent: [claims, token], back }
  }
const byOwn = (payload: string, { pair }: StandIn) => signText(pair, payload)
const attacker = aPair('attacker')
const byAttacker = (header: object) => (payload: string) => signText(attacker, payload, header)
const withKeys =
  (...keys: object[]) =>
  (lms: StandIn) =>
    void lms.answers.set('/keys', json({ keys }))
const own = aPair('own')
const named = (pair: Pair, kid: string): Pair => ({ ...pair, kid })

const algorithms = (['none', 'None', 'HS256', 'RS384', 'RS512', 'PS256', 'rs256', undefined] as const).map((alg) =>
  refuses('O10', `the algorithm ${alg ?? 'not named'}`, [401, 'ALGORITHM'], launching(undefined, { alg })),
)

/** A header that says where to find the key is believed by nobody; its address is never asked. */
const canary = (title: string, code: string, header: (url: string) => object) =>
  tells('O10', title, async (scene) => {
    let asked = 0
    const { url } = await serve((_req, res) => {
      asked++
      json({ keys: [jwkOf(attacker), jwkOf(named(attacker, 'own'))] })(res)
    })
    const attempt = await signedBy(byAttacker(header(url)))(scene)
    await expectRefusal(scene.place, { status: 401, code }, attempt)
    expect(asked).toBe(0)
  })

const keys: Case[] = [
  ...algorithms,
  canary('a jku of the attacker’s', 'LAUNCH_REFUSED', (url) => ({ kid: 'own', jku: `${url}/keys` })),
  canary('a jku with a kid of the attacker’s', 'KID_UNKNOWN', (url) => ({ kid: 'attacker', jku: `${url}/keys` })),
  canary('an x5u of the attacker’s', 'LAUNCH_REFUSED', (url) => ({ kid: 'own', x5u: `${url}/cert.pem` })),
  canary('a jwk of the attacker’s', 'LAUNCH_REFUSED', () => ({ kid: 'own', jwk: jwkOf(attacker) })),
  canary('a kid that is an address', 'KID_UNKNOWN', (url) => ({ kid: `${url}/keys` })),
  refuses(
    'O10',
    'a key that is said to be for another algorithm',
    [401, 'KID_UNKNOWN'],
    signedBy(byOwn, withKeys(jwkOf(own, { use: 'sig', alg: 'RS512' }))),
  ),
  refuses(
    'O10',
    'a key that is said to be for encryption',
    [401, 'KID_UNKNOWN'],
    signedBy(byOwn, withKeys(jwkOf(own, { use: 'enc' }))),
  ),
  refuses(
    'O10',
    'a key of 1024 bits',
    [401, 'KID_UNKNOWN'],
    signedBy((payload) => signText(aPair('own', 1024), payload), withKeys(jwkOf(aPair('own', 1024)))),
  ),
  refuses('O10', 'a critical header', [401, 'CRITICAL_HEADER'], launching(undefined, { crit: ['exp'], exp: 1 })),
  refuses('O10', 'a critical header that is empty', [401, 'CRITICAL_HEADER'], launching(undefined, { crit: [] })),
  refuses('O11', 'the right kid, another key', [401, 'LAUNCH_REFUSED'], signedBy(byAttacker({ kid: 'own' }))),
  refuses(
    'O11',
    'a signature that is noise',
    [401, 'LAUNCH_REFUSED'],
    signedBy((payload, lms) => byOwn(payload, lms).replace(/[\w-]+$/, Buffer.alloc(256, 7).toString('base64url'))),
  ),
  refuses(
    'O11',
    'claims changed after signing',
    [401, 'LAUNCH_REFUSED'],
    signedBy((payload, lms) => {
      const [header, , signature] = byOwn(payload, lms).split('.')
      const changed = payload.replace('#Learner', '#Instructor').replace('Ada Byron', 'Bad Byron')
      return [header, Buffer.from(changed).toString('base64url'), signature].join('.')
    }),
  ),
  letsIn('O11', 'a kid that two keys share', signedBy(byOwn, withKeys(jwkOf(named(attacker, 'own')), jwkOf(own)))),
  letsIn('O11', 'the same, the other way round', signedBy(byOwn, withKeys(jwkOf(own), jwkOf(named(attacker, 'own'))))),
  letsIn('O11', 'a key without use and alg', signedBy(byOwn, withKeys(jwkOf(own, {})))),
  letsIn(
    'O11',
    'a key among others that are not for this',
    signedBy(
      byOwn,
      withKeys({ kty: 'EC', kid: 'own', crv: 'P-256', x: 'x', y: 'y' }, jwkOf(own, { use: 'enc' }), jwkOf(own)),
    ),
  ),
  tells('O11', 'a new key that is published beside the old one', async (scene) => {
    const lms = await aStandIn()
    const there = { ...scene, lms }
    lms.answers.set('/keys', json({ keys: [jwkOf(own), jwkOf(aPair('next'))] }))
    await expectVisit(there.place, await launching()(there))
    lms.pair = aPair('next')
    await expectVisit(there.place, await launching()(there))
  }),
  {
    ...tells('O11', 'a new key in place of the old one, within one refresh', rotated),
    oneProcess: true,
  },
]

/** An unknown kid makes us ask again, but not twice in half a minute. */
async function rotated(scene: Scene): Promise<void> {
  const lms = await aStandIn()
  const there = { ...scene, lms }
  await expectVisit(there.place, await launching()(there))
  lms.pair = aPair('next')
  lms.answers.set('/keys', json({ keys: [jwkOf(lms.pair)] }))
  await expectRefusal(there.place, { status: 401, code: 'KID_UNKNOWN' }, await launching()(there))
  expect(lms.fetches()).toBe(1)
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31_000 })
  try {
    await expectVisit(there.place, await launching()(there))
    expect(lms.fetches()).toBe(2)
  } finally {
    vi.useRealTimers()
  }
}

const withAudience = (aud: (client: string) => object) =>
  launching((claims) => ({ ...claims, ...aud(String(claims['aud'])) }))
const audiences: Case[] = [
  refuses(
    'O12',
    'another audience',
    [401, 'AUDIENCE'],
    withAudience(() => ({ aud: 'SomebodyElse01' })),
  ),
  refuses(
    'O12',
    'a foreign audience beside ours',
    [401, 'AUDIENCE'],
    withAudience((client) => ({ aud: [client, 'SomebodyElse01'], azp: client })),
  ),
  refuses(
    'O12',
    'several audiences and no azp',
    [401, 'AZP'],
    withAudience((client) => ({ aud: [client, client] })),
  ),
  refuses(
    'O12',
    'an azp of somebody else',
    [401, 'AZP'],
    withAudience(() => ({ azp: 'SomebodyElse01' })),
  ),
  letsIn(
    'O12',
    'a list with us alone',
    withAudience((client) => ({ aud: [client] })),
  ),
  letsIn(
    'O12',
    'an azp that is us',
    withAudience((client) => ({ aud: [client], azp: client })),
  ),
]

/** What is not read at all cannot say where to go back to. */
const unread = (attempt: (scene: Scene) => Promise<Attempt>) => async (scene: Scene) => ({
  ...(await attempt(scene)),
  back: undefined,
})
const withRoles = (roles: unknown) => launching(having({ [claim('roles')]: roles }))
/** A launch with a claim whose text JSON.stringify would not write. */
const withText = (name: string, text: string) =>
  signedBy((payload, { pair }) => signText(pair, payload.replace(/}$/, `,${JSON.stringify(name)}:${text}}`)))
/** What a message says of services counts for nothing when it makes no sense: people come in all the same. */
const servicesWith = (text: string) => (scene: Scene) => {
  const url = `${scene.lms.platform.issuer}/services/${text}`
  const grades = { scope: [`scope${text}`], lineitem: url, lineitems: url }
  const presentation = { locale: `en${text}`, return_url: url }
  const changes = {
    [AGS]: grades,
    [NRPS]: { context_memberships_url: url },
    [claim('launch_presentation')]: presentation,
  }
  return launching(having(changes))(scene)
}
const nested = '['.repeat(10_000) + ']'.repeat(10_000)

const shapes: Case[] = [
  refuses('O15', 'roles that are a text', [400, 'ROLES'], withRoles('Instructor')),
  refuses('O15', 'roles that are a number', [400, 'ROLES'], withRoles(7)),
  refuses('O15', 'roles that are an object', [400, 'ROLES'], withRoles({ 0: 'Instructor', length: 1 })),
  refuses('O15', 'roles that are no texts', [400, 'ROLES'], withRoles([['Instructor']])),
  refuses('O15', '10,000 roles', [400, 'ROLES'], withRoles(Array(10_000).fill('I'))),
  refuses(
    'O15',
    '10,000 roles that are too long together',
    [413, 'TOO_LARGE'],
    unread(withRoles(Array(10_000).fill('Instructor'))),
  ),
  refuses(
    'O15',
    'a context id that is an object',
    [400, 'CONTEXT'],
    launching(having({ [claim('context')]: { id: { a: 1 } } })),
  ),
  refuses(
    'O15',
    'a context that is a list',
    [400, 'CONTEXT'],
    launching(having({ [claim('context')]: ['a-course-in-a-list'] })),
  ),
  refuses(
    'O15',
    'a deployment that is an object',
    [400, 'DEPLOYMENT'],
    launching(having({ [claim('deployment_id')]: {} })),
  ),
  refuses('O15', 'a sub that is a number', [400, 'SUB'], launching(having({ sub: 40899 }))),
  refuses('O15', 'a sub with a NUL in it', [400, 'SUB'], launching(having({ sub: 'a\u0000b' }))),
  refuses('O15', 'a role with a NUL in it', [400, 'ROLES'], withRoles(['Instructor', 'a\u0000b'])),
  letsIn('O15', 'services with a NUL in what they say', servicesWith('\u0000'), ({ page }) => {
    expect(page.status).toBe(200)
  }),
  refuses('O15', 'claims of 1 MB', [413, 'TOO_LARGE'], unread(launching(having({ extra: 'x'.repeat(1_000_000) })))),
  refuses('O15', 'roles nested 10,000 deep', [400, 'ROLES'], withText(claim('roles'), nested)),
  refuses('O15', 'a context nested 10,000 deep', [400, 'CONTEXT'], withText(claim('context'), nested)),
  letsIn('O15', 'an unknown claim nested 10,000 deep', withText('extra', nested)),
  tells('O15', 'our own parameters nested 10,000 deep do no harm', async (scene) => {
    const { ask } = await withText(claim('custom'), `{"landing":${nested}}`)(scene)
    expect([303, 401]).toContain((await ask()).status)
  }),
  refuses(
    'O15',
    'a claim that stands in __proto__ alone',
    [400, 'SUB'],
    signedBy((payload, { pair }) => signText(pair, payload.replace('"sub":', '"__proto__":{"sub":"40899"},"x":'))),
  ),
  tells('O15', '__proto__ and constructor as claims change nothing', async (scene) => {
    const text = `{"polluted":"yes","staff":true,"${claim('roles')}":["Instructor"]}`
    const both = signedBy((payload, { pair }) =>
      signText(pair, payload.replace(/}$/, `,"__proto__":${text},"constructor":{"prototype":${text}}}`)),
    )
    const { open } = await expectVisit(scene.place, await both(scene))
    expect(({} as { polluted?: string }).polluted).toBeUndefined()
    expect((await open('/admin/setup')).status).toBe(scene.role === 'Instructor' ? 200 : 404)
  }),
]

/** The token itself: O08-O12 and O15. */
export const tokenCases: Case[] = [...times, ...keys, ...audiences, ...shapes]
