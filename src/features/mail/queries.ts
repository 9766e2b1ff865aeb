import { statement } from '../../db.ts'
import type { System, Viewer } from '../../web/viewer.ts'
import { MATCH_OF } from '../notifications/index.ts'
import type { Choices, Topic } from './forms.ts'

/** Something somebody was told, and what they want of mails: when it may be mailed is still to be worked out. */
export type NewRow = {
  id: number
  kind: string
  /** Since when it waits, with what it took the place of. */
  since: Date
  choices: Choices
  digest_at: string
  quiet_from: string | null
  quiet_until: string | null
  time_zone: string
}
const unplanned = statement<NewRow>(
  'list_notifications_to_plan',
  `select n.id, n.kind, coalesce(n.mail_since, n.created_at) as since, p.mail_choices as choices, p.digest_at, p.quiet_from, p.quiet_until, pr.time_zone
   from notifications n join people p on p.id = n.person_id join programmes pr on pr.id = n.programme_id
   where n.mail = 'new' order by n.id limit 500`,
)
export async function listNew(_as: System): Promise<NewRow[]> {
  return unplanned()
}

const plan = statement(
  'plan_mail',
  `update notifications n set mail = case when g.at is null then 'done' else 'planned' end, mail_at = g.at
   from unnest($1::integer[], $2::timestamptz[]) as g (id, at) where n.id = g.id and n.mail = 'new'`,
)
/** From when each may be mailed; none is never. */
export async function savePlans(_as: System, plans: readonly { id: number; at: Date | undefined }[]): Promise<void> {
  await plan(
    plans.map(({ id }) => id),
    plans.map(({ at }) => at ?? null),
  )
}

const drop = statement(
  'drop_stale_mail',
  `update notifications set mail = 'done' where mail in ('new', 'planned')
     and ($2::boolean or settled_at is not null or seen_at is not null or until <= $1)`,
)
/** What was done, seen in Signpost, or whose time has passed is not mailed any more; without mail, nothing of all that waits. */
export async function dropStale(_as: System, at: Date, everything: boolean): Promise<void> {
  await drop(at, everything)
}

// One mail at a time for a person in a programme: what comes meanwhile waits for the next.
const form = statement(
  'form_mailings',
  `with due as (
     select distinct n.person_id, n.programme_id from notifications n
     where n.mail = 'planned' and n.mail_at <= $1 and not exists (
       select 1 from mailings m where m.person_id = n.person_id and m.programme_id = n.programme_id
         and m.kind = 'news' and m.state = 'waiting')
     limit 500),
   made as (
     insert into mailings (person_id, programme_id, kind, created_at, next_try_at)
     select person_id, programme_id, 'news', $1, $1 from due on conflict do nothing returning id, person_id, programme_id)
   update notifications n set mail = 'bound', mailing_id = made.id from made
   where n.person_id = made.person_id and n.programme_id = made.programme_id
     and n.mail = 'planned' and n.mail_at <= $1 + make_interval(mins => $2)`,
)
/** Makes a mail for everybody who is due one, of all that is due by then or within minutes. */
export async function formMailings(_as: System, at: Date, minutes: number): Promise<void> {
  await form(at, minutes)
}

// Their Monday, by the clock of the programme, from eight o'clock on.
const weeks = statement(
  'form_mailings_of_week',
  `insert into mailings (person_id, programme_id, kind, week, created_at, next_try_at)
   select distinct d.person_id, pr.id, 'week', l.local::date, $1::timestamptz, $1::timestamptz
   from programmes pr join duties d on d.programme_id = pr.id join people p on p.id = d.person_id
   cross join lateral (select $1::timestamptz at time zone pr.time_zone as local) l
   where extract(isodow from l.local) = 1 and l.local::time >= '08:00' and pr.state = 'open'
     and l.local::date between pr.starts_on and pr.ends_on + 30
     and d.duty = 'coordinator' and d.ended_at is null and (d.until is null or d.until >= l.local::date)
     and p.mail_address is not null and coalesce(p.mail_choices ->> 'week', '') <> 'off'
   on conflict do nothing`,
)
/** On Mondays, a mail for each coordinator; once. */
export async function formWeeks(_as: System, at: Date): Promise<void> {
  await weeks(at)
}

/** Somebody who is to be written to, as they are now. */
type Reader = {
  person_id: number
  address: string | null
  call_name: string | null
  language: string | null
  mail_key: string
  choices: Choices
  quiet_from: string | null
  quiet_until: string | null
  programme_id: number
  programme: string
  time_zone: string
  issuer: string
  product: string | null
  course: string
}
const READER = `p.id as person_id, p.mail_address as address, p.call_name, p.language, p.mail_key, p.mail_choices as choices,
  p.quiet_from, p.quiet_until, pr.id as programme_id, pr.title as programme, pr.time_zone, pl.issuer, pl.product, c.lti_id as course`
