import { coordinatorOf } from '../../../web/viewer.ts'
import { randomUUID } from 'node:crypto'
import { errorLines, isWrong, type ErrorLine, type Field, type Notice } from '../../../web/components.ts'
import type { Form } from '../../../web/forms.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { callNameOf, nameOf } from '../../people/index.ts'
import { answerForm, questionForm, type AnswerForm, type QuestionForm } from '../forms.ts'
import type { OwnMatchRow, QuestionRow } from '../queries.ts'
import { mayAnswer } from '../service.ts'
import { partnerCard, type PartnerCard, type PartnerProfile } from './partner.ts'

export type QuestionItem = { question: string; answer: string | undefined }
export type OfferPage = PageModel & {
  lede: string
  errors: ErrorLine[]
  keptAt: Date | undefined
  who: PartnerCard
  mayAnswer: boolean
  /** I said yes, and the other side has not answered. */
  waiting: Notice | undefined
  accept: string
  note: Field
  answerAction: string
  questions: QuestionItem[]
  question: Field
  questionAction: string
  key: string
}
export const renderOffer = view<OfferPage>('matches/offer')

export type OfferFacts = {
  match: OwnMatchRow
  profile: PartnerProfile | undefined
  questions: QuestionRow[]
  answer: Form<AnswerForm>
  asking: Form<QuestionForm>
}

/** An offer as one of the two sees it: who, why, and three ways to go on (spec 4.7). */
export function offerPage(words: Words, facts: OfferFacts): OfferPage {
  const { t, dates, viewer } = words
  const { match, answer, asking } = facts
  const may = mayAnswer(match)
  const until = match.expires_at ? dates.moment(match.expires_at) : ''
  return {
    title: t(`matches.offer.title.${match.role}`, { name: nameOf(t, match) }),
    here: '/',
    hasErrors: isWrong({ ...answer.errors, ...asking.errors }),
    lede: t(ledeFor(match), { until, coordinator: coordinatorOf(viewer) }),
    errors: [...errorLines(answer.errors, answerForm), ...errorLines(asking.errors, questionForm)],
    keptAt: answer.keptAt ?? asking.keptAt,
    who: partnerCard(t, match, facts.profile),
    mayAnswer: may,
    waiting: may && match.own_answer === 'accepted' ? waitingNotice(words, match, until) : undefined,
    accept: t('matches.offer.accept'),
    ...questionsOf(words, facts),
    answerAction: `/matches/${match.id}/answer`,
    questionAction: `/matches/${match.id}/questions`,
    key: randomUUID(),
  }
}

function ledeFor(match: OwnMatchRow): 'matches.offer.over' | 'matches.offer.ledeYes' | 'matches.offer.lede' {
  if (!mayAnswer(match)) return 'matches.offer.over'
  return match.own_answer === 'accepted' ? 'matches.offer.ledeYes' : 'matches.offer.lede'
}

function waitingNotice({ t }: Words, match: OwnMatchRow, until: string): Notice {
  const text = t('matches.offer.waits', { partner: callNameOf(t, match), until })
  return { kind: 'ok', icon: 'check-circle', title: t('matches.offer.saidYes'), text }
}

function questionsOf(
  { t, viewer }: Words,
  { questions, answer, asking }: OfferFacts,
): Pick<OfferPage, 'note' | 'question' | 'questions'> {
  const coordinator = coordinatorOf(viewer)
  const field = (name: 'note' | 'question', value: string | undefined, error: Field['error']): Field => ({
    name,
    label: t(`matches.offer.${name}`),
    hint: t(`matches.offer.${name}Hint`, { coordinator }),
    value,
    error,
    rows: 2,
  })
  return {
    note: { ...field('note', answer.values.note, answer.errors.note), optional: true },
    question: field('question', asking.values.question, asking.errors.question),
    questions: questions.map((one) => ({ question: one.question, answer: one.answer ?? undefined })),
  }
}
