import { z } from 'zod'
import { CHANNELS } from '../../models/index.ts'
import { REQUIREMENTS, type Requirement } from '../progress/index.ts'
import { calendarDay, email, key, line, maybe, optionalLine, phone, someBoxes, text, whole } from '../../web/forms.ts'

const title = line(120, { missing: key('programmes.errors.title'), long: key('programmes.errors.titleLong') })
const dates = {
  startsOn: calendarDay(key('programmes.errors.startsOn')),
  endsOn: calendarDay(key('programmes.errors.endsOn')),
}
const areInOrder = ({ startsOn, endsOn }: Record<keyof typeof dates, string>) => endsOn >= startsOn
const endsBefore = { path: ['endsOn'], message: key('programmes.errors.endsBefore') }

/** The set-up in seven steps. The fields have the names of the settings that they are. */
const aims = z
  .object({
    title,
    intake: optionalLine(60, key('programmes.errors.intake')),
    aims: text(2000, { missing: key('programmes.errors.aims'), long: key('programmes.errors.aimsLong') }),
    ...dates,
    timeZone: z.string(key('programmes.errors.timeZone')).trim().refine(isTimeZone, key('programmes.errors.timeZone')),
  })
  .refine(areInOrder, endsBefore)
export type AimsForm = z.infer<typeof aims>

const phones = { missing: key('programmes.errors.phone'), long: key('programmes.errors.phoneLong') }
const nameLong = key('programmes.errors.nameLong')
const people = z.object({
  coordinatorName: line(150, { missing: key('programmes.errors.name'), long: nameLong }),
  coordinatorPhone: phone(phones),
  coordinatorEmail: email(key('programmes.errors.email')),
  coordinatorHours: optionalLine(150, key('programmes.errors.hours')),
  answerDays: whole(1, 60, key('programmes.errors.answerDays')),
  leadName: line(150, { missing: key('programmes.errors.leadName'), long: nameLong }),
  leadPhone: phone(phones),
  leadEmail: maybe(email(key('programmes.errors.email'))),
  leadHours: optionalLine(150, key('programmes.errors.hours')),
  /** Whether the one who sets up may open concerns in Signpost for now, or somebody else will be given that duty. */
  lead: z.enum(['me', 'later'], key('programmes.errors.lead')),
  urgentText: text(1000, { missing: key('programmes.errors.urgent'), long: key('programmes.errors.urgentLong') }),
  privacyText: text(5000, { missing: key('programmes.errors.privacy'), long: key('programmes.errors.privacyLong') }),
  supervisorName: optionalLine(150, nameLong),
  payerName: optionalLine(150, nameLong),
})

const places = z.object({ places: whole(1, 500, key('programmes.errors.places')) })

const contacts = z.object({
  channels: someBoxes(z.enum(CHANNELS, key('programmes.errors.channels')), key('programmes.errors.channels')),
  minimumContacts: whole(1, 20, key('programmes.errors.minimum')),
})

/** How long the training of a programme may take, and so each of its sessions. */
export const TRAINING_MINUTES = { min: 5, max: 480 }
const training = z.object({
  trainingMinutes: whole(TRAINING_MINUTES.min, TRAINING_MINUTES.max, key('programmes.errors.minutes')),
  trainingRequired: z.enum(['yes', 'no'], key('programmes.errors.trainingRequired')).transform((is) => is === 'yes'),
})

const money = key('programmes.errors.honorarium')
const reports = z.object({
  menteeReportOn: maybe(calendarDay(key('programmes.errors.reportOn'))),
  mentorReportOn: maybe(calendarDay(key('programmes.errors.reportOn'))),
  honorariumAmount: maybe(
    z
      .string()
      .trim()
      .regex(/^\d{1,6}([.,]\d{1,2})?$/, money)
      .transform((typed) => Number(typed.replace(',', '.')).toFixed(2))
      .refine((amount) => Number(amount) > 0, money),
  ),
  honorariumCurrency: z.enum(['GBP', 'EUR', 'USD'], key('programmes.errors.currency')),
  honorariumGate: z.enum(['received', 'accepted'], key('programmes.errors.gate')),
})

/** A new year of a programme: its name and its dates. */
export const copyForm = z
  .object({
    title,
    ...dates,
  })
  .refine(areInOrder, endsBefore)
export type CopyForm = z.infer<typeof copyForm>

export const SIDES = ['mentee', 'mentor'] as const
export type Side = (typeof SIDES)[number]
/** The name of a field of the table: `mentor_training`. */
export type PointsName = `${Side}_${Requirement}`
export const partsOf = (side: Side) => REQUIREMENTS.filter((part) => side === 'mentor' || part !== 'training')

const points = whole(0, 100, key('programmes.errors.points'))
const pointsShape = Object.fromEntries(
  SIDES.flatMap((side) => partsOf(side).map((part) => [`${side}_${part}`, points])),
) as Record<Exclude<PointsName, 'mentee_training'>, typeof points>
const sumOf = (form: Partial<Record<string, unknown>>, side: Side) =>
  partsOf(side).reduce((sum, part) => sum + Number(form[`${side}_${part}`]), 0)
const recipe = z
  .object({
    gradeMode: z.enum(['progress', 'passfail'], key('programmes.errors.mode')),
    carryOver: z.enum(['yes', 'no'], key('programmes.errors.carryOver')).transform((is) => is === 'yes'),
    ...pointsShape,
  })
  .refine((form) => sumOf(form, 'mentee') === 100, {
    path: ['mentee_agreement'],
    message: key('programmes.errors.menteeSum'),
  })
  .refine((form) => sumOf(form, 'mentor') === 100, {
    path: ['mentor_training'],
    message: key('programmes.errors.mentorSum'),
  })
export type RecipeForm = z.infer<typeof recipe>

export const stepForms = [aims, people, places, contacts, training, reports, recipe] as const
/** Whatever one step sends: a part of the settings. */
export type StepForm = Partial<
  AimsForm &
    z.infer<typeof people> &
    z.infer<typeof places> &
    z.infer<typeof contacts> &
    z.infer<typeof training> &
    z.infer<typeof reports> &
    RecipeForm
>

function isTimeZone(name: string): boolean {
  return Intl.supportedValuesOf('timeZone').includes(name) || name === 'UTC'
}
