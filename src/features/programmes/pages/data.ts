import { errorLines, isWrong, type ErrorLine, type FormPart } from '../../../web/components.ts'
import type { Form } from '../../../web/forms.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import type { Programme } from '../../../models/index.ts'
import { copyForm, type CopyForm } from '../forms.ts'
import { addYear } from '../service.ts'

export type DataPage = PageModel & {
  lede: string
  errors: ErrorLine[]
  keptAt: Date | undefined
  parts: FormPart[]
  others: { title: string; text: string }[]
}
export const renderData = view<DataPage>('programmes/data')

/** What can be done with a programme's data: for now, a new year of it (spec 5.5). */
export function dataPage(
  { t, dates }: Words,
  programme: Programme,
  others: readonly { title: string; starts_on: string; ends_on: string }[],
  form: Form<CopyForm>,
): DataPage {
  const { values, errors } = form
  const field = (name: keyof CopyForm, holds: string, type?: 'date'): FormPart => ({
    is: 'field',
    part: {
      name,
      label: t(`programmes.form.${name}.label`),
      value: values[name] ?? holds,
      error: errors[name],
      ...(type && { type, short: true }),
    },
  })
  return {
    title: t('programmes.data.title'),
    here: '/admin/setup',
    hasErrors: isWrong(errors),
    lede: t('programmes.data.lede'),
    errors: errorLines(errors, copyForm),
    keptAt: form.keptAt,
    parts: [
      field('title', programme.title),
      field('startsOn', addYear(programme.startsOn), 'date'),
      field('endsOn', addYear(programme.endsOn), 'date'),
    ],
    others: others.map(({ title, starts_on, ends_on }) => ({
      title,
      text: t('programmes.facts.from', { from: dates.date(starts_on), to: dates.date(ends_on) }),
    })),
  }
}
