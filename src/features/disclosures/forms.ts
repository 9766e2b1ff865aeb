import { z } from 'zod'
import { id, key, keyField, text, whole } from '../../web/forms.ts'

/** For how many hours, 72 at most. */
export const HOURS = ['4', '24', '72'] as const
const LEAST = 20
export const MOST_DAYS = 90

/** A reason of some length: long enough to be one. */
function reason(messages: { missing: 'disclosures.errors.reason' | 'disclosures.errors.embargoReason' }) {
  return text(2000, { missing: key(messages.missing), long: key('disclosures.errors.long') }).refine(
    (typed) => typed.length >= LEAST,
    messages.missing,
  )
}

/** Why, for how long, and whether the two are told now: if not, until when, and why not. */
const now = z.object({ telling: z.literal('now') })
const later = z.object({
  telling: z.literal('later'),
  days: whole(1, MOST_DAYS, key('disclosures.errors.days')),
  embargoReason: reason({ missing: 'disclosures.errors.embargoReason' }),
})
export const openingForm = z.intersection(
  z.object({
    reason: reason({ missing: 'disclosures.errors.reason' }),
    hours: z.enum(HOURS, key('disclosures.errors.hours')),
    ...keyField.shape,
  }),
  z.discriminatedUnion('telling', [now, later], key('disclosures.errors.telling')),
)
export type OpeningForm = z.infer<typeof openingForm>
/** The names of its fields, in their order on the page. */
export const openingFields = { shape: { reason: 0, hours: 0, telling: 0, days: 0, embargoReason: 0 } }

export const threadUrl = z.object({ id, thread: id })
export const pageUrl = z.object({ before: id.optional().catch(undefined) })
