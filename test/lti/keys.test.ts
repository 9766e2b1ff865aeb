import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify, type JSONWebKeySet } from 'jose'
import request from 'supertest'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { statement } from '../../src/db.ts'
import {
  ensureToolKey,
  findServicePlatform,
  forgetSigningKey,
  forgetTokens,
  keysAreUsable,
  listToolKeys,
  retireToolKey,
  rotateToolKey,
  savePlatform,
  type Platform,
} from '../../src/lti/index.ts'
import { callService } from '../../src/lti/services.ts'
import { origin } from '../support/world.ts'

const published = async () =>
  ((await request(origin).get('/lti/keys')).body as JSONWebKeySet).keys.map(({ kid }) => kid ?? '')
const sealed = statement<{ private_key: string; sealed_by: string | null; public_jwk: object }>(
  'test_sealed_key',
  'select private_key, sealed_by, public_jwk from tool_keys where kid = $1',
)
const change = statement('test_change_key', 'update tool_keys set private_key = $2 where kid = $1')
/** Time goes on: everything that was so many minutes ahead is nearer now. */
const later = statement('test_later', 'update tool_keys set signs_from = signs_from - make_interval(mins => $1)')
const signingKid = async () => (await listToolKeys()).find(({ signs }) => signs)?.kid ?? ''

/** A platform that fetches our keys when those that it has are older than an hour, and whatever happens not before. */
async function cachingPlatform() {
  const state = {
    minute: 0,
    fetchedAt: -1000,
    keys: undefined as JSONWebKeySet | undefined,
    refused: 0,
    kids: new Set(),
  }
  const server = createServer((req, res) => {
    void bodyOf(req).then(async (body) => {
      const assertion = new URLSearchParams(body).get('client_assertion')
      if (assertion === null) return res.end('{}')
      if (state.minute - state.fetchedAt >= 60)
        Object.assign(state, { fetchedAt: state.minute, keys: (await request(origin).get('/lti/keys')).body as object })
      const { kid } = decodeProtectedHeader(assertion)
      const good = await jwtVerify(assertion, createLocalJWKSet(state.keys ?? { keys: [] })).then(
        () => true,
        () => false,
      )
      if (good) state.kids.add(kid)
      else state.refused += 1
      return res.writeHead(good ? 200 : 400).end(JSON.stringify(good ? { access_token: 'x', expires_in: 3600 } : {}))
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const id = await savePlatform({
    name: 'Keeps keys',
    issuer,
    clientId: 'keeps',
    deploymentId: '1',
    authUrl: `${issuer}/auth`,
    tokenUrl: `${issuer}/token`,
    jwksUrl: `${issuer}/jwks`,
  })
  const platform = (await findServicePlatform(id)) as Platform
  /** One call with a new token, `minutes` later. */
  const call = async (minutes: number) => {
    state.minute += minutes
    await later(minutes)
    forgetSigningKey()
    forgetTokens()
    await callService(platform, ['a'], { url: new URL(`${issuer}/service`), method: 'GET', headers: {} }).catch(() => 0)
  }
  return {
    state,
    call,
    close: () => {
      server.close().closeAllConnections()
    },
  }
}

async function bodyOf(req: IncomingMessage): Promise<string> {
  let body = ''
  for await (const chunk of req) body += String(chunk)
  return body
}

describe('a rotated key', () => {
  let platform: Awaited<ReturnType<typeof cachingPlatform>>
  beforeAll(async () => {
    platform = await cachingPlatform()
  })
  afterAll(() => {
    platform.close()
  })

  it('is published at once, signs a day later, and no platform that keeps keys for an hour refuses a call', async () => {
    const old = await signingKid()
    await platform.call(0)
    const next = await rotateToolKey(24)
    expect(await published()).toEqual(expect.arrayContaining([old, next]))
    expect(await signingKid()).toBe(old)
    for (let time = 0; time < 60; time++) await platform.call(30)
    expect(platform.state.refused).toBe(0)
    expect([...platform.state.kids]).toEqual([old, next])
    expect(await signingKid()).toBe(next)
    expect(await published()).toEqual(expect.arrayContaining([old, next]))
    for (let day = 0; day < 7; day++) await later(24 * 60)
    expect(await published()).not.toContain(old)
    expect(await published()).toContain(next)
  })

  it('signs at once in an emergency, at the price of calls refused by who keeps keys', async () => {
    await platform.call(0)
    const before = platform.state.refused
    const next = await rotateToolKey(0)
    expect(await signingKid()).toBe(next)
    await platform.call(1)
    expect(platform.state.refused).toBe(before + 1)
    await platform.call(60)
    expect(platform.state.refused).toBe(before + 1)
    expect(platform.state.kids).toContain(next)
  })

  it('can be withdrawn, but never the only one', async () => {
    const stolen = await signingKid()
    expect(await retireToolKey(stolen)).toBe(true)
    expect(await published()).not.toContain(stolen)
    expect(await signingKid()).not.toBe(stolen)
    expect(await retireToolKey(stolen)).toBe(false)
    const others = (await listToolKeys()).filter(({ retired_at }) => retired_at === null).map(({ kid }) => kid)
    for (const kid of others.slice(0, -1)) expect(await retireToolKey(kid)).toBe(true)
    expect(await retireToolKey(others.at(-1) ?? '')).toBe(false)
    expect(await published()).toEqual(others.slice(-1))
    forgetSigningKey()
  })
})

describe('a private key at rest', () => {
  it('is no key to whoever reads the table, names the secret that sealed it, and opens for its own row alone', async () => {
    const kid = await rotateToolKey(0)
    const [row] = await sealed(kid)
    expect(JSON.stringify(row)).not.toMatch(/PRIVATE KEY|"d":/)
    expect(row?.sealed_by).toMatch(/^[\w-]{12}$/)
    forgetSigningKey()
    expect(await keysAreUsable()).toBe(true)
    const other = await rotateToolKey(0)
    const [otherRow] = await sealed(other)
    await change(other, row?.private_key)
    forgetSigningKey()
    expect(await keysAreUsable()).toBe(false)
    const bytes = Buffer.from(otherRow?.private_key ?? '', 'base64url')
    bytes.writeUInt8(bytes.readUInt8(40) ^ 1, 40)
    await change(other, bytes.toString('base64url'))
    expect(await keysAreUsable()).toBe(false)
    await change(other, otherRow?.private_key)
    expect(await keysAreUsable()).toBe(true)
  })

  it('of the first version is sealed anew at the next start', async () => {
    const { seal } = await import('../../src/web/sealed.ts')
    const { unseal } = await import('../../src/web/sealed.ts')
    const kid = await signingKid()
    const [row] = await sealed(kid)
    const pem = unseal('tool-key', row?.private_key ?? '', kid) ?? ''
    expect(pem).toContain('PRIVATE KEY')
    await statement('test_old_seal', 'update tool_keys set private_key = $2, sealed_by = null where kid = $1')(
      kid,
      seal('tool-key', pem),
    )
    forgetSigningKey()
    expect(await keysAreUsable()).toBe(true)
    await ensureToolKey()
    expect((await sealed(kid))[0]?.sealed_by).toBe(row?.sealed_by)
    forgetSigningKey()
    expect(await keysAreUsable()).toBe(true)
  })
})
