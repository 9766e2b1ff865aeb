import { errorLines, isWrong, type Chip, type Choice, type ErrorLine, type FormPart } from '../../../web/components.ts'
import type { Form } from '../../../web/forms.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { REASONS, WAYS } from '../../endings/index.ts'
import { callNameOf } from '../../people/index.ts'
import { OUTCOMES, outcomeForm, type Kind, type OutcomeForm } from '../forms.ts'
import type { RequestRow } from '../queries.ts'
import { byOf, chipOf, pairOf } from './list.ts'

export type RequestPage = PageModel & {
  errors: ErrorLine[]
  keptAt: Date | undefined
  chip: Chip
  privacy: string
  facts: { label: string; value: string }[]
  text: string | undefined
  word: string | undefined
  steps: string[]
  form: { action: string; parts: FormPart[] } | undefined
  links: { href: string; label: string }[]
}
export const renderRequest = view<RequestPage>('requests/show')

/** One request for the coordinator: what was said, what may help, and what comes of it. */
export function requestPage(words: Words, request: RequestRow, form: Form<OutcomeForm>): RequestPage {
  const { t } = words
  const name = callNameOf(t, { ...request[request.by_role], role: request.by_role })
  const pair = `/admin/matches/${request.match_id}`
  const isOpen = request.outcome === null
  const links = (['mentee', 'mentor'] as const).map((role) => ({
    href: `${pair}/nudges/${role}/other`,
    label: t('matches.match.write', { name: callNameOf(t, { ...request[role], role }) }),
  }))
  return {
    title: pairOf(t, request),
    here: '/admin/matches',
    hasErrors: isWrong(form.errors),
    errors: errorLines(form.errors, outcomeForm),
    keptAt: form.keptAt,
    chip: chipOf(t, request),
    privacy: t(`requests.show.private.${request.by_role}`, { name }),
    facts: factsOf(words, request),
    text: request.text ?? undefined,
    word: request.word ?? undefined,
    steps: isOpen ? STEPS.map((step) => t(`requests.step.${request.kind}.${step}`, { name })) : [],
    form: isOpen
      ? { action: `/admin/requests/${request.id}/outcome`, parts: partsOf(words, request, form, name) }
      : undefined,
    links: [{ href: pair, label: t('requests.show.match') }, ...(isOpen ? links : [])],
  }
}

const STEPS = ['first', 'second', 'third'] as const

function factsOf({ t, dates }: Words, request: RequestRow): RequestPage['facts'] {
  const { handled_at: handled, handled_by: by } = request
  return [
    { label: t('requests.show.by'), value: byOf(t, request) },
    { label: t('requests.show.said'), value: t(`requests.kind.${request.kind}`) },
    { label: t('requests.show.talked'), value: t(`requests.talked.${request.talked ? 'yes' : 'no'}`) },
    { label: t('requests.show.raised'), value: dates.stamp(request.raised_at) },
    ...(handled
      ? [{ label: t('requests.show.handled'), value: [dates.stamp(handled), by].filter(Boolean).join(', ') }]
      : []),
  ]
}

/** The reason that fits what was said; the coordinator chooses. */
const FITTING = {
  mismatch: 'mismatch',
  partner_silent: 'no_answer',
  end_early: 'natural_end',
} as const satisfies Record<Kind, string>

type Given = Form<OutcomeForm>
function partsOf(words: Words, request: RequestRow, form: Given, name: string): FormPart[] {
  const { t } = words
  const { values, errors } = form
  const outcomes = OUTCOMES.map((value) => ({ value, label: t(`requests.outcome.${value}`) }))
  const legend = t('requests.show.outcome')
  const word = {
    name: 'word',
    label: t('requests.show.word', { name }),
    hint: t('requests.show.wordHint', { name }),
    value: values.word,
    error: errors.word,
    rows: 4,
  }
  return [
    {
      is: 'choice',
      part: { name: 'outcome', legend, options: outcomes, value: values.outcome, error: errors.outcome },
    },
    { is: 'field', part: word },
    { is: 'heading', part: { text: t('requests.show.ending'), hint: t('endings.act.ending.text') } },
    ...endingParts(words, request, form),
  ]
}

/** Why and when, where it ends. */
function endingParts({ t }: Words, { kind }: RequestRow, { values, errors }: Given): FormPart[] {
  const choice = (name: 'reason' | 'when', value: string, options: Choice['options']): FormPart => ({
    is: 'choice',
    part: { name, legend: t(`endings.act.ending.${name}`), options, value, error: errors[name] },
  })
  const reasons = REASONS.map((value) => ({ value, label: t(`matches.ended.${value}`) }))
  const ways = WAYS.map((value) => {
    const small = t(`endings.way.${value}.text`)
    return { value, label: t(`endings.way.${value}.label`), small }
  })
  return [choice('reason', values.reason ?? FITTING[kind], reasons), choice('when', values.when ?? 'closing', ways)]
}
