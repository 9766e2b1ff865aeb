import { now } from '../../clock.ts'
import { wake } from '../../jobs.ts'
import type { Launch } from '../../lti/index.ts'
import { refused } from '../../web/errors.ts'
import { languageFor, languages } from '../../web/i18n.ts'
import type { NewSession } from '../../web/session.ts'
import type { Viewer } from '../../web/viewer.ts'
import { mayTakePart } from '../people/index.ts'
import { recalculateProgramme } from '../progress/index.ts'
import { welcomeForms, type WelcomeForm } from './forms.ts'
import {
  findPersonal,
  recordVisit,
  savePersonal,
  saveWelcome,
  type PersonalRow,
  type Visit,
  type WelcomeRow,
} from './queries.ts'

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

const NAME_STEP = 3

/**
 * Which steps of the welcome are open: for who may apply, those behind them and the next; for who takes part, the one
 * with name and settings, at any time.
 */
export function mayTakeStep(viewer: Viewer, welcome: WelcomeRow, step: number): boolean {
  if (mayTakePart(viewer)) return step <= nextStep(welcome)
  return viewer.participant !== undefined && step === NAME_STEP
}

/** The step to go on with. */
export function nextStep({ step }: WelcomeRow): number {
  return Math.min(step + 1, welcomeForms.length)
}

/** Keeps one step. What was left empty is taken away. */
export async function takeStep(viewer: Viewer, step: number, form: WelcomeForm): Promise<void> {
  if (form.mailTo !== undefined) await savePersonal(viewer, chosenIn(form, form.mailTo, await findPersonal(viewer)))
  await saveWelcome(viewer, step, { acknowledgedAt: form.acknowledged && now(), role: form.role })
}

/** A name that is the LMS's own is not kept as chosen, so that a change there is followed. */
function chosenIn(form: WelcomeForm, mailTo: 'lms' | 'own' | 'none', { name, given_name }: PersonalRow) {
  const or = (text: string | undefined) => text ?? null
  return {
    preferred_name: form.preferredName === (given_name ?? name) ? null : or(form.preferredName),
    pronoun: or(form.pronoun),
    own_email: or(form.ownEmail),
    mail_to: mailTo,
    language: or(languages.find((one) => one === form.language)),
    quiet_from: or(form.quietFrom),
    quiet_until: or(form.quietUntil),
  }
}
