import { createHmac, createPublicKey, createPrivateKey, generateKeyPair, randomBytes, sign } from 'node:crypto'
import type { JsonWebKey, KeyObject } from 'node:crypto'
import { promisify } from 'node:util'

/** The college's key as it lies in the file. */
export type StoredKey = { kid: string; jwk: JsonWebKey }
export type SigningKey = { kid: string; privateKey: KeyObject; publicKey: KeyObject }

const makeKeyPair = promisify(generateKeyPair)
const signInThread = promisify(sign)

/** A new RSA key, made off the main thread. */
export async function makeKey(): Promise<StoredKey> {
  const { privateKey } = await makeKeyPair('rsa', { modulusLength: 2048 })
  return { kid: randomBytes(10).toString('hex'), jwk: privateKey.export({ format: 'jwk' }) }
}

export function readKey({ kid, jwk }: StoredKey): SigningKey {
  const privateKey = createPrivateKey({ key: jwk, format: 'jwk' })
  return { kid, privateKey, publicKey: createPublicKey(privateKey) }
}

/** The key set, in the shape of Moodle 4.5's certs.php. */
export function keySetOf({ kid, publicKey }: SigningKey): { keys: object[] } {
  const { kty, e, n } = publicKey.export({ format: 'jwk' })
  return { keys: [{ kty, alg: 'RS256', kid, e, n, use: 'sig' }] }
}

/**
 * Signs any claims (JWS compact, RFC 7515 3.1). `header` is laid over the honest one, so that a test can make a wrong
 * one: a member set to undefined is left out, and `alg` chooses what is done ("none", or HS256 with our public key).
 */
export async function signClaims(key: SigningKey, claims: object, header: object = {}): Promise<string> {
  const whole = { typ: 'JWT', alg: 'RS256', kid: key.kid, ...header }
  const content = `${encode(whole)}.${encode(claims)}`
  return `${content}.${await signatureOf(key, content, whole.alg)}`
}

async function signatureOf(key: SigningKey, content: string, alg: string): Promise<string> {
  if (alg === 'none') return ''
  if (alg === 'HS256')
    return createHmac('sha256', key.publicKey.export({ format: 'pem', type: 'spki' }))
      .update(content)
      .digest('base64url')
  const hash = { RS384: 'RSA-SHA384', RS512: 'RSA-SHA512' }[alg] ?? 'RSA-SHA256'
  return (await signInThread(hash, Buffer.from(content), key.privateKey)).toString('base64url')
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url')
}
