import { statement } from '../db.ts'
import type { Form } from './forms.ts'
import type { Viewer } from './viewer.ts'

/** Texts that could not be used where they were sent, kept for their writer alone, by the address of their form. */
const save = statement(
  'save_draft',
  `insert into drafts (person_id, form, fields) values ($1, $2, $3)
   on conflict (person_id, form) do update set fields = excluded.fields, saved_at = now()`,
)
const find = statement<{ fields: Record<string, string>; saved_at: Date }>(
  'find_draft',
  'select fields, saved_at from drafts where person_id = $1 and form = $2',
)
/** For features that use a draft up with an act of their own, in one statement. */
export const dropDraftOf = (person: string, form: string) =>
  `delete from drafts where person_id = ${person} and form = ${form}`
const drop = statement('drop_draft', dropDraftOf('$1', '$2'))

/** Keeps the fields of a form (its address) for their writer, in place of what was kept before. */
export async function keepDraft(personId: number, form: string, fields: Record<string, string>): Promise<void> {
  const kept = Object.entries(fields).map(([name, value]) => [name, value.replaceAll('\0', '')]) // PostgreSQL keeps no \0
  await save(personId, form, JSON.stringify(Object.fromEntries(kept)))
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

/** After it was used. */
export async function dropDraft(viewer: Viewer, form: string): Promise<void> {
  await drop(viewer.personId, form)
}
