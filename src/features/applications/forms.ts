import { z } from 'zod'
import { CHANNELS } from '../../models/index.ts'
import { key, line, maybe, optionalLine, optionalText, someBoxes, text, whole } from '../../web/forms.ts'

/** The questions of a programme, by the keys of its content. */
export const CRITERIA = {
  mentee: ['criterion-course', 'criterion-return', 'criterion-intention'],
  mentor: ['criterion-he-course'],
} as const
export type Criterion = (typeof CRITERIA)['mentee' | 'mentor'][number]

export const RETURN_FROM = ['employment', 'family', 'both'] as const
export const HE_PLACES = ['here', 'elsewhere', 'undecided'] as const

const yesOrNo = z.enum(['yes', 'no'], key('applications.errors.yesOrNo'))
const course = line(120, { missing: key('applications.errors.course'), long: key('applications.errors.courseLong') })
const shared = {
  freeTimes: optionalLine(280, key('applications.errors.freeTimes')),
  channels: someBoxes(z.enum(CHANNELS, key('applications.errors.channels')), key('applications.errors.channels')),
}
const menteeProfile = {
  wants: text(1000, { missing: key('applications.errors.wants'), long: key('applications.errors.wantsLong') }),
  couldTeach: optionalLine(280, key('applications.errors.couldTeach')),
  ...shared,
}
const mentorProfile = {
  offers: text(1000, { missing: key('applications.errors.offers'), long: key('applications.errors.wantsLong') }),
  capacity: whole(1, 5, key('applications.errors.capacity')),
  ...shared,
}

/** What somebody sends who would like to be a mentee: the three criteria and what a mentor should know. */
const menteeForm = z
  .object({
    'criterion-course': maybe(yesOrNo),
    course,
    'criterion-return': maybe(yesOrNo),
    returnFrom: maybe(z.enum(RETURN_FROM, key('applications.errors.returnFrom'))),
    'criterion-intention': maybe(yesOrNo),
    hePlace: maybe(z.enum(HE_PLACES, key('applications.errors.hePlace'))),
    heTerm: optionalLine(60, key('applications.errors.heTerm')),
    ...menteeProfile,
  })
  .refine((form) => form['criterion-return'] !== 'yes' || form.returnFrom !== undefined, {
    path: ['returnFrom'],
    message: key('applications.errors.returnFrom'),
  })
  .refine((form) => form['criterion-intention'] !== 'yes' || form.hePlace !== undefined, {
    path: ['hePlace'],
    message: key('applications.errors.hePlace'),
  })

const mentorForm = z.object({
  'criterion-he-course': maybe(yesOrNo),
  course,
  studyYear: line(40, {
    missing: key('applications.errors.studyYear'),
    long: key('applications.errors.studyYearLong'),
  }),
  ...mentorProfile,
})

/** After the decision, what others read can still be changed; the answers to the criteria cannot. */
const profileForms = {
  mentee: z.object({ course, ...menteeProfile }),
  mentor: z.object({
    course,
    studyYear: line(40, {
      missing: key('applications.errors.studyYear'),
      long: key('applications.errors.studyYearLong'),
    }),
    ...mentorProfile,
  }),
}

export type ApplicationForm = Partial<z.infer<typeof menteeForm> & z.infer<typeof mentorForm>>
export const applicationForms = { mentee: menteeForm, mentor: mentorForm }
export { profileForms }

/** What the coordinator decides. An exception has its reason; whoever is declined may be told why. */
export const decisionForm = z
  .object({
    decision: z.enum(['eligible', 'exception', 'waiting', 'declined'], key('applications.errors.decision')),
    reason: optionalText(500, key('applications.errors.reasonLong')),
    told: optionalText(500, key('applications.errors.toldLong')),
  })
  .refine(({ decision, reason }) => decision !== 'exception' || reason !== undefined, {
    path: ['reason'],
    message: key('applications.errors.reason'),
  })
export type DecisionForm = z.infer<typeof decisionForm>

export const asUrl = z.object({ as: z.enum(['mentee', 'mentor']).optional().catch(undefined) })
