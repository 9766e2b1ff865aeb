import { addDays } from '../../../clock.ts'
import type { Programme } from '../../../models/index.ts'
import { isWrong, type ErrorLine, type Field, type FormPart, type Notice, type Steps } from '../../../web/components.ts'
import { ticked, type Form } from '../../../web/forms.ts'
import type { T, TextKey } from '../../../web/i18n.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { progressOf, REQUIREMENTS, type Requirement } from '../../progress/index.ts'
import { partsOf, SIDES, stepForms, TRAINING_MINUTES, type Side, type StepForm } from '../forms.ts'
import type { ProgrammeRow } from '../queries.ts'
import { addYear, type Impact } from '../service.ts'
import { stepHref, stepTitle } from './setup.ts'

type StepValues = Partial<Record<string, string>>
type StepErrors = Partial<Record<string, TextKey>>

export type RecipePart = { name: string; cells: { label: string; field: Field | undefined; side: Side }[] }
export type StepPage = PageModel & {
  back: { href: string; label: string }
  steps: Steps
  lede: string
  action: string
  errors: ErrorLine[]
  keptAt: Date | undefined
  parts: FormPart[]
  /** The last step: what each part is worth, and what that comes to. */
  recipe:
    { rows: RecipePart[]; sums: { label: string; text: string; right: boolean }[]; examples: string[] } | undefined
  /** A change of a running programme that touches people: said before it is made. */
  warning: Notice | undefined
  /** For the minimum: whom the new one is for. */
  forNew: boolean
  from: number | undefined
  links: { href: string; label: string }[]
  save: string
}
export const renderStep = view<StepPage>('programmes/step')

export type StepFacts = {
  step: number
  programme: Programme | undefined
  earlier: ProgrammeRow | undefined
  form: Form<StepForm>
  impacts: readonly Impact[]
}

/** One step of the set-up, with working values until somebody types others. */
export function stepPage(words: Words, facts: StepFacts): StepPage {
  const { t } = words
  const { step, programme, earlier, form, impacts } = facts
  const values: StepValues = { ...defaultsFor(words, programme, earlier), ...form.values }
  const errors: StepErrors = form.errors
  const last = step === stepForms.length
  return {
    title: stepTitle(t, step),
    here: '/admin/setup',
    hasErrors: isWrong(errors),
    back: backFor(t, step),
    steps: { now: step, of: stepForms.length, text: t('programmes.step.of', { step, of: stepForms.length }) },
    lede: t(`programmes.step.${step as 1}.lede`),
    action: stepHref(step),
    errors: linesOf(step, errors),
    keptAt: form.keptAt,
    parts: partsFor(words, { step, programme, values, errors, form }),
    recipe: last ? recipeTable(t, values, errors, programme) : undefined,
    warning: impacts.length > 0 ? warningFor(t, impacts) : undefined,
    forNew: impacts.some(({ text }) => text === 'programmes.impact.minimum'),
    from: programme ? undefined : earlier?.id,
    links: linksFor(t, step, programme),
    save: saveWords(t, step, programme, impacts.length > 0),
  }
}

function backFor(t: T, step: number): StepPage['back'] {
  if (step === 1) return { href: '/admin/setup', label: t('programmes.setup.title') }
  return {
    href: stepHref(step - 1),
    label: t('programmes.setup.step', { step: step - 1, title: stepTitle(t, step - 1) }),
  }
}

function saveWords(t: T, step: number, programme: Programme | undefined, sure: boolean): string {
  if (sure) return t('programmes.step.sure')
  if (programme?.state === 'open') return t('programmes.step.saveChange')
  return step === stepForms.length ? t('programmes.step.saveLast') : t('programmes.step.save', { step: step + 1 })
}

function linksFor(t: T, step: number, programme: Programme | undefined): StepPage['links'] {
  if (!programme) return []
  if (step === 2) return [{ href: '/admin/people/duties', label: t('programmes.step.2.duties') }]
  if (step === 3) return [{ href: '/admin/content/criteria', label: t('programmes.step.3.criteria') }]
  return step === 5 ? [{ href: '/admin/training', label: t('programmes.step.5.sessions') }] : []
}

function linesOf(step: number, errors: StepErrors): ErrorLine[] {
  return Object.keys(stepForms[step - 1]?.shape ?? {}).flatMap((name) => {
    const error = errors[name]
    return error ? [{ href: `#${name}`, error }] : []
  })
}

function warningFor(t: T, impacts: readonly Impact[]): Notice {
  const text = impacts.map(({ text: key, count, values }) =>
    t(key as 'programmes.impact.minimum', { count, ...values }),
  )
  return { kind: 'wait', icon: 'exclamation-circle', title: t('programmes.impact.title'), text: text.join(' ') }
}

