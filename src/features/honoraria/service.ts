import { dayIn, now } from '../../clock.ts'
import { transaction } from '../../db.ts'
import { forbidden } from '../../web/errors.ts'
import { hasDuty, timeZoneOf, type System, type Viewer } from '../../web/viewer.ts'
import { record } from '../audit/index.ts'
import { settle, tell, tellDuty } from '../notifications/index.ts'
import type { CorrectionForm, PaymentForm } from './forms.ts'
import {
  findHonorarium,
  findOwnHonorarium,
  holdHonorarium,
  maySeeHonoraria,
  removeDeclined,
  saveAllDue,
  saveApproved,
  saveChange,
  saveDue,
  saveExport,
  type Change,
  type DueRow,
  type HonorariumRow,
  type HonorariumState,
} from './queries.ts'

/** A coordinator decides whether it is paid; whoever pays does not. */
export const mayDecide = (viewer: Viewer): boolean => hasDuty(viewer, 'coordinator')

/** The mentor may say that they do not want it until it is approved. */
export const mayDecline = ({ state }: Pick<HonorariumRow, 'state'>): boolean => state === 'expected' || state === 'due'

/** What has been approved may be paid, whether or not it stood on a list. */
export const mayPay = ({ state }: Pick<HonorariumRow, 'state'>): boolean => state === 'approved' || state === 'exported'

const subjectOf = ({ participant_id: id }: DueRow) => `honorarium:${id}`

/** The report of a mentor is here, or accepted: call it in the transaction of that (R150). Of a mentee it does nothing. */
export async function becomeDue(participant: { programmeId: number; id: number }): Promise<void> {
  const { programmeId, id } = participant
  for (const row of await saveDue({ id: programmeId }, id, now())) await tellDue(row)
}

/** Catches up after a change of settings: an amount that is new, or a gate that is lower. */
export async function makeHonorariaDue(as: System): Promise<undefined> {
  await transaction(async () => {
    for (const row of await saveAllDue(as, now())) await tellDue(row)
  })
}

async function tellDue(row: DueRow): Promise<void> {
  const href = `/admin/honoraria/${row.participant_id}`
  await tellDuty({ id: row.programme_id }, 'coordinator', { kind: 'honorariumDue', subject: subjectOf(row), href })
}

async function tellMentor(of: DueRow, kind: string): Promise<void> {
  await settle({ id: of.programme_id }, subjectOf(of))
  await tell({ id: of.programme_id }, [of.participant_id], { kind, subject: subjectOf(of), href: '/honorarium' })
}

/** The mentor does not want it. Doing it twice is doing it once. */
export async function decline(viewer: Viewer): Promise<void> {
  await transaction(async () => {
    const own = await holdOwn(viewer)
    if (own.state === 'declined') return
    if (!mayDecline(own)) throw forbidden('honoraria.rules.tooLate')
    await saveChange(viewer, own, { step: 'declined', state: 'declined', at: now() })
    record(viewer, 'honorarium.declined', `participant:${own.participant_id}`, { from: own.state })
    await settle({ id: own.programme_id }, subjectOf(own))
  })
}

/** The mentor wants it after all: it stands where it would stand. */
export async function wantAfterAll(viewer: Viewer): Promise<void> {
  await transaction(async () => {
    const own = await holdOwn(viewer)
    if (own.state !== 'declined') return
    record(viewer, 'honorarium.wanted', `participant:${own.participant_id}`, { from: own.state })
    if (own.due_at === null) {
      await removeDeclined(own)
      return
    }
    await saveChange(viewer, own, { step: 'wanted', state: 'due', at: now() })
    await tellDue(own)
  })
}

async function holdOwn(viewer: Viewer): Promise<HonorariumRow> {
  await holdHonorarium(await findOwnHonorarium(viewer))
  return findOwnHonorarium(viewer)
}

/** Approves those of a list that are still due, and tells whose they are. Returns how many. */
export async function approveAll(viewer: Viewer, participantIds: readonly number[]): Promise<number> {
  if (!mayDecide(viewer)) throw forbidden('honoraria.rules.notCoordinator')
  return transaction(async () => {
    const approved = await saveApproved(viewer, participantIds, now())
    for (const row of approved) {
      record(viewer, 'honorarium.approved', `participant:${row.participant_id}`, { from: 'due' })
      await tellMentor(row, 'honorariumApproved')
    }
    return approved.length
  })
}

