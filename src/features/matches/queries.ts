import createError from 'http-errors'
import { Op } from 'sequelize'
import { statement } from '../../db.ts'
import { Match, type Answer, type EndReason, type MatchState } from '../../models/index.ts'
import { hasDuty, type Role, type System, type Viewer } from '../../web/viewer.ts'
import { SEEN_AS_STAFF } from '../people/index.ts'
import { TRAINED } from '../training/index.ts'
import { SORTED, type Shown, type Sorted } from './forms.ts'

export { READABLE_DAYS } from '../../models/index.ts'

/** A match from its own side: the viewer is the mentor or the mentee, the partner is the other. */
export type OwnMatchRow = {
  id: number
  state: MatchState
  reason: string | null
  expires_at: Date | null
  own_answer: Answer | null
  active_at: Date | null
  ended_at: Date | null
  contacts_counted: number
  contacts_waiting: number
  /** How many contacts this pair is asked for. */
  minimum: number
  last_contact_on: string | null
  /** Where the two are, since when, and which stages are done. */
  stage: number
  stage_since: Date | null
  stages_done: number[]
  /** Of the agreement, while there is none in force: who has signed the draft. */
  own_signed: boolean
  partner_signed: boolean
  in_force: boolean
  /** While it rests: since when, until which day, and whose wish it was. */
  paused_at: Date | null
  paused_until: string | null
  paused_by: Role | 'coordinator' | null
  /** Since when it goes on after a pause. */
  resumed_at: Date | null
  /** While it comes to its end. */
  closing_at: Date | null
  closing_until: Date | null
  /** Why it comes to its end, or has come to it. */
  over_because: EndReason | null
  role: Role
  ref: string
  name: string | null
  given_name: string | null
}
/** A match that rests has one pause that is not over. */
const PAUSE = `left join match_pauses z on z.match_id = m.id and z.ended_at is null and m.state = 'paused'`
const ENDING = `z.began_at as paused_at, z.until::text as paused_until, z.by_role as paused_by, m.resumed_at, m.closing_at,
    m.closing_until, coalesce(m.end_reason, m.closing_reason) as over_because`
const OWN = `
  select m.id, m.state, m.reason, m.expires_at,
    case when m.mentor_id = $1 then m.mentor_answer else m.mentee_answer end as own_answer,
    m.active_at, m.ended_at, m.contacts_counted, m.contacts_waiting,
    coalesce(m.minimum_contacts, pr.minimum_contacts) as minimum, m.last_contact_on,
    m.stage, m.stage_since, m.stages_done,
    coalesce(case when m.mentor_id = $1 then a.mentor_signed_at else a.mentee_signed_at end is not null, false) as own_signed,
    coalesce(case when m.mentor_id = $1 then a.mentee_signed_at else a.mentor_signed_at end is not null, false)
      as partner_signed,
    exists (select 1 from agreements f where f.match_id = m.id and f.state = 'in_force') as in_force, ${ENDING},
    partner.role, partner.ref, p.shown_name as name, p.call_name as given_name
  from matches m
  join programmes pr on pr.id = m.programme_id
  join participants partner on partner.id in (m.mentor_id, m.mentee_id) and partner.id <> $1
  join people p on p.id = partner.person_id
  left join agreements a on a.match_id = m.id and a.state = 'draft' ${PAUSE}
  where (m.mentor_id = $1 or m.mentee_id = $1) and m.state <> 'discarded'`
const listOwn = statement<OwnMatchRow>(
  'list_own_matches',
  `${OWN} and (m.ended_at is null or m.ended_at > $3) and (m.state <> 'offered' or m.expires_at > $2)
   order by m.ended_at is not null, coalesce(m.last_contact_on, m.active_at::date, m.offered_at::date), m.id limit 50`,
)
const findOwn = statement<OwnMatchRow>('find_own_match', `${OWN} and m.id = $2`)

