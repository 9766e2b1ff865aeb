import createError from 'http-errors'
import { statement } from '../../db.ts'
import type { Channel, Match } from '../../models/index.ts'
import type { Role, Viewer } from '../../web/viewer.ts'
import type { SupportRow } from '../supervision/index.ts'
import { PAGE, SUPERVISOR_PAGE, type Tag } from './forms.ts'

/** An entry, with whom and what it is about. */
export type EntryRow = {
  id: number
  match_id: number | null
  contact_id: number | null
  kind: 'diary' | 'reflection'
  stage: number | null
  text: string
  tags: Tag[]
  balance: number | null
  shared_at: Date | null
  /** The supervisor who may read it, of a mentor's. */
  supervisor_id: number | null
  version: number
  written_at: Date
  /** The viewer wrote it; else the partner did, and shares it. */
  own: boolean
  happened_on: string | null
  channel: Channel | null
  /** The other one of its match; of an entry about nobody, nothing. */
  role: Role | null
  ref: string | null
  name: string | null
  given_name: string | null
}
const ENTRY = `
  select e.id, e.match_id, e.contact_id, e.kind, e.stage, e.text, e.tags, e.balance, e.shared_at, e.supervisor_id, e.version, e.written_at,
    e.participant_id = $1 as own, c.happened_on, c.channel, partner.role, partner.ref, p.shown_name as name, p.call_name as given_name
  from log_entries e
  left join contacts c on c.id = e.contact_id
  left join matches m on m.id = e.match_id
  left join participants partner on partner.id in (m.mentor_id, m.mentee_id) and partner.id <> $1
  left join people p on p.id = partner.person_id`

const listOwn = statement<EntryRow>(
  'list_log_entries',
  `${ENTRY} where e.participant_id = $1 and ($2::text is null or $2 = any (e.tags)) and ($3::integer is null or e.id < $3)
   order by e.id desc limit ${PAGE + 1}`,
)
/** The viewer's own entries, newest first, one more than a page holds. Nobody else's. */
export async function listEntries(viewer: Viewer, of: { tag?: Tag | undefined; before?: number | undefined }) {
  return viewer.participant ? listOwn(viewer.participant.id, of.tag ?? null, of.before ?? null) : []
}

const listAll = statement<EntryRow>('list_all_log_entries', `${ENTRY} where e.participant_id = $1 order by e.id`)
/** All of the viewer's own entries, oldest first: to print and to keep. */
export async function listAllEntries(viewer: Viewer): Promise<EntryRow[]> {
  return viewer.participant ? listAll(viewer.participant.id) : []
}

const findOwn = statement<EntryRow>('find_log_entry', `${ENTRY} where e.participant_id = $1 and e.id = $2`)
/** An entry of the viewer's own. To anyone else it does not exist. */
export async function findEntry(viewer: Viewer, id: number): Promise<EntryRow> {
  const [entry] = viewer.participant ? await findOwn(viewer.participant.id, id) : []
  if (!entry) throw createError(404)
  return entry
}

const SHARED = `(m.mentor_id = $1 or m.mentee_id = $1) and e.participant_id <> $1 and e.shared_at is not null
  and m.state not in ('offered', 'discarded') and (m.ended_at is null or m.ended_at > $3)`
const findReadable = statement<EntryRow>(
  'find_readable_log_entry',
  `${ENTRY} where e.id = $2 and (e.participant_id = $1 or ${SHARED})`,
)
/** An entry of the viewer's own, or one that the other one of a match lets them read, if that ended after `endedAfter`. */
export async function findReadableEntry(viewer: Viewer, id: number, endedAfter: Date): Promise<EntryRow> {
  const [entry] = viewer.participant ? await findReadable(viewer.participant.id, id, endedAfter) : []
  if (!entry) throw createError(404)
  return entry
}

const listShared = statement<EntryRow>(
  'list_shared_log_entries',
  `${ENTRY} where e.match_id = $2 and ${SHARED} and ($4::integer is null or e.id < $4) order by e.id desc limit ${PAGE + 1}`,
)
/** What the other one of a match lets the viewer read, newest first, one more than a page holds. */
export async function listSharedEntries(viewer: Viewer, matchId: number, endedAfter: Date, before?: number) {
  return viewer.participant ? listShared(viewer.participant.id, matchId, endedAfter, before ?? null) : []
}

