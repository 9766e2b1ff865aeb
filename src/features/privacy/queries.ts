import createError from 'http-errors'
import { statement } from '../../db.ts'
import type { Viewer } from '../../web/viewer.ts'
import { READABLE_DAYS } from '../matches/index.ts'

// $1: the person, $2: after which row, $3: now. Whoever is the partner in a match `m` is `partner`, called `who`.
const PARTNER = `join own on own.id in (m.mentor_id, m.mentee_id)
  join participants partner on partner.id in (m.mentor_id, m.mentee_id) and partner.id <> own.id
  join people who on who.id = partner.person_id`
const NAME = 'coalesce(who.shown_name, partner.ref)'
const BY = (column: string) => `case when ${column} = own.id then 'me' else 'partner' end`
// Thirty days after the end of a match, what they shared in it is not there for its two any more but for their own words
// (matches.READABLE_DAYS; spec 4.4, rule 5).
const READABLE = `(m.ended_at is null or m.ended_at > $3::timestamptz - interval '${READABLE_DAYS} days')`
const STILL = (column: string, isOwn: string) => `case when ${READABLE} or ${isOwn} then ${column} end`
// Goals and decisions are the mentee's, with what the mentor says of them.
const OF_MENTEE = "own.role = 'mentee'"
const RECORDED = 'c.recorded_by_id is not distinct from own.id'

/**
 * All that is kept of a person, in the order in which it is handed over: what they wrote, what was decided about them, and
 * what their partners wrote to them (spec settled Q6). Left out: what a partner keeps for themselves or only shares, what
 * others say of them in a concern, and what they wrote about others in a duty.
 */
