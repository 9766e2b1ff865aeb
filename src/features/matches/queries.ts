import createError from 'http-errors'
import { Op } from 'sequelize'
import { statement } from '../../db.ts'
import { Match } from '../../models/index.ts'
import { hasDuty, type Role, type Viewer } from '../../web/viewer.ts'

/** A match from its own side: the viewer is the mentor or the mentee, the partner is the other. */
export type OwnMatchRow = {
  id: number
  active_at: Date
  ended_at: Date | null
  contacts_counted: number
  contacts_waiting: number
  last_contact_on: string | null
  role: Role
  ref: string
  name: string | null
  given_name: string | null
}
const OWN = `
  select m.id, m.active_at, m.ended_at, m.contacts_counted, m.contacts_waiting, m.last_contact_on,
    partner.role, partner.ref, p.name, p.given_name
  from matches m
  join participants partner on partner.id in (m.mentor_id, m.mentee_id) and partner.id <> $1
  join people p on p.id = partner.person_id
  where (m.mentor_id = $1 or m.mentee_id = $1)`
const listOwn = statement<OwnMatchRow>(
  'list_own_matches',
  `${OWN} and m.ended_at is null order by coalesce(m.last_contact_on, m.active_at::date), m.id limit 50`,
)
const findOwn = statement<OwnMatchRow>('find_own_match', `${OWN} and m.id = $2`)

/** The viewer's matches, the one that waits longest first. */
export async function listOwnMatches(viewer: Viewer): Promise<OwnMatchRow[]> {
  return viewer.participant ? listOwn(viewer.participant.id) : []
}

/** A match that the viewer is half of. To anyone else it does not exist. */
export async function findOwnMatch(viewer: Viewer, id: number): Promise<OwnMatchRow> {
  const [match] = viewer.participant ? await findOwn(viewer.participant.id, id) : []
  if (!match) throw createError(404)
  return match
}

/** The same, held until the end of the transaction: what two people do to one match happens one after the other. */
export async function lockOwnMatch(viewer: Viewer, id: number): Promise<Match> {
  const own = viewer.participant?.id ?? 0
  const match = await Match.findOne({
    where: { id, [Op.or]: [{ mentorId: own }, { menteeId: own }] },
    lock: true,
  })
  if (!match) throw createError(404)
  return match
}

/** Somebody who may be paired. */
export type CandidateRow = {
  id: number
  role: Role
  ref: string
  name: string | null
  created_at: Date
  mentees: number
}
const candidates = statement<CandidateRow>(
  'list_candidates',
  `select pa.id, pa.role, pa.ref, p.name, pa.created_at,
     (select count(*)::int from matches m where m.mentor_id = pa.id and m.ended_at is null) as mentees
   from participants pa join people p on p.id = pa.person_id
   where pa.programme_id = $1 and pa.role = $2
     and (pa.role = 'mentor' or not exists (select 1 from matches m where m.mentee_id = pa.id and m.ended_at is null))
   order by mentees, pa.id limit 200`,
)
/** Mentees without a mentor, or mentors with those who have fewest mentees first, in the programme the viewer coordinates. */
export async function listCandidates(viewer: Viewer, role: Role): Promise<CandidateRow[]> {
  return hasDuty(viewer, 'coordinator') ? candidates(viewer.programme?.id, role) : []
}

/** The facts of a match, as its coordinator sees them: never what the pair wrote. */
export type MatchFactsRow = {
  id: number
  active_at: Date
  contacts_counted: number
  contacts_waiting: number
  last_contact_on: string | null
  mentee: { name: string | null; ref: string }
  mentor: { name: string | null; ref: string }
}
const PAGE = 50
const facts = statement<MatchFactsRow>(
  'list_match_facts',
  `select m.id, m.active_at, m.contacts_counted, m.contacts_waiting, m.last_contact_on,
     json_build_object('name', e.name, 'ref', me.ref) as mentee, json_build_object('name', o.name, 'ref', mo.ref) as mentor
   from matches m
   join participants me on me.id = m.mentee_id join people e on e.id = me.person_id
   join participants mo on mo.id = m.mentor_id join people o on o.id = mo.person_id
   where m.programme_id = $1 and m.ended_at is null and m.id > $2 order by m.id limit ${PAGE + 1}`,
)
/** One page of the pairs of the programme that the viewer coordinates, after match `after`. */
export async function listMatchFacts(
  viewer: Viewer,
  after = 0,
): Promise<{ matches: MatchFactsRow[]; hasMore: boolean }> {
  const rows = hasDuty(viewer, 'coordinator') ? await facts(viewer.programme?.id, after) : []
  return { matches: rows.slice(0, PAGE), hasMore: rows.length > PAGE }
}

/** Begins a match in the viewer's programme. */
export async function addMatch(
  viewer: Viewer,
  pair: { mentorId: number; menteeId: number; activeAt: Date },
): Promise<Match> {
  return Match.create({
    ...pair,
    programmeId: viewer.programme?.id ?? 0,
    madeById: viewer.personId,
    endedAt: null,
    lastContactOn: null,
  })
}

/** Keeps the figures of a match in step with its contacts. */
export async function saveFigures(
  match: Match,
  figures: { contactsCounted: number; contactsWaiting: number; lastContactOn: string | null },
): Promise<void> {
  await match.update(figures)
}
