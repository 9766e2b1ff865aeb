import { z } from 'zod'

export const handbookUrl = z.object({ for: z.enum(['mentee', 'mentor']).optional() })
export const sectionUrl = z.object({ section: z.string().max(60) })

export const SHOWN = ['all', 'college', 'external', 'specialist'] as const
/** What somebody looks for in the directory. Longer than any name, it is cut: people paste. */
export const searchUrl = z.object({
  search: z
    .string()
    .default('')
    .transform((text) => text.trim().slice(0, 100)),
  show: z.enum(SHOWN).default('all'),
})
export type Search = z.infer<typeof searchUrl>

/** What somebody needs help with: a page each. */
export const CHOICES = ['risk', 'conversation', 'match', 'question'] as const
export type HelpChoice = (typeof CHOICES)[number]
export const choiceUrl = z.object({ choice: z.enum(CHOICES) })
