import { z } from 'zod'
import { calendarDay, chosen, id, key, line, text, timeOfDay, whole } from '../../web/forms.ts'

const writing = {
  body: text(5000, { missing: key('supervision.errors.body'), long: key('supervision.errors.long') }),
  /** `replace`: a mentee's name that stands in the text gives way to their reference, and then it is sent. */
  _act: z.enum(['send', 'replace']).catch('send'),
  /** Made with the form that was served, so that a double click is one message. */
  _key: z.uuid(key('supervision.errors.key')),
}

/** What mentor and supervisor write to each other. */
export const messageForm = z.object(writing)
/** What one of them notes of a session, for both. */
export const noteForm = z.object({ on: calendarDay(key('supervision.errors.on')), ...writing })
export type NoteForm = z.infer<typeof noteForm>
/** Either: a note has a day. */
export type PostForm = Omit<NoteForm, 'on'> & { on?: string }

export const MINUTES = { min: 10, max: 180, usual: 30 } as const
/** A time that a supervisor offers, by the clocks of the programme. */
export const sessionForm = z.object({
  date: calendarDay(key('supervision.errors.date')),
  time: timeOfDay(key('supervision.errors.time')),
  minutes: whole(MINUTES.min, MINUTES.max, key('supervision.errors.minutes')),
  place: line(150, { missing: key('supervision.errors.place'), long: key('supervision.errors.placeLong') }),
  _key: z.uuid(key('supervision.errors.key')),
})
export type SessionForm = z.infer<typeof sessionForm>

/** Who supports a mentor from now on. */
export const supervisorForm = z.object({ person: chosen(key('supervision.errors.person')) })
export type SupervisorForm = z.infer<typeof supervisorForm>

export const listUrl = z.object({ after: id.optional() })
export const roomUrl = z.object({ before: id.optional() })
