import { z } from 'zod'
import { email, key, maybe, mustTick, optionalLine, quietBoth, quietHours } from '../../web/forms.ts'

/** The welcome in four steps, each kept by itself. The first has nothing to fill in. */
const read = z.object({})

const acknowledge = z.object({ acknowledged: mustTick(key('arrival.errors.acknowledged')) })

const about = z
  .object({
    preferredName: optionalLine(150, key('arrival.errors.nameLong')),
    pronoun: optionalLine(40, key('arrival.errors.pronounLong')),
    mailTo: z.enum(['lms', 'own', 'none'], key('arrival.errors.mailTo')),
    ownEmail: maybe(email(key('arrival.errors.email'))),
    language: z.string().optional().catch(undefined), // a list of ours: anything else is none
    ...quietHours,
  })
  .refine(({ mailTo, ownEmail }) => mailTo !== 'own' || ownEmail !== undefined, {
    path: ['ownEmail'],
    message: key('arrival.errors.email'),
  })
  .refine(...quietBoth)
export type AboutForm = z.infer<typeof about>

const role = z.object({ role: z.enum(['mentee', 'mentor'], key('arrival.errors.role')) })

export const welcomeForms = [read, acknowledge, about, role] as const
export type WelcomeForm = Partial<z.infer<typeof acknowledge> & AboutForm & z.infer<typeof role>>

export const stepUrl = z.object({ step: z.coerce.number().int().min(1).max(welcomeForms.length) })
