import { statement } from '../../db.ts'
import type { Match } from '../../models/index.ts'
import type { System } from '../../web/viewer.ts'
import type { OwnMatchRow } from '../matches/index.ts'

/** What is to happen by itself to a match, for which the day has come. */
export type DueRow = {
  id: number
  what: 'resume' | 'close' | 'end'
  reason: 'completed' | 'natural_end' | 'programme_ended'
}
const DAY = `($1::timestamptz at time zone pr.time_zone)::date`
const due = statement<DueRow>(
  'list_endings_due',
  `select m.id, d.what, case when m.contacts_counted >= coalesce(m.minimum_contacts, pr.minimum_contacts) then 'completed'
     when m.planned_end_on is null then 'programme_ended' else 'natural_end' end as reason
   from matches m join programmes pr on pr.id = m.programme_id
   left join match_pauses z on z.match_id = m.id and z.ended_at is null,
   lateral (select case when m.state = 'closing' and m.closing_until <= $1 then 'close'
     when m.state in ('active', 'paused') and coalesce(m.planned_end_on, pr.ends_on) < ${DAY} then 'end'
     when m.state = 'paused' and z.until <= ${DAY} then 'resume' end as what) d
   where m.state in ('active', 'paused', 'closing') and ($2::integer is null or m.id = $2) and d.what is not null
   order by m.id limit 500`,
)
/** The matches whose pause, time for a last talk or planned time is over. */
export async function listDue(_as: System, at: Date): Promise<DueRow[]> {
  return due(at, null)
}
/** What is due in a match that is held. */
export async function findDue({ id }: Match, at: Date): Promise<DueRow | undefined> {
  return (await due(at, id))[0]
}

/** Of a match m in a programme pr: a last talk is a contact since the day on which the end began, on which the two do not differ. */
export const HAS_LAST_TALK = `exists (select 1 from contacts l where l.match_id = m.id and l.outcome = 'made'
  and l.state not in ('withdrawn', 'disputed') and l.happened_on >= (m.closing_at at time zone pr.time_zone)::date)`
const lastTalk = statement<{ there: boolean }>(
  'find_last_talk',
  `select ${HAS_LAST_TALK} as there from matches m join programmes pr on pr.id = m.programme_id where m.id = $1`,
)
/** Whether the two have had their last talk, as far as it is written down. */
export async function hasLastTalk({ id }: OwnMatchRow | Match): Promise<boolean> {
  return (await lastTalk(id))[0]?.there ?? false
}
