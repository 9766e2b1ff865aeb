import { now } from '../../clock.ts'
import { transaction } from '../../db.ts'
import { forbidden } from '../../web/errors.ts'
import type { TextKey } from '../../web/i18n.ts'
import { hasDuty, isAccepted, isAcceptedState, type Role, type Viewer } from '../../web/viewer.ts'
import { record } from '../audit/index.ts'
import { listContent } from '../content/index.ts'
import { leaveMatches } from '../matches/index.ts'
import { settle, tell, tellDuty } from '../notifications/index.ts'
import { findFreeRef, lockProgramme, mayTakePart } from '../people/index.ts'
import { CRITERIA, type ApplicationForm, type Criterion, type DecisionForm } from './forms.ts'
import {
  addApplication,
  countPlaces,
  findApplication,
  lockOwnParticipation,
  saveAnswers,
  saveDecision,
  saveProfile,
  withdrawParticipant,
  type AnswerRow,
  type OwnRow,
  type PersonRow,
  type ProfileValues,
} from './queries.ts'

/** The questions that the viewer's programme asks of mentees or mentors; it may have left some out. */
export async function listCriteria(viewer: Viewer, role: Role) {
  const asked = (await listContent(viewer, 'criteria')).filter(({ side }) => side === role)
  const known: readonly string[] = CRITERIA[role]
  return asked.filter(({ key }) => known.includes(key))
}

/** Which of the questions have no answer yet. */
export function unanswered(
  criteria: readonly { key: string }[],
  form: Partial<Record<Criterion, string | undefined>>,
): string[] {
  return criteria.flatMap(({ key }) => (form[key as Criterion] === undefined ? [key] : []))
}

/** Until the decision, answers can be changed; afterwards, only what others read (spec 4.4). */
export function mayEditAnswers({ participant }: Viewer): boolean {
  return participant === undefined || ['applied', 'waiting', 'withdrawn'].includes(participant.state)
}

/** What a mentee or mentor can still change of their application. */
export function mayEditProfile(viewer: Viewer): boolean {
  return mayTakePart(viewer) || (viewer.participant !== undefined && (mayEditAnswers(viewer) || isAccepted(viewer)))
}

export type Applied = 'sent' | 'waiting' | 'changed' | 'capacity'

/**
 * Applies, or changes an application. When all places are taken a mentee goes to the end of the line. Sending twice (a
 * double click) is applying once.
 */
export async function apply(viewer: Viewer, role: Role, form: ApplicationForm): Promise<Applied> {
  if (!mayEditProfile(viewer)) throw forbidden('applications.rules.notYou')
  return transaction(async () => {
    await lockProgramme(viewer)
    const own = await lockOwnParticipation(viewer)
    if (own && hasTooMany(own, role, form)) return 'capacity'
    if (own && own.state !== 'withdrawn') return change(viewer, own, role, form)
    if (!mayTakePart(viewer)) throw forbidden('applications.rules.notYou')
    return send(viewer, role, form)
  })
}

/** Matches of before may go on, also of who has left and comes back. */
function hasTooMany({ open_matches }: OwnRow, role: Role, { capacity = 1 }: ApplicationForm): boolean {
  return role === 'mentor' && capacity < open_matches
}

async function change(viewer: Viewer, own: OwnRow, role: Role, form: ApplicationForm): Promise<Applied> {
  if (own.role !== role) throw forbidden('applications.rules.otherRole')
  if (own.state === 'applied' || own.state === 'waiting') await saveAnswers(viewer, own.id, answersOf(role, form))
  await saveProfile(viewer, own.id, profileOf(form))
  return 'changed'
}

async function send(viewer: Viewer, role: Role, form: ApplicationForm): Promise<'sent' | 'waiting'> {
  const full = role === 'mentee' && (await isFull(viewer))
  const state = full ? 'waiting' : 'applied'
  const id = await addApplication(viewer, { role, ref: await findFreeRef(viewer), state, at: now() })
  if (id === undefined) throw forbidden('applications.rules.otherRole')
  await saveAnswers(viewer, id, answersOf(role, form))
  await saveProfile(viewer, id, profileOf(form))
  await tellDuty({ id: viewer.programme?.id ?? 0 }, 'coordinator', {
    kind: 'application',
    subject: `application:${id}`,
    href: `/admin/applications/${id}`,
  })
  return full ? 'waiting' : 'sent'
}

async function isFull(viewer: Viewer): Promise<boolean> {
  const { taken, places, waiting } = await countPlaces(viewer)
  return taken >= places || waiting > 0 // nobody overtakes those who wait
}

