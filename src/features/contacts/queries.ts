import createError from 'http-errors'
import { statement } from '../../db.ts'
import type { Channel, ContactState, Match } from '../../models/index.ts'
import { hasDuty, type System, type Viewer } from '../../web/viewer.ts'
import { readableSince } from '../matches/index.ts'

/** What a contact was, without what the two wrote about it: a coordinator sees this much (spec 4.4). */
export type ContactFactsRow = {
  id: number
  match_id: number
  /** Who wrote it down; nobody of the two, when it was told to the coordinator. */
  recorded_by_id: number | null
  on_behalf: boolean
  recorded_at: Date
  happened_on: string
  outcome: 'made' | 'attempted'
  channel: Channel | null
  minutes: number | null
  state: ContactState
  disputed_by_id: number | null
}
/** A contact as one of its pair sees it. */
export type ContactRow = ContactFactsRow & {
  line: string | null
  difference: string | null
  /** Of a visit to a class. */
  place: string | null
  course_area: string | null
  host_informed: boolean | null
  /** What the two talked about: keys of stage items. */
  agenda: string[]
}
const FACTS = `c.id, c.match_id, c.recorded_by_id, c.on_behalf, c.recorded_at, c.happened_on, c.outcome, c.channel,
  c.minutes, c.state, c.disputed_by_id`
const COLUMNS = `${FACTS}, c.line, c.difference, c.place, c.course_area, c.host_informed, c.agenda`
const OF_VIEWER = '(m.mentor_id = $1 or m.mentee_id = $1)'
// Of a match that ended before $3, everybody keeps the facts, which numbers rest on, and their own words (spec 4.4, rule 5).
const READABLE = '(m.ended_at is null or m.ended_at > $3)'
const mine = (column: string, writer = 'c.recorded_by_id') =>
  `case when ${READABLE} or ${writer} = $1 then c.${column} end as ${column}`
const OWN_COLUMNS = `${FACTS}, c.agenda, ${['line', 'place', 'course_area', 'host_informed'].map((one) => mine(one)).join(', ')},
  ${mine('difference', 'c.disputed_by_id')}`

const findOne = statement<ContactRow>(
  'find_contact',
  `select ${OWN_COLUMNS} from contacts c join matches m on m.id = c.match_id where c.id = $2 and ${OF_VIEWER}`,
)
/** A contact of the viewer's own match. To anyone else it does not exist. */
export async function findContact(viewer: Viewer, id: number): Promise<ContactRow> {
  const [contact] = viewer.participant ? await findOne(viewer.participant.id, id, readableSince()) : []
  if (!contact) throw createError(404)
  return contact
}

const ofMatch = statement<ContactRow>(
  'list_contacts',
  `select ${OWN_COLUMNS} from contacts c join matches m on m.id = c.match_id
   where m.id = $2 and ${OF_VIEWER} order by c.happened_on desc, c.id desc limit 200`,
)
/** All contacts of the viewer's own match, newest first: a pair has a handful. */
export async function listContacts(viewer: Viewer, matchId: number): Promise<ContactRow[]> {
  return viewer.participant ? ofMatch(viewer.participant.id, matchId, readableSince()) : []
}

/** What a contact said before it was corrected. */
export type CorrectionRow = Pick<ContactRow, 'happened_on' | 'channel' | 'minutes' | 'line' | 'difference'> & {
  outcome: ContactRow['outcome']
  corrected_at: Date
}
const corrections = statement<CorrectionRow>(
  'list_corrections',
  `select k.happened_on, k.outcome, k.channel, k.minutes, k.corrected_at,
     case when ${READABLE} or c.recorded_by_id = $1 then k.line end as line,
     case when ${READABLE} or c.recorded_by_id <> $1 then k.difference end as difference
   from contact_corrections k join contacts c on c.id = k.contact_id join matches m on m.id = c.match_id
   where k.contact_id = $2 order by k.id desc limit 20`,
)
/** What a contact of the viewer's said before, the newest first. */
export async function listCorrections(viewer: Viewer, { id }: ContactRow): Promise<CorrectionRow[]> {
  return corrections(viewer.participant?.id, id, readableSince())
}