const SECTIONS = {
  you: `select p.id as key, json_build_object('name', p.name, 'given_name', p.given_name, 'preferred_name', p.preferred_name,
      'pronoun', p.pronoun, 'email', p.email, 'own_email', p.own_email, 'mail_to', p.mail_to, 'mail_refused', p.mail_refused,
      'mail_choices', p.mail_choices, 'digest_at', p.digest_at, 'language', p.language, 'quiet_from', p.quiet_from,
      'quiet_until', p.quiet_until, 'lms_user', p.sub, 'first_here', p.created_at, 'last_here', p.seen_at) as data
    from people p where p.id = $1`,
  courses: `select c.id as key, json_build_object('course', c.title, 'roles', m.roles, 'last_here', m.seen_at) as data
    from memberships m join contexts c on c.id = m.context_id where m.person_id = $1`,
  parts: `select pa.id as key, json_build_object('programme', pr.title, 'role', pa.role, 'ref', pa.ref, 'state', pa.state,
      'number', pa.progress, 'applied', pa.applied_at, 'decided', pa.decided_at, 'told', pa.told, 'course', pa.course,
      'study_year', pa.study_year, 'wants', pa.wants, 'offers', pa.offers, 'could_teach', pa.could_teach,
      'free_times', pa.free_times, 'channels', pa.channels, 'capacity', pa.capacity, 'under_18', pa.under18,
      'answers', (select json_agg(json_build_object('question', e.criterion, 'answer', e.answer, 'choice', e.choice,
        'detail', e.detail) order by e.criterion) from eligibility_answers e where e.participant_id = pa.id)) as data
    from participants pa join programmes pr on pr.id = pa.programme_id where pa.person_id = $1`,
  duties: `select d.id as key, json_build_object('programme', pr.title, 'duty', d.duty, 'since', d.granted_at,
      'until', d.ended_at) as data
    from duties d join programmes pr on pr.id = d.programme_id where d.person_id = $1`,
  matches: `select m.id as key, json_build_object('partner', ${NAME}, 'reason', m.reason, 'state', m.state,
      'offered', m.offered_at, 'my_answer', case own.role when 'mentee' then m.mentee_answer else m.mentor_answer end,
      'my_no', case when 'declined' = case own.role when 'mentee' then m.mentee_answer else m.mentor_answer end
        then m.decline_note end,
      'began', m.active_at, 'ended', m.ended_at, 'end_reason', m.end_reason, 'stage', m.stage,
      'contacts', m.contacts_counted, 'last_contact', m.last_contact_on) as data
    from matches m ${PARTNER}`,
  questions: `select q.id as key, json_build_object('question', q.question, 'asked', q.asked_at, 'answer', q.answer,
      'answered', q.answered_at) as data
    from offer_questions q join own on own.id = q.asked_by_id`,
  agreements: `select a.id as key, json_build_object('partner', ${NAME}, 'version', a.version, 'state', a.state,
      'mentee_expects', a.mentee_expects, 'mentor_expects', a.mentor_expects, 'channels', a.channels,
      'every_days', a.every_days, 'reply_days', a.reply_days, 'best_times', a.best_times, 'quiet_from', a.quiet_from,
      'quiet_until', a.quiet_until,
      'signed_as', case own.role when 'mentee' then a.mentee_signed_name else a.mentor_signed_name end,
      'signed', case own.role when 'mentee' then a.mentee_signed_at else a.mentor_signed_at end,
      'clauses', (select json_agg(json_build_object('kind', c.kind, 'title', c.title, 'text', c.text) order by c.position)
        from agreement_clauses c where c.agreement_id = a.id)) as data
    from agreements a join matches m on m.id = a.match_id ${PARTNER}`,
  messages: `select s.id as key, json_build_object('partner', ${NAME}, 'topic', t.title, 'by', ${BY('s.author_id')},
      'at', s.visible_at, 'kind', s.kind, 'text', s.body, 'changed', s.edited_at, 'taken_back', s.withdrawn_at,
      'service', g.name, 'useful', g.useful) as data
    from messages s join threads t on t.id = s.thread_id join matches m on m.id = t.match_id ${PARTNER}
    left join signposts g on g.message_id = s.id
    where s.author_id = own.id or (s.visible_at <= $3 and (t.kind = 'talk' or t.opened_at is not null)
      and (s.withdrawn_at is null or s.withdrawn_at >= s.visible_at) and not exists (
        select 1 from concerns c join concern_messages k on k.concern_id = c.id where c.raised_by_id = $1
          and c.match_id = m.id and c.state <> 'closed' and k.author_id = s.author_id and k.written_at = s.visible_at))`,
  contacts: `select c.id as key, json_build_object('partner', ${NAME}, 'day', c.happened_on,
      'by', case when c.on_behalf then 'coordinator' when c.recorded_by_id = own.id then 'me' else 'partner' end,
      'outcome', c.outcome, 'channel', c.channel, 'minutes', c.minutes, 'line', ${STILL('c.line', RECORDED)},
      'place', ${STILL('c.place', RECORDED)}, 'course_area', ${STILL('c.course_area', RECORDED)}, 'state', c.state,
      'difference', ${STILL('c.difference', 'c.disputed_by_id is not distinct from own.id')}, 'agenda', c.agenda,
      'written', c.recorded_at, 'before', (select json_agg(json_build_object('day', o.happened_on, 'outcome', o.outcome,
        'channel', o.channel, 'minutes', o.minutes, 'line', ${STILL('o.line', RECORDED)},
        'difference', ${STILL('o.difference', `not ${RECORDED}`)}, 'changed', o.corrected_at)
        order by o.id) from contact_corrections o where o.contact_id = c.id)) as data
    from contacts c join matches m on m.id = c.match_id ${PARTNER}`,
  pulses: `select u.id as key, json_build_object('day', c.happened_on, 'score', u.score, 'fit', u.fit,
      'wants_contact', u.wants_contact, 'given', u.given_at) as data
    from pulses u join own on own.id = u.participant_id join contacts c on c.id = u.contact_id`,
  diary: `select e.id as key, json_build_object('written', e.written_at, 'kind', e.kind, 'stage', e.stage, 'text', e.text,
      'tags', e.tags, 'balance', e.balance, 'shared', e.shared_at, 'shared_with_supervisor', e.supervisor_id is not null) as data
    from log_entries e join own on own.id = e.participant_id`,
  skills: `select k.id as key, json_build_object('round', k.round, 'statement', k.statement, 'answers', k.answers,
      'written', k.saved_at) as data
    from skills_records k join own on own.id = k.participant_id`,
  stages: `select i.match_id * 1000::bigint + row_number() over (partition by i.match_id order by i.item_key) as key,
      json_build_object('partner', ${NAME}, 'item', i.item_key,
        'verdict', case own.role when 'mentee' then i.mentee_verdict else i.mentor_verdict end,
        'at', case own.role when 'mentee' then i.mentee_at else i.mentor_at end) as data
    from stage_items i join matches m on m.id = i.match_id ${PARTNER}`,
  stageSteps: `select x.match_id * 10::bigint + x.stage as key, json_build_object('partner', ${NAME}, 'stage', x.stage,
      'ready', case own.role when 'mentee' then x.mentee_ready_at else x.mentor_ready_at end, 'done', x.done_at,
      'skipped', x.skipped_at, 'reopened', x.reopened_at, 'line', ${STILL('x.reopen_line', 'x.reopened_by = own.role')}) as data
    from stage_states x join matches m on m.id = x.match_id ${PARTNER}`,
  wants: `select row_number() over (order by w.match_id, w.participant_id) as key, json_build_object('partner', ${NAME},
      'by', ${BY('w.participant_id')}, 'text', w.text, 'written', w.written_at) as data
    from plan_wants w join matches m on m.id = w.match_id ${PARTNER} where ${READABLE} or w.participant_id = own.id`,
  goals: `select g.id as key, json_build_object('partner', ${NAME}, 'goal', ${STILL('g.text', OF_MENTEE)},
      'why', ${STILL('g.why', OF_MENTEE)}, 'measure', ${STILL('g.measure', OF_MENTEE)}, 'by_day', g.by_on,
      'category', g.category, 'outcome', g.outcome, 'review', ${STILL('g.review_note', OF_MENTEE)}, 'written', g.written_at,
      'comments', (select json_agg(json_build_object('by', ${BY('o.author_id')}, 'text', o.text, 'at', o.written_at)
        order by o.id) from goal_comments o where o.goal_id = g.id and (${READABLE} or o.author_id = own.id))) as data
    from goals g join matches m on m.id = g.match_id ${PARTNER}`,
  tasks: `select k.id as key, json_build_object('partner', ${NAME}, 'task', k.text, 'for', ${BY('k.owner_id')},
      'by', ${BY('k.written_by_id')}, 'by_day', k.due_on, 'done', k.done_at, 'written', k.written_at) as data
    from tasks k join matches m on m.id = k.match_id ${PARTNER} where ${READABLE} or k.written_by_id = own.id`,
  decisions: `select d.id as key, json_build_object('partner', ${NAME}, 'question', d.question, 'options', d.options,
      'chosen', d.chosen, 'day', d.decided_on, 'leads_to', d.destination, 'written', d.written_at) as data
    from decisions d join matches m on m.id = d.match_id ${PARTNER} where ${READABLE} or ${OF_MENTEE}`,
  training: `select a.id as key, json_build_object('session', s.starts_at, 'place', s.place, 'state', a.state,
      'reason', a.reason, 'booked', a.booked_at, 'marked', a.marked_at) as data
    from training_attendance a join own on own.id = a.participant_id left join training_sessions s on s.id = a.session_id`,
  excuses: `select row_number() over (order by x.participant_id, x.requirement) as key,
      json_build_object('requirement', x.requirement, 'reason', x.reason, 'at', x.excused_at) as data
    from excuses x join own on own.id = x.participant_id`,
  reports: `select r.id as key, json_build_object('state', r.state, 'answers', r.answers, 'first_received',
      r.first_received_at, 'received', r.received_at, 'late', r.late, 'names_in', r.names_in, 'shared', r.shared,
      'extended_to', r.extended_to, 'note', r.note, 'decided', r.decided_at) as data
    from reports r join own on own.id = r.participant_id`,
  payments: `select h.id as key, json_build_object('state', h.state, 'amount', h.amount, 'currency', h.currency,
      'due', h.due_at, 'reason', h.reason, 'paid_on', h.paid_on, 'reference', h.reference) as data
    from honoraria h join own on own.id = h.participant_id`,
  numbers: `select c.id as key, json_build_object('number', c.score, 'comment', c.comment, 'sent', c.sent_at) as data
    from scores c join own on own.id = c.participant_id`,
  nudges: `select n.id as key, json_build_object('text', n.text, 'at', n.sent_at) as data
    from nudges n join own on own.id = n.to_id`,
  support: `select s.id as key, json_build_object('by', case s.side when 'mentor' then 'me' else 'supervisor' end,
      'day', s.about_on, 'text', s.body, 'at', s.sent_at) as data
    from support_posts s join own on own.id = s.mentor_id`,
  supportTimes: `select s.id as key, json_build_object('at', s.starts_at, 'minutes', s.minutes, 'place', s.place,
      'booked', s.booked_at, 'cancelled', s.cancelled_at) as data
    from support_sessions s join own on own.id = s.mentor_id`,
  requests: `select f.id as key, json_build_object('partner', ${NAME}, 'kind', f.kind, 'talked', f.talked, 'text', f.text,
      'raised', f.raised_at, 'outcome', f.outcome, 'answer', f.word, 'decided', f.handled_at) as data
    from fit_requests f join matches m on m.id = f.match_id ${PARTNER} and own.id = f.raised_by_id`,
  concerns: `select c.id as key, json_build_object('text', c.body, 'urgency', c.urgency, 'phone', c.phone, 'state', c.state,
      'raised', c.raised_at, 'answers', (select json_agg(json_build_object('text', s.note, 'at', s.at) order by s.id)
        from concern_steps s where s.concern_id = c.id and s.step = 'told')) as data
    from concerns c where c.raised_by_id = $1`,
  looks: `select x.id as key, json_build_object('by', v.shown_name, 'partner', ${NAME}, 'from', x.opened_at,
      'until', least(x.until, coalesce(x.ended_at, x.until)),
      'seen', (select json_agg(json_build_object('what', a.object, 'at', a.at) order by a.id) from access_traces a
        where a.disclosure_id = x.id)) as data
    from disclosures x join matches m on m.id = x.match_id join people v on v.id = x.viewer_id ${PARTNER}
    where x.embargo_until is null or x.embargo_until <= $3`,
  drafts: `select row_number() over (order by d.form) as key, json_build_object('form', d.form, 'fields', d.fields,
      'written', d.saved_at) as data
    from drafts d where d.person_id = $1 and d.fields <> '{}'`,
  notifications: `select n.id as key, json_build_object('kind', n.kind, 'at', n.created_at, 'seen', n.seen_at) as data
    from notifications n where n.person_id = $1`,
  mails: `select g.id as key, json_build_object('kind', g.kind, 'state', g.state, 'at', g.created_at, 'done', g.done_at) as data
    from mailings g where g.person_id = $1`,
  visits: `select s.id as key, json_build_object('from', s.created_at, 'until', s.seen_at, 'language', s.locale) as data
    from sessions s where s.person_id = $1`,
  acts: `select e.id as key, json_build_object('act', e.act, 'object', e.object, 'at', e.at) as data
    from audit_events e where e.by_id = $1`,
  files: `select f.id as key, json_build_object('name', f.name, 'kind', f.kind, 'bytes', f.bytes, 'sha256', f.sha256,
      'at', f.created_at) as data
    from files f where f.person_id = $1`,
} as const
export type Section = keyof typeof SECTIONS
const sections = Object.keys(SECTIONS) as Section[]