const JOIN_READER = `join people p on p.id = t.person_id join platforms pl on pl.id = p.platform_id
  join programmes pr on pr.id = t.programme_id join contexts c on c.id = pr.context_id`
/** A mail taken to be sent. Nobody else takes it for five minutes, longer than a mail server may take over one. */
export type ClaimedMailingRow = Reader & {
  id: number
  kind: 'news' | 'week' | 'test'
  created_at: Date
  /** Counting this one. */
  attempts: number
  /** Counts how often it was taken: whoever has an older number has lost it. */
  lease: number
}
const claim = statement<ClaimedMailingRow>(
  'claim_mailing',
  `with due as (
     select m.id from mailings m where m.state = 'waiting' and m.kind <> 'test' and m.next_try_at <= $1
       and (m.leased_until is null or m.leased_until <= now())
     order by m.next_try_at, m.id limit 1 for update skip locked),
   t as (
     update mailings m set lease = m.lease + 1, leased_until = now() + interval '5 minutes', attempts = m.attempts + 1
     from due where m.id = due.id returning m.*)
   select t.id, t.kind, t.created_at, t.attempts, t.lease, ${READER} from t ${JOIN_READER}`,
)
/** Takes the mail that waits longest. */
export async function claimMailing(_as: System, at: Date): Promise<ClaimedMailingRow | undefined> {
  return (await claim(at))[0]
}

const addTest = statement<ClaimedMailingRow>(
  'add_test_mailing',
  `with t as (
     insert into mailings (person_id, programme_id, kind, created_at, next_try_at, leased_until, lease, attempts)
     select $1, $2, 'test', $3, $3, now() + interval '5 minutes', 1, 1
     where not exists (select 1 from mailings m where m.person_id = $1 and m.kind = 'test'
       and m.created_at > $3::timestamptz - interval '1 minute')
     returning *)
   select t.id, t.kind, t.created_at, t.attempts, t.lease, ${READER} from t ${JOIN_READER}`,
)
/** A mail to try it out, taken at once, for the viewer alone; none within a minute of the last. */
export async function addTestMailing(viewer: Viewer, at: Date): Promise<ClaimedMailingRow | undefined> {
  return viewer.programme ? (await addTest(viewer.personId, viewer.programme.id, at))[0] : undefined
}

/** So many things of a kind. */
export type LineRow = { kind: string; count: number }
// What two people have between them stops when they are parted; that they are is still said.
const lines = statement<LineRow>(
  'list_lines_of_mailing',
  `select n.kind, count(*)::int as count from notifications n
   where n.mailing_id = $1 and n.settled_at is null and n.seen_at is null and (n.until is null or n.until > $2)
     and not exists (select 1 from matches m where m.id = ${MATCH_OF} and m.ended_at is not null)
   group by n.kind order by min(n.id)`,
)
/** What of a mail still matters: neither done nor seen nor over, and of no match that has ended. */
export async function listLines(mailing: ClaimedMailingRow, at: Date): Promise<LineRow[]> {
  return lines(mailing.id, at)
}

export type Problem = 'no_answer' | 'no_login' | 'no_tls' | 'refused' | 'later'
const end = statement(
  'end_mailing',
  `with ended as (
     update mailings set state = $3, done_at = $4, leased_until = null, smtp_status = $5,
       problem = case when $3 = 'sent' then null else problem end
     where id = $1 and lease = $2 returning id)
   update notifications n set mail = 'done' from ended where n.mailing_id = ended.id and n.mail = 'bound'`,
)
/** It is over with a mail, one way or another. */
export async function endMailing(
  { id, lease }: ClaimedMailingRow,
  state: 'sent' | 'dropped' | 'refused' | 'given_up',
  at: Date,
  status?: number,
): Promise<void> {
  await end(id, lease, state, at, status ?? null)
}

const putOff = statement(
  'put_off_mailing',
  `update mailings set next_try_at = $3, leased_until = null, problem = coalesce($4, problem),
     smtp_status = coalesce($5, smtp_status), attempts = attempts - case when $4::text is null then 1 else 0 end
   where id = $1 and lease = $2`,
)
/** It is to be tried later: because of trouble, or because its reader wants quiet now. */
export async function putOffMailing(
  { id, lease }: ClaimedMailingRow,
  until: Date,
  trouble?: { problem: Problem; status: number | undefined },
): Promise<void> {
  await putOff(id, lease, until, trouble?.problem ?? null, trouble?.status ?? null)
}

