import { addDays, dayIn, instantIn, now } from '../../clock.ts'
import { transaction } from '../../db.ts'
import type { Match } from '../../models/index.ts'
import { forbidden } from '../../web/errors.ts'
import type { TextKey } from '../../web/i18n.ts'
import { hasDuty, timeZoneOf, type System, type Viewer } from '../../web/viewer.ts'
import { record } from '../audit/index.ts'
import { isUnderWay, lockAnyMatch, lockMatch, lockOwnMatch, saveFigures, type OwnMatchRow } from '../matches/index.ts'
import { settle, tell, tellDuty } from '../notifications/index.ts'
import { addTask } from '../plan/index.ts'
import { recalculate } from '../progress/index.ts'
import { tickAgenda, tickByAct } from '../stages/index.ts'
import type { ContactForm, CorrectionForm, DifferenceForm, NextForm, RulingForm, ToldForm } from './forms.ts'
import {
  addContact,
  addToldContact,
  claimContactsToRemind,
  coverExchanges,
  dropNextContact,
  findContact,
  findContactFacts,
  findContactOfForm,
  findExchange,
  findSameContact,
  listCountedFacts,
  listMatchesToPresume,
  presumeContacts,
  saveCorrection,
  saveExchangeContact,
  saveExchangeDeclined,
  saveNextContact,
  saveState,
  type ContactFactsRow,
  type ContactRow,
  type NewContact,
} from './queries.ts'

const DAY = 86_400_000
/** What nobody answers is taken as right after this many days, and so is what was told to the coordinator (spec 4.5). */
const ANSWER_DAYS = 7
const REMIND_DAYS = 3
const daysAgo = (days: number) => new Date(now().getTime() - days * DAY)

/** Both log contacts from the day on which their match began, while it lasts (4.7). */
export function mayLog(match: Pick<OwnMatchRow, 'state'>): boolean {
  return isUnderWay(match)
}

/** The other side says whether a contact was so; nobody confirms their own. A no of one's own can still become a yes. */
export function mayConfirm(viewer: Viewer, contact: ContactFactsRow): boolean {
  const { state, disputed_by_id } = contact
  if (state === 'disputed') return disputed_by_id === viewer.participant?.id
  return isAnswerable(viewer, contact) && (state === 'recorded' || state === 'presumed')
}

/**
 * The other side may say that it was different, until they have said yes; of what was told to the coordinator, either may
 * within seven days (spec 4.5).
 */
export function mayDispute(viewer: Viewer, contact: ContactFactsRow): boolean {
  if (!isAnswerable(viewer, contact)) return false
  if (contact.on_behalf) return contact.state === 'confirmed' && contact.recorded_at > daysAgo(ANSWER_DAYS)
  return contact.state === 'recorded' || contact.state === 'presumed'
}

/** Whoever wrote it down may take it back, or put it right, until it is confirmed. */
export function mayWithdraw(viewer: Viewer, { recorded_by_id, state }: ContactFactsRow): boolean {
  const own = recorded_by_id !== null && recorded_by_id === viewer.participant?.id
  return own && (state === 'recorded' || state === 'presumed' || state === 'disputed')
}

function isAnswerable(viewer: Viewer, contact: ContactFactsRow): boolean {
  return contact.outcome === 'made' && contact.recorded_by_id !== viewer.participant?.id
}

/** A coordinator decides where the two differ, and may take back what they wrote down for them. */
export function mayRule({ state, on_behalf }: ContactFactsRow, ruling: RulingForm['ruling']): boolean {
  if (state === 'disputed') return true
  return ruling === 'withdrawn' && on_behalf && state !== 'withdrawn'
}

const COUNTED = ['counted', 'presumed', 'upheld'] as const
export type Counting =
  (typeof COUNTED)[number] | 'attempted' | 'waiting' | 'disputed' | 'withdrawn' | 'sameDay' | 'waitingSameDay'

