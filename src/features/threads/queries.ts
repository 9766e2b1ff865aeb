import createError from 'http-errors'
import { statement } from '../../db.ts'
import type { Match, MatchState } from '../../models/index.ts'
import { useUp } from '../../web/drafts.ts'
import type { Role, System, Viewer } from '../../web/viewer.ts'
import { OWN_ENTRY, type OwnEntry } from '../content/index.ts'
import { readableSince } from '../matches/index.ts'
import { SETTLE, TELL_ANEW } from '../notifications/index.ts'
import type { Kind } from './forms.ts'

/** Where a pair talks, from one side: the viewer's partner, and what decides who may write what and when. */
export type RoomRow = {
  match_id: number
  programme_id: number
  state: MatchState
  /** Messages rest for now, because of a concern. */
  messages_paused: boolean
  /** Which of the three stages the two are in. */
  stage: number
  partner_id: number
  role: Role
  ref: string
  name: string | null
  given_name: string | null
  /** The viewer has read "Think before you tell". */
  noted: boolean
  /** The ways that the agreement in force names. */
  channels: string[]
  /** Hours in which the partner wants to hear nothing: their own, and those of the agreement. */
  quiet_from: string | null
  quiet_until: string | null
  agreed_from: string | null
  agreed_until: string | null
}
const ROOM = `m.id as match_id, m.programme_id, m.state, m.messages_paused_at is not null as messages_paused, m.stage, partner.id as partner_id, partner.role, partner.ref,
  p.shown_name as name, p.call_name as given_name,
  exists (select 1 from thread_notices n where n.match_id = m.id and n.participant_id = $1) as noted,
  coalesce(f.channels, '{}') as channels, p.quiet_from, p.quiet_until,
  f.quiet_from as agreed_from, f.quiet_until as agreed_until`
// Only the two of a match get here; once it has ended, to read for thirty days, and then no more (spec 4.4).
const ofPair = (since: string) => `
  join participants partner on partner.id in (m.mentor_id, m.mentee_id) and partner.id <> $1
  join people p on p.id = partner.person_id
  left join agreements f on f.match_id = m.id and f.state = 'in_force'
  where (m.mentor_id = $1 or m.mentee_id = $1) and m.state not in ('offered', 'discarded')
    and (m.ended_at is null or m.ended_at > ${since})`

const room = statement<RoomRow>('find_room', `select ${ROOM} from matches m ${ofPair('$2')} and m.id = $3`)
/** The room of the viewer's own match. To anyone else it does not exist. */
export async function findRoom(viewer: Viewer, matchId: number): Promise<RoomRow> {
  const [found] = viewer.participant ? await room(viewer.participant.id, readableSince(), matchId) : []
  if (!found) throw createError(404)
  return found
}

// What of a thread `t` the viewer can read of its messages `s`. Nobody sees the other's before its time, nor an answer
// to a question for both before they have answered themselves; what was taken back before its time was never there.
const OPEN = "(t.kind = 'talk' or t.opened_at is not null)"
const STANDS = '(s.withdrawn_at is null or s.withdrawn_at >= s.visible_at)'
const READABLE = `(s.author_id = $1 or (s.visible_at <= $2 and ${OPEN})) and ${STANDS}`
const THERE = `(t.started_by_id = $1 or exists
  (select 1 from messages s where s.thread_id = t.id and s.visible_at <= $2 and ${STANDS}))`
const MARK = `left join thread_reads r on r.thread_id = t.id and r.participant_id = $1
  left join messages mark on mark.id = r.message_id`
const answered = (who: string) => `exists (select 1 from messages s where s.thread_id = t.id and s.author_id ${who} $1
  and s.withdrawn_at is null and s.visible_at <= $2)`
// An answer that waits for the viewer's own is one new thing.
const UNREAD = `case when ${OPEN} then
    (select count(*)::int from (select 1 from messages s where s.thread_id = t.id and s.author_id <> $1
      and s.withdrawn_at is null and s.visible_at <= $2
      and (s.visible_at, s.id) > (coalesce(mark.visible_at, '-infinity'), coalesce(mark.id, 0)) limit 100) new)
  else (${answered('<>')} and not ${answered('=')})::int end as unread`

