import createError from 'http-errors'
import { now } from '../../clock.ts'
import { transaction } from '../../db.ts'
import { forbidden } from '../../web/errors.ts'
import type { TextKey } from '../../web/i18n.ts'
import type { Viewer } from '../../web/viewer.ts'
import {
  findOwnMatch,
  isUnderWay,
  listOwnMatches,
  lockOwnMatch,
  readableSince,
  type OwnMatchRow,
} from '../matches/index.ts'
import { settle, tell } from '../notifications/index.ts'
import { tickByAct } from '../stages/index.ts'
import { findOwnSupport, tellOther, type SupportRow } from '../supervision/index.ts'
import { PAGE, type EntryForm, type Tag } from './forms.ts'
import {
  addEncouragement,
  addEntry,
  findEntry,
  findReadableEntry,
  listContactsToWriteAbout,
  listEntries,
  listSharedEntries,
  removeEntry,
  saveEntry,
  saveReaders,
  saveSupervisor,
  type AboutRow,
  type EntryRow,
  type EntryText,
} from './queries.ts'

const DAY_MS = 86_400_000
const ENCOURAGE_AGAIN_DAYS = 7

/** Mentees and mentors keep a diary or log book; nobody else has one. */
export function mayKeep(viewer: Viewer): boolean {
  return viewer.participant !== undefined
}

/** A mentor may say a friendly word about the diary while the match lasts (R79). */
export function mayEncourage(match: Pick<OwnMatchRow, 'role' | 'state'>): boolean {
  return match.role === 'mentee' && isUnderWay(match)
}

/** What an entry can be about: the viewer's partners of now, and the newest contacts with them. */
export type Abouts = { partners: OwnMatchRow[]; contacts: AboutRow[] }
export async function listAbouts(viewer: Viewer): Promise<Abouts> {
  const matches = await listOwnMatches(viewer, now())
  return {
    partners: matches.filter(({ state }) => state !== 'offered'),
    contacts: await listContactsToWriteAbout(viewer),
  }
}

export type EntryPage = { entries: EntryRow[]; hasMore: boolean }

/** A page of the viewer's own entries, newest first. */
export async function readEntries(viewer: Viewer, of: { tag?: Tag | undefined; before?: number | undefined }) {
  return pageOf(await listEntries(viewer, of))
}

/** What the partner of a match shares, newest first. It stays readable for thirty days after the match (spec 4.4). */
export async function readSharedEntries(viewer: Viewer, matchId: number, before?: number) {
  const match = await findOwnMatch(viewer, matchId)
  return { match, ...pageOf(await listSharedEntries(viewer, matchId, readableSince(), before)) }
}

const pageOf = (rows: EntryRow[]): EntryPage => ({ entries: rows.slice(0, PAGE), hasMore: rows.length > PAGE })

/** An entry that the viewer wrote, or that a partner shares with them. To anyone else it does not exist. */
export function readEntry(viewer: Viewer, id: number): Promise<EntryRow> {
  return findReadableEntry(viewer, id, readableSince())
}

export type Written = { ok: true } | { ok: false; field: 'about' | 'text'; error: TextKey }

/** Writes an entry down, for the viewer alone unless they share it. The same form sent twice is one entry. */
export async function writeEntry(viewer: Viewer, formKey: string, form: EntryForm): Promise<Written> {
  if (!mayKeep(viewer)) throw createError(404)
  return transaction(async (): Promise<Written> => {
    const entry = entryFrom(form, await listAbouts(viewer))
    if (!entry) return { ok: false, field: 'about', error: 'logbook.errors.about' }
    await addEntry(viewer, formKey, entry, now())
    await thank(viewer, entry)
    await tickStage(viewer, entry)
    return { ok: true }
  })
}

/** Changes an entry of the viewer's own; whoever changed an older version is told so, and changes nothing. */
export async function changeEntry(viewer: Viewer, id: number, version: number, form: EntryForm): Promise<Written> {
  return transaction(async (): Promise<Written> => {
    const before = await findEntry(viewer, id)
    const entry = entryFrom(form, await listAbouts(viewer), before)
    if (!entry) return { ok: false, field: 'about', error: 'logbook.errors.about' }
    if (isSame(entry, before)) return { ok: true }
    const saved = before.version === version && (await saveEntry(before, entry, now()))
    if (saved) await tickStage(viewer, entry)
    // A double click finds what its first half has saved, before this one looked or after.
    if (saved || isSame(entry, await findEntry(viewer, id))) return { ok: true }
    return { ok: false, field: 'text', error: 'logbook.errors.stale' }
  })
}

function entryFrom(form: EntryForm, abouts: Abouts, before?: EntryRow): EntryText | undefined {
  const about = aboutOf(form.about, abouts, before)
  return (
    about && {
      ...about,
      kind: form.kind,
      stage: form.stage === undefined ? null : Number(form.stage),
      text: form.text,
      tags: form.tags,
      balance: form.balance === undefined ? null : Number(form.balance),
      shared: form.readers === 'partner',
    }
  )
}

