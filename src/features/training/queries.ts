import createError from 'http-errors'
import { now } from '../../clock.ts'
import { statement } from '../../db.ts'
import { hasDuty, type Role, type Viewer } from '../../web/viewer.ts'
import type { Mark } from './forms.ts'

export type AttendanceState = 'booked' | 'attended' | 'missed' | 'excused'

/** A session with how many are on its list, and how many of those came or are not marked yet. */
export type SessionRow = {
  id: number
  starts_at: Date
  minutes: number
  place: string | null
  link: string | null
  delivered_by: string
  seats: number | null
  /** Grows with each change, so that a calendar takes the newer file. */
  version: number
  cancelled_at: Date | null
  taken: number
  attended: number
  unmarked: number
}
const COLUMNS = `s.id, s.starts_at, s.minutes, s.place, s.link, s.delivered_by, s.seats, s.version, s.cancelled_at,
  n.taken, n.attended, n.unmarked`
const FROM = `from training_sessions s cross join lateral (
  select count(*)::int as taken, count(*) filter (where a.state = 'attended')::int as attended,
    count(*) filter (where a.state = 'booked')::int as unmarked
  from training_attendance a where a.session_id = s.id) n`
const END = 's.starts_at + make_interval(mins => s.minutes)'

/** A session as a mentor sees it: with their own place on its list. */
export type OwnSessionRow = SessionRow & { own_state: AttendanceState | null }
const OWN = `select ${COLUMNS}, own.state as own_state ${FROM}
  left join training_attendance own on own.session_id = s.id and own.participant_id = $2
  where s.programme_id = $1`
const listOwn = statement<OwnSessionRow>(
  'list_own_training',
  `${OWN} and ${END} > $3 and (s.cancelled_at is null or own.id is not null) order by s.starts_at, s.id limit 100`,
)
/** The sessions to come of the viewer's programme: a mentor's own list. Cancelled ones for those who signed up. */
export async function listOwnSessions(viewer: Viewer): Promise<OwnSessionRow[]> {
  return isMentor(viewer) ? listOwn(viewer.programme?.id, viewer.participant?.id, now()) : []
}

const findOwn = statement<OwnSessionRow>('find_own_training', `${OWN} and s.id = $3`)
/** A session of the programme where the viewer is a mentor. To anyone else it does not exist. */
export async function findOwnSession(viewer: Viewer, id: number): Promise<OwnSessionRow> {
  const [session] = isMentor(viewer) ? await findOwn(viewer.programme?.id, viewer.participant?.id, id) : []
  if (!session) throw createError(404)
  return session
}

function isMentor(viewer: Viewer): boolean {
  return viewer.participant?.role === 'mentor'
}

/** How far a mentor has got with their training; `at` is when the session is or was. */
export type TrainingRow = {
  state: AttendanceState
  session_id: number | null
  at: Date | null
  reason: string | null
}
/** What says most comes first: came, is excused, will come (not to a cancelled session), did not come. */
const best = (participant: string, at: string) => `
  select a.state, a.session_id, s.starts_at as at, a.reason
  from training_attendance a left join training_sessions s on s.id = a.session_id
  where a.participant_id = ${participant}
    and (a.state <> 'booked' or (s.cancelled_at is null and ${END} > ${at}))
  order by array_position(array['attended', 'excused', 'booked', 'missed'], a.state), s.starts_at desc limit 1`
const findBest = statement<TrainingRow>('find_training', best('$1', '$2'))
/** The viewer's own training; undefined while there is nothing to say. */
export async function findTraining(viewer: Viewer): Promise<TrainingRow | undefined> {
  return isMentor(viewer) ? (await findBest(viewer.participant?.id, now()))[0] : undefined
}

/** Whether the participant `pa` came to a session, or is excused from one. */
export const TRAINED = `exists (select 1 from training_attendance ta
  where ta.participant_id = pa.id and ta.state in ('attended', 'excused'))`

const list = statement<SessionRow>(
  'list_training',
  `select ${COLUMNS} ${FROM} where s.programme_id = $1 order by s.starts_at desc, s.id desc limit 200`,
)
/** All sessions of the programme in which the viewer has a duty, the latest first: there are a handful. */
export async function listSessions(viewer: Viewer): Promise<SessionRow[]> {
  return mayKnowAttendance(viewer) ? list(viewer.programme?.id) : []
}

const findOne = statement<SessionRow>(
  'find_training_session',
  `select ${COLUMNS} ${FROM} where s.programme_id = $1 and s.id = $2`,
)
/** A session of the programme in which the viewer has a duty. To anyone else it does not exist. */
export async function findSession(viewer: Viewer, id: number): Promise<SessionRow> {
  const [session] = mayKnowAttendance(viewer) ? await findOne(viewer.programme?.id, id) : []
  if (!session) throw createError(404)
  return session
}

/** Who came is for coordinators and supervisors to know (spec 4.4). */
function mayKnowAttendance(viewer: Viewer): boolean {
  return hasDuty(viewer, 'coordinator') || hasDuty(viewer, 'supervisor')
}

