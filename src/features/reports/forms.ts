import { z } from 'zod'
import { calendarDay, id, key, optionalText, text } from '../../web/forms.ts'

/** What a report answers, in this order (spec 5.2). */
export const PROMPTS = ['did', 'helped', 'hindered', 'changed', 'advice'] as const
export type Prompt = (typeof PROMPTS)[number]
/** What a partner's name may stand in. */
export type Place = Prompt | 'file'
export type Answers = Partial<Record<Prompt, string | undefined>>

/** Five answers of this length are as long as a report may be. */
export const ANSWER = 4000
const long = key('reports.errors.long')
const optional = optionalText(ANSWER, long)

const answers = { did: optional, helped: optional, hindered: optional, changed: optional, advice: optional }
export type ReportForm = z.infer<z.ZodObject<typeof answers>>
/** The fields of the form as they are shown, the file too. */
export const REPORT_FIELDS = { shape: { ...answers, file: true } }

/** Without these, a report says nothing. */
const NEEDED = {
  did: text(ANSWER, { missing: key('reports.errors.did'), long }),
  changed: text(ANSWER, { missing: key('reports.errors.changed'), long }),
}
export const isNeeded = (prompt: Prompt): prompt is keyof typeof NEEDED => prompt in NEEDED

/** The form with the questions that a programme asks. With a file, nothing has to be written beside it. */
export function reportForm(asked: readonly Prompt[], { withFile }: { withFile: boolean }): z.ZodType<ReportForm> {
  const fields = asked.map((prompt) => [prompt, !withFile && isNeeded(prompt) ? NEEDED[prompt] : optional])
  return z.object(Object.fromEntries(fields) as typeof answers)
}
export type ReportFields = ReportForm & { file?: string; without?: string }
/** Leaves the file out that lies beside the report. */
export const withoutField = z.object({ without: z.literal('yes').optional().catch(undefined) })
/** Sent by the button that stands beside the warning about names. */
export const anywayField = z.object({ _anyway: z.literal('yes').optional().catch(undefined) })

export const sharingForm = z.object({ shared: z.enum(['yes', 'no']) })

export const returnForm = z.object({
  note: text(2000, { missing: key('reports.errors.note'), long: key('reports.errors.noteLong') }),
})
export type ReturnForm = z.infer<typeof returnForm>
export const waiverForm = z.object({
  reason: text(2000, { missing: key('reports.errors.reason'), long: key('reports.errors.noteLong') }),
})
export const extensionForm = z.object({ until: calendarDay(key('reports.errors.until')) })

/** Which reports a list shows. */
export const SHOWN = ['all', 'toRead', 'overdue', 'missing', 'done'] as const
export type Shown = (typeof SHOWN)[number]
export const listUrl = z.object({ show: z.enum(SHOWN).optional().catch(undefined), after: id.optional() })
