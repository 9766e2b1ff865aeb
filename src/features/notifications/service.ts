import { now } from '../../clock.ts'
import type { DutyName, FoundProgramme, Viewer } from '../../web/viewer.ts'
import {
  addNotification,
  addNotificationForDuty,
  addNotificationForPeople,
  listNotifications,
  markSeen,
  settleNotifications,
  type NewNotification,
  type NotificationRow,
} from './queries.ts'

/** Tells participants something: call it in the transaction of what has happened, so that both are there or neither. */
export async function tell(
  programme: FoundProgramme,
  participantIds: readonly number[],
  what: NewNotification,
): Promise<void> {
  await addNotification(programme, participantIds, what, now())
}

/** The same for everybody who has a duty in the programme. */
export async function tellDuty(programme: FoundProgramme, duty: DutyName, what: NewNotification): Promise<void> {
  await addNotificationForDuty(programme, duty, what, now())
}

/** The same for people, whatever they are in the programme. */
export async function tellPeople(
  programme: FoundProgramme,
  personIds: readonly number[],
  what: NewNotification,
): Promise<void> {
  if (personIds.length > 0) await addNotificationForPeople(programme, personIds, what, now())
}

/** What a notification asked for is done, by this participant or for everybody: it waits no more. */
export async function settle(programme: FoundProgramme, subject: string, participantId?: number): Promise<void> {
  await settleNotifications(programme, subject, now(), participantId)
}

/** What the viewer was told, newest first; from now on they have seen it. */
export async function readNotifications(viewer: Viewer): Promise<NotificationRow[]> {
  const at = now()
  const notifications = await listNotifications(viewer, at)
  const [newest] = notifications
  if (newest && viewer.notifications > 0) await markSeen(viewer, newest, at)
  return notifications
}
