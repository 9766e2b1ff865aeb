import { randomUUID } from 'node:crypto'
import { dayIn, timeIn } from '../../../clock.ts'
import { errorLines, type Field, type FormPart, type Notice, type Tick } from '../../../web/components.ts'
import type { Form } from '../../../web/forms.ts'
import type { T } from '../../../web/i18n.ts'
import type { IconName } from '../../../web/icons.ts'
import { timeZoneOf } from '../../../web/viewer.ts'
import type { Words } from '../../../web/views.ts'
import { callNameOf } from '../../people/index.ts'
import { KINDS, type Kind, type MessageForm, type ThreadForm } from '../forms.ts'
import type { RoomRow, ThreadRow } from '../queries.ts'
import { isQuiet, mayGive, nextMorning, placeOf, type Hint } from '../service.ts'

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
  /** Other kinds of messages, each a button that takes along what was typed. */
  kinds: KindButton[]
  /** A line for the writer alone, which is no part of the message. */
  own: { field: Field; readers: string } | undefined
  /** What stands before the words, and what after them. */
  before: FormPart[]
  starters: Starters | undefined
  body: Field
  after: FormPart[]
  /** What to think of once more. */
  reminder: string | undefined
  key: string
  anyway: boolean
  keptAt: string | undefined
  /** In the partner's quiet hours: that they are, and the button for later, which is the main one then. */
  later: { text: string; label: string } | undefined
  send: string
}

export type KindButton = { kind: Kind; label: string; icon: IconName; isCurrent: boolean }
/** First words to take over into the text. */
export type Starters = { hint: string; all: { key: string; label: string }[] }

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
  /** What one may leave out. */
  isOptional?: boolean
} & Partial<Pick<Composer, 'own' | 'kinds' | 'before' | 'starters' | 'after' | 'reminder'>>

/** A box to write in, the same wherever the two write to each other. */
export function composer(words: Words, what: ComposerFor, writing: Writing): Composer {
  const { t, dates } = words
  const { form, hint } = writing
  return {
    ...partsOf(what),
    reminder: what.reminder ?? ownStory(words, what.of),
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

function partsOf(what: ComposerFor) {
  const { action, heading, title, quote, own, starters } = what
  const { hidden = [], kinds = [], before = [], after = [] } = what
  return { action, heading, title, quote, own, starters, hidden, kinds, before, after }
}

/** In the second stage, a mentor is reminded that their own story helps: a true one, and no more than they like to tell (R84, R85). */
function ownStory({ t }: Words, { role, stage }: RoomRow): string | undefined {
  return role === 'mentee' && stage === 2 ? t('threads.write.ownStory') : undefined
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
    optional: what.isOptional ?? false,
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

/** What is wrong with what was written, in the order of the fields: those before the words, and those after. */
export function composerErrors({ errors }: Form<Record<string, string>>, before: string[] = [], after: string[] = []) {
  const names = ['title', ...before, 'body', ...after, 'noted']
  const shape = Object.fromEntries(names.map((name) => [name, name]))
  return errorLines({ ...errors, body: errors['body'] ?? errors['_key'] }, { shape })
}

export const ICONS: Record<Kind, IconName> = {
  text: 'chat-left-text',
  feedback: 'chat-square-quote',
  signpost: 'signpost',
}

/** The kinds of messages that a mentor has in a topic. */
export function kindButtons(t: T, of: ThreadRow, current: Kind): KindButton[] {
  if (!mayGive(of)) return []
  const button = (kind: Kind) => ({ kind, label: t(`threads.kinds.${kind}`), icon: ICONS[kind] })
  return KINDS.map((kind) => ({ ...button(kind), isCurrent: kind === current }))
}

/** The message that is answered, above the box for a kind of message. */
export function quoteBox({ t, viewer }: Words, of: ThreadRow, kind: Kind): Pick<ComposerFor, 'quote' | 'hidden'> {
  const { quoted } = of
  if (!quoted || quoted.body === null) return { quote: undefined, hidden: [] }
  const mine = quoted.author_id === viewer.participant?.id
  return {
    quote: {
      who: mine ? t('threads.show.you') : callNameOf(t, of),
      text: quoted.body,
      dropHref: `${placeOf(of, kind).page}?quote=0#write`,
    },
    hidden: [{ name: 'quote', value: String(quoted.id) }],
  }
}

/** Two lines in which a mentee can answer a feedback (R128). */
export function replyFields({ t }: Words, { values, errors }: Writing['form']): FormPart[] {
  const field = (name: 'feel' | 'want'): FormPart => ({
    is: 'field',
    part: {
      name,
      label: t(`threads.reply.${name}`),
      value: values[name],
      error: errors[name],
      rows: 2,
      optional: true,
    },
  })
  return [field('feel'), field('want')]
}

/** What was said in the two lines, under their headings, and the rest. */
export function replyText(t: T, { feel, want, body }: Pick<MessageForm, 'feel' | 'want' | 'body'>): string {
  const said = (name: 'feel' | 'want', text: string | undefined) =>
    text === undefined ? [] : [`**${t(`threads.reply.${name}`)}**\n\n${text}`]
  return [...said('feel', feel), ...said('want', want), ...(body === undefined ? [] : [body])].join('\n\n')
}
