import { z } from 'zod'
import { calendarDay, id, key, line, maybe, optionalLine, optionalText, text } from '../../web/forms.ts'

/** What a goal is about; four of them are the handbook's (R69). */
export const CATEGORIES = ['competence', 'confidence', 'punctuality', 'attendance', 'future', 'other'] as const
export const OUTCOMES = ['achieved', 'partly', 'not', 'changed'] as const
/** Where a decision about what comes after the course leads (R98). */
export const DESTINATIONS = ['he_here', 'he_elsewhere', 'work_based', 'other', 'undecided'] as const

/** A line of the plan, as long as the line about a contact. */
export const LINE = 280

export const commentUrl = z.object({ id, comment: id })

export const wantsForm = z.object({
  wants: line(LINE, { missing: key('plan.errors.wants'), long: key('plan.errors.line') }),
})
export type WantsForm = z.infer<typeof wantsForm>

export const goalForm = z.object({
  goal: line(LINE, { missing: key('plan.errors.goal'), long: key('plan.errors.line') }),
  measure: optionalLine(LINE, key('plan.errors.line')),
  why: optionalLine(LINE, key('plan.errors.line')),
  byOn: maybe(calendarDay(key('plan.errors.day'))),
  category: maybe(z.enum(CATEGORIES, key('plan.errors.category'))),
})
export type GoalForm = z.infer<typeof goalForm>

export const commentForm = z.object({
  comment: text(5000, { missing: key('plan.errors.comment'), long: key('plan.errors.commentLong') }),
})
export type CommentForm = z.infer<typeof commentForm>

export const supportForm = z.object({ support: z.enum(['yes', 'no']) })

export const reviewForm = z.object({
  outcome: z.enum(OUTCOMES, key('plan.errors.outcome')),
  note: line(LINE, { missing: key('plan.errors.note'), long: key('plan.errors.line') }),
})
export type ReviewForm = z.infer<typeof reviewForm>

export const taskForm = z.object({
  task: line(LINE, { missing: key('plan.errors.task'), long: key('plan.errors.line') }),
  owner: z.enum(['mentee', 'mentor'], key('plan.errors.owner')),
  dueOn: maybe(calendarDay(key('plan.errors.day'))),
})
export type TaskForm = z.infer<typeof taskForm>
/** Ticked on the home page, it leads back there. */
export const fromField = z.object({ _from: z.enum(['home']).optional().catch(undefined) })

const option = optionalLine(120, key('plan.errors.option'))
const side = optionalText(1000, key('plan.errors.side'))
/** How many options one decision weighs. */
export const OPTIONS = ['1', '2', '3', '4'] as const
type Weighed = Partial<Record<`${'option' | 'for' | 'against'}${(typeof OPTIONS)[number]}`, string | undefined>>
const named = (at: (typeof OPTIONS)[number]): [(form: Weighed) => boolean, { path: string[]; message: string }] => [
  (form) => form[`option${at}`] !== undefined || (form[`for${at}`] ?? form[`against${at}`]) === undefined,
  { path: [`option${at}`], message: key('plan.errors.optionMissing') },
]
export const decisionForm = z
  .object({
    question: line(120, { missing: key('plan.errors.question'), long: key('plan.errors.questionLong') }),
    ...{ option1: option, for1: side, against1: side },
    ...{ option2: option, for2: side, against2: side },
    ...{ option3: option, for3: side, against3: side },
    ...{ option4: option, for4: side, against4: side },
  })
  .refine(...named('1'))
  .refine(...named('2'))
  .refine(...named('3'))
  .refine(...named('4'))
export type DecisionForm = z.infer<typeof decisionForm>

export const choiceForm = z
  .object({
    choice: z.enum([...OPTIONS, 'other'], key('plan.errors.choice')),
    other: optionalLine(LINE, key('plan.errors.line')),
    destination: maybe(z.enum(DESTINATIONS, key('plan.errors.destination'))),
    decidedOn: maybe(calendarDay(key('plan.errors.day'))),
  })
  .refine(({ choice, other }) => choice !== 'other' || other !== undefined, {
    path: ['other'],
    message: key('plan.errors.other'),
  })
export type ChoiceForm = z.infer<typeof choiceForm>
