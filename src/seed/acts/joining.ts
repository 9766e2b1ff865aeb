/** What happens before the first match: a programme is set up, people come, mentors are trained. */
import { randomUUID } from 'node:crypto'
import * as applications from '../../features/applications/index.ts'
import * as arrival from '../../features/arrival/index.ts'
import * as content from '../../features/content/index.ts'
import * as people from '../../features/people/index.ts'
import * as programmes from '../../features/programmes/index.ts'
import * as training from '../../features/training/index.ts'
import { translator } from '../../web/i18n.ts'
import type { DutyName } from '../../web/viewer.ts'
import { ZONE, type Act, type Stage } from '../stage.ts'

export type Settings = {
  title: string
  intake: string
  startsOn: number
  endsOn: number
  coordinatorPhone: string
  coordinatorEmail: string
  leadPhone: string
  places: number
  training: boolean
  menteeReportOn: number
  mentorReportOn: number
  honorarium: string
}

/** The coordinator takes the seven steps of the set-up. */
export const setsUp =
  (settings: Settings): Act =>
  async ({ as, day, staff }) => {
    const { title, intake, startsOn, endsOn } = settings
    const t = translator('en')
    const dates = { startsOn: day(startsOn), endsOn: day(endsOn), timeZone: ZONE }
    const aims = { title, intake, aims: t('programmes.defaults.aims'), ...dates }
    await programmes.beginProgramme(await as(staff.coordinator), aims, undefined)
    for (const [at, form] of stepsOf(settings, { day, staff }).entries())
      await programmes.saveStep(await as(staff.coordinator), at + 2, form, { sure: true, forNew: false })
  }

type StepForm = Parameters<typeof programmes.saveStep>[2]
function stepsOf(settings: Settings, { day, staff }: Pick<Stage, 'day' | 'staff'>): StepForm[] {
  const t = translator('en')
  const { coordinatorPhone, coordinatorEmail, leadPhone, places, honorarium } = settings
  return [
    {
      ...{ coordinatorName: staff.coordinator, coordinatorPhone, coordinatorEmail, answerDays: 5 },
      ...{ coordinatorHours: 'Monday to Thursday, 9:00 to 16:00', leadName: staff.lead, leadPhone },
      ...{ leadHours: 'Monday to Friday, 8:30 to 17:00', lead: staff.lead === staff.coordinator ? 'me' : 'later' },
      ...{ supervisorName: staff.supervisor, payerName: staff.payer },
      ...{ urgentText: t('programmes.defaults.urgent'), privacyText: t('programmes.defaults.privacy') },
    },
    { places },
    { channels: ['face_to_face', 'telephone', 'text', 'email', 'forum', 'shadowing'], minimumContacts: 4 },
    { trainingMinutes: 45, trainingRequired: settings.training },
    {
      ...{ menteeReportOn: day(settings.menteeReportOn), mentorReportOn: day(settings.mentorReportOn) },
      ...{ honorariumAmount: honorarium, honorariumCurrency: 'GBP', honorariumGate: 'received' },
    },
    {
      ...{ gradeMode: 'progress', carryOver: true, mentor_training: 10 },
      ...{ mentee_agreement: 10, mentee_contacts: 40, mentee_report: 20, mentor_agreement: 10, mentor_contacts: 40 },
      ...{ mentee_stage1: 10, mentee_stage2: 10, mentee_stage3: 10, mentor_report: 25 },
      ...{ mentor_stage1: 5, mentor_stage2: 5, mentor_stage3: 5 },
    },
  ]
}

/** The coordinator gives the other duties to those who have them. */
export const givesDuties: Act = async ({ as, staff }) => {
  const viewer = await as(staff.coordinator)
  const known = await people.listStaff(viewer)
  const duties: [DutyName, string][] = [
    ['concern_lead', staff.lead],
    ['supervisor', staff.supervisor],
    ['payer', staff.payer],
  ]
  for (const [duty, name] of duties) {
    const person = known.find((one) => one.name === name)?.person_id ?? 0
    if (name !== staff.coordinator) await people.giveDuty(viewer, { duty, person, how: 'beside', until: undefined })
  }
}

/** From now on students may come. */
export const opens: Act = async ({ as, staff }) => programmes.openProgramme(await as(staff.coordinator))

