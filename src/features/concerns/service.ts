import { addDays, dayIn, instantIn, now } from '../../clock.ts'
import { transaction } from '../../db.ts'
import { wake } from '../../jobs.ts'
import { forbidden } from '../../web/errors.ts'
import type { TextKey } from '../../web/i18n.ts'
import { timeZoneOf, type FoundProgramme, type System, type Viewer } from '../../web/viewer.ts'
import { record, type Act } from '../audit/index.ts'
import { mayRaiseConcern } from '../guidance/index.ts'
import { settle, tellPeople } from '../notifications/index.ts'
import { findMessage, findThread, type OwnMessageRow, type ThreadRow } from '../threads/index.ts'
import { ABOUT, type About, type ConcernForm, type NoteForm, type PassingForm } from './forms.ts'
import {
  addConcern,
  claimWaiting,
  copyMessages,
  findFormFacts,
  holdConcern,
  listReaders,
  listToShow,
  savePair,
  savePaused,
  saveShared,
  saveState,
  saveStep,
  type ConcernRow,
  type ConcernState,
  type FormFactsRow,
  type NewStep,
  type ShownRow,
  type WaitingRow,
} from './queries.ts'

/** Who hears of concerns, and coordinators, who learn that one waits. */
export function maySeeConcerns({ duties }: Viewer): boolean {
  return duties.includes('concern_lead') || duties.includes('coordinator')
}

/** Whom somebody can say it is about. */
export function aboutsFor(viewer: Viewer, { partners }: Pick<FormFactsRow, 'partners'>): About[] {
  const isParticipant = viewer.participant !== undefined
  const left: readonly About[] = isParticipant ? ['participant'] : ['me', 'partner']
  return ABOUT.filter((about) => !left.includes(about) && (about !== 'partner' || partners.length > 0))
}

const WORKING_DAYS = 2

/**
 * By when somebody has to have it in hand: today by midnight, or by the end of the second working day after. Days are
 * those of the programme's time zone; nobody works on Saturdays and Sundays.
 */
export function dueAt(timeZone: string, at: Date, urgency: 'now' | 'soon'): Date {
  let day = dayIn(timeZone, at)
  for (let left = urgency === 'now' ? 0 : WORKING_DAYS; left > 0;) {
    day = addDays(day, 1)
    if (isWorkingDay(day)) left--
  }
  const end = addDays(day, 1)
  return instantIn(timeZone, end, '00:00') ?? new Date(`${end}T00:00:00Z`)
}

const isWorkingDay = (day: string) => ![0, 6].includes(new Date(`${day}T12:00:00Z`).getUTCDay())

/** A message that somebody reports, and what goes along with it. */
export type Reported = { of: ThreadRow; message: OwnMessageRow; shown: ShownRow[] }
/** A message that the viewer reads in a topic of their own, with the five before it. */
export async function findReported(viewer: Viewer, at: { id: number; message: number }): Promise<Reported> {
  const of = await findThread(viewer, at.id, now())
  const message = await findMessage(viewer, of, at.message, now())
  return { of, message, shown: await listToShow(viewer, of, message, now()) }
}

export type Raised = { ok: true; id: number } | { ok: false; field: keyof ConcernForm; error: TextKey }

/**
 * Takes a concern in and tells those who hear of it, or does neither. Whoever it is about is never among them; where
 * nobody would be left to read it, it is not taken and its writer is told so. The same form sent twice is one concern.
 */
export async function raiseConcern(viewer: Viewer, form: ConcernForm, reported?: Reported): Promise<Raised> {
  if (!mayRaiseConcern(viewer)) throw forbidden('concerns.rules.notHere')
  const facts = await findFormFacts(viewer)
  const about = whomOf(viewer, facts, form, reported)
  if ('error' in about) return { ok: false, ...about }
  return transaction(async (): Promise<Raised> => {
    const programme: FoundProgramme = { id: viewer.programme?.id ?? 0 }
    const readers = await readersOf(programme, about.aboutPersonId)
    if (readers.length === 0) return { ok: false, field: 'person', error: 'concerns.errors.nobody' }
    const at = now()
    const added = await addConcern(viewer, {
      ...newConcern(form),
      ...about,
      at,
      dueAt: dueAt(timeZoneOf(viewer), at, form.urgency),
    })
    if (!added) return { ok: false, field: '_key', error: 'concerns.errors.key' }
    const { id, isNew } = added
    if (!isNew) return { ok: true, id }
    if (reported) await copyMessages(viewer, reported.of, { message: reported.message.id, concern: id, at })
    record(viewer, 'concern.raised', `concern:${id}`, {
      urgency: form.urgency,
      about: about.about,
      match: about.matchId,
    })
    const kind = form.urgency === 'now' ? 'concernRaised' : 'concernRaisedSoon'
    await tellPeople(programme, readers, { kind, subject: subjectOf({ id }), href: `/admin/concerns/${id}` })
    return { ok: true, id }
  })
}