/** A topic that the viewer may read. */
export type ThreadRow = RoomRow & {
  id: number
  title: string
  kind: 'talk' | 'both'
  /** A question for both: both have answered. */
  is_open: boolean
  own_answered: boolean
  partner_answered: boolean
  /** The newest message of the partner that the viewer has had before them. */
  read_id: number | null
  unread: number
  /** An exchange here that the viewer has not said anything of: may it count as a contact? */
  exchange_id: number | null
  /** The message to quote that was asked for, if it can be read. */
  quoted: { id: number; author_id: number; body: string | null; kind: Kind } | null
}
const TOPIC = `select t.id, t.title, t.kind, ${OPEN} as is_open, ${answered('=')} as own_answered,
     ${answered('<>')} as partner_answered, r.message_id as read_id, ${UNREAD},
     (select json_build_object('id', s.id, 'author_id', s.author_id, 'body', left(s.body, 300), 'kind', s.kind) from messages s
       where s.id = $4 and s.thread_id = t.id and ${READABLE}) as quoted,
     (select e.id from exchanges e where e.thread_id = t.id and e.contact_id is null
       and e.found_at > $2::timestamptz - interval '14 days'
       and not case when m.mentor_id = $1 then e.mentor_declined else e.mentee_declined end
       order by e.id desc limit 1) as exchange_id, ${ROOM}
   from threads t join matches m on m.id = t.match_id ${MARK} ${ofPair('$5')} and t.id = $3 and ${THERE}`
const thread = statement<ThreadRow>('find_thread', TOPIC)
/** A topic of the viewer's own match, with the message to quote. To anyone else it does not exist. */
export async function findThread(viewer: Viewer, id: number, at: Date, quote?: number): Promise<ThreadRow> {
  return found(await thread(viewer.participant?.id, at, id, quote ?? null, readableSince()))
}

const held = statement<ThreadRow>('hold_thread', `${TOPIC} for update of m`)
/**
 * The same, with its match held until the end of the transaction: what two people do to one match happens one after the
 * other. Whoever had to wait reads the match as it is now, but not the answers to a question for both.
 */
export async function holdThread(viewer: Viewer, id: number, at: Date, quote?: number): Promise<ThreadRow> {
  return found(await held(viewer.participant?.id, at, id, quote ?? null, readableSince()))
}

function found([row]: ThreadRow[]): ThreadRow {
  if (!row) throw createError(404)
  return row
}

/** A topic in the list of a pair, with the beginning of its newest message. */
export type TopicRow = {
  id: number
  title: string
  kind: 'talk' | 'both'
  is_open: boolean
  own_answered: boolean
  partner_answered: boolean
  unread: number
  active_at: Date
  author_id: number | null
  body: string | null
  withdrawn: boolean
  /** The viewer's own message that is to go out later. */
  goes_out_at: Date | null
}
const PAGE = 50
const topics = statement<TopicRow>(
  'list_topics',
  `with listed as (
     select t.id, t.title, t.kind, ${OPEN} as is_open, ${answered('=')} as own_answered,
       ${answered('<>')} as partner_answered, ${UNREAD}, coalesce(last.visible_at, t.created_at) as active_at,
       last.author_id, left(last.body, 200) as body, last.withdrawn_at is not null as withdrawn,
       (select min(s.visible_at) from messages s where s.thread_id = t.id and s.author_id = $1 and s.visible_at > $2
         and s.held_from is null and s.withdrawn_at is null) as goes_out_at
     from threads t join matches m on m.id = t.match_id ${MARK}
     left join lateral (select s.* from messages s where s.thread_id = t.id and s.visible_at <= $2 and ${READABLE}
       order by s.visible_at desc, s.id desc limit 1) last on true
     where m.id = $3 and (m.mentor_id = $1 or m.mentee_id = $1) and ${THERE})
   select * from listed
   where $4::integer is null or (active_at, id) < (select active_at, id from listed where id = $4)
   order by active_at desc, id desc limit ${PAGE + 1}`,
)
/** One page of the topics of a pair, the newest message first, after topic `before`. */
export async function listTopics(viewer: Viewer, of: RoomRow, at: Date, before?: number) {
  const rows = await topics(viewer.participant?.id, at, of.match_id, before ?? null)
  return { topics: rows.slice(0, PAGE), hasMore: rows.length > PAGE }
}

/** A topic in which a mentor can give something, with its match. */
export type OpenTopicRow = { id: number; match_id: number; title: string }
const toGiveIn = statement<OpenTopicRow>(
  'list_topics_to_give_in',
  `select t.id, t.match_id, t.title from threads t join matches m on m.id = t.match_id
   left join lateral (select max(s.visible_at) as at from messages s where s.thread_id = t.id and s.visible_at <= $2) last on true
   where m.mentor_id = $1 and m.state in ('active', 'paused', 'closing') and ${OPEN} and ${THERE}
   order by coalesce(last.at, t.created_at) desc, t.id desc limit ${PAGE}`,
)
/** The topics of a mentor's matches of now in which they can give feedback or a signpost, the newest message first. */
export async function listTopicsToGiveIn(viewer: Viewer, at: Date): Promise<OpenTopicRow[]> {
  return viewer.participant ? toGiveIn(viewer.participant.id, at) : []
}

