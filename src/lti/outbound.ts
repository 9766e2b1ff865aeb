import { lookup as dnsLookup, type LookupAddress } from 'node:dns'
import type { LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'
import { Agent, request } from 'undici'
import { config } from '../../config/index.ts'

/** What we ask a platform: nothing else of Signpost sends requests to addresses that came from outside. */
export type OutboundRequest = {
  url: URL | string
  method?: 'GET' | 'POST' | 'PUT'
  headers?: Record<string, string>
  body?: string
  /** For everything: name, connection, answer. */
  deadlineMs?: number
  longest?: number
}
/** An answer, read whole. */
export type OutboundAnswer = { status: number; body: string; header: (name: string) => string | undefined }

type Resolve = (host: string) => Promise<LookupAddress[]>
export type OutboundRules = {
  /** Evaluation mode: plain http to this very machine, where the demo college is. */
  loopback: boolean
  /** Hosts that may stand in a private network: the college's own Moodle, named by the operator. */
  privateHosts: readonly string[]
  /** For the test of names that change what they mean. */
  resolve?: Resolve
}

const DEADLINE_MS = 10_000
const LONGEST = 1_000_000

/**
 * Makes the one client for requests to platforms: https alone (and http on loopback where `loopback` says so), no
 * private, local or otherwise special address, the name resolved once and the connection held to what came out, no
 * redirects, a deadline and a longest answer (OWASP on server-side request forgery). Throws for whatever it refuses, and
 * when no answer comes.
 */
export function createOutbound({ loopback, privateHosts, resolve = resolveName }: OutboundRules) {
  const isOpen = (host: string) => privateHosts.includes(host)
  const connect = {
    timeout: 5000,
    lookup: pinnedLookup(resolve, (host) => isOpen(host) || (loopback && isLocal(host))),
  }
  const agent = new Agent({ connect }) // follows no redirects unless told to
  return async (asked: OutboundRequest): Promise<OutboundAnswer> => {
    const url = new URL(asked.url)
    refuseUnlessAllowed(url, { loopback, isOpen })
    const { statusCode, headers, body } = await request(url, {
      dispatcher: agent,
      method: asked.method ?? 'GET',
      headers: { 'user-agent': 'Signpost', ...asked.headers },
      ...(asked.body !== undefined && { body: asked.body }),
      signal: AbortSignal.timeout(asked.deadlineMs ?? DEADLINE_MS),
    })
    const header = (name: string) => [headers[name]].flat().join(', ') || undefined
    return { status: statusCode, body: await readWhole(body, asked.longest ?? LONGEST), header }
  }
}

type Where = { loopback: boolean; isOpen: (host: string) => boolean }

/** Whether an address may be asked at all, before its name is looked up. */
function refuseUnlessAllowed(url: URL, where: Where): void {
  if (url.username !== '' || url.password !== '') throw new Error('An address with a password is not asked')
  const isHere = where.loopback && url.protocol === 'http:' && isLocal(url.hostname)
  if (!isHere) refuseUnlessPublic(url, where)
}

function refuseUnlessPublic(url: URL, { isOpen }: Where): void {
  if (url.protocol !== 'https:') throw new Error('Only https is asked')
  if (!isOpen(url.hostname) && isSpecialNumber(url.hostname)) throw new Error('This address is not public')
}

/** Numbers are never looked up, so they are looked at here. */
function isSpecialNumber(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, '')
  return ipaddr.isValid(bare) && !isPublic(bare)
}

const isLocal = (host: string) => /^(localhost|127(\.\d+){3}|\[::1\]|::1)$/.test(host)

/** A unicast address of the public internet, whichever way it is written: IPv4 inside IPv6 counts as IPv4. */
function isPublic(address: string): boolean {
  return ipaddr.process(address).range() === 'unicast'
}

/** What the connection goes to is what was looked at: there is no second look-up that could answer otherwise. */
function pinnedLookup(resolve: Resolve, mayBePrivate: (host: string) => boolean): LookupFunction {
  return (host, { all }, done) => {
    resolve(host).then(
      (addresses) => {
        const [first = { address: '', family: 4 }] = addresses
        const refused = !mayBePrivate(host) && addresses.some(({ address }) => !isPublic(address))
        if (refused) done(new Error('This name leads to an address that is not public'), '')
        else if (all) done(null, addresses)
        else done(null, first.address, first.family)
      },
      (error: unknown) => {
        done(error as NodeJS.ErrnoException, '')
      },
    )
  }
}

function resolveName(host: string): Promise<LookupAddress[]> {
  return new Promise((resolve, reject) => {
    dnsLookup(host, { all: true }, (error, addresses) => {
      if (error) reject(error)
      else resolve(addresses)
    })
  })
}

/** The body, unless it is too long to be what was asked for. */
async function readWhole(body: AsyncIterable<Buffer>, longest: number): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of body) {
    length += chunk.byteLength
    if (length > longest) throw new Error('The answer is too long') // leaving the loop closes the connection
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** Asks a platform, by the rules of this installation. */
export const ask = createOutbound({ loopback: config.mode === 'evaluation', privateHosts: config.privateHosts })

/** Whether `ask` would ever go there: for what people and platforms register. Names are looked at when they are asked. */
export function mayBeAsked(url: string): boolean {
  if (!URL.canParse(url)) return false
  try {
    refuseUnlessAllowed(new URL(url), {
      loopback: config.mode === 'evaluation',
      isOpen: (host) => config.privateHosts.includes(host),
    })
    return true
  } catch {
    return false
  }
}
