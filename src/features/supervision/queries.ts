import createError from 'http-errors'
import { statement } from '../../db.ts'
import { DUTY_HOLDS, hasDuty, type Viewer } from '../../web/viewer.ts'

const CAN = `d.programme_id = pa.programme_id and d.duty in ('supervisor', 'coordinator') and d.person_id <> pa.person_id
  and ${DUTY_HOLDS}`
// Whoever was chosen for the mentor `pa`, as long as they may; else who has that duty longest, or else the coordinator.
const SUPERVISOR = `coalesce(
  (select d.person_id from duties d where d.person_id = pa.supervisor_id and ${CAN} limit 1),
  (select d.person_id from duties d where ${CAN} order by d.duty <> 'supervisor', d.deputy, d.id limit 1))`
const TAKES_PART = "pa.role = 'mentor' and pa.state in ('eligible', 'exception', 'finished')"

/** A mentor and who supports them, as one of these two sees it: the only ones for whom it is there (R148). */
export type SupportRow = {
  mentor_id: number
  ref: string
  name: string | null
  given_name: string | null
  supervisor_id: number
  supervisor_name: string | null
  side: 'mentor' | 'supervisor'
}
const find = statement<SupportRow>(
  'find_support',
  `select pa.id as mentor_id, pa.ref, p.shown_name as name, p.call_name as given_name, s.id as supervisor_id,
     s.shown_name as supervisor_name, case when pa.person_id = $3 then 'mentor' else 'supervisor' end as side
   from participants pa join people p on p.id = pa.person_id join people s on s.id = ${SUPERVISOR}
   where pa.id = $1 and pa.programme_id = $2 and ${TAKES_PART}`,
)
/** The viewer's own support, for a mentor; undefined while there is nobody who could give it. */
export async function findOwnSupport(viewer: Viewer): Promise<SupportRow | undefined> {
  if (viewer.participant?.role !== 'mentor') throw createError(404)
  return (await find(viewer.participant.id, viewer.programme?.id, viewer.personId))[0]
}
/** That of a mentor whom the viewer supports now. To anyone else, also to whoever did before, it does not exist. */
export async function findSupport(viewer: Viewer, mentorId: number): Promise<SupportRow> {
  const [support] = await find(mentorId, viewer.programme?.id, viewer.personId)
  if (support?.side !== 'supervisor' || support.supervisor_id !== viewer.personId) throw createError(404)
  return support
}

/** Of a mentee no more than a reference and how far they are (spec 4.4). */
export type Mentee = {
  ref: string
  state: string
  stage: number
  counted: number
  minimum: number
  last_on: string | null
  /** Somebody gave two low pulses in a row: that they did, not who, and no word of it. */
  low: boolean
}
export type SupportedRow = Omit<SupportRow, 'side' | 'supervisor_id'> & {
  supervisor_id: number | null
  /** The viewer supports them: then their mentees stand there. */
  own: boolean
  mentees: Mentee[] | null
}
const PAGE = 100
const list = statement<SupportedRow>(
  'list_supported',
  `select of.*, s.shown_name as supervisor_name, of.supervisor_id is not distinct from $2 as own,
     case when of.supervisor_id = $2 then (
       select json_agg(json_build_object('ref', e.ref, 'state', m.state, 'stage', m.stage, 'counted', m.contacts_counted,
         'minimum', coalesce(m.minimum_contacts, pr.minimum_contacts), 'last_on', m.last_contact_on, 'low', m.pulses_low) order by m.id)
       from matches m join participants e on e.id = m.mentee_id join programmes pr on pr.id = m.programme_id
       where m.mentor_id = of.mentor_id and m.active_at is not null and m.ended_at is null) end as mentees
   from (select pa.id as mentor_id, pa.ref, p.shown_name as name, p.call_name as given_name, ${SUPERVISOR} as supervisor_id
     from participants pa join people p on p.id = pa.person_id
     where pa.programme_id = $1 and ${TAKES_PART} and pa.id > $4 order by pa.id limit $5) of
   left join people s on s.id = of.supervisor_id
   where $3 or of.supervisor_id = $2 order by of.mentor_id`,
)
/** Mentors by page: for a coordinator all, with who supports each; for others those whom they support. */
export async function listSupported(viewer: Viewer, after = 0): Promise<{ rows: SupportedRow[]; more?: number }> {
  if (!maySupport(viewer)) return { rows: [] }
  const all = hasDuty(viewer, 'coordinator')
  const rows = await list(viewer.programme?.id, viewer.personId, all, after, all ? PAGE + 1 : MOST_MENTORS)
  const last = rows[PAGE - 1]
  return all && rows.length > PAGE && last ? { rows: rows.slice(0, PAGE), more: last.mentor_id } : { rows }
}
// A supervisor's own are few; which they are is known only when each mentor's is.
const MOST_MENTORS = 2000

