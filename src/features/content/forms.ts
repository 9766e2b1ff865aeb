import { z } from 'zod'
import { KINDS, TEXT_LENGTH, TITLE_LENGTH } from '../../../config/content.ts'
import { calendarDay, key, line, maybe, optionalLine, text } from '../../web/forms.ts'

const entryKey = z.string().regex(/^[a-z0-9][a-z0-9-]{1,60}$/)
export const kindUrl = z.object({ kind: z.enum(KINDS) })
export const textUrl = kindUrl.extend({ key: entryKey })
export const entryUrl = z.object({ key: entryKey })

/** What the form was filled with. A text that has another version by now was changed by somebody else; none has -1. */
const version = z.coerce.number().int().min(0).max(2_147_483_647).catch(-1)
export const versionForm = z.object({ version })

const absent = z
  .unknown()
  .optional()
  .transform(() => undefined)
const title = line(TITLE_LENGTH, { missing: key('content.errors.title'), long: key('content.errors.titleLong') })
const hint = text(TEXT_LENGTH, { missing: key('content.errors.hint'), long: key('content.errors.textLong') })

/** The form of a text: with a title and a hint where the default has them. */
export function textForm(original: { title?: string | undefined; hint?: string | undefined }) {
  return z.object({
    title: original.title === undefined ? absent : title,
    text: text(TEXT_LENGTH, { missing: key('content.errors.text'), long: key('content.errors.textLong') }),
    hint: original.hint === undefined ? absent : hint,
    shown: z.enum(['yes', 'no'], key('content.errors.shown')).default('yes'),
    version,
  })
}
export type TextForm = z.infer<ReturnType<typeof textForm>>

const webAddress = z.url({ protocol: /^https?$/, hostname: z.regexes.domain, error: key('content.errors.link') })

/** An entry of the support directory. */
export const directoryForm = z.object({
  name: line(120, { missing: key('content.errors.name'), long: key('content.errors.nameLong') }),
  whatFor: text(500, { missing: key('content.errors.whatFor'), long: key('content.errors.long') }),
  how: text(500, { missing: key('content.errors.how'), long: key('content.errors.long') }),
  hours: optionalLine(120, key('content.errors.hoursLong')),
  link: optionalLine(500, key('content.errors.link')).pipe(webAddress.optional()),
  category: z.enum(['college', 'external'], key('content.errors.category')),
  specialist: z.enum(['yes', 'no'], key('content.errors.specialist')),
  owner: optionalLine(150, key('content.errors.ownerLong')),
  reviewOn: maybe(calendarDay(key('content.errors.reviewOn'))),
  version,
})
export type DirectoryForm = z.infer<typeof directoryForm>
