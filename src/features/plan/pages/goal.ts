import { randomUUID } from 'node:crypto'
import { dayIn } from '../../../clock.ts'
import { errorLines, isWrong, type Chip, type ErrorLine, type Field, type FormPart } from '../../../web/components.ts'
import type { Form } from '../../../web/forms.ts'
import type { T } from '../../../web/i18n.ts'
import { timeZoneOf } from '../../../web/viewer.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { callNameOf } from '../../people/index.ts'
import {
  CATEGORIES,
  commentForm,
  goalForm,
  OUTCOMES,
  reviewForm,
  type CommentForm,
  type GoalForm,
  type ReviewForm,
} from '../forms.ts'
import type { CommentRow, GoalRow, PairRow } from '../queries.ts'
import { isEarly, LIMITS, mayComment, mayOwn } from '../service.ts'
import { filled, planFormPage, type Link, type PlanFormPage, type Removal } from './form.ts'
import { backToPlan, goalChips, privacyOf } from './plan.ts'

type CommentItem = { at: Date; when: string; text: string; removal: string | undefined }
export type GoalPage = PageModel & {
  back: Link
  errors: ErrorLine[]
  privacy: string
  text: string
  chips: Chip[]
  facts: { label: string; value: string }[]
  /** What a clear goal says, and this one does not yet. */
  open: string | undefined
  review: { text: string; when: string } | undefined
  /** For its owner. */
  own:
    | {
        isOpen: boolean
        changeHref: string
        reviewHref: string
        reviewLabel: string
        reopen: string | undefined
        removal: Removal
      }
    | undefined
  /** For the mentor. */
  support: { action: string; value: 'yes' | 'no'; label: string } | undefined
  commentsTitle: string
  comments: CommentItem[]
  none: string
  comment: { action: string; key: string; field: Field; keptAt: Date | undefined } | undefined
  full: string | undefined
}
export const renderGoal = view<GoalPage>('plan/goal')

/** A goal, with what the mentor says of it. */
export function goalPage(words: Words, goal: GoalRow, comments: CommentRow[], form: Form<CommentForm>): GoalPage {
  const { t } = words
  const partner = callNameOf(t, goal)
  const may = mayComment(goal)
  return {
    title: t(`plan.goal.of.${goal.own_role}`, { partner }),
    here: '/',
    back: backToPlan(t, goal),
    hasErrors: isWrong(form.errors),
    errors: errorLines(form.errors, commentForm),
    privacy: privacyOf(t, goal),
    text: goal.text,
    chips: goalChips(t, goal, goal),
    facts: factsOf(words, goal),
    review: reviewOf(words, goal),
    ...ownerParts(t, goal),
    support: may ? supportOf(t, goal) : undefined,
    commentsTitle: t(`plan.goal.comments.${goal.own_role}`, { partner }),
    comments: comments.map((one) => commentItem(words, goal, one)),
    none: t(`plan.goal.noComments.${goal.own_role}`, { partner }),
    ...commentParts(t, goal, { form, count: comments.length }),
  }
}

/** What its owner can do, and is asked while it is open. */
function ownerParts(t: T, goal: GoalRow): Pick<GoalPage, 'own' | 'open'> {
  if (!mayOwn(goal)) return { own: undefined, open: undefined }
  return { own: ownOf(t, goal), open: goal.outcome === 'open' ? openQuestions(t, goal) : undefined }
}

/** Where the mentor says something, or why there is no room for it. */
function commentParts(
  t: T,
  goal: GoalRow,
  { form, count }: { form: Form<CommentForm>; count: number },
): Pick<GoalPage, 'comment' | 'full'> {
  if (!mayComment(goal)) return { comment: undefined, full: undefined }
  const isFull = count >= LIMITS.comments && !isWrong(form.errors) // whoever comes too late sees their words again
  return isFull
    ? { comment: undefined, full: t('plan.errors.commentsFull') }
    : { comment: commentOf(t, goal, form), full: undefined }
}

function factsOf({ t, dates }: Words, goal: GoalRow): GoalPage['facts'] {
  const facts: [label: string, value: string | null][] = [
    [t('plan.goal.measure'), goal.measure],
    [t('plan.goal.why'), goal.why],
    [t('plan.goal.byOn'), goal.by_on === null ? null : dates.date(goal.by_on)],
    [t('plan.goal.category'), goal.category === null ? null : t(`plan.category.${goal.category as 'other'}`)],
  ]
  return facts.flatMap(([label, value]) => (value === null ? [] : [{ label, value }]))
}

function openQuestions(t: T, { measure, by_on }: GoalRow): string | undefined {
  if (measure === null) return by_on === null ? t('plan.goal.open.both') : t('plan.goal.open.measure')
  return by_on === null ? t('plan.goal.open.byOn') : undefined
}

function reviewOf({ dates, viewer }: Words, { review_note: text, reviewed_at: at }: GoalRow): GoalPage['review'] {
  return text !== null && at ? { text, when: dates.day(dayIn(timeZoneOf(viewer), at)) } : undefined
}

function ownOf(t: T, { id, outcome }: GoalRow): GoalPage['own'] {
  const href = `/goals/${id}`
  const isOpen = outcome === 'open'
  return {
    isOpen,
    changeHref: `${href}/edit`,
    reviewHref: `${href}/review`,
    reviewLabel: isOpen ? t('plan.goal.review') : t('plan.goal.reviewAgain'),
    reopen: isOpen ? undefined : `${href}/reopening`,
    removal: {
      action: `${href}/removal`,
      title: t('plan.goal.remove'),
      text: t('plan.goal.removeText'),
      yes: t('plan.goal.removeYes'),
    },
  }
}

