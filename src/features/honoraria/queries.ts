import createError from 'http-errors'
import { statement } from '../../db.ts'
import { hasDuty, type FoundProgramme, type System, type Viewer } from '../../web/viewer.ts'

export type HonorariumState = 'expected' | 'due' | 'approved' | 'exported' | 'paid' | 'withheld' | 'declined'

/** A mentor's honorarium, also while it is only expected. Amounts are text, `150.00`: money is not a floating number. */
export type HonorariumRow = {
  /** Null while nothing has happened to it. */
  id: number | null
  participant_id: number
  programme_id: number
  ref: string
  name: string | null
  given_name: string | null
  state: HonorariumState
  amount: string
  currency: string
  due_at: Date | null
  reason: string | null
  export_id: number | null
  paid_on: string | null
  reference: string | null
  /** Since when the report is here. */
  report_at: Date | null
  gate: 'received' | 'accepted'
}
const COLUMNS = `h.id, pa.id as participant_id, pa.programme_id, pa.ref, p.shown_name as name, p.call_name as given_name,
  coalesce(h.state, 'expected') as state, coalesce(h.amount, pr.honorarium_amount)::text as amount,
  coalesce(h.currency, pr.honorarium_currency) as currency, h.due_at, h.reason, h.export_id, h.paid_on::text, h.reference,
  (select r.first_received_at from reports r where r.participant_id = pa.id) as report_at, pr.honorarium_gate as gate`
// Who had a match that began is paid once the report is in; a programme without an amount pays nobody.
const FROM = `from participants pa join programmes pr on pr.id = pa.programme_id join people p on p.id = pa.person_id
  left join honoraria h on h.participant_id = pa.id`
const IS_PAID = `pa.role = 'mentor' and (h.id is not null or (pr.honorarium_amount is not null
  and exists (select 1 from matches m where m.mentor_id = pa.id and m.active_at is not null)))`

const findOwn = statement<HonorariumRow>(
  'find_own_honorarium',
  `select ${COLUMNS} ${FROM}
   where pa.id = $1 and pa.role = 'mentor' and (h.id is not null or pr.honorarium_amount is not null)`,
)
/** The viewer's own, a mentor's in a programme that pays. To anyone else there is none. */
export async function findOwnHonorarium(viewer: Viewer): Promise<HonorariumRow> {
  const [own] = viewer.participant ? await findOwn(viewer.participant.id) : []
  if (!own) throw createError(404)
  return own
}

/** Coordinators decide, payers pay: nobody else sees what anybody is paid (spec 4.4). */
export const maySeeHonoraria = (viewer: Viewer): boolean => hasDuty(viewer, 'coordinator') || hasDuty(viewer, 'payer')

const find = statement<HonorariumRow>(
  'find_honorarium',
  `select ${COLUMNS} ${FROM} where pa.id = $1 and pa.programme_id = $2 and ${IS_PAID}`,
)
/** That of a mentor of the programme in which the viewer coordinates or pays. To anyone else it does not exist. */
export async function findHonorarium(viewer: Viewer, participantId: number): Promise<HonorariumRow> {
  const [found] = maySeeHonoraria(viewer) ? await find(participantId, viewer.programme?.id) : []
  if (!found) throw createError(404)
  return found
}

const hold = statement('hold_mentor', 'select 1 from participants where id = $1 for no key update')
/** Holds a mentor until the end of the transaction: what happens to their honorarium happens one after the other. */
export async function holdHonorarium({ participant_id }: HonorariumRow): Promise<void> {
  await hold(participant_id)
}

const PAGE = 100
const RANK = `array_position(array['due', 'approved', 'exported', 'withheld', 'expected', 'paid', 'declined'],
  coalesce(h.state, 'expected'))`
