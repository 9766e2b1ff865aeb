import { z } from 'zod'
import { id, key, optionalLine, text } from '../../web/forms.ts'
import { BODY_LENGTH, sendFields } from '../threads/index.ts'

const LINE_LENGTH = 280
const KEY = /^[a-z0-9][a-z0-9-]{1,60}$/

/** The text ends with a question that the mentor has written. */
export const OWN_QUESTION = 'own'

/** A feedback: the words, and the question they end with; before the first one, a line for the mentor alone (R129). */
export const feedbackForm = z.object({
  reflection: optionalLine(LINE_LENGTH, key('feedback.errors.reflectionLong')),
  body: text(BODY_LENGTH, { missing: key('feedback.errors.body'), long: key('threads.errors.bodyLong') }),
  question: z.string(key('feedback.errors.question')).regex(KEY, key('feedback.errors.question')),
  ...sendFields,
})
export type FeedbackForm = z.infer<typeof feedbackForm>

/** Sent by a button that puts first words into the text. */
export const starterForm = z.object({ starter: z.string().regex(KEY) })

/** An entry of the directory, and in the mentor's own words why (R80). */
export const signpostForm = z.object({
  entry: z.string(key('feedback.errors.entry')).regex(KEY, key('feedback.errors.entry')),
  body: text(BODY_LENGTH, { missing: key('feedback.errors.why'), long: key('threads.errors.bodyLong') }),
  ...sendFields,
})
export type SignpostForm = z.infer<typeof signpostForm>

export const entryUrl = z.object({ key: z.string().regex(KEY) })
/** What a page is opened with: the entry that was chosen in the directory. */
export const entryQuery = z.object({ entry: z.string().regex(KEY).optional().catch(undefined) })

const place = id.optional().catch(undefined)
/** Two buttons, and where on a long page they stood. */
export const usefulForm = z.object({ useful: z.enum(['yes', 'no']), before: place, after: place })