const subjectOf = ({ id }: { id: number }): `concern:${number}` => `concern:${id}`

function newConcern({ _key: formKey, urgency, body, reach, phone }: ConcernForm) {
  return { formKey, urgency, body, reach, phone: phone ?? null }
}

type Whom = { about: About; aboutPersonId: number | null; matchId: number | null }
type NotSo = { field: keyof ConcernForm; error: TextKey }

function whomOf(viewer: Viewer, facts: FormFactsRow, form: ConcernForm, reported: Reported | undefined): Whom | NotSo {
  const about = form.about ?? (reported ? 'partner' : 'other')
  if (!aboutsFor(viewer, facts).includes(about)) return { field: 'about', error: 'concerns.errors.about' }
  return about === 'staff' ? staffOf(facts, form, reported) : pairOf(facts, about, reported?.of.match_id ?? form.match)
}

/** The pair that it is about, where that is said or plain. */
function pairOf(facts: FormFactsRow, about: About, given: number | undefined): Whom | NotSo {
  const isOfPair = about === 'partner' || about === 'me'
  const partner = isOfPair || given !== undefined ? partnerOf(facts, given) : undefined
  if (partner)
    return { about, aboutPersonId: about === 'partner' ? partner.person_id : null, matchId: partner.match_id }
  if (given !== undefined || about === 'partner') return { field: 'match', error: 'concerns.errors.match' }
  return { about, aboutPersonId: null, matchId: null }
}

/** Who has one partner only need not say which. */
function partnerOf({ partners }: FormFactsRow, matchId: number | undefined) {
  if (matchId !== undefined) return partners.find(({ match_id }) => match_id === matchId)
  return partners.length === 1 ? partners[0] : undefined
}

function staffOf({ staff }: FormFactsRow, { person }: ConcernForm, reported: Reported | undefined): Whom | NotSo {
  if (person !== undefined && !staff.some(({ id }) => id === person))
    return { field: 'person', error: 'concerns.errors.person' }
  return { about: 'staff', aboutPersonId: person ?? null, matchId: reported?.of.match_id ?? null }
}

/** The first kind of those who could hear of it that is there: who does, or their deputies, or coordinators. */
async function readersOf(programme: FoundProgramme, aboutPersonId: number | null): Promise<number[]> {
  const all = await listReaders(programme, aboutPersonId)
  return all.filter(({ rank }) => rank === all[0]?.rank).map(({ person_id: id }) => id)
}

/** What nobody has taken in hand in time: deputies and coordinators learn that it waits, and nothing else of it. */
export async function tellOfWaiting(as: System): Promise<undefined> {
  for (;;) if ((await tellOfSome(as)) === 0) return undefined
}

async function tellOfSome(as: System): Promise<number> {
  return transaction(async () => {
    const rows = await claimWaiting(as, now())
    for (const row of rows) await sayThatItWaits(as, row)
    return rows.length
  })
}

async function sayThatItWaits(as: System, row: WaitingRow): Promise<void> {
  const programme = { id: row.programme_id }
  await saveStep(as, row, { step: 'waits', at: now() })
  record(programme, 'concern.waits', subjectOf(row))
  const all = await listReaders(programme, row.about_person_id)
  const what = { kind: 'concernWaits', subject: subjectOf(row), href: '/admin/concerns' }
  await tellPeople(
    programme,
    all.map(({ person_id: id }) => id),
    what,
  )
}

/** What can be done with a concern where it stands. */
export const isOpen = ({ state }: Pick<ConcernRow, 'state'>): boolean => state !== 'closed'

/** What is about staff stays with those who hear of concerns. */
export const mayShare = (concern: ConcernRow): boolean =>
  concern.about !== 'staff' && concern.shared_at === null && isOpen(concern)

/** Messages of its pair can rest, as long as it is open. */
export const mayPause = (concern: ConcernRow): boolean =>
  concern.match_id !== null && !concern.messages_paused && isOpen(concern)

type Doing = Omit<NewStep, 'at'> & { act: Act; to?: ConcernState | undefined; tells?: boolean }

/** Does something about a concern that is open, keeps the step, and tells its raiser where it stands if that is new. */
async function doWith(viewer: Viewer, id: number, { act, to, tells = false, ...step }: Doing): Promise<void> {
  await transaction(async () => {
    const concern = await holdConcern(viewer, id)
    if (!isOpen(concern)) throw forbidden('concerns.rules.closed')
    if (to === concern.state && step.formKey === undefined) return // a double click
    const at = now()
    if (!(await saveStep(viewer, concern, { ...step, at }))) return
    await moveOn(viewer, concern, to, tells)
    record(viewer, act, subjectOf(concern), to ? { from: concern.state, to } : {})
  })
}

