import { coordinatorOf } from '../../../web/viewer.ts'
import { randomUUID } from 'node:crypto'
import { addDays } from '../../../clock.ts'
import { errorLines, type Choice, type ErrorLine, type Field } from '../../../web/components.ts'
import type { Form } from '../../../web/forms.ts'
import type { T } from '../../../web/i18n.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import type { OwnMatchRow } from '../../matches/index.ts'
import { callNameOf } from '../../people/index.ts'
import { contactForm, MINUTES, type ContactForm } from '../forms.ts'
import type { ContactRow } from '../queries.ts'
import { ICONS } from './list.ts'

/** The order of the buttons: what pairs use most comes first. */
const OFFERED = ['face_to_face', 'telephone', 'text', 'email', 'shadowing', 'moodle', 'other'] as const

export type NewContactPage = PageModel & {
  back: { href: string; label: string }
  lede: string
  action: string
  keptAt: Date | undefined
  errors: ErrorLine[]
  outcome: Choice
  when: Choice
  date: Field
  channel: Choice
  minutes: Choice
  otherMinutes: Field
  line: Field
  moreOpen: boolean
  key: string
  privacy: string
}
export const renderNewContact = view<NewContactPage>('contacts/new')

/** Three taps on a good day: today, yes, and the way used last are chosen already. */
export function newContactPage(
  words: Words,
  match: OwnMatchRow,
  form: Form<ContactForm>,
  last?: ContactRow,
): NewContactPage {
  const { t, viewer } = words
  const partner = callNameOf(t, match)
  const coordinator = coordinatorOf(viewer)
  const { errors, values } = form
  return {
    title: t('contacts.new.title', { partner }),
    hasErrors: Object.keys(errors).length > 0,
    back: { href: `/matches/${match.id}/contacts`, label: t('contacts.new.back') },
    lede: t('contacts.new.lede', { partner }),
    action: `/matches/${match.id}/contacts`,
    keptAt: form.keptAt,
    errors: errorLines(errors, contactForm),
    ...questions(words, partner, form, last),
    moreOpen: errors.line !== undefined || (values.line ?? '') !== '',
    key: randomUUID(),
    privacy: t('contacts.new.privacy', { coordinator }),
  }
}

type Questions = Pick<NewContactPage, 'outcome' | 'when' | 'date' | 'channel' | 'minutes' | 'otherMinutes' | 'line'>

function questions(words: Words, partner: string, form: Form<ContactForm>, last?: ContactRow): Questions {
  const { t, viewer } = words
  const { values, errors } = form
  return {
    ...whenQuestions(words, form),
    outcome: {
      name: 'outcome',
      legend: t('contacts.new.outcome'),
      value: values.outcome ?? 'made',
      error: errors.outcome,
      options: [
        { value: 'made', label: t('contacts.new.yes'), icon: 'check-lg' },
        {
          value: 'attempted',
          label: t('contacts.new.tried'),
          small: t('contacts.new.triedHint'),
          icon: 'arrow-repeat',
        },
      ],
    },
    channel: channelQuestion(words, form, last),
    ...minutesQuestions(t, form),
    line: {
      name: 'line',
      label: t('contacts.new.line'),
      hint: t('contacts.new.lineHint', { partner, coordinator: coordinatorOf(viewer) }),
      value: values.line,
      error: errors.line,
      optional: true,
    },
  }
}

/** The ways that the programme counts, what pairs use most first. */
function channelQuestion({ t, viewer }: Words, { values, errors }: Form<ContactForm>, last?: ContactRow): Choice {
  const offered = OFFERED.filter((one) => viewer.programme?.channels.includes(one))
  return {
    name: 'channel',
    legend: t('contacts.new.channel'),
    value: values.channel ?? last?.channel ?? undefined,
    error: errors.channel,
    options: offered.map((value) => ({
      value,
      icon: ICONS[value],
      label: t(`shared.channel.${value}`),
      small: value === 'shadowing' ? t('contacts.new.shadowingHint') : undefined,
    })),
  }
}

function whenQuestions({ t, dates }: Words, { values, errors }: Form<ContactForm>): Pick<Questions, 'when' | 'date'> {
  const { today } = dates
  return {
    when: {
      name: 'when',
      legend: t('contacts.new.when'),
      value: values.when ?? 'today',
      error: errors.when,
      options: [
        { value: 'today', label: t('shared.today'), small: dates.shortDay(today) },
        { value: 'yesterday', label: t('shared.yesterday'), small: dates.shortDay(addDays(today, -1)) },
        { value: 'other', label: t('contacts.new.otherDay') },
      ],
    },
    date: {
      name: 'date',
      type: 'date',
      label: t('contacts.new.date'),
      value: values.date,
      error: errors.date,
      short: true,
      ifOther: true,
      max: today,
    },
  }
}

function minutesQuestions(t: T, { values, errors }: Form<ContactForm>): Pick<Questions, 'minutes' | 'otherMinutes'> {
  return {
    minutes: {
      name: 'minutes',
      legend: t('contacts.new.minutes'),
      value: values.minutes,
      error: errors.minutes,
      small: true,
      options: [
        ...MINUTES.map((value) => ({ value, label: t(`contacts.new.for.${value}`) })),
        { value: 'other', label: t('contacts.new.for.other') },
      ],
    },
    otherMinutes: {
      name: 'otherMinutes',
      type: 'number',
      label: t('contacts.new.otherMinutes'),
      value: values.otherMinutes,
      error: errors.otherMinutes,
      short: true,
      ifOther: true,
      min: '1',
      max: '720',
    },
  }
}
