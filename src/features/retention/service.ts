import { dayIn, daysBetween, now } from '../../clock.ts'
import { transaction } from '../../db.ts'
import { removeFilesOf } from '../../files/index.ts'
import { forbidden } from '../../web/errors.ts'
import type { System, Viewer } from '../../web/viewer.ts'
import { record } from '../audit/index.ts'
import { countGoing, eraseAll, removedWord, type CountsRow } from '../erasure/index.ts'
import { settle, tellDuty } from '../notifications/index.ts'
import { NOTICES } from './forms.ts'
import {
  findClock,
  findGoing,
  holdClock,
  listClocks,
  saveArchived,
  saveClosed,
  saveErased,
  saveMonths,
  saveTold,
  type ClockRow,
  type GoingWithRow,
} from './queries.ts'

export type Phase = 'running' | 'closing' | 'closed' | 'archived' | 'erased'
const today = () => dayIn('UTC', now())

/** Where a programme is on its way (spec 4.7). */
export function phaseOf(row: ClockRow): Phase {
  if (row.erased_at) return 'erased'
  if (row.archived_at) return 'archived'
  if (row.closed_at) return 'closed'
  return row.ends_on < today() ? 'closing' : 'running'
}

/** What happens next by itself, and on which day. */
export function nextOf(row: ClockRow): { what: 'close' | 'archive' | 'erase'; on: string } {
  if (row.archived_at) return { what: 'erase', on: row.erases_on }
  return row.closed_at ? { what: 'archive', on: row.archives_on } : { what: 'close', on: row.closes_on }
}

/** An open concern stops it, and so does a payment under way. */
export const isHeld = ({ concerns, payments }: GoingWithRow): boolean => concerns > 0 || payments > 0

/** What would go with a programme, without doing anything. */
export async function foresee(row: ClockRow): Promise<{ going: GoingWithRow; counts: CountsRow }> {
  const going = await findGoing(row)
  return { going, counts: await countGoing(going) }
}

/** The same of every programme that is over, for the operator. */
export async function foreseeAll(as: System) {
  const all = []
  for (const row of await listClocks(as, today())) {
    const { going, counts } = await foresee(row)
    all.push({ row, counts, next: nextOf(row), held: isHeld(going) })
  }
  return all
}

/** How long texts are kept after the archive. */
export async function keepFor(viewer: Viewer, months: number): Promise<void> {
  await transaction(async () => {
    const row = await holdClock(await findClock(viewer))
    if (row.erased_at) throw forbidden('retention.rules.gone')
    await saveMonths(row, months)
    record(viewer, 'data.kept', `programme:${row.id}`, { from: row.months, to: months })
  })
}

/** The coordinator closes a programme that is over. Doing it twice is doing it once. */
export async function close(viewer: Viewer): Promise<void> {
  await transaction(async () => {
    const row = await holdClock(await findClock(viewer))
    if (row.closed_at) return
    if (phaseOf(row) !== 'closing') throw forbidden('retention.rules.notOver')
    const matches = await saveClosed(row, now())
    record(viewer, 'data.closed', `programme:${row.id}`, { matches })
  })
}

/** The coordinator archives a closed programme. Doing it twice is doing it once. */
export async function archive(viewer: Viewer): Promise<void> {
  await transaction(async () => {
    const row = await holdClock(await findClock(viewer))
    if (row.archived_at) return
    if (phaseOf(row) !== 'closed') throw forbidden('retention.rules.notClosed')
    await saveArchived(row, now())
    record(viewer, 'data.archived', `programme:${row.id}`)
  })
}

/** Moves every programme that is over one step on, if its day has come: each in a transaction of its own. */
export async function moveProgrammesOn(as: System): Promise<undefined> {
  for (const { id } of await listClocks(as, today())) await transaction(async () => moveOn(await holdClock({ id })))
}

async function moveOn(row: ClockRow): Promise<void> {
  const { what, on } = nextOf(row)
  if (row.erased_at) return
  if (today() < on) {
    if (what === 'erase') await tellSoon(row, daysBetween(today(), on))
    return
  }
  if (what === 'close')
    record({ id: row.id }, 'data.closed', `programme:${row.id}`, { matches: await saveClosed(row, now()) })
  if (what === 'archive') {
    await saveArchived(row, now())
    record({ id: row.id }, 'data.archived', `programme:${row.id}`)
  }
  if (what === 'erase') await eraseProgramme(row)
}

async function tellSoon(row: ClockRow, left: number): Promise<void> {
  const notice = [...NOTICES].reverse().find((days) => left <= days)
  if (notice === undefined || (row.told !== null && row.told <= notice && row.told > 0)) return
  await tellCoordinator(row, 'retentionSoon')
  await saveTold(row, notice)
}

/** Empties a programme whose time is over, unless something is still open: then its coordinator hears of that, once. */
async function eraseProgramme(row: ClockRow): Promise<void> {
  const programme = { id: row.id }
  const going = await findGoing(row)
  if (isHeld(going)) {
    if (row.told !== 0) await tellCoordinator(row, 'retentionHeld')
    await saveTold(row, 0)
    return
  }
  await settle(programme, subjectOf(row))
  await eraseAll(programme, { ...going, whole: true }, now(), removedWord())
  await removeFilesOf(going.people)
  await saveErased(row, now())
  record(programme, 'data.emptied', `programme:${row.id}`, { people: going.refs.length })
}

const subjectOf = ({ id }: ClockRow) => `retention:${id}`
async function tellCoordinator(row: ClockRow, kind: 'retentionSoon' | 'retentionHeld'): Promise<void> {
  await settle({ id: row.id }, subjectOf(row))
  await tellDuty({ id: row.id }, 'coordinator', { kind, subject: subjectOf(row), href: '/admin/data/retention' })
}
