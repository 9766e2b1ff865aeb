import { instantIn, now } from '../../clock.ts'
import { transaction } from '../../db.ts'
import type { TextKey } from '../../web/i18n.ts'
import { timeZoneOf, type FoundProgramme, type Viewer } from '../../web/viewer.ts'
import { record } from '../audit/index.ts'
import { settle, tell, tellPeople } from '../notifications/index.ts'
import { findNameIn, putInsteadOfNames } from '../people/index.ts'
import type { PostForm, SessionForm, SupervisorForm } from './forms.ts'
import {
  addPost,
  addSession,
  bookSession,
  cancelSession,
  listCandidates,
  listMenteeNames,
  saveSupervisor,
  unbookSession,
  type MenteeNamesRow,
  type MentorRow,
  type SupportRow,
} from './queries.ts'

const programmeOf = (viewer: Viewer): FoundProgramme => ({ id: viewer.programme?.id ?? 0 })

/** Where one of the two finds what they write to each other. */
export const roomOf = ({ side, mentor_id: id }: SupportRow): string =>
  side === 'mentor' ? '/supervision' : `/admin/supervision/${id}`

// Each side has a subject of its own, so that reading settles what was for the reader alone.
const subjectFor = (side: SupportRow['side'], mentorId: number) => `support-${side}:${mentorId}`

/** What the viewer was told of this waits no more: they are looking at it. */
export async function settleSupport(viewer: Viewer, of: SupportRow): Promise<void> {
  await settle(programmeOf(viewer), subjectFor(of.side, of.mentor_id))
}

type Kind =
  'supportMessage' | 'supportEntry' | 'supportBooked' | 'supportGivenBack' | 'supportCancelled' | 'supportChosen'
/** Tells the other one of the two that there is something of this kind. */
export async function tellOther(viewer: Viewer, of: SupportRow, kind: Kind): Promise<void> {
  if (of.side === 'mentor') {
    const subject = subjectFor('supervisor', of.mentor_id)
    const href = `/admin/supervision/${of.mentor_id}`
    await tellPeople(programmeOf(viewer), [of.supervisor_id], { kind, subject, href })
  } else await tellMentor(viewer, of.mentor_id, kind)
}

async function tellMentor(viewer: Viewer, mentorId: number, kind: Kind): Promise<void> {
  await tell(programmeOf(viewer), [mentorId], { kind, subject: subjectFor('mentor', mentorId), href: '/supervision' })
}

export type Written = { ok: true } | { ok: false; name: string; ref: string }
/**
 * Sends a message, or keeps a note, and tells the other one. A mentee's name does not get through: it comes back, or gives
 * way to their reference where the writer says so (R36, R37). `say` makes the words of a reference.
 */
export async function write(
  viewer: Viewer,
  of: SupportRow,
  form: PostForm,
  say: (ref: string) => string,
): Promise<Written> {
  const mentees = await listMenteeNames(of)
  const body = form._act === 'replace' ? unnamed(form.body, mentees, say) : form.body
  for (const one of mentees) {
    const name = findNameIn(body, [one])
    if (name !== undefined) return { ok: false, name, ref: one.ref }
  }
  await transaction(async () => {
    const isNew = await addPost(of, { body, on: form.on, formKey: form._key, at: now() })
    if (isNew) await tellOther(viewer, of, 'supportMessage')
  })
  return { ok: true }
}

const unnamed = (text: string, mentees: readonly MenteeNamesRow[], say: (ref: string) => string) =>
  mentees.reduce((so, one) => putInsteadOfNames(so, one, say(one.ref)), text)

/** Puts a reference where a mentee of the mentor's is named, for their supervisor to read (R37). */
export async function hideMentees(of: SupportRow, say: (ref: string) => string): Promise<(text: string) => string> {
  const mentees = await listMenteeNames(of)
  return (text) => unnamed(text, mentees, say)
}

/** Books a time: false where somebody was faster, or the mentor has one already. */
export async function book(viewer: Viewer, of: SupportRow, id: number): Promise<boolean> {
  return transaction(async () => {
    const booked = await bookSession(viewer, of, id, now())
    if (booked) await tellOther(viewer, of, 'supportBooked')
    return booked
  })
}

/** Gives a booked time back; doing it twice is doing it once. */
export async function giveBack(viewer: Viewer, of: SupportRow, id: number): Promise<void> {
  await transaction(async () => {
    if (await unbookSession(of, id, now())) await tellOther(viewer, of, 'supportGivenBack')
  })
}

export type Offered = { ok: true } | { ok: false; field: 'date' | 'time'; error: TextKey }
/** Offers a time of the viewer's to the mentors whom they support. */
export async function offerSession(viewer: Viewer, form: SessionForm): Promise<Offered> {
  const startsAt = instantIn(timeZoneOf(viewer), form.date, form.time)
  if (!startsAt) return { ok: false, field: 'time', error: 'supervision.errors.noSuchTime' }
  if (startsAt <= now()) return { ok: false, field: 'date', error: 'supervision.errors.past' }
  const { minutes, place, _key: formKey } = form
  const added = await addSession(viewer, { startsAt, minutes, place, formKey })
  return added ? { ok: true } : { ok: false, field: 'time', error: 'supervision.errors.twice' }
}

/** Calls a time off; who had booked it is told. */
export async function callOff(viewer: Viewer, id: number): Promise<void> {
  await transaction(async () => {
    const { mentor_id: mentorId } = await cancelSession(viewer, id, now())
    if (mentorId !== null) await tellMentor(viewer, mentorId, 'supportCancelled')
  })
}

/** Gives a mentor a supervisor; false where that person cannot be one. The new one does not read what was written before. */
export async function chooseSupervisor(viewer: Viewer, mentor: MentorRow, form: SupervisorForm): Promise<boolean> {
  return transaction(async () => {
    const people = await listCandidates(mentor)
    if (!people.some(({ id }) => id === form.person)) return false
    if (mentor.supervisor_id === form.person) return true
    await saveSupervisor(mentor, form.person)
    record(viewer, 'duty.supervisorChosen', `participant:${mentor.mentor_id}`, { supervisor: form.person })
    await tellMentor(viewer, mentor.mentor_id, 'supportChosen')
    return true
  })
}