/** Whether a contact counts, for whichever reason. */
export function doesCount(counting: Counting | undefined): boolean {
  return COUNTED.some((one) => one === counting)
}

/**
 * Which contacts count, and why the others do not: made, confirmed or taken as right, and one a calendar day (spec 4.5).
 * Takes them in the order of their day, then of writing.
 */
export function countContacts(contacts: readonly CountedFacts[]): Map<number, Counting> {
  const counting = new Map(contacts.map((contact) => [contact.id, countingOf(contact)]))
  const days = new Set<string>()
  // A yes can only count on a day that has no counted contact yet, so those take their days first.
  for (const counts of [true, false])
    for (const { id, happened_on: day } of contacts) {
      const found = counting.get(id)
      if (counts ? !doesCount(found) : found !== 'waiting') continue
      if (days.has(day)) counting.set(id, counts ? 'sameDay' : 'waitingSameDay')
      days.add(day)
    }
  return counting
}

type CountedFacts = Pick<ContactFactsRow, 'id' | 'happened_on' | 'outcome' | 'state'>

function countingOf({ outcome, state }: CountedFacts): Counting {
  if (state === 'withdrawn') return 'withdrawn'
  if (outcome === 'attempted') return 'attempted'
  const made = {
    disputed: 'disputed',
    confirmed: 'counted',
    presumed: 'presumed',
    upheld: 'upheld',
    recorded: 'waiting',
  }
  return made[state] as Counting
}

type Refused<Field extends string> = { ok: false; field: Field; error: TextKey }
type RefusedContact = Refused<'channel' | 'date' | 'when'>
type RefusedNext = Refused<'nextOn' | 'nextAt'>
type RefusedTask = Refused<'nextTask' | 'nextTaskDue'>
export type Logged =
  | { ok: true; contactId: number | undefined }
  | RefusedContact
  | RefusedNext
  | RefusedTask
  | { ok: false; same: ContactRow }

/**
 * Writes a contact down, asks the other side, and sets what is next (a date, a way, a task) in one act; the same form sent
 * twice is one contact.
 * When there is one of the same day and way already, asks whether it is that one: then yes confirms it.
 */
export async function logContact(viewer: Viewer, matchId: number, form: ContactForm): Promise<Logged> {
  return transaction(async (): Promise<Logged> => {
    const match = await lockForLogging(viewer, matchId)
    const contact = contactFrom(form, dayOf(form, timeZoneOf(viewer)))
    const refusal = refusalOf(viewer, match, form, contact.happened_on) ?? aheadError(viewer, form)
    if (refusal) return refusal
    const same = await sameFor(viewer, match, form, contact)
    if (same && form._same === undefined) return { ok: false, same }
    const full = await setTask(viewer, match, form)
    if (full) return full // before anything is written
    const contactId = await takeOrWrite(viewer, match, { form, contact, same })
    await setNext(viewer, match, form)
    return { ok: true, contactId }
  })
}

type Logging = { form: ContactForm; contact: Written; same: ContactRow | undefined }
/** The one that is there already, if it is that one; else a new one. */
async function takeOrWrite(
  viewer: Viewer,
  match: Match,
  { form, contact, same }: Logging,
): Promise<number | undefined> {
  const isSame = same !== undefined && form._same === same.id
  if (isSame) await take(viewer, match, same)
  const id = isSame
    ? same.id
    : await write(viewer, match, { ...contact, agenda: form.outcome === 'made' ? form.talked : [], formKey: form._key })
  if (form.outcome === 'made') await tickAgenda(match, viewer, form.talked)
  return id
}

async function lockForLogging(viewer: Viewer, matchId: number): Promise<Match> {
  const match = await lockOwnMatch(viewer, matchId)
  if (!mayLog(match)) throw forbidden(match.activeAt ? 'contacts.rules.ended' : 'contacts.rules.notYet')
  return match
}

async function sameFor(viewer: Viewer, match: Match, { _same }: ContactForm, contact: Written) {
  if (contact.outcome === 'attempted' || _same === 'other') return undefined
  return findSameContact(viewer, match, { day: contact.happened_on, channel: contact.channel })
}

