import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'
import { config } from '../../config/index.ts'

/** What a key is for. Each purpose has a key of its own, derived from SECRET_KEY, so that one thing never passes for another. */
export type Purpose = 'form-token' | 'new-window' | 'tool-key' | 'mail' | 'audit'

const secrets = [config.secretKey, ...config.previousSecretKeys]

const keys = new Map<string, Buffer>()
function keyFor(purpose: Purpose | 'key-id', secret: string): Buffer {
  const name = `${secrets.indexOf(secret)} ${purpose}`
  let key = keys.get(name)
  if (!key) {
    key = Buffer.from(hkdfSync('sha256', secret, 'signpost', purpose, 32))
    keys.set(name, key)
  }
  return key
}

const idOf = (secret: string) => keyFor('key-id', secret).toString('base64url').slice(0, 12)

/** The ids of SECRET_KEY and of those before it, the newest first. */
export const secretKeyIds: readonly string[] = secrets.map(idOf)
/** Names SECRET_KEY without telling anything about it: kept beside what was sealed for long. */
export const secretKeyId = idOf(config.secretKey)

/**
 * Encrypts text so that only we can read it, and a changed bit is noticed (AES-256-GCM). Safe in a form field. `about`
 * is what the text belongs to: sealed for one thing, it does not open for another.
 */
export function seal(purpose: Purpose, text: string, about = ''): string {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', keyFor(purpose, config.secretKey), iv).setAAD(Buffer.from(about))
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url')
}

/** The text that was sealed, or undefined for anything that we did not seal for this purpose and thing. */
export function unseal(purpose: Purpose, sealed: string, about = ''): string | undefined {
  const bytes = Buffer.from(sealed, 'base64url')
  if (bytes.length < 28) return undefined
  for (const secret of secrets) {
    const text = openedWith(keyFor(purpose, secret), bytes, about)
    if (text !== undefined) return text
  }
  return undefined
}

function openedWith(key: Buffer, bytes: Buffer, about: string): string | undefined {
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12), { authTagLength: 16 })
  decipher.setAAD(Buffer.from(about)).setAuthTag(bytes.subarray(12, 28))
  try {
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')
  } catch {
    return undefined
  }
}

/** `7.mac`: says that we wrote the 7. */
export function sign(purpose: Purpose, text: string): string {
  return `${text}.${macOf(purpose, text, config.secretKey)}`
}

/** The signed text, or undefined when the signature is not ours. */
export function verified(purpose: Purpose, signed: string): string | undefined {
  const at = signed.lastIndexOf('.')
  if (at < 0) return undefined
  const text = signed.slice(0, at)
  const given = Buffer.from(signed.slice(at + 1))
  return secrets.some((secret) => isSame(given, macOf(purpose, text, secret))) ? text : undefined
}

/** What only we can work out of a text, by the key with this id. Undefined when that is none of ours any more. */
export function macBy(purpose: Purpose, text: string, keyId: string): string | undefined {
  const secret = secrets[secretKeyIds.indexOf(keyId)]
  return secret === undefined ? undefined : macOf(purpose, text, secret)
}

function isSame(given: Buffer, expected: string): boolean {
  const wanted = Buffer.from(expected)
  return given.length === wanted.length && timingSafeEqual(given, wanted)
}

function macOf(purpose: Purpose, text: string, secret: string): string {
  return createHmac('sha256', keyFor(purpose, secret)).update(text).digest('base64url')
}