type About = Pick<EntryText, 'match_id' | 'contact_id'>

/** What was chosen, if it is one of the viewer's; what an entry was about before, it may stay about. */
function aboutOf(chosen: string, { partners, contacts }: Abouts, before?: EntryRow): About | undefined {
  if (before && chosen === aboutValue(before)) return { match_id: before.match_id, contact_id: before.contact_id }
  if (chosen === 'none') return { match_id: null, contact_id: null }
  const contact = contacts.find(({ id }) => chosen === `contact-${id}`)
  if (contact) return { match_id: contact.match_id, contact_id: contact.id }
  const partner = partners.find(({ id }) => chosen === `match-${id}`)
  return partner && { match_id: partner.id, contact_id: null }
}

/** What an entry is about, as its form says it. */
export function aboutValue({ match_id: match, contact_id: contact }: About): string {
  if (contact !== null) return `contact-${contact}`
  return match === null ? 'none' : `match-${match}`
}

function isSame(entry: EntryText, { shared_at: sharedAt, ...before }: EntryRow): boolean {
  const { shared, tags, ...rest } = entry
  const same = (Object.keys(rest) as (keyof typeof rest)[]).every((name) => rest[name] === before[name])
  return same && shared === (sharedAt !== null) && [...tags].sort().join() === [...before.tags].sort().join()
}

/** Whoever writes needs no more encouragement. */
async function thank(viewer: Viewer, { match_id: matchId }: EntryText): Promise<void> {
  if (viewer.programme && matchId !== null)
    await settle(viewer.programme, subjectOf({ id: matchId }), viewer.participant?.id)
}

/** What belongs to a stage ticks it for its writer; of a mentor, only a look back on it (R78, R93). It ticks, and tells nothing. */
async function tickStage(viewer: Viewer, { match_id: matchId, stage, kind }: EntryText): Promise<void> {
  const role = viewer.participant?.role
  if (matchId === null || stage === null || !role || (role === 'mentor' && kind !== 'reflection')) return
  const match = await lockOwnMatch(viewer, matchId)
  if (isUnderWay(match)) await tickByAct(match, 'logEntry', role, stage)
}

/** Lets the partner read an entry, or hides it from now on. Doing it twice is doing it once. */
export async function shareEntry(viewer: Viewer, id: number, readers: 'me' | 'partner'): Promise<void> {
  await transaction(async () => {
    const entry = await findEntry(viewer, id)
    if (readers === 'partner' && entry.match_id === null) throw forbidden('logbook.rules.nobody')
    await saveReaders(entry, readers === 'partner', now())
  })
}

/** Who supports the viewer, if they are a mentor: they may be let read. */
export async function findReader(viewer: Viewer): Promise<SupportRow | undefined> {
  return viewer.participant?.role === 'mentor' ? findOwnSupport(viewer) : undefined
}

/** Lets who supports the viewer now read an entry, or not any more. A supervisor who comes later does not read it (spec 4.4). */
export async function shareWithSupervisor(viewer: Viewer, id: number, readers: 'me' | 'supervisor'): Promise<void> {
  await transaction(async () => {
    const entry = await findEntry(viewer, id)
    if (readers === 'me') {
      await saveSupervisor(entry, null)
      return
    }
    const of = await findReader(viewer)
    if (!of) throw forbidden('logbook.rules.noSupervisor')
    if (entry.supervisor_id === of.supervisor_id) return
    await saveSupervisor(entry, of.supervisor_id)
    await tellOther(viewer, of, 'supportEntry')
  })
}

/** Deletes an entry of the viewer's own, for good. */
export async function dropEntry(viewer: Viewer, id: number): Promise<void> {
  await removeEntry(await findEntry(viewer, id))
}

/** A friendly word to the mentee about keeping a diary; at most one a week, and without a look into it (R79). */
export async function encourage(viewer: Viewer, matchId: number): Promise<'sent' | 'already'> {
  if (!mayEncourage(await findOwnMatch(viewer, matchId))) throw forbidden('logbook.rules.encourage')
  return transaction(async () => {
    const match = await lockOwnMatch(viewer, matchId)
    const at = now()
    const weekAgo = new Date(at.getTime() - ENCOURAGE_AGAIN_DAYS * DAY_MS)
    if (!(await addEncouragement(match, at, weekAgo))) return 'already'
    const until = new Date(at.getTime() + ENCOURAGE_AGAIN_DAYS * DAY_MS)
    const what = { kind: 'diary', subject: subjectOf(match), href: '/logbook', until }
    await tell({ id: match.programmeId }, [match.menteeId], what)
    return 'sent'
  })
}

const subjectOf = ({ id }: { id: number }) => `diary:${id}`
