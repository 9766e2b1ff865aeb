import { z } from 'zod'
import { id } from '../../web/forms.ts'

/** Whom the list shows. */
export const SHOWN = ['all', 'unsent', 'different'] as const
export type Shown = (typeof SHOWN)[number]
/** Which page of the list, and which people of it. */
export const listUrl = z.object({ after: id.optional(), show: z.enum(SHOWN).default('all') })
const which = z.enum(['failed', 'all'])
/** What somebody thinks of sending again, and what they then send. */
export const sendUrl = z.object({ which: which.default('failed') })
export const sendForm = z.object({ which })
