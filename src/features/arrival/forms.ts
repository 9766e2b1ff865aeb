import { z } from 'zod'
import { key } from '../../web/forms.ts'

export const roleForm = z.object({ role: z.enum(['mentee', 'mentor'], key('arrival.errors.role')) })
export type RoleForm = z.infer<typeof roleForm>
