import { transaction } from '../../db.ts'
import type { T } from '../../web/i18n.ts'
import { forbidden } from '../../web/errors.ts'
import type { DutyName, Role, System, Viewer } from '../../web/viewer.ts'
import { addDuty, addParticipant, findPersonBySub } from './queries.ts'

/**
 * Whether somebody may come as mentee or mentor. Never who was seen as staff here: a teacher who switches role in
 * Moodle launches as Learner, and nothing in the launch tells.
 */
export function mayTakePart(viewer: Viewer): boolean {
  return (
    viewer.programme !== undefined &&
    viewer.participant === undefined &&
    !viewer.everStaff &&
    viewer.duties.length === 0
  )
}

/** Comes as mentee or mentor. Coming twice (a double click) is coming once. */
export async function takePart(viewer: Viewer, role: Role): Promise<void> {
  const { programme } = viewer
  if (viewer.participant?.role === role) return
  if (!programme || !mayTakePart(viewer)) throw forbidden('arrival.rules.notYou')
  await transaction(() => addParticipant(viewer, programme.id, role))
}

/** For repairs from the command line. Returns false when nobody of that course has the id. */
export async function grantDuty(
  by: System,
  to: { programmeId: number; sub: string; duty: DutyName },
): Promise<boolean> {
  const personId = await findPersonBySub(by, to.programmeId, to.sub)
  if (personId === undefined) return false
  await addDuty(by, { personId, programmeId: to.programmeId, duty: to.duty })
  return true
}

/** The name as people write it; without one, `Mentee K7`: the LMS may keep names to itself. */
export function nameOf(t: T, person: { name: string | null; role: Role; ref: string }): string {
  return person.name ?? t(`shared.unnamed.${person.role}`, { ref: person.ref })
}

/** What people call each other. */
export function callNameOf(
  t: T,
  person: { given_name: string | null; name: string | null; role: Role; ref: string },
): string {
  return person.given_name ?? nameOf(t, person)
}
