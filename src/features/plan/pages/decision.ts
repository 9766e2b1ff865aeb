import {
  errorLines,
  isWrong,
  type Choice as Question,
  type ErrorLine,
  type Field,
  type FormPart,
} from '../../../web/components.ts'
import type { Form } from '../../../web/forms.ts'
import type { T } from '../../../web/i18n.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { callNameOf } from '../../people/index.ts'
import { choiceForm, decisionForm, DESTINATIONS, OPTIONS, type ChoiceForm, type DecisionForm } from '../forms.ts'
import type { DecisionRow, Option, PairRow } from '../queries.ts'
import { mayOwn, mayWrite } from '../service.ts'
import { filled, planFormPage, type Link, type PlanFormPage, type Removal } from './form.ts'
import { backToPlan, privacyOf } from './plan.ts'

type OptionItem = { text: string; for: string | undefined; against: string | undefined; isChosen: boolean }
export type DecisionPage = PageModel & {
  back: Link
  errors: ErrorLine[]
  privacy: string
  question: string
  /** What was decided, and where it leads. */
  taken: { title: string; text: string; destination: string | undefined } | undefined
  prompt: string | undefined
  options: OptionItem[]
  none: string
  choice:
    | {
        action: string
        keptAt: Date | undefined
        choice: Question
        other: Field
        destination: Question
        decidedOn: Field
      }
    | undefined
  own: { changeHref: string; reopen: string | undefined; removal: Removal } | undefined
}
export const renderDecision = view<DecisionPage>('plan/decision')

/** A decision with what speaks for and against each way; its owner decides here (R4, R68, R98). */
export function decisionPage(words: Words, decision: DecisionRow, form: Form<ChoiceForm>): DecisionPage {
  const { t } = words
  const partner = callNameOf(t, decision)
  const may = mayOwn(decision)
  return {
    title: t(`plan.decision.of.${decision.own_role}`, { partner }),
    here: '/',
    back: backToPlan(t, decision),
    hasErrors: isWrong(form.errors),
    errors: errorLines(form.errors, choiceForm),
    privacy: privacyOf(t, decision),
    question: decision.question,
    taken: takenOf(words, decision),
    prompt:
      mayWrite(decision) && decision.chosen === null
        ? t(`plan.decisions.prompt.${decision.own_role}`, { partner })
        : undefined,
    options: decision.options.map((one) => optionItem(decision, one)),
    none: t(`plan.decision.none.${decision.own_role}`),
    choice: may && decision.chosen === null ? choiceOf(words, decision, form) : undefined,
    own: may ? ownOf(t, decision) : undefined,
  }
}

function takenOf({ t, dates }: Words, { chosen, decided_on: on, destination }: DecisionRow): DecisionPage['taken'] {
  if (chosen === null || on === null) return undefined
  const leads = destination === null ? undefined : t(`plan.destination.${destination as 'other'}`)
  return {
    title: t('plan.decision.taken', { day: dates.dayInText(on) }),
    text: chosen,
    destination: leads && t('plan.decision.leads', { destination: leads }),
  }
}

function optionItem({ chosen }: DecisionRow, option: Option): OptionItem {
  const { text, against } = option
  return { text, for: option.for ?? undefined, against: against ?? undefined, isChosen: text === chosen }
}

function ownOf(t: T, { id, chosen }: DecisionRow): DecisionPage['own'] {
  const href = `/decisions/${id}`
  return {
    changeHref: `${href}/edit`,
    reopen: chosen === null ? undefined : `${href}/reopening`,
    removal: {
      action: `${href}/removal`,
      title: t('plan.decision.remove'),
      text: t('plan.decision.removeText'),
      yes: t('plan.decision.removeYes'),
    },
  }
}

function choiceOf(
  { t, dates }: Words,
  decision: DecisionRow,
  { values, errors, keptAt }: Form<ChoiceForm>,
): DecisionPage['choice'] {
  const { id, options } = decision
  return {
    action: `/decisions/${id}/choice`,
    keptAt,
    choice: {
      name: 'choice',
      legend: t('plan.choice.choice'),
      value: values.choice ?? (options.length === 0 ? 'other' : undefined),
      error: errors.choice,
      options: [
        ...options.map(({ text }, at) => ({ value: String(at + 1), label: text })),
        { value: 'other', label: t('plan.choice.other') },
      ],
    },
    other: {
      ...{ name: 'other', label: t('plan.choice.otherLabel'), value: values.other, error: errors.other },
      ifOther: true,
    },
    destination: destinationOf(t, { values, errors }),
    decidedOn: {
      ...{ name: 'decidedOn', type: 'date', label: t('plan.choice.decidedOn'), error: errors.decidedOn, short: true },
      value: values.decidedOn ?? dates.today,
      max: dates.today,
    },
  }
}

