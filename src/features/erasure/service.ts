import { now } from '../../clock.ts'
import { transaction } from '../../db.ts'
import { removeFilesOf } from '../../files/index.ts'
import { forbidden } from '../../web/errors.ts'
import { translator } from '../../web/i18n.ts'
import type { System, Viewer } from '../../web/viewer.ts'
import { withdraw } from '../applications/index.ts'
import { record } from '../audit/index.ts'
import { settle, tell, tellDuty } from '../notifications/index.ts'
import { REASONS, type Reason } from './forms.ts'
import {
  addRequest,
  eraseAll,
  findBlocks,
  findRequest,
  holdRequest,
  listErasedSince,
  saveDecided,
  saveWithdrawn,
  type BlockRow,
  type ErasedRow,
  type RequestRow,
} from './queries.ts'

const subjectOf = (id: number) => `erasure:${id}`

/** What stands where somebody's words stood, for good: in the language of the programme's texts. */
export const removedWord = (): string => translator('en')('erasure.removed')

/** The viewer asks that what is kept of them goes. Asking twice is asking once. */
export async function ask(viewer: Viewer): Promise<void> {
  await transaction(async () => {
    const id = await addRequest(viewer, now())
    if (id === undefined || !viewer.participant) return
    record(viewer, 'data.asked', `participant:${viewer.participant.id}`)
    const what = { kind: 'erasureAsked', subject: subjectOf(id), href: `/admin/data/erasures/${id}` }
    await tellDuty({ id: viewer.programme?.id ?? 0 }, 'coordinator', what)
  })
}

/** The viewer does not want it after all. Doing it twice is doing it once. */
export async function takeBack(viewer: Viewer): Promise<void> {
  await transaction(async () => {
    const id = await saveWithdrawn(viewer, now())
    if (id === undefined || !viewer.participant) return
    record(viewer, 'data.askedNoMore', `participant:${viewer.participant.id}`)
    await settle({ id: viewer.programme?.id ?? 0 }, subjectOf(id))
  })
}

/** What holds back an erasure, if anything does. */
export const reasonsOf = (blocks: BlockRow): Reason[] => REASONS.filter((reason) => blocks[reason])

/**
 * Carries out what somebody asked for: they leave the programme, and what is kept of them goes, in one transaction; the bytes
 * of their files right after it. Says no while something holds it back, or when another reference was typed.
 */
export async function carryOut(viewer: Viewer, id: number, ref: string): Promise<'done' | 'other' | 'held'> {
  return transaction(async () => {
    const request = await holdFound(viewer, id)
    if (request.state === 'done') return 'done'
    if (request.state !== 'open') throw forbidden('erasure.rules.decided')
    if (ref.toUpperCase() !== request.ref) return 'other'
    if (reasonsOf(await findBlocks(request)).length > 0) return 'held'
    const { programme_id, participant_id } = request
    await withdraw(viewer, participant_id)
    await settle({ id: programme_id }, subjectOf(id))
    await eraseOne(request)
    await saveDecided(request, viewer, now(), undefined)
    record(viewer, 'data.erased', `participant:${participant_id}`)
    return 'done'
  })
}

const LATE_MS = 3 * 3_600_000
/** What was under way at the moment of an erasure, and was written down right after it, goes too. */
export async function eraseLate(as: System): Promise<void> {
  for (const row of await listErasedSince(as, new Date(now().getTime() - LATE_MS)))
    await transaction(() => eraseOne(row))
}

async function eraseOne({ programme_id, participant_id, person_id }: ErasedRow): Promise<void> {
  await eraseAll({ id: programme_id }, { participants: [participant_id], people: [person_id] }, now(), removedWord())
  await removeFilesOf([person_id])
}

/** Says to whoever asked why it cannot be yet: one of the reasons that hold. */
export async function refuse(viewer: Viewer, id: number, reason: Reason): Promise<'done' | 'other'> {
  return transaction(async () => {
    const request = await holdFound(viewer, id)
    if (request.state === 'refused') return 'done'
    if (request.state !== 'open') throw forbidden('erasure.rules.decided')
    if (!reasonsOf(await findBlocks(request)).includes(reason)) return 'other'
    await saveDecided(request, viewer, now(), reason)
    record(viewer, 'data.refused', `participant:${request.participant_id}`)
    const programme = { id: request.programme_id }
    await settle(programme, subjectOf(id))
    await tell(programme, [request.participant_id], {
      kind: 'erasureRefused',
      subject: subjectOf(id),
      href: '/my-data/erasure',
    })
    return 'done'
  })
}

async function holdFound(viewer: Viewer, id: number): Promise<RequestRow> {
  await holdRequest(await findRequest(viewer, id))
  return findRequest(viewer, id)
}
