import { randomUUID } from 'node:crypto'
import { statement } from '../../db.ts'
import { Programme } from '../../models/index.ts'
import { hasDuty, type FoundProgramme, type System, type Viewer } from '../../web/viewer.ts'

const lockLink = statement<{ programme_id: number | null; programme_key: string | null }>(
  'lock_link',
  'select programme_id, programme_key from resource_links where id = $1 for update',
)
const nameLinks = statement(
  'name_links',
  `update resource_links l set programme_id = p.id from programmes p
   where p.id = $3 and (l.id = $1 or (l.context_id = $2 and l.programme_id is null and l.programme_key = p.key))`,
)

/** A link that names no programme yet, held until the end of the transaction: whoever asks first decides. */
export type UnnamedLink = { key: string | undefined }
export async function lockUnnamedLink(viewer: Viewer): Promise<UnnamedLink | undefined> {
  const [link] = await lockLink(viewer.resourceLinkId ?? 0)
  return link?.programme_id === null ? { key: link.programme_key ?? undefined } : undefined
}

/** A programme of the viewer's course, or of a course that theirs is a copy of. Of people it tells nothing. */
export type ProgrammeRow = {
  id: number
  key: string
  title: string
  starts_on: string
  ends_on: string
  minimum_contacts: number
  time_zone: string
}
const COLUMNS = 'p.id, p.key, p.title, p.starts_on::text, p.ends_on::text, p.minimum_contacts, p.time_zone'
/** With whether the gradebook of the course has a column for it. */
export type CourseProgrammeRow = ProgrammeRow & { has_column: boolean }
const ofCourse = statement<CourseProgrammeRow>(
  'list_programmes_of_course',
  `select ${COLUMNS}, exists (select 1 from resource_links l where l.programme_id = p.id and l.line_item_url is not null)
     as has_column
   from programmes p where p.context_id = $1 order by p.starts_on desc, p.id desc limit 50`,
)
/** The programmes of the course that the viewer, staff there, came from. */
export async function listProgrammesOfCourse(viewer: Viewer): Promise<CourseProgrammeRow[]> {
  return viewer.staff ? ofCourse(viewer.contextId) : []
}

// By the courses that the platform says this one was copied from; a link that brings a key means that very programme.
const earlier = statement<ProgrammeRow>(
  'list_earlier_programmes',
  `select ${COLUMNS} from contexts c
   join contexts old on old.deployment_id = c.deployment_id and old.lti_id = any(c.history) and old.id <> c.id
   join programmes p on p.context_id = old.id
   left join resource_links l on l.id = $2
   where c.id = $1 and (l.programme_key is null or l.programme_key = p.key)
     and not exists (select 1 from programmes here where here.context_id = c.id and here.key = p.key)
   order by p.starts_on desc, p.id desc limit 10`,
)
/** The programmes that the viewer's course, a copy, could begin a new year of. */
export async function listEarlierProgrammes(viewer: Viewer): Promise<ProgrammeRow[]> {
  return viewer.staff ? earlier(viewer.contextId, viewer.resourceLinkId) : []
}

/** The settings of the programme that the viewer runs, or is staff in the course of; undefined where there is none. */
export async function findSettings(viewer: Viewer): Promise<Programme | undefined> {
  if (!viewer.programme || !(viewer.staff || viewer.duties.length > 0)) return undefined
  return (await Programme.findByPk(viewer.programme.id)) ?? undefined
}

/** What a programme says of itself to those who may apply (R143). */
export type AboutRow = {
  aims: string | null
  intake: string | null
  mentee_report_on: string | null
  mentor_report_on: string | null
  honorarium: { amount: string; currency: string; gate: 'received' | 'accepted' } | null
}
const about = statement<AboutRow>(
  'find_about',
  `select aims, intake, mentee_report_on::text, mentor_report_on::text, case when honorarium_amount is not null then
     json_build_object('amount', honorarium_amount::text, 'currency', honorarium_currency, 'gate', honorarium_gate) end
     as honorarium
   from programmes where id = $1 and state = 'open'`,
)
/** The sheet of the viewer's programme, once it is open. */
export async function findAbout(viewer: Viewer): Promise<AboutRow | undefined> {
  return viewer.programme ? (await about(viewer.programme.id))[0] : undefined
}

/** The settings of the programme that the viewer coordinates, held until the end of the transaction. */
export async function lockSettings(viewer: Viewer): Promise<Programme | undefined> {
  if (!viewer.programme || !hasDuty(viewer, 'coordinator')) return undefined
  return (await Programme.findByPk(viewer.programme.id, { lock: true })) ?? undefined
}

/** The settings of an earlier programme that a new year takes over. */
export async function findEarlierSettings(earlierRow: ProgrammeRow): Promise<Programme | undefined> {
  return (await Programme.findByPk(earlierRow.id)) ?? undefined
}

/** What a new programme begins with. */
export type NewProgramme = Pick<Programme, 'title' | 'startsOn' | 'endsOn'> & Partial<Programme['dataValues']>

const keyIsTaken = statement('is_key_taken', 'select 1 from programmes where context_id = $1 and key = $2')

/**
 * Makes a programme, a draft, in the viewer's course under a key, or under a new one where that is taken; the link they
 * opened names it, and so do the links of the course that bring its key.
 */
