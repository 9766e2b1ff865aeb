import { defaults, type ContentEntry, type Kind } from '../../../config/content.ts'
import type { Viewer } from '../../web/viewer.ts'
import { listEdits, type EditRow } from './queries.ts'

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
