import {
  defaults,
  directoryDefaults,
  type ContentEntry,
  type DirectoryDefault,
  type Kind,
} from '../../../config/content.ts'
import type { Viewer } from '../../web/viewer.ts'
import { listDirectoryRows, listEdits, type DirectoryRow, type EditRow } from './queries.ts'

/**
 * The texts of a kind as the viewer's programme has them: its own where it has any, without those it hides, in their
 * order. The keys are the same in every programme and year.
 */
export async function listContent<One extends Kind>(viewer: Viewer, kind: One): Promise<ContentEntry<One>[]> {
  const entries: readonly ContentEntry<One>[] = defaults[kind]
  const edits = await editsOf(viewer, entries)
  return entries.filter(({ key }) => !edits.get(key)?.hidden).map((entry) => withEdit(entry, edits.get(entry.key)))
}

async function editsOf(viewer: Viewer, entries: readonly { key: string }[]): Promise<Map<string, EditRow>> {
  const rows = await listEdits(
    viewer,
    entries.map(({ key }) => key),
  )
  return new Map(rows.map((row) => [row.key, row]))
}

/** A default with what a programme says instead: of its words, never of what it is. */
function withEdit<Entry extends object>(entry: Entry, edit: EditRow | undefined): Entry {
  if (!edit) return entry
  return {
    ...entry,
    text: edit.text,
    ...(edit.title !== null && { title: edit.title }),
    ...(edit.hint !== null && { hint: edit.hint }),
  }
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
  const ours = { owner_name: null, review_on: null, version: 0, checked_at: null, removed_at: null }
  return {
    key,
    name: title,
    what_for: text,
    how,
    hours: hours ?? null,
    link: link ?? null,
    category,
    specialist,
    ...ours,
  }
}

const names = new Intl.Collator('en')
function byCategoryAndName(one: DirectoryRow, other: DirectoryRow): number {
  return one.category.localeCompare(other.category) || names.compare(one.name, other.name)
}