/** The viewer's matches and offers, the one that waits longest first; last, those that ended after `endedSince`. */
export async function listOwnMatches(viewer: Viewer, at: Date, endedSince?: Date): Promise<OwnMatchRow[]> {
  return viewer.participant ? listOwn(viewer.participant.id, at, endedSince ?? null) : []
}

/** A match, or an offer, that the viewer is half of. To anyone else it does not exist. */
export async function findOwnOffer(viewer: Viewer, id: number): Promise<OwnMatchRow> {
  const [match] = viewer.participant ? await findOwn(viewer.participant.id, id) : []
  if (!match) throw createError(404)
  return match
}

/** The same, once both have said yes: before that, a pair has no room. */
export async function findOwnMatch(viewer: Viewer, id: number): Promise<OwnMatchRow> {
  const match = await findOwnOffer(viewer, id)
  if (match.state === 'offered') throw createError(404)
  return match
}

/**
 * An offer, or what has become of it, held until the end of the transaction: what two people do to one match happens one
 * after the other. One that is over is found too, so that whoever answers too late is told so.
 */
export async function lockOwnOffer(viewer: Viewer, id: number): Promise<Match> {
  const own = viewer.participant?.id ?? 0
  const match = await Match.findOne({ where: { id, [Op.or]: [{ mentorId: own }, { menteeId: own }] }, lock: true })
  if (!match) throw createError(404)
  return match
}

/** The same for a match that both wanted. */
export async function lockOwnMatch(viewer: Viewer, id: number): Promise<Match> {
  const match = await lockOwnOffer(viewer, id)
  if (match.state === 'discarded') throw createError(404)
  return match
}

/** What a pair knows of each other before they meet (spec 4.4): no answers to criteria, no address. */
export type ProfileRow = {
  course: string | null
  study_year: string | null
  wants: string | null
  offers: string | null
  could_teach: string | null
  free_times: string | null
  channels: string[]
}
const PROFILE = 'pa.course, pa.study_year, pa.wants, pa.offers, pa.could_teach, pa.free_times, pa.channels'
const partnerProfile = statement<ProfileRow & { pronoun: string | null }>(
  'find_partner_profile',
  `select ${PROFILE}, p.pronoun from matches m
   join participants pa on pa.id in (m.mentor_id, m.mentee_id) and pa.id <> $1 join people p on p.id = pa.person_id
   where m.id = $2 and (m.mentor_id = $1 or m.mentee_id = $1)`,
)
/** The partner's profile in a match of the viewer's. */
export async function findPartnerProfile(viewer: Viewer, match: OwnMatchRow) {
  return (await partnerProfile(viewer.participant?.id, match.id))[0]
}

/** Somebody who may be paired. */
export type CandidateRow = ProfileRow & {
  id: number
  role: Role
  ref: string
  name: string | null
  decided_at: Date | null
  capacity: number
  open_matches: number
  trained: boolean
  /** Whom they were paired with here before. */
  before: { id: number; ended_on: string }[]
}
/** How many matches a mentor has, at $3: an offer that has run out takes nobody's room, even while it still stands there. */
const OPEN = `pa.open_matches - (select count(*)::int from matches r
  where r.mentor_id = pa.id and r.state = 'offered' and r.expires_at <= $3)`
