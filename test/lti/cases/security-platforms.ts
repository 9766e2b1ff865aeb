import { apply } from '../../support/builders.ts'
import { expect, vi } from 'vitest'
import { statement } from '../../../src/db.ts'
import { approveDeployment, listPlatforms, setPlatformState } from '../../../src/lti/index.ts'
import {
  basePayload,
  begin,
  claim,
  MEMBERSHIP,
  post,
  wayBack,
  type Change,
  type Claims,
  type Scene,
} from '../launching.ts'
import { ask } from '../place.ts'
import { aPair, aStandIn, signText, troubles, type Answer, type StandIn } from '../platform.ts'
import { having, launching, launchOf, launchWithToken, refuses, tells, type Case } from './case.ts'
import { browserOf, expectRefusal, expectVisit, verdictOf, type Attempt } from './judging.ts'
import { aProgrammeAt } from './programme.ts'

const at = async (scene: Scene) => ({ ...scene, lms: await aStandIn() })
const people = statement<{ platform_id: number }>(
  'test_people_with_sub',
  'select platform_id from people where sub = $1',
)

/** The message is one college's in every word, but another college has signed it. */
function signedElsewhere(header: object = {}) {
  return async (scene: Scene): Promise<Attempt> => {
    const [one, two] = [await aStandIn({ kid: 'own' }), await aStandIn({ kid: 'other' })]
    const there = { ...scene, lms: one }
    const begun = await begin(there)
    const claims = basePayload(there, begun)
    const token = signText(two.pair, JSON.stringify(claims), header)
    return { ...launchWithToken(there, begun, token), sent: [claims, token], back: wayBack(one) }
  }
}

const tenants: Case[] = [
  refuses('O13', 'one college’s issuer, signed with another one’s key', [401, 'KID_UNKNOWN'], signedElsewhere()),
  refuses('O13', 'the same, under the kid of the first', [401, 'LAUNCH_REFUSED'], signedElsewhere({ kid: 'own' })),
  refuses('O13', 'a login here, and a message that names another college', [401, 'ISSUER'], async (scene) => {
    const [one, two] = [await aStandIn(), await aStandIn()]
    const begun = await begin({ ...scene, lms: two })
    const claims = { ...basePayload({ ...scene, lms: one }, begun) }
    return launchOf({ ...scene, lms: two }, begun, claims)
  }),
  tells('O13', 'one sub and one client at two colleges are two people in two places', async (scene) => {
    const [one, two] = [await aStandIn(), await aStandIn()]
    expect(one.platform.clientId).toBe(two.platform.clientId)
    const sub = `twice-${one.id}`
    for (const lms of [one, two]) await expectVisit(scene.place, await launching(having({ sub }))({ ...scene, lms }))
    expect((await people(sub)).map(({ platform_id }) => platform_id).sort()).toEqual([one.id, two.id].sort())
  }),
]

const deployment = 'deployment-2'
/** A launch of a deployment that the login did not name. */
const fromAnother =
  (change: Change = (claims) => claims, sign?: (claims: object) => string) =>
  async (scene: Scene): Promise<Attempt> => {
    const begun = await begin(scene, { lti_deployment_id: undefined })
    const claims = change({ ...basePayload(scene, begun), [claim('deployment_id')]: deployment })
    const attempt = await launchOf(scene, begun, claims)
    return sign ? { ...launchWithToken(scene, begun, sign(claims)), sent: [claims], back: attempt.back } : attempt
  }
const byAttacker = (claims: object) => signText(aPair('attacker'), JSON.stringify(claims), { kid: 'own' })

async function deploymentsOf({ id }: StandIn) {
  const found = (await listPlatforms()).find((platform) => platform.id === id)
  return found?.deployments.map(({ lti_id, state, refused_at }) => ({ lti_id, state, came: refused_at !== null }))
}

const letWait = statement('test_let_platform_wait', "update platforms set state = 'waiting' where id = $1")
/** A platform that nobody has approved yet, as after its registration. */
async function waiting(scene: Scene) {
  const there = await at(scene)
  await letWait(there.lms.id)
  return there
}

async function blocked(scene: Scene) {
  const there = await at(scene)
  await setPlatformState(there.lms.id, 'blocked')
  return there
}

