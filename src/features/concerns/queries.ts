import createError from 'http-errors'
import { statement } from '../../db.ts'
import type { MatchState } from '../../models/index.ts'
import {
  DUTY_HOLDS,
  type DutyName,
  type FoundProgramme,
  type Role,
  type System,
  type Viewer,
} from '../../web/viewer.ts'
import type { RequestKind } from '../requests/index.ts'
import type { OwnMessageRow, ThreadRow } from '../threads/index.ts'
import type { About } from './forms.ts'

export type ConcernState = 'raised' | 'acknowledged' | 'in_hand' | 'passed_on' | 'closed'

// Who reads a concern `c`: those who hear of concerns, never the person it is about. Where nobody else is left, the
// coordinators do: a concern always has a reader, or it is not taken.
const isHeldBy = (
  person: string,
  duty: DutyName,
) => `exists (select 1 from duties d where d.programme_id = c.programme_id
  and d.person_id = ${person} and d.duty = '${duty}' and ${DUTY_HOLDS})`
const HAS_LEAD = `exists (select 1 from duties d where d.programme_id = c.programme_id and d.duty = 'concern_lead'
  and d.person_id is distinct from c.about_person_id and ${DUTY_HOLDS})`
const readsAs = (
  person: string,
) => `(c.about_person_id is distinct from ${person} and (${isHeldBy(person, 'concern_lead')}
  or (${isHeldBy(person, 'coordinator')} and not ${HAS_LEAD})))`
/** Coordinators read what a lead has shared, unless it is about staff (spec 4.4). */
const SHARED = `(c.about_person_id is distinct from $1 and c.shared_at is not null and c.about <> 'staff'
  and ${isHeldBy('$1', 'coordinator')})`
const READS = readsAs('$1')

type Side = { id: number; name: string | null; given_name: string | null; ref: string }
/** Where a match stands, and what one of the two asked about it. */
export type MatchFacts = {
  state: MatchState
  stage: number
  counted: number
  minimum: number
  last_on: string | null
  requests: {
    kind: RequestKind
    at: string
    name: string | null
    text: string | null
  }[]
}
/** A concern, for those who hear of it. */
export type ConcernRow = {
  id: number
  programme_id: number
  about: About
  about_name: string | null
  match_id: number | null
  mentee: Side | null
  mentor: Side | null
  urgency: 'now' | 'soon'
  body: string
  reach: 'here' | 'call'
  phone: string | null
  state: ConcernState
  raised_at: Date
  due_at: Date
  waits_since: Date | null
  shared_at: Date | null
  raised_by_id: number
  raised_by_name: string | null
  raised_by_role: Role | null
  raised_by_ref: string | null
  messages_paused: boolean
  /** Facts of the pair's match, for whoever may act on the concern: never what the two wrote to each other (spec 4.4). */
  match: MatchFacts | null
  /** Or else only reads what was shared. */
  acts: boolean
}
const side = (
  pa: string,
  p: string,
) => `case when m.id is not null then json_build_object('id', ${pa}.id, 'name', ${p}.shown_name,
  'given_name', ${p}.call_name, 'ref', ${pa}.ref) end`
const COLUMNS = `c.id, c.programme_id, c.about, ap.shown_name as about_name, c.match_id, ${side('me', 'e')} as mentee,
  ${side('mo', 'o')} as mentor, c.urgency, c.body, c.reach, c.phone, c.state, c.raised_at, c.due_at, c.waits_since, c.shared_at,
  c.raised_by_id, r.shown_name as raised_by_name, rp.role as raised_by_role, rp.ref as raised_by_ref,
  m.messages_paused_at is not null as messages_paused, ${READS} as acts`
const MATCH = `case when m.id is not null and ${READS} then json_build_object('state', m.state, 'stage', m.stage,
  'counted', m.contacts_counted, 'minimum', coalesce(m.minimum_contacts, pr.minimum_contacts), 'last_on', m.last_contact_on,
  'requests', (select coalesce(json_agg(q order by q.at desc), '[]') from (
    select f.kind, f.raised_at as at, fp.shown_name as name, f.text from fit_requests f
    join participants fa on fa.id = f.raised_by_id join people fp on fp.id = fa.person_id
    where f.match_id = m.id order by f.id desc limit 5) q)) end as match`