/** Whether a mentee pa may be matched: after a match that is over, a coordinator says so first. */
export const IS_READY = `not exists (select 1 from matches b where b.mentee_id = pa.id and b.state = 'closed' and b.ready_at is null)`
const ready = statement<{ ready: boolean }>(
  'is_ready',
  `select ${IS_READY} as ready from participants pa where pa.id = $1`,
)
/** Whether a mentee of the viewer's programme may be matched anew. */
export async function isReady(_viewer: Viewer, menteeId: number): Promise<boolean> {
  return (await ready(menteeId))[0]?.ready ?? false
}
const candidates = statement<CandidateRow>(
  'list_candidates',
  `select pa.id, pa.role, pa.ref, p.shown_name as name, pa.decided_at, pa.capacity, ${OPEN} as open_matches, ${PROFILE},
     ${TRAINED} as trained,
     coalesce((select json_agg(json_build_object('id', case when m.mentor_id = pa.id then m.mentee_id else m.mentor_id end,
         'ended_on', m.ended_at::date)) from matches m
       where (m.mentor_id = pa.id or m.mentee_id = pa.id) and m.state = 'closed'), '[]') as before
   from participants pa join people p on p.id = pa.person_id
   where pa.programme_id = $1 and pa.role = $2 and pa.state in ('eligible', 'exception')
     and not ${SEEN_AS_STAFF} and ${IS_READY}
     and case when pa.role = 'mentor' then ${OPEN} < pa.capacity
       else not exists (select 1 from matches m where m.mentee_id = pa.id and m.ended_at is null
         and (m.state <> 'offered' or m.expires_at > $3)) end
   order by open_matches, pa.decided_at, pa.id limit 200`,
)
/** Mentees without a mentor, or mentors with room, in the programme the viewer coordinates; who waits longest is first. */
export async function listCandidates(viewer: Viewer, role: Role, at: Date): Promise<CandidateRow[]> {
  return hasDuty(viewer, 'coordinator') ? candidates(viewer.programme?.id, role, at) : []
}

type SideRow = { id: number; name: string | null; given_name: string | null; ref: string; answer: Answer | null }
/** The facts of a match, as its coordinator sees them: never what the pair wrote. */
export type MatchFactsRow = {
  id: number
  state: MatchState
  active_at: Date | null
  contacts_counted: number
  contacts_waiting: number
  minimum: number
  last_contact_on: string | null
  stage: number
  stage_since: Date | null
  /** Somebody gave two low pulses in a row. */
  pulses_low: boolean
  /** How many of the two would like to hear from the coordinator. */
  wishes: number
  expires_at: Date | null
  paused_at: Date | null
  paused_until: string | null
  paused_by: Role | 'coordinator' | null
  resumed_at: Date | null
  planned_end_on: string
  closing_at: Date | null
  closing_until: Date | null
  over_because: EndReason | null
  signed: number
  in_force_at: Date | null
  mentee: SideRow
  mentor: SideRow & { trained: boolean }
}
const PAGE = 50
const side = (name: 'mentee' | 'mentor', pa: string, p: string, more = '') =>
  `json_build_object('id', ${pa}.id, 'name', ${p}.shown_name, 'given_name', ${p}.call_name, 'ref', ${pa}.ref, 'answer', m.${name}_answer${more}) as ${name}`
const FACTS = `
  select m.id, m.state, m.active_at, m.contacts_counted, m.contacts_waiting,
    coalesce(m.minimum_contacts, pr.minimum_contacts) as minimum, m.last_contact_on, m.stage, m.stage_since, m.pulses_low, m.wishes, m.expires_at,
    ${ENDING}, coalesce(m.planned_end_on, pr.ends_on)::text as planned_end_on,
    coalesce((a.mentee_signed_at is not null)::int + (a.mentor_signed_at is not null)::int, 0) as signed, f.in_force_at,
    ${side('mentee', 'me', 'e')}, ${side('mentor', 'pa', 'o', `, 'trained', ${TRAINED}`)}
  from matches m
  join programmes pr on pr.id = m.programme_id
  join participants me on me.id = m.mentee_id join people e on e.id = me.person_id
  join participants pa on pa.id = m.mentor_id join people o on o.id = pa.person_id
  left join agreements a on a.match_id = m.id and a.state = 'draft'
  left join agreements f on f.match_id = m.id and f.state = 'in_force' ${PAUSE}
  where m.programme_id = $1`
