import { z } from 'zod'
import { id, key, line, maybe, optionalText, text } from '../../web/forms.ts'

/** What somebody can do with what they have written: `later` is the next morning, in the partner's quiet hours. */
const act = z.enum(['send', 'later', 'draft']).catch('send')

export const messageUrl = z.object({ id, message: id })
/** Where on a long page somebody reads on, and what they quote. What is not a number is not there. */
const number = id.optional().catch(undefined)
export const pageQuery = z.object({ before: number, after: number, quote: number })
/** Which pages of topics, and which card begins a new one. */
export const listQuery = z.object({ before: number })
const topicKey = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,60}$/)
  .optional()
  .catch(undefined)
export const topicQuery = z.object({ topic: topicKey })

export const BODY_LENGTH = 5000
const body = text(BODY_LENGTH, { missing: key('threads.errors.body'), long: key('threads.errors.bodyLong') })
const part = optionalText(BODY_LENGTH, key('threads.errors.bodyLong'))

/** What every box to write in sends besides the words. */
export const sendFields = {
  /** The notice has been read: asked for once in a match, before the first message. */
  noted: maybe(z.literal('yes', key('threads.errors.noted'))),
  _act: act,
  /** Shown the hint about telephone numbers and addresses, and sent all the same. */
  _anyway: z.literal('yes').optional().catch(undefined),
  /** Made with the form that was served, so that a double click is one message. */
  _key: z.uuid(key('threads.errors.key')),
  /** The message that this one answers. */
  quote: number,
}

/** A message in a topic. To a feedback, two lines can be said; what else there is to say may then be left out (R128). */
export const messageForm = z
  .object({ feel: part, want: part, body: part, ...sendFields })
  .refine(({ feel, want, body: more }) => (feel ?? want ?? more) !== undefined, {
    path: ['body'],
    message: key('threads.errors.body'),
  })
export type MessageForm = z.infer<typeof messageForm>
/** The same as one text. */
export type Message = Omit<MessageForm, 'feel' | 'want' | 'body'> & { body: string }

/** The kinds of messages; a mentor gives feedback and signposts too (R80, R116). */
export const KINDS = ['text', 'feedback', 'signpost'] as const
export type Kind = (typeof KINDS)[number]
/** Sent by the button for another kind. */
export const switchForm = z.object({ _act: z.enum(KINDS) })

/** A new topic with its first message; `topic` is the card that it began with. */
export const threadForm = z.object({
  title: line(120, { missing: key('threads.errors.title'), long: key('threads.errors.titleLong') }),
  body,
  ...sendFields,
  topic: topicKey,
})
export type ThreadForm = z.infer<typeof threadForm>

export const editForm = z.object({ body })
export type EditForm = z.infer<typeof editForm>
