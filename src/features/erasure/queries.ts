import createError from 'http-errors'
import { statement } from '../../db.ts'
import { DUTY_HOLDS, hasDuty, type FoundProgramme, type Role, type System, type Viewer } from '../../web/viewer.ts'
import type { COUNTED, Reason } from './forms.ts'

/** Somebody has asked that what is kept of them goes. */
export type RequestRow = {
  id: number
  programme_id: number
  participant_id: number
  person_id: number
  role: Role
  ref: string
  name: string | null
  state: 'open' | 'withdrawn' | 'refused' | 'done'
  asked_at: Date
  decided_at: Date | null
  reason: Reason | null
}
const COLUMNS = `r.id, r.programme_id, r.participant_id, pa.person_id, pa.role, pa.ref, p.shown_name as name, r.state, r.asked_at,
  r.decided_at, r.reason from erasure_requests r join participants pa on pa.id = r.participant_id
  join people p on p.id = pa.person_id`

const ask = statement<{ id: number }>(
  'ask_for_erasure',
  `insert into erasure_requests (programme_id, participant_id, asked_at) values ($1, $2, $3)
   on conflict (participant_id) where state = 'open' do nothing returning id`,
)
/** The viewer, who takes part, asks. Undefined when they have asked already. */
export async function addRequest(viewer: Viewer, at: Date): Promise<number | undefined> {
  if (!viewer.participant) throw createError(404)
  return (await ask(viewer.programme?.id, viewer.participant.id, at))[0]?.id
}

const latest = statement<RequestRow>(
  'find_own_erasure_request',
  `select ${COLUMNS} where r.participant_id = $1 order by r.id desc limit 1`,
)
/** What the viewer asked for last, if ever. */
export async function findOwnRequest(viewer: Viewer): Promise<RequestRow | undefined> {
  return viewer.participant ? (await latest(viewer.participant.id))[0] : undefined
}

const withdraw = statement<{ id: number }>(
  'withdraw_erasure_request',
  `update erasure_requests set state = 'withdrawn', decided_at = $2 where participant_id = $1 and state = 'open' returning id`,
)
/** The viewer does not want it after all. Undefined when nothing was asked. */
export async function saveWithdrawn(viewer: Viewer, at: Date): Promise<number | undefined> {
  if (!viewer.participant) throw createError(404)
  return (await withdraw(viewer.participant.id, at))[0]?.id
}

const find = statement<RequestRow>('find_erasure_request', `select ${COLUMNS} where r.id = $1 and r.programme_id = $2`)
/** A request in the programme that the viewer coordinates. To anyone else it does not exist. */
export async function findRequest(viewer: Viewer, id: number): Promise<RequestRow> {
  const [found] = hasDuty(viewer, 'coordinator') ? await find(id, viewer.programme?.id) : []
  if (!found) throw createError(404)
  return found
}

const hold = statement('hold_erasure_request', 'select 1 from erasure_requests where id = $1 for update')
/** Holds a request until the end of the transaction. */
export async function holdRequest({ id }: RequestRow): Promise<void> {
  await hold(id)
}

const decide = statement(
  'decide_erasure_request',
  `update erasure_requests set state = $2, reason = $3, decided_at = $4, decided_by_id = $5 where id = $1`,
)
/** It is done, or refused for a reason. */
export async function saveDecided({ id }: RequestRow, by: Viewer, at: Date, reason: Reason | undefined): Promise<void> {
  await decide(id, reason ? 'refused' : 'done', reason ?? null, at, by.personId)
}

/** What keeps somebody's words here for now. */
export type BlockRow = { record: boolean; payment: boolean; duty: boolean }
const CONCERNS = `concerns c where c.state <> 'closed' and (c.raised_by_id = pa.person_id or c.about_person_id = pa.person_id
  or exists (select 1 from matches m where m.id = c.match_id and pa.id in (m.mentee_id, m.mentor_id))
  or exists (select 1 from concern_messages k where k.concern_id = c.id and k.author_id = pa.id))`
