import { isAccepted, type Role, type Viewer } from '../../web/viewer.ts'
import { isCurrent, type DirectoryRow } from '../content/index.ts'
import type { Search } from './forms.ts'

/** Who runs the programme or teaches here reads both editions; everybody else the one that is written for them. */
export function mayReadBoth(viewer: Viewer): boolean {
  return viewer.duties.length > 0 || viewer.everStaff
}

/** The edition somebody asked for, or their own; none when that is not theirs to read. */
export function editionFor(viewer: Viewer, asked: Role | undefined): Role | undefined {
  const own = viewer.participant?.role ?? 'mentee'
  if (asked === undefined || asked === own) return own
  return mayReadBoth(viewer) ? asked : undefined
}

/** A mentor may point a mentee to what the directory stands for today (R3, R80). */
export function maySignpost(viewer: Viewer, entry: DirectoryRow, today: string): boolean {
  return viewer.participant?.role === 'mentor' && isAccepted(viewer) && isCurrent(entry, today)
}

/** The entries that somebody looks for: of the place they chose, with all the words they wrote. */
export function searchDirectory(entries: readonly DirectoryRow[], { search, show }: Search): DirectoryRow[] {
  const words = plain(search).split(/\s+/)
  return entries.filter((entry) => isShown(entry, show) && words.every((word) => textOf(entry).includes(word)))
}

function isShown({ category, specialist }: DirectoryRow, show: Search['show']): boolean {
  return show === 'all' || (show === 'specialist' ? specialist : category === show)
}

function textOf({ name, what_for, how, hours }: DirectoryRow): string {
  return plain([name, what_for, how, hours ?? ''].join(' '))
}

/** Without capitals and accents, which people leave out when they search. */
function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}

/** Everybody of a programme may raise a concern: who takes part, who has a duty, staff of the course (spec 4.4). */
export function mayRaiseConcern({ programme, participant, duties, staff }: Viewer): boolean {
  return programme?.state === 'open' && (participant !== undefined || duties.length > 0 || staff)
}
