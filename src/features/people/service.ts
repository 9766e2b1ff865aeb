import { dayIn, now } from '../../clock.ts'
import { transaction } from '../../db.ts'
import { wake } from '../../jobs.ts'
import { findServicePlatform, isStaff, readRoster, type Platform } from '../../lti/index.ts'
import { forbidden } from '../../web/errors.ts'
import type { T, TextKey } from '../../web/i18n.ts'
import { hasDuty, type DutyName, type Role, type System, type Viewer } from '../../web/viewer.ts'
import { record } from '../audit/index.ts'
import { retryAfterRoster } from '../grades/index.ts'
import type { DutyForm } from './forms.ts'
import {
  addDuty,
  addInvitations,
  askForRoster,
  claimDueRoster,
  endDuty,
  findPersonBySub,
  listDuties,
  listRosterPlatforms,
  listStaff,
  lockProgramme,
  markRosterMissed,
  saveRoster,
  wasGiven,
  type ClaimedRosterRow,
  type DutyRow,
} from './queries.ts'

/**
 * Whether somebody may come as mentee or mentor. Never who was seen as staff here: a teacher who switches role in
 * Moodle launches as Learner, and nothing in the launch tells. Who left may come again.
 */
export function mayTakePart(viewer: Viewer): boolean {
  const { programme, participant, everStaff, duties } = viewer
  const isFree = participant === undefined || participant.state === 'withdrawn'
  return programme?.state === 'open' && isFree && !everStaff && duties.length === 0
}

/** For repairs from the command line. Returns false when nobody of that course has the id. */
export async function grantDuty(
  by: System,
  to: { programmeId: number; sub: string; duty: DutyName },
): Promise<boolean> {
  const personId = await findPersonBySub(by, to.programmeId, to.sub)
  if (personId === undefined) return false
  return transaction(async () => {
    await addDuty(by, { personId, programmeId: to.programmeId, duty: to.duty })
    record({ id: to.programmeId }, 'duty.given', `person:${personId}`, { duty: to.duty })
    return true
  })
}

/** These two are needed at any time: somebody runs the programme, and somebody hears of concerns (4.1). */
const NEEDED: readonly DutyName[] = ['coordinator', 'concern_lead']

/** Whether a duty may end: not when nobody else holds one that is always needed. A deputy's may, always. */
export function mayEndDuty(duty: DutyRow, all: readonly DutyRow[]): boolean {
  if (duty.deputy || !NEEDED.includes(duty.duty)) return true
  return all.some((other) => other.duty === duty.duty && !other.deputy && other.id !== duty.id)
}

export type Granting = { done: true } | { done: false; field: keyof DutyForm; error: TextKey }

/**
 * Gives a duty to somebody on the staff of the course: beside the others, in place of the giver (hand over), or as a
 * deputy until a day.
 */
export async function giveDuty(viewer: Viewer, form: DutyForm): Promise<Granting> {
  if (!hasDuty(viewer, 'coordinator')) throw forbidden('people.rules.notCoordinator')
  const { programme } = viewer
  if (!programme) throw forbidden('people.rules.notCoordinator')
  const until = form.how === 'deputy' ? form.until : undefined
  if (until !== undefined && until < dayIn(programme.timeZone, now()))
    return { done: false, field: 'until', error: 'people.errors.past' }
  if (!(await listStaff(viewer)).some(({ person_id }) => person_id === form.person))
    return { done: false, field: 'person', error: 'people.errors.person' }
  return transaction(async (): Promise<Granting> => {
    await lockProgramme(viewer)
    await addDuty(viewer, { personId: form.person, programmeId: programme.id, duty: form.duty, until })
    record(viewer, 'duty.given', `person:${form.person}`, { duty: form.duty, how: form.how })
    if (form.how === 'instead' && form.person !== viewer.personId) await endOwn(viewer, form.duty)
    return { done: true }
  })
}

async function endOwn(viewer: Viewer, name: DutyName): Promise<void> {
  const own = (await listDuties(viewer)).find(({ person_id, duty }) => person_id === viewer.personId && duty === name)
  if (own) await end(viewer, own)
}

async function end(viewer: Viewer, duty: DutyRow): Promise<void> {
  await endDuty(duty, now())
  record(viewer, 'duty.ended', `person:${duty.person_id}`, { duty: duty.duty })
}

/**
 * Takes a duty away, or gives one's own up. Says no when it is the last of a kind that is always needed. Doing it twice
 * (a double click) is doing it once.
 */
export async function takeDuty(viewer: Viewer, dutyId: number): Promise<'ended' | 'needed' | undefined> {
  if (!hasDuty(viewer, 'coordinator')) throw forbidden('people.rules.notCoordinator')
  return transaction(async () => {
    await lockProgramme(viewer)
    const all = await listDuties(viewer)
    const duty = all.find(({ id }) => id === dutyId)
    if (!duty) return (await wasGiven(viewer, dutyId)) ? 'ended' : undefined
    if (!mayEndDuty(duty, all)) return 'needed'
    await end(viewer, duty)
    return 'ended'
  })
}

