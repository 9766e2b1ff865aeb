import { z } from 'zod'
import { boxes, calendarDay, id, key, line, text } from '../../web/forms.ts'

/** Those that were ticked in the list. */
export const approvalForm = z.object({ honorarium: boxes(id) })

export const withholdingForm = z.object({
  reason: text(500, { missing: key('honoraria.errors.reason'), long: key('honoraria.errors.long') }),
})

/** When it was paid, and what the payment is called in the books; of a correction, why as well. */
export const paymentForm = z.object({
  paidOn: calendarDay(key('honoraria.errors.paidOn')),
  reference: line(80, { missing: key('honoraria.errors.reference'), long: key('honoraria.errors.referenceLong') }),
})
export type PaymentForm = z.infer<typeof paymentForm>
export const correctionForm = paymentForm.extend({
  note: text(500, { missing: key('honoraria.errors.note'), long: key('honoraria.errors.long') }),
})
export type CorrectionForm = z.infer<typeof correctionForm>

export const listUrl = z.object({ after: id.optional() })