/** A pair in the list, with what came of its reports. */
export type ListedMatchRow = MatchFactsRow & { mentee_report: boolean; mentor_report: boolean; ended_at: Date | null }
const LISTED = FACTS.replace(
  'select m.id,',
  `select m.ended_at, exists (select 1 from reports r where r.participant_id = m.mentee_id and r.first_received_at is not null)
     as mentee_report,
   exists (select 1 from reports r where r.participant_id = m.mentor_id and r.first_received_at is not null) as mentor_report,
   m.id,`,
)
/**
 * What a coordinator should look at, of matches m at the time $2, on the day $3: no contact for three weeks (a pause does
 * not count, and days are counted anew after it);
 */
export const SILENT = `m.state = 'active'
  and greatest(coalesce(m.last_contact_on, m.active_at::date), m.resumed_at::date) < $3::date - 21`
/** longer than three weeks in the first stage, or two low answers of one of them in a row (R56); */
export const STUCK = `m.state = 'active' and (m.pulses_low
  or m.stage = 1 and greatest(m.stage_since, m.resumed_at) < $2::timestamptz - interval '21 days')`
/** both said yes more than a week ago, and they have not begun. */
export const UNSIGNED = `m.state = 'agreeing'
  and greatest(m.mentee_answered_at, m.mentor_answered_at) < $2::timestamptz - interval '7 days'`
/** The oldest request about a match m that waits for an answer. */
const OPEN_REQUEST = `select q.id from fit_requests q where q.match_id = m.id and q.handled_at is null order by q.id limit 1`
// $4 is which of them.
const SHOWN_IN_LIST = `and case $4
    when 'open' then m.ended_at is null and (m.state <> 'offered' or m.expires_at > $2)
    when 'attention' then m.ended_at is null and (m.wishes > 0 or exists (${OPEN_REQUEST}) or ${SILENT} or ${STUCK} or ${UNSIGNED}
      or exists (select 1 from contacts c where c.match_id = m.id and c.state = 'disputed'))
    when 'closed' then m.ended_at is not null and m.state <> 'discarded'
    else m.state = $4 and m.ended_at is null end`
/** What the list can be sorted by, the first in the list first. */
const SORTS: Record<Sorted, string> = {
  name: `lower(coalesce(e.shown_name, me.ref))`,
  contact: `coalesce(m.last_contact_on, m.active_at::date, 'infinity'::date)`,
  contacts: 'm.contacts_counted',
  stage: `case when m.active_at is null then 0 else m.stage end`,
}
const listSorted = (sorted: Sorted) =>
  statement<ListedMatchRow>(
    `list_matches_by_${sorted}`,
    `${LISTED} ${SHOWN_IN_LIST} and ($5::int is null or (${SORTS[sorted]}, m.id) > (
       select ${SORTS[sorted]}, m.id from matches m join participants me on me.id = m.mentee_id
       join people e on e.id = me.person_id where m.id = $5 and m.programme_id = $1))
     order by ${SORTS[sorted]}, m.id limit $6`,
  )
const lists = Object.fromEntries(SORTED.map((sorted) => [sorted, listSorted(sorted)])) as Record<
  Sorted,
  ReturnType<typeof listSorted>
>
export type Listing = { show: Shown; sort: Sorted; after?: number | undefined }
/** One page of the pairs and offers of the programme that the viewer coordinates. */
export async function listMatches(
  viewer: Viewer,
  { show, sort, after }: Listing,
  on: { at: Date; day: string },
  most = PAGE,
): Promise<{ matches: ListedMatchRow[]; hasMore: boolean }> {
  if (!hasDuty(viewer, 'coordinator')) return { matches: [], hasMore: false }
  const rows = await lists[sort](viewer.programme?.id, on.at, on.day, show, after ?? null, most + 1)
  return { matches: rows.slice(0, most), hasMore: rows.length > most }
}