function destinationOf(t: T, { values, errors }: Form<ChoiceForm>): Question {
  return {
    name: 'destination',
    legend: t('plan.choice.destination'),
    hint: t('plan.choice.destinationHint'),
    value: values.destination ?? '',
    error: errors.destination,
    wide: true,
    options: [
      { value: '', label: t('plan.choice.noDestination') },
      ...DESTINATIONS.map((value) => ({ value, label: t(`plan.destination.${value}`) })),
    ],
  }
}

/** Something to decide, and the ways there are. */
export function newDecisionPage(words: Words, pair: PairRow, form: Form<DecisionForm>): PlanFormPage {
  const { t } = words
  const given = {
    title: t('plan.decision.new'),
    back: backToPlan(t, pair),
    lede: t('plan.decision.newLede'),
    privacy: privacyOf(t, pair),
    action: `/matches/${pair.match_id}/decisions`,
    save: t('plan.decision.save'),
  }
  return decisionFormPage(words, given, form)
}

/** What is weighed, changed by its owner. */
export function editDecisionPage(words: Words, decision: DecisionRow, form: Form<DecisionForm>): PlanFormPage {
  const { t } = words
  const { id, version } = decision
  const given = {
    title: t('plan.decision.edit'),
    back: { href: `/decisions/${id}`, label: t('plan.decision.of.mentee') },
    lede: t('plan.decision.editLede'),
    privacy: privacyOf(t, decision),
    action: `/decisions/${id}`,
    version,
    save: t('plan.save'),
  }
  return decisionFormPage(words, given, filled(form, standing(decision)))
}

function standing({ question, options }: DecisionRow): Form<DecisionForm>['values'] {
  const weighed = OPTIONS.flatMap((at, index) => {
    const option = options[index]
    if (!option) return []
    return [
      [`option${at}`, option.text],
      [`for${at}`, option.for ?? ''],
      [`against${at}`, option.against ?? ''],
    ]
  })
  return { question, ...(Object.fromEntries(weighed) as Form<DecisionForm>['values']) }
}

type Given = Omit<Parameters<typeof planFormPage>[0], 'parts' | 'more' | 'draft'>

function decisionFormPage({ t }: Words, given: Given, form: Form<DecisionForm>): PlanFormPage {
  const { values, errors } = form
  const [first, second, ...others] = OPTIONS
  const question: FormPart = {
    is: 'field',
    part: {
      ...{ name: 'question', label: t('plan.decision.question'), hint: t('plan.decision.questionHint') },
      ...{ value: values.question, error: errors.question },
    },
  }
  const isUsed = others.some((at) => optionFields(at).some((name) => (values[name] ?? '') !== '' || errors[name]))
  const more = { title: t('plan.decision.more'), open: isUsed, parts: others.flatMap((at) => optionParts(t, at, form)) }
  const parts = [question, ...optionParts(t, first, form), ...optionParts(t, second, form)]
  return planFormPage({ ...given, parts, more, draft: true }, form, decisionForm)
}

const optionFields = (at: (typeof OPTIONS)[number]) => [`option${at}`, `for${at}`, `against${at}`] as const

function optionParts(t: T, at: (typeof OPTIONS)[number], { values, errors }: Form<DecisionForm>): FormPart[] {
  const [option, pro, contra] = optionFields(at)
  const field = (name: typeof option | typeof pro | typeof contra, label: string, rows?: number): FormPart => ({
    is: 'field',
    part: {
      name,
      label,
      value: values[name],
      error: errors[name],
      optional: true,
      ...(rows !== undefined && { rows }),
    },
  })
  return [
    { is: 'heading', part: { text: t('plan.decision.optionNo', { number: at }) } },
    field(option, t('plan.decision.option', { number: at })),
    field(pro, t('plan.decision.for', { number: at }), 3),
    field(contra, t('plan.decision.against', { number: at }), 3),
  ]
}