const same = statement<ContactRow>(
  'find_same_contact',
  `select ${COLUMNS} from contacts c where c.match_id = $1 and c.happened_on = $3 and c.channel = $4
     and c.outcome = 'made' and c.state <> 'withdrawn' and c.recorded_by_id is distinct from $2
   order by c.id desc limit 1`,
)
/** One of the same day and way that the viewer did not write: perhaps the one that they write down now. */
export async function findSameContact(viewer: Viewer, match: Match, on: { day: string; channel: Channel | null }) {
  return (await same(match.id, viewer.participant?.id, on.day, on.channel))[0]
}

const facts = statement<Pick<ContactFactsRow, 'id' | 'happened_on' | 'outcome' | 'state'>>(
  'list_contact_facts',
  'select id, happened_on, outcome, state from contacts where match_id = $1 order by happened_on, id',
)
/** What decides which contacts of a match count. */
export async function listCountedFacts(match: Match) {
  return facts(match.id)
}

const told = statement<ContactFactsRow>(
  'list_contacts_of_programme_match',
  `select ${FACTS} from contacts c join matches m on m.id = c.match_id
   where m.id = $2 and m.programme_id = $1 order by c.happened_on desc, c.id desc limit 200`,
)
/** The contacts of a match, for the coordinator of its programme: when, how, how long, and how they stand. */
export async function listContactFacts(viewer: Viewer, matchId: number): Promise<ContactFactsRow[]> {
  return hasDuty(viewer, 'coordinator') ? told(viewer.programme?.id, matchId) : []
}

const ruled = statement<ContactFactsRow>(
  'find_contact_of_programme',
  `select ${FACTS} from contacts c join matches m on m.id = c.match_id where c.id = $2 and m.programme_id = $1`,
)
/** A contact in the programme that the viewer coordinates; to anyone else it does not exist. */
export async function findContactFacts(viewer: Viewer, id: number): Promise<ContactFactsRow> {
  const [contact] = hasDuty(viewer, 'coordinator') ? await ruled(viewer.programme?.id, id) : []
  if (!contact) throw createError(404)
  return contact
}

export type NewContact = Pick<
  ContactRow,
  'happened_on' | 'outcome' | 'channel' | 'minutes' | 'line' | 'place' | 'course_area' | 'host_informed'
> & { agenda?: readonly string[] } & { formKey: string; at: Date }
const insert = statement<{ id: number }>(
  'insert_contact',
  `insert into contacts (match_id, recorded_by_id, form_key, happened_on, outcome, channel, minutes, line, place, course_area,
     host_informed, recorded_at, agenda)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict (form_key) do nothing returning id`,
)
/** Writes a contact down. Says nothing when this very form was used before. */
export async function addContact(match: Match, by: Viewer, contact: NewContact): Promise<number | undefined> {
  const {
    formKey,
    happened_on,
    outcome,
    channel,
    minutes,
    line,
    place,
    course_area,
    host_informed,
    at,
    agenda = [],
  } = contact
  const what = [happened_on, outcome, channel, minutes, line, place, course_area, host_informed, at, agenda]
  return (await insert(match.id, by.participant?.id, formKey, ...what))[0]?.id
}

const ofForm = statement<{ id: number }>(
  'find_contact_of_form',
  'select id from contacts where match_id = $1 and recorded_by_id = $2 and form_key = $3',
)
/** The contact that this very form has written before, if it has. */
export async function findContactOfForm(match: Match, by: Viewer, formKey: string): Promise<number | undefined> {
  return (await ofForm(match.id, by.participant?.id, formKey))[0]?.id
}

const insertTold = statement<{ id: number }>(
  'insert_contact_on_behalf',
  `insert into contacts (match_id, on_behalf, told_to_id, form_key, happened_on, outcome, channel, minutes, state, recorded_at)
   values ($1, true, $2, $3, $4, 'made', $5, $6, 'confirmed', $7) on conflict (form_key) do nothing returning id`,
)
export type ToldContact = Pick<ContactRow, 'happened_on' | 'channel' | 'minutes'> & { formKey: string; at: Date }
/** Writes down what was told to the coordinator. Says nothing when this very form was used before. */
export async function addToldContact(match: Match, by: Viewer, contact: ToldContact): Promise<number | undefined> {
  const { formKey, happened_on, channel, minutes, at } = contact
  return (await insertTold(match.id, by.personId, formKey, happened_on, channel, minutes, at))[0]?.id
}

