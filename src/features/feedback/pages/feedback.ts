import { isWrong, type Choice, type ErrorLine } from '../../../web/components.ts'
import type { Form } from '../../../web/forms.ts'
import type { T } from '../../../web/i18n.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { callNameOf } from '../../people/index.ts'
import {
  composer,
  composerErrors,
  endsWithQuestion,
  kindButtons,
  placeOf,
  quoteBox,
  type Composer,
  type ComposerFor,
  type ThreadRow,
  type Writing,
} from '../../threads/index.ts'
import { OWN_QUESTION, type FeedbackForm } from '../forms.ts'
import type { Aid } from '../service.ts'

export type FeedbackPage = PageModel & {
  back: { href: string; label: string }
  privacy: string
  errors: ErrorLine[]
  composer: Composer
  aid: { intro: string[]; points: string[] }
}
export const renderFeedback = view<FeedbackPage>('feedback/feedback')

type Giving = { of: ThreadRow; aid: Aid; isFirst: boolean }
type FeedbackWriting = Omit<Writing, 'form'> & { form: Form<FeedbackForm> }

/** Feedback to a mentee: the box to write in, and nine points beside it. */
export function feedbackPage(words: Words, giving: Giving, writing: FeedbackWriting): FeedbackPage {
  const { t } = words
  const { of, aid } = giving
  const partner = callNameOf(t, of)
  return {
    title: t('feedback.give.title', { partner }),
    hasErrors: isWrong(writing.form.errors),
    back: { href: `/threads/${of.id}`, label: t('feedback.back', { title: of.title }) },
    privacy: t('threads.private', { partner }),
    errors: composerErrors(writing.form, ['reflection'], ['question']),
    composer: composer(words, boxFor(words, giving, writing.form), writing),
    aid: { intro: aid.intro, points: aid.points },
  }
}

function boxFor(words: Words, { of, aid, isFirst }: Giving, form: Form<FeedbackForm>): ComposerFor {
  const { t } = words
  const partner = callNameOf(t, of)
  return {
    of,
    action: placeOf(of, 'feedback').form,
    heading: t('feedback.give.heading', { partner }),
    bodyLabel: t('feedback.give.body'),
    send: t('feedback.give.send'),
    mayDelay: true,
    kinds: kindButtons(t, of, 'feedback'),
    own: isFirst || form.values.reflection ? reflectionField(t, partner, aid, form) : undefined,
    starters: startersOf(t, aid),
    after: [{ is: 'choice', part: questionChoice(t, aid, form) }],
    reminder: aid.tone.join(' '),
    ...quoteBox(words, of, 'feedback'),
  }
}

/** A line for the mentor alone, before the first feedback (R129). */
function reflectionField(t: T, partner: string, { reflection }: Aid, form: Form<FeedbackForm>): Composer['own'] {
  if (!reflection) return undefined
  return {
    readers: t('feedback.reflection.private', { partner }),
    field: {
      name: 'reflection',
      label: reflection.title ?? t('feedback.reflection.title'),
      hint: reflection.text,
      value: form.values.reflection,
      error: form.errors.reflection,
      rows: 2,
      optional: true,
    },
  }
}

function startersOf(t: T, { starters }: Aid): ComposerFor['starters'] {
  const all = starters.map(({ key, title }) => ({ key, label: t('feedback.give.starter', { title }) }))
  return all.length > 0 ? { hint: t('feedback.give.starters'), all } : undefined
}

function questionChoice(t: T, { questions }: Aid, { values, errors }: Form<FeedbackForm>): Choice {
  const ends = questions.length === 0 || endsWithQuestion(values.body ?? '')
  return {
    name: 'question',
    legend: t('feedback.question.legend'),
    hint: t('feedback.question.hint'),
    value: values.question ?? (ends ? OWN_QUESTION : questions[0]?.key),
    error: errors.question,
    options: [
      ...questions.map(({ key, text }) => ({ value: key, label: text })),
      { value: OWN_QUESTION, label: t('feedback.question.own'), small: t('feedback.question.ownHint') },
    ],
  }
}
