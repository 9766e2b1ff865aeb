import { randomInt } from 'node:crypto'
import { statement } from '../../db.ts'
import type { Member } from '../../lti/index.ts'
import { Duty } from '../../models/index.ts'
import {
  DUTY_HOLDS,
  hasDuty,
  type DutyName,
  type ParticipantState,
  type Role,
  type System,
  type Viewer,
} from '../../web/viewer.ts'

/** A person of the viewer's programme, as other features show them. */
export type ParticipantRow = { id: number; role: Role; ref: string; name: string | null; given_name: string | null }

/** Whether the participant `pa` has come as staff of the course since they applied: then nobody pairs them (4.2). */
export const SEEN_AS_STAFF = `exists (select 1 from memberships sm join programmes sp on sp.context_id = sm.context_id
  where sm.person_id = pa.person_id and sp.id = pa.programme_id and sm.first_staff_at is not null)`

const lockTwo = statement<ParticipantRow>(
  'lock_two_participants',
  `select pa.id, pa.role, pa.ref, p.shown_name as name, p.call_name as given_name
   from participants pa join people p on p.id = pa.person_id
   where pa.id in ($1, $2) and pa.programme_id = $3 and pa.state in ('eligible', 'exception')
     and not ${SEEN_AS_STAFF} order by pa.id for no key update of pa`,
)
const refsInUse = statement<{ ref: string }>('list_refs', 'select ref from participants where programme_id = $1')
const lockOne = statement('lock_programme', 'select 1 from programmes where id = $1 for no key update')

/**
 * A mentee and a mentor of the viewer's programme who were accepted, held until the end of the transaction, so that
 * nobody leaves meanwhile. Whoever is not there, or in the other role, is undefined.
 */
export async function lockAcceptedPair(
  viewer: Viewer,
  { mentee, mentor }: { mentee: number; mentor: number },
): Promise<{ mentee: ParticipantRow | undefined; mentor: ParticipantRow | undefined }> {
  const found = await lockTwo(mentee, mentor, viewer.programme?.id)
  const one = (id: number, role: Role) => found.find((row) => row.id === id && row.role === role)
  return { mentee: one(mentee, 'mentee'), mentor: one(mentor, 'mentor') }
}

/** Holds the viewer's programme until the end of the transaction: what hangs on how many there are, one after the other. */
export async function lockProgramme(viewer: Viewer): Promise<void> {
  await lockOne(viewer.programme?.id)
}

/** A reference that is free in the viewer's programme, whose row is held, and that tells nothing about its person. */
export async function findFreeRef(viewer: Viewer): Promise<string> {
  return freeRef(new Set((await refsInUse(viewer.programme?.id)).map(({ ref }) => ref)))
}

const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ'
function freeRef(taken: Set<string>): string {
  for (;;) {
    const ref = `${LETTERS[randomInt(LETTERS.length)] ?? 'A'}${randomInt(2, taken.size < 100 ? 10 : 100)}`
    if (!taken.has(ref)) return ref
  }
}

/** A duty that is given: for ever, or as a deputy until a day. */
export type NewDuty = { personId: number; programmeId: number; duty: DutyName; until?: string | undefined }

/** Gives a person a duty in a programme. They may have it already; a deputy becomes a holder. */
export async function addDuty(by: Viewer | System, { until, ...to }: NewDuty): Promise<void> {
  const terms = { deputy: until !== undefined, until: until ?? null }
  const held = await Duty.findOne({ where: { ...to, endedAt: null } })
  if (held) await held.update(held.deputy ? terms : {})
  else await Duty.create({ ...to, ...terms, grantedById: 'personId' in by ? by.personId : null, endedAt: null })
}

/** Somebody who has a duty in the viewer's programme. */
export type DutyRow = {
  id: number
  person_id: number
  duty: DutyName
  name: string | null
  granted_at: Date
  deputy: boolean
  until: string | null
}
const dutiesOf = statement<DutyRow>(
  'list_duties',
  `select d.id, d.person_id, d.duty, p.shown_name as name, d.granted_at, d.deputy, d.until::text
   from duties d join people p on p.id = d.person_id
   where d.programme_id = $1 and ${DUTY_HOLDS}
   order by d.duty, d.deputy, d.granted_at limit 200`,
)
/** Who has which duty in the programme that the viewer coordinates. */
export async function listDuties(viewer: Viewer): Promise<DutyRow[]> {
  return hasDuty(viewer, 'coordinator') ? dutiesOf(viewer.programme?.id) : []
}

