import { z } from 'zod'
import { id, key, line, maybe, text } from '../../web/forms.ts'

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

const body = text(5000, { missing: key('threads.errors.body'), long: key('threads.errors.bodyLong') })

const written = {
  body,
  /** The notice has been read: asked for once in a match, before the first message. */
  noted: maybe(z.literal('yes', key('threads.errors.noted'))),
  _act: act,
  /** Shown the hint about telephone numbers and addresses, and sent all the same. */
  _anyway: z.literal('yes').optional().catch(undefined),
  /** Made with the form that was served, so that a double click is one message. */
  _key: z.uuid(key('threads.errors.key')),
}
/** A message in a topic; `quote` is the message that it answers. */
export const messageForm = z.object({ ...written, quote: number })
export type MessageForm = z.infer<typeof messageForm>

/** A new topic with its first message; `topic` is the card that it began with. */
export const threadForm = z.object({
  title: line(120, { missing: key('threads.errors.title'), long: key('threads.errors.titleLong') }),
  ...written,
  topic: topicKey,
})
export type ThreadForm = z.infer<typeof threadForm>

export const editForm = z.object({ body })
export type EditForm = z.infer<typeof editForm>