/** A yes to what the other one wrote; where it is said already, nothing. */
async function take(viewer: Viewer, match: Match, contact: ContactRow): Promise<void> {
  if (!mayConfirm(viewer, contact)) return
  await moveOn(match, contact, { state: 'confirmed' })
  await tickAgenda(match, viewer, contact.agenda)
}

async function write(viewer: Viewer, match: Match, contact: NewContact): Promise<number | undefined> {
  const id = await addContact(match, viewer, contact)
  if (id === undefined) return findContactOfForm(match, viewer, contact.formKey)
  if (contact.channel === 'forum') await coverExchanges(match, id, contact.happened_on)
  if (contact.outcome === 'made') await tellPartner(viewer, match, id, 'contact')
  if (contact.outcome === 'made' && contact.channel === 'shadowing') await tickByAct(match, 'shadowing', 'both')
  await recount(match)
  return id
}

type Written = Omit<NewContact, 'formKey'>
function contactFrom(form: CorrectionForm, day: string): Written {
  const { outcome, channel, line } = form
  const facts = { happened_on: day, outcome, channel: channel ?? null, minutes: minutesOf(form), line: line ?? null }
  return { ...facts, ...visitFrom(form), at: now() }
}

/** Only a visit to a class has a place, and somebody who was to know of it. */
function visitFrom({ channel, place, courseArea, hostInformed }: CorrectionForm) {
  if (channel !== 'shadowing') return { place: null, course_area: null, host_informed: null }
  const informed = hostInformed === undefined ? null : hostInformed === 'yes'
  return { place: place ?? null, course_area: courseArea ?? null, host_informed: informed }
}

type Dated = Pick<ContactForm, 'when' | 'date' | 'channel'>
/** A way that the programme does not count, or a day that cannot be. */
function refusalOf(viewer: Viewer, match: Match, form: Dated, day: string): RefusedContact | undefined {
  if (form.channel && !viewer.programme?.channels.includes(form.channel))
    return { ok: false, field: 'channel', error: 'contacts.errors.channel' }
  const error = dayError(day, match, timeZoneOf(viewer))
  return error && { ok: false, field: form.when === 'other' ? 'date' : 'when', error }
}

function dayOf({ when, date }: Dated, timeZone: string): string {
  const today = dayIn(timeZone, now())
  if (when === 'today') return today
  return when === 'yesterday' ? addDays(today, -1) : (date ?? today)
}

function minutesOf({ minutes, otherMinutes }: Pick<ToldForm, 'minutes' | 'otherMinutes'>): number | null {
  return minutes === 'other' ? (otherMinutes ?? null) : minutes === undefined ? null : Number(minutes)
}

/** Not in the future, not before the two were paired (a day's grace: they may have met first), not after their end. */
function dayError(day: string, match: Match, timeZone: string): TextKey | undefined {
  if (day > dayIn(timeZone, now())) return 'contacts.errors.future'
  if (match.endedAt && day > dayIn(timeZone, match.endedAt)) return 'contacts.errors.tooLate'
  return !match.activeAt || day < addDays(dayIn(timeZone, match.activeAt), -1) ? 'contacts.errors.tooEarly' : undefined
}

type Next = Pick<ContactForm, 'nextOn' | 'nextAt' | 'nextChannel'>
/** A plan is for today or later, and at a time that clocks show on that day. */
function nextError(viewer: Viewer, { nextOn, nextAt, nextChannel }: Next): RefusedNext | undefined {
  if (nextOn === undefined) return undefined
  const zone = timeZoneOf(viewer)
  if (nextOn < dayIn(zone, now())) return { ok: false, field: 'nextOn', error: 'contacts.errors.nextPast' }
  if (nextChannel && !viewer.programme?.channels.includes(nextChannel))
    return { ok: false, field: 'nextOn', error: 'contacts.errors.channel' }
  if (nextAt !== undefined && !instantIn(zone, nextOn, nextAt))
    return { ok: false, field: 'nextAt', error: 'contacts.errors.nextSkipped' }
  return undefined
}

