import createError from 'http-errors'
import { statement } from '../../db.ts'
import { hasDuty, type ParticipantState, type Role, type Viewer } from '../../web/viewer.ts'

/** An answer to one of the programme's questions. Seen by its writer, until the decision, and by the coordinator. */
export type AnswerRow = { criterion: string; answer: boolean; choice: string | null; detail: string | null }

/** An application, or what has become of it. */
export type ApplicationRow = {
  id: number
  person_id: number
  role: Role
  state: ParticipantState
  ref: string
  applied_at: Date | null
  decided_at: Date | null
  exception_reason: string | null
  told: string | null
  course: string | null
  study_year: string | null
  wants: string | null
  offers: string | null
  could_teach: string | null
  free_times: string | null
  channels: string[]
  capacity: number
  answers: AnswerRow[]
}
const COLUMNS = `
  pa.id, pa.person_id, pa.role, pa.state, pa.ref, pa.applied_at, pa.decided_at, pa.exception_reason, pa.told, pa.course,
  pa.study_year, pa.wants, pa.offers, pa.could_teach, pa.free_times, pa.channels, pa.capacity,
  coalesce((select json_agg(json_build_object('criterion', e.criterion, 'answer', e.answer, 'choice', e.choice,
      'detail', e.detail)) from eligibility_answers e where e.participant_id = pa.id), '[]') as answers`
const own = statement<ApplicationRow>('find_own_application', `select ${COLUMNS} from participants pa where pa.id = $1`)
/** What the viewer has applied with, if they have. */
export async function findOwnApplication(viewer: Viewer): Promise<ApplicationRow | undefined> {
  return viewer.participant ? (await own(viewer.participant.id))[0] : undefined
}

/** Somebody's own place in a programme. */
export type OwnRow = { id: number; state: ParticipantState; role: Role; open_matches: number }
const lockOwn = statement<OwnRow>(
  'lock_own_participation',
  'select id, state, role, open_matches from participants where person_id = $1 and programme_id = $2 for no key update',
)
/** The viewer's place in the programme, as it is now, held until the end of the transaction. */
export async function lockOwnParticipation(viewer: Viewer): Promise<OwnRow | undefined> {
  return (await lockOwn(viewer.personId, viewer.programme?.id))[0]
}

/** What others read of somebody, and what it is stored as. */
export type ProfileValues = {
  course: string | null
  study_year: string | null
  wants: string | null
  offers: string | null
  could_teach: string | null
  free_times: string | null
  channels: readonly string[]
  capacity: number
}
const acknowledged = statement(
  'has_acknowledged',
  'select 1 from welcomes where person_id = $1 and programme_id = $2 and acknowledged_at is not null',
)
/** Whether the viewer has read who can see what, and what cannot stay private: before they write anything (R154). */
export async function hasAcknowledged(viewer: Viewer): Promise<boolean> {
  return (await acknowledged(viewer.personId, viewer.programme?.id)).length > 0
}

const insert = statement<{ id: number }>(
  'add_application',
  `insert into participants (person_id, programme_id, role, ref, state, applied_at) values ($1, $2, $3, $4, $5, $6)
   on conflict (programme_id, person_id) do update set role = excluded.role, state = excluded.state,
     applied_at = excluded.applied_at, decided_at = null, decided_by_id = null, exception_reason = null, told = null
   where participants.state = 'withdrawn' and not exists (
     select 1 from matches m where participants.id in (m.mentor_id, m.mentee_id) and participants.role <> excluded.role)
   returning id`,
)
/** Makes the viewer an applicant, once; who has left applies anew. Undefined when they may not. */
export async function addApplication(
  viewer: Viewer,
  { role, ref, state, at }: { role: Role; ref: string; state: 'applied' | 'waiting'; at: Date },
): Promise<number | undefined> {
  return (await insert(viewer.personId, viewer.programme?.id, role, ref, state, at))[0]?.id
}

const profile = statement(
  'save_profile',
  `update participants set course = $2, study_year = $3, wants = $4, offers = $5, could_teach = $6, free_times = $7,
     channels = $8, capacity = $9 where id = $1 and person_id = $10`,
)
/** Keeps what others read of the viewer. */
export async function saveProfile(viewer: Viewer, participantId: number, values: ProfileValues): Promise<void> {
  const { course, study_year, wants, offers, could_teach, free_times, channels, capacity } = values
  await profile(
    ...[participantId, course, study_year, wants, offers, could_teach, free_times, channels, capacity, viewer.personId],
  )
}

const dropAnswers = statement('drop_eligibility_answers', 'delete from eligibility_answers where participant_id = $1')
const addAnswers = statement(
  'add_eligibility_answers',
  `insert into eligibility_answers (participant_id, criterion, answer, choice, detail)
   select $1, a.criterion, a.answer, a.choice, a.detail
   from jsonb_to_recordset($2::jsonb) as a(criterion text, answer boolean, choice text, detail text)
   where exists (select 1 from participants where id = $1 and person_id = $3)`,
)
/** Keeps the viewer's answers to the programme's questions, in place of those before. */
export async function saveAnswers(viewer: Viewer, participantId: number, answers: readonly AnswerRow[]): Promise<void> {
  await dropAnswers(participantId)
  await addAnswers(participantId, JSON.stringify(answers), viewer.personId)
}

