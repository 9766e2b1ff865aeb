import { UniqueConstraintError } from 'sequelize'
import { now } from '../../clock.ts'
import { transaction } from '../../db.ts'
import { forbidden } from '../../web/errors.ts'
import { hasDuty, type Viewer } from '../../web/viewer.ts'
import { findParticipant } from '../people/index.ts'
import { recalculate } from '../progress/index.ts'
import type { PairForm } from './forms.ts'
import { addMatch } from './queries.ts'

/** Pairing is the coordinator's. */
export function mayPair(viewer: Viewer): boolean {
  return hasDuty(viewer, 'coordinator')
}

export type Pairing =
  | { made: true; mentee: string | null; mentor: string | null }
  | { made: false; field: 'mentee' | 'mentor'; error: 'gone' | 'taken' }

/**
 * Pairs a mentee with a mentor of the viewer's programme; the match is active at once. Changes nothing when one of them
 * is not there, or the mentee has a mentor by now (a colleague, or a double click, was quicker).
 */
export async function pair(viewer: Viewer, form: PairForm): Promise<Pairing> {
  if (!mayPair(viewer)) throw forbidden('matches.rules.notCoordinator')
  const mentee = await findParticipant(viewer, form.mentee, 'mentee')
  if (!mentee) return { made: false, field: 'mentee', error: 'gone' }
  const mentor = await findParticipant(viewer, form.mentor, 'mentor')
  if (!mentor) return { made: false, field: 'mentor', error: 'gone' }
  try {
    await transaction(async () => {
      await recalculate(await addMatch(viewer, { mentorId: mentor.id, menteeId: mentee.id, activeAt: now() }))
    })
  } catch (error) {
    if (error instanceof UniqueConstraintError) return { made: false, field: 'mentee', error: 'taken' }
    throw error
  }
  return { made: true, mentee: mentee.name ?? mentee.ref, mentor: mentor.name ?? mentor.ref }
}
