import { now } from '../../clock.ts'
import { transaction } from '../../db.ts'
import type { Match } from '../../models/index.ts'
import type { Viewer } from '../../web/viewer.ts'
import { writeEntry } from '../logbook/index.ts'
import { isUnderWay, lockMatch, lockOwnMatch, saveFigures, type OwnMatchRow } from '../matches/index.ts'
import { settle, tellDuty } from '../notifications/index.ts'
import type { PulseForm } from './forms.ts'
import { addPulse, areLow, countWishes, findAsked, saveAnswered, type AskedRow } from './queries.ts'

/** Whether the two fit is asked after their first two contacts (R71). */
const FIRST_CONTACTS = 2
export function asksFit(match: Pick<OwnMatchRow, 'contacts_counted' | 'contacts_waiting'>): boolean {
  return match.contacts_counted + match.contacts_waiting <= FIRST_CONTACTS
}

const LOW = 2
/** What was said is kept; `worried`, when it was not good, so that a way to help is offered (R48, R71). */
export type Given = { matchId: number; said: 'nothing' | 'kept' | 'worried' }

/**
 * Keeps how a contact went for the viewer, and their two lines as an entry of their diary or log book. All of it is
 * optional, and for themselves; the coordinator learns that somebody would like to be contacted, if they say so, and that
 * the two may be stuck, after two low ones in a row.
 */
export async function givePulse(viewer: Viewer, contactId: number, formKey: string, form: PulseForm): Promise<Given> {
  return transaction(async () => {
    const { match_id: matchId } = await findAsked(viewer, contactId)
    const match = await lockOwnMatch(viewer, matchId)
    if (form.text !== undefined) await writeLines(viewer, match, { contactId, formKey, text: form.text })
    // After the end, there is nobody to tell how it goes; the lines are for oneself at any time.
    if (isUnderWay(match) && hasPulse(form)) await keep(viewer, match, await findAsked(viewer, contactId), form)
    return { matchId, said: saidOf(form) }
  })
}

const hasPulse = ({ score, fit, wantsContact }: PulseForm) =>
  [score, fit, wantsContact].some((one) => one !== undefined)

function saidOf(form: PulseForm): Given['said'] {
  if (!hasPulse(form) && form.text === undefined) return 'nothing'
  const isLow = form.score !== undefined && Number(form.score) <= LOW
  return isLow || form.fit === 'unsure' || form.fit === 'not_working' ? 'worried' : 'kept'
}

async function keep(viewer: Viewer, match: Match, asked: AskedRow, form: PulseForm): Promise<void> {
  const wantsContact = form.wantsContact === 'yes'
  const score = form.score === undefined ? null : Number(form.score)
  const id = await addPulse(viewer, asked, { score, fit: form.fit ?? null, wantsContact, at: now() })
  if (id === undefined) return
  await saveFigures(match, { pulsesLow: await areLow(match), wishes: await countWishes(match) })
  if (wantsContact)
    await tellDuty({ id: match.programmeId }, 'coordinator', {
      kind: 'wantsContact',
      subject: subjectOf(id),
      href: `/admin/matches/${match.id}/wishes`,
    })
}

const subjectOf = (pulse: number) => `pulse:${pulse}`

/** The lines belong to the contact and to the stage that the two are in. */
async function writeLines(viewer: Viewer, match: Match, of: { contactId: number; formKey: string; text: string }) {
  const stage = String(match.stage) as '1' | '2' | '3'
  const entry = { kind: 'diary', stage, text: of.text, tags: [], readers: 'me' } as const
  const written = await writeEntry(viewer, of.formKey, { ...entry, tags: [], about: `contact-${of.contactId}` })
  // An old contact is not among those that can be chosen.
  if (!written.ok) await writeEntry(viewer, of.formKey, { ...entry, tags: [], about: `match-${match.id}` })
}

/** The coordinator has been in touch with whoever wished for it. Saying it twice is saying it once. */
export async function answerWish(viewer: Viewer, { id, wish }: { id: number; wish: number }): Promise<void> {
  await transaction(async () => {
    const match = await lockMatch(viewer, id)
    await saveAnswered(match, wish, now())
    await saveFigures(match, { wishes: await countWishes(match) })
    await settle({ id: match.programmeId }, subjectOf(wish))
  })
}