/** A contact that somebody can write about. */
export type AboutRow = { id: number; match_id: number; happened_on: string; channel: Channel | null }
const listContacts = statement<AboutRow>(
  'list_contacts_to_write_about',
  `select c.id, c.match_id, c.happened_on, c.channel from contacts c join matches m on m.id = c.match_id
   where (m.mentor_id = $1 or m.mentee_id = $1) and m.ended_at is null and c.outcome = 'made' and c.state <> 'withdrawn'
   order by c.happened_on desc, c.id desc limit 20`,
)
/** The newest contacts of the viewer's matches. */
export async function listContactsToWriteAbout(viewer: Viewer): Promise<AboutRow[]> {
  return viewer.participant ? listContacts(viewer.participant.id) : []
}

/** What an entry says, apart from its times. */
export type EntryText = Pick<EntryRow, 'match_id' | 'contact_id' | 'kind' | 'stage' | 'text' | 'tags' | 'balance'> & {
  shared: boolean
}
const insert = statement<{ id: number }>(
  'insert_log_entry',
  `insert into log_entries (participant_id, form_key, match_id, contact_id, kind, stage, text, tags, balance, shared_at,
     written_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, case when $10::boolean then $11::timestamptz end, $11)
   on conflict (form_key) do nothing returning id`,
)
/** Writes an entry of the viewer down; a form that was used before changes nothing. */
export async function addEntry(viewer: Viewer, formKey: string, entry: EntryText, at: Date): Promise<void> {
  const { match_id, contact_id, kind, stage, text, tags, balance, shared } = entry
  await insert(viewer.participant?.id, formKey, match_id, contact_id, kind, stage, text, tags, balance, shared, at)
}

const update = statement<{ id: number }>(
  'update_log_entry',
  `update log_entries set match_id = $3, contact_id = $4, kind = $5, stage = $6, text = $7, tags = $8, balance = $9,
     shared_at = case when $10::boolean then coalesce(shared_at, $11::timestamptz) end, version = version + 1
   where id = $1 and version = $2 returning id`,
)
/** Changes an entry. Says no when it is not the version any more that was changed. */
export async function saveEntry({ id, version }: EntryRow, entry: EntryText, at: Date): Promise<boolean> {
  const { match_id, contact_id, kind, stage, text, tags, balance, shared } = entry
  const saved = await update(id, version, match_id, contact_id, kind, stage, text, tags, balance, shared, at)
  return saved.length > 0
}

const share = statement(
  'share_log_entry',
  'update log_entries set shared_at = case when $2::boolean then coalesce(shared_at, $3::timestamptz) end where id = $1',
)
/** Lets the partner read an entry, or not any more. */
export async function saveReaders({ id }: EntryRow, shared: boolean, at: Date): Promise<void> {
  await share(id, shared, at)
}

const letSupervisor = statement(
  'share_log_entry_with_supervisor',
  'update log_entries set supervisor_id = $2 where id = $1',
)
/** Lets one supervisor read an entry, or nobody who supervises. */
export async function saveSupervisor({ id }: EntryRow, supervisorId: number | null): Promise<void> {
  await letSupervisor(id, supervisorId)
}

const listSupported = statement<EntryRow>(
  'list_log_entries_for_supervisor',
  `${ENTRY} where e.participant_id = $1 and e.supervisor_id = $2 and ($3::integer is null or e.id < $3)
   order by e.id desc limit ${SUPERVISOR_PAGE + 1}`,
)
/** What a mentor lets this supervisor read, newest first; a mentee stands there by reference (spec 4.4). */
export async function listSupportedEntries(of: SupportRow, before?: number) {
  const rows = await listSupported(of.mentor_id, of.supervisor_id, before ?? null)
  const entries = rows.slice(0, SUPERVISOR_PAGE).map((row) => ({ ...row, name: null, given_name: null, own: false }))
  return { entries, hasMore: rows.length > SUPERVISOR_PAGE }
}

const remove = statement('remove_log_entry', 'delete from log_entries where id = $1')
export async function removeEntry({ id }: EntryRow): Promise<void> {
  await remove(id)
}

const encourage = statement<{ match_id: number }>(
  'encourage',
  `insert into log_encouragements (match_id, encouraged_at) values ($1, $2)
   on conflict (match_id) do update set encouraged_at = excluded.encouraged_at
     where log_encouragements.encouraged_at <= $3 returning match_id`,
)
/** Notes that the mentee of a match is encouraged. Says no when that was done after `since` already. */
export async function addEncouragement({ id }: Match, at: Date, since: Date): Promise<boolean> {
  return (await encourage(id, at, since)).length > 0
}
