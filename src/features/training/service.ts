import { dayIn, instantIn, now } from '../../clock.ts'
import { afterCommit, transaction } from '../../db.ts'
import { wake } from '../../jobs.ts'
import { forbidden } from '../../web/errors.ts'
import type { TextKey } from '../../web/i18n.ts'
import { timeZoneOf, hasDuty, isAccepted, type Viewer } from '../../web/viewer.ts'
import { record } from '../audit/index.ts'
import { recalculateParticipants } from '../progress/index.ts'
import type { ExcuseForm, Mark, NewSessionForm, SessionForm } from './forms.ts'
import {
  addBooking,
  addSession,
  findMentor,
  findOwnSession,
  findSession,
  findTraining,
  lockForBooking,
  lockSession,
  removeBooking,
  removeExcuse,
  saveCancellation,
  saveExcuse,
  saveMarks,
  saveSession,
  type MentorRow,
  type OwnSessionRow,
  type SessionDetails,
  type SessionRow,
  type TrainingRow,
} from './queries.ts'

/** How long a session is unless somebody says otherwise (R145). */
export function usualMinutes({ programme }: Viewer): number {
  return programme?.trainingMinutes ?? 45
}

/** Mentors sign up who are accepted and have not been trained yet; who is excused may come all the same. */
export function mayBook(viewer: Viewer, training: TrainingRow | undefined): boolean {
  return viewer.participant?.role === 'mentor' && isAccepted(viewer) && training?.state !== 'attended'
}

/** Whether the viewer is a mentor who has to attend and has not signed up yet: the next thing for them to do. */
export function needsTraining(viewer: Viewer, training: TrainingRow | undefined): boolean {
  const required = viewer.programme?.trainingRequired === true && viewer.participant?.role === 'mentor'
  return required && isAccepted(viewer) && (training === undefined || training.state === 'missed')
}

/** Why nobody can sign up for a session any more, if so. */
export function closedBecause(session: SessionRow): 'cancelled' | 'started' | 'full' | undefined {
  if (session.cancelled_at) return 'cancelled'
  if (session.starts_at <= now()) return 'started'
  return session.seats !== null && session.taken >= session.seats ? 'full' : undefined
}

/** A place can be given back until the session begins. */
export function mayCancelBooking(session: OwnSessionRow): boolean {
  return session.own_state === 'booked' && session.cancelled_at === null && session.starts_at > now()
}

/** Whether the viewer has signed up for another session that is still to come: one is enough. */
export function isBookedElsewhere(session: SessionRow, training: TrainingRow | undefined): boolean {
  return training?.state === 'booked' && training.session_id !== session.id
}

/** Sessions are planned, changed and called off by the coordinator. */
export function mayPlan(viewer: Viewer): boolean {
  return hasDuty(viewer, 'coordinator')
}

/** Sessions are seen by who plans them, and by supervisors, who write down who came. */
export function maySeeSessions(viewer: Viewer): boolean {
  return mayPlan(viewer) || hasDuty(viewer, 'supervisor')
}

/** A session can be called off until it begins, or somebody was there. */
export function mayCancel(session: SessionRow): boolean {
  return session.cancelled_at === null && session.starts_at > now() && session.attended === 0
}

/** Who came is written down from the day of the session on. */
export function mayMark(viewer: Viewer, session: SessionRow): boolean {
  const timeZone = timeZoneOf(viewer)
  return (
    maySeeSessions(viewer) &&
    session.cancelled_at === null &&
    dayIn(timeZone, session.starts_at) <= dayIn(timeZone, now())
  )
}

/** A mentor who came needs no excuse. */
export function mayExcuse(viewer: Viewer, mentor: MentorRow): boolean {
  return mayPlan(viewer) && mentor.state !== 'attended'
}

export type Booked = 'booked' | 'cancelled' | 'started' | 'full' | 'elsewhere'

/** Signs a mentor up, or says why not. Signing up twice is signing up once; two who want the last seat do not both get it. */
export async function signUp(viewer: Viewer, id: number): Promise<Booked> {
  return transaction(async () => {
    await findOwnSession(viewer, id)
    await lockForBooking(viewer, id)
    const session = await findOwnSession(viewer, id) // again: the list may have changed until we held it
    if (session.own_state !== null) return 'booked'
    const training = await findTraining(viewer)
    if (!mayBook(viewer, training)) throw forbidden('training.rules.noNeed')
    const closed = closedBecause(session)
    if (closed) return closed
    if (isBookedElsewhere(session, training)) return 'elsewhere'
    await addBooking(viewer, session)
    return 'booked'
  })
}