export async function addProgramme(
  viewer: Viewer,
  settings: NewProgramme,
  wantedKey: string | undefined,
): Promise<Programme> {
  const { contextId = 0, resourceLinkId, personId } = viewer
  const free = wantedKey !== undefined && (await keyIsTaken(contextId, wantedKey)).length === 0
  const programme = await Programme.create({
    ...settings,
    contextId,
    createdById: personId,
    key: free ? wantedKey : randomUUID(),
  })
  await nameLinks(resourceLinkId, contextId, programme.id)
  return programme
}

/** Makes a programme, a draft, in the course of the viewer's programme; no link leads to it yet. */
export async function addUnnamedProgramme(viewer: Viewer, settings: NewProgramme): Promise<Programme> {
  const { contextId = 0, personId } = viewer
  return Programme.create({ ...settings, contextId, createdById: personId, key: randomUUID() })
}

const there = statement(
  'is_programme_there',
  'select 1 from programmes where context_id = $1 and title = $2 and starts_on = $3 and ends_on = $4',
)
/** Whether the course has a programme with this name and these dates already. */
export async function isThere(
  viewer: Viewer,
  { title, startsOn, endsOn }: { title: string; startsOn: string; endsOn: string },
): Promise<boolean> {
  return (await there(viewer.contextId, title, startsOn, endsOn)).length > 0
}

const others = statement<{ title: string; starts_on: string; ends_on: string }>(
  'list_other_programmes',
  `select title, starts_on::text, ends_on::text from programmes o
   where o.context_id = (select context_id from programmes where id = $1) and o.id <> $1 order by starts_on desc, id desc limit 20`,
)
/** The other programmes of the course whose programme the viewer coordinates. */
export async function listOtherProgrammes(viewer: Viewer) {
  return hasDuty(viewer, 'coordinator') ? others(viewer.programme?.id) : []
}

/** Lets the link that the viewer opened name a programme of the same course. */
export async function nameProgramme(viewer: Viewer, programme: ProgrammeRow): Promise<void> {
  await nameLinks(viewer.resourceLinkId, viewer.contextId, programme.id)
}

/** Changes settings. */
export async function saveSettings(programme: Programme, settings: Partial<Programme['dataValues']>): Promise<void> {
  await programme.update(settings)
}

/** How many people a change of the settings touches; nobody needs to know more exactly than 1000. */
export type TouchedRow = { mentees: number; mentors: number; pairs: number; places_taken: number }
const counted = (from: string) => `(select count(*)::int from (select 1 from ${from} limit 1000) counted)`
const touched = statement<TouchedRow>(
  'count_touched',
  `select
     ${counted("participants where programme_id = $1 and role = 'mentee' and state in ('eligible', 'exception')")} as mentees,
     ${counted("participants where programme_id = $1 and role = 'mentor' and state in ('eligible', 'exception')")} as mentors,
     ${counted('matches where programme_id = $1 and ended_at is null')} as pairs,
     ${counted("participants where programme_id = $1 and role = 'mentee' and state in ('eligible', 'exception', 'finished')")}
       as places_taken`,
)
export async function countTouched(programme: FoundProgramme): Promise<TouchedRow> {
  return (await touched(programme.id))[0] ?? { mentees: 0, mentors: 0, pairs: 0, places_taken: 0 }
}

const keepMinimum = statement(
  'keep_minimum',
  'update matches set minimum_contacts = $2 where programme_id = $1 and ended_at is null and minimum_contacts is null',
)
/** Those who have a partner already keep the minimum that they began with. */
export async function keepMinimumOfMatches(programme: Programme): Promise<void> {
  await keepMinimum(programme.id, programme.minimumContacts)
}

/** What the LMS gives this programme, as far as it is known: for the check at the end of the set-up. */
export type ConnectionRow = {
  has_column: boolean
  has_roster: boolean
  names_shared: boolean
  lead_holders: number
  coordinators: number
  sessions_needed: boolean
}
const connection = statement<ConnectionRow>(
  'find_connection',
  `select exists (select 1 from resource_links l where l.programme_id = pr.id and l.line_item_url is not null) as has_column,
     c.memberships_url is not null as has_roster,
     exists (select 1 from memberships m join people p on p.id = m.person_id
       where m.context_id = c.id and not m.staff and p.name is not null)
       or not exists (select 1 from memberships m where m.context_id = c.id and not m.staff) as names_shared,
     (select count(*)::int from duties d where d.programme_id = pr.id and d.duty = 'concern_lead' and d.ended_at is null
       and not d.deputy) as lead_holders,
     (select count(*)::int from duties d where d.programme_id = pr.id and d.duty = 'coordinator' and d.ended_at is null
       and not d.deputy) as coordinators,
     pr.training_required as sessions_needed
   from programmes pr join contexts c on c.id = pr.context_id where pr.id = $1`,
)
export async function findConnection(programme: FoundProgramme): Promise<ConnectionRow | undefined> {
  return (await connection(programme.id))[0]
}

const listAll = statement<{ id: number; title: string; course: string | null; coordinator_name: string | null }>(
  'list_programmes',
  `select p.id, p.title, c.title as course, p.coordinator_name
   from programmes p join contexts c on c.id = p.context_id order by p.id`,
)
/** All programmes with their ids, for the operator. */
export const listProgrammes = async (_by: System) => listAll()
