import { z } from 'zod'
import { id, key, maybe, optionalText } from '../../web/forms.ts'

export const SCORES = ['1', '2', '3', '4', '5'] as const
export const FITS = ['working', 'unsure', 'not_working'] as const
export type Fit = (typeof FITS)[number]

/** What somebody says after a contact: all of it is optional. */
export const pulseForm = z.object({
  score: maybe(z.enum(SCORES, key('pulses.errors.score'))),
  fit: maybe(z.enum(FITS, key('pulses.errors.fit'))),
  wantsContact: maybe(z.literal('yes', key('pulses.errors.wantsContact'))),
  text: optionalText(20_000, key('logbook.errors.textLong')),
})
export type PulseForm = z.infer<typeof pulseForm>

export const wishUrl = z.object({ id, wish: id })
