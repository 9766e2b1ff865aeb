import { createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { savePlatform } from '../../src/lti/index.ts'
import type { Lms } from './launching.ts'

/** What an address of a stand-in platform answers, as the test chooses. */
export type Answer = (res: ServerResponse) => void

export const json =
  (value: object): Answer =>
  (res) =>
    res.setHeader('content-type', 'application/json').end(JSON.stringify(value))

/** What goes wrong with an LMS; `silent` never answers. */
export const troubles: Record<'500' | 'html' | 'long' | 'silent', Answer> = {
  '500': (res) => res.writeHead(500).end('{}'),
  html: (res) => res.setHeader('content-type', 'text/html').end('<!doctype html><title>Please sign in</title>'),
  long: (res) => res.setHeader('content-type', 'application/json').end(Buffer.alloc(10_000_000, ' ')),
  silent: () => undefined,
}

const closings = new Set<() => Promise<void>>()
/** Ends every server that a test has started, with the answers that it still owes. */
export async function closeServers(): Promise<void> {
  await Promise.all([...closings].map((close) => close()))
}

/** Listens on loopback with `listener` until it is closed. */
export async function serve(listener: RequestListener): Promise<{ url: string; close: () => Promise<void> }> {
  const server = createServer(listener)
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const close = async () => {
    if (!closings.delete(close)) return
    server.closeAllConnections()
    await once(server.close(), 'close')
  }
  closings.add(close)
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close }
}

/** A pair of keys with an id. Making one takes a while, so tests share a few. */
export type Pair = { kid: string; privateKey: KeyObject; publicKey: KeyObject }
const made = new Map<string, KeyObject>()
export function aPair(kid: string, bits = 2048): Pair {
  const name = `${kid} ${bits}`
  const privateKey = made.get(name) ?? generateKeyPairSync('rsa', { modulusLength: bits }).privateKey
  made.set(name, privateKey)
  return { kid, privateKey, publicKey: createPublicKey(privateKey) }
}

/** A public key as it stands in a key set. */
export function jwkOf({ kid, publicKey }: Pair, more: object = { use: 'sig', alg: 'RS256' }): object {
  return { ...publicKey.export({ format: 'jwk' }), kid, ...more }
}

const encode = (text: string) => Buffer.from(text).toString('base64url')
/** Signs a payload, whatever text it is; `header` is laid over the honest one. */
export function signText({ kid, privateKey }: Pair, payload: string, header: object = {}): string {
  const content = `${encode(JSON.stringify({ typ: 'JWT', alg: 'RS256', kid, ...header }))}.${encode(payload)}`
  return `${content}.${sign('sha256', Buffer.from(content), privateKey).toString('base64url')}`
}

export type StandIn = Lms & {
  id: number
  /** What it signs with; another one may come later. */
  pair: Pair
  /** What its addresses answer: `/keys`, `/token`, and whatever a test adds. */
  answers: Map<string, Answer>
  /** Answers everything but the key set, if a test sets it. */
  answerAll: ((req: IncomingMessage, res: ServerResponse) => Promise<void>) | undefined
  /** The paths that were asked for, in order. */
  asked: string[]
  /** How often the key set was fetched. */
  fetches: () => number
  close: () => Promise<void>
}

/** A platform of the test's own, registered and approved: its keys and what its addresses answer are the test's choice. */
export async function aStandIn({
  kid = 'own',
  clientId = 'StandIn01',
  deploymentId = 'deployment-1',
} = {}): Promise<StandIn> {
  const pair = aPair(kid)
  const answers = new Map<string, Answer>([['/keys', json({ keys: [jwkOf(pair)] })]])
  const asked: string[] = []
  const { url, close } = await serve((req, res) => {
    const path = new URL(req.url ?? '/', 'http://x').pathname
    asked.push(path)
    const answer = answers.get(path)
    if (path !== '/keys' && standIn.answerAll) void standIn.answerAll(req, res)
    else if (answer) answer(res)
    else res.writeHead(404).end()
  })
  const platform = {
    ...{ name: 'Stand-in', issuer: url, clientId, deploymentId },
    ...{ authUrl: `${url}/auth`, tokenUrl: `${url}/token`, jwksUrl: `${url}/keys` },
  }
  const standIn: StandIn = {
    id: await savePlatform(platform),
    platform,
    pair,
    answers,
    answerAll: undefined,
    asked,
    fetches: () => asked.filter((path) => path === '/keys').length,
    sign: (claims, header) => Promise.resolve(signText(standIn.pair, JSON.stringify(claims), header)),
    close,
  }
  return standIn
}
