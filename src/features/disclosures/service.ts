import createError from 'http-errors'
import { now } from '../../clock.ts'
import { transaction } from '../../db.ts'
import { forbidden } from '../../web/errors.ts'
import { hasDuty, type System, type Viewer } from '../../web/viewer.ts'
import { record } from '../audit/index.ts'
import { findConcern, holdConcern, isOpen, type ConcernRow } from '../concerns/index.ts'
import { tell } from '../notifications/index.ts'
import type { OpeningForm } from './forms.ts'
import {
  addDisclosure,
  addTrace,
  claimToTell,
  hasLaunchedLately,
  holdDisclosure,
  saveEnded,
  saveLifted,
  type DisclosureRow,
  type Seen,
  type ToTellRow,
} from './queries.ts'

const HOUR = 3_600_000

/** A concern that opens the door to a pair: open, with a pair, for a safeguarding lead. To anybody else there is no door. */
export async function findDoor(viewer: Viewer, concernId: number): Promise<ConcernRow> {
  return atDoor(viewer, await findConcern(viewer, concernId))
}

function atDoor(viewer: Viewer, concern: ConcernRow): ConcernRow {
  const isDoor = concern.acts && hasDuty(viewer, 'concern_lead') && concern.match_id !== null && isOpen(concern)
  if (!isDoor) throw createError(404)
  return concern
}

/**
 * Opens the door to one pair for a time, and tells the two, at once or when the embargo is over. Only for who has come
 * from their course just now. The same form sent twice opens it once.
 */
export async function openDoor(viewer: Viewer, concernId: number, form: OpeningForm): Promise<'opened' | 'tooLate'> {
  return transaction(async () => {
    const concern = atDoor(viewer, await holdConcern(viewer, concernId))
    if (!(await hasLaunchedLately(viewer))) return 'tooLate'
    const at = now()
    const embargo = embargoOf(form, at)
    const until = new Date(at.getTime() + Number(form.hours) * HOUR)
    const id = await addDisclosure(viewer, concern, { formKey: form._key, reason: form.reason, at, until, embargo })
    if (id === undefined) return 'opened'
    const facts = { disclosure: id, match: concern.match_id, hours: Number(form.hours), told: embargo === undefined }
    record(viewer, 'disclosure.opened', `concern:${concern.id}`, facts)
    const { mentee, mentor, programme_id } = concern
    if (!embargo && mentee && mentor) await tellTwo({ id, programme_id, mentee_id: mentee.id, mentor_id: mentor.id })
    return 'opened'
  })
}

function embargoOf(form: OpeningForm, at: Date): { until: Date; reason: string } | undefined {
  if (form.telling === 'now') return undefined
  return { until: new Date(at.getTime() + form.days * 24 * HOUR), reason: form.embargoReason }
}

async function tellTwo({ id, programme_id, mentee_id, mentor_id }: ToTellRow): Promise<void> {
  const what = { kind: 'looked', subject: `disclosure:${id}`, href: '/my-data/looks' }
  await tell({ id: programme_id }, [mentee_id, mentor_id], what)
}

/**
 * Looks at something of the pair: the trace and the row of the audit log are written first, in the same transaction. If
 * they cannot be, nothing is read. Without an open door nothing exists; who came too long ago comes again first.
 */
export async function look<T>(
  viewer: Viewer,
  concernId: number,
  object: Seen,
  read: (of: DisclosureRow) => Promise<T>,
): Promise<T> {
  return transaction(async () => {
    const of = await holdDisclosure(viewer, concernId, now())
    if (!of.fresh) throw forbidden('disclosures.rules.launch')
    await addTrace(of, object, now())
    record(viewer, 'disclosure.read', `concern:${of.concern_id}`, { disclosure: of.id, match: of.match_id, object })
    return read(of)
  })
}

/** Shuts the door before its time. */
export async function shutDoor(viewer: Viewer, concernId: number): Promise<void> {
  await transaction(async () => {
    const of = await holdDisclosure(viewer, concernId, now())
    await saveEnded(of, now())
    record(viewer, 'disclosure.ended', `concern:${of.concern_id}`, { disclosure: of.id })
  })
}

/** The two may know from now on. Doing it twice is doing it once. */
export async function liftEmbargo(viewer: Viewer, concernId: number): Promise<void> {
  await transaction(async () => {
    const of = await holdDisclosure(viewer, concernId, now())
    if (!(await saveLifted(of, now()))) return
    record(viewer, 'disclosure.embargoLifted', `concern:${of.concern_id}`, { disclosure: of.id })
    await tellTwo(of)
  })
}

/** Tells pairs that somebody may have looked, when the embargo is over. */
export async function tellOfLooks(as: System): Promise<undefined> {
  await transaction(async () => {
    for (const row of await claimToTell(as, now())) {
      record({ id: row.programme_id }, 'disclosure.embargoOver', `disclosure:${row.id}`)
      await tellTwo(row)
    }
  })
}