/** What lies ahead: the next contact, and the task for it. */
function aheadError(viewer: Viewer, form: ContactForm): RefusedNext | RefusedTask | undefined {
  const { nextTaskDue: due } = form
  const isPast = due !== undefined && due < dayIn(timeZoneOf(viewer), now())
  return (
    nextError(viewer, form) ??
    (isPast ? { ok: false, field: 'nextTaskDue', error: 'contacts.errors.taskPast' } : undefined)
  )
}

/** The one task that may come with a contact (R73); without a day of its own it is for the next time. */
async function setTask(viewer: Viewer, match: Match, form: ContactForm): Promise<RefusedTask | undefined> {
  const { nextTask: text, nextTaskOwner, nextTaskDue, nextOn, _key: formKey } = form
  if (text === undefined) return undefined
  const own = match.mentorId === viewer.participant?.id ? 'mentor' : 'mentee'
  const task = { text, owner: nextTaskOwner ?? own, dueOn: nextTaskDue ?? nextOn, formKey } as const
  const added = await addTask(viewer, match, task)
  return added === 'full' ? { ok: false, field: 'nextTask', error: 'plan.errors.tasksFull' } : undefined
}

/** What is planned now; or, when nothing is, no more what was planned for today or before. */
async function setNext(viewer: Viewer, match: Match, form: Next & { outcome: string }): Promise<void> {
  if (form.nextOn !== undefined) await saveNextContact(match, plannedFrom({ ...form, nextOn: form.nextOn }), now())
  else if (form.outcome === 'made') await dropNextContact(match, dayIn(timeZoneOf(viewer), now()))
}

function plannedFrom({ nextOn, nextAt, nextChannel }: Omit<NextForm, 'agenda'>) {
  return { planned_on: nextOn, planned_at: nextAt ?? null, channel: nextChannel ?? null }
}

/** Sets, or changes, when the two mean to be in touch next. */
export async function planContact(viewer: Viewer, matchId: number, form: NextForm): Promise<RefusedNext | undefined> {
  return transaction(async () => {
    const match = await lockForLogging(viewer, matchId)
    const refusal = nextError(viewer, form)
    if (!refusal) await saveNextContact(match, { ...plannedFrom(form), agenda: form.agenda }, now())
    return refusal
  })
}

const FOREVER = '9999-12-31'
/** Nothing is planned any more. */
export async function unplanContact(viewer: Viewer, matchId: number): Promise<void> {
  await transaction(async () => {
    await dropNextContact(await lockOwnMatch(viewer, matchId), FOREVER)
  })
}

/** Whoever wrote a contact down puts it right; the other side is asked again. */
export async function correctContact(
  viewer: Viewer,
  id: number,
  form: CorrectionForm,
): Promise<{ ok: true; matchId: number } | RefusedContact> {
  return transaction(async (): Promise<{ ok: true; matchId: number } | RefusedContact> => {
    const { match, contact } = await lockContact(viewer, id)
    if (!mayWithdraw(viewer, contact)) throw forbidden('contacts.rules.answered')
    const written = contactFrom(form, dayOf(form, timeZoneOf(viewer)))
    const refusal = refusalOf(viewer, match, form, written.happened_on)
    if (refusal) return refusal
    await saveCorrection(contact, written)
    await settle({ id: match.programmeId }, subjectOf(contact))
    if (form.outcome === 'made') await tellPartner(viewer, match, id, 'contactCorrected')
    await recount(match)
    return { ok: true, matchId: match.id }
  })
}

/** The other side says yes: from now on it counts. Saying yes twice is saying it once. */
export function confirmContact(viewer: Viewer, id: number): Promise<ContactRow> {
  return answer(viewer, id, { state: 'confirmed', may: mayConfirm })
}

