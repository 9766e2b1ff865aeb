import createError from 'http-errors'
import {
  defaults,
  directoryDefaults,
  KINDS,
  type ContentEntry,
  type DirectoryDefault,
  type Kind,
} from '../../../config/content.ts'
import { transaction } from '../../db.ts'
import { forbidden } from '../../web/errors.ts'
import { hasDuty, type Viewer } from '../../web/viewer.ts'
import { record } from '../audit/index.ts'
import type { DirectoryForm, TextForm } from './forms.ts'
import {
  dropEdit,
  listDirectoryRows,
  listEdits,
  removeEntry,
  restoreEntry,
  saveEdit,
  saveEntry,
  type DirectoryRow,
  type EditRow,
  type Entry,
  type OwnEntry,
  type Wording,
} from './queries.ts'

/** The coordinators of a programme change its texts. To everybody else the pages for it do not exist. */
export function mayChange(viewer: Viewer): boolean {
  return hasDuty(viewer, 'coordinator')
}

/**
 * The texts of a kind as the viewer's programme has them: its own where it has any, without those it hides, in their
 * order. The keys are the same in every programme and year.
 */
export async function listContent<One extends Kind>(viewer: Viewer, kind: One): Promise<ContentEntry<One>[]> {
  const entries: readonly ContentEntry<One>[] = defaults[kind]
  return withEdits(entries, await editsOf(viewer, entries))
}

function withEdits<One extends Kind>(entries: readonly ContentEntry<One>[], edits: Map<string, EditRow>) {
  return entries.filter(({ key }) => !edits.get(key)?.hidden).map((entry) => withEdit(entry, edits.get(entry.key)))
}

/** The texts of several kinds, with one look at what the programme has changed. */
export async function listTextsOf<One extends Kind>(
  viewer: Viewer,
  kinds: readonly One[],
): Promise<{ [Each in One]: ContentEntry<Each>[] }> {
  const edits = await editsOf(
    viewer,
    kinds.flatMap((kind): readonly { key: string }[] => defaults[kind]),
  )
  const lists = kinds.map((kind) => [kind, withEdits<One>(defaults[kind], edits)])
  return Object.fromEntries(lists) as { [Each in One]: ContentEntry<Each>[] }
}

async function editsOf(viewer: Viewer, entries: readonly { key: string }[]): Promise<Map<string, EditRow>> {
  const rows = await listEdits(
    viewer,
    entries.map(({ key }) => key),
  )
  return new Map(rows.map((row) => [row.key, row]))
}

/** A default with what a programme says instead: of its words, never of what it is. */
function withEdit<Default extends object>(entry: Default, edit: EditRow | undefined): Default {
  if (!edit) return entry
  return {
    ...entry,
    text: edit.text,
    ...(edit.title !== null && { title: edit.title }),
    ...(edit.hint !== null && { hint: edit.hint }),
  }
}

/** An entry of any kind, with all that some kinds have. */
type AnyEntry = Readonly<{
  key: string
  title?: string | undefined
  text: string
  hint?: string | undefined
  stage?: number
  side?: 'both' | 'mentee' | 'mentor'
  edition?: 'mentee' | 'mentor'
  section?: string
  group?: string
  kind?: string
}>
/** A text as those see it who may change it. `version` is 0 as long as nobody has. */
export type ProgrammeText = Wording & { key: string; kind: Kind; original: AnyEntry; version: number }

/** All texts of a kind, hidden ones too. */
export async function listTexts(viewer: Viewer, kind: Kind): Promise<ProgrammeText[]> {
  const edits = await editsOf(viewer, defaults[kind])
  return defaults[kind].map((original) => textOf(kind, original, edits.get(original.key)))
}

function textOf(kind: Kind, original: AnyEntry, edit: EditRow | undefined): ProgrammeText {
  const { key, title, text, hint } = withEdit(original, edit)
  return { kind, key, title, text, hint, hidden: edit?.hidden ?? false, original, version: edit?.version ?? 0 }
}

/** One text. A key that never was does not exist. */
export async function findText(viewer: Viewer, { kind, key }: { kind: Kind; key: string }): Promise<ProgrammeText> {
  const found = (await listTexts(viewer, kind)).find((one) => one.key === key)
  if (!found) throw createError(404)
  return found
}

/** How many texts of each kind there are, and how many of them the programme has changed. */
export async function countTexts(viewer: Viewer): Promise<{ kind: Kind; all: number; changed: number }[]> {
  const edits = await editsOf(
    viewer,
    KINDS.flatMap((kind): readonly { key: string }[] => defaults[kind]),
  )
  return KINDS.map((kind) => {
    const keys = defaults[kind].map(({ key }) => key)
    return { kind, all: keys.length, changed: keys.filter((key) => edits.has(key)).length }
  })
}

/** Why a text is always there: what the college promises about privacy, and what counts. Others may be hidden. */
export function alwaysShown({ kind, original }: ProgrammeText): 'promise' | 'counts' | undefined {
  if (kind === 'clauses' && original.group === 'confidentiality') return 'promise'
  return kind === 'stages' || original.kind === 'required' ? 'counts' : undefined
}

/**
 * Gives a text other words, hides or shows it. Words that are the default's restore it. False, and nothing changed, when
 * a colleague has changed it since the form was opened; the same form sent twice is one change.
 */
export async function saveText(viewer: Viewer, text: ProgrammeText, form: TextForm): Promise<boolean> {
  const wanted: Wording = { title: form.title, text: form.text, hint: form.hint, hidden: form.shown === 'no' }
  if (wanted.hidden && alwaysShown(text)) throw forbidden('content.rules.stays')
  if (isSame(text, wanted)) return true
  const changed = text.version === form.version && (await recorded(viewer, text, () => write(viewer, text, wanted)))
  return changed || isSame(await findText(viewer, text), wanted)
}