const correct = statement(
  'correct_contact',
  `with before as (insert into contact_corrections
     (contact_id, happened_on, outcome, channel, minutes, line, difference, corrected_at)
     select id, happened_on, outcome, channel, minutes, line, difference, $10 from contacts where id = $1)
   update contacts set happened_on = $2, outcome = $3, channel = $4, minutes = $5, line = $6, place = $7, course_area = $8,
     host_informed = $9, agenda = case when $3 = 'made' then agenda else '{}' end, recorded_at = $10, state = 'recorded', difference = null, disputed_by_id = null,
     answered_at = null, reminded_at = null
   where id = $1`,
)
/** Writes a contact anew; what it said before stays with it. It waits for the other side again. */
export async function saveCorrection({ id }: ContactRow, contact: Omit<NewContact, 'formKey'>): Promise<void> {
  const { happened_on, outcome, channel, minutes, line, place, course_area, host_informed, at } = contact
  await correct(id, happened_on, outcome, channel, minutes, line, place, course_area, host_informed, at)
}

const move = statement(
  'move_contact',
  'update contacts set state = $2, answered_at = $3, disputed_by_id = $4, difference = coalesce($5, difference) where id = $1',
)
/** Moves a contact on; `by` and `difference` when somebody remembers it differently. */
export async function saveState(
  { id }: ContactFactsRow,
  state: ContactState,
  at: Date,
  dispute: { by?: number | undefined; difference?: string | undefined } = {},
): Promise<void> {
  await move(id, state, at, dispute.by ?? null, dispute.difference ?? null)
}

const due = statement<{ match_id: number }>(
  'list_matches_to_presume',
  `select match_id from contacts where state = 'recorded' and outcome = 'made' and recorded_at <= $1
   group by match_id order by min(recorded_at) limit 500`,
)
/** The matches with contacts that nobody has answered since `before`. */
export async function listMatchesToPresume(_as: System, before: Date): Promise<number[]> {
  return (await due(before)).map((row) => row.match_id)
}

const presume = statement<{ id: number }>(
  'presume_contacts',
  `update contacts set state = 'presumed', answered_at = $3
   where match_id = $1 and state = 'recorded' and outcome = 'made' and recorded_at <= $2 returning id`,
)
/** Takes the unanswered contacts of a match as right. */
export async function presumeContacts(match: Match, before: Date, at: Date): Promise<number[]> {
  return (await presume(match.id, before, at)).map((row) => row.id)
}

/** Somebody who has not answered for three days. */
export type RemindRow = { id: number; programme_id: number; recipient_id: number }
const remind = statement<RemindRow>(
  'claim_contacts_to_remind',
  `update contacts c set reminded_at = $2 from matches m
   where m.id = c.match_id and m.state <> 'paused' and c.state = 'recorded' and c.outcome = 'made' and c.reminded_at is null
     and c.recorded_at <= $1
   returning c.id, m.programme_id, case when c.recorded_by_id = m.mentor_id then m.mentee_id else m.mentor_id end as recipient_id`,
)
/** The contacts that wait since `before`; each is given out once. */
export async function claimContactsToRemind(_as: System, before: Date, at: Date): Promise<RemindRow[]> {
  return remind(before, at)
}

/** When and how the two of a match mean to be in touch next. */
export type NextContactRow = {
  match_id: number
  planned_on: string
  planned_at: string | null
  channel: Channel | null
  version: number
  /** What they mean to talk about: keys of stage items. */
  agenda: string[]
}
const next = statement<NextContactRow>(
  'find_next_contact',
  `select n.match_id, n.planned_on, n.planned_at, n.channel, n.version, n.agenda from next_contacts n join matches m on m.id = n.match_id
   where ${OF_VIEWER} and m.ended_at is null and m.id = $2`,
)
/** What is planned in a match of the viewer's. */
export async function findNextContact(viewer: Viewer, matchId: number): Promise<NextContactRow | undefined> {
  return viewer.participant ? (await next(viewer.participant.id, matchId))[0] : undefined
}

/** What the form of a new contact begins with. */
export type LogHintsRow = { last: Channel | null; agenda: string[] }
const hints = statement<LogHintsRow>(
  'find_log_hints',
  `select (select c.channel from contacts c where c.match_id = m.id and c.channel is not null
       order by c.happened_on desc, c.id desc limit 1) as last,
     coalesce((select n.agenda from next_contacts n where n.match_id = m.id), '{}') as agenda
   from matches m where m.id = $2 and ${OF_VIEWER}`,
)
/** The way that the two used last in a match of the viewer's, and what they meant to talk about. */
export async function findLogHints(viewer: Viewer, matchId: number): Promise<LogHintsRow> {
  const [found] = viewer.participant ? await hints(viewer.participant.id, matchId) : []
  return found ?? { last: null, agenda: [] }
}