/** Somebody remembers it differently, and says how. */
export function disputeContact(viewer: Viewer, id: number, { difference }: DifferenceForm): Promise<ContactRow> {
  return answer(viewer, id, { state: 'disputed', may: mayDispute, by: viewer.participant?.id, difference })
}

/** Whoever wrote it down takes it back. */
export function withdrawContact(viewer: Viewer, id: number): Promise<ContactRow> {
  return answer(viewer, id, { state: 'withdrawn', may: mayWithdraw })
}

type Move = {
  state: 'confirmed' | 'disputed' | 'withdrawn' | 'upheld'
  by?: number | undefined
  difference?: string | undefined
}
type Answer = Move & { may: (viewer: Viewer, contact: ContactRow) => boolean }

async function answer(viewer: Viewer, id: number, { may, ...move }: Answer): Promise<ContactRow> {
  return transaction(async () => {
    const { match, contact } = await lockContact(viewer, id)
    if (contact.state === move.state && !may(viewer, contact)) return contact
    if (!may(viewer, contact)) throw forbidden('contacts.rules.answered')
    await moveOn(match, contact, move)
    if (move.state === 'confirmed' && isUnderWay(match)) await tickAgenda(match, viewer, contact.agenda)
    if (move.state === 'disputed') await tellOfDispute(viewer, match, contact)
    return contact
  })
}

/** Whoever wrote it down hears of it: the partner; or, if it was told to them, the coordinator. */
async function tellOfDispute(viewer: Viewer, match: Match, contact: ContactFactsRow): Promise<void> {
  if (!contact.on_behalf) return tellPartner(viewer, match, contact.id, 'contactDifferent')
  const href = `/admin/matches/${match.id}/contacts`
  await tellDuty({ id: match.programmeId }, 'coordinator', {
    kind: 'contactDisputed',
    subject: subjectOf(contact),
    href,
  })
}

async function lockContact(viewer: Viewer, id: number): Promise<{ match: Match; contact: ContactRow }> {
  const match = await lockOwnMatch(viewer, (await findContact(viewer, id)).match_id)
  return { match, contact: await findContact(viewer, id) } // again: it may have changed until we held the match
}

async function moveOn(match: Match, contact: ContactFactsRow, { state, ...dispute }: Move): Promise<void> {
  await saveState(contact, state, now(), dispute)
  await settle({ id: match.programmeId }, subjectOf(contact))
  await recount(match)
}

const subjectOf = ({ id }: { id: number }) => `contact:${id}`

async function tellPartner(viewer: Viewer, match: Match, id: number, kind: string): Promise<void> {
  const partner = match.mentorId === viewer.participant?.id ? match.menteeId : match.mentorId
  await tell({ id: match.programmeId }, [partner], { kind, subject: subjectOf({ id }), href: `/contacts/${id}` })
}

async function tellBoth(match: Match, id: number, kind: string): Promise<void> {
  const both = [match.menteeId, match.mentorId]
  await tell({ id: match.programmeId }, both, { kind, subject: subjectOf({ id }), href: `/contacts/${id}` })
}

/** Writing down for others is the coordinator's. */
export function mayRecordFor(viewer: Viewer): boolean {
  return hasDuty(viewer, 'coordinator')
}

/** The coordinator writes down what they were told. It counts at once; both are told, and either may say otherwise. */
export async function recordTold(
  viewer: Viewer,
  matchId: number,
  form: ToldForm,
): Promise<{ ok: true } | RefusedContact> {
  return transaction(async (): Promise<{ ok: true } | RefusedContact> => {
    const match = await lockMatch(viewer, matchId)
    if (!match.activeAt) throw forbidden('contacts.rules.notYet')
    const day = dayOf(form, timeZoneOf(viewer))
    const refusal = refusalOf(viewer, match, form, day)
    if (refusal) return refusal
    const { _key: formKey, channel } = form
    const told = { formKey, happened_on: day, channel, minutes: minutesOf(form), at: now() }
    const id = await addToldContact(match, viewer, told)
    if (id === undefined) return { ok: true }
    record(viewer, 'contact.told', `contact:${id}`, { match: match.id, channel })
    await tellBoth(match, id, 'contactTold')
    await recount(match)
    return { ok: true }
  })
}

