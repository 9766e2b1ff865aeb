import { randomUUID } from 'node:crypto'
import { statement } from '../../db.ts'
import { Programme } from '../../models/index.ts'
import type { System, Viewer } from '../../web/viewer.ts'
import type { ProgrammeForm } from './forms.ts'

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

const keyIsTaken = statement('is_key_taken', 'select 1 from programmes where context_id = $1 and key = $2')

/**
 * Makes a programme in the viewer's course under a key, or under a new one where that is taken; the link they opened
 * names it, and so do the links of the course that bring its key. Returns its id.
 */
export async function addProgramme(
  viewer: Viewer,
  form: ProgrammeForm,
  like: { key: string | undefined; timeZone: string | undefined },
): Promise<number> {
  const { contextId = 0, resourceLinkId, personId } = viewer
  const free = like.key !== undefined && (await keyIsTaken(contextId, like.key)).length === 0
  const programme = await Programme.create({
    ...form,
    contextId,
    createdById: personId,
    key: free ? (like.key ?? '') : randomUUID(),
    ...(like.timeZone !== undefined && { timeZone: like.timeZone }),
  })
  await nameLinks(resourceLinkId, contextId, programme.id)
  return programme.id
}

/** Lets the link that the viewer opened name a programme of the same course. */
export async function nameProgramme(viewer: Viewer, programme: ProgrammeRow): Promise<void> {
  await nameLinks(viewer.resourceLinkId, viewer.contextId, programme.id)
}

/** Changes the programme that the viewer coordinates. */
export async function saveProgramme(viewer: Viewer, form: ProgrammeForm): Promise<void> {
  await Programme.update(form, { where: { id: viewer.programme?.id ?? 0 } })
}

const listAll = statement<{ id: number; title: string; course: string | null; coordinator_name: string }>(
  'list_programmes',
  `select p.id, p.title, c.title as course, p.coordinator_name
   from programmes p join contexts c on c.id = p.context_id order by p.id`,
)
/** All programmes with their ids, for the operator. */
export const listProgrammes = async (_by: System) => listAll()
