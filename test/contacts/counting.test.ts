import fc from 'fast-check'
import { expect, it } from 'vitest'
import { countContacts } from '../../src/features/contacts/service.ts'

const contact = (
  id: number,
  day: string,
  state: 'recorded' | 'confirmed' | 'disputed' | 'withdrawn',
  outcome: 'made' | 'attempted' = 'made',
) => ({
  id,
  happened_on: day,
  state,
  outcome,
})

it('counts what was made and confirmed, one a day', () => {
  const counting = countContacts([
    contact(1, '2026-11-02', 'recorded'),
    contact(2, '2026-11-02', 'confirmed'),
    contact(3, '2026-11-02', 'confirmed'),
    contact(4, '2026-11-03', 'disputed'),
    contact(5, '2026-11-04', 'confirmed', 'attempted'),
    contact(6, '2026-11-05', 'withdrawn'),
  ])
  expect([...counting.values()]).toEqual(['waitingSameDay', 'counted', 'sameDay', 'disputed', 'attempted', 'withdrawn'])
})

it('promises a yes to count for one contact a day only', () => {
  const counting = countContacts([contact(1, '2026-11-02', 'recorded'), contact(2, '2026-11-02', 'recorded')])
  expect([...counting.values()]).toEqual(['waiting', 'waitingSameDay'])
})

const anyContact = fc.record({
  happened_on: fc.integer({ min: 1, max: 9 }).map((day) => `2026-11-0${day}`),
  state: fc.constantFrom('recorded' as const, 'confirmed' as const, 'disputed' as const, 'withdrawn' as const),
  outcome: fc.constantFrom('made' as const, 'attempted' as const),
})
const counted = (contacts: Parameters<typeof countContacts>[0]) =>
  [...countContacts(contacts).values()].filter((one) => one === 'counted').length

it('counts as many as there are days with a confirmed contact, in whatever order they are given', () => {
  fc.assert(
    fc.property(fc.array(anyContact), (drawn) => {
      const contacts = drawn.map((one, id) => ({ id, ...one }))
      const days = new Set(
        contacts
          .filter(({ state, outcome }) => state === 'confirmed' && outcome === 'made')
          .map(({ happened_on }) => happened_on),
      )
      expect(counted(contacts)).toBe(days.size)
      expect(counted([...contacts].reverse())).toBe(days.size)
    }),
  )
})

it('never falls by a yes', () => {
  fc.assert(
    fc.property(fc.array(anyContact, { minLength: 1 }), fc.nat(), (drawn, pick) => {
      const contacts = drawn.map((one, id) => ({ id, ...one }))
      const yes = contacts.map((one, id) =>
        id === pick % contacts.length ? { ...one, state: 'confirmed' as const } : one,
      )
      expect(counted(yes)).toBeGreaterThanOrEqual(counted(contacts))
    }),
  )
})
