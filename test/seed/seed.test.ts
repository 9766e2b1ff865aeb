import { once } from 'node:events'
import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CONCERN_LINES, TODAY_KINDS } from '../../src/features/overview/forms.ts'
import { runNode, type Ended } from '../config/process.ts'
import { freePorts } from '../faults/processes.ts'
import { aPlace, type Place } from '../faults/world.ts'
import type { Seen } from './look.ts'

/** The command on a database of its own: it wants an empty one, and moves the clock of its process. */
let place: Place
let settings: Record<string, string>
let refused: Ended
let told: Ended
let seen: Seen

const run = (program: string, words: string[] = [], more: Record<string, string> = {}) =>
  runNode([program, ...words], settings['DATA_DIR'] ?? '', { ...settings, ...more })

beforeAll(async () => {
  place = await aPlace()
  const [COLLEGE_PORT = ''] = await freePorts(1)
  settings = { ...place.settings, DEMO_COLLEGE: 'on', COLLEGE_PORT }
  refused = await whileTaken(Number(COLLEGE_PORT), () => run('src/cli.ts', ['seed']))
  told = await run('src/cli.ts', ['seed'])
  expect(told.err).toBe('')
  seen = JSON.parse((await run('test/seed/look.ts')).out) as Seen
}, 120_000)

async function whileTaken<T>(port: number, work: () => Promise<T>): Promise<T> {
  const taken = createServer().listen(port, '127.0.0.1')
  await once(taken, 'listening')
  return work().finally(() => taken.close())
}
afterAll(() => place.leave())

describe('signpost seed', () => {
  it('makes two programmes that are open, with people who run them, and says whom to launch as', () => {
    expect(seen.programmes.map(({ title, state, coordinator }) => [title, state, coordinator])).toEqual([
      ['Steps to HE', 'open', 'Marion Okafor'],
      ['Next Step Health', 'open', 'Ruth Ainsworth'],
    ])
    expect(told.code).toBe(0)
    expect(told.out).toMatch(/2 programmes, 14 matches/)
    for (const name of ['Marion Okafor', 'Ruth Ainsworth', 'David Llewellyn', 'Priya Nair'])
      expect(told.out).toContain(name)
  })

  it('makes fourteen matches, in every state and every stage', () => {
    expect(seen.matches).toHaveLength(14)
    expect(new Set(seen.matches.map(({ state }) => state))).toEqual(
      new Set(['offered', 'agreeing', 'active', 'paused', 'closing', 'closed', 'discarded']),
    )
    const stages = seen.matches.filter(({ state }) => state === 'active').map(({ stage }) => stage)
    expect(new Set(stages)).toEqual(new Set([1, 2, 3]))
    const reasons = seen.matches.map(({ reason }) => reason)
    for (const reason of ['completed', 'mismatch', 'safeguarding', 'mentee_withdrew', 'declined', 'expired'])
      expect(reasons).toContain(reason)
  })

  it('makes a report in each of its states', () => {
    expect(seen.reports).toEqual(['accepted', 'in_review', 'open', 'received', 'returned', 'waived'])
  })

  it('shows every kind of line of Today that there is', () => {
    const kinds = new Set(seen.today.flatMap((one) => one.kinds))
    expect(TODAY_KINDS.filter((kind) => !kinds.has(kind))).toEqual([])
    expect(CONCERN_LINES.filter((kind) => !kinds.has(kind))).toEqual([])
  })

  it('lets everything happen on its day, and nothing after today', () => {
    expect(seen.latest).toBeLessThanOrEqual(Date.now())
    expect(seen.span).toBeGreaterThan(100)
  })

  it('says what to do while Signpost runs, and tells its term after that', () => {
    expect([refused.code, refused.out]).toEqual([1, ''])
    expect(refused.err).toMatch(
      /^Port \d+ is taken. Set COLLEGE_PORT to another one. If Signpost runs there, stop it while its term is told.\n$/,
    )
  })

  it('tells no second term into the same database, and none without the demo college', async () => {
    const again = await run('src/cli.ts', ['seed'])
    expect([again.code, again.out]).toEqual([1, ''])
    expect(again.err).toBe(
      'There are programmes here already (Steps to HE, Next Step Health). A term is only told into an empty database: set DATA_DIR or DATABASE_URL to a new one.\n',
    )
    const without = await run('src/cli.ts', ['seed'], { DEMO_COLLEGE: 'off' })
    expect([without.code, without.err]).toEqual([
      1,
      'A term is for trying Signpost out, with the demo college: it is off here.\n',
    ])
  }, 60_000)
})