const list = statement<HonorariumRow>(
  'list_honoraria',
  `with listed as (select ${COLUMNS}, ${RANK} as rank ${FROM} where pa.programme_id = $1 and ${IS_PAID})
   select * from listed where $2::integer is null
     or (rank, participant_id) > (select rank, participant_id from listed where participant_id = $2)
   order by rank, participant_id limit ${PAGE + 1}`,
)
/** A page of the honoraria of the viewer's programme: those to be decided first. */
export async function listHonoraria(
  viewer: Viewer,
  after?: number,
): Promise<{ rows: HonorariumRow[]; hasMore: boolean }> {
  const rows = maySeeHonoraria(viewer) ? await list(viewer.programme?.id, after ?? null) : []
  return { rows: rows.slice(0, PAGE), hasMore: rows.length > PAGE }
}

export type TotalRow = { state: HonorariumState; currency: string; count: number; amount: string }
const totals = statement<TotalRow>(
  'sum_honoraria',
  `select coalesce(h.state, 'expected') as state, coalesce(h.currency, pr.honorarium_currency) as currency,
     count(*)::int as count, sum(coalesce(h.amount, pr.honorarium_amount))::text as amount
   ${FROM} where pa.programme_id = $1 and ${IS_PAID} group by 1, 2`,
)
/** What it comes to in the viewer's programme, state by state. */
export async function listTotals(viewer: Viewer): Promise<TotalRow[]> {
  return maySeeHonoraria(viewer) ? totals(viewer.programme?.id) : []
}

// Due the moment the report is here (or accepted, or not needed); declined before that stays declined, and has its amount.
const GATE = `(r.first_received_at is not null or r.state in ('accepted', 'waived'))
  and (r.state in ('accepted', 'waived') or pr.honorarium_gate = 'received')`
const BECOME = `
  with met as (
    select pa.id, pa.programme_id, pr.honorarium_amount as amount, pr.honorarium_currency as currency
    from programmes pr join reports r on r.programme_id = pr.id join participants pa on pa.id = r.participant_id
    where pa.role = 'mentor' and pr.honorarium_amount is not null and ${GATE}
      and exists (select 1 from matches m where m.mentor_id = pa.id and m.active_at is not null)
      and not exists (select 1 from honoraria h where h.participant_id = pa.id and h.due_at is not null)`
const MADE = `),
  made as (
    insert into honoraria as h (participant_id, programme_id, state, amount, currency, due_at, changed_at)
    select id, programme_id, 'due', amount, currency, $1, $1 from met
    on conflict (participant_id) do update set amount = excluded.amount, currency = excluded.currency, due_at = excluded.due_at
    where h.due_at is null
    returning h.id, h.participant_id, h.programme_id, h.state),
  noted as (insert into honorarium_steps (honorarium_id, step, at) select id, 'due', $1 from made)
  select participant_id, programme_id from made where state = 'due'`
/** Whose honorarium has become due. */
export type DueRow = { participant_id: number; programme_id: number }
const becomeDue = statement<DueRow>('become_due', `${BECOME} and pa.id = $2 and pa.programme_id = $3 ${MADE}`)
const allBecomeDue = statement<DueRow>('all_become_due', `${BECOME} and pr.closed_at is null limit 500 ${MADE}`)
/** Makes the honorarium of a participant due, if what it waits for is there: in the transaction of that. */
export async function saveDue(programme: FoundProgramme, participantId: number, at: Date): Promise<DueRow[]> {
  return becomeDue(at, participantId, programme.id)
}
/** The same for everybody in programmes that go on, after a change of settings. */
export async function saveAllDue(_as: System, at: Date): Promise<DueRow[]> {
  return allBecomeDue(at)
}

export type Step =
  'due' | 'approved' | 'exported' | 'paid' | 'withheld' | 'released' | 'declined' | 'wanted' | 'corrected'
/** What changes: everything that does not stand here becomes empty. */
export type Change = {
  step: Step
  state: HonorariumState
  at: Date
  reason?: string
  paidOn?: string
  reference?: string
  note?: string
}
const change = statement(
  'save_honorarium',
  `with moved as (
     update honoraria set state = $3, changed_at = $4, reason = $5, paid_on = $6, reference = $7
     where participant_id = $1 returning id),
   begun as (
     insert into honoraria (participant_id, programme_id, state, changed_at)
     select $1, $2, $3, $4 where not exists (select 1 from moved) returning id),
   changed as (select id from moved union all select id from begun)
   insert into honorarium_steps (honorarium_id, step, by_id, at, paid_on, reference, note)
   select id, $8, $9, $4, $6, $7, $10 from changed`,
)
/** Moves an honorarium on, and keeps the step for good. */
export async function saveChange(by: Viewer, of: HonorariumRow, to: Change): Promise<void> {
  const { state, at, reason = null, paidOn = null, reference = null, step, note = reason } = to
  await change(of.participant_id, of.programme_id, state, at, reason, paidOn, reference, step, by.personId, note)
}