/** A message as one of the two reads it. */
export type MessageRow = {
  id: number
  author_id: number
  body: string | null
  visible_at: Date
  edited_at: Date | null
  thread_id: number
  kind: Kind
  /** The entry of the directory that it points to, what that says now, and what the mentee says of it. */
  signpost: { key: string; name: string; useful: boolean | null; own: OwnEntry | null } | null
  quote_id: number | null
  quote_author_id: number | null
  quote_body: string | null
}
type SidedRow = MessageRow & { newer: boolean }
const MESSAGE = `s.id, s.thread_id, s.author_id, s.body, s.visible_at, s.edited_at, s.quote_id, q.author_id as quote_author_id,
  left(q.body, 300) as quote_body, s.kind, case when g.message_id is not null then json_build_object('key', g.entry_key,
    'name', g.name, 'useful', g.useful, 'own', ${OWN_ENTRY}) end as signpost`
const BESIDE = `left join messages q on q.id = s.quote_id left join signposts g on g.message_id = s.id
  left join directory_entries d on d.programme_id = g.programme_id and d.key = g.entry_key`
// Two short walks along one index, from a message backwards and onwards; without one, from the end or the beginning.
const messages = statement<SidedRow>(
  'list_messages',
  `with t as (select id, kind, opened_at from threads where id = $3),
   here as (select visible_at, id from messages where id = $4 and thread_id = $3),
   page as (
     (select s.*, false as newer from messages s, t where s.thread_id = $3 and ${READABLE}
        and (s.visible_at, s.id) < (coalesce((select visible_at from here), 'infinity'),
          coalesce((select id from here), 2147483646) + $5::integer)
      order by s.visible_at desc, s.id desc limit $6)
     union all
     (select s.*, true from messages s, t where s.thread_id = $3 and ${READABLE}
        and (s.visible_at, s.id) > (coalesce((select visible_at from here), '-infinity'),
          coalesce((select id from here), 0))
      order by s.visible_at, s.id limit $7))
   select ${MESSAGE}, s.newer from page s ${BESIDE} order by s.visible_at, s.id`,
)
export type MessagePage = {
  messages: MessageRow[]
  hasOlder: boolean
  hasNewer: boolean
  /** The first message that is new to the viewer, when the page began there. */
  firstNew: number | undefined
  place: Place
}
/** Where a page begins: the newest, before or after a message, or at the first that is new. */
export type Place = { before?: number | undefined; after?: number | undefined }
/** How much of what was read before stands above the first new message. */
const CONTEXT = 10

/** One page of what the viewer may read in a topic, in reading order. */
export async function listMessages(viewer: Viewer, of: ThreadRow, at: Date, place: Place): Promise<MessagePage> {
  const { from, inclusive, older, newer } = walkFor(of, place)
  const more = (count: number) => (count === 0 ? 0 : count + 1) // one more than shown, to learn whether there are any
  const rows = await messages(viewer.participant?.id, at, of.id, from, inclusive, more(older), more(newer))
  const before = rows.filter((row) => !row.newer)
  const after = rows.filter((row) => row.newer)
  return {
    place,
    messages: [...(before.length > older ? before.slice(1) : before), ...after.slice(0, newer)],
    hasOlder: before.length > older || (older === 0 && from !== null),
    hasNewer: after.length > newer || place.before !== undefined,
    firstNew: isNewest(place)
      ? after.find((row) => row.author_id === of.partner_id && row.body !== null)?.id
      : undefined,
  }
}

const isNewest = ({ before, after }: Place) => before === undefined && after === undefined

type Walk = { from: number | null; inclusive: 0 | 1; older: number; newer: number }
function walkFor({ unread, read_id }: ThreadRow, { before, after }: Place): Walk {
  if (before !== undefined) return { from: before, inclusive: 0, older: PAGE, newer: 0 }
  if (after !== undefined) return { from: after, inclusive: 0, older: 0, newer: PAGE }
  if (unread === 0) return { from: null, inclusive: 0, older: PAGE, newer: 0 }
  return read_id === null
    ? { from: null, inclusive: 0, older: 0, newer: PAGE }
    : { from: read_id, inclusive: 1, older: CONTEXT, newer: PAGE - CONTEXT }
}

/** What a notification of new messages is about. */
const subjectOf = (threadId: number) => `thread:${threadId}`

