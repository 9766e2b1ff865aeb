import type { Launch } from '../../lti/index.ts'
import { languageFor } from '../../web/i18n.ts'
import type { NewSession } from '../../web/session.ts'
import { recalculateProgramme } from '../progress/index.ts'
import { recordVisit } from './queries.ts'

/** Lets somebody in after a verified launch: remembers them, and says what their session is about. */
export async function admit(launch: Launch): Promise<NewSession> {
  const visit = await recordVisit(launch)
  if (visit.line_item_changed && visit.programme_id !== null) await recalculateProgramme({ id: visit.programme_id })
  return {
    personId: visit.person_id,
    contextId: visit.context_id ?? undefined,
    resourceLinkId: visit.resource_link_id ?? undefined,
    locale: languageFor(launch.locale),
    returnUrl: launch.returnUrl,
    framed: launch.framed,
  }
}
