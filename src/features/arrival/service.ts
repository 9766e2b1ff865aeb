import { wake } from '../../jobs.ts'
import type { Launch } from '../../lti/index.ts'
import { refused } from '../../web/errors.ts'
import { languageFor } from '../../web/i18n.ts'
import type { NewSession } from '../../web/session.ts'
import { recalculateProgramme } from '../progress/index.ts'
import { recordVisit, type Visit } from './queries.ts'

/** What somebody's session is about, and the page it begins with. */
export type Admission = { session: NewSession; startAt: string }

/** Where the links lead that deep linking places; anything else leads home. */
const LANDINGS: Partial<Record<string, string>> = {
  contact: '/contacts/new',
  training: '/training',
  report: '/report',
  handbook: '/handbook',
}

/**
 * Lets somebody in after a verified launch: remembers them, and says what their session is about.
 * @throws 403 NOT_STAFF when somebody else than staff wants to choose content for a course
 */
export async function admit(launch: Launch): Promise<Admission> {
  if (launch.deepLinking && !launch.staff) throw refused(403, 'NOT_STAFF')
  const visit = await recordVisit(launch)
  if (visit.column_changed && visit.programme_id !== null) await recalculateProgramme({ id: visit.programme_id })
  if (visit.column_due) wake('columns')
  if (launch.staff) wake('rosters') // recordVisit says whether one is due
  return { session: sessionFor(visit, launch), startAt: startOf(launch) }
}

function sessionFor(visit: Visit, launch: Launch): NewSession {
  return {
    personId: visit.person_id,
    contextId: visit.context_id ?? undefined,
    resourceLinkId: visit.resource_link_id ?? undefined,
    locale: languageFor(launch.locale),
    returnUrl: launch.returnUrl,
    framed: launch.framed,
    launch: launch.facts,
    deepLinking: launch.deepLinking,
  }
}

function startOf({ deepLinking, custom }: Launch): string {
  return deepLinking ? '/deep-linking' : (LANDINGS[custom.landing ?? ''] ?? '/')
}