/** Who may be somebody's supervisor. */
export const maySupport = (viewer: Viewer): boolean => hasDuty(viewer, 'supervisor') || hasDuty(viewer, 'coordinator')

/** Which mentor a supervisor is chosen for. */
export type MentorRow = Pick<SupportedRow, 'mentor_id' | 'ref' | 'name' | 'given_name' | 'supervisor_id'>
const findOne = statement<MentorRow>(
  'find_supported',
  `select pa.id as mentor_id, pa.ref, p.shown_name as name, p.call_name as given_name, ${SUPERVISOR} as supervisor_id
   from participants pa join people p on p.id = pa.person_id
   where pa.id = $1 and pa.programme_id = $2 and ${TAKES_PART}`,
)
/** A mentor of the programme that the viewer coordinates. */
export async function findMentor(viewer: Viewer, mentorId: number): Promise<MentorRow> {
  const [mentor] = hasDuty(viewer, 'coordinator') ? await findOne(mentorId, viewer.programme?.id) : []
  if (!mentor) throw createError(404)
  return mentor
}

export type CandidateRow = { id: number; name: string | null; supervises: boolean }
const candidates = statement<CandidateRow>(
  'list_supervisors',
  `select p.id, p.shown_name as name, bool_or(d.duty = 'supervisor') as supervises from duties d
   join people p on p.id = d.person_id join participants pa on pa.id = $1 where ${CAN}
   group by p.id order by 3 desc, lower(p.shown_name), p.id limit 100`,
)
/** Who can support this mentor. */
export async function listCandidates(mentor: MentorRow): Promise<CandidateRow[]> {
  return candidates(mentor.mentor_id)
}

const choose = statement('choose_supervisor', 'update participants set supervisor_id = $2 where id = $1')
/** From now on this person supports the mentor. */
export async function saveSupervisor(mentor: MentorRow, personId: number): Promise<void> {
  await choose(mentor.mentor_id, personId)
}

/** A mentee of a mentor: by which names they are known, and what to say instead (R36, R37). */
export type MenteeNamesRow = { ref: string; names: string[]; emails: string[] }
const menteeNames = statement<MenteeNamesRow>(
  'list_mentee_names',
  `select distinct on (pa.id) pa.ref, array_remove(array[p.name, p.given_name, p.preferred_name], null) as names,
     array_remove(array[p.email, p.own_email], null) as emails
   from matches m join participants pa on pa.id = m.mentee_id join people p on p.id = pa.person_id
   where m.mentor_id = $1 and m.active_at is not null order by pa.id limit 100`,
)
/** Whom nothing that the two write may name. */
export async function listMenteeNames(of: SupportRow): Promise<MenteeNamesRow[]> {
  return menteeNames(of.mentor_id)
}

export type PostRow = {
  id: number
  side: SupportRow['side']
  kind: 'message' | 'note'
  about_on: string | null
  body: string
  sent_at: Date
  /** Which supervisor it is between: the mentor keeps what an earlier one and they wrote. */
  supervisor_name: string | null
}
const POSTS = 30
const posts = statement<PostRow>(
  'list_support_posts',
  `select s.id, s.side, s.kind, to_char(s.about_on, 'YYYY-MM-DD') as about_on, s.body, s.sent_at, p.shown_name as supervisor_name
   from support_posts s join people p on p.id = s.supervisor_id
   where s.mentor_id = $1 and ($2::integer is null or s.supervisor_id = $2) and ($3::integer is null or s.id < $3)
   order by s.id desc limit ${POSTS + 1}`,
)
/** What the two wrote, the newest page of it, oldest first. A supervisor does not read what was for another. */
export async function listPosts(of: SupportRow, before?: number): Promise<{ posts: PostRow[]; older?: number }> {
  const rows = await posts(of.mentor_id, of.side === 'supervisor' ? of.supervisor_id : null, before ?? null)
  const shown = rows.slice(0, POSTS).reverse()
  const [oldest] = shown
  return rows.length > POSTS && oldest ? { posts: shown, older: oldest.id } : { posts: shown }
}

const add = statement<{ id: number }>(
  'add_support_post',
  `insert into support_posts (mentor_id, supervisor_id, side, kind, about_on, body, form_key, sent_at)
   values ($1, $2, $3, case when $4::date is null then 'message' else 'note' end, $4, $5, $6, $7)
   on conflict (form_key) do nothing returning id`,
)
/** Keeps what one of the two wrote. Says whether it is new: the same form sent twice is one. */
export async function addPost(
  of: SupportRow,
  { body, on, formKey, at }: { body: string; on: string | undefined; formKey: string; at: Date },
): Promise<boolean> {
  return (await add(of.mentor_id, of.supervisor_id, of.side, on ?? null, body, formKey, at)).length > 0
}

