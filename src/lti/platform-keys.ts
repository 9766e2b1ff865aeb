import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import { refused } from '../web/errors.ts'
import { ask } from './outbound.ts'

const keyShape = z.looseObject({
  kty: z.string(),
  kid: z.string().optional(),
  use: z.string().optional(),
  alg: z.string().optional(),
})
const keySetShape = z.object({ keys: z.array(keyShape).max(100) })
type Keys = Map<string, KeyObject[]>
type Entry = { askedAt: number; failedAt: number; keys: Keys; inFlight: Promise<void> | undefined }

const DEADLINE_MS = 5000
const ASK_AGAIN_MS = 30_000
const STALE_MS = 600_000
const BREAK_MS = 10_000
const SHORTEST_KEY = 2048
const entries = new Map<string, Entry>()
const newEntry = (): Entry => ({ askedAt: 0, failedAt: 0, keys: new Map(), inFlight: undefined })

/**
 * A platform's public keys with an id: one, but for platforms that use an id twice. Kept in memory. One fetch at a time,
 * with a deadline; an unknown id asks again at most every 30 s; old keys are used while new ones are fetched, so they
 * outlive an outage; a platform that does not answer is left alone for 10 s, so that nobody waits for it in turn.
 * @throws 401 KID_UNKNOWN, 503 PLATFORM_KEYS_UNAVAILABLE
 */
export async function platformKeys(url: string, kid: string): Promise<KeyObject[]> {
  const entry = entries.get(url) ?? newEntry()
  entries.set(url, entry)
  const age = Date.now() - entry.askedAt
  if (entry.keys.has(kid)) {
    if (age > STALE_MS) void refresh(url, entry).catch(() => undefined)
  } else if (age > ASK_AGAIN_MS || entry.inFlight) await refreshOrRefuse(url, entry)
  const keys = entry.keys.get(kid)
  if (!keys) throw refused(401, 'KID_UNKNOWN')
  return keys
}

async function refreshOrRefuse(url: string, entry: Entry): Promise<void> {
  try {
    if (Date.now() - entry.failedAt < BREAK_MS) throw new Error('It did not answer a moment ago')
    await refresh(url, entry)
  } catch (cause) {
    if (entry.keys.size > 0) return
    throw refused(503, 'PLATFORM_KEYS_UNAVAILABLE', cause)
  }
}

function refresh(url: string, entry: Entry): Promise<void> {
  entry.inFlight ??= fetchKeys(url)
    .then(
      (keys) => Object.assign(entry, { keys, askedAt: Date.now(), failedAt: 0 }),
      (error: unknown) => {
        // With keys in hand there is no hurry; without, the next launch after the break asks again.
        Object.assign(entry, { failedAt: Date.now(), askedAt: entry.keys.size > 0 ? Date.now() : 0 })
        throw error
      },
    )
    .then(() => undefined)
    .finally(() => {
      entry.inFlight = undefined
    })
  return entry.inFlight
}

async function fetchKeys(url: string): Promise<Keys> {
  const answer = await ask({ url, deadlineMs: DEADLINE_MS, headers: { accept: 'application/json' } })
  if (answer.status !== 200) throw new Error(`The key set answered ${answer.status}`)
  const { keys } = keySetShape.parse(JSON.parse(answer.body))
  const byId: Keys = new Map()
  for (const jwk of keys.filter(isForSignatures)) {
    const [id, key] = [jwk.kid ?? '', createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' })]
    if (isLongEnough(key)) byId.set(id, [...(byId.get(id) ?? []), key])
  }
  return byId
}

const isLongEnough = (key: KeyObject) => (key.asymmetricKeyDetails?.modulusLength ?? 0) >= SHORTEST_KEY

/** RSA keys with an id that are not said to be for something else. */
function isForSignatures({ kty, kid, use, alg }: z.infer<typeof keyShape>): boolean {
  return kty === 'RSA' && kid !== undefined && (use ?? 'sig') === 'sig' && (alg ?? 'RS256') === 'RS256'
}
