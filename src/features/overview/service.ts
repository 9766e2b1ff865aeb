import { dayIn, daysBetween, now } from '../../clock.ts'
import { timeZoneOf, type FoundProgramme, type System, type Viewer } from '../../web/viewer.ts'
import type { WeekLine } from '../mail/index.ts'
import { countWeek, type StripRow } from './queries.ts'

/** Which day of the programme this is, the first is 1, and of how many; undefined before and after it. */
export function daysOf(viewer: Viewer): { day: number; days: number } | undefined {
  const { startsOn, endsOn } = viewer.programme ?? { startsOn: '', endsOn: '' }
  const today = dayIn(timeZoneOf(viewer), now())
  if (today < startsOn || today > endsOn) return undefined
  return { day: daysBetween(startsOn, today) + 1, days: daysBetween(startsOn, endsOn) + 1 }
}

export type NextDate = { what: 'starts' | 'training' | 'menteeReports' | 'mentorReports' | 'ends'; day: string }
/** The next day on which something happens in the viewer's programme, from today on. */
export function nextDate(viewer: Viewer, strip: StripRow): NextDate | undefined {
  const zone = timeZoneOf(viewer)
  const today = dayIn(zone, now())
  const dates: [NextDate['what'], string | null | undefined][] = [
    ['starts', viewer.programme && viewer.programme.startsOn > today ? viewer.programme.startsOn : undefined],
    ['training', strip.next_training && dayIn(zone, strip.next_training)],
    ['menteeReports', strip.mentee_report_on],
    ['mentorReports', strip.mentor_report_on],
    ['ends', viewer.programme?.endsOn],
  ]
  const coming = dates.flatMap(([what, day]) => (day && day >= today ? [{ what, day }] : []))
  return coming.sort((one, other) => one.day.localeCompare(other.day))[0]
}

/**
 * What waits for the coordinator of a programme, in numbers: what the mail of the week says, in this order. Names stay in
 * Signpost. A text for each stands in config/locales, mail.week.
 */
export async function findWeek(as: System, programme: FoundProgramme): Promise<WeekLine[]> {
  const counts = await countWeek(as, programme, { at: now(), day: dayIn('UTC', now()) })
  return Object.entries(counts).map(([what, count]) => ({ what, count }))
}