function supportOf(t: T, goal: GoalRow): GoalPage['support'] {
  const isWith = goal.supported_at !== null
  const label = isWith ? t('plan.goal.unsupport') : t('plan.goal.support', { partner: callNameOf(t, goal) })
  return { action: `/goals/${goal.id}/support`, value: isWith ? 'no' : 'yes', label }
}

function commentItem({ dates, viewer }: Words, goal: GoalRow, comment: CommentRow): CommentItem {
  const { id, author_id, text, written_at: at } = comment
  const own = author_id === viewer.participant?.id
  const removal = own && mayComment(goal) ? `/goals/${goal.id}/comments/${id}/removal` : undefined
  return { at, when: dates.stamp(at), text, removal }
}

function commentOf(t: T, goal: GoalRow, { values, errors, keptAt }: Form<CommentForm>): GoalPage['comment'] {
  const field = {
    name: 'comment',
    label: t('plan.goal.comment'),
    hint: t('plan.goal.commentHint', { partner: callNameOf(t, goal) }),
    value: values.comment,
    error: errors.comment,
    rows: 4,
  }
  return { action: `/goals/${goal.id}/comments`, key: randomUUID(), field, keptAt }
}

/** A new goal, with five questions that make it a clear one. */
export function newGoalPage(words: Words, pair: PairRow, form: Form<GoalForm>): PlanFormPage {
  const { t } = words
  const early = isEarly(pair)
    ? ({ kind: 'plain', icon: 'info-circle', title: t('plan.goals.early'), text: t('plan.goal.earlyText') } as const)
    : undefined
  const given = {
    title: t('plan.goal.new'),
    back: backToPlan(t, pair),
    lede: t('plan.goal.newLede'),
    privacy: privacyOf(t, pair),
    notice: early,
    action: `/matches/${pair.match_id}/goals`,
    save: t('plan.goal.save'),
  }
  return goalFormPage(words, given, form)
}

/** A goal that its owner changes. */
export function editGoalPage(words: Words, goal: GoalRow, form: Form<GoalForm>): PlanFormPage {
  const { t } = words
  const { id, text, why, measure, by_on: byOn, category, version } = goal
  const standing = { goal: text, why: why ?? '', measure: measure ?? '', byOn: byOn ?? '', category: category ?? '' }
  const given = {
    title: t('plan.goal.edit'),
    back: { href: `/goals/${id}`, label: t('plan.goal.of.mentee') },
    lede: t('plan.goal.editLede'),
    privacy: privacyOf(t, goal),
    action: `/goals/${id}`,
    version,
    save: t('plan.save'),
  }
  return goalFormPage(words, given, filled(form, standing))
}

type Given = Omit<Parameters<typeof planFormPage>[0], 'parts' | 'help'>

function goalFormPage(words: Words, given: Given, form: Form<GoalForm>): PlanFormPage {
  const { t } = words
  const help = { title: t('plan.smart.title'), lines: SMART.map((one) => t(`plan.smart.${one}`)) }
  return planFormPage({ ...given, help, parts: goalParts(words, form) }, form, goalForm)
}
const SMART = ['specific', 'measurable', 'achievable', 'relevant', 'timed'] as const

function goalParts({ t, dates }: Words, { values, errors }: Form<GoalForm>): FormPart[] {
  const field = (name: 'goal' | 'measure' | 'why', more: Partial<Field>): FormPart => ({
    is: 'field',
    part: {
      name,
      label: t(`plan.goal.ask.${name}`),
      hint: t(`plan.goal.ask.${name}Hint`),
      value: values[name],
      error: errors[name],
      rows: 2,
      ...more,
    },
  })
  return [
    field('goal', {}),
    field('measure', { optional: true }),
    {
      is: 'field',
      part: {
        ...{ name: 'byOn', type: 'date', label: t('plan.goal.ask.byOn'), value: values.byOn, error: errors.byOn },
        ...{ short: true, optional: true, min: dates.today },
      },
    },
    field('why', { optional: true }),
    {
      is: 'select',
      part: {
        name: 'category',
        legend: t('plan.goal.ask.category'),
        value: values.category ?? '',
        error: errors.category,
        options: [
          { value: '', label: t('plan.goal.ask.noCategory') },
          ...CATEGORIES.map((value) => ({ value, label: t(`plan.category.${value}`) })),
        ],
      },
    },
  ]
}

/** How a goal came out: four words and one line (R96). */
export function reviewPage({ t }: Words, goal: GoalRow, form: Form<ReviewForm>): PlanFormPage {
  const standing = goal.outcome === 'open' ? {} : { outcome: goal.outcome, note: goal.review_note ?? '' }
  const given = {
    title: t('plan.review.title'),
    back: { href: `/goals/${goal.id}`, label: t('plan.goal.of.mentee') },
    lede: goal.text,
    privacy: privacyOf(t, goal),
    action: `/goals/${goal.id}/review`,
    parts: reviewParts(t, filled(form, standing)),
    save: t('plan.save'),
  }
  return planFormPage(given, form, reviewForm)
}

function reviewParts(t: T, { values, errors }: Form<ReviewForm>): FormPart[] {
  const options = OUTCOMES.map((value) => ({
    value,
    label: t(`plan.outcome.${value}`),
    small: t(`plan.review.small.${value}`),
  }))
  return [
    {
      is: 'choice',
      part: {
        ...{ name: 'outcome', legend: t('plan.review.outcome'), options },
        ...{ value: values.outcome, error: errors.outcome },
      },
    },
    {
      is: 'field',
      part: {
        ...{ name: 'note', label: t('plan.review.note'), hint: t('plan.review.noteHint') },
        ...{ value: values.note, error: errors.note, rows: 2 },
      },
    },
  ]
}
