import { timeZoneOf } from '../../../web/viewer.ts'
import { randomUUID } from 'node:crypto'
import { dayIn, timeIn } from '../../../clock.ts'
import { errorLines, type ErrorLine, type Field } from '../../../web/components.ts'
import type { Form } from '../../../web/forms.ts'
import type { T } from '../../../web/i18n.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { TRAINING_MINUTES } from '../../programmes/index.ts'
import { sessionForm, type SessionForm } from '../forms.ts'
import type { SessionRow } from '../queries.ts'
import { usualMinutes } from '../service.ts'

export type SessionFormPage = PageModel & {
  back: { href: string; label: string }
  lede: string
  action: string
  keptAt: Date | undefined
  errors: ErrorLine[]
  fields: Field[]
  /** For a session that is not there yet. */
  key: string | undefined
  save: string
}
export const renderSessionForm = view<SessionFormPage>('training/form')

/** The form of a new session, or of one that is there. */
export function sessionFormPage(words: Words, form: Form<SessionForm>, session?: SessionRow): SessionFormPage {
  const { t, dates } = words
  const errors = form.errors
  const href = session ? `/admin/training/sessions/${session.id}` : '/admin/training'
  return {
    title: t(session ? 'training.form.change' : 'training.form.new'),
    here: '/admin/training',
    hasErrors: Object.keys(errors).length > 0,
    back: { href, label: session ? dates.stamp(session.starts_at) : t('training.title') },
    lede: t(session ? 'training.form.changeLede' : 'training.form.lede'),
    action: session ? `${href}/details` : href,
    keptAt: form.keptAt,
    errors: errorLines(errors, sessionForm),
    fields: fieldsOf(t, { ...valuesOf(words, session), ...form.values }, errors),
    key: session ? undefined : randomUUID(),
    save: t(session ? 'training.form.saveChange' : 'training.form.save'),
  }
}

type Values = Form<SessionForm>['values']

function valuesOf({ viewer }: Words, session: SessionRow | undefined): Values {
  if (!session) return { minutes: String(usualMinutes(viewer)) }
  const timeZone = timeZoneOf(viewer)
  return {
    date: dayIn(timeZone, session.starts_at),
    time: timeIn(timeZone, session.starts_at),
    minutes: String(session.minutes),
    place: session.place ?? '',
    link: session.link ?? '',
    deliveredBy: session.delivered_by,
    seats: session.seats === null ? '' : String(session.seats),
  }
}

function fieldsOf(t: T, values: Values, errors: Form<SessionForm>['errors']): Field[] {
  const field = (name: keyof SessionForm, more: Partial<Field> = {}): Field => ({
    name,
    label: t(`training.form.${name}`),
    value: values[name],
    error: errors[name],
    ...more,
  })
  return [
    field('date', { type: 'date', short: true }),
    field('time', { type: 'time', short: true, hint: t('training.form.timeHint') }),
    field('minutes', {
      type: 'number',
      short: true,
      min: String(TRAINING_MINUTES.min),
      max: String(TRAINING_MINUTES.max),
    }),
    field('place', { hint: t('training.form.placeHint') }),
    field('link', { type: 'url', hint: t('training.form.linkHint') }),
    field('deliveredBy', { hint: t('training.form.deliveredByHint') }),
    field('seats', {
      type: 'number',
      short: true,
      min: '1',
      max: '500',
      optional: true,
      hint: t('training.form.seatsHint'),
    }),
  ]
}

export type CancellationPage = PageModel & { back: { href: string; label: string }; lede: string; action: string }
export const renderCancellation = view<CancellationPage>('training/cancellation')

/** Asks once more before a session is called off: people may have signed up. */
export function cancellationPage({ t, dates }: Words, session: SessionRow): CancellationPage {
  const href = `/admin/training/sessions/${session.id}`
  return {
    title: t('training.cancellation.title'),
    here: '/admin/training',
    back: { href, label: dates.stamp(session.starts_at) },
    lede: t('training.cancellation.lede', { when: dates.moment(session.starts_at), count: session.taken }),
    action: `${href}/cancellation`,
  }
}