async function moveOn(
  viewer: Viewer,
  concern: ConcernRow,
  to: ConcernState | undefined,
  tells: boolean,
): Promise<void> {
  const state = to ?? (concern.state === 'raised' || concern.state === 'acknowledged' ? 'in_hand' : concern.state)
  const programme = { id: concern.programme_id }
  await settle(programme, subjectOf(concern))
  if (state !== concern.state) await saveState(viewer, concern, state, now())
  if (state === concern.state && !tells) return
  const what = { kind: 'concernMoved', subject: `own-concern:${concern.id}`, href: `/help/concerns/${concern.id}` }
  await settle(programme, what.subject)
  await tellPeople(programme, [concern.raised_by_id], what)
}

/** Somebody has it: the clock stops. */
export async function acknowledge(viewer: Viewer, id: number): Promise<void> {
  await transaction(async () => {
    const concern = await holdConcern(viewer, id)
    if (concern.state !== 'raised') return
    await doWith(viewer, id, { step: 'acknowledged', act: 'concern.acknowledged', to: 'acknowledged' })
  })
}

/** Keeps what was done. */
export async function addNote(viewer: Viewer, id: number, { note, _key: formKey }: NoteForm): Promise<void> {
  await doWith(viewer, id, { step: 'noted', act: 'concern.noted', note, formKey })
}

/** Says something to whoever raised it. */
export async function tellRaiser(viewer: Viewer, id: number, { note, _key: formKey }: NoteForm): Promise<void> {
  await doWith(viewer, id, { step: 'told', act: 'concern.told', note, formKey, tells: true })
}

/** Others outside of the programme have it now. Says no to a day to come. */
export async function passOn(viewer: Viewer, id: number, form: PassingForm): Promise<'future' | undefined> {
  const { toWhom, on, note, _key: formKey } = form
  if (on > dayIn(timeZoneOf(viewer), now())) return 'future'
  const words = note === undefined ? on : `${on}\n${note}`
  await doWith(viewer, id, {
    step: 'passed_on',
    act: 'concern.passedOn',
    to: 'passed_on',
    toWhom,
    note: words,
    formKey,
  })
  return undefined
}

/** It is done with, and how. It stays, and can be opened again. */
export async function close(viewer: Viewer, id: number, { note, _key: formKey }: NoteForm): Promise<void> {
  await transaction(async () => {
    if (!isOpen(await holdConcern(viewer, id))) return
    await doWith(viewer, id, { step: 'closed', act: 'concern.closed', to: 'closed', note, formKey })
  })
}

/** It is not done with after all. */
export async function reopen(viewer: Viewer, id: number): Promise<void> {
  await transaction(async () => {
    const concern = await holdConcern(viewer, id)
    if (isOpen(concern)) return
    await saveStep(viewer, concern, { step: 'reopened', at: now() })
    await moveOn(viewer, concern, 'in_hand', true)
    record(viewer, 'concern.reopened', subjectOf(concern), { from: 'closed', to: 'in_hand' })
  })
}

/** Lets the coordinators read it, or not any more. */
export async function share(viewer: Viewer, id: number, shared: boolean): Promise<void> {
  await transaction(async () => {
    const concern = await holdConcern(viewer, id)
    if ((concern.shared_at !== null) === shared) return
    if (shared && !mayShare(concern))
      throw forbidden(isOpen(concern) ? 'concerns.rules.staff' : 'concerns.rules.closed')
    await saveShared(viewer, concern, shared ? now() : null)
    await saveStep(viewer, concern, { step: shared ? 'shared' : 'unshared', at: now() })
    record(viewer, shared ? 'concern.shared' : 'concern.unshared', subjectOf(concern))
  })
}

/** Says which pair it is about, where its raiser could not. Once. */
export async function namePair(viewer: Viewer, id: number, match: number): Promise<'unknown' | undefined> {
  return transaction(async () => {
    const concern = await holdConcern(viewer, id)
    if (concern.match_id === match) return undefined
    if (!isOpen(concern)) throw forbidden('concerns.rules.closed')
    if (!(await savePair(viewer, concern, match))) return 'unknown'
    await saveStep(viewer, concern, { step: 'paired', at: now() })
    record(viewer, 'concern.paired', subjectOf(concern), { match })
    return undefined
  })
}

/** Lets the messages of the pair rest, or go on: the two see that, and not why. Doing it twice is doing it once. */
export async function pauseMessages(viewer: Viewer, id: number, paused: boolean): Promise<void> {
  await transaction(async () => {
    const concern = await holdConcern(viewer, id)
    if (concern.match_id === null) throw forbidden('concerns.rules.noPair')
    if (paused && !isOpen(concern)) throw forbidden('concerns.rules.closed')
    if (!(await savePaused(concern, paused, now()))) return
    await saveStep(viewer, concern, { step: paused ? 'paused' : 'resumed', at: now() })
    if (isOpen(concern)) await moveOn(viewer, concern, undefined, false)
    record(viewer, paused ? 'concern.paused' : 'concern.resumed', subjectOf(concern), { match: concern.match_id })
  })
  if (!paused) wake('messages') // what was to go out meanwhile goes out now
}
