import createError from 'http-errors'
import { statement } from '../../db.ts'
import { DUTY_HOLDS, hasDuty, type Role, type System, type Viewer } from '../../web/viewer.ts'
import type { AgreementText } from '../agreements/index.ts'
import type { ConcernRow } from '../concerns/index.ts'

/** A door that stands open for the viewer: to one pair, because of one concern. */
export type DisclosureRow = {
  id: number
  concern_id: number
  match_id: number
  programme_id: number
  mentee_id: number
  mentor_id: number
  opened_at: Date
  until: Date
  embargo_until: Date | null
  /** The viewer has come from their course within the last 15 minutes. */
  fresh: boolean
}
// Whoever opened it, while the concern is open, names this pair and is theirs to read, and the time is not over.
const OPEN = `
  select x.id, x.concern_id, x.match_id, c.programme_id, m.mentee_id, m.mentor_id, x.opened_at, x.until, x.embargo_until,
    exists (select 1 from sessions s where s.id = $5 and s.launched_at > now() - interval '15 minutes') as fresh
  from disclosures x join concerns c on c.id = x.concern_id join matches m on m.id = x.match_id
  where c.id = $2 and c.programme_id = $3 and x.viewer_id = $1 and x.ended_at is null and x.until > $4
    and c.state <> 'closed' and c.match_id = x.match_id and c.about_person_id is distinct from $1
    and exists (select 1 from duties d where d.programme_id = c.programme_id and d.person_id = $1 and d.duty = 'concern_lead'
      and ${DUTY_HOLDS})
  order by x.id desc limit 1`
const findOpen = statement<DisclosureRow>('find_open_disclosure', OPEN)
const ofViewer = (viewer: Viewer, concernId: number, at: Date) => [
  viewer.personId,
  concernId,
  viewer.programme?.id,
  at,
  viewer.sessionId,
]
/** The door that the viewer has opened because of a concern and that is still open, if there is one. */
export async function findDisclosure(viewer: Viewer, concernId: number, at: Date): Promise<DisclosureRow | undefined> {
  return (await findOpen(...ofViewer(viewer, concernId, at)))[0]
}
const holdOpen = statement<DisclosureRow>('hold_open_disclosure', `${OPEN} for update of x`)
/** The same, held until the end of the transaction. To anyone else, and afterwards, there is none. */
export async function holdDisclosure(viewer: Viewer, concernId: number, at: Date): Promise<DisclosureRow> {
  const [found] = await holdOpen(...ofViewer(viewer, concernId, at))
  if (!found) throw createError(404)
  return found
}

const launched = statement(
  'launched_lately',
  "select 1 from sessions where id = $1 and launched_at > now() - interval '15 minutes'",
)
/** Whether the viewer has come from their course within the last 15 minutes, by the database's clock. */
export async function hasLaunchedLately(viewer: Viewer): Promise<boolean> {
  return (await launched(viewer.sessionId)).length > 0
}

export type NewDisclosure = {
  formKey: string
  reason: string
  at: Date
  until: Date
  embargo: { until: Date; reason: string } | undefined
}
const open = statement<{ id: number }>(
  'open_disclosure',
  `insert into disclosures (form_key, concern_id, match_id, viewer_id, reason, opened_at, until, embargo_until, embargo_reason, told_at)
   values ($1, $2, $3, $4, $5, $6::timestamptz, $7, $8, $9, case when $8::timestamptz is null then $6 end)
   on conflict (form_key) do nothing returning id`,
)
/** Opens the door, for a safeguarding lead alone. Says whether it is a new one. */
export async function addDisclosure(by: Viewer, of: ConcernRow, given: NewDisclosure): Promise<number | undefined> {
  if (!hasDuty(by, 'concern_lead') || !of.acts) throw createError(404)
  const { formKey, reason, at, until, embargo } = given
  const values = [reason, at, until, embargo?.until ?? null, embargo?.reason ?? null]
  return (await open(formKey, of.id, of.match_id, by.personId, ...values))[0]?.id
}

const end = statement('end_disclosure', 'update disclosures set ended_at = $2 where id = $1 and ended_at is null')
/** Shuts it before its time. */
export async function saveEnded(of: DisclosureRow, at: Date): Promise<void> {
  await end(of.id, at)
}

const lift = statement<{ id: number }>(
  'lift_embargo',
  'update disclosures set embargo_until = $2, told_at = $2 where id = $1 and told_at is null returning id',
)
/** The two may know from now on. Says whether that is new. */
export async function saveLifted(of: DisclosureRow, at: Date): Promise<boolean> {
  return (await lift(of.id, at)).length > 0
}

export type ToTellRow = Pick<DisclosureRow, 'id' | 'programme_id' | 'mentee_id' | 'mentor_id'>
const claim = statement<ToTellRow>(
  'claim_disclosures_to_tell',
  `update disclosures x set told_at = $1 from matches m where m.id = x.match_id and x.told_at is null and x.embargo_until <= $1
   returning x.id, m.programme_id, m.mentee_id, m.mentor_id`,
)
/** Those whose two may know by now and have not been told; each is given out once. */
export async function claimToTell(_as: System, at: Date): Promise<ToTellRow[]> {
  return claim(at)
}

