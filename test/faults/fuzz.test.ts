import { mkdtempSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { Agent, createServer, request } from 'node:http'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createCollege, type College } from '../../src/college/index.ts'
import { anOddCase, type OddCase, type OddLaunch, type OddRequest, type Truth } from './odd-requests.ts'
import { freePorts, startApp, type Process } from './processes.ts'
import { randomFrom, seed } from './random.ts'
import { aPlace, databaseServer, register, type Place } from './world.ts'

const CASES = Number(process.env['FUZZ_CASES'] ?? 10_000)
const AT_ONCE = 8
const DEADLINE_MS = 6000 // a key set may take five
const MOST_MORE_MIB = 64
/** V8 lets garbage lie while there is room. With little room, what grows is what is kept. */
const SMALL_HEAP = { NODE_OPTIONS: '--max-old-space-size=128 --max-semi-space-size=4' }
const random = randomFrom(seed)

let place: Place
let college: College
let app: Process
let truth: Truth
const endings: (() => Promise<void>)[] = []

beforeAll(async () => {
  console.log(`FAULT_SEED=${seed} FUZZ_CASES=${CASES} on ${databaseServer === undefined ? 'PGlite' : 'PostgreSQL'}`)
  place = await aPlace()
  endings.push(place.leave)
  college = await foundCollege()
  await register(place, college)
  app = await startApp({ ...place.settings, ...SMALL_HEAP })
  endings.push(() => app.kill())
  const { issuer, clientId, deploymentId } = college.platform
  truth = { origin: place.tool, issuer, clientId, deploymentId }
})
afterAll(async () => {
  for (const end of endings.reverse()) await end()
})

/** In this process, so that its key can sign what a college would never say. */
async function foundCollege(): Promise<College> {
  const dataDir = mkdtempSync(join(tmpdir(), 'signpost-fuzz-'))
  const [port = ''] = await freePorts(1)
  const founded = await createCollege({ url: `http://127.0.0.1:${port}`, toolUrl: place.tool, dataDir })
  const server = createServer(founded.app)
  await once(server.listen(Number(port), '127.0.0.1'), 'listening')
  endings.push(async () => {
    server.closeAllConnections()
    await once(server.close(), 'close')
    await founded.settle()
    await rm(dataDir, { recursive: true, force: true })
  })
  return founded
}

