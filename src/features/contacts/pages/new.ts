import { randomUUID } from 'node:crypto'
import type { Channel } from '../../../models/index.ts'
import { errorLines, isWrong, type Boxes, type ErrorLine, type Notice } from '../../../web/components.ts'
import { ticked, type Form } from '../../../web/forms.ts'
import type { T } from '../../../web/i18n.ts'
import { coordinatorOf } from '../../../web/viewer.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import type { OwnMatchRow } from '../../matches/index.ts'
import { callNameOf } from '../../people/index.ts'
import type { StageItem } from '../../stages/index.ts'
import { contactForm, correctionForm, MINUTES, type ContactForm, type CorrectionForm } from '../forms.ts'
import type { ContactRow } from '../queries.ts'
import {
  agendaBoxes,
  contactQuestions,
  nextQuestions,
  taskQuestions,
  type NextQuestions,
  type Questions,
  type TaskQuestions,
} from './form.ts'
import { contactTitle } from './list.ts'

export type NewContactPage = PageModel &
  Questions & {
    back: { href: string; label: string }
    lede: string
    action: string
    keptAt: Date | undefined
    errors: ErrorLine[]
    /** There is one of that day and way already: is it this one? */
    same: { notice: Notice; id: number } | undefined
    /** What only a new one asks: what they talked about, when the next will be, and a task for it. */
    talked: Boxes | undefined
    next: NextQuestions | undefined
    task: TaskQuestions | undefined
    more: string
    moreOpen: boolean
    key: string
    save: string
    privacy: string
  }
export const renderNewContact = view<NewContactPage>('contacts/new')

/** Three taps on a good day: today, yes, and the way used last are chosen already. */
export function newContactPage(
  words: Words,
  match: OwnMatchRow,
  form: Form<ContactForm>,
  known: { last: Channel | null; items: readonly StageItem[]; same?: ContactRow | undefined },
): NewContactPage {
  const { t, viewer } = words
  const partner = callNameOf(t, match)
  const { errors } = form
  return {
    ...contactQuestions(words, partner, form, known.last ?? undefined),
    title: t('contacts.new.title', { partner }),
    here: '/contacts',
    hasErrors: isWrong(errors),
    back: { href: `/matches/${match.id}/contacts`, label: t('contacts.new.back') },
    lede: t('contacts.new.lede', { partner }),
    action: `/matches/${match.id}/contacts`,
    keptAt: form.keptAt,
    errors: errorLines(errors, contactForm),
    same: known.same && sameQuestion(words, partner, known.same),
    talked: talkedBoxes(t, known.items, form),
    next: nextQuestions(words, form),
    task: taskQuestions(words, partner, form),
    more: t('contacts.new.more'),
    moreOpen: isMoreOpen(form),
    key: randomUUID(),
    save: t('contacts.new.save'),
    privacy: t('contacts.new.privacy', { coordinator: coordinatorOf(viewer) }),
  }
}

function talkedBoxes(t: T, items: readonly StageItem[], form: Form<ContactForm>): Boxes | undefined {
  const words = { legend: t('contacts.new.talked'), hint: t('contacts.new.talkedHint') }
  return agendaBoxes('talked', items, words, { values: ticked(form, 'talked', []), error: form.errors.talked })
}

function isMoreOpen({ values, errors }: Form<ContactForm>): boolean {
  const more = ['line', 'talked', 'nextOn', 'nextAt', 'nextChannel', 'nextTask', 'nextTaskDue'] as const
  return more.some((name) => errors[name] !== undefined || (values[name] ?? '') !== '')
}

function sameQuestion(words: Words, partner: string, same: ContactRow): NonNullable<NewContactPage['same']> {
  const { t, viewer } = words
  const who = same.on_behalf ? 'sameTitleTold' : 'sameTitle'
  const title = t(`contacts.new.${who}`, { partner, coordinator: coordinatorOf(viewer) })
  return { id: same.id, notice: { kind: 'wait', icon: 'question-circle', title, text: contactTitle(words, same) } }
}

/** The same questions for a contact that its writer puts right. */
export function correctionPage(
  words: Words,
  match: OwnMatchRow,
  contact: ContactRow,
  form: Form<CorrectionForm>,
): NewContactPage {
  const { t, viewer, dates } = words
  const partner = callNameOf(t, match)
  const { errors, keptAt } = form
  const values = isWrong(errors) || keptAt ? form.values : valuesOf(contact, dates.today)
  return {
    ...contactQuestions(words, partner, { values, errors }),
    title: t('contacts.edit.title'),
    here: '/contacts',
    hasErrors: isWrong(errors),
    back: { href: `/matches/${match.id}/contacts`, label: t('contacts.edit.back') },
    lede: t('contacts.edit.lede', { partner }),
    action: `/contacts/${contact.id}/edit`,
    keptAt,
    errors: errorLines(errors, correctionForm),
    same: undefined,
    talked: undefined,
    next: undefined,
    task: undefined,
    more: t('contacts.new.line'),
    moreOpen: true,
    key: randomUUID(),
    save: t('contacts.edit.save'),
    privacy: t('contacts.new.privacy', { coordinator: coordinatorOf(viewer) }),
  }
}

/** What a contact says, as the form holds it. */
function valuesOf(contact: ContactRow, today: string): Form<CorrectionForm>['values'] {
  const { outcome, happened_on: day, host_informed: host } = contact
  return {
    outcome,
    ...(day === today ? { when: 'today' } : { when: 'other', date: day }),
    ...minutesValues(contact),
    ...texts({ channel: contact.channel, line: contact.line, place: contact.place, courseArea: contact.course_area }),
    ...(host === null ? {} : { hostInformed: host ? 'yes' : 'no' }),
  }
}

function minutesValues({ minutes }: ContactRow): { minutes?: string; otherMinutes?: string } {
  if (minutes === null) return {}
  const typed = String(minutes)
  return MINUTES.some((one) => one === typed) ? { minutes: typed } : { minutes: 'other', otherMinutes: typed }
}

const texts = (values: Record<string, string | null>) =>
  Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== null))
