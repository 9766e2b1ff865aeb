import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'
import { config } from '../../config/index.ts'

/** What a key is for. Each purpose has a key of its own, derived from SECRET_KEY, so that one thing never passes for another. */
export type Purpose = 'form-token' | 'new-window' | 'tool-key'

const keys = new Map<Purpose, Buffer>()
function keyFor(purpose: Purpose): Buffer {
  let key = keys.get(purpose)
  if (!key) {
    key = Buffer.from(hkdfSync('sha256', config.secretKey, 'signpost', purpose, 32))
    keys.set(purpose, key)
  }
  return key
}

/** Encrypts text so that only we can read it, and a changed bit is noticed (AES-256-GCM). Safe in a form field. */
export function seal(purpose: Purpose, text: string): string {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', keyFor(purpose), iv)
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url')
}

/** The text that was sealed, or undefined for anything that we did not seal for this purpose. */
export function unseal(purpose: Purpose, sealed: string): string | undefined {
  const bytes = Buffer.from(sealed, 'base64url')
  if (bytes.length < 28) return undefined
  const decipher = createDecipheriv('aes-256-gcm', keyFor(purpose), bytes.subarray(0, 12), { authTagLength: 16 })
  decipher.setAuthTag(bytes.subarray(12, 28))
  try {
    return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')
  } catch {
    return undefined
  }
}

/** `7.mac`: says that we wrote the 7. */
export function sign(purpose: Purpose, text: string): string {
  return `${text}.${macOf(purpose, text)}`
}

/** The signed text, or undefined when the signature is not ours. */
export function verified(purpose: Purpose, signed: string): string | undefined {
  const at = signed.lastIndexOf('.')
  if (at < 0) return undefined
  const text = signed.slice(0, at)
  const given = Buffer.from(signed.slice(at + 1))
  const expected = Buffer.from(macOf(purpose, text))
  return given.length === expected.length && timingSafeEqual(given, expected) ? text : undefined
}

function macOf(purpose: Purpose, text: string): string {
  return createHmac('sha256', keyFor(purpose)).update(text).digest('base64url')
}
