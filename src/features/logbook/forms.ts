import { z } from 'zod'
import { boxes, id, key, maybe, text } from '../../web/forms.ts'

export const TAGS = ['achievement', 'challenge', 'strength', 'growth'] as const
export type Tag = (typeof TAGS)[number]
export const STAGES = ['1', '2', '3'] as const
/** How much somebody gave of the two: 1 is support alone, 5 challenge alone. */
export const BALANCES = ['1', '2', '3', '4', '5'] as const

/** Nobody in particular, somebody, or a contact with somebody: `none`, `match-7`, `contact-12`. */
const about = z
  .string(key('logbook.errors.about'))
  .regex(/^(none|(match|contact)-[1-9]\d{0,9})$/, key('logbook.errors.about'))

export const entryForm = z
  .object({
    about,
    kind: z.enum(['diary', 'reflection'], key('logbook.errors.kind')),
    stage: maybe(z.enum(STAGES, key('logbook.errors.stage'))),
    text: text(20_000, { missing: key('logbook.errors.text'), long: key('logbook.errors.textLong') }),
    tags: boxes(z.enum(TAGS, key('logbook.errors.tags'))),
    balance: maybe(z.enum(BALANCES, key('logbook.errors.balance'))),
    readers: z.enum(['me', 'partner'], key('logbook.errors.readers')),
  })
  .refine(({ kind, stage }) => kind !== 'reflection' || stage !== undefined, {
    path: ['stage'],
    message: key('logbook.errors.stage'),
  })
  .refine(({ about: of, readers }) => readers !== 'partner' || of !== 'none', {
    path: ['readers'],
    message: key('logbook.errors.nobody'),
  })
export type EntryForm = z.infer<typeof entryForm>

export const readersForm = z.object({ readers: entryForm.shape.readers })
export const supervisorForm = z.object({ readers: z.enum(['me', 'supervisor'], key('logbook.errors.readers')) })

/** As many entries as a page shows. */
export const PAGE = 50
/** A supervisor reads them whole. */
export const SUPERVISOR_PAGE = 20

/** Which entries are shown, and what a new one is about. People do not type these. */
export const listUrl = z.object({
  tag: maybe(z.enum(TAGS)),
  before: id.optional(),
  contact: id.optional(),
  match: id.optional(),
  stage: z.enum(STAGES).optional().catch(undefined),
})
export type ListUrl = z.infer<typeof listUrl>
