import { dayIn } from '../../../clock.ts'
import type { T } from '../../../web/i18n.ts'
import { timeZoneOf } from '../../../web/viewer.ts'
import type { Words } from '../../../web/views.ts'
import type { SessionRow, TrainingRow } from '../queries.ts'

/** `45 minutes, Room 12, with Amina Yusuf`. */
export function aboutSession(t: T, session: SessionRow): string {
  const parts = [t('training.minutes', { count: session.minutes })]
  if (session.place !== null) parts.push(session.place)
  return t('training.with', { about: parts.join(', '), name: session.delivered_by })
}

/** How a mentor's training stands, as they are told themselves; `undefined` is: nothing yet. */
export function trainingWords(
  { t, dates, viewer }: Words,
  training: TrainingRow | undefined,
): { title: string; text: string } {
  const { state, at, reason } = training ?? { state: 'none' as const, at: null, reason: null }
  const said = {
    day: at && dates.date(dayIn(timeZoneOf(viewer), at)),
    when: at && dates.moment(at),
    reason,
  }
  return { title: t(`training.own.${state}.title`, said), text: t(`training.own.${state}.text`, said) }
}
