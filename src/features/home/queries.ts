import { statement } from '../../db.ts'
import type { Channel } from '../../models/index.ts'
import type { Viewer } from '../../web/viewer.ts'
import { TO_CONFIRM, type NextContactRow, type ToConfirmRow } from '../contacts/index.ts'
import { OWN_STAGE_NAMES } from '../content/index.ts'
import { HAS_LAST_TALK } from '../endings/index.ts'
import { PLAN_NOTES, type PlanNotes } from '../plan/index.ts'
import { UNREAD_BY_MATCH } from '../threads/index.ts'

/** What a home page says of a match besides its own row. */
export type AheadRow = PlanNotes & {
  match_id: number
  next: NextContactRow | null
  to_confirm: ToConfirmRow | null
  /** How many messages are new, and a topic that has one. */
  unread: number
  thread_id: number | null
  /** A contact of the last days of which the viewer has said and written nothing for themselves. */
  to_write_id: number | null
  /** The partner is ready to move on, and the viewer is not. */
  partner_is_ready: boolean
  /** While it comes to its end: the last talk is written down. */
  has_last_talk: boolean
  /** Of the agreement in force: how the two stay in touch. */
  every_days: number | null
  reply_days: number | null
  channels: Channel[] | null
  /** What the programme calls the stages, by key, where not as usual. */
  stage_names: Partial<Record<string, string>>
}
const ahead = statement<AheadRow>(
  'list_ahead',
  `select m.id as match_id, to_json(n.*) as next, to_json(c.*) as to_confirm, coalesce(u.unread, 0) as unread, u.thread_id,
     w.id as to_write_id, f.every_days, f.reply_days, f.channels, ${OWN_STAGE_NAMES} as stage_names,
     coalesce(case when m.mentor_id = $1 then s.mentee_ready_at is not null and s.mentor_ready_at is null
       else s.mentor_ready_at is not null and s.mentee_ready_at is null end and s.done_at is null, false) as partner_is_ready,
     m.state = 'closing' and ${HAS_LAST_TALK} as has_last_talk, noted.partner_wants, noted.tasks
   from matches m join programmes pr on pr.id = m.programme_id ${PLAN_NOTES}
   left join next_contacts n on n.match_id = m.id
   left join ${TO_CONFIRM} c on true
   left join ${UNREAD_BY_MATCH} u on u.match_id = m.id
   left join lateral (select k.id from contacts k
     where k.match_id = m.id and k.outcome = 'made' and k.state not in ('withdrawn', 'disputed') and k.recorded_at > $3
       and (k.recorded_by_id = $1 or k.state <> 'recorded')
       and not exists (select 1 from pulses p where p.contact_id = k.id and p.participant_id = $1)
       and not exists (select 1 from log_entries e where e.contact_id = k.id and e.participant_id = $1)
     order by k.happened_on desc, k.id desc limit 1) w on true
   left join agreements f on f.match_id = m.id and f.state = 'in_force'
   left join stage_states s on s.match_id = m.id and s.stage = m.stage
   where (m.mentor_id = $1 or m.mentee_id = $1) and m.ended_at is null and m.state not in ('offered', 'discarded')
   order by c.happened_on, c.id, m.id limit 50`,
)
/** What lies ahead in the viewer's matches; the contact that waits longest is first. `since`: for how long to ask for two lines. */
export async function listAhead(viewer: Viewer, at: Date, since: Date): Promise<AheadRow[]> {
  return viewer.participant ? ahead(viewer.participant.id, at, since) : []
}