/** One of them, with what its coordinator said and was told. */
export type MatchRow = MatchFactsRow & {
  reason: string | null
  decline_note: string | null
  ended_at: Date | null
  end_reason: string | null
  end_note: string | null
  ready_at: Date | null
  /** Somebody asks for something to change, and has no answer yet. */
  request_id: number | null
}
const factsOfOne = statement<MatchRow>(
  'find_match_facts',
  `${FACTS.replace('select m.id,', `select m.reason, m.decline_note, m.ended_at, m.end_reason, m.end_note, m.ready_at, (${OPEN_REQUEST}) as request_id, m.id,`)} and m.id = $2`,
)
/** A match of the programme that the viewer coordinates; to anyone else it does not exist. */
export async function findMatchFacts(viewer: Viewer, id: number): Promise<MatchRow> {
  const [match] = hasDuty(viewer, 'coordinator') ? await factsOfOne(viewer.programme?.id, id) : []
  if (!match) throw createError(404)
  return match
}

/** What happened to a match, without a word of what was written. */
export type HappenedRow = {
  kind:
    | 'offered'
    | 'accepted'
    | 'in_force'
    | 'contact'
    | 'stage'
    | 'skipped'
    | 'report'
    | 'nudge'
    | 'paused'
    | 'pausedByCoordinator'
    | 'resumed'
    | 'closing'
    | 'ended'
    | 'ready'
  at: Date
  /** Who of the two it was, or whom it was for. */
  role: Role | null
  /** A version, a stage, minutes; of what was written to one of them, its id. */
  number: number | null
  /** A way of being in touch. */
  channel: string | null
}
const STEP = (kind: string, at: string, from: string, { role = 'null', number = 'null', channel = 'null' } = {}) =>
  `select '${kind}' as kind, ${at} as at, ${role}::text as role, ${number}::int as number, ${channel}::text as channel from ${from}`
const happened = statement<HappenedRow>(
  'list_what_happened',
  `select * from (${[
    STEP('offered', 'm.offered_at', 'matches m where m.id = $1 and m.offered_at is not null'),
    ...(['mentee', 'mentor'] as const).map((role) =>
      STEP('accepted', `m.${role}_answered_at`, `matches m where m.id = $1 and m.${role}_answer = 'accepted'`, {
        role: `'${role}'`,
      }),
    ),
    STEP('in_force', 'a.in_force_at', 'agreements a where a.match_id = $1 and a.in_force_at is not null', {
      number: 'a.version',
    }),
    STEP(
      'contact',
      "c.happened_on::timestamptz + interval '12 hours'", // a day has no hour: it stands in the middle of it
      `contacts c where c.match_id = $1 and c.outcome = 'made' and c.state <> 'withdrawn'`,
      { number: 'c.minutes', channel: 'c.channel' },
    ),
    STEP('stage', 's.done_at', 'stage_states s where s.match_id = $1 and s.done_at is not null', { number: 's.stage' }),
    STEP('skipped', 's.skipped_at', 'stage_states s where s.match_id = $1 and s.skipped_at is not null', {
      number: 's.stage',
    }),
    STEP(
      'report',
      'r.first_received_at',
      `matches m join participants pa on pa.id in (m.mentee_id, m.mentor_id) join reports r on r.participant_id = pa.id
       where m.id = $1 and r.first_received_at is not null`,
      { role: 'pa.role' },
    ),
    STEP('nudge', 'n.sent_at', 'nudges n join participants pa on pa.id = n.to_id where n.match_id = $1', {
      role: 'pa.role',
      number: 'n.id',
    }),
    ...(['paused', 'pausedByCoordinator'] as const).map((kind) =>
      STEP(
        kind,
        'z.began_at',
        `match_pauses z where z.match_id = $1 and (z.by_role = 'coordinator') = ${kind !== 'paused'}`,
        {
          role: `nullif(z.by_role, 'coordinator')`,
        },
      ),
    ),
    STEP('resumed', 'z.ended_at', 'match_pauses z where z.match_id = $1 and z.ended_at is not null'),
    STEP('closing', 'm.closing_at', 'matches m where m.id = $1 and m.closing_at is not null'),
    STEP('ready', 'm.ready_at', 'matches m where m.id = $1 and m.ready_at is not null'),
    STEP('ended', 'm.ended_at', 'matches m where m.id = $1 and m.ended_at is not null'),
  ].join(' union all ')}) h order by h.at desc limit 100`,
)
/** What happened to a match that its coordinator has found, the newest first; a hundred lines at most. */
export async function listHappened({ id }: MatchRow): Promise<HappenedRow[]> {
  return happened(id)
}