// Reading settles the notification in the same statement: both are done, or neither. A mark never moves back.
const read = statement(
  'read_thread',
  `with settled as (${SETTLE} and $7::boolean)
   insert into thread_reads as r (participant_id, thread_id, message_id) values ($4, $5, $6)
   on conflict (thread_id, participant_id) do update set message_id = excluded.message_id
   where exists (select 1 from messages old, messages new where old.id = r.message_id and new.id = excluded.message_id
     and (new.visible_at, new.id) > (old.visible_at, old.id))`,
)
/** The viewer has had a topic before them up to this message; nothing waits there any more when it is the last one. */
export async function markRead(
  viewer: Viewer,
  of: ThreadRow,
  upTo: { message: MessageRow; isLast: boolean; at: Date },
): Promise<void> {
  const { message, isLast, at } = upTo
  await read(of.programme_id, subjectOf(of.id), at, viewer.participant?.id, of.id, message.id, isLast)
}

/**
 * How many messages are new to participant $1 at the time $2, by match, and the newest topic with one: a table to join,
 * for the statement of a page that shows several matches.
 */
export const UNREAD_BY_MATCH = `(
  select u.match_id, sum(u.unread)::int as unread,
    (array_agg(u.thread_id order by u.thread_id desc) filter (where u.unread > 0))[1] as thread_id
  from (
    select t.match_id, t.id as thread_id, ${UNREAD} from threads t join matches m on m.id = t.match_id ${MARK}
    where (m.mentor_id = $1 or m.mentee_id = $1) and m.ended_at is null and ${THERE}) u
  group by u.match_id)`

const findQuestion = statement<{ id: number }>(
  'find_question_for_both',
  "select id from threads where match_id = $1 and kind = 'both'",
)
/** The topic in which both answer first, if one of them has begun it. */
export async function findQuestionOf(match: RoomRow | Match): Promise<number | undefined> {
  return (await findQuestion('match_id' in match ? match.match_id : match.id))[0]?.id
}

const start = statement<{ id: number }>(
  'add_thread',
  `with made as (insert into threads (match_id, started_by_id, form_key, title, topic_key, kind, created_at)
     values ($1, $2, $3, $4, $5, $6, $7) on conflict (form_key) do nothing returning id)
   select id from made union all select id from threads where form_key = $3 and match_id = $1 and started_by_id = $2`,
)
export type NewThread = { formKey: string; title: string; topicKey: string | undefined; kind: ThreadRow['kind'] }
/** Begins a topic, or finds the one that this very form began. */
export async function addThread(by: Viewer, match: Match, topic: NewThread, at: Date): Promise<number | undefined> {
  const { formKey, title, topicKey = null, kind } = topic
  return (await start(match.id, by.participant?.id, formKey, title, topicKey, kind, at))[0]?.id
}

// One may only quote what one can read; what one cannot is simply not quoted. With a message goes what follows from it,
// in one statement. Whether an exchange may count is asked at most once in 72 hours, and not when the two have logged
// what they write here by themselves.
const send = statement<{ id: number }>(
  'send_message',
  `with sent as (
     insert into messages (thread_id, author_id, form_key, body, quote_id, visible_at, told, kind)
     values ($7, $8, $9, $10, $11, $12, $13, $14) on conflict (form_key) do nothing returning id, author_id, told),
   seen as (select * from sent where told),
   ${TELL_ANEW},
   dropped as (${useUp('$15', '$16', '$9')}),
   noted as (
     insert into exchanges (match_id, thread_id, happened_on, found_at)
     select m.id, $7, $18, $3 from matches m join programmes pr on pr.id = m.programme_id
     where m.id = $17 and exists (select 1 from seen) and 'forum' = any(pr.channels)
       and (select count(*) from (select wrote.author_id from (
           select s.author_id from messages s where s.thread_id = $7 and s.withdrawn_at is null
             and s.visible_at between $3::timestamptz - interval '72 hours' and $3
           union all select author_id from seen) wrote
         group by wrote.author_id having count(*) >= 2) both_of) = 2
       and not exists (select 1 from exchanges e where e.match_id = m.id and e.found_at > $3::timestamptz - interval '72 hours')
       and not exists (select 1 from contacts c where c.match_id = m.id and c.channel = 'forum' and c.state <> 'withdrawn'
         and c.happened_on >= $18::date - 3))
   select id from sent`,
)
export type NewMessage = {
  formKey: string
  body: string
  quoteId: number | undefined
  kind: Kind
  /** When the partner is to see it, if that is not now. */
  later: Date | undefined
  /** The address of the form that it was written in, whose draft is used up. */
  draft: string | undefined
}
/**
 * Writes a message, and gives its number; none when this very form was used before. If it is there to be seen, the
 * partner has one line that says so, however many messages wait; and what the two wrote may be noted as an exchange: both
 * at least twice within 72 hours in a topic (spec 4.5). `day` is the day in the programme's time zone.
 */