const FROM = `from concerns c join programmes pr on pr.id = c.programme_id join people r on r.id = c.raised_by_id
  left join participants rp on rp.person_id = r.id and rp.programme_id = c.programme_id
  left join people ap on ap.id = c.about_person_id
  left join matches m on m.id = c.match_id
  left join participants me on me.id = m.mentee_id left join people e on e.id = me.person_id
  left join participants mo on mo.id = m.mentor_id left join people o on o.id = mo.person_id`

const find = statement<ConcernRow>(
  'find_concern',
  `select ${COLUMNS}, ${MATCH} ${FROM} where c.id = $3 and c.programme_id = $2 and (${READS} or ${SHARED})`,
)
/** A concern of the viewer's programme that they hear of, or that was shared with them. To anyone else it does not exist. */
export async function findConcern(viewer: Viewer, id: number): Promise<ConcernRow> {
  const [found] = await find(viewer.personId, viewer.programme?.id, id)
  if (!found) throw createError(404)
  return found
}

const hold = statement(
  'hold_concern',
  `select 1 from concerns c where c.id = $2 and c.programme_id = $3 and ${READS} for update of c`,
)
/** One that the viewer may act on, held until the end of the transaction. */
export async function holdConcern(viewer: Viewer, id: number): Promise<ConcernRow> {
  if ((await hold(viewer.personId, id, viewer.programme?.id)).length === 0) throw createError(404)
  return findConcern(viewer, id)
}

/** A line of the list: nothing of what was written. */
export type ListedRow = Pick<
  ConcernRow,
  | 'id'
  | 'about'
  | 'urgency'
  | 'state'
  | 'raised_at'
  | 'due_at'
  | 'waits_since'
  | 'raised_by_name'
  | 'raised_by_role'
  | 'raised_by_ref'
>
const PAGE = 50
const list = statement<ListedRow>(
  'list_concerns',
  `select c.id, c.about, c.urgency, c.state, c.raised_at, c.due_at, c.waits_since,
     r.shown_name as raised_by_name, rp.role as raised_by_role, rp.ref as raised_by_ref
   from concerns c join people r on r.id = c.raised_by_id
   left join participants rp on rp.person_id = r.id and rp.programme_id = c.programme_id
   where c.programme_id = $2 and (${READS} or ${SHARED})
     and ($3::integer is null or ((c.state = 'closed'), -c.id) > (select (l.state = 'closed'), -l.id from concerns l where l.id = $3))
   order by (c.state = 'closed'), c.id desc limit ${PAGE + 1}`,
)
/** A page of those that the viewer hears of: what is open first, the newest first. */
export async function listConcerns(viewer: Viewer, after?: number): Promise<{ rows: ListedRow[]; hasMore: boolean }> {
  const rows = await list(viewer.personId, viewer.programme?.id, after ?? null)
  return { rows: rows.slice(0, PAGE), hasMore: rows.length > PAGE }
}

const WAITING = `select 1 from concerns c where c.programme_id = $2 and c.state = 'raised' and c.waits_since is not null
  and c.about_person_id is distinct from $1 and not ${READS} limit 1`
/** How many the viewer reads that nobody has taken up; whether one waits that others should have in hand. */
export type RaisedRow = { own: number; others: boolean }
const raised = statement<RaisedRow>(
  'count_raised_concerns',
  `select (select count(*)::int from concerns c where c.programme_id = $2 and c.state = 'raised' and ${READS}) as own,
     exists (${WAITING}) as others`,
)
/** For a coordinator, who learns nothing else of what others read. */
export async function countRaised(viewer: Viewer): Promise<RaisedRow> {
  const [counts] = viewer.duties.includes('coordinator') ? await raised(viewer.personId, viewer.programme?.id) : []
  return counts ?? { own: 0, others: false }
}

export type Step =
  | 'acknowledged'
  | 'noted'
  | 'told'
  | 'passed_on'
  | 'closed'
  | 'reopened'
  | 'shared'
  | 'unshared'
  | 'paired'
  | 'paused'
  | 'resumed'
  | 'waits'
  | 'looked'
  | 'embargoed'
