import { createPrivateKey, generateKeyPair, randomUUID, type KeyObject } from 'node:crypto'
import { promisify } from 'node:util'
import type { RequestHandler } from 'express'
import { SignJWT } from 'jose'
import { statement } from '../db.ts'
import { seal, unseal } from '../web/sealed.ts'

/** Our own key pair: platforms check with it what we sign. The private half is kept encrypted under SECRET_KEY. */
const list = statement<{ kid: string; public_jwk: object; private_key: string }>(
  'list_tool_keys',
  'select kid, public_jwk, private_key from tool_keys order by id',
)
const insert = statement(
  'insert_tool_key',
  `insert into tool_keys (kid, public_jwk, private_key)
   select $1, $2, $3 where not exists (select 1 from tool_keys)`,
)

/** Makes the key pair on the first start; off the main thread, because it takes up to half a second. */
export async function ensureToolKey(): Promise<void> {
  if ((await list()).length > 0) return
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })
  const kid = randomUUID()
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' }
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
  await insert(kid, JSON.stringify(jwk), seal('tool-key', pem))
}

/** `GET /lti/keys`: our public keys (JWK Set, RFC 7517). */
export const publicKeySet: RequestHandler = async (_req, res) => {
  const keys = await list()
  res.set('Cache-Control', 'public, max-age=300').json({ keys: keys.map(({ public_jwk }) => public_jwk) })
}

let signing: { kid: string; key: KeyObject } | undefined
async function signingKey(): Promise<{ kid: string; key: KeyObject }> {
  if (signing) return signing
  const [first] = await list()
  const pem = first && unseal('tool-key', first.private_key)
  if (!first || pem === undefined) throw new Error('There is no private key that this SECRET_KEY opens.')
  return (signing = { kid: first.kid, key: createPrivateKey(pem) })
}

/** Whether our private key can be opened: for /readyz. */
export async function keysAreUsable(): Promise<boolean> {
  return signingKey().then(
    () => true,
    () => false,
  )
}

/** The assertion by which a platform knows us when we ask for an access token (Security Framework 1.0 4.1, RFC 7523). */
export async function clientAssertion(clientId: string, tokenUrl: string): Promise<string> {
  const { kid, key } = await signingKey()
  return new SignJWT({})
    .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid })
    .setIssuer(clientId)
    .setSubject(clientId)
    .setAudience(tokenUrl)
    .setIssuedAt()
    .setExpirationTime('5m')
    .setJti(randomUUID())
    .sign(key)
}
