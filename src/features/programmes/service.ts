import { transaction } from '../../db.ts'
import { forbidden } from '../../web/errors.ts'
import { hasDuty, type Viewer } from '../../web/viewer.ts'
import { addDuty } from '../people/index.ts'
import { recalculateProgramme } from '../progress/index.ts'
import type { ProgrammeForm } from './forms.ts'
import { addProgramme, lockUnnamedLink, saveProgramme } from './queries.ts'

/** Staff of the course see who runs the programme; so does everyone with a duty in it. */
export function maySeeSetup(viewer: Viewer): boolean {
  return viewer.staff || viewer.duties.length > 0
}

/** Somebody on the staff begins it (R131: first come); from then on its coordinators change it. */
export function maySetUp(viewer: Viewer): boolean {
  if (viewer.programme) return hasDuty(viewer, 'coordinator')
  return viewer.staff && viewer.contextId !== undefined && viewer.resourceLinkId !== undefined
}

/**
 * Makes the programme with its maker as coordinator, or changes the one there is. Says `taken` when a colleague was
 * quicker, and then changes nothing.
 */
export async function setUp(viewer: Viewer, form: ProgrammeForm): Promise<'made' | 'changed' | 'taken'> {
  if (!maySetUp(viewer)) throw forbidden('programmes.rules.notCoordinator')
  const { programme } = viewer
  return transaction(async () => {
    if (programme) {
      await saveProgramme(viewer, form)
      if (form.minimumContacts !== programme.minimumContacts) await recalculateProgramme(programme)
      return 'changed'
    }
    if (!(await lockUnnamedLink(viewer))) return 'taken'
    const programmeId = await addProgramme(viewer, form)
    await addDuty(viewer, { personId: viewer.personId, programmeId, duty: 'coordinator' })
    return 'made'
  })
}
