import { addDays } from '../../clock.ts'
import { errorLines, type ErrorLine, type Field } from '../../web/components.ts'
import type { Dates } from '../../web/dates.ts'
import type { Form } from '../../web/forms.ts'
import type { T } from '../../web/i18n.ts'
import type { Viewer } from '../../web/viewer.ts'
import { view, type PageModel } from '../../web/views.ts'
import { programmeForm, type ProgrammeForm } from './forms.ts'
import type { ProgrammeRow } from './queries.ts'

export type SetupPage = PageModel & {
  lede: string
  /** Programmes that the link could lead to: those of the course, and years to begin anew. */
  choices: { title: string; text: string; action: SetupAction }[]
  action: { href: string; label: string } | undefined
  facts: { label: string; value: string; href?: string | undefined }[]
}
type SetupAction = { label: string; /** A form's field, or else a link. */ programme?: number; href?: string }
export const renderSetup = view<SetupPage>('programmes/setup')

type Words = { t: T; dates: Dates; viewer: Viewer }
type SetupChoices = { may: boolean; here: ProgrammeRow[]; earlier: ProgrammeRow[] }

/** Before anyone runs the programme: an invitation. Afterwards: who does, for all staff of the course. */
export function setupPage(words: Words, { may, here, earlier }: SetupChoices): SetupPage {
  const { t, viewer } = words
  const { programme } = viewer
  if (!programme) return unnamedPage(words, { may, here, earlier })
  return {
    title: programme.title,
    here: '/admin/setup',
    lede: t('programmes.setup.lede', { coordinator: programme.coordinatorName }),
    choices: [],
    action: may ? { href: FORM, label: t('programmes.setup.change') } : undefined,
    facts: factsOf(words, programme),
  }
}

const FORM = '/admin/setup/programme'

/** A link that leads nowhere yet: to a programme of this course, to a new year of one before, or to a new one. */
function unnamedPage({ t, dates }: Words, { may, here, earlier }: SetupChoices): SetupPage {
  const when = ({ starts_on, ends_on }: ProgrammeRow) =>
    t('programmes.facts.from', { from: dates.date(starts_on), to: dates.date(ends_on) })
  const copied = earlier.length > 0
  const words = copied ? 'copied' : here.length > 0 ? 'which' : 'nobody'
  return {
    title: t(`programmes.${words}.title`),
    here: '/admin/setup',
    lede: t(`programmes.${words}.lede`),
    choices: [
      ...earlier.map((one) => ({
        title: t('programmes.copied.of', { programme: one.title }),
        text: t('programmes.copied.text', { when: when(one) }),
        action: { label: t('programmes.copied.action'), href: `${FORM}?from=${one.id}` },
      })),
      ...here.map((one) => ({
        title: one.title,
        text: when(one),
        action: { label: t('programmes.which.action'), programme: one.id },
      })),
    ],
    action: may ? { href: FORM, label: t(`programmes.${words}.new`) } : undefined,
    facts: [],
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
  /** The programme that a new year is begun of. */
  from: number | undefined
  save: string
}
export const renderProgramme = view<ProgrammePage>('programmes/form')

/** The form of a programme, with working values until somebody types others. */
export function programmePage(words: Words, form: Form<ProgrammeForm>, earlier?: ProgrammeRow): ProgrammePage {
  const { t, viewer } = words
  const { programme } = viewer
  const { errors } = form
  return {
    title: t(programme ? 'programmes.form.change' : earlier ? 'programmes.form.newYear' : 'programmes.form.heading'),
    here: '/admin/setup',
    hasErrors: Object.keys(errors).length > 0,
    lede: t(earlier ? 'programmes.form.newYearLede' : 'programmes.form.lede'),
    from: earlier?.id,
    errors: errorLines(errors, programmeForm),
    keptAt: form.keptAt,
    fields: fieldsOf(t, { ...defaultsFor(words, earlier), ...form.values }, errors),
    save: programme ? t('programmes.form.saveChange') : t('programmes.form.save'),
  }
}

type Values = Form<ProgrammeForm>['values']

/** Working values, so that a first programme needs two answers: a title and a telephone number. */
function defaultsFor({ dates, viewer }: Words, earlier: ProgrammeRow | undefined): Values {
  const { programme } = viewer
  if (programme) return { ...programme, minimumContacts: String(programme.minimumContacts) }
  const fresh = { startsOn: dates.today, endsOn: addDays(dates.today, 120), minimumContacts: '4' }
  return {
    ...(earlier ? yearAfter(earlier) : fresh),
    coordinatorName: viewer.name ?? '',
    coordinatorEmail: viewer.email ?? '',
  }
}

function yearAfter({ title, starts_on, ends_on, minimum_contacts }: ProgrammeRow): Values {
  return {
    title,
    startsOn: addYear(starts_on),
    endsOn: addYear(ends_on),
    minimumContacts: String(minimum_contacts),
  }
}

/** The same day a year later; the 29th of February becomes the 28th. */
function addYear(day: string): string {
  const next = `${Number(day.slice(0, 4)) + 1}${day.slice(4)}`
  return next.endsWith('-02-29') ? next.replace(/29$/, '28') : next
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
