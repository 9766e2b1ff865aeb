import { createPrivateKey, generateKeyPair, randomUUID, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import type { RequestHandler } from 'express'
import { SignJWT, type JWTPayload } from 'jose'
import { statement } from '../db.ts'
import { seal, secretKeyId, unseal } from '../web/sealed.ts'

/**
 * Our own key pairs: platforms check with them what we sign. The private halves are kept encrypted under SECRET_KEY. A new
 * key is published at once and signs a day later, when every platform that keeps our key set for a while has it; the old
 * one stays published for a week after its last signature.
 */
type KeyRow = { kid: string; private_key: string; sealed_by: string | null }

const PUBLISHED = `retired_at is null and not exists (select 1 from tool_keys later where later.retired_at is null
  and later.id > k.id and later.signs_from < now() - interval '7 days')`
const listPublic = statement<{ public_jwk: object }>(
  'list_public_tool_keys',
  `select k.public_jwk from tool_keys k where ${PUBLISHED} order by k.id`,
)
const findSigning = statement<KeyRow>(
  'find_signing_tool_key',
  `select kid, private_key, sealed_by from tool_keys where retired_at is null
   order by (signs_from <= now()) desc, case when signs_from <= now() then -id else id end limit 1`,
)
const listSealed = statement<KeyRow>('list_sealed_tool_keys', 'select kid, private_key, sealed_by from tool_keys')
const insertFirst = statement(
  'insert_first_tool_key',
  `insert into tool_keys (kid, public_jwk, private_key, sealed_by)
   select $1, $2, $3, $4 where not exists (select 1 from tool_keys)`,
)
const insertNext = statement(
  'insert_next_tool_key',
  `insert into tool_keys (kid, public_jwk, private_key, sealed_by, signs_from)
   values ($1, $2, $3, $4, now() + make_interval(hours => $5))`,
)
const reseal = statement(
  'reseal_tool_key',
  'update tool_keys set private_key = $2, sealed_by = $3 where kid = $1 and private_key = $4',
)
const retire = statement<{ kid: string }>(
  'retire_tool_key',
  `update tool_keys set retired_at = now() where kid = $1 and retired_at is null
     and exists (select 1 from tool_keys other where other.kid <> $1 and other.retired_at is null) returning kid`,
)
const listAll = statement<{
  kid: string
  signs_from: Date
  retired_at: Date | null
  published: boolean
  signs: boolean
}>(
  'list_tool_keys',
  `select k.kid, k.signs_from, k.retired_at, ${PUBLISHED} as published,
     k.signs_from <= now() and k.retired_at is null and not exists (select 1 from tool_keys later
       where later.retired_at is null and later.id > k.id and later.signs_from <= now()) as signs
   from tool_keys k order by k.id`,
)

/** Makes the first key pair, and seals with today's SECRET_KEY what an earlier one had sealed. */
export async function ensureToolKey(): Promise<void> {
  const rows = await listSealed()
  if (rows.length === 0) await insertFirst(...(await newKey()))
  for (const row of rows.filter(({ sealed_by }) => sealed_by !== secretKeyId)) {
    const pem = openRow(row)
    if (pem !== undefined) await reseal(row.kid, seal('tool-key', pem, row.kid), secretKeyId, row.private_key)
  }
}

/**
 * Makes the next key pair: published at once, signing after `hours` (24, so that platforms have fetched it; 0 in an
 * emergency). Returns its id.
 */
export async function rotateToolKey(hours: 0 | 24): Promise<string> {
  const key = await newKey()
  await insertNext(...key, hours)
  return key[0]
}

/** Takes a key back that others may have got: no longer published, never used again. Not the only one. */
export async function retireToolKey(kid: string): Promise<boolean> {
  return (await retire(kid)).length > 0
}

/** All our keys, the oldest first: for the operator. */
export const listToolKeys = () => listAll()

/** Off the main thread, because it takes up to half a second. */
async function newKey(): Promise<[kid: string, publicJwk: string, sealed: string, sealedBy: string]> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  const kid = randomUUID()
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' }
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  return [kid, JSON.stringify(jwk), seal('tool-key', pem, kid), secretKeyId]
}

/** The first keys were not tied to their id, nor marked with the key that sealed them. */
function openRow({ kid, private_key, sealed_by }: KeyRow): string | undefined {
  return unseal('tool-key', private_key, sealed_by === null ? '' : kid)
}

/** `GET /lti/keys`: our public keys (JWK Set, RFC 7517). */
export const publicKeySet: RequestHandler = async (_req, res) => {
  const keys = await listPublic()
  res.set('Cache-Control', 'public, max-age=300').json({ keys: keys.map(({ public_jwk }) => public_jwk) })
}

type SigningKey = { kid: string; key: KeyObject; until: number }
const KEPT_MS = 60_000 // so that a rotation in another process is noticed
let signing: SigningKey | undefined

/** For tests: as if a minute had passed. */
export function forgetSigningKey(): void {
  signing = undefined
}

async function signingKey(): Promise<SigningKey> {
  if (signing && signing.until > Date.now()) return signing
  const [row] = await findSigning()
  const pem = row && openRow(row)
  if (!row || pem === undefined) throw new Error('There is no private key that this SECRET_KEY opens.')
  return (signing = { kid: row.kid, key: createPrivateKey(pem), until: Date.now() + KEPT_MS })
}

/** Whether our private key can be opened: for /readyz. */
export async function keysAreUsable(): Promise<boolean> {
  return signingKey().then(
    () => true,
    () => false,
  )
}

/** Signs a message of ours to a platform, good for five minutes (Security Framework 1.0 5.2). */
export async function signMessage(claims: JWTPayload & { iss: string; aud: string }): Promise<string> {
  const { kid, key } = await signingKey()
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid })
    .setIssuedAt()
    .setExpirationTime('5m')
    .setJti(randomUUID())
    .sign(key)
}