/** The same, held until the end of the transaction. */
export async function lockMatch(viewer: Viewer, id: number): Promise<Match> {
  const programmeId = viewer.programme?.id ?? 0
  const match = hasDuty(viewer, 'coordinator')
    ? await Match.findOne({ where: { id, programmeId }, lock: true })
    : undefined
  if (!match) throw createError(404)
  return match
}

/** A match to be moved on by itself, held until the end of the transaction. */
export async function lockAnyMatch(_as: System, id: number): Promise<Match> {
  return Match.findByPk(id, { lock: true, rejectOnEmpty: true })
}

/** Somebody who leaves the programme. */
export type LeavingRow = { id: number; role: Role }
/** All that they have open, held until the end of the transaction. */
export async function lockMatchesOf({ id }: LeavingRow): Promise<Match[]> {
  return Match.findAll({
    where: { [Op.or]: [{ mentorId: id }, { menteeId: id }], endedAt: null },
    order: [['id', 'asc']],
    lock: true,
  })
}

const pastPair = statement<{ ended_on: string }>(
  'find_past_pair',
  `select max(ended_at)::date::text as ended_on from matches
   where mentee_id = $1 and mentor_id = $2 and state = 'closed' having count(*) > 0`,
)
/** When a mentee and a mentor of the viewer's programme were a pair before, if they were. */
export async function findPastPair(_viewer: Viewer, menteeId: number, mentorId: number): Promise<string | undefined> {
  return (await pastPair(menteeId, mentorId))[0]?.ended_on
}

/** Offers a match in the viewer's programme. */
export async function addOffer(
  viewer: Viewer,
  offer: { mentorId: number; menteeId: number; reason: string | null; offeredAt: Date; expiresAt: Date },
): Promise<Match> {
  return Match.create({ ...offer, programmeId: viewer.programme?.id ?? 0, madeById: viewer.personId })
}

/** Moves a match on. */
export async function saveMatch(match: Match, change: Partial<Match['dataValues']>): Promise<void> {
  await match.update(change)
}

const addOpenPause = statement(
  'add_pause',
  `insert into match_pauses (match_id, by_role, began_at, until) values ($1, $2, $3, $4)`,
)
/** A match rests from now until a day. */
export async function addPause(
  { id }: Match,
  by: Role | 'coordinator',
  { at, until }: { at: Date; until: string },
): Promise<void> {
  await addOpenPause(id, by, at, until)
}
const endOpenPause = statement(
  'end_pause',
  'update match_pauses set ended_at = $2 where match_id = $1 and ended_at is null',
)
/** Its pause is over, if it has one. */
export async function endPause({ id }: Match, at: Date): Promise<void> {
  await endOpenPause(id, at)
}

/** What happened to a match of itself. */
export type MovedRow = { id: number; programme_id: number; mentor_id: number; mentee_id: number }
const expire = statement<MovedRow>(
  'expire_offers',
  `update matches set state = 'discarded', ended_at = $1, end_reason = 'expired'
   where state = 'offered' and expires_at <= $1 and ($2::integer is null or programme_id = $2)
   returning id, programme_id, mentor_id, mentee_id`,
)
/** Ends the offers that have run out, everywhere or in the viewer's programme. */
export async function expireOffers(as: System | Viewer, at: Date): Promise<MovedRow[]> {
  return expire(at, 'system' in as ? null : as.programme?.id)
}

