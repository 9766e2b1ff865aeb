import { z } from 'zod'
import { id, key, line } from '../../web/forms.ts'

const stage = z.coerce.number().int().min(1).max(3)
/** A stage of a match, in an address. */
export const stageUrl = z.object({ id, stage })
/** One of its items. */
export const itemUrl = z.object({ id, stage, item: z.string().regex(/^[a-z][a-z0-9-]{1,60}$/) })

/** What one of the two can say of an item; with `open` they say nothing any more. */
export const VERDICTS = ['talked', 'later', 'not_for_us'] as const
export type Verdict = (typeof VERDICTS)[number]
export const verdictForm = z.object({ verdict: z.enum([...VERDICTS, 'open']) })
export const readinessForm = z.object({ ready: z.enum(['yes', 'no']) })

export const reopeningForm = z.object({
  line: line(280, { missing: key('stages.errors.line'), long: key('stages.errors.lineLong') }),
})
export type ReopeningForm = z.infer<typeof reopeningForm>
