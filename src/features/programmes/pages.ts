import { addDays } from '../../clock.ts'
import { errorLines, type ErrorLine, type Field } from '../../web/components.ts'
import type { Dates } from '../../web/dates.ts'
import type { Form } from '../../web/forms.ts'
import type { T } from '../../web/i18n.ts'
import type { Viewer } from '../../web/viewer.ts'
import { view, type PageModel } from '../../web/views.ts'
import { programmeForm, type ProgrammeForm } from './forms.ts'

export type SetupPage = PageModel & {
  lede: string
  action: { href: string; label: string } | undefined
  facts: { label: string; value: string; href?: string | undefined }[]
}
export const renderSetup = view<SetupPage>('programmes/setup')

type Words = { t: T; dates: Dates; viewer: Viewer }

/** Before anyone runs the programme: an invitation. Afterwards: who does, for all staff of the course. */
export function setupPage(words: Words, may: boolean): SetupPage {
  const { t, viewer } = words
  const { programme } = viewer
  if (!programme)
    return {
      title: t('programmes.nobody.title'),
      here: '/admin/setup',
      lede: t('programmes.nobody.lede'),
      action: may ? { href: '/admin/setup/programme', label: t('programmes.nobody.action') } : undefined,
      facts: [],
    }
  return {
    title: programme.title,
    here: '/admin/setup',
    lede: t('programmes.setup.lede', { coordinator: programme.coordinatorName }),
    action: may ? { href: '/admin/setup/programme', label: t('programmes.setup.change') } : undefined,
    facts: factsOf(words, programme),
  }
}

function factsOf({ t, dates }: Words, programme: NonNullable<Viewer['programme']>): SetupPage['facts'] {
  return [
    { label: t('programmes.facts.coordinator'), value: programme.coordinatorName },
    {
      label: t('programmes.facts.phone'),
      value: programme.coordinatorPhone,
      href: `tel:${programme.coordinatorPhone.replace(/[^+\d]/g, '')}`,
    },
    {
      label: t('programmes.facts.email'),
      value: programme.coordinatorEmail,
      href: `mailto:${programme.coordinatorEmail}`,
    },
    {
      label: t('programmes.facts.dates'),
      value: t('programmes.facts.from', { from: dates.date(programme.startsOn), to: dates.date(programme.endsOn) }),
    },
    {
      label: t('programmes.facts.minimum'),
      value: t('programmes.facts.contacts', { count: programme.minimumContacts }),
    },
  ]
}

export type ProgrammePage = PageModel & {
  lede: string
  errors: ErrorLine[]
  keptAt: Date | undefined
  fields: Field[]
  save: string
}
export const renderProgramme = view<ProgrammePage>('programmes/form')

/** The form of a programme, with working values until somebody types others. */
export function programmePage(words: Words, form: Form<ProgrammeForm>): ProgrammePage {
  const { t, viewer } = words
  const { programme } = viewer
  const { errors } = form
  return {
    title: programme ? t('programmes.form.change') : t('programmes.form.heading'),
    here: '/admin/setup',
    hasErrors: Object.keys(errors).length > 0,
    lede: t('programmes.form.lede'),
    errors: errorLines(errors, programmeForm),
    keptAt: form.keptAt,
    fields: fieldsOf(t, { ...defaultsFor(words), ...form.values }, errors),
    save: programme ? t('programmes.form.saveChange') : t('programmes.form.save'),
  }
}

type Values = Form<ProgrammeForm>['values']

/** Working values, so that a first programme needs two answers: a title and a telephone number. */
function defaultsFor({ dates, viewer }: Words): Values {
  const { programme } = viewer
  if (programme) return { ...programme, minimumContacts: String(programme.minimumContacts) }
  return {
    startsOn: dates.today,
    endsOn: addDays(dates.today, 120),
    coordinatorName: viewer.name ?? '',
    coordinatorEmail: viewer.email ?? '',
    minimumContacts: '4',
  }
}

function fieldsOf(t: T, values: Values, errors: Form<ProgrammeForm>['errors']): Field[] {
  const field = (name: keyof ProgrammeForm, more: Partial<Field> = {}): Field => ({
    name,
    label: t(`programmes.form.${name}`),
    value: values[name],
    error: errors[name],
    ...more,
  })
  return [
    field('title', { hint: t('programmes.form.titleHint') }),
    field('startsOn', { type: 'date', short: true }),
    field('endsOn', { type: 'date', short: true }),
    field('coordinatorName', { hint: t('programmes.form.coordinatorHint'), autocomplete: 'name' }),
    field('coordinatorPhone', { type: 'tel', autocomplete: 'tel' }),
    field('coordinatorEmail', { type: 'email', autocomplete: 'email' }),
    field('minimumContacts', {
      type: 'number',
      short: true,
      min: '1',
      max: '20',
      hint: t('programmes.form.minimumHint'),
    }),
  ]
}
