import { z } from 'zod'
import { key, mustTick, whole } from '../../web/forms.ts'

/** So many days after its end a programme is closed, if nobody has done it; and so many after that, archived. */
export const CLOSES_AFTER = 60
export const ARCHIVES_AFTER = 30
/** The coordinator hears of it so many days before it is emptied. */
export const NOTICES = [30, 7] as const

export const monthsForm = z.object({ months: whole(1, 60, key('retention.errors.months')) })
export type MonthsForm = z.infer<typeof monthsForm>

export const sureForm = z.object({ sure: mustTick(key('retention.errors.sure')) })
export type SureForm = z.infer<typeof sureForm>
