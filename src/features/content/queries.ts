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

/** What a programme says of an entry where another feature's list mentions it; as JSON of `directory_entries d`. */
export type OwnEntry = Pick<DirectoryRow, 'name' | 'what_for' | 'how' | 'hours' | 'link'> & { removed: boolean }
export const OWN_ENTRY = `case when d.key is not null then json_build_object('name', d.name, 'what_for', d.what_for,
  'how', d.how, 'hours', d.hours, 'link', d.link, 'removed', d.removed_at is not null) end`

/** How often an entry was signposted, and what mentees said of it; nothing where too few pairs are behind a number. */
export type SignpostSumRow = { entry_key: string; times: number; useful: number | null; not_useful: number | null }
/** Fewer pairs than this would tell who it was. */
const PAIRS = 3
const sums = statement<SignpostSumRow>(
  'sum_signposts',
  `select g.entry_key, count(*)::int as times,
     case when count(distinct t.match_id) filter (where g.useful is not null) >= ${PAIRS}
       then (count(*) filter (where g.useful))::int end as useful,
     case when count(distinct t.match_id) filter (where g.useful is not null) >= ${PAIRS}
       then (count(*) filter (where not g.useful))::int end as not_useful
   from signposts g join messages s on s.id = g.message_id join threads t on t.id = s.thread_id
   where g.programme_id = $1 and s.visible_at <= $2
   group by g.entry_key having count(distinct t.match_id) >= ${PAIRS}`,
)
/** The sums of the viewer's programme. What would tell of one or two pairs does not leave the database. */
export async function listSignpostSums(viewer: Viewer, at: Date): Promise<SignpostSumRow[]> {
  return viewer.programme ? sums(viewer.programme.id, at) : []
}

/** The words of a text, and whether people see them. */
export type Wording = { title: string | undefined; text: string; hint: string | undefined; hidden: boolean }

// A form of a text that has changed since, or that was restored since, writes nothing.
const save = statement(
  'save_content',
  `insert into programme_content as c (programme_id, key, title, text, hint, hidden, edited_by_id)
   select $1, $2, $3, $4, $5, $6::boolean, $7::integer
   where $8 = 0 or exists (select 1 from programme_content where programme_id = $1 and key = $2 and version = $8)
   on conflict (programme_id, key) do update set title = excluded.title, text = excluded.text, hint = excluded.hint,
     hidden = excluded.hidden, edited_by_id = excluded.edited_by_id, edited_at = now(),
     version = nextval('content_versions')
   where c.version = $8
   returning key`,
)
/** Writes what the viewer's programme says instead of a default. Says no when that has changed since `version`. */
export async function saveEdit(viewer: Viewer, key: string, words: Wording, version: number): Promise<boolean> {
  const { title = null, text, hint = null, hidden } = words
  const saved = await save(viewer.programme?.id, key, title, text, hint, hidden, viewer.personId, version)
  return saved.length > 0
}

const drop = statement(
  'drop_content',
  'delete from programme_content where programme_id = $1 and key = $2 and version = $3 returning key',
)
/** Lets the default stand again. Says no when the text has changed since `version`. */
export async function dropEdit(viewer: Viewer, key: string, version: number): Promise<boolean> {
  return (await drop(viewer.programme?.id, key, version)).length > 0
}

const saveRow = statement(
  'save_directory_entry',
  `insert into directory_entries as d (programme_id, key, name, what_for, how, hours, link, category, specialist,
     owner_name, review_on, checked_by_id, checked_at)
   select $1, $2, $3, $4, $5, $6, $7, $8, $9::boolean, $10, $11::date, $12::integer, now()
   where $13 = 0 or exists (select 1 from directory_entries where programme_id = $1 and key = $2 and version = $13)
   on conflict (programme_id, key) do update set name = excluded.name, what_for = excluded.what_for, how = excluded.how,
     hours = excluded.hours, link = excluded.link, category = excluded.category, specialist = excluded.specialist,
     owner_name = excluded.owner_name, review_on = excluded.review_on, checked_by_id = excluded.checked_by_id,
     checked_at = now(), removed_at = null, version = nextval('content_versions')
   where d.version = $13
   returning key`,
)
/** What an entry of the directory says. */
export type Entry = Omit<DirectoryRow, 'version' | 'checked_at' | 'removed_at'>
/**
 * Writes an entry of the viewer's programme, new or changed; one that was removed is there again. Says no when it has
 * changed since `version`.
 */
export async function saveEntry(viewer: Viewer, entry: Entry, version: number): Promise<boolean> {
  const { key, name, what_for, how, hours, link, category, specialist, owner_name, review_on } = entry
  const saved = await saveRow(
    ...[viewer.programme?.id, key, name, what_for, how, hours, link, category, specialist, owner_name, review_on],
    ...[viewer.personId, version],
  )
  return saved.length > 0
}

const remove = statement(
  'remove_directory_entry',
  `insert into directory_entries (programme_id, key, name, what_for, how, hours, link, category, specialist, removed_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, now())
   on conflict (programme_id, key) do update set removed_at = now(), version = nextval('content_versions')
   where directory_entries.removed_at is null`,
)
/** Takes an entry out of the directory of the viewer's programme; its words stay, so that it can come back. */
export async function removeEntry(viewer: Viewer, entry: Entry): Promise<void> {
  const { key, name, what_for, how, hours, link, category, specialist } = entry
  await remove(viewer.programme?.id, key, name, what_for, how, hours, link, category, specialist)
}

const putBack = statement(
  'put_back_directory_entry',
  `with untouched as (
     delete from directory_entries where programme_id = $1 and key = $2 and removed_at is not null and checked_at is null)
   update directory_entries set removed_at = null, version = nextval('content_versions')
   where programme_id = $1 and key = $2 and removed_at is not null and checked_at is not null`,
)
/** Puts an entry back that was taken out: as it was, or as the default says where nobody has ever saved it. */
export async function restoreEntry(viewer: Viewer, key: string): Promise<void> {
  await putBack(viewer.programme?.id, key)
}

/** What programme `pr` calls the stages instead of their default names, by key: for the statement of a page. */
export const OWN_STAGE_NAMES = `coalesce((select json_object_agg(c.key, c.title) from programme_content c
  where c.programme_id = pr.id and c.key in ('stage-1', 'stage-2', 'stage-3') and c.title is not null), '{}')`