/** A value as JSON has it. */
export type Json = string | number | boolean | null | Json[] | { [name: string]: Json }
export type OwnRow = { key: string; data: Record<string, Json> }
const PAGE = 200
const statements = new Map(
  sections.map((name) => [
    name,
    statement<OwnRow>(
      `list_kept_${name}`,
      `with own as (select id, role from participants where person_id = $1)
       select key::text, json_strip_nulls(data) as data from (${SECTIONS[name]}) listed
       where key > $2::bigint and $3::timestamptz is not null order by listed.key limit ${PAGE}`,
    ),
  ]),
)
/** One section, row by row; a page of it at a time is in memory. */
async function* listOwn(viewer: Viewer, section: Section, at: Date): AsyncGenerator<OwnRow['data']> {
  const next = statements.get(section)
  for (let after = '0'; next;) {
    const rows = await next(viewer.personId, after, at)
    for (const { data } of rows) yield data
    after = rows.at(-1)?.key ?? ''
    if (rows.length < PAGE) return
  }
}

/** One section of what is kept of somebody. */
export type OwnSection = { name: Section; rows: AsyncIterable<OwnRow['data']> }
/** All that is kept of the viewer, section by section. */
export function* readOwn(viewer: Viewer, at: Date): Generator<OwnSection> {
  for (const name of sections) yield { name, rows: listOwn(viewer, name, at) }
}

/** What a mentor has done, in facts: no mentee's name, and no word of anybody. */
export type ServiceRow = {
  pairs: number
  since: Date | null
  /** Null while one of their matches goes on. */
  until: Date | null
  contacts: number
  trainings: string[]
}
const service = statement<ServiceRow>(
  'find_service_of_mentor',
  `select count(*)::int as pairs, min(m.active_at) as since,
     case when count(*) = count(m.ended_at) then max(m.ended_at) end as until,
     coalesce(sum(m.contacts_counted), 0)::int as contacts,
     (select coalesce(json_agg(s.starts_at order by s.starts_at), '[]') from training_attendance a
       join training_sessions s on s.id = a.session_id where a.participant_id = $1 and a.state = 'attended') as trainings
   from matches m where m.mentor_id = $1 and m.active_at is not null`,
)
/** That of the viewer, a mentor. To anyone else there is none. */
export async function findService(viewer: Viewer): Promise<ServiceRow> {
  const [row] = viewer.participant?.role === 'mentor' ? await service(viewer.participant.id) : []
  if (!row) throw createError(404)
  return row
}
