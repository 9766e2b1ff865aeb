import { mkdtempSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { runNode, startNode, type Ended } from './process.ts'

/** Runs one of our programs to its end, in a data folder of its own, on the embedded database. */
function runProgram(program: string, args: string[], env: Record<string, string> = {}): Promise<Ended> {
  return runNode([`src/${program}.ts`, ...args], folder, env)
}
/** The same for a line of script. */
const evaluate = (script: string, env: Record<string, string>) => runNode(['--eval', script], folder, env)

const folder = mkdtempSync(join(inject('folder'), 'start-'))

/** Several commands in one process: starting one takes most of its time. */
function aShell() {
  const { child, said } = startNode(['test/config/shell.ts'], folder)
  const isOver = () => /\0\d+\n$/.test(said.out) && said.err.endsWith('\0')
  return {
    async run(...words: string[]): Promise<Ended> {
      Object.assign(said, { out: '', err: '' })
      child.stdin.write(`${JSON.stringify(words)}\n`)
      while (!isOver()) {
        expect(child.exitCode, said.err).toBeNull()
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      const [out = '', code = ''] = said.out.split('\0')
      return { code: Number(code), out, err: said.err.slice(0, -1) }
    },
    end: () => child.stdin.end(),
  }
}

describe('the server', () => {
  it('says all that is wrong with its settings at once, and ends', async () => {
    const { code, err } = await runProgram('server', [], { PUBLIC_URL: 'https://signpost.example', PORT: 'many' })
    expect(code).toBe(1)
    expect(err.split('\n').filter((line) => line.startsWith('  - '))).toHaveLength(3)
    expect(err).not.toContain('    at ')
  })

  it('says in one sentence that a port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => taken.once('listening', resolve))
    const { port } = taken.address() as AddressInfo
    const { code, err } = await runProgram('server', [], { PORT: String(port), DEMO_COLLEGE: 'off' })
    taken.close()
    expect({ code, err }).toEqual({ code: 1, err: `Port ${port} is taken. Set PORT to another one.\n` })
  }, 60_000)

  it('says in one sentence that the database does not answer', async () => {
    const { code, err } = await runProgram('server', [], { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' })
    expect(code).toBe(1)
    expect(err).toMatch(/^The database does not answer, or refuses us. Check DATABASE_URL. \(.*\)\n$/)
  }, 60_000)
})

const moodle = {
  '--name': 'Our Moodle',
  '--issuer': 'https://moodle.example',
  '--client-id': 'AbC',
  '--deployment': '1',
  '--auth-url': 'https://moodle.example/mod/lti/auth.php',
  '--token-url': 'https://moodle.example/mod/lti/token.php',
  '--jwks-url': 'https://moodle.example/mod/lti/certs.php',
}
const add = (changes: Partial<typeof moodle> = {}) => [
  'platform',
  'add',
  ...Object.entries({ ...moodle, ...changes }).flat(),
]

describe('a secret in a file', () => {
  it('is read, and with one in the environment too nothing starts', async () => {
    const file = join(folder, 'key')
    writeFileSync(file, 'Vt2nYq8Zk4Lw7Rb1Xc5Dm9Pf3Hj6Gs0A\n')
    const both = await runProgram('cli', ['keys', 'list'], { SECRET_KEY_FILE: file, SECRET_KEY: 'x'.repeat(40) })
    expect(both.err).toContain('SECRET_KEY and SECRET_KEY_FILE are both set')
    const none = await runProgram('cli', ['keys', 'list'], { SECRET_KEY_FILE: join(folder, 'none') })
    expect(none.err).toContain('SECRET_KEY_FILE names a file that cannot be read')
  }, 60_000)

  it('may change: what the one before has sealed opens, and is sealed anew at the start', async () => {
    const own = { DATA_DIR: mkdtempSync(join(inject('folder'), 'secret-')) }
    const [first, second] = ['Vt2nYq8Zk4Lw7Rb1Xc5Dm9Pf3Hj6Gs0A', 'Qw7eRt5yUi3oPa1sDf9gHj2kLz8xCv4B']
    await runProgram('cli', ['registration-link'], { ...own, SECRET_KEY: first })
    const changed = { ...own, SECRET_KEY: second, SECRET_KEYS_BEFORE: first }
    expect((await runProgram('cli', ['registration-link'], changed)).code).toBe(0)
    const usable = `import('./src/db.ts').then(async ({ openDatabase, closeDatabase }) => { await openDatabase();
      const { keysAreUsable } = await import('./src/lti/index.ts'); console.log(await keysAreUsable()); await closeDatabase() })`
    expect((await evaluate(usable, { ...own, SECRET_KEY: second })).out).toBe('true\n')
    expect((await evaluate(usable, { ...own, SECRET_KEY: first })).out).toBe('false\n')
  }, 120_000)
})

describe('the command', () => {
  let shell: ReturnType<typeof aShell>
  beforeAll(() => {
    shell = aShell()
  })
  afterAll(() => shell.end())
  const run = (...words: string[]) => shell.run(...words)

  it('is a program of its own, and says what it has', async () => {
    const { code, out } = await runProgram('cli', ['platform', 'list'])
    expect({ code, out }).toEqual({ code: 0, out: '' })
    expect(await runProgram('cli', ['platform'])).toMatchObject({ code: 1, out: '' })
  }, 60_000)

  it('registers a platform by hand, again with other addresses, and lists it once', async () => {
    const added = await run(...add())
    expect(added).toMatchObject({ code: 0, err: '' })
    expect(added.out).toContain('Initiate login URL:            http://localhost:3000/lti/login')
    await run(...add({ '--name': 'Moodle 2' }))
    const { out } = await run('platform', 'list')
    expect(out).toBe('1  Moodle 2  approved  https://moodle.example  client AbC\n     deployment 1  approved\n')
    expect((await run('platform', 'block', '1')).out).toBe('Platform 1 is blocked.\n')
    expect((await run('platform', 'list')).out).toContain('  blocked  ')
    expect((await run('platform', 'approve', '1')).out).toBe('Platform 1 is approved.\n')
    expect(await run('platform', 'approve', '1', '--deployment', '9')).toMatchObject({
      code: 1,
      err: 'There is no such platform or deployment: look at "signpost platform list".\n',
    })
    expect((await run('platform', 'approve', 'one')).err).toContain('It must be a whole number')
  }, 120_000)

  it.each([
    ['http on another machine', 'http://moodle.example/certs'],
    ['a file', 'file:///etc/passwd'],
    ['an address inside', 'https://10.0.0.7/certs'],
    ['no address', 'moodle'],
  ])(
    'refuses %s',
    async (_what, url) => {
      const { code, err } = await run(...add({ '--jwks-url': url }))
      expect({ code, err }).toEqual({ code: 1, err: '--jwks-url must be a public address that begins with https://\n' })
    },
    60_000,
  )

  it('makes registration links, and looks after keys', async () => {
    const { out } = await run('registration-link')
    expect(out).toMatch(/^http:\/\/localhost:3000\/lti\/register\?code=[\w-]{32}\n$/)
    expect((await run('registration-link')).out).not.toBe(out)
    expect((await run('keys', 'list')).out).toMatch(/^[\w-]{36} {2}signs\n$/)
    expect((await run('keys', 'rotate')).out).toMatch(/^Key [\w-]{36} is published, and signs in 24 hours\.\n$/)
    const [old = '', next = ''] = (await run('keys', 'list')).out.split('\n')
    expect(old).toMatch(/ {2}signs$/)
    expect(next).toMatch(/ {2}published, signs from \d{4}-\d\d-\d\d \d\d:\d\d UTC$/)
    expect((await run('keys', 'rotate', '--now')).out).toContain('signs within a minute')
    expect((await run('keys', 'withdraw', old.slice(0, 36))).out).toContain('is withdrawn')
    expect((await run('keys', 'list')).out).toContain(`${old.slice(0, 36)}  withdrawn`)
  }, 120_000)

  it('grants a duty only to somebody who came', async () => {
    const { code, err } = await run('duty', 'grant', '--programme', '1', '--user', '6')
    expect({ code, err }).toEqual({ code: 1, err: 'Nobody with that id has opened the course of that programme.\n' })
  }, 60_000)
})
