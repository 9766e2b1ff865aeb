import ical, { ICalCalendarMethod, ICalEventStatus } from 'ical-generator'
import type { Words } from '../../../web/views.ts'
import { config } from '../../../../config/index.ts'
import type { SessionRow } from '../queries.ts'

const MINUTE_MS = 60_000

/**
 * A session as a file for calendars: times in UTC, nobody's name. The id stays the same over all changes, and the
 * sequence grows with them, so that a calendar replaces what it had.
 */
export function calendarFile({ t, viewer }: Words, session: SessionRow): string {
  const programme = viewer.programme?.title ?? ''
  const calendar = ical({ prodId: { company: 'Signpost', product: 'Signpost' }, method: ICalCalendarMethod.PUBLISH })
  calendar.createEvent({
    id: `training-${session.id}@${new URL(config.publicUrl).host}`,
    sequence: session.version,
    status: session.cancelled_at ? ICalEventStatus.CANCELLED : ICalEventStatus.CONFIRMED,
    start: session.starts_at,
    end: new Date(session.starts_at.getTime() + session.minutes * MINUTE_MS),
    summary: t('training.calendar.title', { programme }),
    description: t('training.calendar.text'),
    location: session.place ?? session.link,
    ...(session.link !== null && { url: session.link }),
  })
  return calendar.toString()
}