/** Approves one that is due. */
export async function approve(viewer: Viewer, participantId: number): Promise<void> {
  if (!mayDecide(viewer)) throw forbidden('honoraria.rules.notCoordinator')
  await move(viewer, participantId, {
    from: ['due'],
    to: { step: 'approved', state: 'approved' },
    tells: 'honorariumApproved',
  })
}

/** Puts what is approved on one list for whoever pays. Returns how many are on it, and its number. */
export async function makeExport(viewer: Viewer): Promise<{ id: number; count: number } | undefined> {
  if (!maySeeHonoraria(viewer)) throw forbidden('honoraria.rules.notCoordinator')
  return transaction(async () => {
    const made = await saveExport(viewer, now())
    const programme = { id: viewer.programme?.id ?? 0 }
    const what = { kind: 'honorariaListed', subject: `honoraria:${made?.id ?? 0}`, href: '/admin/honoraria' }
    if (made) {
      record(viewer, 'honorarium.exported', `list:${made.id}`, { count: made.count })
      await tellDuty(programme, 'payer', what)
    }
    return made
  })
}

/** It is not paid for now, for a reason that the mentor reads. */
export async function withhold(viewer: Viewer, participantId: number, reason: string): Promise<void> {
  if (!mayDecide(viewer)) throw forbidden('honoraria.rules.notCoordinator')
  await move(viewer, participantId, {
    from: ['due', 'approved'],
    to: { step: 'withheld', state: 'withheld', reason },
    tells: 'honorariumWithheld',
  })
}

/** It is due again. */
export async function release(viewer: Viewer, participantId: number): Promise<void> {
  if (!mayDecide(viewer)) throw forbidden('honoraria.rules.notCoordinator')
  await move(viewer, participantId, {
    from: ['withheld'],
    to: { step: 'released', state: 'due' },
    tells: 'honorariumReleased',
  })
}

/** It is paid: on which day, and under what reference. Says no to a day to come. */
export async function pay(viewer: Viewer, participantId: number, form: PaymentForm): Promise<'paid' | 'future'> {
  if (isToCome(viewer, form.paidOn)) return 'future'
  await move(viewer, participantId, {
    from: ['approved', 'exported'],
    to: { step: 'paid', state: 'paid', ...form },
    tells: 'honorariumPaid',
  })
  return 'paid'
}

/** What was written down of a payment was wrong: it is put right, and the step before stays to be read. */
export async function correct(viewer: Viewer, participantId: number, form: CorrectionForm): Promise<'paid' | 'future'> {
  if (isToCome(viewer, form.paidOn)) return 'future'
  await transaction(async () => {
    const found = await holdFound(viewer, participantId)
    if (found.state !== 'paid') throw forbidden('honoraria.rules.moved')
    if (found.paid_on === form.paidOn && found.reference === form.reference) return // a double click
    await saveChange(viewer, found, { step: 'corrected', state: 'paid', at: now(), ...form })
    record(viewer, 'honorarium.corrected', `participant:${participantId}`)
  })
  return 'paid'
}

const isToCome = (viewer: Viewer, day: string) => day > dayIn(timeZoneOf(viewer), now())

type Move = { from: readonly HonorariumState[]; to: Omit<Change, 'at'>; tells: string }

/** Moves one on, if it stands where it may be moved from, and tells its mentor. Doing it twice is doing it once. */
async function move(viewer: Viewer, participantId: number, { from, to, tells }: Move): Promise<void> {
  await transaction(async () => {
    const found = await holdFound(viewer, participantId)
    if (found.state === to.state) return
    if (!from.includes(found.state)) throw forbidden('honoraria.rules.moved')
    await saveChange(viewer, found, { ...to, at: now() })
    record(viewer, `honorarium.${to.step}`, `participant:${participantId}`, { from: found.state })
    await tellMentor(found, tells)
  })
}

async function holdFound(viewer: Viewer, participantId: number): Promise<HonorariumRow> {
  await holdHonorarium(await findHonorarium(viewer, participantId))
  return findHonorarium(viewer, participantId)
}