/** Of an honorarium h: it is not paid yet, and will be. */
export const IS_UNDER_WAY = "h.state in ('due', 'approved', 'exported')"
const blocks = statement<BlockRow>(
  'find_erasure_blocks',
  `select exists (select 1 from ${CONCERNS}) as record,
     exists (select 1 from honoraria h where h.participant_id = pa.id and ${IS_UNDER_WAY}) as payment,
     exists (select 1 from duties d where d.person_id = pa.person_id and d.programme_id = pa.programme_id and
       ${DUTY_HOLDS}) as duty
   from participants pa where pa.id = $1`,
)
/** An open concern, a payment under way, a duty: whoever has one is not erased until it is over. */
export async function findBlocks({ participant_id }: RequestRow): Promise<BlockRow> {
  return (await blocks(participant_id))[0] ?? { record: false, payment: false, duty: false }
}

/** Whose words go: of these participants, who are these people. `whole`: all of the programme, also what others wrote. */
export type GoingRow = { participants: number[]; people: number[]; whole?: boolean }

/** How many of each go, and stay as numbers. */
export type CountsRow = Record<(typeof COUNTED)[number], number>
const OF = 'any($1::int[])'
const WHOSE = 'any($2::int[])'
const MATCHES = `select m.id from matches m where m.mentee_id = ${OF} or m.mentor_id = ${OF}`
const count = (from: string) => `(select count(*)::int from ${from})`
const counts = statement<CountsRow>(
  'count_what_goes',
  `select ${count(`messages s where s.author_id = ${OF} and s.body is not null`)} as messages,
     ${count(`log_entries e where e.participant_id = ${OF}`)} as diaries,
     ${count(`skills_records k where k.participant_id = ${OF}`)} as skills,
     ${count(`goals g join matches m on m.id = g.match_id where m.mentee_id = ${OF}`)}
       + ${count(`tasks k where k.written_by_id = ${OF}`)}
       + ${count(`decisions d join matches m on m.id = d.match_id where m.mentee_id = ${OF}`)} as plans,
     ${count(`contacts c where c.recorded_by_id = ${OF} and c.line is not null`)} as lines,
     ${count(`eligibility_answers a where a.participant_id = ${OF}`)} as answers,
     ${count(`reports r where r.participant_id = ${OF} and (r.answers is not null or r.file_id is not null)`)} as reports,
     ${count(`files f where f.person_id = ${WHOSE}`)} as files,
     ${count(`drafts d where d.person_id = ${WHOSE} and d.fields <> '{}'`)} as drafts,
     ${count(`notifications n where n.person_id = ${WHOSE}`)} as told,
     ${count(`contacts c where c.match_id in (${MATCHES})`)} as contacts,
     ${count(`(${MATCHES}) x`)} as matches,
     ${count(`honoraria h where h.participant_id = ${OF}`)} as payments`,
)
/** What would go, and what would stay, in numbers. */
export async function countGoing({ participants, people }: GoingRow): Promise<CountsRow> {
  const [row] = await counts(participants, people)
  if (!row) throw new Error('A count without a row')
  return row
}

// What stands here is done in this order, each to all that go. `g` is who they are: participants, people, of which
// programme, when, and the words that stand where theirs stood.
const GIVEN = `with g as (select $1::int[] as participants, $2::int[] as people, $3::int as programme, $4::timestamptz as at,
  $5::text as word, $6::boolean as whole)`
