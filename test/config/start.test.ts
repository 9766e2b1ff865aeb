import { spawn } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, inject, it } from 'vitest'

type Ended = { code: number | null; out: string; err: string }

/** Runs one of our programs to its end, in a data folder of its own, on the embedded database. */
function run(program: string, args: string[], env: Record<string, string> = {}): Promise<Ended> {
  const { PATH } = process.env
  const child = spawn(process.execPath, ['--import', 'tsx', `src/${program}.ts`, ...args], {
    env: { PATH, LOG_LEVEL: 'silent', DATA_DIR: folder, ...env },
  })
  const ended: Ended = { code: null, out: '', err: '' }
  child.stdout.on('data', (text: Buffer) => (ended.out += text.toString()))
  child.stderr.on('data', (text: Buffer) => (ended.err += text.toString()))
  return new Promise((resolve) => {
    child.once('exit', (code) => {
      resolve({ ...ended, code })
    })
  })
}
const folder = mkdtempSync(join(inject('folder'), 'start-'))

describe('the server', () => {
  it('says all that is wrong with its settings at once, and ends', async () => {
    const { code, err } = await run('server', [], { PUBLIC_URL: 'https://signpost.example', PORT: 'many' })
    expect(code).toBe(1)
    expect(err.split('\n').filter((line) => line.startsWith('  - '))).toHaveLength(3)
    expect(err).not.toContain('    at ')
  })

  it('says in one sentence that a port is taken', async () => {
    const taken = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => taken.once('listening', resolve))
    const { port } = taken.address() as AddressInfo
    const { code, err } = await run('server', [], { PORT: String(port), DEMO_COLLEGE: 'off' })
    taken.close()
    expect({ code, err }).toEqual({ code: 1, err: `Port ${port} is taken. Set PORT to another one.\n` })
  }, 60_000)

  it('says in one sentence that the database does not answer', async () => {
    const { code, err } = await run('server', [], { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' })
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

describe('the command', () => {
  it('registers a platform by hand, again with other addresses, and lists it once', async () => {
    const added = await run('cli', add())
    expect(added).toMatchObject({ code: 0, err: '' })
    expect(added.out).toContain('Initiate login URL:            http://localhost:3000/lti/login')
    await run('cli', add({ '--name': 'Moodle 2' }))
    const { out } = await run('cli', ['platform', 'list'])
    expect(out).toBe('Moodle 2  https://moodle.example  client AbC  deployments 1\n')
  }, 90_000)

  it.each([
    ['http on another machine', 'http://moodle.example/certs'],
    ['a file', 'file:///etc/passwd'],
    ['no address', 'moodle'],
  ])(
    'refuses %s',
    async (_what, url) => {
      const { code, err } = await run('cli', add({ '--jwks-url': url }))
      expect({ code, err }).toEqual({ code: 1, err: '--jwks-url must be an address that begins with https://\n' })
    },
    60_000,
  )

  it('grants a duty only to somebody who came', async () => {
    const { code, err } = await run('cli', ['duty', 'grant', '--programme', '1', '--user', '6'])
    expect({ code, err }).toEqual({ code: 1, err: 'Nobody with that id has opened the course of that programme.\n' })
  }, 60_000)
})
