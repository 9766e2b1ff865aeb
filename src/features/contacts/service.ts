import { addDays, dayIn, now } from '../../clock.ts'
import { transaction } from '../../db.ts'
import type { Match } from '../../models/index.ts'
import { forbidden } from '../../web/errors.ts'
import type { TextKey } from '../../web/i18n.ts'
import { timeZoneOf, type Viewer } from '../../web/viewer.ts'
import { isUnderWay, lockOwnMatch, saveFigures, type OwnMatchRow } from '../matches/index.ts'
import { recalculate } from '../progress/index.ts'
import type { ContactForm, DifferenceForm } from './forms.ts'
import { addContact, findContact, listContactFacts, saveState, type ContactRow, type NewContact } from './queries.ts'

/** Both log contacts from the day on which their match began, while it lasts (4.7). */
export function mayLog(match: Pick<OwnMatchRow, 'state'>): boolean {
  return isUnderWay(match)
}

/** The other side says whether a contact was so; nobody confirms their own. An answer can still become a yes. */
export function mayConfirm(viewer: Viewer, contact: ContactRow): boolean {
  return isAnswerable(viewer, contact) && (contact.state === 'recorded' || contact.state === 'disputed')
}

/** The other side may say that it was different, until they have answered (spec 4.5). */
export function mayDispute(viewer: Viewer, contact: ContactRow): boolean {
  return isAnswerable(viewer, contact) && contact.state === 'recorded'
}

/** Whoever wrote it down may take it back until it is confirmed. */
export function mayWithdraw(viewer: Viewer, contact: ContactRow): boolean {
  const own = contact.recorded_by_id === viewer.participant?.id
  return own && (contact.state === 'recorded' || contact.state === 'disputed')
}

function isAnswerable(viewer: Viewer, contact: ContactRow): boolean {
  return contact.outcome === 'made' && contact.recorded_by_id !== viewer.participant?.id
}

export type Counting = 'counted' | 'attempted' | 'waiting' | 'disputed' | 'withdrawn' | 'sameDay' | 'waitingSameDay'

/**
 * Which contacts count, and why the others do not: made, confirmed, and one a calendar day (spec 4.5). Takes them in
 * the order of their day, then of writing.
 */
export function countContacts(contacts: readonly CountedFacts[]): Map<number, Counting> {
  const counting = new Map(contacts.map((contact) => [contact.id, countingOf(contact)]))
  const days = new Set<string>()
  // A yes can only count on a day that has no counted contact yet, so those take their days first.
  for (const outcome of ['counted', 'waiting'] as const)
    for (const { id, happened_on: day } of contacts.filter((contact) => countingOf(contact) === outcome)) {
      if (days.has(day)) counting.set(id, outcome === 'counted' ? 'sameDay' : 'waitingSameDay')
      days.add(day)
    }
  return counting
}

type CountedFacts = Pick<ContactRow, 'id' | 'happened_on' | 'outcome' | 'state'>

function countingOf({ outcome, state }: CountedFacts): Counting {
  if (state === 'withdrawn') return 'withdrawn'
  if (outcome === 'attempted') return 'attempted'
  if (state === 'disputed') return 'disputed'
  return state === 'confirmed' ? 'counted' : 'waiting'
}

export type Logged = { ok: true } | { ok: false; field: 'date' | 'when' | 'channel'; error: TextKey }

/** Writes a contact down and asks the other side; the same form sent twice is one contact. */
export async function logContact(viewer: Viewer, matchId: number, form: ContactForm): Promise<Logged> {
  return transaction(async () => {
    const match = await lockOwnMatch(viewer, matchId)
    if (!mayLog(match)) throw forbidden(match.activeAt ? 'contacts.rules.ended' : 'contacts.rules.notYet')
    const day = dayOf(form, timeZoneOf(viewer))
    const refusal = refusalOf(viewer, match, form, day)
    if (refusal) return refusal
    if (await addContact(match, viewer, contactFrom(form, day))) await recount(match)
    return { ok: true }
  })
}

function contactFrom(form: ContactForm, day: string): NewContact {
  const { _key: formKey, outcome, channel = null, line = null } = form
  return { formKey, happened_on: day, outcome, channel, minutes: minutesOf(form), line }
}

/** A way that the programme does not count, or a day that cannot be. */
function refusalOf(viewer: Viewer, match: Match, form: ContactForm, day: string): Logged | undefined {
  if (form.channel && !viewer.programme?.channels.includes(form.channel))
    return { ok: false, field: 'channel', error: 'contacts.errors.channel' }
  const error = dayError(day, match, timeZoneOf(viewer))
  return error && { ok: false, field: form.when === 'other' ? 'date' : 'when', error }
}

function dayOf({ when, date }: ContactForm, timeZone: string): string {
  const today = dayIn(timeZone, now())
  if (when === 'today') return today
  return when === 'yesterday' ? addDays(today, -1) : (date ?? today)
}

function minutesOf({ minutes, otherMinutes }: ContactForm): number | null {
  return minutes === 'other' ? (otherMinutes ?? null) : minutes === undefined ? null : Number(minutes)
}

/** Not in the future, and not before the two were paired (a day's grace: they may have met first). */
function dayError(day: string, match: Match, timeZone: string): TextKey | undefined {
  if (day > dayIn(timeZone, now())) return 'contacts.errors.future'
  return !match.activeAt || day < addDays(dayIn(timeZone, match.activeAt), -1) ? 'contacts.errors.tooEarly' : undefined
}

/** The other side says yes: from now on it counts. Saying yes twice is saying it once. */
export function confirmContact(viewer: Viewer, id: number): Promise<ContactRow> {
  return answer(viewer, id, { state: 'confirmed', may: mayConfirm })
}

/** The other side remembers it differently, and says how. */
export function disputeContact(viewer: Viewer, id: number, { difference }: DifferenceForm): Promise<ContactRow> {
  return answer(viewer, id, { state: 'disputed', may: mayDispute, difference })
}

/** Whoever wrote it down takes it back. */
export function withdrawContact(viewer: Viewer, id: number): Promise<ContactRow> {
  return answer(viewer, id, { state: 'withdrawn', may: mayWithdraw })
}

type Answer = {
  state: 'confirmed' | 'disputed' | 'withdrawn'
  may: (viewer: Viewer, contact: ContactRow) => boolean
  difference?: string | undefined
}

async function answer(viewer: Viewer, id: number, { state, may, difference }: Answer): Promise<ContactRow> {
  return transaction(async () => {
    const match = await lockOwnMatch(viewer, (await findContact(viewer, id)).match_id)
    const contact = await findContact(viewer, id) // again: it may have changed until we held the match
    if (contact.state === state) return contact
    if (!may(viewer, contact)) throw forbidden('contacts.rules.answered')
    await saveState(contact, state, now(), difference ?? contact.difference)
    await recount(match)
    return contact
  })
}

async function recount(match: Match): Promise<void> {
  const contacts = await listContactFacts(match)
  const counting = countContacts(contacts)
  const counted = contacts.filter(({ id }) => counting.get(id) === 'counted')
  await saveFigures(match, {
    contactsCounted: counted.length,
    contactsWaiting: contacts.filter(({ id }) => counting.get(id) === 'waiting').length,
    lastContactOn: counted.at(-1)?.happened_on ?? null,
  })
  await recalculate(match)
}
