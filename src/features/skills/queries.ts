import { statement } from '../../db.ts'
import type { MatchState } from '../../models/index.ts'
import type { Role, Viewer } from '../../web/viewer.ts'
import type { Round } from './forms.ts'

/** What somebody said to one item: a choice, a text, or both. */
export type Answer = { value?: string; text?: string }
/** A round of somebody's own answers, by the keys of the items; some of these may be hidden by now. */
export type RecordRow = {
  id: number
  round: Round
  answers: Record<string, Answer>
  statement: string | null
  version: number
  saved_at: Date
  /** The matches whose other side may read it. */
  shared_with: number[]
}
const COLUMNS = 'r.id, r.round, r.answers, r.statement, r.version, r.saved_at'
const ofParticipant = statement<RecordRow>(
  'list_skills',
  `select ${COLUMNS}, array(select sh.match_id from skills_shares sh where sh.record_id = r.id order by 1) as shared_with
   from skills_records r where r.participant_id = $1`,
)
/** The viewer's own rounds. Nobody else's. */
export async function listRecords(viewer: Viewer): Promise<RecordRow[]> {
  return viewer.participant ? ofParticipant(viewer.participant.id) : []
}

const put = statement<{ id: number }>(
  'save_skills',
  `insert into skills_records (participant_id, round, answers, statement, saved_at) values ($1, $2, $3, $4, $5)
   on conflict (participant_id, round) do update
     set answers = excluded.answers, statement = excluded.statement, saved_at = excluded.saved_at,
       version = skills_records.version + 1
     where skills_records.version = $6 returning id`,
)
export type NewRecord = Pick<RecordRow, 'round' | 'answers' | 'statement' | 'version' | 'saved_at'>
/** Keeps a round of the viewer. Says no when it is not the version any more that was changed. */
export async function saveRecord(viewer: Viewer, record: NewRecord): Promise<boolean> {
  const { round, answers, statement: text, version, saved_at: at } = record
  return (await put(viewer.participant?.id, round, JSON.stringify(answers), text, at, version)).length > 0
}

const unshare = statement(
  'unshare_skills',
  'delete from skills_shares where record_id = $1 and match_id <> all($2::int[])',
)
const share = statement(
  'share_skills',
  `insert into skills_shares (record_id, match_id, shared_at) select $1, m, $3 from unnest($2::int[]) m
   on conflict do nothing`,
)
/** Lets the other sides of these matches read a record, and nobody else any more. */
export async function saveShares(record: RecordRow, matchIds: readonly number[], at: Date): Promise<void> {
  await unshare(record.id, matchIds)
  await share(record.id, matchIds, at)
}

/** Somebody with whom the viewer is or was in a match. */
export type PartnerRow = {
  match_id: number
  state: MatchState
  ended_at: Date | null
  role: Role
  ref: string
  name: string | null
  given_name: string | null
  /** They let the viewer read something of theirs. */
  shares: boolean
}
const PARTNERS = `
  from matches m
  join participants partner on partner.id in (m.mentor_id, m.mentee_id) and partner.id <> $1
  join people p on p.id = partner.person_id`
const partners = statement<PartnerRow>(
  'list_skills_partners',
  `select m.id as match_id, m.state, m.ended_at, partner.role, partner.ref, p.shown_name as name, p.call_name as given_name,
     exists (select 1 from skills_shares sh join skills_records r on r.id = sh.record_id
       where sh.match_id = m.id and r.participant_id = partner.id) as shares
   ${PARTNERS} where (m.mentor_id = $1 or m.mentee_id = $1) and m.state not in ('offered', 'discarded')
   order by m.id limit 200`,
)
/** Everybody whom the viewer is or was in a match with. */
export async function listPartners(viewer: Viewer): Promise<PartnerRow[]> {
  return viewer.participant ? partners(viewer.participant.id) : []
}

const shared = statement<RecordRow>(
  'list_shared_skills',
  `select ${COLUMNS}, array[]::int[] as shared_with
   from skills_shares sh join skills_records r on r.id = sh.record_id
   join matches m on m.id = sh.match_id
   where m.id = $2 and (m.mentor_id = $1 or m.mentee_id = $1) and r.participant_id <> $1
     and m.state not in ('offered', 'discarded')`,
)
/** What the other side of a match lets the viewer read. */
export async function listSharedRecords(viewer: Viewer, partner: PartnerRow): Promise<RecordRow[]> {
  return viewer.participant ? shared(viewer.participant.id, partner.match_id) : []
}
