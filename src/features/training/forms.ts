import { z } from 'zod'
import { calendarDay, id, key, line, maybe, optionalLine, timeOfDay, whole } from '../../web/forms.ts'
import { TRAINING_MINUTES } from '../programmes/index.ts'

const LINK_MAX = 500

/** An address that people can follow: http or https, and nothing that a browser would run. */
const link = optionalLine(LINK_MAX, key('training.errors.linkLong')).transform((text, context) => {
  if (text === undefined) return undefined
  const url = URL.canParse(text) && !text.includes(' ') ? new URL(text) : undefined
  if (!url || !['http:', 'https:'].includes(url.protocol)) {
    context.addIssue({ code: 'custom', message: key('training.errors.link') })
    return z.NEVER
  }
  if (url.href.length > LINK_MAX) context.addIssue({ code: 'custom', message: key('training.errors.linkLong') })
  return url.href
})

const fields = {
  date: calendarDay(key('training.errors.date')),
  time: timeOfDay(key('training.errors.time')),
  minutes: whole(TRAINING_MINUTES.min, TRAINING_MINUTES.max, key('training.errors.minutes')),
  place: optionalLine(150, key('training.errors.placeLong')),
  link,
  deliveredBy: line(150, {
    missing: key('training.errors.deliveredBy'),
    long: key('training.errors.deliveredByLong'),
  }),
  seats: maybe(whole(1, 500, key('training.errors.seats'))),
}
const isSomewhere = (form: { place?: string | undefined; link?: string | undefined }) =>
  form.place !== undefined || form.link !== undefined
const nowhere = { path: ['place'], message: key('training.errors.place') }

/** What a coordinator says about a session. Date and time are those of the programme's clocks. */
export const sessionForm = z.object(fields).refine(isSomewhere, nowhere)
export type SessionForm = z.infer<typeof sessionForm>

export const newSessionForm = z
  .object({
    ...fields,
    /** Made with the form that was served, so that a double click is one session. */
    _key: z.uuid(key('training.errors.key')),
  })
  .refine(isSomewhere, nowhere)
export type NewSessionForm = z.infer<typeof newSessionForm>

const MARKS = ['attended', 'missed', 'unmarked'] as const
export type Mark = { participantId: number; mark: (typeof MARKS)[number] }

const MARK_FIELD = /^mark-(\d+)$/
/** One field `mark-12` for each participant; who has none stays as they are. */
export const attendanceForm = z.record(z.string(), z.unknown()).transform((sent, context) => {
  const marks: Mark[] = []
  for (const [name, value] of Object.entries(sent)) {
    const participantId = id.safeParse(MARK_FIELD.exec(name)?.[1])
    if (!participantId.success) continue
    const mark = z.enum(MARKS).safeParse(value)
    if (mark.success) marks.push({ participantId: participantId.data, mark: mark.data })
    else context.addIssue({ code: 'custom', path: [name], message: key('training.errors.mark') })
  }
  return { marks }
})

export const excuseForm = z.object({
  reason: line(280, { missing: key('training.errors.reason'), long: key('training.errors.reasonLong') }),
})
export type ExcuseForm = z.infer<typeof excuseForm>