/** Somebody who could be given a duty: staff of the course, as a launch of theirs has said. */
export type StaffRow = { person_id: number; name: string | null; email: string | null }
const staffOf = statement<StaffRow>(
  'list_staff',
  `select p.id as person_id, p.shown_name as name, p.email
   from programmes pr join memberships m on m.context_id = pr.context_id join people p on p.id = m.person_id
   where pr.id = $1 and m.first_staff_at is not null
     and not exists (select 1 from participants pa where pa.person_id = p.id and pa.programme_id = pr.id)
   order by lower(coalesce(p.shown_name, '')), p.id limit 200`,
)
/** Staff of the course who have opened Signpost at least once; nobody else is known here. */
export async function listStaff(viewer: Viewer): Promise<StaffRow[]> {
  return hasDuty(viewer, 'coordinator') ? staffOf(viewer.programme?.id) : []
}

/** Ends a duty. */
export async function endDuty(duty: DutyRow, at: Date): Promise<void> {
  await Duty.update({ endedAt: at }, { where: { id: duty.id, endedAt: null } })
}

/** Whether a duty of the viewer's programme was ever given, though it may be over. */
export async function wasGiven({ programme }: Viewer, dutyId: number): Promise<boolean> {
  return programme !== undefined && (await Duty.count({ where: { id: dutyId, programmeId: programme.id } })) > 0
}

const gaveUp = statement(
  'has_given_up_coordination',
  `select 1 from duties where person_id = $1 and programme_id = $2 and duty = 'coordinator'
   having bool_and(ended_at is not null)`,
)
/** Whether the viewer was a coordinator of the programme and is none now: as of this moment, not of their request. */
export async function hasGivenUp(viewer: Viewer): Promise<boolean> {
  return (await gaveUp(viewer.personId, viewer.programme?.id)).length > 0
}

const invite = statement(
  'invite',
  `insert into invitations (programme_id, sub, role, invited_by_id, invited_at)
   select pr.id, r.sub, $3, $4, $5 from programmes pr join roster_members r on r.context_id = pr.context_id
   join contexts c on c.id = pr.context_id join deployments d on d.id = c.deployment_id
   left join people p on p.platform_id = d.platform_id and p.sub = r.sub
   left join memberships m on m.person_id = p.id and m.context_id = c.id
   where pr.id = $1 and r.sub = any($2::text[]) and not r.staff and r.left_at is null and m.first_staff_at is null
     and not exists (select 1 from participants pa where pa.person_id = p.id and pa.programme_id = pr.id)
   on conflict (programme_id, sub) do update set role = excluded.role returning 1`,
)
/** Invites people of the roster, by their ids in the LMS. Says how many of them could be. */
export async function addInvitations(viewer: Viewer, subs: readonly string[], role: Role, at: Date): Promise<number> {
  if (!hasDuty(viewer, 'coordinator')) return 0
  return (await invite(viewer.programme?.id, subs, role, viewer.personId, at)).length
}

export type InvitationRow = { role: Role; invited_by: string | null }
const invitationOf = statement<InvitationRow>(
  'find_invitation',
  `select i.role, by.shown_name as invited_by from people p join invitations i on i.sub = p.sub and i.programme_id = $2
   left join people by on by.id = i.invited_by_id where p.id = $1`,
)
/** Whether the viewer was invited, and as what. */
export async function findInvitation(viewer: Viewer): Promise<InvitationRow | undefined> {
  return (await invitationOf(viewer.personId, viewer.programme?.id))[0]
}

