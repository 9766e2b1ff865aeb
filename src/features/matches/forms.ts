import { z } from 'zod'
import { chosen, id, key, optionalText, text } from '../../web/forms.ts'

/** Whom the coordinator offers a match, and why: both read the reason. */
export const offerForm = z.object({
  mentee: chosen(key('matches.errors.mentee')),
  mentor: chosen(key('matches.errors.mentor')),
  reason: optionalText(1000, key('matches.errors.reason')),
})
export type OfferForm = z.infer<typeof offerForm>

export const answerForm = z.object({
  answer: z.enum(['accepted', 'declined'], key('matches.errors.answer')),
  note: optionalText(500, key('matches.errors.note')),
})
export type AnswerForm = z.infer<typeof answerForm>

export const questionForm = z.object({
  question: text(1000, { missing: key('matches.errors.question'), long: key('matches.errors.questionLong') }),
  /** Made with the form that was served, so that a double click is one question. */
  _key: z.uuid(key('matches.errors.key')),
})
export type QuestionForm = z.infer<typeof questionForm>

export const replyForm = z.object({
  reply: text(1000, { missing: key('matches.errors.reply'), long: key('matches.errors.questionLong') }),
})
export type ReplyForm = z.infer<typeof replyForm>

export const replyUrl = z.object({ id, question: id })

/** Which matches a list shows, and in which order. */
export const SHOWN = ['open', 'attention', 'offered', 'agreeing', 'active', 'paused', 'closing', 'closed'] as const
export type Shown = (typeof SHOWN)[number]
export const SORTED = ['name', 'contact', 'contacts', 'stage'] as const
export type Sorted = (typeof SORTED)[number]
export const listUrl = z.object({
  show: z.enum(SHOWN).catch('open'),
  sort: z.enum(SORTED).catch('name'),
  after: id.optional(),
})