const approvals: Case[] = [
  refuses('O14', 'an unknown deployment', [403, 'DEPLOYMENT_WAITING'], async (scene) => fromAnother()(await at(scene))),
  refuses('O14', 'an unknown deployment that the login named too', [403, 'DEPLOYMENT_WAITING'], async (scene) => {
    const there = await at(scene)
    const begun = await begin(there, { lti_deployment_id: deployment })
    return launchOf(there, begun, { ...basePayload(there, begun), [claim('deployment_id')]: deployment })
  }),
  refuses(
    'O14',
    'another deployment than the login’s',
    [401, 'DEPLOYMENT_OF_LOGIN'],
    launching(having({ [claim('deployment_id')]: deployment })),
  ),
  refuses('O14', 'a platform that waits', [403, 'PLATFORM_WAITING'], async (scene) =>
    launching()(await waiting(scene)),
  ),
  refuses('O14', 'a platform that is blocked', [403, 'PLATFORM_BLOCKED'], async (scene) =>
    launching()(await blocked(scene)),
  ),
  tells('O14', 'a deployment waits where the operator sees it, and opens once it is approved', async (scene) => {
    const there = await at(scene)
    const first = { lti_id: 'deployment-1', state: 'approved', came: false }
    const refusal = { status: 403, code: 'DEPLOYMENT_WAITING' }
    await expectRefusal(there.place, refusal, await fromAnother(undefined, byAttacker)(there))
    expect(await deploymentsOf(there.lms)).toEqual([first])
    await expectRefusal(there.place, refusal, await fromAnother()(there))
    expect(await deploymentsOf(there.lms)).toEqual([first, { lti_id: deployment, state: 'waiting', came: true }])
    await approveDeployment(there.lms.id, deployment)
    await expectVisit(there.place, await fromAnother()(there))
  }),
  tells('O14', 'a platform waits where the operator sees it, and opens once it is approved', async (scene) => {
    const there = await waiting(scene)
    const { id } = there.lms
    const came = async () => (await listPlatforms()).find((platform) => platform.id === id)?.refused_at !== null
    const refusal = { status: 403, code: 'PLATFORM_WAITING' }
    const forged = async () => {
      const begun = await begin(there)
      const claims = basePayload(there, begun)
      return { ...launchWithToken(there, begun, byAttacker(claims)), back: wayBack(there.lms) }
    }
    await expectRefusal(there.place, refusal, await forged())
    expect(await came()).toBe(false)
    await expectRefusal(there.place, refusal, await launching()(there))
    expect(await came()).toBe(true)
    await setPlatformState(id, 'approved')
    await expectVisit(there.place, await launching()(there))
  }),
  tells('O14', 'a platform that is blocked has no sessions any more', async (scene) => {
    const there = await at(scene)
    const { open } = await expectVisit(there.place, await launching()(there))
    await setPlatformState(there.lms.id, 'blocked')
    expect((await open('/')).status).toBe(401)
    await expectRefusal(there.place, { status: 403, code: 'PLATFORM_BLOCKED' }, await launching()(there))
  }),
]

const redirect: Answer = (res) => res.writeHead(302, { location: '/moved' }).end()
/** What may be the matter with a key set; `undefined`: nobody is there. */
const outages: [title: string, answer: Answer | undefined][] = [
  ['is down', undefined],
  ['answers 500', troubles['500']],
  ['never answers', troubles.silent],
  ['answers 10 MB', troubles.long],
  ['leads elsewhere', redirect],
  ['answers a web page', troubles.html],
]
const AT_ONCE_MS = 3000
const DEADLINE_MS = 5000

async function breakKeys(lms: StandIn, answer: Answer | undefined): Promise<void> {
  const keys = lms.answers.get('/keys')
  if (keys) lms.answers.set('/moved', keys)
  if (answer) lms.answers.set('/keys', answer)
  else await lms.close()
}
/** Login and launch are two requests: one more, so that the next launch comes to the next process. */
const toNextProcess = async ({ place }: Scene) => ask(place, 'get', '/healthz')

async function timed(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now()
  await work()
  return performance.now() - from
}

/** Nobody knows its keys yet: each process waits once, for five seconds at most, and then tells the next ones at once. */
const coldStart = ([title, answer]: (typeof outages)[number]) =>
  tells('O17', `a key set that ${title}, at a first launch`, async (scene) => {
    const there = await at(scene)
    await breakKeys(there.lms, answer)
    const refusal = { status: 503, code: 'PLATFORM_KEYS_UNAVAILABLE' }
    const took: number[] = []
    for (let launches = 0; launches < 2 * there.place.processes; launches++) {
      const attempt = await launching()(there)
      took.push(await timed(() => expectRefusal(there.place, refusal, attempt)))
      await toNextProcess(there)
    }
    expect(Math.max(...took)).toBeLessThan(DEADLINE_MS + 1000)
    expect(took.filter((ms) => ms > AT_ONCE_MS).length).toBeLessThanOrEqual(there.place.processes)
    expect(took.at(-1)).toBeLessThan(AT_ONCE_MS)
    expect(there.lms.asked).not.toContain('/moved')
    const other = await at(scene)
    expect(await timed(async () => expectVisit(other.place, await launching()(other)))).toBeLessThan(AT_ONCE_MS)
  })