const activate = statement<MovedRow>(
  'activate_matches',
  `update matches m set state = 'active', active_at = $1, stage_since = $1 from programmes pr, participants pa
   where pr.id = m.programme_id and pa.id = m.mentor_id and m.state = 'agreeing' and ($2::integer is null or m.id = $2)
     and exists (select 1 from agreements a where a.match_id = m.id and a.state = 'in_force')
     and (not pr.training_required or ${TRAINED})
   returning m.id, m.programme_id, m.mentor_id, m.mentee_id`,
)
/** Begins every match, or this one, whose agreement is in force and whose mentor is trained or excused (4.7). */
export async function activateMatches(scope: System | Match, at: Date): Promise<MovedRow[]> {
  return activate(at, 'system' in scope ? null : scope.id)
}

/** A question about an offer. Its asker and the coordinators read it, nobody else. */
export type QuestionRow = {
  id: number
  asked_by_id: number
  asked_by: { role: Role; name: string | null; ref: string }
  question: string
  asked_at: Date
  answer: string | null
  answered_at: Date | null
}
const QUESTIONS = `
  select q.id, q.asked_by_id, json_build_object('role', pa.role, 'name', p.shown_name, 'ref', pa.ref) as asked_by,
    q.question, q.asked_at, q.answer, q.answered_at
  from offer_questions q join participants pa on pa.id = q.asked_by_id join people p on p.id = pa.person_id
  where q.match_id = $1`
const ownQuestions = statement<QuestionRow>(
  'list_own_questions',
  `${QUESTIONS} and q.asked_by_id = $2 order by q.id limit 50`,
)
/** What the viewer asked about an offer, and the answers. */
export async function listOwnQuestions(viewer: Viewer, match: OwnMatchRow): Promise<QuestionRow[]> {
  return viewer.participant ? ownQuestions(match.id, viewer.participant.id) : []
}
const allQuestions = statement<QuestionRow>('list_questions', `${QUESTIONS} order by q.id limit 100`)
/** What was asked about an offer, for its coordinator. */
export async function listQuestions(match: MatchRow): Promise<QuestionRow[]> {
  return allQuestions(match.id)
}

const ask = statement<{ id: number }>(
  'ask_question',
  `insert into offer_questions (match_id, asked_by_id, form_key, question, asked_at)
   select $1, $2, $3, $4, $5 where (select count(*) from offer_questions where match_id = $1 and asked_by_id = $2) < 20
   on conflict (form_key) do nothing returning id`,
)
/** Writes a question down. Says no when this very form was used before, or there are twenty already. */
export async function addQuestion(
  match: Match,
  by: Viewer,
  { formKey, question }: { formKey: string; question: string },
  at: Date,
): Promise<boolean> {
  return (await ask(match.id, by.participant?.id, formKey, question, at)).length > 0
}

const reply = statement<{ asked_by_id: number }>(
  'answer_question',
  `update offer_questions set answer = $3, answered_by_id = $4, answered_at = $5
   where id = $2 and match_id = $1 and answer is null returning asked_by_id`,
)
/** Answers a question, once. Says who asked, or nothing when it is answered already. */
export async function answerQuestion(
  match: Match,
  by: Viewer,
  { id, text }: { id: number; text: string },
  at: Date,
): Promise<number | undefined> {
  return (await reply(match.id, id, text, by.personId, at))[0]?.asked_by_id
}

type Figures = Pick<
  Match['dataValues'],
  | 'contactsCounted'
  | 'contactsWaiting'
  | 'lastContactOn'
  | 'stage'
  | 'stageSince'
  | 'stagesDone'
  | 'pulsesLow'
  | 'wishes'
>
/** Keeps the figures of a match in step with its contacts, its stages, and how they go. */
export async function saveFigures(match: Match, figures: Partial<Figures>): Promise<void> {
  await match.update(figures)
}
