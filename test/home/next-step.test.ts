import { describe, expect, it } from 'vitest'
import { nextStepFor } from '../../src/features/home/service.ts'
import type { ToConfirmRow } from '../../src/features/contacts/index.ts'
import type { OwnMatchRow } from '../../src/features/matches/index.ts'

const match = (counted: number, waiting = 0): OwnMatchRow => ({
  id: counted * 10 + waiting,
  active_at: new Date(),
  ended_at: null,
  contacts_counted: counted,
  contacts_waiting: waiting,
  last_contact_on: null,
  role: 'mentor',
  ref: 'K7',
  name: 'Sam Whitlock',
  given_name: 'Sam',
})
const toConfirm = { id: 1 } as ToConfirmRow
const facts = { role: 'mentee' as const, minimum: 4, matches: [match(1)], toConfirm: undefined }

// The order of docs/next-step.md.
describe('the next step', () => {
  it('is to answer, before anything else', () => {
    expect(nextStepFor({ ...facts, toConfirm }).kind).toBe('confirm')
  })
  it('is to wait for a partner, without one', () => {
    expect(nextStepFor({ ...facts, matches: [] })).toEqual({ kind: 'wait', role: 'mentee' })
  })
  it('is the next contact, for the pair that lacks one', () => {
    expect(nextStepFor({ ...facts, matches: [match(4), match(2, 1)] })).toMatchObject({
      kind: 'log',
      match: { id: 21 },
    })
  })
  it('is to wait for the partner’s yes, when that is all that is missing', () => {
    expect(nextStepFor({ ...facts, matches: [match(3, 1)] })).toMatchObject({ kind: 'partner' })
  })
  it('is nothing, when all contacts are there', () => {
    expect(nextStepFor({ ...facts, matches: [match(4)] }).kind).toBe('done')
  })
})