export type StepRow = {
  step: Step
  by_name: string | null
  at: Date
  note: string | null
  to_whom: string | null
}
const steps = statement<StepRow>(
  'list_concern_steps',
  `select s.step, p.shown_name as by_name, s.at, s.note, s.to_whom from (
     select id, step, by_id, at, note, to_whom from concern_steps where concern_id = $1
     union all select id, 'looked', viewer_id, opened_at, reason, null from disclosures where concern_id = $1 and $2
     union all select id, 'embargoed', viewer_id, opened_at, embargo_reason, null from disclosures
       where concern_id = $1 and $2 and embargo_reason is not null) s
   left join people p on p.id = s.by_id order by s.at, s.step = 'embargoed', s.id limit 500`,
)
/** What was done about it, the first first; for those who may act on it, also why somebody looked into what the two wrote. */
export async function listSteps({ id, acts }: ConcernRow): Promise<StepRow[]> {
  return steps(id, acts)
}

export type CopyRow = {
  place: number
  name: string | null
  role: Role
  ref: string
  body: string | null
  written_at: Date
  reported: boolean
}
const copies = statement<CopyRow>(
  'list_concern_messages',
  `select m.place, p.shown_name as name, pa.role, pa.ref, m.body, m.written_at, m.reported from concern_messages m
   join participants pa on pa.id = m.author_id join people p on p.id = pa.person_id where m.concern_id = $1 order by m.place`,
)
/** The messages that its raiser has shown, as they were then. */
export async function listCopies({ id }: ConcernRow): Promise<CopyRow[]> {
  return copies(id)
}

/** What somebody sees of a concern that they have raised themselves. */
export type OwnRow = { id: number; state: ConcernState; urgency: 'now' | 'soon'; raised_at: Date }
const OWN =
  'select c.id, c.state, c.urgency, c.raised_at from concerns c where c.raised_by_id = $1 and c.programme_id = $2'
const listOwn = statement<OwnRow>('list_own_concerns', `${OWN} order by c.id desc limit 20`)
/** The newest that the viewer has raised here. */
export async function listOwnConcerns(viewer: Viewer): Promise<OwnRow[]> {
  return listOwn(viewer.personId, viewer.programme?.id)
}
const findOwn = statement<OwnRow & { body: string; told: { at: string; note: string }[] }>(
  'find_own_concern',
  `select o.*, c.body, coalesce((select json_agg(json_build_object('at', s.at, 'note', s.note) order by s.id) from concern_steps s
     where s.concern_id = o.id and s.step = 'told'), '[]') as told
   from (${OWN} and c.id = $3) o join concerns c on c.id = o.id`,
)
/** One of them, with what its raiser wrote and was told. To anyone else it does not exist. */
export async function findOwnConcern(viewer: Viewer, id: number) {
  const [found] = await findOwn(viewer.personId, viewer.programme?.id, id)
  if (!found) throw createError(404)
  return found
}

/** Whom a concern can be about: the partners of a mentee or mentor, and who has a duty. */
export type FormFactsRow = {
  partners: (Side & { match_id: number; role: Role; person_id: number })[]
  staff: { id: number; name: string | null; duties: DutyName[] }[]
  /** What the programme says to do in danger. */
  urgent: string | null
}
const facts = statement<FormFactsRow>(
  'find_concern_form',
  `select (select urgent_text from programmes where id = $2) as urgent,
   coalesce((select json_agg(json_build_object('match_id', m.id, 'id', pa.id, 'role', pa.role, 'ref', pa.ref, 'person_id', p.id,
       'name', p.shown_name, 'given_name', p.call_name) order by m.ended_at is not null, m.id desc)
     from matches m join participants pa on pa.id in (m.mentor_id, m.mentee_id) and pa.id <> $1 join people p on p.id = pa.person_id
     where (m.mentor_id = $1 or m.mentee_id = $1) and m.state not in ('offered', 'discarded')), '[]') as partners,
   coalesce((select json_agg(s) from (select p.id, p.shown_name as name, array_agg(d.duty) as duties
     from duties d join people p on p.id = d.person_id where d.programme_id = $2 and d.person_id <> $3 and ${DUTY_HOLDS}
     group by p.id order by lower(p.shown_name), p.id limit 50) s), '[]') as staff`,
)
/** Whom the viewer can say that it is about. */
export async function findFormFacts(viewer: Viewer): Promise<FormFactsRow> {
  const [found] = await facts(viewer.participant?.id ?? null, viewer.programme?.id, viewer.personId)
  return found ?? { partners: [], staff: [], urgent: null }
}

