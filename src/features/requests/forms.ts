import { z } from 'zod'
import { chosen, id, key, maybe, optionalText, text } from '../../web/forms.ts'
import { REASONS, WAYS } from '../endings/index.ts'

/** What somebody can say of their match. */
export const KINDS = ['mismatch', 'partner_silent', 'end_early'] as const
export type Kind = (typeof KINDS)[number]

export const requestForm = z.object({
  match: chosen(key('requests.errors.match')),
  kind: z.enum(KINDS, key('requests.errors.kind')),
  talked: z.enum(['yes', 'no'], key('requests.errors.talked')),
  text: optionalText(2000, key('requests.errors.text')),
  /** Made with the form that was served, so that a double click is one request. */
  _key: z.uuid(key('requests.errors.key')),
})
export type RequestForm = z.infer<typeof requestForm>

/** What comes of it: the two go on with some help, or their match ends, and the mentee gets somebody else or not. */
export const OUTCOMES = ['support', 'rematch', 'end'] as const
export const outcomeForm = z
  .object({
    outcome: z.enum(OUTCOMES, key('requests.errors.outcome')),
    word: text(1000, { missing: key('requests.errors.word'), long: key('requests.errors.wordLong') }),
    reason: maybe(z.enum(REASONS, key('endings.errors.reason'))),
    when: maybe(z.enum(WAYS, key('endings.errors.when'))),
  })
  .refine(({ outcome, reason }) => outcome === 'support' || reason !== undefined, {
    path: ['reason'],
    message: key('endings.errors.reason'),
  })
  .refine(({ outcome, when }) => outcome === 'support' || when !== undefined, {
    path: ['when'],
    message: key('endings.errors.when'),
  })
export type OutcomeForm = z.infer<typeof outcomeForm>

export const listUrl = z.object({ after: id.optional() })
/** Of which match somebody comes from. */
export const newUrl = z.object({
  match: id.optional().catch(undefined),
  kind: z.enum(KINDS).optional().catch(undefined),
})
