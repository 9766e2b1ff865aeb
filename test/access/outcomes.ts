/** Everybody whom the access matrix tells apart (spec 4.4). */
export const roles = [
  'nobody',
  'newcomer', // a learner who has not chosen yet
  'mentee', // of the match
  'mentor', // of the match, who wrote the contact
  'stranger', // a mentor of the same programme, in another match
  'tutor', // a teacher without a duty
  'supervisor', // a teacher with that duty
  'teacherAsStudent', // a teacher who switched role
  'coordinator', // of the programme
  'otherCoordinator', // of another programme, in another course
  'colleague', // a second coordinator of the programme, who is no safeguarding lead
  'concernLead', // a teacher with that duty, which the coordinator has here, too
  'payer', // a teacher with that duty
  'administrator', // of the LMS, without a duty
  'secondMentee', // in another match of the same mentor
  'formerMentee', // whose match with the same mentor is over
] as const
export type RoleName = (typeof roles)[number]

/** 404: it does not exist for them. 403: they see the thing, but may not do this. */
type Outcomes = Record<RoleName, number>
export type Row = {
  route: string
  /** The ids that :id stands for, taken from the world of the test. */
  of?:
    | 'match'
    | 'contact'
    | 'exchange'
    | 'thread'
    | 'session'
    | 'heldSession'
    | 'excusedMentor'
    | 'participant'
    | 'leaving'
    | 'duty'
    | 'entry'
    | 'goal'
    | 'task'
    | 'decision'
    | 'nudge'
    | 'concern'
    | 'supportSession'
    | 'erasure'
    | 'request'
    | 'payee'
    | 'list'
  /** What other names in the address stand for. */
  words?: Record<string, string>
  fields?: () => Record<string, string>
  outcomes: Outcomes
  /** Acts that cannot be done twice: each role gets a pair of its own. */
  fresh?: boolean
}

export const everybody = (status: number, but: Partial<Outcomes> = {}): Outcomes => ({
  ...(Object.fromEntries(roles.map((role) => [role, status])) as Outcomes),
  nobody: 401,
  ...but,
})
export const mentors = (status: number) => ({ mentor: status, stranger: status })
export const mentees = (status: number) => ({ mentee: status, secondMentee: status, formerMentee: status })
export const participants = (status: number) => ({ ...mentors(status), ...mentees(status) })
/** The staff of the course who do not run the programme, whatever else they do in it. */
export const teachers = (status: number) => ({
  ...{ tutor: status, supervisor: status, concernLead: status, payer: status, administrator: status },
})
export const coordinators = (status: number) => ({ coordinator: status, colleague: status, otherCoordinator: status })
/** Whoever has a duty, each for what they have it for. */
export const duties = (status: number) => ({
  ...{ ...coordinators(status), supervisor: status, concernLead: status, payer: status },
})
export const pair = (status: number) => ({ mentee: status, mentor: status })
export const pairOf = (status: number) => everybody(404, pair(status))
export const pairOnly = pairOf(200)
export const ofWriter = (status: number) => everybody(404, { mentee: 403, mentor: status })
/** The coordinators of the programme. */
export const programme = (status: number) => ({ coordinator: status, colleague: status })
export const coordinatorOf = (status: number) => everybody(404, programme(status))
export const leadOf = (status: number) => everybody(404, { coordinator: status, concernLead: status })
export const mentorsOnly = (status: number) => everybody(404, mentors(status))
export const menteesAct = everybody(404, { mentee: 303, mentor: 403 })
export const coordinatorsOnly = everybody(404, coordinators(200))

export const staffOnly = everybody(404, { ...teachers(200), ...coordinators(200) })
export const coordinatorsAct = everybody(404, coordinators(303))
export const coordinatorsMiss = everybody(404, coordinators(422)) // nothing was filled in