/** What stands in a form before anybody typed: the settings, those of last year, or values that work. */
function defaultsFor(words: Words, programme: Programme | undefined, earlier: ProgrammeRow | undefined): StepValues {
  const { t, dates } = words
  if (programme) return { ...suggestions(t, programme), ...valuesOf(programme) }
  const aims = { timeZone: 'Europe/London', aims: t('programmes.defaults.aims') }
  return earlier
    ? { ...aims, ...yearAfter(earlier), timeZone: earlier.time_zone }
    : { ...aims, startsOn: dates.today, endsOn: addDays(dates.today, 120) }
}

function suggestions(t: T, { endsOn, startsOn }: Programme): StepValues {
  const reports = addDays(endsOn, -14) >= startsOn ? addDays(endsOn, -14) : endsOn
  return {
    urgentText: t('programmes.defaults.urgent'),
    privacyText: t('programmes.defaults.privacy'),
    lead: 'me',
    menteeReportOn: reports,
    mentorReportOn: reports,
  }
}

function valuesOf(programme: Programme): StepValues {
  const { recipe, setupStep, ...settings } = programme.get()
  const saved = setupStep >= 6 ? { menteeReportOn: '', mentorReportOn: '' } : {} // left empty on purpose
  return {
    ...saved,
    ...Object.fromEntries(
      Object.entries(settings).flatMap(([name, value]) => (value === null ? [] : [[name, asTyped(value)]])),
    ),
    ...Object.fromEntries(
      SIDES.flatMap((side) => partsOf(side).map((part) => [`${side}_${part}`, String(recipe[side][part] ?? 0)])),
    ),
  }
}

function asTyped(value: unknown): string {
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : String(value)
}

function yearAfter({ title, starts_on, ends_on }: ProgrammeRow): StepValues {
  return { title, startsOn: addYear(starts_on), endsOn: addYear(ends_on) }
}

type PartFacts = {
  step: number
  programme: Programme | undefined
  values: StepValues
  errors: StepErrors
  form: Form<StepForm>
}

function partsFor(words: Words, facts: PartFacts): FormPart[] {
  const { t } = words
  const field = (name: FieldName, more: Partial<Field> = {}): FormPart => ({
    is: 'field',
    part: {
      name,
      label: t(`programmes.form.${name}.label`),
      hint: t(`programmes.form.${name}.hint`) || undefined,
      value: facts.values[name],
      error: facts.errors[name],
      ...more,
    },
  })
  return stepParts[facts.step - 1]?.({ t, field, facts }) ?? []
}

type FieldName = Exclude<keyof T2, never>
type T2 = (typeof import('../../../../config/locales/en/programmes.json'))['form']
type PartMaker = (to: {
  t: T
  field: (name: FieldName, more?: Partial<Field>) => FormPart
  facts: PartFacts
}) => FormPart[]

const heading = (t: T, name: 'coordinator' | 'lead' | 'others' | 'notices'): FormPart => ({
  is: 'heading',
  part: { text: t(`programmes.heading.${name}.text`), hint: t(`programmes.heading.${name}.hint`) || undefined },
})
const date = { type: 'date', short: true } as const
const number = (min: number, max: number) => ({ type: 'number', short: true, min: `${min}`, max: `${max}` }) as const

const stepParts: PartMaker[] = [
  ({ field }) => [
    field('title'),
    field('intake', { optional: true, short: true }),
    field('aims', { rows: 5 }),
    field('startsOn', date),
    field('endsOn', date),
    field('timeZone', { short: true }),
  ],
  ({ t, field, facts }) => [
    heading(t, 'coordinator'),
    field('coordinatorName', { autocomplete: 'name' }),
    field('coordinatorPhone', { type: 'tel', autocomplete: 'tel' }),
    field('coordinatorEmail', { type: 'email', autocomplete: 'email' }),
    field('coordinatorHours', { optional: true }),
    field('answerDays', number(1, 60)),
    heading(t, 'lead'),
    field('leadName'),
    field('leadPhone', { type: 'tel' }),
    field('leadEmail', { type: 'email', optional: true }),
    field('leadHours', { optional: true }),
    choice(t, 'lead', ['me', 'later'], facts),
    heading(t, 'notices'),
    field('urgentText', { rows: 3 }),
    field('privacyText', { rows: 6 }),
    heading(t, 'others'),
    field('supervisorName', { optional: true }),
    field('payerName', { optional: true }),
  ],
  ({ field }) => [field('places', number(1, 500))],
  ({ t, field, facts }) => [channelBoxes(t, facts), field('minimumContacts', number(1, 20))],
  ({ t, field, facts }) => [
    field('trainingMinutes', number(TRAINING_MINUTES.min, TRAINING_MINUTES.max)),
    choice(t, 'trainingRequired', ['yes', 'no'], facts),
  ],
  ({ t, field, facts }) => [
    field('menteeReportOn', { ...date, optional: true }),
    field('mentorReportOn', { ...date, optional: true }),
    field('honorariumAmount', { short: true, optional: true }),
    {
      is: 'select',
      part: {
        name: 'honorariumCurrency',
        legend: t('programmes.form.honorariumCurrency.label'),
        value: facts.values['honorariumCurrency'],
        error: facts.errors['honorariumCurrency'],
        options: ['GBP', 'EUR', 'USD'].map((value) => ({ value, label: value })),
      },
    },
    choice(t, 'honorariumGate', ['received', 'accepted'], facts),
  ],
  ({ t, facts }) => [
    choice(t, 'gradeMode', ['progress', 'passfail'], facts),
    choice(t, 'carryOver', ['yes', 'no'], facts),
  ],
]

