import { z } from 'zod'
import { id, key, text } from '../../web/forms.ts'

/** What a nudge is about. */
export const ABOUT = ['silent', 'unsigned', 'stuck', 'report', 'other'] as const
export type About = (typeof ABOUT)[number]

export const nudgeForm = z.object({
  text: text(1000, { missing: key('nudges.errors.text'), long: key('nudges.errors.long') }),
  /** Made with the form that was served, so that a double click is one nudge. */
  _key: z.uuid(key('nudges.errors.key')),
})
export type NudgeForm = z.infer<typeof nudgeForm>

/** To whom of the two, and about what: the address of the form says it. */
export const nudgeUrl = z.object({
  id,
  to: z.enum(['mentee', 'mentor']),
  about: z.enum(ABOUT).catch('other'),
})
export type Nudging = z.infer<typeof nudgeUrl>
