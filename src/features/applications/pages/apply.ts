import { isWrong, type ErrorLine, type Field, type FormPart } from '../../../web/components.ts'
import { ticked, type Form } from '../../../web/forms.ts'
import type { TextKey } from '../../../web/i18n.ts'
import { coordinatorOf, type Role } from '../../../web/viewer.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { HE_PLACES, RETURN_FROM, type ApplicationForm } from '../forms.ts'
import type { ApplicationRow } from '../queries.ts'

export type ApplyPage = PageModel & {
  lede: string
  errors: ErrorLine[]
  keptAt: Date | undefined
  role: Role
  privacy: string
  parts: FormPart[]
  save: string
}
export const renderApply = view<ApplyPage>('applications/apply')

export type ApplyFacts = {
  role: Role
  criteria: readonly { key: string; title: string; text: string }[]
  application: ApplicationRow | undefined
  /** Whether the answers to the criteria can still be changed. */
  withAnswers: boolean
}

/** The form of an application, or of what can be changed of it later (spec 5.1). */
export function applyPage(words: Words, facts: ApplyFacts, form: Form<ApplicationForm>): ApplyPage {
  const { t, viewer } = words
  const { role, application, withAnswers } = facts
  const values = { ...(application ? valuesOf(application) : {}), ...form.values }
  const parts = partsFor({ words, facts, values, form })
  const coordinator = coordinatorOf(viewer)
  return {
    title: t(application ? 'applications.apply.change' : `applications.apply.title.${role}`),
    here: '/apply',
    hasErrors: isWrong(form.errors),
    lede: t(withAnswers ? `applications.apply.lede.${role}` : 'applications.apply.ledeProfile', { coordinator }),
    errors: parts.flatMap(({ part }) =>
      'name' in part && 'error' in part && part.error ? [{ href: `#${part.name}`, error: part.error }] : [],
    ),
    keptAt: form.keptAt,
    role,
    privacy: t('applications.apply.privacy', { coordinator }),
    parts,
    save: t(application ? 'applications.apply.saveChange' : 'applications.apply.save'),
  }
}

type Values = Partial<Record<string, string>>

function valuesOf(row: ApplicationRow): Values {
  const answer = (criterion: string) => row.answers.find((one) => one.criterion === criterion)
  const plain = {
    course: row.course,
    studyYear: row.study_year,
    wants: row.wants,
    offers: row.offers,
    couldTeach: row.could_teach,
    freeTimes: row.free_times,
    capacity: String(row.capacity),
    returnFrom: answer('criterion-return')?.choice ?? null,
    hePlace: answer('criterion-intention')?.choice ?? null,
    heTerm: answer('criterion-intention')?.detail ?? null,
  }
  return {
    ...Object.fromEntries(Object.entries(plain).flatMap(([name, value]) => (value === null ? [] : [[name, value]]))),
    ...Object.fromEntries(row.answers.map((one) => [one.criterion, one.answer ? 'yes' : 'no'])),
  }
}

type Making = { words: Words; facts: ApplyFacts; values: Values; form: Form<ApplicationForm> }

function partsFor(making: Making): FormPart[] {
  const { words, facts } = making
  const profile = [field(making, 'course'), ...(facts.role === 'mentor' ? mentorParts(making) : menteeParts(making))]
  return [
    ...(facts.withAnswers ? facts.criteria.flatMap((criterion) => criterionParts(making, criterion)) : []),
    {
      is: 'heading',
      part: {
        text: words.t('applications.apply.profile'),
        hint: words.t(`applications.apply.profileHint.${facts.role}`),
      },
    },
    ...profile,
    field(making, 'freeTimes', { optional: true }),
    channelBoxes(making),
  ]
}

const menteeParts = (making: Making): FormPart[] => [
  field(making, 'wants', { rows: 4 }),
  field(making, 'couldTeach', { optional: true }),
]
const mentorParts = (making: Making): FormPart[] => [
  field(making, 'studyYear', { short: true }),
  field(making, 'offers', { rows: 4 }),
  field(making, 'capacity', { type: 'number', short: true, min: '1', max: '5' }),
]

type FieldName = 'course' | 'studyYear' | 'wants' | 'offers' | 'couldTeach' | 'freeTimes' | 'capacity' | 'heTerm'
function field({ words: { t }, values, form }: Making, name: FieldName, more: Partial<Field> = {}): FormPart {
  return {
    is: 'field',
    part: {
      name,
      label: t(`applications.form.${name}.label`),
      hint: t(`applications.form.${name}.hint`) || undefined,
      value: values[name] ?? (name === 'capacity' ? '1' : undefined),
      error: form.errors[name],
      ...more,
    },
  }
}

/** A question of the programme with its yes or no, and what belongs to a yes. */
function criterionParts(making: Making, criterion: ApplyFacts['criteria'][number]): FormPart[] {
  const { words, values, form } = making
  const { t } = words
  const errors: Partial<Record<string, TextKey>> = form.errors
  const question: FormPart = {
    is: 'choice',
    part: {
      name: criterion.key,
      legend: criterion.title,
      hint: criterion.text,
      value: values[criterion.key],
      error: errors[criterion.key],
      options: (['yes', 'no'] as const).map((value) => ({ value, label: t(`applications.${value}`) })),
    },
  }
  if (criterion.key === 'criterion-return') return [question, choice(making, 'returnFrom', RETURN_FROM)]
  if (criterion.key === 'criterion-intention')
    return [question, choice(making, 'hePlace', HE_PLACES), field(making, 'heTerm', { optional: true, short: true })]
  return [question]
}

function choice(
  { words: { t }, values, form }: Making,
  name: 'returnFrom' | 'hePlace',
  options: readonly string[],
): FormPart {
  return {
    is: 'tiles',
    part: {
      name,
      legend: t(`applications.form.${name}.label`),
      value: values[name],
      error: form.errors[name],
      options: options.map((value) => ({
        value,
        label: t(`applications.${name}.${value}` as 'applications.hePlace.here'),
      })),
    },
  }
}

function channelBoxes({ words: { t, viewer }, facts, form }: Making): FormPart {
  return {
    is: 'boxes',
    part: {
      name: 'channels',
      legend: t('applications.form.channels.label'),
      values: ticked(form, 'channels', facts.application?.channels ?? []),
      error: form.errors.channels,
      options: (viewer.programme?.channels ?? []).map((value) => ({
        value,
        label: t(`shared.channel.${value as 'text'}`),
      })),
    },
  }
}