const findBySub = statement<{ person_id: number; name: string | null }>(
  'find_person_of_programme',
  `select p.id as person_id, p.name from people p
   join memberships m on m.person_id = p.id
   join programmes pr on pr.context_id = m.context_id
   where pr.id = $1 and p.sub = $2`,
)
/** Whom the LMS knows by an id, among those who opened the programme's course. */
export async function findPersonBySub(_by: System, programmeId: number, sub: string): Promise<number | undefined> {
  return (await findBySub(programmeId, sub))[0]?.person_id
}

/** A course whose roster is to be read, taken by this process for two minutes. */
export type ClaimedRosterRow = { id: number; platform_id: number; memberships_url: string; roster_attempts: number }
const HAS_PROGRAMME =
  'exists (select 1 from programmes pr where pr.context_id = c.id and pr.ends_on >= current_date - 30)'
const duePlatforms = statement<{ platform_id: number }>(
  'list_roster_platforms',
  `select distinct d.platform_id from contexts c join deployments d on d.id = c.deployment_id
   join platforms p on p.id = d.platform_id
   where c.memberships_url is not null and p.state = 'approved' and ${HAS_PROGRAMME} and c.roster_next_at <= now()
     and (c.roster_leased_until is null or c.roster_leased_until <= now())`,
)
/** The platforms that a roster is to be read from now. */
export async function listRosterPlatforms(_as: System): Promise<number[]> {
  return (await duePlatforms()).map(({ platform_id }) => platform_id)
}

const claimRoster = statement<ClaimedRosterRow>(
  'claim_roster',
  `with due as (
     select c.id, d.platform_id from contexts c join deployments d on d.id = c.deployment_id
     where d.platform_id = $1 and c.memberships_url is not null and ${HAS_PROGRAMME} and c.roster_next_at <= now()
       and (c.roster_leased_until is null or c.roster_leased_until <= now())
     order by c.roster_next_at limit 1 for update of c skip locked)
   update contexts c set roster_leased_until = now() + interval '2 minutes', roster_attempts = roster_attempts + 1
   from due where c.id = due.id returning c.id, due.platform_id, c.memberships_url, c.roster_attempts`,
)
/** Takes the course of a platform whose roster waits longest. */
export async function claimDueRoster(_as: System, platformId: number): Promise<ClaimedRosterRow | undefined> {
  return (await claimRoster(platformId))[0]
}

// Which words a name has: Moodle's roster puts the family name last, also where a launch has it first.
const wordsOf = (name: string) =>
  `array(select word from regexp_split_to_table(trim(${name}), '\\s+') word order by word)`

/**
 * Whoever is missing has left: they are marked, and stay. Names of people who came before are brought up to date. Nothing
 * here touches memberships, participants or duties: a roster grants nothing (Moodle calls some teachers Learner in it).
 */
const keepRoster = statement(
  'save_roster',
  `with given as (select * from jsonb_to_recordset($3::jsonb)
     as g(sub text, name text, "givenName" text, email text, active boolean, staff boolean)),
   members as (
     insert into roster_members (context_id, sub, name, given_name, email, staff, left_at)
     select $1, sub, name, "givenName", email, staff, case when not active then now() end from given
     on conflict (context_id, sub) do update set name = excluded.name, given_name = excluded.given_name,
       email = excluded.email, staff = excluded.staff,
       left_at = case when excluded.left_at is null then null else coalesce(roster_members.left_at, excluded.left_at) end),
   gone as (
     update roster_members set left_at = now()
     where context_id = $1 and left_at is null and sub not in (select sub from given)),
   named as (
     update people p set name = g.name, given_name = g.given_name, email = g.email
     from (select p.id, coalesce(g."givenName", p.given_name) as given_name, coalesce(g.email, p.email) as email,
         case when ${wordsOf('g.name')} = ${wordsOf('p.name')} then p.name else coalesce(g.name, p.name) end as name
       from given g join people p on p.platform_id = $2 and p.sub = g.sub) g
     where p.id = g.id and (p.name, p.given_name, p.email) is distinct from (g.name, g.given_name, g.email))
   update contexts set roster_read_at = now(), roster_next_at = now() + interval '1 day', roster_leased_until = null,
     roster_attempts = 0, roster_problem = null
   where id = $1`,
)
/** Keeps a roster that was read whole. */
export async function saveRoster(row: ClaimedRosterRow, members: readonly RosterMember[]): Promise<void> {
  await keepRoster(row.id, row.platform_id, JSON.stringify(members))
}
type RosterMember = Omit<Member, 'roles'> & { staff: boolean }

