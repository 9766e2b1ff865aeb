import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { expect, inject, it } from 'vitest'
import { runNode } from './process.ts'

const folder = mkdtempSync(join(inject('folder'), 'audit-'))
const [first, second] = ['Vt2nYq8Zk4Lw7Rb1Xc5Dm9Pf3Hj6Gs0A', 'Qw7eRt5yUi3oPa1sDf9gHj2kLz8xCv4B']

/** Runs one of our programs, or a line of script, on an embedded database of its own. */
const run = (args: string[], env: Record<string, string>) => runNode(args, folder, env)
const verify = (env: Record<string, string>, ...options: string[]) =>
  run(['src/cli.ts', 'audit', 'verify', ...options], env)

const PROGRAMME = `
  with p as (insert into platforms (name, issuer, client_id, auth_url, token_url, jwks_url, state)
      values ('M', 'https://m.example', 'c', 'https://m.example/a', 'https://m.example/t', 'https://m.example/j', 'approved') returning id),
    d as (insert into deployments (platform_id, lti_id, state) select id, '1', 'approved' from p returning id),
    c as (insert into contexts (deployment_id, lti_id) select id, '1' from d returning id)
  insert into programmes (context_id, title, starts_on, ends_on) select id, 'T', '2026-09-01', '2027-06-30' from c`
const script = (
  sql: string,
  count: number,
) => `import('./src/db.ts').then(async ({ openDatabase, closeDatabase, transaction, db }) => {
  await openDatabase(); await (await import('./src/migrate.ts')).migrate()
  const { record } = await import('./src/features/audit/index.ts')
  if (${JSON.stringify(sql)}) await db.query(${JSON.stringify(sql)})
  for (let one = 1; one <= ${count}; one++) await transaction(async () => record({ id: 1 }, 'match.begun', 'match:' + one))
  await closeDatabase() })`
const write = (sql: string, count: number, env: Record<string, string>) => run(['--eval', script(sql, count)], env)

it('is verified by a command that names the first bad row, also after SECRET_KEY has changed', async () => {
  expect((await write(PROGRAMME, 3, { SECRET_KEY: first })).err).toBe('')
  const before = await verify({ SECRET_KEY: first })
  expect(before).toMatchObject({ code: 0, err: '' })
  const [, hash = ''] = /^programme 1: 3 rows, whole ([\w-]{43})\n$/.exec(before.out) ?? []
  const changed = { SECRET_KEY: second, SECRET_KEYS_BEFORE: first }
  expect((await write('', 2, changed)).err).toBe('')
  const head = `1:3:${hash}`
  expect((await verify(changed, '--expect', head)).out).toMatch(/^programme 1: 5 rows, whole/)
  expect((await verify(changed, '--expect', `1:9:${hash}`)).out).toMatch(/^programme 1: row 6 is missing/)
  expect((await verify(changed, '--expect', 'three')).err).toContain('programme:rows:hash')
  const without = await verify({ SECRET_KEY: second })
  expect(without).toMatchObject({ code: 1, err: 'The audit log is not as it was written.\n' })
  expect(without.out).toMatch(/^programme 1: row 1 was written with a key that is not in SECRET_KEYS_BEFORE/)
  // Whoever knows the secret that was replaced goes on writing with it.
  expect((await write('', 1, { SECRET_KEY: first, SECRET_KEYS_BEFORE: second })).err).toBe('')
  expect((await verify(changed)).out).toMatch(/^programme 1: row 6 is not as it was written/)
}, 240_000)
