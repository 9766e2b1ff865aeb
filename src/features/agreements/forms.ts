import { z } from 'zod'
import { CHANNELS } from '../../models/index.ts'
import { boxes, key, mustTick, optionalText, quietBoth, quietHours, someBoxes, whole } from '../../web/forms.ts'

/** Clauses that a pair writes itself, one to a line. */
const LINES = 10
const LINE = 280
const ownClauses = optionalText(LINES * (LINE + 1), key('agreements.errors.clauses'))
  .transform((typed) =>
    (typed ?? '')
      .split('\n')
      .map((line) => line.replace(/\s+/gu, ' ').trim())
      .filter(Boolean),
  )
  .refine((lines) => lines.length <= LINES, key('agreements.errors.clauses'))
  .refine((lines) => lines.every((line) => line.length <= LINE), key('agreements.errors.clauseLong'))

/** The kinds of clauses that a pair adds to the programme's. */
export const OWN_KINDS = ['topic_out', 'boundary', 'place'] as const
export type OwnKind = (typeof OWN_KINDS)[number]

/** What one of the two writes: their own expectation, and what holds for both. */
export const editForm = z
  .object({
    expects: optionalText(2000, key('agreements.errors.expects')),
    topic_out: ownClauses,
    boundary: ownClauses,
    place: ownClauses,
    channels: someBoxes(z.enum(CHANNELS, key('agreements.errors.channels')), key('agreements.errors.channels')),
    everyDays: whole(1, 90, key('agreements.errors.everyDays')),
    replyDays: whole(1, 30, key('agreements.errors.replyDays')),
    bestTimes: optionalText(280, key('agreements.errors.bestTimes')),
    ...quietHours,
    /** The text that stood on the page: whoever changes another one would undo what the partner wrote. */
    _hash: z.string(key('agreements.errors.changed')),
  })
  .refine(...quietBoth)
export type EditForm = z.infer<typeof editForm>

/** A signature: every expectation ticked, two promises, and the typed name, on one text. */
export const signForm = z.object({
  expectations: boxes(z.string()),
  private: mustTick(key('agreements.errors.tickPrivate')),
  limits: mustTick(key('agreements.errors.tickLimits')),
  name: z
    .string(key('agreements.errors.name'))
    .trim()
    .min(1, key('agreements.errors.name'))
    .max(150, key('agreements.errors.name')),
  _hash: z.string(key('agreements.errors.changed')),
})
export type SignForm = z.infer<typeof signForm>