const pause = statement(
  'pause_mail',
  "update mailings set next_try_at = greatest(next_try_at, $1) where state = 'waiting'",
)
/** Nothing is sent before then: the mail server does not work. */
export async function pauseMail(_as: System, until: Date): Promise<void> {
  await pause(until)
}

const nextDue = statement<{ at: Date | null }>(
  'next_due_mailing',
  `select min(greatest(next_try_at, leased_until)) as at from mailings where state = 'waiting' and kind <> 'test'`,
)
export async function findNextDue(_as: System): Promise<Date | undefined> {
  return (await nextDue())[0]?.at ?? undefined
}

const refuse = statement('refuse_address', 'update people set mail_refused = $2 where id = $1')
/** A mail server says that there is no such mailbox. */
export async function markRefused({ person_id, address }: ClaimedMailingRow): Promise<void> {
  await refuse(person_id, address)
}

const sweep = statement(
  'sweep_mailings',
  `delete from mailings where done_at < now() - interval '90 days' or (kind = 'test' and created_at < now() - interval '90 days')`,
)
/** Deletes mails that were sent long ago: what they were about went with them. */
export async function sweepMailings(_as: System): Promise<void> {
  await sweep()
}

/** What the viewer has chosen. */
export type SettingsRow = {
  email: string | null
  own_email: string | null
  mail_to: 'lms' | 'own' | 'none'
  quiet_from: string | null
  quiet_until: string | null
  digest_at: string
  choices: Choices
}
const settings = statement<SettingsRow>(
  'find_mail_settings',
  `select email, own_email, mail_to, quiet_from, quiet_until, digest_at, mail_choices as choices
   from people where id = $1`,
)
export async function findSettings(viewer: Viewer): Promise<SettingsRow> {
  const [found] = await settings(viewer.personId)
  if (!found) throw new Error('A viewer who is nobody')
  return found
}

// What waits already is planned anew, by what holds now. An address that was refused is tried again when it is saved again.
const saveSettingsOf = statement(
  'save_mail_settings',
  `with chosen as (
     update people set mail_to = $2, own_email = $3, quiet_from = $4, quiet_until = $5, digest_at = $6,
       mail_choices = mail_choices || $7::jsonb, mail_refused = null where id = $1)
   update notifications set mail = 'new', mail_at = null where person_id = $1 and mail = 'planned'`,
)
export async function saveSettings(
  viewer: Viewer,
  { mail_to, own_email, quiet_from, quiet_until, digest_at, choices }: Omit<SettingsRow, 'email'>,
): Promise<void> {
  await saveSettingsOf(viewer.personId, mail_to, own_email, quiet_from, quiet_until, digest_at, JSON.stringify(choices))
}

const unsubscribe = statement<{ id: number }>(
  'unsubscribe',
  `with chosen as (
     update people set mail_choices = mail_choices || $2::jsonb where mail_key = $1 returning id),
   planned as (
     update notifications n set mail = 'new', mail_at = null from chosen where n.person_id = chosen.id and n.mail = 'planned')
   select id from chosen`,
)
/** Turns mails off for whoever has a key. Says whether there is such a person. */
export async function turnOff({ key }: KeyRow, topics: readonly Topic[]): Promise<boolean> {
  const off = JSON.stringify(Object.fromEntries(topics.map((topic) => [topic, 'off'])))
  return (await unsubscribe(key, off)).length > 0
}
/** From a link in a mail: whoever has it was sent that mail, and may end such mails; nothing else. */
export type KeyRow = { key: string }

/** How mail goes in the viewer's programme: what came through last, what does not, and how many people cannot be written to. */
export type MailStateRow = {
  sent_at: Date | null
  waiting: number
  problem: Problem | null
  unreachable: number
}
const state = statement<MailStateRow>(
  'find_mail_state',
  `select (select max(m.done_at) from mailings m where m.programme_id = $1 and m.state = 'sent') as sent_at,
     (select count(*)::int from (select 1 from mailings m where m.programme_id = $1 and m.state = 'waiting'
       and m.problem is not null limit 100) w) as waiting,
     (select m.problem from mailings m where m.programme_id = $1 and m.problem is not null and m.state = 'waiting'
       order by m.next_try_at desc limit 1) as problem,
     (select count(*)::int from (select 1 from participants pa join people p on p.id = pa.person_id
       where pa.programme_id = $1 and pa.state in ('eligible', 'exception', 'applied', 'waiting')
         and p.mail_address is null limit 1000) u) as unreachable`,
)
/** For staff of the course, without a name. */
export async function findMailState(viewer: Viewer): Promise<MailStateRow | undefined> {
  return viewer.staff && viewer.programme ? (await state(viewer.programme.id))[0] : undefined
}
