import { errorLines, isWrong, type Choice, type ErrorLine, type FormPart } from '../../../web/components.ts'
import { dayIn } from '../../../clock.ts'
import type { Form } from '../../../web/forms.ts'
import type { T } from '../../../web/i18n.ts'
import { timeZoneOf } from '../../../web/viewer.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { DUTIES, dutyForm, type DutyForm } from '../forms.ts'
import type { DutyRow, StaffRow } from '../queries.ts'
import { mayEndDuty } from '../service.ts'

export type HolderItem = { id: number; name: string; since: string; mayEnd: boolean; own: boolean }
export type DutiesPage = PageModel & {
  lede: string
  duties: { title: string; text: string; holders: HolderItem[]; none: string }[]
  errors: ErrorLine[]
  keptAt: Date | undefined
  /** Nothing to fill in while nobody else of the staff has been here. */
  parts: FormPart[]
}
export const renderDuties = view<DutiesPage>('people/duties')

/** Who may do what, and a form to give, hand over or lend a duty (spec 4.1, 4.2). */
export function dutiesPage(
  words: Words,
  { duties, staff }: { duties: DutyRow[]; staff: StaffRow[] },
  form: Form<DutyForm>,
): DutiesPage {
  const { t } = words
  return {
    title: t('people.duties.title'),
    here: '/admin/people',
    hasErrors: isWrong(form.errors),
    lede: t('people.duties.lede'),
    duties: DUTIES.map((duty) => ({
      title: t(`people.duty.${duty}.title`),
      text: t(`people.duty.${duty}.text`),
      holders: duties.filter((one) => one.duty === duty).map((one) => holderItem(words, one, duties)),
      none: t('people.duties.none'),
    })),
    errors: errorLines(form.errors, dutyForm),
    keptAt: form.keptAt,
    parts: staff.length > 0 ? partsFor(words, staff, form) : [],
  }
}

function holderItem({ t, dates, viewer }: Words, duty: DutyRow, all: DutyRow[]): HolderItem {
  const since = dates.date(dayIn(timeZoneOf(viewer), duty.granted_at))
  return {
    id: duty.id,
    name: duty.name ?? t('people.duties.unnamed'),
    since: duty.until
      ? t('people.duties.until', { day: dates.date(duty.until) })
      : t('people.duties.since', { day: since }),
    mayEnd: mayEndDuty(duty, all),
    own: duty.person_id === viewer.personId,
  }
}

function partsFor(words: Words, staff: StaffRow[], form: Form<DutyForm>): FormPart[] {
  const { t, dates } = words
  const { values, errors } = form
  return [
    { is: 'choice', part: dutyChoice(t, form) },
    { is: 'choice', part: personChoice(words, staff, form) },
    {
      is: 'choice',
      part: {
        name: 'how',
        legend: t('people.duties.how'),
        value: values.how ?? 'beside',
        error: errors.how,
        options: (['beside', 'instead', 'deputy'] as const).map((value) => ({
          value,
          label: t(`people.duties.${value}`),
          small: t(`people.duties.${value}Hint`),
        })),
      },
    },
    {
      is: 'field',
      part: {
        ...{ name: 'until', label: t('people.duties.untilLabel'), hint: t('people.duties.untilHint') },
        ...{ type: 'date', short: true, optional: true, min: dates.today },
        value: values.until,
        error: errors.until,
      },
    },
  ]
}

function dutyChoice(t: T, { values, errors }: Form<DutyForm>): Choice {
  return {
    name: 'duty',
    legend: t('people.duties.duty'),
    value: values.duty,
    error: errors.duty,
    options: DUTIES.map((value) => ({ value, label: t(`people.duty.${value}.title`) })),
  }
}

function personChoice({ t, viewer }: Words, staff: StaffRow[], { values, errors }: Form<DutyForm>): Choice {
  const beside = ({ person_id, email }: StaffRow) => (person_id === viewer.personId ? t('people.duties.you') : email)
  return {
    name: 'person',
    legend: t('people.duties.person'),
    hint: t('people.duties.personHint'),
    value: values.person,
    error: errors.person,
    options: staff.map((one) => ({
      value: String(one.person_id),
      label: one.name ?? t('people.duties.unnamed'),
      small: beside(one) || undefined,
    })),
  }
}
