import { z } from 'zod'
import { CHANNELS } from '../../models/index.ts'
import { calendarDay, id, key, optionalLine } from '../../web/forms.ts'

export const matchUrl = z.object({ id })

export const MINUTES = ['15', '30', '45', '60'] as const
const blank = (value: unknown) => (value === '' || value === undefined ? undefined : value)

/** What a person logs. `when` and `minutes` are quick choices; `date` and `otherMinutes` belong to their last ones. */
export const contactForm = z
  .object({
    outcome: z.enum(['made', 'attempted'], key('contacts.errors.outcome')),
    when: z.enum(['today', 'yesterday', 'other'], key('contacts.errors.when')),
    date: z.preprocess(blank, calendarDay(key('contacts.errors.date')).optional()),
    channel: z.preprocess(blank, z.enum(CHANNELS, key('contacts.errors.channel')).optional()),
    minutes: z.preprocess(blank, z.enum([...MINUTES, 'other'], key('contacts.errors.minutes')).optional()),
    otherMinutes: z.preprocess(
      blank,
      z.coerce
        .number(key('contacts.errors.otherMinutes'))
        .int(key('contacts.errors.otherMinutes'))
        .min(1, key('contacts.errors.otherMinutes'))
        .max(720, key('contacts.errors.otherMinutes'))
        .optional(),
    ),
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
