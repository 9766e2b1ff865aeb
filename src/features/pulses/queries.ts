import createError from 'http-errors'
import { statement } from '../../db.ts'
import type { Match } from '../../models/index.ts'
import type { Role, Viewer } from '../../web/viewer.ts'
import type { MatchFactsRow } from '../matches/index.ts'
import type { Fit } from './forms.ts'

/** A contact after which the viewer is asked how it goes. */
export type AskedRow = { contact_id: number; match_id: number; given: boolean }
const asked = statement<AskedRow>(
  'find_pulse_to_give',
  `select c.id as contact_id, c.match_id,
     exists (select 1 from pulses p where p.contact_id = c.id and p.participant_id = $1) as given
   from contacts c join matches m on m.id = c.match_id
   where c.id = $2 and (m.mentor_id = $1 or m.mentee_id = $1) and c.outcome = 'made' and c.state <> 'withdrawn'`,
)
/** A contact of the viewer's that took place. To anyone else, and of one that was only tried, there is nothing to ask. */
export async function findAsked(viewer: Viewer, contactId: number): Promise<AskedRow> {
  const [found] = viewer.participant ? await asked(viewer.participant.id, contactId) : []
  if (!found) throw createError(404)
  return found
}

export type NewPulse = { score: number | null; fit: Fit | null; wantsContact: boolean; at: Date }
const insert = statement<{ id: number }>(
  'insert_pulse',
  `insert into pulses (participant_id, match_id, contact_id, score, fit, wants_contact, given_at)
   values ($1, $2, $3, $4, $5, $6, $7) on conflict (participant_id, contact_id) do update set wants_contact = true
     where excluded.wants_contact and not pulses.wants_contact
   returning id`,
)
/** Keeps what the viewer says after a contact, once; a wish can still be added. Says nothing when nothing is new. */
export async function addPulse(viewer: Viewer, of: AskedRow, pulse: NewPulse): Promise<number | undefined> {
  const { score, fit, wantsContact, at } = pulse
  const [row] = await insert(viewer.participant?.id, of.match_id, of.contact_id, score, fit, wantsContact, at)
  return row?.id
}

const low = statement<{ low: boolean }>(
  'are_pulses_low',
  `select exists (
     select 1 from (values ($2::integer), ($3::integer)) side (participant_id),
       lateral (select count(*) filter (where score <= 2) as lows from (
         select p.score from pulses p
         where p.match_id = $1 and p.participant_id = side.participant_id and p.score is not null
         order by p.id desc limit 2) last_two) counted
     where counted.lows = 2) as low`,
)
/** Whether one of the two gave two low ones in a row. */
export async function areLow({ id, menteeId, mentorId }: Match): Promise<boolean> {
  return (await low(id, menteeId, mentorId))[0]?.low ?? false
}

/** Somebody who would like to hear from the coordinator; not why, and not how it went for them. */
export type WishRow = { id: number; role: Role; given_at: Date }
const wishes = statement<WishRow>(
  'list_wishes_for_contact',
  `select p.id, pa.role, p.given_at from pulses p join participants pa on pa.id = p.participant_id
   where p.match_id = $1 and p.wants_contact and p.answered_at is null order by p.id limit 20`,
)
/** Who of a match would like the coordinator to get in touch. */
export async function listWishes(match: Match | MatchFactsRow): Promise<WishRow[]> {
  return wishes(match.id)
}

const open = statement<{ count: number }>(
  'count_wishes_for_contact',
  'select count(*)::int as count from pulses where match_id = $1 and wants_contact and answered_at is null',
)
/** How many wishes of a match nobody has answered: a pair gives a handful of pulses. */
export async function countWishes(match: Match): Promise<number> {
  return (await open(match.id))[0]?.count ?? 0
}

const answer = statement<{ id: number }>(
  'answer_wish_for_contact',
  `update pulses set answered_at = coalesce(answered_at, $3) where id = $2 and match_id = $1 and wants_contact returning id`,
)
/** The coordinator has been in touch. @throws 404 when nobody of the match has wished for that */
export async function saveAnswered(match: Match, wish: number, at: Date): Promise<void> {
  if ((await answer(match.id, wish, at)).length === 0) throw createError(404)
}
