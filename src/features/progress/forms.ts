import { z } from 'zod'
import { id, key, text } from '../../web/forms.ts'

/** What a number can be made of, in the order of every table (spec 4.6). A mentee needs no training. */
export const REQUIREMENTS = ['training', 'agreement', 'contacts', 'stage1', 'stage2', 'stage3', 'report'] as const
export type Requirement = (typeof REQUIREMENTS)[number]

/** What somebody is excused from, and why: they read it. */
export const excuseForm = z.object({
  requirement: z.enum(REQUIREMENTS, key('progress.errors.requirement')),
  reason: text(500, { missing: key('progress.errors.reason'), long: key('progress.errors.reasonLong') }),
})
export type ExcuseForm = z.infer<typeof excuseForm>
export const excuseUrl = z.object({ id, requirement: z.enum(REQUIREMENTS) })
