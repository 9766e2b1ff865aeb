import ical, { ICalCalendarMethod, ICalEventStatus } from 'ical-generator'
import { config } from '../../../../config/index.ts'
import { addDays, instantIn } from '../../../clock.ts'
import { errorLines, isWrong, type Boxes, type ErrorLine } from '../../../web/components.ts'
import { ticked, type Form } from '../../../web/forms.ts'
import type { T } from '../../../web/i18n.ts'
import { timeZoneOf } from '../../../web/viewer.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import type { OwnMatchRow } from '../../matches/index.ts'
import { callNameOf } from '../../people/index.ts'
import type { StageItem } from '../../stages/index.ts'
import { nextForm, type NextForm } from '../forms.ts'
import type { NextContactRow } from '../queries.ts'
import { agendaBoxes, nextQuestions, type NextQuestions } from './form.ts'

export type NextPage = PageModel &
  NextQuestions & {
    back: { href: string; label: string }
    lede: string
    action: string
    keptAt: Date | undefined
    errors: ErrorLine[]
    agenda: Boxes | undefined
    removal: string | undefined
  }
export const renderNext = view<NextPage>('contacts/next')

/** When and how the two are in touch next. */
export function nextPage(
  words: Words,
  match: OwnMatchRow,
  { next, items }: { next: NextContactRow | undefined; items: readonly StageItem[] },
  form: Form<NextForm>,
): NextPage {
  const { t } = words
  const partner = callNameOf(t, match)
  const action = `/matches/${match.id}/contacts/next`
  const isFresh = !isWrong(form.errors) && form.keptAt === undefined
  return {
    ...nextQuestions(words, isFresh ? { values: valuesOf(next), errors: {} } : form),
    title: t('contacts.next.title', { partner }),
    here: '/contacts',
    hasErrors: isWrong(form.errors),
    back: { href: `/matches/${match.id}/contacts`, label: t('contacts.list.title', { partner }) },
    lede: t('contacts.next.lede'),
    action,
    keptAt: form.keptAt,
    errors: errorLines(form.errors, nextForm),
    agenda: agendaFor(t, next, items, form),
    removal: next ? `${action}/removal` : undefined,
  }
}

function agendaFor(t: T, next: NextContactRow | undefined, items: readonly StageItem[], form: Form<NextForm>) {
  const words = { legend: t('contacts.next.agenda'), hint: t('contacts.next.agendaHint') }
  const values = ticked(form, 'agenda', next?.agenda ?? [])
  return agendaBoxes('agenda', items, words, { values, error: form.errors.agenda })
}

function valuesOf(next: NextContactRow | undefined): Form<NextForm>['values'] {
  if (!next) return {}
  return { nextOn: next.planned_on, nextAt: next.planned_at ?? '', nextChannel: next.channel ?? '' }
}

const HALF_HOUR_MS = 1_800_000

/**
 * The next contact as a file for calendars: of half an hour, or of a day when no time is set. Nothing of what the two
 * write is in it. Its id stays the same over all changes, and the sequence grows with them.
 */
export function nextCalendar({ t, viewer }: Words, match: OwnMatchRow, next: NextContactRow): string {
  const calendar = ical({ prodId: { company: 'Signpost', product: 'Signpost' }, method: ICalCalendarMethod.PUBLISH })
  const start = next.planned_at ? instantIn(timeZoneOf(viewer), next.planned_on, next.planned_at) : undefined
  const times = start
    ? { start, end: new Date(start.getTime() + HALF_HOUR_MS) }
    : { start: new Date(next.planned_on), end: new Date(addDays(next.planned_on, 1)), allDay: true }
  calendar.createEvent({
    id: `contact-${next.match_id}@${new URL(config.publicUrl).host}`,
    sequence: next.version,
    status: ICalEventStatus.CONFIRMED,
    ...times,
    summary: t('contacts.next.calendarTitle', { partner: callNameOf(t, match) }),
    description: t('contacts.next.calendarText'),
  })
  return calendar.toString()
}
