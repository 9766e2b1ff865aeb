import { z } from 'zod'
import { CHANNELS } from '../../models/index.ts'
import { calendarDay, id, key, maybe, optionalLine, whole } from '../../web/forms.ts'

export const matchUrl = z.object({ id })

export const MINUTES = ['15', '30', '45', '60'] as const

/** What a person logs. `when` and `minutes` are quick choices; `date` and `otherMinutes` belong to their last ones. */
export const contactForm = z
  .object({
    outcome: z.enum(['made', 'attempted'], key('contacts.errors.outcome')),
    when: z.enum(['today', 'yesterday', 'other'], key('contacts.errors.when')),
    date: maybe(calendarDay(key('contacts.errors.date'))),
    channel: maybe(z.enum(CHANNELS, key('contacts.errors.channel'))),
    minutes: maybe(z.enum([...MINUTES, 'other'], key('contacts.errors.minutes'))),
    otherMinutes: maybe(whole(1, 720, key('contacts.errors.otherMinutes'))),
    line: optionalLine(280, key('contacts.errors.line')),
    /** Made with the form that was served, so that a double click is one contact. */
    _key: z.uuid(key('contacts.errors.key')),
  })
  .refine(({ when, date }) => when !== 'other' || date !== undefined, {
    path: ['date'],
    message: key('contacts.errors.date'),
  })
  .refine(({ outcome, channel }) => outcome === 'attempted' || channel !== undefined, {
    path: ['channel'],
    message: key('contacts.errors.channel'),
  })
export type ContactForm = z.infer<typeof contactForm>

export const differenceForm = z.object({
  difference: optionalLine(280, key('contacts.errors.differenceLong')).refine(
    (text) => text !== undefined,
    key('contacts.errors.difference'),
  ),
})
export type DifferenceForm = z.infer<typeof differenceForm>
