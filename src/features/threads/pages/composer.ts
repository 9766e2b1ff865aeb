import { randomUUID } from 'node:crypto'
import { dayIn, timeIn } from '../../../clock.ts'
import { errorLines, type ErrorLine, type Field, type Notice, type Tick } from '../../../web/components.ts'
import type { Form } from '../../../web/forms.ts'
import { timeZoneOf } from '../../../web/viewer.ts'
import type { Words } from '../../../web/views.ts'
import { callNameOf } from '../../people/index.ts'
import { messageForm, threadForm, type MessageForm, type ThreadForm } from '../forms.ts'
import type { RoomRow } from '../queries.ts'
import { isQuiet, nextMorning, type Hint } from '../service.ts'

/** "Think before you tell", in the words of the programme. */
export type NoticeText = { title: string; text: string }
/** What stands in a composer: what was typed, or kept; and, of a text that is shown again, what to think of. */
export type Writing = { form: Form<MessageForm & ThreadForm>; hint?: Hint | undefined; notice: NoticeText | undefined }

export type Composer = {
  action: string
  heading: string
  hint: Notice | undefined
  /** Before the first message the notice stands open, with a box to tick; later it is one tap away. */
  notice: (NoticeText & { tick: Tick }) | undefined
  think: { text: string; limit: string }
  quote: { who: string; text: string; dropHref: string } | undefined
  hidden: { name: string; value: string }[]
  title: Field | undefined
  body: Field
  key: string
  anyway: boolean
  keptAt: string | undefined
  /** In the partner's quiet hours: that they are, and the button for later, which is the main one then. */
  later: { text: string; label: string } | undefined
  send: string
}

export type ComposerFor = {
  of: RoomRow
  action: string
  heading: string
  bodyLabel: string
  send: string
  quote?: Composer['quote']
  hidden?: Composer['hidden']
  title?: Field | undefined
  /** What stands in the box when nothing was typed. */
  opener?: string | undefined
  mayDelay: boolean
}

/** A box to write in, the same wherever the two write to each other. */
export function composer(words: Words, what: ComposerFor, writing: Writing): Composer {
  const { t, dates } = words
  const { form, hint } = writing
  const { action, heading, quote, hidden = [], title } = what
  return {
    ...{ action, heading, quote, hidden, title },
    hint: hint && hintNotice(words, hint),
    notice: noticeBox(words, what.of, writing),
    think: thinkText(words, what.of),
    body: bodyField(words, what, form),
    key: randomUUID(),
    anyway: hint !== undefined,
    keptAt: form.keptAt && t('threads.write.keptAt', { when: dates.moment(form.keptAt) }),
    later: what.mayDelay ? laterButton(words, what.of) : undefined,
    send: hint === undefined ? what.send : t('threads.write.anyway'),
  }
}

function thinkText({ t, viewer }: Words, of: RoomRow): Composer['think'] {
  const partner = callNameOf(t, of)
  const role = viewer.participant?.role ?? 'mentee'
  return {
    text: t('threads.write.thinkText', { partner }),
    limit: t(`threads.write.thinkLimit.${role}`, { partner }),
  }
}

function bodyField({ t }: Words, what: ComposerFor, { values, errors }: Writing['form']): Field {
  return {
    name: 'body',
    label: what.bodyLabel,
    hint: t('threads.write.bodyHint'),
    value: values.body ?? what.opener,
    error: errors.body ?? errors._key,
    rows: 6,
  }
}

function hintNotice({ t }: Words, hint: Hint): Notice {
  return {
    kind: 'wait',
    icon: 'exclamation-circle',
    title: t('threads.hint.title'),
    text: `${t(`threads.hint.${hint}`)} ${t('threads.hint.choice')}`,
  }
}

function noticeBox({ t }: Words, { noted }: RoomRow, { form, notice }: Writing): Composer['notice'] {
  if (noted || !notice) return undefined
  const { values, errors } = form
  return {
    ...notice,
    tick: {
      name: 'noted',
      label: t('threads.write.noted'),
      small: t('threads.write.notedOnce'),
      ticked: values.noted === 'yes',
      error: errors.noted,
    },
  }
}

function laterButton({ t, viewer, dates }: Words, of: RoomRow): Composer['later'] {
  if (!isQuiet(viewer, of)) return undefined
  const morning = nextMorning(viewer)
  const zone = timeZoneOf(viewer)
  const isToday = dayIn(zone, morning) === dates.today
  return {
    text: t('threads.write.quiet', { partner: callNameOf(t, of) }),
    label: t(isToday ? 'threads.write.laterToday' : 'threads.write.later', { time: timeIn(zone, morning) }),
  }
}

/** What is wrong with what was written, in the order of the fields. */
export function composerErrors({ errors }: Writing['form']): ErrorLine[] {
  const shape = { ...threadForm.shape, ...messageForm.shape }
  return errorLines({ title: errors.title, body: errors.body ?? errors._key, noted: errors.noted }, { shape })
}
