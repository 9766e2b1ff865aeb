import { randomUUID } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import autocannon, { type Request } from 'autocannon'
import type { Mentee } from './people.ts'
import type { Platform } from './platform.ts'

export const AT_ONCE = 20

/** What one run came to; times in milliseconds. `cpu` is what the process that answered used, each time. */
export type Run = { perSecond: number; p50: number; p95: number; cpu: number }
/** Where to send it, and what for: the same for Signpost and for what it is measured against. */
export type Target = { url: string; pid: number; platform: Platform; mentees: readonly Mentee[] }

type Steps = { requests: Request[]; done: { at: number; ms: number }[]; failures: string[] }
export type Scenario = (target: Target) => Steps
type Context = {
  startedAt?: number
  mentee?: Mentee
  cookies?: string
  state?: string
  nonce?: string
  path?: string
}

/** Sends a scenario again and again, 20 at once, and takes the time of each. */
export async function load(scenario: Scenario, target: Target, seconds: number): Promise<Run> {
  const { requests, done, failures } = scenario(target)
  const startedAt = performance.now()
  const cpuBefore = cpuOf(target.pid)
  const { errors, timeouts } = await autocannon({ url: target.url, connections: AT_ONCE, duration: seconds, requests })
  if (errors + timeouts > 0) failures.push(`${errors} requests failed, ${timeouts} took too long`)
  if (failures.length > 0 || done.length === 0)
    throw new Error(`${failures.length} failures at ${target.url}: ${[...new Set(failures)].slice(0, 3).join(', ')}`)
  const cpu = (cpuOf(target.pid) - cpuBefore) / done.length
  const times = done.map(({ ms }) => ms).sort((one, other) => one - other)
  const at = (share: number) => times[Math.floor(share * (times.length - 1))] ?? NaN
  const lastAt = done.at(-1)?.at ?? NaN
  return { perSecond: (1000 * done.length) / (lastAt - startedAt), p50: at(0.5), p95: at(0.95), cpu }
}

