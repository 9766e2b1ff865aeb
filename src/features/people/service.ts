import { transaction } from '../../db.ts'
import { wake } from '../../jobs.ts'
import { findServicePlatform, isStaff, readRoster, type Platform } from '../../lti/index.ts'
import type { T } from '../../web/i18n.ts'
import { forbidden } from '../../web/errors.ts'
import type { DutyName, Role, System, Viewer } from '../../web/viewer.ts'
import {
  addDuty,
  addParticipant,
  askForRoster,
  claimDueRoster,
  findPersonBySub,
  listRosterPlatforms,
  markRosterMissed,
  saveRoster,
  type ClaimedRosterRow,
} from './queries.ts'

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
  } else {
    const soon = Math.min(DAY, MINUTE * 2 ** Math.min(row.roster_attempts, 12))
    const waitMs = roster.kind === 'no_access' ? DAY : Math.max(soon, roster.retryAfterMs ?? 0)
    await markRosterMissed(row, roster.kind, waitMs)
  }
}

/** Reads the roster of the viewer's course as soon as possible. */
export async function refreshRoster(viewer: Viewer): Promise<void> {
  await askForRoster(viewer)
  wake('rosters')
}
