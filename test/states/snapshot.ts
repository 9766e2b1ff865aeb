import { expect } from 'vitest'
import { statement } from '../../src/db.ts'
import type { MatchState } from '../../src/models/index.ts'
import type { ParticipantState, Role } from '../../src/web/viewer.ts'

type PersonRow = {
  id: number
  sub: string
  role: Role
  state: ParticipantState
  exception_reason: string | null
  capacity: number
  open_matches: number
  noes: number
  staff: boolean
  duty: boolean
  trained: boolean
}
type MatchRow = {
  id: number
  mentee_id: number
  mentor_id: number
  state: MatchState
  mentee_answer: string | null
  mentor_answer: string | null
  end_reason: string | null
  expires_at: string | null
}
type AgreementRow = Record<string, unknown> & {
  id: number
  match_id: number
  version: number
  state: 'draft' | 'in_force' | 'superseded'
  hash: string
  mentee_expects: string | null
  mentor_expects: string | null
  mentee_signed_hash: string | null
  mentor_signed_hash: string | null
  clauses: { kind: string; text: string; fixed: boolean }[]
}
/** Everything that the rules are about, as it stands in the tables. */
export type Snapshot = {
  places: number
  training: boolean
  people: PersonRow[]
  matches: MatchRow[]
  agreements: AgreementRow[]
}

const read = statement<{ all: Snapshot }>(
  'states_snapshot',
  `select json_build_object('places', pr.places, 'training', pr.training_required,
     'people', coalesce((select json_agg(json_build_object('id', pa.id, 'sub', p.sub, 'role', pa.role, 'state', pa.state,
         'exception_reason', pa.exception_reason, 'capacity', pa.capacity, 'open_matches', pa.open_matches,
         'noes', (select count(*) from eligibility_answers e where e.participant_id = pa.id and not e.answer),
         'staff', exists (select 1 from memberships m where m.person_id = p.id and m.context_id = pr.context_id
           and m.first_staff_at is not null),
         'duty', exists (select 1 from duties d where d.person_id = p.id and d.programme_id = pr.id),
         'trained', exists (select 1 from training_attendance t where t.participant_id = pa.id
           and t.state in ('attended', 'excused'))) order by pa.id)
       from participants pa join people p on p.id = pa.person_id where pa.programme_id = pr.id), '[]'),
     'matches', coalesce((select json_agg(to_jsonb(m) order by m.id) from matches m where m.programme_id = pr.id), '[]'),
     'agreements', coalesce((select json_agg(to_jsonb(a) || jsonb_build_object('clauses', coalesce((
         select jsonb_agg(to_jsonb(c) order by c.position) from agreement_clauses c where c.agreement_id = a.id), '[]'))
         order by a.match_id, a.version)
       from agreements a join matches m on m.id = a.match_id where m.programme_id = pr.id), '[]')) as all
   from programmes pr where pr.id = $1`,
)
export async function snapshotOf(programmeId: number): Promise<Snapshot> {
  const [row] = await read(programmeId)
  if (!row) throw new Error('The programme of this run has gone')
  return row.all
}

const isOpen = ({ state }: MatchRow) => state !== 'closed' && state !== 'discarded'
const isIn = ({ state }: PersonRow) => state === 'eligible' || state === 'exception'

/** What holds at any moment, whoever has done what. */
export function checkAlways({ people, matches, agreements }: Snapshot): void {
  for (const person of people) {
    const { id, state, role, staff, duty, exception_reason, open_matches, capacity } = person
    expect({ state, staff, duty }).toEqual({ state, staff: false, duty: false })
    if (state === 'exception') expect(exception_reason).toBeTruthy()
    const open = matches.filter((match) => isOpen(match) && match.mentor_id === id).length
    expect({ id, open }).toEqual({ id, open: open_matches })
    expect(open).toBeLessThanOrEqual(capacity)
    const asMentee = matches.filter((match) => isOpen(match) && match.mentee_id === id).length
    expect(asMentee).toBeLessThanOrEqual(role === 'mentee' ? 1 : 0)
  }
  for (const match of matches) checkMatch(match, agreements)
  for (const { hash, mentee_signed_hash, mentor_signed_hash } of agreements)
    for (const signed of [mentee_signed_hash, mentor_signed_hash]) if (signed !== null) expect(signed).toBe(hash)
}

function checkMatch(match: MatchRow, agreements: readonly AgreementRow[]): void {
  const own = agreements.filter(({ match_id }) => match_id === match.id)
  const count = (state: AgreementRow['state']) => own.filter((one) => one.state === state).length
  expect(count('draft')).toBeLessThanOrEqual(1)
  expect(count('in_force')).toBeLessThanOrEqual(1)
  expect(own.map(({ version }) => version)).toEqual(own.map((_, at) => at + 1))
  const { state, mentee_answer, mentor_answer } = match
  if (state === 'offered') expect(own).toEqual([])
  if (state !== 'offered' && state !== 'discarded')
    expect({ mentee_answer, mentor_answer }).toEqual({ mentee_answer: 'accepted', mentor_answer: 'accepted' })
  if (state === 'active' || state === 'closing') {
    const inForce = own.find((one) => one.state === 'in_force')
    expect(inForce?.mentee_signed_hash).toBe(inForce?.hash)
    expect(inForce?.mentor_signed_hash).toBe(inForce?.hash)
    expect(inForce).toBeDefined()
  }
}

/** Who has just acted, as far as it matters for what may have changed. */
export type Act = { what: string; sub: string; coordinates: boolean; at: Date }

