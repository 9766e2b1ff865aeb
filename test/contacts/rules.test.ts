import fc from 'fast-check'
import { afterEach, expect, it } from 'vitest'
import { addDays, dayIn, now, setClock } from '../../src/clock.ts'
import { statement } from '../../src/db.ts'
import { moveContactsOn } from '../../src/features/contacts/index.ts'
import { aPair, type Launched } from '../support/builders.ts'
import { tokenOf } from '../support/token.ts'

/**
 * Random acts on the contacts of one pair, around midnight and the nights on which clocks change. After each, what the
 * tables hold is compared with the rules of the specification (4.5), worked out here by themselves.
 */
const ZONE = 'Europe/London'
const HOUR = 3_600_000
const DAY = 24 * HOUR

const act = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      what: fc.constant('log' as const),
      by: fc.constantFrom(0, 1),
      when: fc.constantFrom('today', 'yesterday'),
      channel: fc.constantFrom('telephone', 'text'),
      made: fc.boolean(),
      same: fc.constantFrom('ask', 'yes', 'other'),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      what: fc.constantFrom('confirmation', 'difference', 'withdrawal', 'edit'),
      by: fc.constantFrom(0, 1),
      of: fc.nat(20),
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('told' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ what: fc.constant('ruling' as const), of: fc.nat(20), stands: fc.boolean() }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ what: fc.constant('wait' as const), hours: fc.constantFrom(1, 11, 23, 25, 7 * 24 + 1) }),
  },
)
type Act = typeof act extends fc.Arbitrary<infer T> ? T : never

const rowsOf = statement<{
  id: number
  happened_on: string
  outcome: string
  channel: string
  state: string
  recorded_by_id: number | null
  recorded_at: Date
}>('test_contacts_of', 'select * from contacts where match_id = $1 order by id')
const figuresOf = statement<{ contacts_counted: number; contacts_waiting: number; last_contact_on: string | null }>(
  'test_figures_of',
  'select contacts_counted, contacts_waiting, last_contact_on from matches where id = $1',
)

afterEach(() => {
  setClock()
})

type Pair = Awaited<ReturnType<typeof aPair>>

it('counts what the rules say, whoever does what, in whichever order', { timeout: 120_000 }, async () => {
  const starts = ['2027-03-28T23:05:00Z', '2027-10-30T23:10:00Z', '2026-12-31T23:50:00Z']
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...starts),
      fc.array(act, { minLength: 12, maxLength: 20 }),
      async (start, acts) => {
        setClock(new Date(Date.parse(start) - 2 * DAY))
        const pair = await aPair()
        setClock(new Date(start))
        const tokens = await Promise.all(
          [pair.mentee, pair.mentor, pair.coordinator].map((one) => tokenOf(one.browser)),
        )
        for (const one of acts) {
          await perform(pair, tokens, one)
          await check(pair.matchId)
        }
        setClock()
      },
    ),
    { numRuns: 3 },
  )
})

async function perform(pair: Pair, tokens: string[], one: Act): Promise<void> {
  const { contactsHref, matchId, coordinator } = pair
  const people: Launched[] = [pair.mentee, pair.mentor]
  const rows = await rowsOf(matchId)
  const post = (by: number, path: string, fields: Record<string, string> = {}) =>
    (people[by] ?? coordinator).browser.post(path, { _token: tokens[by] ?? '', ...fields })
  const key = crypto.randomUUID()
  if (one.what === 'wait') {
    setClock(new Date(now().getTime() + one.hours * HOUR))
    await moveContactsOn({ system: true })
  } else if (one.what === 'log') {
    const outcome = one.made ? 'made' : 'attempted'
    const fields = { outcome, when: one.when, channel: one.channel, _key: key }
    const other = rows.findLast(({ state, channel }) => state !== 'withdrawn' && channel === one.channel)
    const same = one.same === 'ask' ? {} : { _same: one.same === 'other' ? 'other' : String(other?.id ?? 'other') }
    await post(one.by, contactsHref, { ...fields, ...same })
    const written = (await rowsOf(matchId)).at(rows.length)
    const today = dayIn(ZONE, now())
    if (written) expect(written.happened_on).toBe(one.when === 'today' ? today : addDays(today, -1)) // theirs, not UTC's
  } else if (one.what === 'told') {
    await post(2, `/admin/matches/${matchId}/contacts`, { when: 'today', channel: 'telephone', _key: key })
  } else {
    const target = rows[one.of % Math.max(1, rows.length)]
    if (!target) return
    if ('stands' in one) {
      const ruling = one.stands ? 'upheld' : 'withdrawn'
      await post(2, `/admin/contacts/${target.id}/ruling`, { ruling })
    } else {
      const fields = { difference: 'Not so', outcome: 'made', when: 'yesterday', channel: 'text' }
      await post(one.by, `/contacts/${target.id}/${one.what}`, fields)
    }
  }
}

/** A day counts once, and only what was made and agreed, taken as right, or decided. */
async function check(matchId: number): Promise<void> {
  const rows = await rowsOf(matchId)
  const counts = rows.filter((row) => row.outcome === 'made' && ['confirmed', 'presumed', 'upheld'].includes(row.state))
  const days = new Set(counts.map((row) => row.happened_on))
  const waiting = new Set(
    rows.filter((row) => row.outcome === 'made' && row.state === 'recorded').map((row) => row.happened_on),
  )
  const [figures] = await figuresOf(matchId)
  expect(figures?.contacts_counted).toBe(days.size)
  expect(figures?.contacts_waiting).toBe([...waiting].filter((day) => !days.has(day)).length)
  expect(figures?.last_contact_on).toBe([...days].sort().at(-1) ?? null)
  const today = dayIn(ZONE, now())
  for (const row of rows) {
    expect(row.happened_on <= today).toBe(true)
    const written = dayIn(ZONE, row.recorded_at)
    expect([written, addDays(written, -1)]).toContain(row.happened_on)
    if (row.state === 'presumed') expect(now().getTime() - row.recorded_at.getTime()).toBeGreaterThanOrEqual(7 * DAY)
  }
}
