import { statement } from '../../db.ts'
import type { FoundProgramme } from '../../web/viewer.ts'

/** What a participant's number is made from. */
export type Facts = { participantId: number; programmeId: number; matches: { counted: number; minimum: number }[] }
type FactsRow = { participant_id: number; programme_id: number; matches: { counted: number; minimum: number }[] }

const FACTS = `
  select pa.id as participant_id, pa.programme_id,
    (select coalesce(json_agg(json_build_object('counted', m.contacts_counted,
         'minimum', coalesce(m.minimum_contacts, pr.minimum_contacts))), '[]')
     from matches m where (m.mentor_id = pa.id or m.mentee_id = pa.id) and m.active_at is not null) as matches
  from participants pa join programmes pr on pr.id = pa.programme_id`
// Locked first, in one order, so that two acts at once are counted one after the other.
const lockOfMatch = statement(
  'lock_participants',
  'select id from participants where id in ($1, $2) order by id for update',
)
const lockOfProgramme = statement(
  'lock_participants_of_programme',
  'select id from participants where programme_id = $1 order by id for update',
)
const factsOfMatch = statement<FactsRow>('facts_of_match', `${FACTS} where pa.id in ($1, $2) order by pa.id`)
const factsOfProgramme = statement<FactsRow>('facts_of_programme', `${FACTS} where pa.programme_id = $1 order by pa.id`)

const toFacts = (rows: FactsRow[]): Facts[] =>
  rows.map((row) => ({ participantId: row.participant_id, programmeId: row.programme_id, matches: row.matches }))

/** A match, by its two sides. */
export type PairRow = { mentorId: number; menteeId: number }
/** The facts of both sides of a match, held until the end of the transaction. */
export async function listFactsOfMatch(match: PairRow): Promise<Facts[]> {
  await lockOfMatch(match.mentorId, match.menteeId)
  return toFacts(await factsOfMatch(match.mentorId, match.menteeId))
}

/** The facts of everybody in a programme, held until the end of the transaction. */
export async function listFactsOfProgramme(programme: FoundProgramme): Promise<Facts[]> {
  await lockOfProgramme(programme.id)
  return toFacts(await factsOfProgramme(programme.id))
}

const saveNumbers = statement(
  'save_progress',
  `update participants pa set progress = n.progress
   from unnest($2::int[], $3::int[]) as n (id, progress)
   where pa.id = n.id and pa.programme_id = $1 and pa.progress <> n.progress`,
)
/** Keeps the numbers (0 to 100) of people in a programme. */
export async function saveProgress(
  programme: FoundProgramme,
  numbers: readonly { participantId: number; score: number }[],
): Promise<void> {
  const ids = numbers.map(({ participantId }) => participantId)
  await saveNumbers(
    programme.id,
    ids,
    numbers.map(({ score }) => score),
  )
}