type Form = Parameters<typeof applications.apply>[2]
export type Channels = NonNullable<Form['channels']>
/** What somebody writes who would like to take part. */
export type Applicant = { name: string; course: string; channels: Channels } & (
  { role: 'mentee'; wants: string } | { role: 'mentor'; studyYear: string; offers: string; capacity: number }
)

/** Takes the welcome, and applies. */
export const applies =
  (applicant: Applicant): Act =>
  async ({ as }) => {
    const { name, role } = applicant
    const steps = [{}, { acknowledged: 'yes' }, { mailTo: 'lms' }, { role }] as const
    for (const [at, form] of steps.entries()) await arrival.takeStep(await as(name), at + 1, form)
    return applications.apply(await as(name), role, formOf(applicant))
  }

function formOf(applicant: Applicant): Form {
  const { course, channels } = applicant
  if (applicant.role === 'mentor') {
    const { studyYear, offers, capacity } = applicant
    return { 'criterion-he-course': 'yes', course, channels, studyYear, offers, capacity }
  }
  return {
    ...{ 'criterion-course': 'yes', 'criterion-return': 'yes', returnFrom: 'employment', 'criterion-intention': 'yes' },
    ...{ hePlace: 'undecided', heTerm: 'next September', course, channels, wants: applicant.wants },
  }
}

/** The coordinator gives somebody a place. */
export const givesPlace =
  (name: string): Act =>
  async ({ as, staff }) =>
    applications.decide(await as(staff.coordinator), await participantOf(as, name), {
      ...{ decision: 'eligible', reason: undefined, told: undefined },
    })

/** The number of somebody who takes part. */
export async function participantOf(as: Stage['as'], name: string): Promise<number> {
  const { participant } = await as(name)
  if (!participant) throw new Error(`${name} does not take part`)
  return participant.id
}

/** Somebody leaves the programme. */
export const leaves =
  (name: string): Act =>
  async ({ as }) =>
    applications.withdraw(await as(name), await participantOf(as, name))

/** The coordinator plans a training session. */
export const plansTraining =
  (on: number, time: string, place: string): Act =>
  async ({ as, day, staff }) =>
    training.planSession(await as(staff.coordinator), {
      ...{ date: day(on), time, minutes: 45, place, link: undefined },
      ...{ deliveredBy: staff.supervisor, seats: 12, _key: randomUUID() },
    })

/** A mentor signs up for the session that was planned last. */
export const signsUp =
  (name: string): Act =>
  async ({ as, staff }) =>
    training.signUp(await as(name), (await newestSession({ as, staff })).id)

async function newestSession({ as, staff }: Pick<Stage, 'as' | 'staff'>) {
  const sessions = await training.listSessions(await as(staff.coordinator))
  const newest = sessions.toSorted((one, other) => other.id - one.id)[0]
  if (!newest) throw new Error('No session is planned')
  return newest
}

/** After the session its supervisor writes down who came. */
export const marks =
  (came: readonly string[], missed: readonly string[] = []): Act =>
  async ({ as, staff }) => {
    const of = async (name: string, mark: 'attended' | 'missed') => ({
      participantId: await participantOf(as, name),
      mark,
    })
    const all = await Promise.all([
      ...came.map((name) => of(name, 'attended')),
      ...missed.map((name) => of(name, 'missed')),
    ])
    const { id } = await newestSession({ as, staff })
    await training.markAttendance(await as(staff.supervisor), id, all)
  }

/** The coordinator looks through an entry of the directory, and says when it wants a look again. */
export const looksThrough =
  (key: string, reviewOn: number): Act =>
  async ({ as, day, staff }) => {
    const viewer = await as(staff.coordinator)
    const entry = (await content.listDirectory(viewer)).find((one) => one.key === key)
    if (!entry) throw new Error(`The directory has no ${key}`)
    const { name, what_for: whatFor, how, hours, link, category, specialist, version } = entry
    return content.changeDirectory(viewer, key, {
      ...{ name, whatFor, how, hours: hours ?? undefined, link: link ?? undefined, category, version },
      ...{ specialist: specialist ? 'yes' : 'no', owner: staff.coordinator, reviewOn: day(reviewOn) },
    })
  }
