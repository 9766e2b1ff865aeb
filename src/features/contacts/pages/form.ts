import { addDays } from '../../../clock.ts'
import type { Channel } from '../../../models/index.ts'
import type { Boxes, Choice, Field } from '../../../web/components.ts'
import type { Form } from '../../../web/forms.ts'
import type { T, TextKey } from '../../../web/i18n.ts'
import { coordinatorOf } from '../../../web/viewer.ts'
import type { Words } from '../../../web/views.ts'
import type { StageItem } from '../../stages/index.ts'
import { MINUTES, type ContactForm, type CorrectionForm, type NextForm } from '../forms.ts'
import { ICONS } from './list.ts'

/** The order of the buttons: what pairs use most comes first. */
const OFFERED = ['face_to_face', 'telephone', 'text', 'email', 'forum', 'shadowing', 'moodle', 'other'] as const

export type Questions = {
  outcome: Choice
  when: Choice
  date: Field
  channel: Choice
  visit: Visit
  minutes: Choice
  otherMinutes: Field
  line: Field
}
/** Of a visit to a class alone. */
export type Visit = { place: Field; courseArea: Field; hostInformed: Choice }

/** What is asked about a contact; the way used `last` is chosen already. */
export function contactQuestions(words: Words, partner: string, form: Form<CorrectionForm>, last?: Channel): Questions {
  const { t, viewer } = words
  const { values, errors } = form
  return {
    ...whenQuestions(words, form),
    visit: visitQuestions(t, form),
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
export function channelQuestion(
  words: Words,
  { values, errors }: Form<Pick<CorrectionForm, 'channel'>>,
  last?: Channel,
): Choice {
  const { t } = words
  return {
    name: 'channel',
    legend: t('contacts.new.channel'),
    value: values.channel ?? last,
    error: errors.channel,
    options: offeredChannels(words).map((value) => ({
      value,
      icon: ICONS[value],
      label: t(`shared.channel.${value}`),
      small: value === 'shadowing' ? t('contacts.new.shadowingHint') : undefined,
    })),
  }
}

function offeredChannels({ viewer }: Words): Channel[] {
  return OFFERED.filter((one) => viewer.programme?.channels.includes(one))
}

function visitQuestions(t: T, { values, errors }: Form<CorrectionForm>): Visit {
  return {
    place: {
      name: 'place',
      label: t('contacts.new.place'),
      hint: t('contacts.new.placeHint'),
      value: values.place,
      error: errors.place,
    },
    courseArea: {
      name: 'courseArea',
      label: t('contacts.new.courseArea'),
      value: values.courseArea,
      error: errors.courseArea,
      optional: true,
    },
    hostInformed: {
      name: 'hostInformed',
      legend: t('contacts.new.hostInformed'),
      value: values.hostInformed,
      error: errors.hostInformed,
      small: true,
      options: [
        { value: 'yes', label: t('contacts.new.hostYes') },
        { value: 'no', label: t('contacts.new.hostNo') },
      ],
    },
  }
}

/** When the two are in touch next: a day, and where it is known a time and a way. */
export type NextQuestions = { nextOn: Field; nextAt: Field; nextChannel: Choice }
export function nextQuestions(words: Words, { values, errors }: Form<Omit<NextForm, 'agenda'>>): NextQuestions {
  const { t, dates } = words
  return {
    nextOn: {
      name: 'nextOn',
      type: 'date',
      label: t('contacts.new.nextOn'),
      value: values.nextOn,
      error: errors.nextOn,
      short: true,
      min: dates.today,
    },
    nextAt: {
      name: 'nextAt',
      type: 'time',
      label: t('contacts.new.nextAt'),
      value: values.nextAt,
      error: errors.nextAt,
      short: true,
      optional: true,
    },
    nextChannel: {
      name: 'nextChannel',
      legend: t('contacts.new.nextChannel'),
      value: values.nextChannel ?? '',
      error: errors.nextChannel,
      options: [
        { value: '', label: t('contacts.new.nextChannelNone') },
        ...offeredChannels(words).map((value) => ({ value, label: t(`shared.channel.${value}`) })),
      ],
    },
  }
}

/** One task for the next time: what, whose, and by when (R73). */
export type TaskQuestions = { nextTask: Field; nextTaskOwner: Choice; nextTaskDue: Field }
export function taskQuestions(words: Words, partner: string, { values, errors }: Form<ContactForm>): TaskQuestions {
  const { t, dates, viewer } = words
  const own = viewer.participant?.role ?? 'mentee'
  return {
    nextTask: {
      name: 'nextTask',
      label: t('contacts.new.task'),
      hint: t('contacts.new.taskHint'),
      value: values.nextTask,
      error: errors.nextTask,
      optional: true,
    },
    nextTaskOwner: {
      name: 'nextTaskOwner',
      legend: t('contacts.new.taskOwner'),
      value: values.nextTaskOwner ?? own,
      error: errors.nextTaskOwner,
      small: true,
      options: [
        { value: own, label: t('contacts.new.taskMe') },
        { value: own === 'mentee' ? 'mentor' : 'mentee', label: partner },
      ],
    },
    nextTaskDue: {
      name: 'nextTaskDue',
      type: 'date',
      label: t('contacts.new.taskDue'),
      hint: t('contacts.new.taskDueHint'),
      value: values.nextTaskDue,
      error: errors.nextTaskDue,
      short: true,
      optional: true,
      min: dates.today,
    },
  }
}

export function whenQuestions(
  { t, dates }: Words,
  { values, errors }: Form<Pick<CorrectionForm, 'when' | 'date'>>,
): Pick<Questions, 'when' | 'date'> {
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

export function minutesQuestions(
  t: T,
  { values, errors }: Form<Pick<CorrectionForm, 'minutes' | 'otherMinutes'>>,
): Pick<Questions, 'minutes' | 'otherMinutes'> {
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

/** What the two could talk about, or have talked about; nothing where all is said (R47). */
export function agendaBoxes(
  name: 'talked' | 'agenda',
  items: readonly StageItem[],
  { legend, hint }: { legend: string; hint: string },
  { values, error }: { values: readonly string[]; error: TextKey | undefined },
): Boxes | undefined {
  if (items.length === 0) return undefined
  return { name, legend, hint, values, error, options: items.map(({ key, title }) => ({ value: key, label: title })) }
}