const drop = statement('drop_honorarium', 'delete from honoraria where participant_id = $1 and due_at is null')
/** It is only expected again. */
export async function removeDeclined({ participant_id }: HonorariumRow): Promise<void> {
  await drop(participant_id)
}

const approve = statement<DueRow>(
  'approve_honoraria',
  `with approved as (
     update honoraria set state = 'approved', changed_at = $3
     where programme_id = $1 and participant_id = any($2) and state = 'due' returning id, participant_id, programme_id),
   noted as (insert into honorarium_steps (honorarium_id, step, by_id, at) select id, 'approved', $4, $3 from approved)
   select participant_id, programme_id from approved`,
)
/** Approves those of these mentors that are due. Returns whose were. */
export async function saveApproved(by: Viewer, participantIds: readonly number[], at: Date): Promise<DueRow[]> {
  return hasDuty(by, 'coordinator') ? approve(by.programme?.id, participantIds, at, by.personId) : []
}

const makeExport = statement<{ id: number; count: number }>(
  'export_honoraria',
  `with waiting as (select id from honoraria where programme_id = $1 and state = 'approved' for update),
   made as (insert into honorarium_exports (programme_id, made_by_id, made_at)
     select $1, $2, $3 where exists (select 1 from waiting) returning id),
   exported as (update honoraria h set state = 'exported', export_id = made.id, changed_at = $3 from made, waiting
     where h.id = waiting.id returning h.id),
   noted as (insert into honorarium_steps (honorarium_id, step, by_id, at) select id, 'exported', $2, $3 from exported)
   select made.id, (select count(*)::int from exported) as count from made`,
)
/** Puts everything that is approved on one list for whoever pays; undefined when there is nothing. */
export async function saveExport(by: Viewer, at: Date): Promise<{ id: number; count: number } | undefined> {
  return maySeeHonoraria(by) ? (await makeExport(by.programme?.id, by.personId, at))[0] : undefined
}

export type ExportRow = { id: number; made_at: Date; count: number }
const exportsOf = statement<ExportRow>(
  'list_honorarium_exports',
  `select e.id, e.made_at, (select count(*)::int from honoraria h where h.export_id = e.id) as count
   from honorarium_exports e where e.programme_id = $1 order by e.id desc limit 20`,
)
/** The newest lists that were handed over. */
export async function listExports(viewer: Viewer): Promise<ExportRow[]> {
  return maySeeHonoraria(viewer) ? exportsOf(viewer.programme?.id) : []
}

const exported = statement<HonorariumRow>(
  'list_exported',
  `select ${COLUMNS} ${FROM} join honorarium_exports e on e.id = h.export_id
   where e.id = $1 and e.programme_id = $2 order by pa.id limit 1000`,
)
/** What is on a list of the viewer's programme. To anyone else it does not exist. */
export async function listExported(viewer: Viewer, id: number): Promise<HonorariumRow[]> {
  const rows = maySeeHonoraria(viewer) ? await exported(id, viewer.programme?.id) : []
  if (rows.length === 0) throw createError(404)
  return rows
}

export type StepRow = {
  id: number
  step: Step
  by_name: string | null
  at: Date
  paid_on: string | null
  reference: string | null
  note: string | null
}
const steps = statement<StepRow>(
  'list_honorarium_steps',
  `select s.id, s.step, p.shown_name as by_name, s.at, s.paid_on::text, s.reference, s.note
   from honorarium_steps s left join people p on p.id = s.by_id where s.honorarium_id = $1 order by s.id limit 100`,
)
/** Everything that has happened to it, the first first. */
export async function listSteps({ id }: HonorariumRow): Promise<StepRow[]> {
  return id === null ? [] : steps(id)
}