const lockMentor = statement('lock_trainee', 'select 1 from participants where id = $1 for no key update')
const lockOne = statement(
  'lock_training',
  'select 1 from training_sessions where id = $1 and programme_id = $2 for update',
)
/** Holds a session until the end of the transaction: what happens to its list happens one after the other. */
export async function lockSession(viewer: Viewer, id: number): Promise<void> {
  await lockOne(id, viewer.programme?.id)
}

/** The same for a mentor who signs up: they cannot be signed up elsewhere meanwhile. */
export async function lockForBooking(viewer: Viewer, id: number): Promise<void> {
  await lockMentor(viewer.participant?.id)
  await lockOne(id, viewer.programme?.id)
}

const book = statement(
  'book_training',
  `insert into training_attendance (programme_id, session_id, participant_id, state, booked_at)
   values ($1, $2, $3, 'booked', $4) on conflict (session_id, participant_id) do nothing`,
)
/** Puts the viewer on the list of a session. */
export async function addBooking(viewer: Viewer, session: OwnSessionRow): Promise<void> {
  await book(viewer.programme?.id, session.id, viewer.participant?.id, now())
}

const unbook = statement(
  'unbook_training',
  `delete from training_attendance where session_id = $1 and participant_id = $2 and state = 'booked'`,
)
/** Takes the viewer off the list of a session, unless somebody marked whether they came. */
export async function removeBooking(viewer: Viewer, session: OwnSessionRow): Promise<void> {
  await unbook(session.id, viewer.participant?.id)
}

/** What a session is about: when, where and with whom. */
export type SessionDetails = Pick<SessionRow, 'starts_at' | 'minutes' | 'place' | 'link' | 'delivered_by' | 'seats'>
const insert = statement<{ id: number }>(
  'insert_training',
  `insert into training_sessions (programme_id, form_key, created_by_id, starts_at, minutes, place, link, delivered_by, seats)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict (form_key) do nothing returning id`,
)
const valuesOf = (of: SessionDetails) => [of.starts_at, of.minutes, of.place, of.link, of.delivered_by, of.seats]

/** Plans a session, once for each served form. */
export async function addSession(viewer: Viewer, formKey: string, details: SessionDetails): Promise<void> {
  await insert(viewer.programme?.id, formKey, viewer.personId, ...valuesOf(details))
}

const update = statement(
  'update_training',
  `update training_sessions set starts_at = $2, minutes = $3, place = $4, link = $5, delivered_by = $6, seats = $7,
     version = version + case when (starts_at, minutes, place, link) is distinct from
       ($2::timestamptz, $3::smallint, $4::text, $5::text) then 1 else 0 end
   where id = $1`,
)
/** Changes a session; what a calendar shows of it makes a new version. */
export async function saveSession(session: SessionRow, details: SessionDetails): Promise<void> {
  await update(session.id, ...valuesOf(details))
}

const cancel = statement(
  'cancel_training',
  'update training_sessions set cancelled_at = $2, version = version + 1 where id = $1 and cancelled_at is null',
)
/** Calls a session off; its list stays, so that calendars can be told. */
export async function saveCancellation(session: SessionRow): Promise<void> {
  await cancel(session.id, now())
}

/** A mentor on the list of a session, or one who could have come. */
export type TraineeRow = {
  id: number
  role: Role
  ref: string
  name: string | null
  given_name: string | null
  /** Undefined for who is not on the list. */
  state: AttendanceState | null
  /** They came to another session, or are excused. */
  trained: boolean
}
const PAGE = 100
const TRAINEES = `
  from participants pa join people p on p.id = pa.person_id
  left join training_attendance a on a.participant_id = pa.id and a.session_id = $2
  where pa.programme_id = $1 and pa.role = 'mentor' and pa.state in ('eligible', 'exception')`
const trainees = statement<TraineeRow>(
  'list_trainees',
  `select pa.id, pa.role, pa.ref, p.shown_name as name, p.call_name as given_name, a.state, ${TRAINED} as trained ${TRAINEES}
     and ($3::int is null or (a.id is null, pa.id) > (
       select not exists (select 1 from training_attendance l where l.session_id = $2 and l.participant_id = $3), $3))
   order by a.id is null, pa.id limit ${PAGE + 1}`,
)
/** One page of the mentors of the programme, those on the session's list first; `after` is the last of the page before. */
export async function listTrainees(
  viewer: Viewer,
  session: SessionRow,
  after?: number,
): Promise<{ trainees: TraineeRow[]; hasMore: boolean }> {
  const rows = mayKnowAttendance(viewer) ? await trainees(viewer.programme?.id, session.id, after) : []
  return { trainees: rows.slice(0, PAGE), hasMore: rows.length > PAGE }
}

