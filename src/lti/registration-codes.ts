import { createHash, randomBytes } from 'node:crypto'
import { config } from '../../config/index.ts'
import { statement } from '../db.ts'

const HOURS = 24
const hashOf = (code: string) => createHash('sha256').update(code).digest('base64url')

const insert = statement('insert_registration_code', 'insert into registration_codes (code_hash) values ($1)')
const take = statement<{ code_hash: string }>(
  'take_registration_code',
  `update registration_codes set used_at = now()
   where code_hash = $1 and used_at is null and created_at > now() - interval '${HOURS} hours' returning code_hash`,
)
const giveBack = statement(
  'give_back_registration_code',
  'update registration_codes set used_at = null where code_hash = $1',
)
const settle = statement(
  'settle_registration_code',
  'update registration_codes set platform_id = $2 where code_hash = $1',
)

/** The address that an LMS administrator pastes: it registers one platform, once, within 24 hours. */
export async function makeRegistrationLink(): Promise<string> {
  const code = randomBytes(24).toString('base64url')
  await insert(hashOf(code))
  return `${config.publicUrl}/lti/register?code=${code}`
}

/**
 * Uses a code: while `register` is under way nobody else can, and if it fails the code is good again, so that the same
 * link can be tried once more. Undefined for a code that is unknown, used or too old.
 */
export async function withRegistrationCode<T extends { platformId: number }>(
  code: string,
  register: () => Promise<T>,
): Promise<T | undefined> {
  const hash = hashOf(code)
  if ((await take(hash)).length === 0) return undefined
  try {
    const registered = await register()
    await settle(hash, registered.platformId)
    return registered
  } catch (error) {
    await giveBack(hash)
    throw error
  }
}
