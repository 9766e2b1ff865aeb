import { z } from 'zod'
import { END_REASONS } from '../../models/index.ts'
import { calendarDay, key, optionalText } from '../../web/forms.ts'

/** Why a match can end. */
export const REASONS = END_REASONS

/** Until which day a match rests. */
export const pauseForm = z.object({ until: calendarDay(key('endings.errors.until')) })
export type PauseForm = z.infer<typeof pauseForm>

/** On which day it is meant to end. */
export const extensionForm = z.object({ plannedEndOn: calendarDay(key('endings.errors.plannedEndOn')) })
export type ExtensionForm = z.infer<typeof extensionForm>

/** How a coordinator ends a match: in two weeks, with time for a last talk, or now. */
export const WAYS = ['closing', 'now'] as const
export const endingForm = z.object({
  reason: z.enum(REASONS, key('endings.errors.reason')),
  when: z.enum(WAYS, key('endings.errors.when')),
  note: optionalText(1000, key('endings.errors.note')),
})
export type EndingForm = z.infer<typeof endingForm>
