import { randomInt } from 'node:crypto'
import { statement } from '../../db.ts'
import { Duty, Participant } from '../../models/index.ts'
import type { DutyName, Role, System, Viewer } from '../../web/viewer.ts'

/** A person of the viewer's programme, as other features show them. */
export type ParticipantRow = { id: number; role: Role; ref: string; name: string | null; given_name: string | null }

const findByRole = statement<ParticipantRow>(
  'find_participant',
  `select pa.id, pa.role, pa.ref, p.name, p.given_name
   from participants pa join people p on p.id = pa.person_id
   where pa.id = $1 and pa.programme_id = $2 and pa.role = $3`,
)
const refsInUse = statement<{ ref: string }>('list_refs', 'select ref from participants where programme_id = $1')
const lockProgramme = statement('lock_programme', 'select 1 from programmes where id = $1 for update')

/** Somebody in the programme that the viewer coordinates. */
export async function findParticipant(viewer: Viewer, id: number, role: Role): Promise<ParticipantRow | undefined> {
  return (await findByRole(id, viewer.programme?.id ?? 0, role))[0]
}

/** Makes the viewer a participant of their programme, under a reference that tells nothing about them. */
export async function addParticipant(viewer: Viewer, programmeId: number, role: Role): Promise<void> {
  await lockProgramme(programmeId) // two who come at once must not get one reference
  const taken = new Set((await refsInUse(programmeId)).map(({ ref }) => ref))
  await Participant.create({ personId: viewer.personId, programmeId, role, ref: freeRef(taken) })
}

const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ'
function freeRef(taken: Set<string>): string {
  for (;;) {
    const ref = `${LETTERS[randomInt(LETTERS.length)] ?? 'A'}${randomInt(2, taken.size < 100 ? 10 : 100)}`
    if (!taken.has(ref)) return ref
  }
}

/** Gives a person a duty in a programme. They may have it already. */
export async function addDuty(
  by: Viewer | System,
  to: { personId: number; programmeId: number; duty: DutyName },
): Promise<void> {
  const held = await Duty.findOne({ where: { ...to, endedAt: null } })
  if (held) return
  await Duty.create({ ...to, grantedById: 'personId' in by ? by.personId : null, endedAt: null })
}

const findBySub = statement<{ person_id: number; name: string | null }>(
  'find_person_of_programme',
  `select p.id as person_id, p.name from people p
   join memberships m on m.person_id = p.id
   join programmes pr on pr.context_id = m.context_id
   where pr.id = $1 and p.sub = $2`,
)
/** Whom the LMS knows by an id, among those who opened the programme's course. */
export async function findPersonBySub(_by: System, programmeId: number, sub: string): Promise<number | undefined> {
  return (await findBySub(programmeId, sub))[0]?.person_id
}