const signedUp = statement<TraineeRow>(
  'list_signed_up',
  `select pa.id, pa.role, pa.ref, p.shown_name as name, p.call_name as given_name, a.state, false as trained ${TRAINEES} and a.id is not null
   order by lower(coalesce(p.shown_name, '')), pa.id limit 500`,
)
/** Everybody on the list of a session, by name: for the sheet that they sign. */
export async function listSignedUp(viewer: Viewer, session: SessionRow): Promise<TraineeRow[]> {
  return mayKnowAttendance(viewer) ? signedUp(viewer.programme?.id, session.id) : []
}

const mark = statement(
  'mark_training',
  `with given as (select * from jsonb_to_recordset($3::jsonb) as g("participantId" int, mark text)),
   taken_back as (
     delete from training_attendance a using given g
     where a.session_id = $2 and a.participant_id = g."participantId" and g.mark = 'unmarked' and a.booked_at is null)
   , waiting as (
     update training_attendance a set state = 'booked', marked_by_id = null, marked_at = null from given g
     where a.session_id = $2 and a.participant_id = g."participantId" and g.mark = 'unmarked' and a.booked_at is not null)
   insert into training_attendance (programme_id, session_id, participant_id, state, marked_by_id, marked_at)
   select $1, $2, pa.id, g.mark, $4, $5 from given g
   join participants pa on pa.id = g."participantId" and pa.programme_id = $1 and pa.role = 'mentor'
   where g.mark <> 'unmarked'
   on conflict (session_id, participant_id) do update
     set state = excluded.state, marked_by_id = excluded.marked_by_id, marked_at = excluded.marked_at
   where training_attendance.state <> excluded.state`,
)
/** Writes down who came to a session of the viewer's programme, and who did not. Others than its mentors are passed over. */
export async function saveMarks(viewer: Viewer, session: SessionRow, marks: readonly Mark[]): Promise<void> {
  await mark(viewer.programme?.id, session.id, JSON.stringify(marks), viewer.personId, now())
}

/** A mentor with how far their training has got, for their coordinator. */
export type MentorRow = {
  id: number
  role: Role
  ref: string
  name: string | null
  given_name: string | null
} & { [Name in keyof TrainingRow]: TrainingRow[Name] | null }
const MENTORS = `
  select pa.id, pa.role, pa.ref, p.shown_name as name, p.call_name as given_name, t.state, t.session_id, t.at, t.reason
  from participants pa join people p on p.id = pa.person_id
  left join lateral (${best('pa.id', '$2')}) t on true
  where pa.programme_id = $1 and pa.role = 'mentor' and pa.state in ('eligible', 'exception')`
const mentors = statement<MentorRow>(
  'list_mentors_training',
  `${MENTORS} and pa.id > $3 order by pa.id limit ${PAGE + 1}`,
)
/** One page of the mentors of the programme that the viewer coordinates, after mentor `after`. */
export async function listMentors(viewer: Viewer, after = 0): Promise<{ mentors: MentorRow[]; hasMore: boolean }> {
  const rows = hasDuty(viewer, 'coordinator') ? await mentors(viewer.programme?.id, now(), after) : []
  return { mentors: rows.slice(0, PAGE), hasMore: rows.length > PAGE }
}

const oneMentor = statement<MentorRow>('find_mentor_training', `${MENTORS} and pa.id = $3`)
/** A mentor of the programme that the viewer coordinates. To anyone else they do not exist. */
export async function findMentor(viewer: Viewer, id: number): Promise<MentorRow> {
  const [mentor] = hasDuty(viewer, 'coordinator') ? await oneMentor(viewer.programme?.id, now(), id) : []
  if (!mentor) throw createError(404)
  return mentor
}

const count = statement<{ mentors: number; trained: number }>(
  'count_trained',
  `select count(*)::int as mentors, count(*) filter (where ${TRAINED})::int as trained
   from participants pa where pa.programme_id = $1 and pa.role = 'mentor' and pa.state in ('eligible', 'exception')`,
)
/** How many mentors the viewer's programme has, and how many of them need no training any more. */
export async function countTrained(viewer: Viewer): Promise<{ mentors: number; trained: number }> {
  const [counted] = hasDuty(viewer, 'coordinator') ? await count(viewer.programme?.id) : []
  return counted ?? { mentors: 0, trained: 0 }
}

const excuse = statement(
  'excuse_from_training',
  `insert into training_attendance (programme_id, participant_id, state, reason, marked_by_id, marked_at)
   values ($1, $2, 'excused', $3, $4, $5)
   on conflict (participant_id) where session_id is null do update
     set reason = excluded.reason, marked_by_id = excluded.marked_by_id, marked_at = excluded.marked_at`,
)
/** Excuses a mentor from training, or gives another reason. */
export async function saveExcuse(viewer: Viewer, mentor: MentorRow, reason: string): Promise<void> {
  await excuse(viewer.programme?.id, mentor.id, reason, viewer.personId, now())
}

const unexcuse = statement(
  'take_excuse_back',
  'delete from training_attendance where participant_id = $1 and session_id is null',
)
/** Takes the excuse of a mentor back. */
export async function removeExcuse(mentor: MentorRow): Promise<void> {
  await unexcuse(mentor.id)
}
