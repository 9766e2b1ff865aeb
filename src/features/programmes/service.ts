import { afterCommit, transaction } from '../../db.ts'
import { wake } from '../../jobs.ts'
import { forbidden } from '../../web/errors.ts'
import { hasDuty, type Viewer } from '../../web/viewer.ts'
import { copyContent } from '../content/index.ts'
import { addDuty } from '../people/index.ts'
import { recalculateProgramme } from '../progress/index.ts'
import type { ProgrammeForm } from './forms.ts'
import {
  addProgramme,
  listEarlierProgrammes,
  listProgrammesOfCourse,
  lockUnnamedLink,
  nameProgramme,
  saveProgramme,
  type ProgrammeRow,
} from './queries.ts'

/** Staff of the course see who runs the programme; so does everyone with a duty in it. */
export function maySeeSetup(viewer: Viewer): boolean {
  return viewer.staff || viewer.duties.length > 0
}

/** Somebody on the staff begins it (R131: first come); from then on its coordinators change it. */
export function maySetUp(viewer: Viewer): boolean {
  if (viewer.programme) return hasDuty(viewer, 'coordinator')
  return viewer.staff && viewer.contextId !== undefined && viewer.resourceLinkId !== undefined
}

/** The programme that a new year is begun of, if the viewer's course is a copy of its course. */
export async function findEarlierProgramme(viewer: Viewer, id: number | undefined): Promise<ProgrammeRow | undefined> {
  return id === undefined ? undefined : (await listEarlierProgrammes(viewer)).find((one) => one.id === id)
}

/**
 * Makes the programme with its maker as coordinator, or changes the one there is. A new year keeps the key and the
 * texts of the year before; of its people it takes nobody. Says `taken` when a colleague was quicker, and then changes
 * nothing.
 */
export async function setUp(
  viewer: Viewer,
  form: ProgrammeForm,
  earlier: ProgrammeRow | undefined,
): Promise<'made' | 'changed' | 'taken'> {
  if (!maySetUp(viewer)) throw forbidden('programmes.rules.notCoordinator')
  const { programme } = viewer
  return transaction(async () => {
    if (programme) {
      await saveProgramme(viewer, form)
      if (form.minimumContacts !== programme.minimumContacts) await recalculateProgramme(programme)
      return 'changed'
    }
    const link = await lockUnnamedLink(viewer)
    if (!link) return 'taken'
    const like = { key: earlier?.key ?? link.key, timeZone: earlier?.time_zone }
    const programmeId = await addProgramme(viewer, form, like)
    if (earlier) await copyContent(viewer, earlier, { id: programmeId })
    await addDuty(viewer, { personId: viewer.personId, programmeId, duty: 'coordinator' })
    afterCommit(() => {
      wake('rosters') // who could be invited?
    })
    return 'made'
  })
}

/**
 * Lets the link that the viewer opened lead to a programme that the course has already. Staff who may place links in the
 * course may do this too; it gives nobody a duty. Undefined when there is no such programme; `taken` as above.
 */
export async function openHere(viewer: Viewer, programmeId: number): Promise<'named' | 'taken' | undefined> {
  if (!maySetUp(viewer) || viewer.programme) throw forbidden('programmes.rules.named')
  const programme = (await listProgrammesOfCourse(viewer)).find(({ id }) => id === programmeId)
  if (!programme) return undefined
  return transaction(async () => {
    if (!(await lockUnnamedLink(viewer))) return 'taken'
    await nameProgramme(viewer, programme)
    await recalculateProgramme(programme)
    return 'named'
  })
}
