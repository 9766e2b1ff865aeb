import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import { refused } from '../web/errors.ts'

const keySetShape = z.object({
  keys: z.array(z.looseObject({ kty: z.string(), kid: z.string().optional(), use: z.string().optional() })).max(100),
})
type Entry = { askedAt: number; keys: Map<string, KeyObject>; inFlight: Promise<void> | undefined }

const DEADLINE_MS = 5000
const ASK_AGAIN_MS = 30_000
const STALE_MS = 600_000
const LONGEST = 1_000_000
const entries = new Map<string, Entry>()

/**
 * A platform's public key by its id. Kept in memory: one fetch at a time with a deadline, an unknown id asks again at
 * most every 30 s, and keys outlive an outage of the platform.
 * @throws 401 KID_UNKNOWN, 503 PLATFORM_KEYS_UNAVAILABLE
 */
export async function platformKey(url: string, kid: string): Promise<KeyObject> {
  const entry = entries.get(url) ?? { askedAt: 0, keys: new Map<string, KeyObject>(), inFlight: undefined }
  entries.set(url, entry)
  if (isOutdated(entry, kid)) await refresh(url, entry)
  const key = entry.keys.get(kid)
  if (!key || (key.asymmetricKeyDetails?.modulusLength ?? 0) < 2048) throw refused(401, 'KID_UNKNOWN')
  return key
}

function isOutdated(entry: Entry, kid: string): boolean {
  const age = Date.now() - entry.askedAt
  return entry.keys.has(kid) ? age > STALE_MS : age > ASK_AGAIN_MS || entry.inFlight !== undefined
}

async function refresh(url: string, entry: Entry): Promise<void> {
  entry.inFlight ??= fetchKeys(url, entry).finally(() => {
    entry.inFlight = undefined
  })
  try {
    await entry.inFlight
  } catch (cause) {
    if (entry.keys.size > 0) return
    entry.askedAt = 0
    throw refused(503, 'PLATFORM_KEYS_UNAVAILABLE', cause)
  }
}

async function fetchKeys(url: string, entry: Entry): Promise<void> {
  entry.askedAt = Date.now()
  const signal = AbortSignal.timeout(DEADLINE_MS)
  const answer = await fetch(url, { signal, redirect: 'error', headers: { accept: 'application/json' } })
  if (!answer.ok) throw new Error(`The key set answered ${answer.status}`)
  const { keys } = keySetShape.parse(JSON.parse(await limitedText(answer)))
  entry.keys = new Map(
    keys
      .filter((key) => key.kty === 'RSA' && key.kid !== undefined && key.use !== 'enc')
      .map((key) => [key.kid ?? '', createPublicKey({ key: key as JsonWebKey, format: 'jwk' })]),
  )
}

/** The body, unless it is too long to be what was asked for. */
export async function limitedText(answer: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
    length += chunk.byteLength
    if (length > LONGEST) throw new Error('The answer is too long')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}
