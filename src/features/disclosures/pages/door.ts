import { randomUUID } from 'node:crypto'
import { errorLines, isWrong, type Choice, type ErrorLine, type Field } from '../../../web/components.ts'
import type { Form } from '../../../web/forms.ts'
import type { T } from '../../../web/i18n.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import type { ConcernRow } from '../../concerns/index.ts'
import { nameOf } from '../../people/index.ts'
import { HOURS, MOST_DAYS, openingFields } from '../forms.ts'

/** What is typed before the door opens. */
export type Typed = { reason: string; hours: string; telling: string; days: string; embargoReason: string }
export type DoorPage = PageModel & {
  back: { href: string; label: string }
  lede: string
  errors: ErrorLine[]
  action: string
  key: string
  reason: Field
  hours: Choice
  telling: Choice
  days: Field
  embargoReason: Field
}
export const renderDoor = view<DoorPage>('disclosures/door')

/** Why, for how long, and whether the two are told now. */
export function doorPage({ t }: Words, concern: ConcernRow, { values, errors }: Form<Typed>): DoorPage {
  const { id } = concern
  const field = (name: 'reason' | 'days' | 'embargoReason', more: Partial<Field> = {}): Field => ({
    ...{ name, label: t(`disclosures.door.${name}`), hint: t(`disclosures.door.${name}Hint`), value: values[name] },
    ...{ error: errors[name], ...more },
  })
  const days = { type: 'number', short: true, min: '1', max: String(MOST_DAYS) } as const
  return {
    title: t('disclosures.door.title'),
    here: '/admin/concerns',
    hasErrors: isWrong(errors),
    back: { href: `/admin/concerns/${id}`, label: t('concerns.show.title', { id }) },
    lede: t('disclosures.door.lede', namesOf(t, concern)),
    errors: errorLines(errors, openingFields),
    action: `/admin/concerns/${id}/pair`,
    key: randomUUID(),
    reason: field('reason', { rows: 3 }),
    hours: {
      ...{ name: 'hours', legend: t('disclosures.door.hours'), value: values.hours ?? '24', error: errors.hours },
      options: HOURS.map((value) => ({ value, label: t('disclosures.door.hoursOf', { hours: value }) })),
    },
    telling: {
      ...{
        name: 'telling',
        legend: t('disclosures.door.telling'),
        value: values.telling ?? 'now',
        error: errors.telling,
      },
      options: (['now', 'later'] as const).map((value) => ({
        value,
        label: t(`disclosures.door.${value}`),
        small: t(`disclosures.door.${value}Hint`),
      })),
    },
    days: field('days', days),
    embargoReason: field('embargoReason', { rows: 2 }),
  }
}

function namesOf(t: T, { mentee, mentor }: ConcernRow): { mentee: string; mentor: string } {
  return {
    mentee: mentee ? nameOf(t, { ...mentee, role: 'mentee' }) : '',
    mentor: mentor ? nameOf(t, { ...mentor, role: 'mentor' }) : '',
  }
}
