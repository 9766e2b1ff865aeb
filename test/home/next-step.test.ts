import { describe, expect, it } from 'vitest'
import { nextStepFor, type StepFacts } from '../../src/features/home/service.ts'
import type { AheadRow } from '../../src/features/home/queries.ts'
import type { ReportFactsRow } from '../../src/features/reports/index.ts'
import type { OwnMatchRow } from '../../src/features/matches/index.ts'

const match = (counted: number, waiting = 0, more: Partial<OwnMatchRow> = {}): OwnMatchRow => ({
  id: counted * 10 + waiting,
  state: 'active',
  reason: null,
  expires_at: null,
  own_answer: 'accepted',
  active_at: new Date(),
  ended_at: null,
  contacts_counted: counted,
  contacts_waiting: waiting,
  minimum: 4,
  last_contact_on: null,
  stage: 1,
  stage_since: null,
  stages_done: [],
  own_signed: false,
  partner_signed: false,
  in_force: true,
  ...{ paused_at: null, paused_until: null, paused_by: null, resumed_at: null },
  ...{ closing_at: null, closing_until: null, over_because: null },
  role: 'mentor',
  ref: 'K7',
  name: 'Sam Whitlock',
  given_name: 'Sam',
  ...more,
})
const notBegun = { active_at: null, in_force: false } as const
const offered = (own_answer: OwnMatchRow['own_answer']) => match(0, 0, { ...notBegun, state: 'offered', own_answer })
const agreeing = (more: Partial<OwnMatchRow> = {}) => match(0, 0, { ...notBegun, state: 'agreeing', ...more })
const inMatch = (more: Partial<AheadRow> = {}): AheadRow => ({
  ...{ match_id: 10, next: null, to_confirm: null, unread: 0, thread_id: null, to_write_id: null },
  ...{ partner_is_ready: false, every_days: null, reply_days: null, channels: null, stage_names: {} },
  ...{ partner_wants: null, tasks: [], has_last_talk: false },
  ...more,
})
/** A contact with the partner of match 10 waits for a word. */
const toConfirm = inMatch({
  to_confirm: { id: 1, happened_on: '2026-11-19', channel: 'telephone', minutes: null, agenda: [] },
})
const ahead = [toConfirm]
const facts: StepFacts = {
  report: undefined,
  role: 'mentee',
  state: 'eligible',
  needsTraining: false,
  today: '2026-11-20',
  matches: [match(1)],
  ahead: [],
}
const kindFor = (more: Partial<StepFacts>) => nextStepFor({ ...facts, ...more }).kind

describe('a match that rests or ends', () => {
  const paused = match(1, 0, { state: 'paused' })
  const closing = match(1, 0, { state: 'closing' })
  const over = match(1, 0, { state: 'closed', ended_at: new Date() })
  const report = { begun: true, participant_state: 'eligible', state: 'open', due_on: null } as ReportFactsRow
  it('asks for nothing while it rests, but to read what the partner wrote', () => {
    const all = inMatch({ to_write_id: 5, partner_is_ready: true })
    expect(kindFor({ matches: [paused], ahead: [all], report })).toBe('paused')
    expect(kindFor({ matches: [paused], ahead: [inMatch({ unread: 1 })] })).toBe('reply')
    expect(kindFor({ matches: [paused, match(1)] })).toBe('log')
  })
  it('asks for a last talk, then for the report, then to close it', () => {
    const talked = [inMatch({ has_last_talk: true })]
    expect(kindFor({ matches: [closing], ahead: [inMatch()], report })).toBe('lastTalk')
    expect(kindFor({ matches: [closing], ahead: talked, report })).toBe('report')
    expect(kindFor({ matches: [closing], ahead: talked })).toBe('finish')
  })
  it('is said to be over, when there is no other', () => {
    expect(kindFor({ matches: [over] })).toBe('over')
    expect(kindFor({ matches: [match(1), over] })).toBe('log')
    expect(kindFor({ matches: [over], report })).toBe('report')
  })
})

// The order of docs/next-step.md: each line before all that come after it.
describe('the next step', () => {
  it.each(['applied', 'waiting', 'declined', 'withdrawn', 'finished'] as const)(
    'is to look at the application while it is %s',
    (state) => {
      expect(kindFor({ state, matches: [offered(null)], ahead })).toBe('application')
    },
  )
  it('is to answer an offer, then to sign, then to confirm a contact', () => {
    expect(kindFor({ matches: [agreeing(), offered(null)], ahead })).toBe('offer')
    expect(kindFor({ matches: [match(1), agreeing()], ahead })).toBe('sign')
    expect(kindFor({ ahead })).toBe('confirm')
  })
  it('is to read what the partner wrote, then to confirm, then two lines, then a stage, then the next contact', () => {
    const stage = inMatch({ partner_is_ready: true })
    const lines = inMatch({ to_write_id: 5 })
    const message = inMatch({ unread: 2, thread_id: 3 })
    const all = [stage, lines, toConfirm, message]
    expect(kindFor({ matches: [match(1), agreeing()], ahead: all })).toBe('sign')
    expect(kindFor({ ahead: all })).toBe('reply')
    expect(kindFor({ ahead: [stage, lines, toConfirm] })).toBe('confirm')
    expect(kindFor({ role: 'mentor', needsTraining: true, ahead: [stage, lines] })).toBe('train')
    expect(kindFor({ ahead: [stage, lines] })).toBe('write')
    const due = (on: string | null) => inMatch({ tasks: [{ id: 1, text: 'Ring the college', due_on: on }] })
    expect(kindFor({ ahead: [stage, due('2026-11-21')] })).toBe('task')
    expect(kindFor({ ahead: [stage, due('2026-11-22')] })).toBe('move')
    expect(kindFor({ ahead: [due(null)] })).toBe('log')
    expect(kindFor({ ahead: [stage] })).toBe('move')
    expect(kindFor({ ahead: [inMatch()] })).toBe('log')
  })
  it('is never about a match that is not there', () => {
    expect(kindFor({ ahead: [inMatch({ match_id: 99, unread: 2, to_write_id: 1, partner_is_ready: true })] })).toBe(
      'log',
    )
  })
  it('is to sign a new version only when the partner has signed it', () => {
    expect(kindFor({ matches: [match(1, 0, { partner_signed: true })] })).toBe('sign')
    expect(kindFor({ matches: [match(1, 0, { own_signed: true })] })).toBe('log')
  })
  it('is the training for a mentor who needs it, before anything with a partner that can wait', () => {
    expect(kindFor({ role: 'mentor', needsTraining: true })).toBe('train')
    expect(kindFor({ role: 'mentor', needsTraining: true, ahead })).toBe('confirm')
    expect(kindFor({ needsTraining: true })).toBe('log')
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
  it('is to wait for a signature, a training, a yes or an answer of the partner, in this order', () => {
    const signs = agreeing({ own_signed: true })
    const trains = agreeing({ in_force: true })
    expect(kindFor({ matches: [offered('accepted'), match(3, 1), trains, signs] })).toBe('partnerSigns')
    expect(kindFor({ matches: [offered('accepted'), match(3, 1), trains] })).toBe('partnerTrains')
    expect(kindFor({ matches: [offered('accepted'), match(3, 1)] })).toBe('partner')
    expect(kindFor({ matches: [offered('accepted')] })).toBe('partnerAnswers')
  })
  it('is nothing, when all contacts are there', () => {
    expect(kindFor({ matches: [match(4)] })).toBe('done')
  })
  it('counts what each pair is asked for', () => {
    expect(kindFor({ matches: [match(2, 0, { minimum: 2 })] })).toBe('done')
  })
})