function answersOf(role: Role, form: ApplicationForm): AnswerRow[] {
  const more: Partial<Record<Criterion, Pick<AnswerRow, 'choice' | 'detail'>>> = {
    'criterion-return': { choice: form.returnFrom ?? null, detail: null },
    'criterion-intention': { choice: form.hePlace ?? null, detail: form.heTerm ?? null },
  }
  return CRITERIA[role].flatMap((criterion) => {
    const answer = form[criterion]
    if (answer === undefined) return []
    return [{ criterion, answer: answer === 'yes', choice: null, detail: null, ...more[criterion] }]
  })
}

function profileOf({ channels = [], capacity = 1, ...form }: ApplicationForm): ProfileValues {
  const or = (text: string | undefined) => text ?? null
  return {
    course: or(form.course),
    study_year: or(form.studyYear),
    wants: or(form.wants),
    offers: or(form.offers),
    could_teach: or(form.couldTeach),
    free_times: or(form.freeTimes),
    channels,
    capacity,
  }
}

export type Deciding = { done: true } | { done: false; error: TextKey }

/** What can still be decided: everything while somebody waits for an answer; a no can be thought over. */
export function mayDecide({ state }: Pick<PersonRow, 'state'>): boolean {
  return state === 'applied' || state === 'waiting' || state === 'declined'
}

/**
 * Decides an application of the viewer's programme. All questions answered with yes are needed, or an exception with its
 * reason; and a place. Two who decide at once: the second is told that it was decided.
 */
export async function decide(viewer: Viewer, id: number, form: DecisionForm): Promise<Deciding> {
  if (!hasDuty(viewer, 'coordinator')) throw forbidden('applications.rules.notCoordinator')
  return transaction(async (): Promise<Deciding> => {
    await lockProgramme(viewer)
    const application = await findApplication(viewer, id)
    const error = await refusalOf(viewer, application, form)
    if (error) return { done: false, error }
    const decided = await saveDecision(viewer, application, {
      state: form.decision,
      at: now(),
      exceptionReason: form.decision === 'exception' ? (form.reason ?? null) : null,
      told: form.told ?? null,
    })
    if (!decided) return { done: false, error: 'applications.errors.decided' } // they left meanwhile
    await tellDecision(viewer, application, form.decision)
    record(viewer, 'application.decided', `participant:${id}`, { from: application.state, to: form.decision })
    return { done: true }
  })
}

async function refusalOf(viewer: Viewer, application: PersonRow, form: DecisionForm): Promise<TextKey | undefined> {
  if (!mayDecide(application) || application.state === form.decision) return 'applications.errors.decided'
  if (form.decision === 'eligible' && !(await meetsAll(viewer, application))) return 'applications.errors.notAll'
  return (await lacksPlace(viewer, application, form)) ? 'applications.errors.full' : undefined
}

async function lacksPlace(viewer: Viewer, { role }: PersonRow, { decision }: DecisionForm): Promise<boolean> {
  if (role === 'mentor' || decision === 'waiting' || decision === 'declined') return false
  const { taken, places } = await countPlaces(viewer)
  return taken >= places
}

/** Every question that the programme asks is answered with yes (R135). */
async function meetsAll(viewer: Viewer, { role, answers }: PersonRow): Promise<boolean> {
  const criteria = await listCriteria(viewer, role)
  return criteria.every(({ key }) => answers.some(({ criterion, answer }) => criterion === key && answer))
}

async function tellDecision(viewer: Viewer, { id }: PersonRow, decision: DecisionForm['decision']): Promise<void> {
  const programme = { id: viewer.programme?.id ?? 0 }
  const subject = `application:${id}`
  await settle(programme, subject)
  const accepted = isAcceptedState(decision)
  await tell(programme, [id], { kind: accepted ? 'accepted' : decision, subject, href: accepted ? '/' : '/apply' })
}

/** Somebody leaves, by themselves or by their coordinator; what they had open with others ends too. */
export async function withdraw(viewer: Viewer, id: number): Promise<boolean> {
  return transaction(async () => {
    const gone = await withdrawParticipant(viewer, id, now())
    if (!gone) return false
    record(viewer, 'application.withdrawn', `participant:${id}`)
    await leaveMatches(gone)
    const programme = { id: gone.programme_id }
    await settle(programme, `application:${id}`)
    if (viewer.participant?.id === id)
      await tellDuty(programme, 'coordinator', {
        kind: 'withdrawn',
        subject: `application:${id}`,
        href: `/admin/applications/${id}`,
      })
    return true
  })
}
