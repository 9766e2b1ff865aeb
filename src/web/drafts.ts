import { statement } from '../db.ts'
import { keyField, type Form } from './forms.ts'
import type { Viewer } from './viewer.ts'

/** Texts that could not be used where they were sent, kept for their writer alone, by the address of their form. */
const save = statement(
  'save_draft',
  `insert into drafts as d (person_id, form, fields) values ($1, $2, $3)
   on conflict (person_id, form) do update set fields = excluded.fields, saved_at = now()
   where $4::text is null or d.used_key is distinct from $4`,
)
const find = statement<{ fields: Record<string, string>; saved_at: Date }>(
  'find_draft',
  "select fields, saved_at from drafts where person_id = $1 and form = $2 and fields <> '{}'",
)
/**
 * For features that use a draft up with an act of their own, in one statement: the parameters that hold the person, the
 * form's address (or null) and its key. What the page had sent to be kept just before comes too late then.
 */
export const useUp = (person: string, form: string, key: string) =>
  `insert into drafts (person_id, form, fields, used_key) select ${person}, ${form}, '{}', ${key} where ${form}::text is not null
   on conflict (person_id, form) do update set fields = '{}', used_key = excluded.used_key, saved_at = now()`
const use = statement('use_draft_up', useUp('$1', '$2', '$3'))
const drop = statement('drop_draft', 'delete from drafts where person_id = $1 and form = $2')

/** Keeps the fields of a form (its address) for their writer, in place of what was kept before; not once that form was used. */
export async function keepDraft(
  personId: number,
  form: string,
  fields: Record<string, string>,
  key?: string,
): Promise<void> {
  const kept = Object.entries(fields).map(([name, value]) => [name, value.replaceAll('\0', '')]) // PostgreSQL keeps no \0
  await save(personId, form, JSON.stringify(Object.fromEntries(kept)), key ?? null)
}

/** The key that a form was served with, if it has one: each of its sendings has the same. */
export function formKeyIn(body: unknown): string | undefined {
  return keyField.safeParse(body).data?._key
}

/** Whether a form was sent by its button “Keep as draft”. */
export function isDraft(body: unknown): boolean {
  return (body as Record<string, unknown> | undefined)?.['_act'] === 'draft'
}

/** Whether the page kept it by itself while somebody wrote: it says so in its place, and nothing else has to. */
export function isQuiet(body: unknown): boolean {
  return (body as Record<string, unknown> | undefined)?.['_quiet'] === 'yes'
}

/** The form as its writer left it, or an empty one. */
export async function draftOf<T>(viewer: Viewer, form: string): Promise<Form<T>> {
  const [kept] = await find(viewer.personId, form)
  return kept ? ({ values: kept.fields, errors: {}, keptAt: kept.saved_at } as Form<T>) : { values: {}, errors: {} }
}

/** After it was used, with the key of the form that was sent, where it has one. */
export async function dropDraft(viewer: Viewer, form: string, key?: string): Promise<void> {
  if (key === undefined) await drop(viewer.personId, form)
  else await use(viewer.personId, form, key)
}