export type NewConcern = {
  formKey: string
  about: About
  aboutPersonId: number | null
  matchId: number | null
  urgency: 'now' | 'soon'
  body: string
  reach: 'here' | 'call'
  phone: string | null
  at: Date
  dueAt: Date
}
const insert = statement<{ id: number }>(
  'add_concern',
  `insert into concerns (programme_id, form_key, raised_by_id, about, about_person_id, match_id, urgency, body, reach, phone, raised_at, due_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict (form_key) do nothing returning id`,
)
const sent = statement<{ id: number }>(
  'find_sent_concern',
  'select id from concerns where form_key = $1 and raised_by_id = $2',
)
/** Takes a concern in, and gives its number; the one from before when this very form was sent already. */
export async function addConcern(by: Viewer, concern: NewConcern): Promise<{ id: number; isNew: boolean } | undefined> {
  const { formKey, about, aboutPersonId, matchId, urgency, body, reach, phone, at, dueAt } = concern
  const values = [about, aboutPersonId, matchId, urgency, body, reach, phone, at, dueAt]
  const [made] = await insert(by.programme?.id, formKey, by.personId, ...values)
  if (made) return { id: made.id, isNew: true }
  const [before] = await sent(formKey, by.personId)
  return before && { id: before.id, isNew: false }
}

const WITH_BEFORE = 6
// Only what its reader can read: no answer to a question for both that waits, nothing that is still to go out.
const SHOWN = `
  select s.id, s.author_id, s.body, s.visible_at from messages s join messages r on r.id = $3 and r.thread_id = s.thread_id
  where s.thread_id = $2 and (s.visible_at, s.id) <= (r.visible_at, r.id) and (s.author_id = $1 or $4::boolean)
    and s.visible_at <= $5 and (s.withdrawn_at is null or s.withdrawn_at >= s.visible_at)
  order by s.visible_at desc, s.id desc limit ${WITH_BEFORE}`
export type ShownRow = { id: number; author_id: number; body: string | null; visible_at: Date }
const shown = statement<ShownRow>('list_messages_to_show', `select * from (${SHOWN}) s order by s.visible_at, s.id`)
/** A message of a topic that the viewer may read, with the five before it: what goes along when they report it. */
export async function listToShow(viewer: Viewer, of: ThreadRow, message: OwnMessageRow, at: Date): Promise<ShownRow[]> {
  return shown(viewer.participant?.id, of.id, message.id, of.is_open, at)
}
const copy = statement(
  'copy_messages',
  `insert into concern_messages (concern_id, place, author_id, body, written_at, reported)
   select $6, row_number() over (order by s.visible_at, s.id), s.author_id, s.body, s.visible_at, s.id = $3 from (${SHOWN}) s`,
)
/** Copies them, as they are now. */
export async function copyMessages(viewer: Viewer, of: ThreadRow, to: { message: number; concern: number; at: Date }) {
  await copy(viewer.participant?.id, of.id, to.message, of.is_open, to.at, to.concern)
}

type Readers = { person_id: number; rank: number }
const readers = statement<Readers>(
  'list_concern_readers',
  `select d.person_id, min(case when d.duty = 'coordinator' then 3 when d.deputy then 2 else 1 end) as rank from duties d
   where d.programme_id = $1 and d.duty in ('concern_lead', 'coordinator') and d.person_id is distinct from $2::integer and ${DUTY_HOLDS}
   group by d.person_id order by 2, 1`,
)
/**
 * Who could hear of a concern about this person: those who do (1), their deputies (2), coordinators (3). Only the first
 * kind that there is reads it.
 */
export async function listReaders(programme: FoundProgramme, aboutPersonId: number | null): Promise<Readers[]> {
  return readers(programme.id, aboutPersonId)
}