/** Invites people of the roster. Returns how many: who takes part already, or is staff, is left out. */
export async function inviteFromRoster(viewer: Viewer, subs: readonly string[], role: Role): Promise<number> {
  return transaction(async () => {
    const count = await addInvitations(viewer, subs, role, now())
    if (count > 0) record(viewer, 'people.invited', `programme:${viewer.programme?.id ?? 0}`, { role, count })
    return count
  })
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

type Named = Omit<Parameters<typeof nameOf>[1], 'role'>
/** The names of the two of a pair, for a text that says both. */
export function pairNames(t: T, { mentee, mentor }: { mentee: Named; mentor: Named }): Record<Role, string> {
  return { mentee: nameOf(t, { ...mentee, role: 'mentee' }), mentor: nameOf(t, { ...mentor, role: 'mentor' }) }
}

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

/** Reads the rosters that are due, each platform on its own, so that a slow one never delays another. */
export async function readDueRosters(as: System): Promise<undefined> {
  const platforms = await listRosterPlatforms(as)
  await Promise.all(platforms.map((platformId) => readRostersOf(as, platformId)))
}

async function readRostersOf(as: System, platformId: number): Promise<void> {
  const platform = await findServicePlatform(platformId)
  for (let row = platform && (await claimDueRoster(as, platformId)); platform && row;) {
    await readOne(platform, row)
    row = await claimDueRoster(as, platformId)
  }
}

async function readOne(platform: Platform, row: ClaimedRosterRow): Promise<void> {
  const roster = await readRoster(platform, row.memberships_url)
  if (roster.kind === 'read') {
    // Whom even the roster calls staff is never invited. It calls others Learner who are staff too (Moodle as observed).
    await saveRoster(
      row,
      roster.members.map(({ roles, ...member }) => ({ ...member, staff: isStaff(roles) })),
    )
    await retryAfterRoster(row)
  } else {
    const soon = Math.min(DAY, MINUTE * 2 ** Math.min(row.roster_attempts, 12))
    const waitMs = roster.kind === 'no_access' ? DAY : Math.max(soon, roster.retryAfterMs ?? 0)
    await markRosterMissed(row, roster.kind, waitMs)
  }
}

/** All that somebody may be recognised by. */
export type KnownNames = { names: readonly string[]; emails: readonly string[] }

// Names that are words as well: these are meant only when they are written with a capital.
const WORDS_TOO = new Set(
  'april art august bill dean drew faith frank grace guy hope iris ivy jasmine joy june mark may pat penny rich rose ruby summer will'.split(
    ' ',
  ),
)
const folded = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '')

/**
 * The first name, e-mail address or user name of somebody that stands in a text, as it stands there (R37, R38). Accents and
 * capitals make no difference; small words inside a name (van, de) are no names.
 */
export function findNameIn(text: string, people: readonly KnownNames[]): string | undefined {
  const plain = text.normalize('NFD')
  for (const word of people.flatMap(wordsFor)) {
    const [found] = plain.match(patternOf(word)) ?? []
    if (found !== undefined) return found.normalize('NFC')
  }
  return undefined
}

/** A text in which other words stand wherever somebody was named: what `findNameIn` finds is gone then. */
export function putInsteadOfNames(text: string, person: KnownNames, instead: string): string {
  const plain = text.normalize('NFD')
  return wordsFor(person)
    .sort((one, other) => other.length - one.length) // a whole name before its parts
    .reduce((so, word) => so.replace(patternOf(word), () => instead), plain)
    .normalize('NFC')
}

/** Each name with its parts, then addresses with their user names. */
function wordsFor({ names, emails }: KnownNames): string[] {
  const words = names.flatMap((name) => [name, ...name.split(/[\s'’-]+/u).filter((part) => /^[^\p{Ll}]/u.test(part))])
  const accounts = emails.flatMap((email) => [email, email.split('@')[0] ?? '']).filter(({ length }) => length > 3)
  return [...words, ...accounts].filter((word) => word.length > 1)
}

/** A word on its own in a text whose accents stand behind their letters (NFD): with any accents. */
function patternOf(word: string): RegExp {
  const flags = WORDS_TOO.has(word.toLowerCase()) ? 'gu' : 'giu'
  const letters = Array.from(folded(word), (letter) => letter.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&'))
  return new RegExp(`(?<![\\p{L}\\p{N}\\p{M}])${letters.join('\\p{M}*')}\\p{M}*(?![\\p{L}\\p{N}])`, flags)
}

/** Reads the roster of the viewer's course as soon as possible. */
export async function refreshRoster(viewer: Viewer): Promise<void> {
  await askForRoster(viewer)
  wake('rosters')
}