/** The coordinator decides where the two differ, or takes back what they wrote down themselves. Both are told. */
export async function ruleOnContact(viewer: Viewer, id: number, { ruling }: RulingForm): Promise<ContactFactsRow> {
  return transaction(async () => {
    const match = await lockMatch(viewer, (await findContactFacts(viewer, id)).match_id)
    const contact = await findContactFacts(viewer, id)
    if (contact.state === ruling) return contact
    if (!mayRule(contact, ruling)) throw forbidden('contacts.rules.answered')
    record(viewer, 'contact.ruled', `contact:${id}`, { match: match.id, from: contact.state, to: ruling })
    await moveOn(match, contact, { state: ruling })
    await tellBoth(match, id, ruling === 'upheld' ? 'contactUpheld' : 'contactTakenBack')
    return contact
  })
}

/** What nobody has answered for seven days is taken as right; after three, they are reminded once (spec 4.5). */
export async function moveContactsOn(as: System): Promise<undefined> {
  const before = daysAgo(ANSWER_DAYS)
  for (const matchId of await listMatchesToPresume(as, before))
    await transaction(async () => {
      const match = await lockAnyMatch(as, matchId)
      for (const id of await presumeContacts(match, before, now()))
        await settle({ id: match.programmeId }, subjectOf({ id }))
      await recount(match)
    })
  await transaction(async () => {
    for (const { id, programme_id, recipient_id } of await claimContactsToRemind(as, daysAgo(REMIND_DAYS), now())) {
      const programme = { id: programme_id }
      await settle(programme, subjectOf({ id }))
      await tell(programme, [recipient_id], {
        kind: 'contactReminder',
        subject: subjectOf({ id }),
        href: `/contacts/${id}`,
      })
    }
  })
}

/** An exchange of messages is a contact: whoever says so first writes it down, and the other one confirms it. */
export async function countExchange(viewer: Viewer, id: number, formKey: string): Promise<number> {
  return transaction(async () => {
    const match = await lockForLogging(viewer, (await findExchange(viewer, id)).match_id)
    const exchange = await findExchange(viewer, id)
    if (exchange.contact_id !== null) await take(viewer, match, await findContact(viewer, exchange.contact_id))
    else await writeExchange(viewer, match, exchange.happened_on, { id, formKey })
    return match.id
  })
}

async function writeExchange(viewer: Viewer, match: Match, day: string, of: { id: number; formKey: string }) {
  const contact = { happened_on: day, outcome: 'made', channel: 'forum', minutes: null, line: null } as const
  const visit = { place: null, course_area: null, host_informed: null }
  const id = await addContact(match, viewer, { ...contact, ...visit, formKey: of.formKey, at: now() })
  if (id === undefined) return
  await saveExchangeContact(of, id)
  await tellPartner(viewer, match, id, 'contact')
  await recount(match)
}

/** For how long the two are asked about messages that may be a contact. */
export function askedSince(): Date {
  return daysAgo(14)
}

/** The viewer does not want to count an exchange. */
export async function declineExchange(viewer: Viewer, id: number): Promise<number> {
  const exchange = await findExchange(viewer, id)
  await saveExchangeDeclined(viewer, exchange)
  return exchange.match_id
}

async function recount(match: Match): Promise<void> {
  const contacts = await listCountedFacts(match)
  const counting = countContacts(contacts)
  const counted = contacts.filter(({ id }) => doesCount(counting.get(id)))
  await saveFigures(match, {
    contactsCounted: counted.length,
    contactsWaiting: contacts.filter(({ id }) => counting.get(id) === 'waiting').length,
    lastContactOn: counted.at(-1)?.happened_on ?? null,
  })
  await recalculate(match)
}
