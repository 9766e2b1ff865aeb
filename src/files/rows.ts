import createError from 'http-errors'
import { config } from '../../config/index.ts'
import { afterCommit, onConnection, statement } from '../db.ts'
import { wake } from '../jobs.ts'
import type { System, Viewer } from '../web/viewer.ts'
import type { Kind } from './names.ts'
import { claim, type Upload } from './receiving.ts'

/** `unchecked`: nobody looks for viruses here; `pending`: that is still to come; of `infected` ones the bytes are gone. */
export type FileState = 'unchecked' | 'pending' | 'clean' | 'infected'
export type FileRow = {
  id: number
  key: string
  name: string
  kind: Kind
  bytes: number
  sha256: string
  state: FileState
  created_at: Date
}

const insert = statement<{ id: number }>(
  'insert_file',
  `insert into files (key, person_id, name, kind, bytes, sha256, state) values ($1, $2, $3, $4, $5, $6, $7) returning id`,
)
const find = statement<FileRow>(
  'find_file',
  'select id, key, name, kind, bytes, sha256, state, created_at from files where id = $1',
)

/**
 * Keeps an upload for good, as the viewer's: call it in the transaction that names the file it returns, in a column with a
 * foreign key to `files`. If that is rolled back, the file was never there. A file that no row names is swept.
 * @throws 400 when the request of the upload is over already
 */
export async function keepFile(viewer: Viewer, upload: Upload): Promise<number> {
  if (!claim(upload)) throw createError(400, 'ABORTED')
  const { key, name, kind, bytes, sha256 } = upload
  const state: FileState = config.clamd ? 'pending' : 'unchecked'
  const [row] = await insert(key, viewer.personId, name, kind, bytes, sha256, state)
  if (!row) throw new Error('an insert returned nothing')
  if (config.clamd)
    afterCommit(() => {
      wake('files')
    })
  return row.id
}

/** The file that a record names, which was found for whoever asks; undefined where it names none. */
export async function fileOf({ file_id }: { file_id: number | null }): Promise<FileRow | undefined> {
  return file_id === null ? undefined : (await find(file_id))[0]
}

const listOwn = statement<FileRow>(
  'list_own_file_rows',
  'select id, key, name, kind, bytes, sha256, state, created_at from files where person_id = $1 order by id limit 1000',
)
/** All files that the viewer has handed in. */
export async function listFiles(viewer: Viewer): Promise<FileRow[]> {
  return listOwn(viewer.personId)
}

/** Whether a file may be downloaded: it is clean, or nobody looks for viruses here. */
export function isReady({ state }: Pick<FileRow, 'state'>): boolean {
  return state === 'clean' || (state === 'unchecked' && !config.clamd)
}

type Reference = { table: string; column: string }
const findReferences = statement<Reference>(
  'find_file_references',
  `select conrelid::regclass::text as "table", quote_ident(a.attname) as "column"
   from pg_constraint c join pg_attribute a on a.attrelid = c.conrelid and a.attnum = any(c.conkey)
   where c.contype = 'f' and c.confrelid = 'files'::regclass order by 1, 2`,
)

/**
 * Deletes the rows that have stood for an hour and that nothing names. Who may name one is what the schema says: every
 * foreign key to `files`, so that none can be forgotten here. Returns their keys.
 */
export async function deleteUnnamed(_system: System): Promise<string[]> {
  return deleteUnnamedWhere("f.created_at < now() - interval '1 hour'", [])
}

/** The same, at once, of the files of these people. */
export async function deleteUnnamedOf(personIds: readonly number[]): Promise<string[]> {
  return deleteUnnamedWhere('f.person_id = any($1::int[])', [personIds])
}

async function deleteUnnamedWhere(which: string, values: unknown[]): Promise<string[]> {
  const references = await findReferences()
  const named = references.map(
    ({ table, column }) => ` and not exists (select 1 from ${table} r where r.${column} = f.id)`,
  )
  const text = `delete from files f where ${which}${named.join('')} returning f.key`
  const { rows } = await onConnection((connection) => connection.query({ text, values }))
  return (rows as { key: string }[]).map(({ key }) => key)
}

const findKept = statement<{ key: string }>(
  'find_kept_files',
  "select key from files where key = any($1::uuid[]) and state <> 'infected'",
)
/** Which of these keys have bytes to keep. */
export async function keptOf(_system: System, keys: readonly string[]): Promise<Set<string>> {
  return new Set((await findKept(keys)).map(({ key }) => key))
}

export type ToScan = Pick<FileRow, 'id' | 'key'> & { tries: number }
const claimNext = statement<ToScan>(
  'claim_file_to_scan',
  `update files set state = 'pending', scan_tries = scan_tries + 1, scan_after = now() + interval '2 minutes'
   where id = (select id from files where state in ('unchecked', 'pending') and scan_after <= now()
     order by scan_after limit 1 for update skip locked)
   returning id, key, scan_tries as tries`,
)
/** Takes the file that has waited longest for its check, for two minutes; one that was kept before checks began, too. */
export async function claimFileToScan(_system: System): Promise<ToScan | undefined> {
  return (await claimNext())[0]
}

// Whoever comes back late, after somebody else has taken the file, changes nothing: the number of tries is another.
const saveVerdict = statement<{ id: number }>(
  'save_file_verdict',
  "update files set state = $3 where id = $1 and scan_tries = $2 and state = 'pending' returning id",
)
/** Says what the check found. */
export async function saveScanned({ id, tries }: ToScan, state: 'clean' | 'infected'): Promise<void> {
  await saveVerdict(id, tries, state)
}

const saveRetry = statement(
  'save_file_retry',
  `update files set scan_after = now() + least(interval '10 minutes', interval '5 seconds' * power(2, least($2 - 1, 10)))
   where id = $1 and scan_tries = $2 and state = 'pending'`,
)
/** Says that the check failed: again in 5 s, 10 s, and so on, up to 10 minutes. */
export async function saveScanFailed({ id, tries }: ToScan): Promise<void> {
  await saveRetry(id, tries)
}

const nextScan = statement<{ ms: number }>(
  'find_next_scan',
  `select greatest(0, ceil(extract(epoch from min(scan_after) - now()) * 1000))::float8 as ms from files
   where state in ('unchecked', 'pending') having count(*) > 0`,
)
/** In how many milliseconds the next check is due, if any is. */
export async function nextScanMs(_system: System): Promise<number | undefined> {
  return (await nextScan())[0]?.ms
}