const trace = statement('add_access_trace', 'insert into access_traces (disclosure_id, object, at) values ($1, $2, $3)')
/** Keeps for good that something was looked at: before anything is shown. */
export async function addTrace(of: DisclosureRow, object: Seen, at: Date): Promise<void> {
  await trace(of.id, object, at)
}
export type Seen = 'topics' | 'agreement' | 'contacts' | `thread:${number}`

export type TopicRow = { id: number; title: string; messages: number; last_at: Date | null }
const topics = statement<TopicRow>(
  'list_disclosed_topics',
  `select t.id, t.title, count(s.id)::int as messages, max(s.visible_at) as last_at from threads t
   left join messages s on s.thread_id = t.id and s.visible_at <= $2 where t.match_id = $1 group by t.id order by t.id desc limit 200`,
)
/** The topics of the pair. */
export async function listTopics(of: DisclosureRow, at: Date): Promise<TopicRow[]> {
  return topics(of.match_id, at)
}

export type MessageRow = {
  id: number
  name: string | null
  role: Role
  ref: string
  body: string | null
  visible_at: Date
  edited_at: Date | null
}
const PAGE = 50
const messages = statement<MessageRow & { title: string }>(
  'list_disclosed_messages',
  `select t.title, s.id, p.shown_name as name, pa.role, pa.ref, s.body, s.visible_at, s.edited_at
   from threads t join messages s on s.thread_id = t.id join participants pa on pa.id = s.author_id join people p on p.id = pa.person_id
   where t.id = $2 and t.match_id = $1 and s.visible_at <= $3
     and ($4::integer is null or (s.visible_at, s.id) < (select b.visible_at, b.id from messages b where b.id = $4 and b.thread_id = $2))
   order by s.visible_at desc, s.id desc limit ${PAGE + 1}`,
)
/** A page of a topic of the pair in reading order, ending before a message. Another pair's topic does not exist. */
export async function listMessages(of: DisclosureRow, thread: number, at: Date, before?: number) {
  const rows = await messages(of.match_id, thread, at, before ?? null)
  if (rows.length === 0) throw createError(404)
  return { title: rows[0]?.title ?? '', messages: rows.slice(0, PAGE).reverse(), hasOlder: rows.length > PAGE }
}

const agreement = statement<
  Pick<AgreementText, 'mentee_expects' | 'mentor_expects' | 'best_times' | 'clauses'> & { version: number }
>(
  'list_disclosed_agreement',
  `select a.version, a.mentee_expects, a.mentor_expects, a.best_times,
     coalesce((select json_agg(json_build_object('kind', c.kind, 'title', c.title, 'text', c.text, 'fixed', c.fixed) order by c.position)
       from agreement_clauses c where c.agreement_id = a.id and not c.fixed), '[]') as clauses
   from agreements a where a.match_id = $1 and a.state in ('in_force', 'draft') order by a.version limit 5`,
)
/** What the two have written into their agreement themselves. */
export async function listAgreement(of: DisclosureRow) {
  return agreement(of.match_id)
}

export type LineRow = { id: number; happened_on: string; line: string | null; difference: string | null }
const lines = statement<LineRow>(
  'list_disclosed_lines',
  `select id, happened_on::text, line, difference from contacts where match_id = $1 and (line is not null or difference is not null)
   order by happened_on desc, id desc limit 200`,
)
/** The lines that the two wrote about their contacts. */
export async function listLines(of: DisclosureRow): Promise<LineRow[]> {
  return lines(of.match_id)
}

/** That somebody could look at what the viewer and their partner wrote, and what they looked at. */
export type LookRow = {
  id: number
  by_name: string | null
  opened_at: Date
  until: Date
  partner: { name: string | null; role: Role; ref: string }
  traces: { object: Seen; at: string }[]
}
const looks = statement<LookRow>(
  'list_looks',
  `select x.id, v.shown_name as by_name, x.opened_at, least(x.until, coalesce(x.ended_at, x.until)) as until,
     json_build_object('name', p.shown_name, 'role', pa.role, 'ref', pa.ref) as partner,
     coalesce((select json_agg(json_build_object('object', t.object, 'at', t.at) order by t.id) from (
       select * from access_traces a where a.disclosure_id = x.id order by a.id desc limit 200) t), '[]') as traces
   from disclosures x join matches m on m.id = x.match_id join people v on v.id = x.viewer_id
   join participants pa on pa.id in (m.mentor_id, m.mentee_id) and pa.id <> $1 join people p on p.id = pa.person_id
   where (m.mentor_id = $1 or m.mentee_id = $1) and (x.embargo_until is null or x.embargo_until <= $2)
   order by x.id desc limit 100`,
)
/** Who looked at what the viewer wrote with others, as soon as they may know. */
export async function listLooks(viewer: Viewer, at: Date): Promise<LookRow[]> {
  return viewer.participant ? looks(viewer.participant.id, at) : []
}