const addStep = statement<{ id: number }>(
  'add_concern_step',
  `insert into concern_steps (concern_id, form_key, step, by_id, at, note, to_whom) values ($1, $2, $3, $4, $5, $6, $7)
   on conflict (form_key) do nothing returning id`,
)
export type NewStep = { step: Step; at: Date; formKey?: string; note?: string; toWhom?: string }
/** Keeps a step. Says whether it is a new one: the same form sent twice is one. */
export async function saveStep(by: Viewer | System, of: Pick<ConcernRow, 'id'>, step: NewStep): Promise<boolean> {
  const { formKey = null, step: name, at, note = null, toWhom = null } = step
  const added = await addStep(of.id, formKey, name, 'personId' in by ? by.personId : null, at, note, toWhom)
  return added.length > 0
}

const move = statement(
  'move_concern',
  `update concerns set state = $2, acknowledged_at = coalesce(acknowledged_at, $3) where id = $1`,
)
/** Moves it on; whatever is done first, somebody has it in hand from then on. */
export async function saveState(_by: Viewer, of: ConcernRow, state: ConcernState, at: Date): Promise<void> {
  await move(of.id, state, at)
}

const share = statement('share_concern', 'update concerns set shared_at = $2 where id = $1')
/** Lets the coordinators read it, or not any more. */
export async function saveShared(_by: Viewer, of: ConcernRow, at: Date | null): Promise<void> {
  await share(of.id, at)
}

export type PairRow = {
  id: number
  mentee: string | null
  mentee_ref: string
  mentor: string | null
  mentor_ref: string
}
const pairs = statement<PairRow>(
  'list_pairs_for_concern',
  `select m.id, e.shown_name as mentee, me.ref as mentee_ref, o.shown_name as mentor, mo.ref as mentor_ref from matches m
   join participants me on me.id = m.mentee_id join people e on e.id = me.person_id
   join participants mo on mo.id = m.mentor_id join people o on o.id = mo.person_id
   where m.programme_id = $1 and m.state not in ('offered', 'discarded') order by lower(coalesce(e.shown_name, me.ref)), m.id limit 300`,
)
/** The pairs that it may be about, where it names none. */
export async function listPairs(of: ConcernRow): Promise<PairRow[]> {
  return of.acts && of.match_id === null ? pairs(of.programme_id) : []
}
const setPair = statement<{ id: number }>(
  'pair_concern',
  `update concerns c set match_id = m.id from matches m where c.id = $1 and c.match_id is null and m.id = $2
     and m.programme_id = c.programme_id and m.state not in ('offered', 'discarded') returning c.id`,
)
/** Says which pair it is about, once. */
export async function savePair(_by: Viewer, of: ConcernRow, matchId: number): Promise<boolean> {
  return (await setPair(of.id, matchId)).length > 0
}

// What was to go out later is put off until the two write again.
const pause = statement<{ id: number }>(
  'pause_messages',
  `with paused as (update matches set messages_paused_at = $2 where id = $1 and messages_paused_at is null returning id),
   held as (update messages s set held_from = s.visible_at, visible_at = '2999-01-01' from threads t, paused
     where t.match_id = paused.id and s.thread_id = t.id and s.visible_at > $2)
   select id from paused`,
)
const resume = statement<{ id: number }>(
  'resume_messages',
  `with resumed as (update matches set messages_paused_at = null where id = $1 and messages_paused_at is not null returning id),
   let_go as (update messages s set visible_at = greatest(s.held_from, $2), held_from = null from threads t, resumed
     where t.match_id = resumed.id and s.thread_id = t.id and s.held_from is not null)
   select id from resumed`,
)
/** Lets the messages of its pair rest, or go on. Says whether that is new. */
export async function savePaused(of: ConcernRow, paused: boolean, at: Date): Promise<boolean> {
  return (await (paused ? pause : resume)(of.match_id, at)).length > 0
}

export type WaitingRow = { id: number; programme_id: number; about_person_id: number | null }
const claim = statement<WaitingRow>(
  'claim_waiting_concerns',
  `update concerns set waits_since = $1 where id in (select id from concerns where state = 'raised' and waits_since is null
     and due_at <= $1 order by due_at limit 100 for update skip locked) returning id, programme_id, about_person_id`,
)
/** Those that nobody has taken in hand in time; each is given out once. */
export async function claimWaiting(_as: System, at: Date): Promise<WaitingRow[]> {
  return claim(at)
}