type ChoiceName = 'lead' | 'trainingRequired' | 'honorariumGate' | 'gradeMode' | 'carryOver'
function choice(t: T, name: ChoiceName, values: readonly string[], { values: typed, errors }: PartFacts): FormPart {
  return {
    is: 'choice',
    part: {
      name,
      legend: t(`programmes.choice.${name}.legend`),
      value: typed[name],
      error: errors[name],
      options: values.map((value) => ({
        value,
        label: t(`programmes.choice.${name}.${value}` as 'programmes.choice.lead.me'),
        small: t(`programmes.choice.${name}.${value}Hint` as 'programmes.choice.lead.meHint') || undefined,
      })),
    },
  }
}

/** What pairs use most comes first. */
const OFFERED = ['face_to_face', 'telephone', 'text', 'email', 'forum', 'shadowing', 'moodle', 'other'] as const
function channelBoxes(t: T, { programme, form, errors }: PartFacts): FormPart {
  return {
    is: 'boxes',
    part: {
      name: 'channels',
      legend: t('programmes.form.channels.label'),
      hint: t('programmes.form.channels.hint'),
      values: ticked(form, 'channels', programme?.channels ?? OFFERED),
      error: errors['channels'],
      options: OFFERED.map((value) => ({ value, label: t(`shared.channel.${value}`) })),
    },
  }
}

function recipeTable(
  t: T,
  values: StepValues,
  errors: StepErrors,
  programme: Programme | undefined,
): StepPage['recipe'] {
  const minimum = programme?.minimumContacts ?? 4
  const points = (side: Side, part: Requirement) => Number(values[`${side}_${part}`] ?? 0) || 0
  return {
    rows: REQUIREMENTS.map((part) => {
      const name = t(`programmes.recipe.${part}`, { count: minimum })
      return { name, cells: SIDES.map((side) => recipeCell(t, { side, part, name }, values, errors)) }
    }),
    sums: SIDES.map((side) => {
      const sum = partsOf(side).reduce((all, part) => all + points(side, part), 0)
      return { label: t(`shared.role.${side}`), text: t('programmes.recipe.sum', { sum }), right: sum === 100 }
    }),
    examples: examplesOf(t, programme, points),
  }
}

function recipeCell(
  t: T,
  { side, part, name }: { side: Side; part: Requirement; name: string },
  values: StepValues,
  errors: StepErrors,
): RecipePart['cells'][number] {
  const label = t(`shared.role.${side}`)
  if (side === 'mentee' && part === 'training') return { label, side, field: undefined }
  const field = `${side}_${part}`
  return {
    label,
    side,
    field: { name: field, label: `${name}, ${label}`, value: values[field], error: errors[field], ...number(0, 100) },
  }
}

/** What the numbers mean, in sentences: what people ask when they see them. Worked out as everybody's number is. */
function examplesOf(t: T, programme: Programme | undefined, points: Points): string[] {
  const minimum = programme?.minimumContacts ?? 4
  const some = Math.min(2, minimum)
  const scoreOf = (role: Side, counted: number, reported: boolean) => {
    const match = { begun: true, agreed: true, counted, minimum, stages: [], endReason: null }
    const recipe = Object.fromEntries(partsOf(role).map((part) => [part, points(role, part)]))
    const trainingAsked = programme?.trainingRequired ?? true
    return progressOf({ role, recipe, trainingAsked, trained: true, reported, matches: [match] }).score
  }
  const examples = [
    t('programmes.recipe.mentee', { count: some, score: scoreOf('mentee', some, false) }),
    t('programmes.recipe.mentor', { count: minimum, score: scoreOf('mentor', minimum, true) }),
  ]
  return programme?.trainingRequired === false && points('mentor', 'training') > 0
    ? [...examples, t('programmes.recipe.sharedOut')]
    : examples
}
type Points = (side: Side, part: Requirement) => number