const PEOPLE_MOVES: Record<string, { to: ParticipantState[]; by: 'self' | 'coordinator' }[]> = {
  nobody: [{ to: ['applied', 'waiting'], by: 'self' }],
  applied: [{ to: ['waiting', 'eligible', 'exception', 'declined'], by: 'coordinator' }],
  waiting: [{ to: ['eligible', 'exception', 'declined'], by: 'coordinator' }],
  declined: [{ to: ['eligible', 'exception', 'waiting'], by: 'coordinator' }],
  withdrawn: [{ to: ['applied', 'waiting'], by: 'self' }],
  eligible: [],
  exception: [],
  finished: [],
}
const MATCH_MOVES: Record<string, MatchState[]> = {
  offered: ['agreeing', 'discarded'],
  agreeing: ['active', 'discarded'],
  active: ['closing'],
  closing: [],
  discarded: [],
}

/** What one act may change, and who may do it. */
export function checkStep(before: Snapshot, after: Snapshot, act: Act): void {
  for (const person of after.people) checkPersonStep(before, after, person, act)
  for (const match of after.matches) checkMatchStep(before, after, match, act)
  for (const old of before.agreements) checkAgreementStep(after, old, act)
  expect(after.people.length).toBeGreaterThanOrEqual(before.people.length)
  expect(after.matches.length).toBeGreaterThanOrEqual(before.matches.length)
}

function checkPersonStep(before: Snapshot, after: Snapshot, person: PersonRow, act: Act): void {
  const was = before.people.find(({ id }) => id === person.id)
  if (was?.state === person.state) return
  const own = act.sub === person.sub
  const from = was?.state ?? 'nobody'
  const move = `${from} to ${person.state} by ${own ? 'self' : act.coordinates ? 'coordinator' : 'somebody else'}`
  const leaves = person.state === 'withdrawn' && from !== 'nobody' && from !== 'declined' && from !== 'finished'
  const legal = leaves
    ? own || act.coordinates
    : (PEOPLE_MOVES[from] ?? []).some(
        ({ to, by }) => to.includes(person.state) && (by === 'self' ? own : act.coordinates),
      )
  expect({ move, legal }).toEqual({ move, legal: true })
  if (person.state === 'eligible') expect(person.noes).toBe(0)
  if (!isIn(person) || person.role === 'mentor') return
  expect(after.people.filter((one) => one.role === 'mentee' && isIn(one)).length).toBeLessThanOrEqual(after.places)
}

function checkMatchStep(before: Snapshot, after: Snapshot, match: MatchRow, act: Act): void {
  const was = before.matches.find(({ id }) => id === match.id)
  const side = (id: number) => after.people.find((one) => one.id === id)
  if (!was) {
    expect([match.state, act.coordinates, act.what]).toEqual(['offered', true, 'offer'])
    const sides = [side(match.mentee_id), side(match.mentor_id)]
    expect(sides.map((one) => one?.role)).toEqual(['mentee', 'mentor'])
    expect(sides.map((one) => one && isIn(one))).toEqual([true, true])
    return
  }
  if (!isOpen(was)) expect(match).toEqual(was)
  if (was.state === match.state) return
  expect(MATCH_MOVES[was.state]).toContain(match.state)
  const isSide = [match.mentee_id, match.mentor_id].some((id) => side(id)?.sub === act.sub)
  if (match.state === 'agreeing') expect([act.what, isSide]).toEqual(['answer', true])
  if (match.state === 'active' && after.training) expect(side(match.mentor_id)?.trained).toBe(true)
  if (match.state === 'discarded') checkEnding(match, act, isSide)
}

function checkEnding(match: MatchRow, act: Act, isSide: boolean): void {
  const isDue = match.expires_at !== null && new Date(match.expires_at) <= act.at
  const legal =
    match.end_reason === 'declined'
      ? isSide && act.what === 'answer'
      : match.end_reason === 'taken_back'
        ? act.coordinates && act.what === 'takeBack'
        : match.end_reason === 'expired'
          ? isDue
          : isSide || act.coordinates
  expect({ reason: match.end_reason, legal }).toEqual({ reason: match.end_reason, legal: true })
}

const kept = ({ state: _state, superseded_at: _at, ...rest }: AgreementRow) => rest

function checkAgreementStep(after: Snapshot, old: AgreementRow, act: Act): void {
  const now = after.agreements.find(({ id }) => id === old.id)
  if (!now) {
    expect([old.state, act.what]).toEqual(['draft', 'drop'])
    return
  }
  if (old.state === 'superseded') expect(now).toEqual(old)
  if (old.state === 'in_force') {
    expect(kept(now)).toEqual(kept(old))
    expect(['in_force', 'superseded']).toContain(now.state)
    return
  }
  if (old.state !== 'draft') return
  const match = after.matches.find(({ id }) => id === old.match_id)
  const side = (['mentee', 'mentor'] as const).find(
    (role) => after.people.find(({ id }) => id === match?.[`${role}_id`])?.sub === act.sub,
  )
  checkDraftStep(old, now, side)
}

/** Each side writes and signs for itself, and a changed text has nobody's signature. */
function checkDraftStep(old: AgreementRow, now: AgreementRow, side: Role | undefined): void {
  const fixed = (row: AgreementRow) =>
    row.clauses.filter((clause) => clause.fixed).map(({ kind, text }) => [kind, text])
  expect(fixed(now)).toEqual(fixed(old))
  for (const role of ['mentee', 'mentor'] as const) {
    if (role !== side) expect(now[`${role}_expects`]).toBe(old[`${role}_expects`])
    if (old.hash !== now.hash) expect([role, now[`${role}_signed_hash`]]).toEqual([role, null])
    else if (role !== side) expect(now[`${role}_signed_hash`]).toBe(old[`${role}_signed_hash`])
  }
  if (old.hash !== now.hash) expect(side).toBeDefined()
}