/** A time that a supervisor offers. */
export type SessionRow = {
  id: number
  starts_at: Date
  minutes: number
  place: string
  mentor_id: number | null
  ref: string | null
  name: string | null
  given_name: string | null
}
const SESSIONS = `select s.id, s.starts_at, s.minutes, s.place, s.mentor_id, pa.ref, p.shown_name as name, p.call_name as given_name
  from support_sessions s left join participants pa on pa.id = s.mentor_id left join people p on p.id = pa.person_id
  where s.programme_id = $1 and s.supervisor_id = $2 and s.cancelled_at is null and s.starts_at > $3`
const sessions = statement<SessionRow>('list_support_sessions', `${SESSIONS} order by s.starts_at limit 50`)
const sessionsFor = statement<SessionRow>(
  'list_free_support_sessions',
  `${SESSIONS} and (s.mentor_id is null or s.mentor_id = $4) order by s.mentor_id is null, s.starts_at limit 20`,
)
/** The times to come of a supervisor: who booked which is for them to know. */
export async function listSessions(viewer: Viewer, at: Date): Promise<SessionRow[]> {
  return maySupport(viewer) ? sessions(viewer.programme?.id, viewer.personId, at) : []
}
/** Those that a mentor has booked, and then those that they can book. */
export async function listFreeSessions(viewer: Viewer, of: SupportRow, at: Date): Promise<SessionRow[]> {
  return sessionsFor(viewer.programme?.id, of.supervisor_id, at, of.mentor_id)
}

const offer = statement<{ id: number }>(
  'offer_support_session',
  `insert into support_sessions (programme_id, supervisor_id, starts_at, minutes, place, form_key)
   select $1, $2, $3::timestamptz, $4, $5, $6 where not exists (select 1 from support_sessions where form_key = $6)
   on conflict (supervisor_id, starts_at) where cancelled_at is null do nothing returning id`,
)
const offered = statement(
  'find_offered_session',
  'select 1 from support_sessions where form_key = $1 and supervisor_id = $2',
)
export type NewSession = { startsAt: Date; minutes: number; place: string; formKey: string }
/** Offers a time; false where the supervisor has one already that begins then. The same form sent twice is one. */
export async function addSession(viewer: Viewer, { startsAt, minutes, place, formKey }: NewSession): Promise<boolean> {
  if (!maySupport(viewer)) throw createError(404)
  const added = await offer(viewer.programme?.id, viewer.personId, startsAt, minutes, place, formKey)
  return added.length > 0 || (await offered(formKey, viewer.personId)).length > 0
}

const holdMentor = statement('hold_mentor_who_books', 'select 1 from participants where id = $1 for update')
const book = statement<{ id: number }>(
  'book_support_session',
  `update support_sessions s set mentor_id = $1, booked_at = $3 where s.id = $4 and s.supervisor_id = $2
     and s.programme_id = $5 and s.cancelled_at is null and s.starts_at > $3 and (s.mentor_id is null or s.mentor_id = $1)
     and not exists (select 1 from support_sessions o where o.mentor_id = $1 and o.id <> s.id and o.cancelled_at is null
       and o.starts_at > $3) returning s.id`,
)
/** Books a time of the mentor's supervisor: false where it is gone, or the mentor has one booked already. */
export async function bookSession(viewer: Viewer, of: SupportRow, id: number, at: Date): Promise<boolean> {
  await holdMentor(of.mentor_id) // two of their clicks at once book one time
  return (await book(of.mentor_id, of.supervisor_id, at, id, viewer.programme?.id)).length > 0
}

const unbook = statement<SessionRow>(
  'give_support_session_back',
  `update support_sessions set mentor_id = null where id = $1 and mentor_id = $2 and cancelled_at is null and starts_at > $3
   returning *`,
)
/** Gives a booked time back before it begins. */
export async function unbookSession(of: SupportRow, id: number, at: Date): Promise<SessionRow | undefined> {
  return (await unbook(id, of.mentor_id, at))[0]
}

const cancel = statement<{ mentor_id: number | null; starts_at: Date }>(
  'cancel_support_session',
  `update support_sessions set cancelled_at = $4 where id = $1 and supervisor_id = $2 and programme_id = $3
     and cancelled_at is null and starts_at > $4 returning mentor_id, starts_at`,
)
/** Calls one of the viewer's times off before it begins; says who had booked it. To anyone else it does not exist. */
export async function cancelSession(viewer: Viewer, id: number, at: Date): Promise<{ mentor_id: number | null }> {
  const [cancelled] = await cancel(id, viewer.personId, viewer.programme?.id, at)
  if (!cancelled) throw createError(404)
  return cancelled
}