const IN = (column: string) => `${column} = any(g.participants)`
const OURS = `(select m.id from matches m, g where m.mentee_id = any(g.participants) or m.mentor_id = any(g.participants))`
const STEPS = [
  // First: what is kept for good lets go of the words of whoever is erased.
  `update participants p set erased_at = g.at, exception_reason = case when p.exception_reason is not null then g.word end,
     told = null, course = null, study_year = null, wants = null, offers = null, could_teach = null, free_times = null,
     channels = '{}' from g where ${IN('p.id')}`,
  `delete from eligibility_answers a using g where ${IN('a.participant_id')}`,

  `delete from pulses u using g where ${IN('u.participant_id')}`,
  `update matches m set reason = null, end_note = null, pulses_low = false,
     wishes = (select count(*) from pulses u where u.match_id = m.id and u.wants_contact and u.answered_at is null),
     decline_note = case when (m.mentee_answer = 'declined' and ${IN('m.mentee_id')})
       or (m.mentor_answer = 'declined' and ${IN('m.mentor_id')}) then null else m.decline_note end
   from g where m.id in ${OURS}`,
  `update offer_questions q set question = g.word, answer = case when q.answer is not null then g.word end
   from g where ${IN('q.asked_by_id')}`,
  `update agreements a set best_times = null,
     mentee_expects = case when ${IN('m.mentee_id')} then null else a.mentee_expects end,
     mentor_expects = case when ${IN('m.mentor_id')} then null else a.mentor_expects end,
     mentee_signed_name = case when ${IN('m.mentee_id')} and a.mentee_signed_name is not null then '' else a.mentee_signed_name end,
     mentor_signed_name = case when ${IN('m.mentor_id')} and a.mentor_signed_name is not null then '' else a.mentor_signed_name end
   from g, matches m where m.id = a.match_id and m.id in ${OURS}`,
  `update agreement_clauses c set title = null, text = g.word from g, agreements a
   where a.id = c.agreement_id and not c.fixed and a.match_id in ${OURS}`,

  `update threads t set title = g.word from g where ${IN('t.started_by_id')}`,
  `update messages s set body = null, quote_id = null, told = true, held_from = null,
     withdrawn_at = coalesce(s.withdrawn_at, g.at) from g where ${IN('s.author_id')}`,

  // Of a contact, its facts stay. What the other one remembers differently is the other's.
  `update contacts c set
     line = case when c.on_behalf or ${IN('c.recorded_by_id')} then null else c.line end,
     place = case when c.on_behalf or ${IN('c.recorded_by_id')} then null else c.place end,
     course_area = case when c.on_behalf or ${IN('c.recorded_by_id')} then null else c.course_area end,
     difference = case when exists (select 1 from matches m where m.id = c.match_id and (
       (${IN('m.mentee_id')} and m.mentee_id is distinct from c.recorded_by_id)
       or (${IN('m.mentor_id')} and m.mentor_id is distinct from c.recorded_by_id))) then null else c.difference end
   from g where c.match_id in ${OURS}`,
  `update contact_corrections o set
     line = case when c.on_behalf or ${IN('c.recorded_by_id')} then null else o.line end,
     difference = case when c.on_behalf or not ${IN('coalesce(c.recorded_by_id, 0)')} then null else o.difference end
   from g, contacts c where c.id = o.contact_id and c.match_id in ${OURS}`,
  `update contact_corrections o set line = null, difference = null from g, contacts c, matches m
   where c.id = o.contact_id and m.id = c.match_id and ${IN('m.mentee_id')} and ${IN('m.mentor_id')}`,

  `delete from log_entries e using g where ${IN('e.participant_id')}`,
  `delete from skills_records k using g where ${IN('k.participant_id')}`,
  `update stage_states x set reopen_line = null from g, matches m where m.id = x.match_id
     and ((x.reopened_by = 'mentee' and ${IN('m.mentee_id')}) or (x.reopened_by = 'mentor' and ${IN('m.mentor_id')}))`,
  `delete from plan_wants w using g where ${IN('w.participant_id')}`,
  `delete from goal_comments o using g where ${IN('o.author_id')}`,
  `update goals o set text = g.word, why = null, measure = null, review_note = case when o.review_note is not null then g.word end
   from g, matches m where m.id = o.match_id and ${IN('m.mentee_id')}`,
  `update tasks k set text = g.word from g where ${IN('k.written_by_id')}`,
  `update decisions d set question = g.word, options = '[]', chosen = case when d.chosen is not null then g.word end
   from g, matches m where m.id = d.match_id and ${IN('m.mentee_id')}`,

  `update reports r set answers = null, file_id = null, draft_file_id = null, names_in = '{}', shared = false,
     note = case when r.note is not null then g.word end from g where ${IN('r.participant_id')}`,
  // That somebody was paid stays, with what the payment is called in the books.
  `update honorarium_steps s set note = null from g, honoraria h where h.id = s.honorarium_id and ${IN('h.participant_id')}`,
  `update honoraria h set reason = case when h.reason is not null then g.word end from g where ${IN('h.participant_id')}`,
  `update excuses x set reason = g.word from g where ${IN('x.participant_id')}`,
  `update training_attendance a set reason = case when a.reason is not null then g.word end from g
   where ${IN('a.participant_id')}`,
  `update fit_requests f set text = null, word = case when f.word is not null then g.word end from g where ${IN('f.raised_by_id')}`,
  // Support for a mentor is about them, whoever of the two wrote it.
  `delete from support_posts s using g where ${IN('s.mentor_id')}`,
  `update nudges n set text = g.word from g where ${IN('n.to_id')}`,
  `delete from grade_differences d using g where ${IN('d.participant_id')}`,
  `delete from scores s using g where ${IN('s.participant_id')}`,

  // Concerns that are closed. An open one has stopped this before.
  `update concerns c set erased_at = g.at, body = g.word, phone = null from g
   where c.programme_id = g.programme and (g.whole or c.raised_by_id = any(g.people)) and c.state = 'closed'`,
  `update concern_steps s set note = null, to_whom = null from g, concerns c where c.id = s.concern_id
     and c.programme_id = g.programme and (g.whole or c.raised_by_id = any(g.people)) and c.erased_at is not null`,
  `update concern_messages k set body = null from g, concerns c where c.id = k.concern_id and (${IN('k.author_id')}
     or (c.programme_id = g.programme and (g.whole or c.raised_by_id = any(g.people)) and c.erased_at is not null))`,
  `update disclosures x set reason = g.word, embargo_reason = case when x.embargo_reason is not null then g.word end
   from g, concerns c where c.id = x.concern_id and c.programme_id = g.programme and c.erased_at is not null`,

  `delete from notifications n using g where (g.whole or n.person_id = any(g.people)) and n.programme_id = g.programme`,
  `delete from mailings n using g where (g.whole or n.person_id = any(g.people)) and n.programme_id = g.programme`,
  `delete from welcomes w using g where (g.whole or w.person_id = any(g.people)) and w.programme_id = g.programme`,
  `delete from invitations i using g, people p where p.id = any(g.people) and i.sub = p.sub and i.programme_id = g.programme`,
  `delete from roster_members r using g, people p, programmes pr where p.id = any(g.people) and r.sub = p.sub
     and pr.id = g.programme and r.context_id = pr.context_id`,
  `delete from grade_differences d using g, people p, resource_links l where p.id = any(g.people) and d.sub = p.sub
     and l.id = d.resource_link_id and l.programme_id = g.programme`,
  `delete from sessions s using g, resource_links l where s.person_id = any(g.people) and l.id = s.resource_link_id
     and l.programme_id = g.programme`,
].map((text, at) => statement(`erase_${at}`, `${GIVEN} ${text}`))

