import { statement } from '../../src/db.ts'
import { sendDueScores } from '../../src/features/grades/index.ts'
import { aPair, confirm, log, type Launched } from '../support/builders.ts'

export const send = () => sendDueScores({ system: true })

/** A pair whose first contact counts: both have a number that waits. */
export async function aConfirmedContact() {
  const pair = await aPair()
  await log(pair.mentor, pair.contactsHref)
  await confirm(pair.mentee, pair.contactsHref)
  return pair
}

export type ScoreRow = {
  id: number
  score: number
  version: number
  sent_version: number
  sent_score: number | null
  problem: string | null
  attempts: number
  hours: number
}
const scoreOf = statement<ScoreRow>(
  'test_score_row',
  `select s.id, s.score, s.version, s.sent_version, s.sent_score, s.problem, s.attempts,
     extract(epoch from s.next_try_at - now())::float / 3600 as hours
   from scores s join participants pa on pa.id = s.participant_id join people p on p.id = pa.person_id where p.sub = $1`,
)
/** What stands in the queue for a person. */
export async function rowOf({ person }: Pick<Launched, 'person'>): Promise<ScoreRow> {
  const [row] = await scoreOf(person.id)
  if (!row) throw new Error(`Nothing is to be sent for ${person.name}`)
  return row
}

const passed = statement(
  'test_time_passes',
  `with platform as (update platforms set scores_paused_until = scores_paused_until - make_interval(secs => $2)),
   links as (
     update resource_links set compare_next_at = compare_next_at - make_interval(secs => $2),
       column_next_at = column_next_at - make_interval(secs => $2), column_looked_at = column_looked_at - make_interval(secs => $2)
     where context_id = (select id from contexts where lti_id = $1 limit 1))
   update scores s set next_try_at = next_try_at - make_interval(secs => $2),
     leased_until = leased_until - make_interval(secs => $2), last_timestamp = last_timestamp - make_interval(secs => $2),
     sent_at = sent_at - make_interval(secs => $2), waiting_since = waiting_since - make_interval(secs => $2)
   from resource_links l join contexts c on c.id = l.context_id where l.id = s.resource_link_id and c.lti_id = $1`,
)
/** Lets so many seconds go by for the scores of a course: the database's clock rules them, so that they move instead. */
export async function timePasses({ id }: { id: string }, seconds: number): Promise<void> {
  await passed(id, seconds)
}
