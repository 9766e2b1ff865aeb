import { z } from 'zod'
import { key, line, mustTick } from '../../web/forms.ts'

/** What keeps somebody's data here for now: an open concern, a payment that is under way, a duty. */
export const REASONS = ['record', 'payment', 'duty'] as const
export type Reason = (typeof REASONS)[number]

/** What goes, and what stays as numbers. */
// prettier-ignore
export const GOES = ['messages', 'diaries', 'skills', 'plans', 'lines', 'answers', 'reports', 'files', 'drafts', 'told'] as const
export const STAYS = ['matches', 'contacts', 'payments'] as const
export const COUNTED = [...GOES, ...STAYS] as const

export const askForm = z.object({ sure: mustTick(key('erasure.errors.sure')) })
export type AskForm = z.infer<typeof askForm>

/** The reference of whoever is erased, typed: nobody does this by accident. */
export const erasureForm = z.object({
  ref: line(10, { missing: key('erasure.errors.ref'), long: key('erasure.errors.ref') }),
})
export type ErasureForm = z.infer<typeof erasureForm>

export const refusalForm = z.object({ reason: z.enum(REASONS, key('erasure.errors.reason')) })
export type RefusalForm = z.infer<typeof refusalForm>