const cachedKey = ([title, answer]: (typeof outages)[number]) =>
  tells('O17', `a key set that ${title}, with a key we know`, async (scene) => {
    const there = await knowingKeys(scene)
    const fetches = there.lms.fetches()
    await breakKeys(there.lms, answer)
    const attempt = await launching()(there)
    expect(await timed(() => expectVisit(there.place, attempt))).toBeLessThan(AT_ONCE_MS)
    expect(there.lms.fetches()).toBe(fetches)
  })

async function knowingKeys(scene: Scene) {
  const there = await at(scene)
  for (let launches = 0; launches < 6 && there.lms.fetches() < there.place.processes; launches++) {
    await (await launching()(there)).ask()
    await toNextProcess(there)
  }
  expect(there.lms.fetches()).toBe(there.place.processes)
  return there
}

/** After ten minutes keys are fetched again, while the old ones are used. */
async function staleKey(scene: Scene): Promise<void> {
  const there = await knowingKeys(scene)
  await breakKeys(there.lms, troubles.silent)
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 601_000 })
  try {
    const attempt = await launching()(there)
    const came = async () => {
      expect((await attempt.ask()).status).toBe(303)
    }
    expect(await timed(came)).toBeLessThan(AT_ONCE_MS)
    expect(there.lms.fetches()).toBe(there.place.processes + 1)
  } finally {
    vi.useRealTimers()
  }
}

const other = ({ role }: Scene) => (role === 'Learner' ? 'Instructor' : 'Learner')
const relaunches: Case[] = [
  tells('O18', 'a new launch with another role changes the older session too', async (scene) => {
    const first = await launching()(scene)
    const older = await expectVisit(scene.place, first)
    const statuses = { Learner: 404, Instructor: 200 }
    expect((await older.open('/admin/setup')).status).toBe(statuses[scene.role])
    const again = having({ ...same(first), [claim('roles')]: [`${MEMBERSHIP}#${other(scene)}`] })
    const newer = await expectVisit(scene.place, await launching(again)(scene))
    for (const { open } of [older, newer]) expect((await open('/admin/setup')).status).toBe(statuses[other(scene)])
  }),
  tells('O18', 'who has no role any more has no rights in an older session', async (scene) => {
    const first = await launching()({ ...scene, role: 'Instructor' })
    const older = await expectVisit(scene.place, first)
    await expectVisit(scene.place, await launching(having({ ...same(first), [claim('roles')]: [] }))(scene))
    expect((await older.open('/admin/setup')).status).toBe(404)
  }),
  tells('O18', 'a new name is the name in an older session', async (scene) => {
    const { here } = await aProgrammeAt(scene)
    const first = await launching(here)({ ...scene, role: 'Learner' })
    const older = await expectVisit(scene.place, first)
    await apply(older, 'mentor')
    const again = having({ ...same(first), given_name: 'Augusta', name: 'Augusta King' })
    await expectVisit(scene.place, await launching(again)({ ...scene, role: 'Learner' }))
    expect((await older.open('/')).$('h1').text()).toBe('Hello Augusta')
  }),
  tells('O18', 'a launch into another course replaces the session of this browser', async (scene) => {
    const first = await expectVisit(scene.place, await launching()(scene))
    const [cookie] = first.browser.jar.get(new URL(scene.place.base).origin) ?? []
    const begun = await begin(scene)
    const claims: Claims = { ...basePayload(scene, begun), sub: (first.claims[0] as Claims)['sub'] }
    const cookies = `${begun.cookies}; ${cookie?.name ?? ''}=${cookie?.value ?? ''}`
    const fields = { state: begun.state, id_token: await scene.lms.sign(claims) }
    const answer = await post(scene, { cookies }, fields)
    expect(verdictOf(answer)).toEqual({ status: 303, code: undefined })
    expect((await first.open('/')).status).toBe(401)
    expect((await browserOf(scene.place, answer).open(`${scene.place.base}/`)).status).toBe(200)
  }),
]
/** The person, course and link of an earlier launch. */
function same({ sent }: Attempt): Claims {
  const [claims = {}] = sent as Claims[]
  return Object.fromEntries(['sub', claim('context'), claim('resource_link')].map((name) => [name, claims[name]]))
}

/** Several colleges, who may come, what happens when one is ill, and coming again: O13, O14, O17, O18. */
export const platformCases: Case[] = [
  ...tenants,
  ...approvals,
  ...outages.flatMap((outage) => [coldStart(outage), cachedKey(outage)]),
  { ...tells('O17', 'a key set that never answers, with a key that is ten minutes old', staleKey), oneProcess: true },
  ...relaunches,
]
