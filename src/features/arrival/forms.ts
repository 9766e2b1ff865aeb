import { z } from 'zod'
import { key, mustTick, optionalLine, quietBoth, quietHours } from '../../web/forms.ts'
import { addressFields, ownEmailGiven } from '../mail/index.ts'

/** The welcome in four steps, each kept by itself. The first has nothing to fill in. */
const read = z.object({})

const acknowledge = z.object({ acknowledged: mustTick(key('arrival.errors.acknowledged')) })

const about = z
  .object({
    preferredName: optionalLine(150, key('arrival.errors.nameLong')),
    pronoun: optionalLine(40, key('arrival.errors.pronounLong')),
    ...addressFields,
    language: z.string().optional().catch(undefined), // a list of ours: anything else is none
    ...quietHours,
  })
  .refine(...ownEmailGiven)
  .refine(...quietBoth)
export type AboutForm = z.infer<typeof about>

const role = z.object({ role: z.enum(['mentee', 'mentor'], key('arrival.errors.role')) })

export const welcomeForms = [read, acknowledge, about, role] as const
export type WelcomeForm = Partial<z.infer<typeof acknowledge> & AboutForm & z.infer<typeof role>>

export const stepUrl = z.object({ step: z.coerce.number().int().min(1).max(welcomeForms.length) })
