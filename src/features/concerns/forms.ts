import { z } from 'zod'
import { calendarDay, chosen, id, key, keyField, line, maybe, optionalText, phone, text } from '../../web/forms.ts'

/** Whom it may be about: a mentee or mentor speaks of a partner, staff of somebody who takes part. */
export const ABOUT = ['me', 'partner', 'participant', 'other', 'staff'] as const
export type About = (typeof ABOUT)[number]

/** Only the words are needed. Who says nothing about time means today. */
export const concernForm = z
  .object({
    urgency: z.enum(['now', 'soon'], key('concerns.errors.urgency')).default('now'),
    about: maybe(z.enum(ABOUT, key('concerns.errors.about'))),
    /** The match with the partner it is about. */
    match: maybe(chosen(key('concerns.errors.match'))),
    /** Who of the staff: without a name where it is somebody who has no duty here. */
    person: maybe(chosen(key('concerns.errors.person'))),
    body: text(20_000, { missing: key('concerns.errors.body'), long: key('concerns.errors.bodyLong') }),
    reach: z.enum(['here', 'call'], key('concerns.errors.reach')).default('here'),
    phone: maybe(phone({ missing: key('concerns.errors.phone'), long: key('concerns.errors.phone') })),
    ...keyField.shape,
  })
  .refine(({ reach, phone: number }) => reach !== 'call' || number !== undefined, {
    path: ['phone'],
    message: key('concerns.errors.phone'),
  })
export type ConcernForm = z.infer<typeof concernForm>

const NOTE = 5000
const note = text(NOTE, { missing: key('concerns.errors.note'), long: key('concerns.errors.noteLong') })
/** What was done, what its raiser is told, how it ended. */
export const noteForm = z.object({ note, ...keyField.shape })
/** To whom it was passed on, and what goes with that. */
export const passingForm = z.object({
  toWhom: line(150, { missing: key('concerns.errors.toWhom'), long: key('concerns.errors.toWhomLong') }),
  on: calendarDay(key('concerns.errors.on')),
  note: optionalText(NOTE - 200, key('concerns.errors.noteLong')),
  ...keyField.shape,
})
export type NoteForm = z.infer<typeof noteForm>
export type PassingForm = z.infer<typeof passingForm>
export const pairForm = z.object({ match: chosen(key('concerns.errors.match')) })

export const listUrl = z.object({ after: id.optional().catch(undefined) })
export const messageUrl = z.object({ id, message: id })