/** Milliseconds of processor that a process has used, where the system tells (Linux): says more than time on a busy machine. */
function cpuOf(pid: number): number {
  const file = `/proc/${pid}/stat`
  if (!existsSync(file)) return NaN
  const stat = readFileSync(file, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return 10 * (Number(fields[11]) + Number(fields[12])) // a tick is 10 ms
}

/** Sends a scenario once. */
export async function once(scenario: Scenario, target: Target): Promise<void> {
  const { requests, failures } = scenario(target)
  await autocannon({ url: target.url, connections: 1, amount: requests.length, requests })
  if (failures.length > 0) throw new Error(failures.join(', '))
}

let turn = 0
const next = (mentees: readonly Mentee[]): Mentee => {
  const mentee = mentees[turn++ % mentees.length]
  if (!mentee) throw new Error('There is nobody to send')
  return mentee
}

/** A cookie of ours that the browser keeps here already, so that the login needs no check of it. */
const PROBE = `__Host-signpost-cookies=${'a'.repeat(43)}`

/**
 * Login, signed message, first page. Each person comes from an address of their own, told by a proxy, because Signpost
 * limits launches from one address.
 */
export const launches: Scenario = ({ url, platform, mentees }) => {
  const target = `${url}/lti/launch`
  const { done, failures, request } = measured()
  const login = request('POST', '/lti/login', 302, {
    before: (context) => {
      const mentee = next(mentees)
      Object.assign(context, { startedAt: performance.now(), mentee, cookies: PROBE })
      return {
        iss: platform.issuer,
        client_id: platform.clientId,
        login_hint: mentee.sub,
        lti_message_hint: '{"cmid":4,"launchid":"ltilaunch1_1234567890"}',
        lti_deployment_id: platform.deploymentId,
        target_link_uri: target,
      }
    },
    after: (context, { location, cookie }) => {
      const asked = new URL(location).searchParams
      const cookies = `${PROBE}; ${cookie}`
      Object.assign(context, { state: asked.get('state'), nonce: asked.get('nonce'), cookies })
    },
  })
  const launch = request('POST', '/lti/launch', 303, {
    before: ({ mentee, state = '', nonce = '' }) => ({
      state,
      id_token: platform.idToken(mentee?.sub ?? '', nonce, target),
    }),
    after: (context, { cookie }) => {
      context.cookies = `${PROBE}; ${cookie}`
    },
  })
  const firstPage = request('GET', '/', 200, {
    after: ({ startedAt = NaN }) => {
      const at = performance.now()
      done.push({ at, ms: at - startedAt })
    },
  })
  return { requests: [login, launch, firstPage], done, failures }
}

/** The home page of one mentee after the other. */
export const homePages: Scenario = ({ mentees }) => pages(mentees, 'GET', 200, () => ({ path: '/' }))

/** The topic of one mentee after the other: its newest 50 messages. */
export const threadPages: Scenario = ({ mentees }) =>
  pages(mentees, 'GET', 200, ({ threadId }) => ({ path: `/threads/${threadId}` }))

/** A page of one coordinator after the other. */
export const staffPages =
  (staff: readonly Pick<Mentee, 'sessionSecret'>[], path: string): Scenario =>
  () =>
    pages(
      staff.map(({ sessionSecret }) => ({ sessionSecret, sub: '', threadId: 0, token: '' })),
      'GET',
      200,
      () => ({ path }),
    )

/** A message of one mentee after the other. */
export const messages: Scenario = ({ mentees }) =>
  pages(mentees, 'POST', 303, ({ threadId, token }) => ({
    path: `/threads/${threadId}/messages`,
    fields: { _token: token, _key: randomUUID(), body: 'I have seen both places now, and I liked the second one.' },
  }))

type Asked = { path: string; fields?: Record<string, string> }

/** One request of one mentee after the other, again and again. */
function pages(
  mentees: readonly Mentee[],
  method: 'GET' | 'POST',
  expected: number,
  ask: (mentee: Mentee) => Asked,
): Steps {
  const { done, failures, request } = measured()
  const page = request(method, '/', expected, {
    before: (context) => {
      const mentee = next(mentees)
      const { path, fields = {} } = ask(mentee)
      const cookies = `__Host-signpost=${mentee.sessionSecret}`
      Object.assign(context, { startedAt: performance.now(), cookies, path })
      return fields
    },
    after: ({ startedAt = NaN }) => {
      const at = performance.now()
      done.push({ at, ms: at - startedAt })
    },
  })
  return { requests: [page], done, failures }
}

type Answer = { location: string; cookie: string }
type Step = {
  before?: (context: Context) => Record<string, string>
  after: (context: Context, answer: Answer) => void
}

function measured() {
  const done: Steps['done'] = []
  const failures: string[] = []
  const request = (method: 'GET' | 'POST', path: string, expected: number, { before, after }: Step): Request => ({
    method,
    path,
    setupRequest: (given, context: Context) => {
      const fields = before?.(context) ?? {}
      const address = { 'x-forwarded-for': `10.0.${Math.floor(turn / 250) % 250}.${turn % 250}` }
      const headers = { ...address, 'sec-fetch-dest': 'iframe', cookie: context.cookies }
      const asked = { ...given, path: context.path ?? path, headers }
      if (method === 'GET') return asked
      const form = {
        ...headers,
        'sec-fetch-site': path.startsWith('/lti/') ? 'cross-site' : 'same-origin',
        'content-type': 'application/x-www-form-urlencoded',
      }
      return { ...asked, headers: form, body: new URLSearchParams(fields).toString() }
    },
    onResponse: (status, _body, context: Context, headers) => {
      if (status !== expected) failures.push(`${method} ${path} answered ${status}`)
      else after(context, answerOf(headers ?? {}))
    },
  })
  return { done, failures, request }
}

/** autocannon gives headers as they were written, so their case is the server's. */
function answerOf(headers: NonNullable<Request['headers']>): Answer {
  const named = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]))
  // A launch takes the login's cookie away and sets the session's: the one with a value counts.
  const [cookie = ''] = /__Host-[\w-]+=[\w-]{43}/.exec(named.get('set-cookie') ?? '') ?? []
  return { location: named.get('location') ?? '', cookie }
}
