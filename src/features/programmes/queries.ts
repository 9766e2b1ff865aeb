import { statement } from '../../db.ts'
import { Programme } from '../../models/index.ts'
import type { System, Viewer } from '../../web/viewer.ts'
import type { ProgrammeForm } from './forms.ts'

const lockLink = statement<{ programme_id: number | null }>(
  'lock_link',
  'select programme_id from resource_links where id = $1 for update',
)
const nameProgramme = statement('name_programme', 'update resource_links set programme_id = $2 where id = $1')
const listAll = statement<{ id: number; title: string; course: string | null; coordinator_name: string }>(
  'list_programmes',
  `select p.id, p.title, c.title as course, p.coordinator_name
   from programmes p join contexts c on c.id = p.context_id order by p.id`,
)

/** Whether the link that the viewer opened names no programme yet. Whoever asks first decides; the next one waits. */
export async function lockUnnamedLink(viewer: Viewer): Promise<boolean> {
  const [link] = await lockLink(viewer.resourceLinkId ?? 0)
  return link !== undefined && link.programme_id === null
}

/** Makes a programme in the viewer's course, and lets the link they opened name it. Returns its id. */
export async function addProgramme(viewer: Viewer, form: ProgrammeForm): Promise<number> {
  const { contextId, resourceLinkId, personId } = viewer
  const programme = await Programme.create({ ...form, contextId: contextId ?? 0, createdById: personId })
  await nameProgramme(resourceLinkId, programme.id)
  return programme.id
}

/** Changes the programme that the viewer coordinates. */
export async function saveProgramme(viewer: Viewer, form: ProgrammeForm): Promise<void> {
  await Programme.update(form, { where: { id: viewer.programme?.id ?? 0 } })
}

/** All programmes with their ids, for the operator. */
export const listProgrammes = async (_by: System) => listAll()