export async function sendMessage(
  by: Viewer,
  of: ThreadRow,
  { formKey, body, quoteId, kind, later, draft }: NewMessage,
  { at, day }: { at: Date; day: string },
): Promise<number | undefined> {
  const line = lineOf({ ...of, thread_id: of.id, recipient_id: of.partner_id }, at)
  const message = [of.id, by.participant?.id, formKey, body, quoteId ?? null, later ?? at, !later, kind]
  return (await send(...line, ...message, by.personId, draft ?? null, of.match_id, day))[0]?.id
}

const sentBefore = statement(
  'find_sent_message',
  'select 1 as one from messages where form_key = $1 and author_id = $2',
)
/** Whether the viewer has sent this very form already. */
export async function wasSent(by: Viewer, formKey: string): Promise<boolean> {
  return (await sentBefore(formKey, by.participant?.id)).length > 0
}

const note = statement(
  'note_notice',
  'insert into thread_notices (match_id, participant_id, read_at) values ($1, $2, $3) on conflict do nothing',
)
/** The viewer has read what cannot stay private. */
export async function saveNoted(by: Viewer, of: RoomRow, at: Date): Promise<void> {
  await note(of.match_id, by.participant?.id, at)
}

const open = statement<{ id: number }>(
  'open_answers',
  `update threads t set opened_at = $2 where t.id = $1 and t.kind = 'both' and t.opened_at is null
     and (select count(distinct s.author_id) from messages s where s.thread_id = t.id and s.withdrawn_at is null) = 2
   returning id`,
)
/** Lets both read each other's answer, when both are there. */
export async function openAnswers(of: ThreadRow, at: Date): Promise<void> {
  await open(of.id, at)
}

/** A message with the topic it stands in. */
export type OwnMessageRow = MessageRow & { withdrawn_at: Date | null }
const message = statement<OwnMessageRow>(
  'find_message',
  `select ${MESSAGE}, s.withdrawn_at from messages s ${BESIDE}
   where s.thread_id = $1 and s.id = $2 and (s.author_id = $3 or (s.visible_at <= $4 and $5::boolean and ${STANDS}))`,
)
/** A message of a topic that the viewer may read. */
export async function findMessage(viewer: Viewer, of: ThreadRow, id: number, at: Date): Promise<OwnMessageRow> {
  const [found] = await message(of.id, id, viewer.participant?.id, at, of.is_open)
  if (!found) throw createError(404)
  return found
}

const change = statement('change_message', 'update messages set body = $2, edited_at = $3 where id = $1')
/** Gives a message other words. What nobody else has seen yet is not marked as changed. */
export async function saveBody({ id }: OwnMessageRow, body: string, editedAt: Date | null): Promise<void> {
  await change(id, body, editedAt)
}

// The words are gone for good, and what they pointed to. That there was a message stays, unless it was still to go out.
const withdraw = statement(
  'withdraw_message',
  `with pointed as (delete from signposts where message_id = $1)
   update messages set body = null, quote_id = null, withdrawn_at = $2, told = true where id = $1`,
)
/** Takes a message back. */
export async function saveWithdrawn({ id }: OwnMessageRow, at: Date): Promise<void> {
  await withdraw(id, at)
}

/** A message that its time has come for. */
export type DueRow = { thread_id: number; programme_id: number; recipient_id: number }
/** The one line that says so: what SETTLE and TELL_ANEW begin with. */
function lineOf({ programme_id, thread_id, recipient_id }: DueRow, at: Date): unknown[] {
  return [programme_id, subjectOf(thread_id), at, recipient_id, 'message', `/threads/${thread_id}`]
}
const due = statement<DueRow>(
  'claim_due_messages',
  `update messages s set told = true from threads t join matches m on m.id = t.match_id
   where t.id = s.thread_id and not s.told and s.visible_at <= $1
   returning s.thread_id, m.programme_id,
     case when s.author_id = m.mentor_id then m.mentee_id else m.mentor_id end as recipient_id`,
)
/** The messages that have become visible since somebody looked; each is given out once. */
export async function claimDueMessages(_as: System, at: Date): Promise<DueRow[]> {
  return due(at)
}

const tellOf = statement('tell_of_message', `with seen as (select 1), ${TELL_ANEW} select 1 as one`)
/** However many messages wait in a topic, one line says so. */
export async function tellOfMessage(due: DueRow, at: Date): Promise<void> {
  await tellOf(...lineOf(due, at))
}