/** A change of a text or entry, written down if it was made. */
function recorded(viewer: Viewer, { key }: { key: string }, change: () => Promise<boolean>): Promise<boolean> {
  return transaction(async () => {
    const changed = await change()
    if (changed) record(viewer, 'content.changed', `programme:${viewer.programme?.id ?? 0}`, { key })
    return changed
  })
}

function write(viewer: Viewer, { key, original, version }: ProgrammeText, wanted: Wording): Promise<boolean> {
  const { title, text, hint } = original
  return isSame({ title, text, hint, hidden: false }, wanted)
    ? dropEdit(viewer, key, version)
    : saveEdit(viewer, key, wanted, version)
}

function isSame(one: Wording, other: Wording): boolean {
  return one.title === other.title && one.text === other.text && one.hint === other.hint && one.hidden === other.hidden
}

/** Lets the default stand again; false when a colleague has changed the text since. Doing it twice is doing it once. */
export async function restoreText(viewer: Viewer, text: ProgrammeText, version: number): Promise<boolean> {
  if (text.version === 0) return true
  const restore = () => dropEdit(viewer, text.key, version)
  const restored = text.version === version && (await recorded(viewer, text, restore))
  return restored || (await findText(viewer, text)).version === 0
}

/**
 * The support directory as the viewer's programme has it, what is removed included: the default entries, each in the
 * programme's own words where it has any, and its own; the college's first, then by name.
 */
export async function listWholeDirectory(viewer: Viewer): Promise<DirectoryRow[]> {
  const rows = new Map((await listDirectoryRows(viewer)).map((row) => [row.key, row]))
  const untouched = directoryDefaults.filter(({ key }) => !rows.has(key)).map(rowOf)
  return [...untouched, ...rows.values()].sort(byCategoryAndName)
}

/** The same without what is removed: what people find. */
export async function listDirectory(viewer: Viewer): Promise<DirectoryRow[]> {
  return (await listWholeDirectory(viewer)).filter((entry) => entry.removed_at === null)
}

function rowOf({ key, title, text, how, hours, link, category, specialist }: DirectoryDefault): DirectoryRow {
  const untouched = { owner_name: null, review_on: null, version: 0, checked_at: null, removed_at: null }
  const said = { key, name: title, what_for: text, how, hours: hours ?? null, link: link ?? null }
  return { ...said, category, specialist, ...untouched }
}

const names = new Intl.Collator('en')
function byCategoryAndName(one: DirectoryRow, other: DirectoryRow): number {
  return one.category.localeCompare(other.category) || names.compare(one.name, other.name)
}

/** An entry that is in the directory, or was. */
export async function findEntry(viewer: Viewer, key: string): Promise<DirectoryRow> {
  const found = (await listWholeDirectory(viewer)).find((entry) => entry.key === key)
  if (!found) throw createError(404)
  return found
}

/** Whether somebody has to look at an entry: nobody of the college ever has, or the day for it has come. */
export function reviewOf(entry: DirectoryRow, today: string): 'never' | 'due' | undefined {
  if (entry.checked_at === null) return 'never'
  return entry.review_on !== null && entry.review_on <= today ? 'due' : undefined
}

/** Whether mentors may point to an entry: it is in the directory, and its day for review has not come (R86). */
export function isCurrent(entry: DirectoryRow, today: string): boolean {
  return entry.removed_at === null && reviewOf(entry, today) !== 'due'
}

/** What can be said of an entry that somebody pointed to, as the directory has it now. */
export type ShownEntry = Omit<OwnEntry, 'removed'>
/** An entry as a list of another feature shows it: the programme's own, or the default; nothing once it is removed. */
export function shownEntry(key: string, own: OwnEntry | null): ShownEntry | undefined {
  if (own) return own.removed ? undefined : own
  const original = directoryDefaults.find((entry) => entry.key === key)
  return original && rowOf(original)
}

/** Adds an entry to the directory. The same form sent twice is one entry. */
export async function addToDirectory(viewer: Viewer, key: string, form: DirectoryForm): Promise<void> {
  await recorded(viewer, { key }, () => saveEntry(viewer, entryOf(key, form), 0))
}

/** Changes an entry, or says that it is still right. False when a colleague has changed or removed it meanwhile. */
export async function changeDirectory(viewer: Viewer, key: string, form: DirectoryForm): Promise<boolean> {
  const wanted = entryOf(key, form)
  if (await recorded(viewer, wanted, () => saveEntry(viewer, wanted, form.version))) return true
  const now = await findEntry(viewer, key)
  return now.removed_at === null && Object.entries(wanted).every(([name, value]) => now[name as keyof Entry] === value)
}

function entryOf(key: string, form: DirectoryForm): Entry {
  const { name, whatFor, how, hours, link, category, specialist, owner, reviewOn } = form
  return {
    key,
    name,
    what_for: whatFor,
    how,
    hours: hours ?? null,
    link: link ?? null,
    category,
    specialist: specialist === 'yes',
    owner_name: owner ?? null,
    review_on: reviewOn ?? null,
  }
}

/** Takes an entry out; it can be put back. */
export async function removeFromDirectory(viewer: Viewer, key: string): Promise<void> {
  await removeEntry(viewer, await findEntry(viewer, key))
}

/** Puts an entry back that was taken out. */
export async function putBackIntoDirectory(viewer: Viewer, key: string): Promise<void> {
  await restoreEntry(viewer, (await findEntry(viewer, key)).key)
}