it(`${CASES} malformed requests find it as it was: no fault, no exit, no growth, no long wait`, async () => {
  const statuses = new Map<number, number>()
  let slowest = 0
  let early = 0
  for (let done = 0; done < CASES; done += AT_ONCE) {
    const cases = Array.from({ length: Math.min(AT_ONCE, CASES - done) }, () => anOddCase(random, truth))
    const answers = await Promise.all(cases.map(async (one) => ({ one, ...(await play(one, addressFor(done))) })))
    for (const [at, { one, status, ms, said }] of answers.entries()) {
      if (status >= 500 && status !== 503)
        throw new Error(`case ${done + at} of seed ${seed}: ${describe(one, status, said)}`)
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
      slowest = Math.max(slowest, ms)
    }
    if (early === 0 && done >= CASES / 10) early = memoryOf(app)
  }
  const late = memoryOf(app)
  const table = [...statuses].sort(([one], [two]) => one - two).map(([status, count]) => `${status} ${count}`)
  console.log(
    `${CASES} requests: ${table.join(', ')}; slowest ${Math.round(slowest)} ms; memory ${early} to ${late} MiB`,
  )
  expect(app.isOver()).toBe(false)
  expect(app.printed()).not.toMatch(/^\{"level":(50|60)/m)
  expect(slowest).toBeLessThan(DEADLINE_MS)
  expect(late - early).toBeLessThanOrEqual(MOST_MORE_MIB)
  expect((await ask({ method: 'GET', path: '/readyz', headers: {} }, addressFor(0))).status).toBe(200)
  const honest = { header: {}, change: JSON.stringify, sign: true }
  expect((await play({ launch: honest }, addressFor(0))).status).toBe(303)
})

/** Launches are limited by address, so each thousand comes from an address of its own. */
function addressFor(done: number): Agent {
  const number = 1 + Math.floor(done / 1000)
  const agent = agents.get(number) ?? new Agent({ keepAlive: true, localAddress: `127.0.2.${number}` })
  agents.set(number, agent)
  return agent
}
const agents = new Map<number, Agent>()

/** Resident memory in MiB, as the kernel counts it. */
function memoryOf({ pid }: Process): number {
  const kilobytes = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return Math.round(Number(kilobytes) / 1024)
}

type Answered = {
  status: number
  ms: number
  headers: Record<string, string | string[] | undefined>
  /** The message of a launch, to read when it was too much. */
  said?: string
}

function play(one: OddCase, agent: Agent): Promise<Answered> {
  return 'request' in one ? ask(one.request, agent) : launch(one.launch, agent)
}

const form = { 'content-type': 'application/x-www-form-urlencoded' }

/** An honest login, and then what the case makes of the message. */
async function launch({ header, change, sign }: OddLaunch, agent: Agent): Promise<Answered> {
  const fields = {
    iss: truth.issuer,
    client_id: truth.clientId,
    login_hint: '6',
    target_link_uri: `${truth.origin}/lti/launch`,
  }
  const cookie = '__Host-signpost-cookies=1'
  const asked = Buffer.from(new URLSearchParams(fields).toString())
  const begun = await ask({ method: 'POST', path: '/lti/login', headers: { ...form, cookie }, body: asked }, agent)
  if (begun.status !== 302) throw new Error(`An honest login was answered with ${begun.status}`)
  const to = new URL(String(begun.headers['location'])).searchParams
  const [person] = college.people
  if (!person) throw new Error('The college has nobody')
  const claims = college.claimsFor(person, { nonce: to.get('nonce') ?? '' })
  const said = change(claims)
  const token = await tokenOf(said, header, sign)
  const sent = new URLSearchParams({ state: to.get('state') ?? '', id_token: token })
  const cookies = [begun.headers['set-cookie']].flat().map((line) => line?.split(';')[0])
  const headers = { ...form, cookie: [cookie, ...cookies].join('; ') }
  const body = Buffer.from(sent.toString())
  return { ...(await ask({ method: 'POST', path: '/lti/launch', headers, body }, agent)), said }
}

/** Signed as the college signs, whatever the text is; or with a signature of no meaning. */
async function tokenOf(text: string, header: object, sign: boolean): Promise<string> {
  if (!sign || !isObject(text)) {
    const [head] = (await college.sign({}, header)).split('.')
    return `${head ?? ''}.${Buffer.from(text).toString('base64url')}.AAAA`
  }
  return college.sign(JSON.parse(text) as object, header)
}

function isObject(text: string): boolean {
  try {
    const value = JSON.parse(text) as unknown
    return typeof value === 'object' && value !== null
  } catch {
    return false
  }
}

/** One request, answered in time. A body that is too long may be cut off instead: then the connection is closed. */
function ask({ method, path, headers, body }: OddRequest, agent: Agent): Promise<Answered> {
  const from = performance.now()
  return new Promise((resolve, reject) => {
    const sent = request({
      ...{
        host: '127.0.0.1',
        port: place.settings['PORT'],
        agent,
        method,
        path: encodeURI(path).replaceAll('%25', '%'),
      },
      headers: { ...headers, ...(body && { 'content-length': body.length }) },
    })
    const timer = setTimeout(() => {
      sent.destroy(new Error(`No answer within ${DEADLINE_MS} ms: ${method} ${path.slice(0, 200)}`))
    }, DEADLINE_MS)
    sent.once('response', (answer) => {
      answer.resume().once('close', () => {
        clearTimeout(timer)
        resolve({ status: answer.statusCode ?? 0, ms: performance.now() - from, headers: answer.headers })
      })
    })
    sent.once('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer)
      const isCutOff = (body?.length ?? 0) > 64_000 && /^(ECONNRESET|EPIPE)$/.test(error.code ?? '')
      if (isCutOff) resolve({ status: 413, ms: performance.now() - from, headers: {} })
      else reject(error)
    })
    sent.end(body)
  })
}

function describe(one: OddCase, status: number, said = ''): string {
  const text = 'request' in one ? { ...one.request, body: one.request.body?.toString('latin1').slice(0, 500) } : one
  return `${status} for ${JSON.stringify(text).slice(0, 2000)} ${said.slice(0, 5000)} ${app.printed().slice(-2000)}`
}