/** The contact of match `m` that waits longest for the word of participant $1: to join, for the statement of a page. */
export const TO_CONFIRM = `lateral (select c.id, c.happened_on, c.channel, c.minutes, c.agenda from contacts c
  where c.match_id = m.id and c.state = 'recorded' and c.outcome = 'made' and c.recorded_by_id <> $1
  order by c.happened_on, c.id limit 1)`
export type ToConfirmRow = Pick<ContactRow, 'id' | 'happened_on' | 'channel' | 'minutes' | 'agenda'>

const plan = statement(
  'save_next_contact',
  `insert into next_contacts as n (match_id, planned_on, planned_at, channel, changed_at, agenda)
   values ($1, $2, $3, $4, $5, coalesce($6::text[], '{}'))
   on conflict (match_id) do update set planned_on = excluded.planned_on, planned_at = excluded.planned_at,
     channel = excluded.channel, agenda = coalesce($6::text[], n.agenda), version = n.version + 1, changed_at = excluded.changed_at`,
)
export type Planned = Pick<NextContactRow, 'planned_on' | 'planned_at' | 'channel'> & { agenda?: readonly string[] }
/** Sets the one next contact of a match, in place of the one before; without an agenda, that one stays. */
export async function saveNextContact(match: Match, planned: Planned, at: Date): Promise<void> {
  await plan(match.id, planned.planned_on, planned.planned_at, planned.channel, at, planned.agenda ?? null)
}

const unplan = statement('drop_next_contact', 'delete from next_contacts where match_id = $1 and planned_on <= $2')
/** Nothing is planned any more that was meant for this day or one before it. */
export async function dropNextContact(match: Match, until: string): Promise<void> {
  await unplan(match.id, until)
}

/** Messages that may be a contact, as one of the two is asked about them. */
export type ExchangeRow = { id: number; match_id: number; happened_on: string; contact_id: number | null }
const exchange = statement<ExchangeRow>(
  'find_exchange',
  `select e.id, e.match_id, e.happened_on, e.contact_id from exchanges e join matches m on m.id = e.match_id
   where ${OF_VIEWER} and e.id = $2`,
)
/** An exchange of messages in the viewer's own match. To anyone else it does not exist. */
export async function findExchange(viewer: Viewer, id: number): Promise<ExchangeRow> {
  const [found] = viewer.participant ? await exchange(viewer.participant.id, id) : []
  if (!found) throw createError(404)
  return found
}

const asked = statement<ExchangeRow>(
  'find_open_exchange',
  `select e.id, e.match_id, e.happened_on, e.contact_id from exchanges e join matches m on m.id = e.match_id
   where ${OF_VIEWER} and m.id = $2 and e.contact_id is null and e.found_at > $3
     and not case when m.mentor_id = $1 then e.mentor_declined else e.mentee_declined end
   order by e.id desc limit 1`,
)
/** The exchange that the viewer is asked about in a match of theirs, if there is one since then. */
export async function findOpenExchange(viewer: Viewer, matchId: number, since: Date): Promise<ExchangeRow | undefined> {
  return viewer.participant ? (await asked(viewer.participant.id, matchId, since))[0] : undefined
}

const cover = statement(
  'cover_exchanges',
  `update exchanges set contact_id = $2 where match_id = $1 and contact_id is null
     and happened_on between $3::date - 3 and $3::date + 3`,
)
/** Messages here that somebody has logged by themselves are not asked about any more. */
export async function coverExchanges(match: Match, contactId: number, day: string): Promise<void> {
  await cover(match.id, contactId, day)
}

const count = statement('save_exchange_contact', 'update exchanges set contact_id = $2 where id = $1')
/** It was a contact. */
export async function saveExchangeContact({ id }: Pick<ExchangeRow, 'id'>, contactId: number): Promise<void> {
  await count(id, contactId)
}

const decline = statement(
  'decline_exchange',
  `update exchanges e set mentor_declined = mentor_declined or m.mentor_id = $2, mentee_declined = mentee_declined or m.mentee_id = $2
   from matches m where m.id = e.match_id and e.id = $1`,
)
/** The viewer does not want to count it, and is not asked again. */
export async function saveExchangeDeclined(viewer: Viewer, { id }: ExchangeRow): Promise<void> {
  await decline(id, viewer.participant?.id)
}
