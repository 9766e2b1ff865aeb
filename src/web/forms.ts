import createError from 'http-errors'
import { z } from 'zod'
import type { TextKey } from './i18n.ts'

/** A form as it is shown: what stands in it, what is wrong with it (text keys), and since when we kept it. */
export type Form<T> = {
  values: Partial<Record<keyof T & string, string>>
  errors: Partial<Record<keyof T & string, TextKey>>
  keptAt?: Date | undefined
}
export const emptyForm = { values: {}, errors: {} }

type Read<T> = { ok: true; data: T } | { ok: false; form: Form<T> }

/** Checks what a person typed. On failure, gives back what they typed and one message a field, to show again. */
export function readForm<T extends object>(schema: z.ZodType<T>, body: unknown): Read<T> {
  const result = schema.safeParse(body ?? {})
  if (result.success) return { ok: true, data: result.data }
  const errors: Partial<Record<string, TextKey>> = {}
  for (const { path, message } of result.error.issues) errors[String(path[0])] ??= message as TextKey
  return { ok: false, form: { values: typedFields(body), errors } as Form<T> }
}

/** A form that is shown again because of one field, for a reason only a rule knows. */
export function formError<T>(body: unknown, field: keyof T & string, error: TextKey): Form<T> {
  return { values: typedFields(body), errors: { [field]: error } } as Form<T>
}

/** What was typed, without our own hidden fields. */
export function typedFields(body: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(body ?? {}).filter(
      (field): field is [string, string] => typeof field[1] === 'string' && !field[0].startsWith('_'),
    ),
  )
}

/** Checks a URL. People do not type these, so anything malformed is simply not found. */
export function readUrl<T>(schema: z.ZodType<T>, parts: unknown): T {
  const result = schema.safeParse(parts)
  if (!result.success) throw createError(404)
  return result.data
}

/** A key of config/locales, checked by the compiler: for messages in schemas. */
export const key = <K extends TextKey>(of: K): K => of

const LARGEST = 2_147_483_647 // what a PostgreSQL integer holds
export const id = z.coerce.number().int().positive().max(LARGEST)
/** The id of something to choose in a form. */
export const chosen = (message: TextKey) =>
  z.coerce.number(message).int(message).positive(message).max(LARGEST, message)
export const idUrl = z.object({ id })

const NO_CONTROLS = /^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]*$/u // PostgreSQL refuses \0; nobody types the others

/** One line that a person types: trimmed, required, without line breaks. */
export function line(max: number, messages: { missing: TextKey; long: TextKey }) {
  return z
    .string(messages.missing)
    .transform((text) => text.replace(/\s+/gu, ' ').trim())
    .pipe(z.string().min(1, messages.missing).max(max, messages.long).regex(NO_CONTROLS, key('errors.characters')))
}

/** The same, where nothing is an answer too. */
export function optionalLine(max: number, long: TextKey) {
  return z
    .string()
    .default('')
    .transform((text) => text.replace(/\s+/gu, ' ').trim())
    .pipe(z.string().max(max, long).regex(NO_CONTROLS, key('errors.characters')))
    .transform((text) => (text === '' ? undefined : text))
}

/** Several lines that a person types: line breaks stay, as single characters. */
export function paragraphs(max: number, messages: { missing: TextKey; long: TextKey }) {
  return z
    .string(messages.missing)
    .transform((text) => text.replace(/\r\n?/gu, '\n').trim())
    .pipe(z.string().min(1, messages.missing).max(max, messages.long).regex(NO_CONTROLS, key('errors.characters')))
}

/** A calendar day as a date field sends it, `2026-11-24`: one that exists. */
export function calendarDay(message: TextKey) {
  return z.iso.date(message).refine((day) => day >= '2000-01-01' && day <= '2100-12-31', message)
}