/** Whose data went a short while ago. */
export type ErasedRow = { programme_id: number; participant_id: number; person_id: number }
const justErased = statement<ErasedRow>(
  'list_just_erased',
  `select r.programme_id, r.participant_id, pa.person_id from erasure_requests r join participants pa on pa.id = r.participant_id
   where r.state = 'done' and r.decided_at > $1`,
)
/** Everybody whose data went since then. */
export async function listErasedSince(_as: System, since: Date): Promise<ErasedRow[]> {
  return justErased(since)
}

// Somebody who takes part elsewhere, or has a duty, or is in an open concern, is still somebody.
const FREE = `select p.id from people p, g where p.id = any(g.people) and p.erased_at is null
  and not exists (select 1 from participants o where o.person_id = p.id and o.erased_at is null)
  and not exists (select 1 from duties d where d.person_id = p.id and ${DUTY_HOLDS})
  and not exists (select 1 from concerns c where c.state <> 'closed' and p.id in (c.raised_by_id, c.about_person_id))`
const PERSON = [
  `delete from sessions s using g where s.person_id in (${FREE})`,
  `delete from drafts d using g where d.person_id in (${FREE})`,
  `delete from memberships m using g where m.person_id in (${FREE})`,
  // Another sub than any platform sends: whoever comes again is somebody new.
  `update people e set erased_at = g.at, sub = 'erased:' || gen_random_uuid(), name = null, given_name = null, email = null,
     preferred_name = null, pronoun = null, own_email = null, mail_to = 'none', mail_refused = null, mail_choices = '{}',
     mail_key = gen_random_uuid(), language = null, quiet_from = null, quiet_until = null
   from g where e.id in (${FREE})`,
].map((text, at) => statement(`erase_person_${at}`, `${GIVEN} ${text}`))

/**
 * Empties what these have written in a programme, and what was written to and about them, and the people themselves where
 * nothing else keeps them. Their rows stay, and so do dates and numbers. Doing it again finds nothing.
 */
export async function eraseAll(
  programme: FoundProgramme,
  { participants, people, whole = false }: GoingRow,
  at: Date,
  word: string,
): Promise<void> {
  for (const step of [...STEPS, ...PERSON]) await step(participants, people, programme.id, at, word, whole)
}
