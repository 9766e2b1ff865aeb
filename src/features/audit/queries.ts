import { statement } from '../../db.ts'
import { hasDuty, type FoundProgramme, type System, type Viewer } from '../../web/viewer.ts'
import type { Filter } from './forms.ts'

/** Keys and numbers: who, which, from what to what. Never what anybody wrote. */
export type Facts = Readonly<Record<string, string | number | boolean | null>>

/** What has been written down for good. `hash` binds it to the row before. */
export type EventRow = {
  number: number
  at: Date
  by_id: number | null
  act: string
  object: string
  facts: Facts
  key_id: string
  hash: string
}

/** How many rows a programme has, and the last hash, signed. */
export type HeadRow = { programme_id: number; count: number; last_hash: string; key_id: string; mac: string }

const hold = statement<HeadRow>(
  'hold_audit_head',
  `insert into audit_heads (programme_id) values ($1)
   on conflict (programme_id) do update set count = audit_heads.count returning *`,
)
/** The head of a programme's rows, held until the end of the transaction: one writes after the other. */
export async function holdHead(programme: FoundProgramme): Promise<HeadRow> {
  const [head] = await hold(programme.id)
  if (!head) throw new Error('A head that was just made is not there')
  return head
}

const add = statement(
  'add_audit_events',
  `with added as (
     insert into audit_events (programme_id, number, at, by_id, act, object, facts, key_id, hash)
     select $1, e.* from jsonb_to_recordset($2::jsonb) e (number integer, at timestamptz, by_id integer, act text,
       object text, facts jsonb, key_id text, hash text))
   update audit_heads set count = $3, last_hash = $4, key_id = $5, mac = $6 where programme_id = $1`,
)
/** Adds rows, and the head that goes with them, in one statement. */
export async function addEvents(head: HeadRow, events: readonly EventRow[]): Promise<void> {
  const { programme_id: programmeId, count, last_hash: hash, key_id: keyId, mac } = head
  await add(programmeId, JSON.stringify(events), count, hash, keyId, mac)
}

const programmes = statement<{ id: number }>(
  'list_audited_programmes',
  `select id from programmes union select programme_id from audit_heads
   union select distinct programme_id from audit_events order by 1`,
)
/** Every programme that has rows, or ought to. */
export async function listAudited(_as: System): Promise<number[]> {
  return (await programmes()).map(({ id }) => id)
}

const BATCH = 5000
type StoredRow = EventRow & { id: string }
const stored = statement<StoredRow>(
  'list_audit_rows',
  `select id, number, at, by_id, act, object, facts, key_id, hash from audit_events
   where programme_id = $1 and (number, id) > ($2, $3::bigint) order by number, id limit ${BATCH}`,
)
/** The rows of a programme as they lie there, after one that was read before. */
export async function listStored(_as: System, programmeId: number, after?: StoredRow): Promise<StoredRow[]> {
  return stored(programmeId, after?.number ?? -1, after?.id ?? 0)
}

const heads = statement<HeadRow>(
  'list_audit_heads',
  'select * from audit_heads where $1::integer is null or programme_id = $1 order by programme_id',
)
/** The heads of all programmes, or of one. */
export async function listHeads(_as: System, programmeId?: number): Promise<HeadRow[]> {
  return heads(programmeId ?? null)
}

/** A row as people read it. */
export type ListedRow = Pick<EventRow, 'number' | 'at' | 'by_id' | 'act' | 'object' | 'facts'> & {
  by_name: string | null
  /** Who it is about, where that is a person. */
  name: string | null
  ref: string | null
}
/** The log is read by those who run the programme and by who hears of concerns (spec 4.4). */
export const maySeeAudit = (viewer: Viewer): boolean =>
  hasDuty(viewer, 'coordinator') || hasDuty(viewer, 'concern_lead')

const ABOUT = (kind: string) =>
  `case when split_part(e.object, ':', 1) = '${kind}' then split_part(e.object, ':', 2)::integer end`
const list = statement<ListedRow>(
  'list_audit_events',
  `select e.number, e.at, e.by_id, e.act, e.object, e.facts, b.shown_name as by_name, p.shown_name as name, pa.ref
   from audit_events e left join people b on b.id = e.by_id
   left join participants pa on pa.id = ${ABOUT('participant')}
   left join people p on p.id = coalesce(pa.person_id, ${ABOUT('person')})
   where e.programme_id = $1 and ($2::text is null or split_part(e.act, '.', 1) = $2)
     and ($3::integer is null or e.number < $3)
     and (split_part(e.act, '.', 1) not in ('concern', 'disclosure') or ($5::boolean and not exists (
       select 1 from concerns c where c.id = ${ABOUT('concern')} and c.about_person_id = $6)))
   order by e.number desc limit $4`,
)
/**
 * What has been written down in the viewer's programme, the newest first. What is done about a concern is for those who
 * hear of concerns, and never for the person it is about.
 */
export async function listEvents(
  viewer: Viewer,
  { area, before }: Filter,
  limit: number,
): Promise<{ rows: ListedRow[]; hasMore: boolean }> {
  const who = [hasDuty(viewer, 'concern_lead'), viewer.personId]
  const found = maySeeAudit(viewer)
    ? await list(viewer.programme?.id, area ?? null, before ?? null, limit + 1, ...who)
    : []
  return { rows: found.slice(0, limit), hasMore: found.length > limit }
}
