import { errorLines, type Choice, type ErrorLine, type Field } from '../../../web/components.ts'
import type { Form } from '../../../web/forms.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import {
  HOW,
  recordForm,
  textField,
  valueField,
  type Group,
  type Item,
  type RecordForm,
  type Round,
  type Sheet,
} from '../forms.ts'
import type { RecordRow } from '../queries.ts'
import { valueText } from './summary.ts'

export type Question = {
  /** Two lists to choose from, a scale, or a box to tick. */
  kind: 'lists' | 'scale' | 'tick'
  choice: Choice
  note: Field | undefined
  noteOpen: boolean
}
export type QuestionGroup = { id: string; title: string; hint: string; questions: Question[] }
export type SkillsFormPage = PageModel & {
  back: { href: string; label: string }
  lede: string
  privacy: string
  action: string
  version: number
  keptAt: Date | undefined
  errors: ErrorLine[]
  groups: QuestionGroup[]
  statement: (Field & { prompts: { label: string; text: string | undefined }[] }) | undefined
}
export const renderSkillsForm = view<SkillsFormPage>('skills/form')

export type TypedForm = Form<RecordForm>
type Of = { round: Round; sheet: Sheet; records: readonly RecordRow[] }

/** One round as a form: as it was typed, or else as it was saved. At the end each item says what was said at the start. */
export function skillsFormPage(words: Words, { round, sheet, records }: Of, form: TypedForm): SkillsFormPage {
  const { t, viewer } = words
  const role = viewer.participant?.role ?? 'mentee'
  const { errors, keptAt } = form
  const record = records.find((one) => one.round === round)
  const hasErrors = Object.keys(errors).length > 0
  const values = hasErrors || keptAt ? form.values : valuesOf(sheet, record)
  const earlier = round === 'end' ? records.find((one) => one.round === 'start') : undefined
  const group = groupFor(words, { round, earlier, values, errors })
  return {
    title: t(`skills.form.${round}.${role}`),
    here: '/skills',
    hasErrors,
    back: { href: '/skills', label: t(`skills.title.${role}`) },
    lede: t('skills.form.lede'),
    privacy: privacyOf(words, record),
    action: `/skills/${round}`,
    version: record?.version ?? 0,
    keptAt,
    errors: errorLines(errors, { shape: { stale: true, ...recordForm(sheet).shape } }),
    groups: sheet.groups.filter(({ items }) => items.length > 0).map(group),
    statement: statementFor(words, sheet, { values, errors }),
  }
}

function privacyOf({ t }: Words, record: RecordRow | undefined): string {
  return t(record && record.shared_with.length > 0 ? 'skills.form.isShared' : 'skills.privacy.own')
}

function valuesOf({ groups }: Sheet, record: RecordRow | undefined): TypedForm['values'] {
  const values: Record<string, string> = { statement: record?.statement ?? '' }
  for (const item of groups.flatMap(({ items }) => items)) {
    const { value, text } = record?.answers[item.key] ?? {}
    if (value !== undefined) values[valueField(item)] = value
    if (text !== undefined) values[textField(item)] = text
  }
  return values
}

type Filled = {
  round: Round
  earlier: RecordRow | undefined
  values: TypedForm['values']
  errors: TypedForm['errors']
}

const KINDS = { skills: 'lists', gains: 'tick' } as const

function groupFor(words: Words, filled: Filled) {
  const { t } = words
  return (group: Group): QuestionGroup => ({
    id: `group-${group.key}`,
    title: t(group.key === 'gains' ? `skills.form.${filled.round}.gains` : `skills.group.${group.key}`),
    hint: t(`skills.hint.${group.key}`),
    questions: group.items.map((item) => {
      const note = noteField(words, group, item, filled)
      return {
        kind: group.key === 'skills' || group.key === 'gains' ? KINDS[group.key] : 'scale',
        choice: choiceFor(words, group, item, filled),
        note,
        noteOpen: note !== undefined && (note.error !== undefined || (note.value ?? '') !== ''),
      }
    }),
  })
}

function choiceFor({ t }: Words, group: Group, item: Item, { values, errors, earlier }: Filled): Choice {
  const name = valueField(item)
  const before = valueText(t, earlier?.answers[item.key]?.value)
  const hints = [item.text, before && t('skills.before', { value: before })]
  return {
    name,
    legend: item.label,
    hint: hints.filter((hint) => hint !== undefined).join(' ') || undefined,
    value: values[name],
    error: errors[name],
    small: true,
    options: HOW[group.key].values.map((value) => ({
      value,
      label: value === 'have' || value === 'develop' || value === 'none' ? t(`skills.value.${value}`) : value,
    })),
  }
}

function noteField({ t }: Words, group: Group, item: Item, { values, errors }: Filled): Field | undefined {
  if (HOW[group.key].textMax === undefined) return undefined
  const name = textField(item)
  return {
    name,
    label: t(group.key === 'skills' ? 'skills.form.evidence' : 'skills.form.note', { item: item.label }),
    value: values[name],
    error: errors[name],
    rows: 3,
    optional: true,
  }
}

function statementFor(
  { t }: Words,
  { statement }: Sheet,
  { values, errors }: Pick<Filled, 'values' | 'errors'>,
): SkillsFormPage['statement'] {
  return (
    statement && {
      name: 'statement',
      label: t('skills.form.statement'),
      hint: t('skills.form.statementHint'),
      value: values['statement'],
      error: errors['statement'],
      rows: 6,
      optional: true,
      prompts: statement.prompts,
    }
  )
}
