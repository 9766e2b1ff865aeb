import { statement } from '../../db.ts'
import type { FoundProgramme, Viewer } from '../../web/viewer.ts'

/** What a programme has made of a default text. */
export type EditRow = {
  key: string
  title: string | null
  text: string
  hint: string | null
  hidden: boolean
  version: number
  edited_at: Date
}

const edits = statement<EditRow>(
  'list_content_edits',
  `select key, title, text, hint, hidden, version, edited_at from programme_content
   where programme_id = $1 and key = any($2::text[])`,
)
/** What the viewer's programme has changed of these texts. */
export async function listEdits(viewer: Viewer, keys: readonly string[]): Promise<EditRow[]> {
  return viewer.programme ? edits(viewer.programme.id, keys) : []
}

const copyTexts = statement(
  'copy_content',
  `insert into programme_content (programme_id, key, title, text, hint, hidden)
   select $2, key, title, text, hint, hidden from programme_content where programme_id = $1 on conflict do nothing`,
)
const copyDirectory = statement(
  'copy_directory',
  `insert into directory_entries (programme_id, key, name, what_for, how, hours, link, category, specialist, review_on,
     checked_at, removed_at)
   select $2, key, name, what_for, how, hours, link, category, specialist, review_on, checked_at, removed_at
   from directory_entries where programme_id = $1 on conflict do nothing`,
)
/**
 * Gives a new year the texts and the directory of the year before, and none of its people. When an entry of the
 * directory was last checked stays as it was: copying is not checking.
 */
export async function copyContent(_viewer: Viewer, from: FoundProgramme, to: FoundProgramme): Promise<void> {
  await copyTexts(from.id, to.id)
  await copyDirectory(from.id, to.id)
}

/** Somebody or something that can help. One that nobody of the programme has saved yet has no `checked_at`. */
export type DirectoryRow = {
  key: string
  name: string
  what_for: string
  how: string
  hours: string | null
  link: string | null
  category: 'college' | 'external'
  specialist: boolean
  owner_name: string | null
  review_on: string | null
  version: number
  checked_at: Date | null
  removed_at: Date | null
}
const directory = statement<DirectoryRow>(
  'list_directory',
  `select key, name, what_for, how, hours, link, category, specialist, owner_name, review_on::text, version, checked_at,
     removed_at
   from directory_entries where programme_id = $1`,
)
/** The entries that the viewer's programme has written, changed or removed. */
export async function listDirectoryRows(viewer: Viewer): Promise<DirectoryRow[]> {
  return viewer.programme ? directory(viewer.programme.id) : []
}