const places = statement<{ taken: number; places: number; waiting: number }>(
  'count_places',
  `select places,
     (select count(*)::int from (select 1 from participants where programme_id = pr.id and role = 'mentee'
       and state in ('eligible', 'exception', 'finished') limit 1000) t) as taken,
     (select count(*)::int from (select 1 from participants where programme_id = pr.id and role = 'mentee'
       and state = 'waiting' limit 1000) w) as waiting
   from programmes pr where pr.id = $1`,
)
/** How many of the places for mentees are taken, and how many wait for one. */
export async function countPlaces(viewer: Viewer): Promise<{ taken: number; places: number; waiting: number }> {
  return (await places(viewer.programme?.id))[0] ?? { taken: 0, places: 0, waiting: 0 }
}

const position = statement<{ position: number }>(
  'find_waiting_position',
  `select (select count(*)::int + 1 from (select 1 from participants o where o.programme_id = pa.programme_id
     and o.role = pa.role and o.state = 'waiting' and (o.applied_at, o.id) < (pa.applied_at, pa.id) limit 1000) before)
     as position
   from participants pa where pa.id = $1 and pa.state = 'waiting'`,
)
/** Where an application stands in the line, 1 for the first; undefined when it does not wait. */
export async function findPosition({ id }: Pick<ApplicationRow, 'id'>): Promise<number | undefined> {
  return (await position(id))[0]?.position
}

const answerDays = statement<{ answer_days: number }>(
  'find_answer_days',
  'select answer_days from programmes where id = $1',
)
/** In how many days applicants can expect an answer. */
export async function findAnswerDays(viewer: Viewer): Promise<number> {
  return (await answerDays(viewer.programme?.id))[0]?.answer_days ?? 5
}

/** An application in a list: no answers. */
export type ListedRow = {
  id: number
  role: Role
  state: ParticipantState
  ref: string
  name: string | null
  course: string | null
  applied_at: Date | null
  /** How many of the questions were answered with no. */
  noes: number
}
const PAGE = 100
const listed = statement<ListedRow>(
  'list_applications',
  `select pa.id, pa.role, pa.state, pa.ref, p.shown_name as name, pa.course, pa.applied_at,
     (select count(*)::int from eligibility_answers e where e.participant_id = pa.id and not e.answer) as noes
   from participants pa join people p on p.id = pa.person_id
   where pa.programme_id = $1 and pa.state in ('applied', 'waiting')
   order by pa.state, pa.applied_at, pa.id limit ${PAGE}`,
)
/** Who has applied or waits in the programme that the viewer coordinates, in the order in which they came. */
export async function listApplications(viewer: Viewer): Promise<ListedRow[]> {
  return hasDuty(viewer, 'coordinator') ? listed(viewer.programme?.id) : []
}

export type PersonRow = ApplicationRow & {
  name: string | null
  given_name: string | null
  /** Where mail reaches them; and whether they want none. */
  email: string | null
  wants_mail: boolean
  open_matches: number
}
const one = statement<PersonRow>(
  'find_application',
  `select ${COLUMNS}, p.shown_name as name, p.call_name as given_name, p.mail_address as email, p.mail_to <> 'none' as wants_mail, pa.open_matches
   from participants pa join people p on p.id = pa.person_id where pa.id = $2 and pa.programme_id = $1`,
)
/** Somebody in the programme that the viewer coordinates, with their answers. To anyone else they do not exist. */
export async function findApplication(viewer: Viewer, id: number): Promise<PersonRow> {
  const [found] = hasDuty(viewer, 'coordinator') ? await one(viewer.programme?.id, id) : []
  if (!found) throw createError(404)
  return found
}

const decide = statement<{ id: number }>(
  'decide_application',
  `update participants set state = $3, decided_at = $4, decided_by_id = $5, exception_reason = $6, told = $7
   where id = $2 and programme_id = $1 and state = $8 returning id`,
)
export type DecisionValues = {
  state: 'eligible' | 'exception' | 'waiting' | 'declined'
  at: Date
  exceptionReason: string | null
  told: string | null
}
/** Moves an application on, if it still is what the viewer saw. */
export async function saveDecision(viewer: Viewer, from: PersonRow, to: DecisionValues): Promise<boolean> {
  const { state, at, exceptionReason, told } = to
  const { id, state: was } = from
  return (await decide(viewer.programme?.id, id, state, at, viewer.personId, exceptionReason, told, was)).length > 0
}

const leave = statement<{ id: number; role: Role; programme_id: number }>(
  'withdraw_participant',
  `update participants set state = 'withdrawn', decided_at = $3 where id = $2 and programme_id = $1
     and state in ('applied', 'waiting', 'eligible', 'exception') returning id, role, programme_id`,
)
/** Lets somebody of the viewer's programme go: themselves, or by their coordinator. Undefined when they are gone already. */
export async function withdrawParticipant(viewer: Viewer, id: number, at: Date) {
  const may = viewer.participant?.id === id || hasDuty(viewer, 'coordinator')
  return may ? (await leave(viewer.programme?.id, id, at))[0] : undefined
}
