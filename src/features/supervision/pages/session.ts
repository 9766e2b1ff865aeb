import { randomUUID } from 'node:crypto'
import { errorLines, isWrong, type ErrorLine, type Field } from '../../../web/components.ts'
import type { Form } from '../../../web/forms.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { MINUTES, sessionForm, type SessionForm } from '../forms.ts'

export type OfferPage = PageModel & {
  back: { href: string; label: string }
  errors: ErrorLine[]
  keptAt: Date | undefined
  key: string
  fields: Field[]
}
export const renderOffer = view<OfferPage>('supervision/session')

/** A time that a supervisor offers. */
export function offerPage({ t }: Words, { values, errors, keptAt }: Form<SessionForm>): OfferPage {
  const field = (name: 'date' | 'time' | 'minutes' | 'place', more: Partial<Field>): Field => ({
    name,
    label: t(`supervision.offer.${name}`),
    value: values[name],
    error: errors[name],
    ...more,
  })
  return {
    title: t('supervision.offer.title'),
    here: '/admin/supervision',
    hasErrors: isWrong(errors),
    back: { href: '/admin/supervision', label: t('supervision.list.title') },
    errors: errorLines(errors, sessionForm),
    keptAt,
    key: randomUUID(),
    fields: [
      field('date', { type: 'date', short: true }),
      field('time', { type: 'time', short: true }),
      field('minutes', {
        type: 'number',
        short: true,
        min: String(MINUTES.min),
        max: String(MINUTES.max),
        value: values.minutes ?? String(MINUTES.usual),
      }),
      field('place', { hint: t('supervision.offer.placeHint') }),
    ],
  }
}
