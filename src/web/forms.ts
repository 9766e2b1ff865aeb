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

/** What was typed, without our own hidden fields. Boxes that were ticked under one name stand one to a line. */
export function typedFields(body: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(body ?? {})
      .map(([name, value]): [string, unknown] => [name, isTexts(value) ? value.join('\n') : value])
      .filter((field): field is [string, string] => typeof field[1] === 'string' && !field[0].startsWith('_')),
  )
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
}

/** The boxes that are ticked in a form as it is shown: what was sent, or else what holds. */
export function ticked<T>({ values, errors }: Form<T>, name: keyof T & string, holds: readonly string[]): string[] {
  const sent = values[name]
  const wasSent = sent !== undefined || Object.keys(errors).length > 0 || Object.keys(values).length > 0
  return wasSent ? (sent ?? '').split('\n').filter((one) => one !== '') : [...holds]
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
/** Made with the form that was served, so that a double click is one thing. */
export const keyField = z.object({ _key: z.uuid() })
/** Of which version somebody has changed something. */
export const versionField = z.object({ _version: z.coerce.number().int().positive() })

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
    .string(long)
    .default('')
    .transform((text) => text.replace(/\s+/gu, ' ').trim())
    .pipe(z.string().max(max, long).regex(NO_CONTROLS, key('errors.characters')))
    .transform((text) => (text === '' ? undefined : text))
}

/** Several lines that a person types: trimmed, with line breaks kept as they are counted here, one character each. */
export function text(max: number, messages: { missing: TextKey; long: TextKey }) {
  return z
    .string(messages.missing)
    .transform(tidied)
    .pipe(z.string().min(1, messages.missing).max(max, messages.long).regex(NO_CONTROLS, key('errors.characters')))
}

/** The same, where nothing is an answer too. */
export function optionalText(max: number, long: TextKey) {
  return z
    .string(long)
    .default('')
    .transform(tidied)
    .pipe(z.string().max(max, long).regex(NO_CONTROLS, key('errors.characters')))
    .transform((typed) => (typed === '' ? undefined : typed))
}
const tidied = (typed: string) => typed.replace(/\r\n?/gu, '\n').trim()

/** What a person types as a number: whole, and within limits. */
export function whole(min: number, max: number, message: TextKey) {
  return z.coerce.number(message).int(message).min(min, message).max(max, message)
}

/** Boxes of one name: one arrives as text, several as a list, none not at all. One that is sent twice is one. */
export function boxes<Each extends z.ZodType>(each: Each) {
  return z
    .preprocess((sent) => (sent === undefined ? [] : [sent].flat()), z.array(each))
    .transform((all) => [...new Set(all)])
}

/** The same, where at least one has to be ticked. */
export function someBoxes<Each extends z.ZodType>(each: Each, message: TextKey) {
  return boxes(each).refine((all) => all.length > 0, message)
}

/** A box that has to be ticked. */
export const mustTick = (message: TextKey) => z.literal('yes', message)

/** A field that may be left empty. */
export function maybe<Schema extends z.ZodType>(schema: Schema) {
  return z.preprocess((sent) => (sent === '' ? undefined : sent), schema.optional())
}

export const email = (message: TextKey) =>
  z.string(message).trim().pipe(z.email(message).max(254, message).regex(NO_CONTROLS, message))

/** A telephone number as people write it: with three digits in a row at least. */
export const phone = (messages: { missing: TextKey; long: TextKey }) =>
  line(40, messages).refine(
    (typed) => /^[+()\d /.-]*\d{3}[+()\d /.-]*( ?(ext\.?|x) ?\d+)?$/i.test(typed),
    messages.missing,
  )

/** A time of day, `21:00`. */
export const timeOfDay = (message: TextKey) => z.string(message).regex(/^([01]\d|2[0-3]):[0-5]\d$/, message)

const quietTime = maybe(timeOfDay(key('errors.quiet')))
/** Hours in which somebody wants to hear nothing: two fields of a form, which is refined with `quietBoth`. */
export const quietHours = { quietFrom: quietTime, quietUntil: quietTime }
/** `.refine(...quietBoth)`: both times are written, or neither. */
export const quietBoth: [(form: QuietHours) => boolean, { path: string[]; message: TextKey }] = [
  ({ quietFrom, quietUntil }) => (quietFrom === undefined) === (quietUntil === undefined),
  { path: ['quietFrom'], message: key('errors.quietBoth') },
]
type QuietHours = { quietFrom?: string | undefined; quietUntil?: string | undefined }

/** A calendar day as a date field sends it, `2026-11-24`: one that exists. */
export function calendarDay(message: TextKey) {
  return z.iso.date(message).refine((day) => day >= '2000-01-01' && day <= '2100-12-31', message)
}
