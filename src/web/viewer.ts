import type { Request, Response } from 'express'
import createError from 'http-errors'

export type DutyName = 'coordinator' | 'supervisor' | 'concern_lead' | 'payer'
export type Role = 'mentee' | 'mentor'
/** Where a participant stands (spec 4.3). Matched or not is told by their matches, trained or not by their training. */
export type ParticipantState = 'applied' | 'waiting' | 'eligible' | 'exception' | 'declined' | 'withdrawn' | 'finished'

/** What every page may say about the programme that the link names. */
export type ViewerProgramme = Readonly<{
  id: number
  title: string
  timeZone: string
  startsOn: string
  endsOn: string
  minimumContacts: number
  /** Nobody but its duties and the staff of the course sees a draft. */
  state: 'draft' | 'open'
  /** It is closed: who takes part reads, and writes no more. */
  closed: boolean
  /** These are '' in a draft, until somebody has filled them in. */
  coordinatorName: string
  coordinatorPhone: string
  coordinatorEmail: string
  coordinatorHours: string
  leadName: string
  leadPhone: string
  /** The ways of being in touch that count here. */
  channels: readonly string[]
  trainingMinutes: number
  trainingRequired: boolean
  /** There is an honorarium. */
  paysMentors: boolean
}>

/**
 * Who is asking: a person, in the course and programme of the link they opened. Made only from a session that a
 * verified launch began, and read anew with each request, so that a right taken away is gone at once.
 */
export type Viewer = Readonly<{
  sessionId: number
  personId: number
  name: string | undefined
  givenName: string | undefined
  email: string | undefined
  /** Their latest launch into this course came as Instructor or Administrator. Opens set-up and the tutor table, no more. */
  staff: boolean
  /** They were staff here once: a teacher who switches role launches as Learner (Moodle sends no mark of it). */
  everStaff: boolean
  contextId: number | undefined
  resourceLinkId: number | undefined
  programme: ViewerProgramme | undefined
  participant: Readonly<{ id: number; role: Role; ref: string; progress: number; state: ParticipantState }> | undefined
  duties: readonly DutyName[]
  reach: Reach
  /** How many notifications they have not seen, 100 at most. */
  notifications: number
}>

/** Whether mails reach somebody: they do; nobody gives an address; a mail server has refused it; or they want none. */
export type Reach = 'ok' | 'missing' | 'refused' | 'unwanted'

/** A programme that a viewer or a launch led to. */
export type FoundProgramme = Pick<ViewerProgramme, 'id'>

/** The machine itself: made only by the worker and the command line. The one way round a viewer. */
export type System = Readonly<{ system: true }>

/** Whether the viewer has a duty in the programme of the link they opened. */
export function hasDuty(viewer: Viewer, duty: DutyName): boolean {
  return viewer.duties.includes(duty)
}

/** For statements: that the duty `d` holds today. A deputy has it until a day. */
export const DUTY_HOLDS = '(d.ended_at is null and (d.until is null or d.until >= current_date))'

/** The time zone of the viewer's programme: in which days begin and times are said. */
export function timeZoneOf({ programme }: Viewer): string {
  return programme?.timeZone ?? 'UTC'
}

/** The name of the coordinator of the viewer's programme; '' where nobody runs it yet. */
export function coordinatorOf({ programme }: Viewer): string {
  return programme?.coordinatorName ?? ''
}

/** Whether the viewer has been accepted as mentee or mentor, and still is. */
export function isAccepted({ participant }: Viewer): boolean {
  return participant !== undefined && isAcceptedState(participant.state)
}

/** Whether who stands like this has been accepted, by the criteria or as an exception, and still is. */
export function isAcceptedState(state: ParticipantState | null): state is 'eligible' | 'exception' {
  return state === 'eligible' || state === 'exception'
}

/** For the session alone: says who is asking. */
export function setViewer(res: Response, viewer: Viewer): void {
  res.locals['viewer'] = viewer
}

/** Who is asking, where that may be nobody. */
export function maybeViewer(res: Response): Viewer | undefined {
  return res.locals['viewer'] as Viewer | undefined
}

/** Behind the viewer guard there is always one. */
export function viewerOf(req: Request): Viewer {
  const viewer = req.res && maybeViewer(req.res)
  if (!viewer) throw new Error('viewerOf() used on a route in front of the viewer guard')
  return viewer
}

/** The coordinator who is asking. To everybody else a page that begins with this does not exist. */
export function coordinatorIn(req: Request): Viewer {
  const viewer = viewerOf(req)
  if (!hasDuty(viewer, 'coordinator')) throw createError(404)
  return viewer
}