/** A mentor takes their name off a list, until the session begins. Doing it twice is doing it once. */
export async function cancelBooking(viewer: Viewer, id: number): Promise<OwnSessionRow> {
  const session = await findOwnSession(viewer, id)
  if (session.own_state !== null && !mayCancelBooking(session)) throw forbidden('training.rules.started')
  await removeBooking(viewer, session)
  return session
}

export type Planned = { ok: true } | { ok: false; field: 'date' | 'time' | 'seats'; error: TextKey }

/** Plans a session; the same form sent twice is one session. */
export async function planSession(viewer: Viewer, form: NewSessionForm): Promise<Planned> {
  if (!mayPlan(viewer)) throw forbidden('training.rules.notCoordinator')
  const details = detailsOf(viewer, form)
  if (!details) return { ok: false, field: 'time', error: 'training.errors.noSuchTime' }
  if (details.starts_at <= now()) return { ok: false, field: 'date', error: 'training.errors.past' }
  await addSession(viewer, form._key, details)
  return { ok: true }
}

/** Changes a session. One to come cannot be moved into the past, nor given fewer seats than are taken. */
export async function changeSession(viewer: Viewer, id: number, form: SessionForm): Promise<Planned> {
  return transaction(async () => {
    await lockSession(viewer, id)
    const session = await findSession(viewer, id)
    mustBeChangeable(viewer, session)
    const details = detailsOf(viewer, form)
    if (!details) return { ok: false, field: 'time', error: 'training.errors.noSuchTime' }
    if (details.starts_at <= now() && session.starts_at > now())
      return { ok: false, field: 'date', error: 'training.errors.past' }
    if (details.seats !== null && details.seats < session.taken)
      return { ok: false, field: 'seats', error: 'training.errors.seatsTaken' }
    await saveSession(session, details)
    record(viewer, 'training.changed', `training:${id}`)
    return { ok: true }
  })
}

function detailsOf(viewer: Viewer, form: SessionForm): SessionDetails | undefined {
  const startsAt = instantIn(timeZoneOf(viewer), form.date, form.time)
  return (
    startsAt && {
      starts_at: startsAt,
      minutes: form.minutes,
      place: form.place ?? null,
      link: form.link ?? null,
      delivered_by: form.deliveredBy,
      seats: form.seats ?? null,
    }
  )
}

/** A session is changed by who plans it, while it is not called off. @throws 403 */
export function mustBeChangeable(viewer: Viewer, session: SessionRow): void {
  if (!mayPlan(viewer)) throw forbidden('training.rules.notCoordinator')
  if (session.cancelled_at) throw forbidden('training.rules.cancelled')
}

/** Calls a session off. Doing it twice is doing it once. */
export async function cancelSession(viewer: Viewer, id: number): Promise<void> {
  await transaction(async () => {
    await lockSession(viewer, id)
    const session = await findSession(viewer, id)
    if (!mayPlan(viewer)) throw forbidden('training.rules.notCoordinator')
    if (session.cancelled_at) return
    if (!mayCancel(session)) throw forbidden('training.rules.started')
    await saveCancellation(session)
    record(viewer, 'training.cancelled', `training:${id}`)
  })
}

/** Writes down who came to a session, signed up or not. */
export async function markAttendance(viewer: Viewer, id: number, marks: readonly Mark[]): Promise<void> {
  await transaction(async () => {
    await lockSession(viewer, id)
    const session = await findSession(viewer, id)
    if (!mayMark(viewer, session)) throw forbidden('training.rules.tooEarly')
    await saveMarks(viewer, session, marks)
    for (const { participantId, mark } of marks)
      record(viewer, 'training.marked', `participant:${participantId}`, { training: id, mark })
    await recalculateParticipants(marks.map(({ participantId }) => participantId))
    afterCommit(() => {
      wake('matches') // some may begin now
    })
  })
}

/** Excuses a mentor from training, for a reason that they can read. */
export async function excuseMentor(viewer: Viewer, id: number, { reason }: ExcuseForm): Promise<MentorRow> {
  const mentor = await findMentor(viewer, id)
  if (!mayExcuse(viewer, mentor)) throw forbidden('training.rules.attended')
  return transaction(async () => {
    await saveExcuse(viewer, mentor, reason)
    record(viewer, 'training.excused', `participant:${mentor.id}`)
    await recalculateParticipants([mentor.id])
    afterCommit(() => {
      wake('matches') // one may begin now
    })
    return mentor
  })
}

/** Takes an excuse back: the mentor needs training again. */
export async function takeExcuseBack(viewer: Viewer, id: number): Promise<MentorRow> {
  const mentor = await findMentor(viewer, id)
  return transaction(async () => {
    await removeExcuse(mentor)
    record(viewer, 'training.excuseTakenBack', `participant:${mentor.id}`)
    await recalculateParticipants([mentor.id])
    return mentor
  })
}
