import { statement } from '../../db.ts'
import { READABLE_DAYS } from '../../models/index.ts'
import { DUTY_HOLDS, type DutyName, type FoundProgramme, type System, type Viewer } from '../../web/viewer.ts'

/** What somebody is told: a kind (its words are texts), what it is about, and where to go. Never what anybody wrote. */
export type NewNotification = {
  kind: string
  /** `match:7`: whoever settles that has nothing waiting any more. */
  subject: string
  href: string
  params?: Record<string, string | number>
  until?: Date | undefined
}

const insert = statement(
  'add_notification',
  `insert into notifications (person_id, programme_id, kind, subject, href, params, created_at, until)
   select pa.person_id, pa.programme_id, $3, $4, $5, $6, $7, $8 from participants pa where pa.id = any($1) and pa.programme_id = $2`,
)
const insertForDuty = statement(
  'add_notification_of_duty',
  `insert into notifications (person_id, programme_id, kind, subject, href, params, created_at, until)
   select distinct d.person_id, d.programme_id, $3, $4, $5, $6::jsonb, $7::timestamptz, $8::timestamptz from duties d
   where d.programme_id = $1 and d.duty = $2 and ${DUTY_HOLDS}`,
)

const insertForPeople = statement(
  'add_notification_of_people',
  `insert into notifications (person_id, programme_id, kind, subject, href, params, created_at, until)
   select unnest($1::integer[]), $2, $3, $4, $5, $6, $7, $8`,
)

/** Tells participants of a programme something, in the transaction of what happened. */
export async function addNotification(
  programme: FoundProgramme,
  participantIds: readonly number[],
  { kind, subject, href, params = {}, until }: NewNotification,
  at: Date,
): Promise<void> {
  await insert(participantIds, programme.id, kind, subject, href, JSON.stringify(params), at, until)
}

/** Tells everybody who has a duty in a programme something. */
export async function addNotificationForDuty(
  programme: FoundProgramme,
  duty: DutyName,
  { kind, subject, href, params = {}, until }: NewNotification,
  at: Date,
): Promise<void> {
  await insertForDuty(programme.id, duty, kind, subject, href, JSON.stringify(params), at, until)
}

/** Tells people, who were found before, something of a programme. */
export async function addNotificationForPeople(
  programme: FoundProgramme,
  personIds: readonly number[],
  { kind, subject, href, params = {}, until }: NewNotification,
  at: Date,
): Promise<void> {
  await insertForPeople(personIds, programme.id, kind, subject, href, JSON.stringify(params), at, until)
}

/** For features that settle with an act of their own, in one statement: programme, subject, time, participant or null. */
export const SETTLE = `update notifications n set settled_at = $3
  where n.programme_id = $1 and n.subject = $2 and n.settled_at is null
    and ($4::integer is null or n.person_id = (select person_id from participants where id = $4))`
/**
 * The same for an act that tells one participant anew, as steps of a statement whose step `seen` has a row when there is
 * something to tell: one line takes the place of whatever waited on the subject. After the four: its kind and its address.
 */
export const TELL_ANEW = `settled as (${SETTLE} and exists (select 1 from seen)
    returning case when n.mail in ('new', 'planned') and n.seen_at is null then coalesce(n.mail_since, n.created_at) end as since),
  told as (
    insert into notifications (person_id, programme_id, kind, subject, href, params, created_at, mail_since)
    select pa.person_id, pa.programme_id, $5, $2, $6, '{}', $3, (select min(since) from settled) from participants pa
    where pa.id = $4 and pa.programme_id = $1 and exists (select 1 from seen))`
const settle = statement('settle_notifications', SETTLE)
/** It is done: nobody, or not this participant, has it waiting any more. */
export async function settleNotifications(
  programme: FoundProgramme,
  subject: string,
  at: Date,
  participantId?: number,
): Promise<void> {
  await settle(programme.id, subject, at, participantId ?? null)
}

export type NotificationRow = {
  id: number
  kind: string
  href: string
  params: Record<string, string | number>
  created_at: Date
  until: Date | null
  seen_at: Date | null
}
const list = statement<NotificationRow>(
  'list_notifications',
  `select id, kind, href, params, created_at, until, seen_at from notifications
   where person_id = $1 and programme_id = $2 and settled_at is null and (until is null or until > $3)
   order by id desc limit 50`,
)
/** The newest that the viewer was told in this programme and that still matter. */
export async function listNotifications(viewer: Viewer, at: Date): Promise<NotificationRow[]> {
  return viewer.programme ? list(viewer.personId, viewer.programme.id, at) : []
}

const see = statement(
  'see_notifications',
  'update notifications set seen_at = $3 where person_id = $1 and programme_id = $2 and id <= $4 and seen_at is null',
)
/** The viewer has seen everything up to this one. */
export async function markSeen(viewer: Viewer, upTo: NotificationRow, at: Date): Promise<void> {
  await see(viewer.personId, viewer.programme?.id, at, upTo.id)
}

const sweep = statement(
  'sweep_notifications',
  `delete from notifications where created_at < now() - interval '180 days' or until < now() - interval '30 days'
     or settled_at < now() - interval '30 days'`,
)

// What two people have between them, by what subjects say it is about: their match by its number, or a row of the table with
// this name in the plural.
const BY_MATCH = ['stage', 'plan', 'diary']
const BY_ROW = ['thread', 'contact', 'goal']
const NUMBER = "split_part(n.subject, ':', 2)::integer"
/** The match in which two people have what a notification `n` is about; null for everything else, also for the match itself. */
export const MATCH_OF = `(case split_part(n.subject, ':', 1)
    ${BY_ROW.map((kind) => `when '${kind}' then (select match_id from ${kind}s where id = ${NUMBER})`).join(' ')}
    ${BY_MATCH.map((kind) => `when '${kind}' then ${NUMBER}`).join(' ')} end)`

// What leads to a match that its two cannot read any more would lead them nowhere. The other way round from MATCH_OF: from few
// matches to their notifications, by index.
const ago = (days: number) => `now() - interval '${days} days'`
const sweepOver = statement(
  'sweep_notifications_of_matches',
  `with over as (
     select id, programme_id from matches where ended_at > ${ago(2 * READABLE_DAYS)} and ended_at <= ${ago(READABLE_DAYS)}),
   about as (
     select programme_id, unnest(array['match', 'ending', ${BY_MATCH.map((kind) => `'${kind}'`).join(', ')}]) || ':' || id as subject from over
     ${BY_ROW.map((kind) => `union all select o.programme_id, '${kind}:' || r.id from over o join ${kind}s r on r.match_id = o.id`).join(' ')})
   delete from notifications n using about a
   where n.programme_id = a.programme_id and n.subject = a.subject and n.settled_at is null and n.href not like '/admin/%'`,
)
/** Deletes what nobody needs any more. */
export async function sweepNotifications(_as: System): Promise<void> {
  await sweep()
  await sweepOver()
}
