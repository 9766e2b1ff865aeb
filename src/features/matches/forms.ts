import { z } from 'zod'
import { chosen, key } from '../../web/forms.ts'

export const pairForm = z.object({
  mentee: chosen(key('matches.errors.mentee')),
  mentor: chosen(key('matches.errors.mentor')),
})
export type PairForm = z.infer<typeof pairForm>
