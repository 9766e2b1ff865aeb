import { createHash } from 'node:crypto'
import { statement } from '../../src/db.ts'
import { sign } from '../../src/web/sealed.ts'
import type { Browser } from './browser.ts'
import { origin } from './world.ts'

const sessionOf = statement<{ id: number }>('test_session', 'select id from sessions where secret_hash = $1')

/** Not every page has a form, so the token is made as the server would for the session of this browser. */
export async function tokenOf(browser: Browser): Promise<string> {
  const secret = (browser.jar.get(origin) ?? []).find(({ name }) => name === '__Host-signpost')?.value
  if (secret === undefined) return ''
  const [session] = await sessionOf(createHash('sha256').update(secret).digest('base64url'))
  return sign('form-token', String(session?.id))
}