const missRoster = statement(
  'miss_roster',
  `update contexts set roster_problem = $2, roster_leased_until = null,
     roster_next_at = now() + make_interval(secs => $3::float / 1000) where id = $1`,
)
/** It could not be read: why, and in how many milliseconds to try again. */
export async function markRosterMissed(
  row: ClaimedRosterRow,
  problem: 'no_access' | 'later',
  retryInMs: number,
): Promise<void> {
  await missRoster(row.id, problem, retryInMs)
}

const wantRoster = statement(
  'want_roster',
  `update contexts set roster_next_at = now() where id = (select context_id from programmes where id = $1)`,
)
/** Asks for the roster of the viewer's programme to be read now. */
export async function askForRoster(viewer: Viewer): Promise<void> {
  await wantRoster(viewer.programme?.id)
}

/** How the roster of the viewer's course stands. */
export type RosterStateRow = { known: boolean; read_at: Date | null; problem: 'no_access' | 'later' | null }
const rosterState = statement<RosterStateRow>(
  'find_roster_state',
  `select memberships_url is not null as known, roster_read_at as read_at, roster_problem as problem
   from contexts where id = $1`,
)
export async function findRosterState(viewer: Viewer): Promise<RosterStateRow | undefined> {
  return (await rosterState(viewer.contextId))[0]
}

/** Somebody of the course: by the roster, and by what they are in the programme. */
export type CoursePersonRow = {
  sub: string
  name: string | null
  email: string | null
  participant_id: number | null
  role: Role | null
  state: ParticipantState | null
  ref: string | null
  /** Takes part, and mail reaches them. Of who has not come it is not known. */
  mailable: boolean | null
  invited: Role | null
  opened: boolean
  left_at: Date | null
}
const PAGE = 100
const SORT = "lower(coalesce(p.shown_name, r.name, ''))"
const coursePeople = statement<CoursePersonRow>(
  'list_course_people',
  `select r.sub, coalesce(p.shown_name, r.name) as name, coalesce(p.email, r.email) as email, pa.id as participant_id, pa.role,
     pa.state, pa.ref, case when pa.id is not null then p.mail_address is not null end as mailable, i.role as invited, m.person_id is not null as opened, r.left_at
   from programmes pr
   join contexts c on c.id = pr.context_id
   join deployments d on d.id = c.deployment_id
   join roster_members r on r.context_id = c.id
   left join people p on p.platform_id = d.platform_id and p.sub = r.sub
   left join memberships m on m.person_id = p.id and m.context_id = c.id
   left join participants pa on pa.person_id = p.id and pa.programme_id = pr.id
   left join invitations i on i.programme_id = pr.id and i.sub = r.sub
   where pr.id = $1 and not r.staff and m.first_staff_at is null
     and not exists (select 1 from duties du where du.person_id = p.id and du.programme_id = pr.id)
     and ($2::text is null or (${SORT}, r.sub) > (
       select lower(coalesce(p2.shown_name, r2.name, '')), r2.sub from roster_members r2
       left join people p2 on p2.platform_id = d.platform_id and p2.sub = r2.sub
       where r2.context_id = c.id and r2.sub = $2))
   order by ${SORT}, r.sub limit ${PAGE + 1}`,
)
/**
 * One page of who could be invited, and of who came: for the programme's coordinator. Never whom the roster calls staff,
 * or who was ever staff here. `after` is the id in the LMS of the last person of the page before.
 */
export async function listCoursePeople(
  viewer: Viewer,
  after?: string,
): Promise<{ people: CoursePersonRow[]; hasMore: boolean }> {
  const rows = hasDuty(viewer, 'coordinator') ? await coursePeople(viewer.programme?.id, after) : []
  return { people: rows.slice(0, PAGE), hasMore: rows.length > PAGE }
}
