import { z } from 'zod'
import { calendarDay, chosen, key, maybe, someBoxes } from '../../web/forms.ts'

export const DUTIES = ['coordinator', 'concern_lead', 'supervisor', 'payer'] as const

/** Who gets a duty: to keep, in place of the one who gives it, or as a deputy until a day. */
export const dutyForm = z
  .object({
    duty: z.enum(DUTIES, key('people.errors.duty')),
    person: chosen(key('people.errors.person')),
    how: z.enum(['beside', 'instead', 'deputy'], key('people.errors.how')),
    until: maybe(calendarDay(key('people.errors.until'))),
  })
  .refine(({ how, until }) => how !== 'deputy' || until !== undefined, {
    path: ['until'],
    message: key('people.errors.until'),
  })
export type DutyForm = z.infer<typeof dutyForm>

/** An id of the LMS, as it stands in the boxes that we serve. */
const sub = z.string(key('people.errors.who')).regex(/^[^\u0000]{1,255}$/u, key('people.errors.who'))

/** Who of the roster is invited. */
export const inviteForm = z.object({
  who: someBoxes(sub, key('people.errors.who')).refine((all) => all.length <= 200, key('people.errors.who')),
  role: z.enum(['mentee', 'mentor'], key('people.errors.role')),
})
export type InviteForm = z.infer<typeof inviteForm>
