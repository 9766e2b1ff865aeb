import { now } from '../../clock.ts'
import type { FoundProgramme, System } from '../../web/viewer.ts'
import type { WeekLine } from '../mail/index.ts'
import { countWeek } from './queries.ts'

/**
 * What waits for the coordinator of a programme, in numbers: what the mail of the week says, in this order. Names stay in
 * Signpost. A text for each stands in config/locales, mail.week.
 */
export async function findWeek(as: System, programme: FoundProgramme): Promise<WeekLine[]> {
  const counts = await countWeek(as, programme, now())
  return Object.entries(counts).map(([what, count]) => ({ what, count }))
}
