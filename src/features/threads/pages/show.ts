import { randomUUID } from 'node:crypto'
import { isWrong, type Chip, type ErrorLine, type Notice } from '../../../web/components.ts'
import type { T } from '../../../web/i18n.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { callNameOf } from '../../people/index.ts'
import type { Kind } from '../forms.ts'
import type { MessagePage, MessageRow, Place, RoomRow, ThreadRow } from '../queries.ts'
import { closedBecause, goesOutLater, mayAnswerNow, mayEdit, maySayUseful, mayWithdraw, mayWrite } from '../service.ts'
import {
  composer,
  composerErrors,
  ICONS,
  kindButtons,
  quoteBox,
  replyFields,
  type Composer,
  type Writing,
} from './composer.ts'
import { signpostCard, type SignpostCard } from './signpost.ts'

export type MessageItem = {
  id: number
  mine: boolean
  /** The first that is new: the page opens here. */
  isFirstNew: boolean
  author: string
  /** To the minute, for machines: every byte of a message is there fifty times. */
  at: string
  when: string
  edited: boolean
  /** What was written, in Markdown; nothing when it was taken back. */
  body: string | undefined
  /** That it is feedback, or a signpost. */
  kind: Chip | undefined
  signpost: SignpostCard | undefined
  quote: { who: string; text: string } | undefined
  goesOut: string | undefined
  acts: Act[]
}
/** What the viewer can do; what is done to a message is read out with its heading, which says whose it is and of when. */
type Act = { href: string; label: string; isOnThis: boolean }
export type ThreadPage = PageModel & {
  back: { href: string; label: string }
  privacy: string
  errors: ErrorLine[]
  /** What is to be known before reading: a question for both, or that nobody writes here any more. */
  notice: Notice | undefined
  hasNew: boolean
  /** May what the two have written count as a contact? */
  exchange: Exchange | undefined
  olderHref: string | undefined
  newerHref: string | undefined
  messages: MessageItem[]
  /** The form of the buttons under signposts, with the place on the page to come back to. */
  useful: { name: string; value: string }[] | undefined
  composer: Composer | undefined
}
/** A question to both: yes makes a contact with this key, no is not asked again. */
export type Exchange = { action: string; key: string; text: string }
export const renderThread = view<ThreadPage>('threads/show')

/** A topic: what the two wrote, oldest first, and the box to write in. */
export function threadPage(words: Words, of: ThreadRow, page: MessagePage, writing: Writing): ThreadPage {
  const { t } = words
  const partner = callNameOf(t, of)
  const href = `/threads/${of.id}`
  const { messages, hasOlder, hasNewer, firstNew } = page
  return {
    title: of.title,
    here: '/conversation',
    hasErrors: isWrong(writing.form.errors),
    back: { href: `/matches/${of.match_id}/threads`, label: t('threads.show.back', { partner }) },
    privacy: t('threads.private', { partner }),
    errors: composerErrors(writing.form, ['feel', 'want']),
    notice: noticeFor(t, of, partner),
    hasNew: firstNew !== undefined,
    exchange: exchangeOf(t, of, partner),
    olderHref: hasOlder ? `${href}?before=${messages[0]?.id}#messages` : undefined,
    newerHref: hasNewer ? `${href}?after=${messages.at(-1)?.id}#messages` : undefined,
    messages: messages.map((message) => messageItem(words, of, message, message.id === firstNew)),
    useful: messages.some(({ signpost }) => signpost) && maySayUseful(of) ? placeFields(page.place) : undefined,
    composer: mayAnswerNow(of) ? threadComposer(words, of, page, writing) : undefined,
  }
}

function exchangeOf(t: T, of: ThreadRow, partner: string): Exchange | undefined {
  if (of.exchange_id === null || !mayWrite(of)) return undefined
  return { action: `/exchanges/${of.exchange_id}`, key: randomUUID(), text: t('threads.exchange.text', { partner }) }
}

/** Why nobody writes to the other now, if so. */
export function closedNotice(t: T, of: RoomRow): Notice | undefined {
  if (mayWrite(of)) return undefined
  const why = closedBecause(of)
  return {
    kind: 'plain',
    icon: 'info-circle',
    title: t(`threads.closed.${why}.title`),
    text: t(`threads.closed.${why}.text`),
  }
}

function noticeFor(t: T, of: ThreadRow, partner: string): Notice | undefined {
  const closed = closedNotice(t, of)
  if (closed || of.is_open) return closed
  const plain = { kind: 'plain', icon: 'people' } as const
  if (of.own_answered)
    return { ...plain, title: t('threads.question.waiting'), text: t('threads.question.waitingText', { partner }) }
  const said = of.partner_answered ? 'second' : 'first'
  return { ...plain, title: t('threads.question.lede'), text: t(`threads.question.${said}`, { partner }) }
}

function placeFields({ before, after }: Place): { name: string; value: string }[] {
  const fields = [
    ...(before === undefined ? [] : [['before', before]]),
    ...(after === undefined ? [] : [['after', after]]),
  ]
  return fields.map(([name, value]) => ({ name: String(name), value: String(value) }))
}

/** A mentee answers the feedback that they quote, or that was the last word; what they have typed stays. */
function answersFeedback(of: ThreadRow, { messages, hasNewer }: MessagePage, { form }: Writing): boolean {
  if (of.role !== 'mentor') return false
  if (form.values.feel || form.values.want) return true
  if (of.quoted) return of.quoted.kind === 'feedback'
  const last = hasNewer ? undefined : messages.at(-1)
  return last?.kind === 'feedback' && last.body !== null
}

function threadComposer(words: Words, of: ThreadRow, page: MessagePage, writing: Writing): Composer {
  const { t } = words
  const partner = callNameOf(t, of)
  const isReply = answersFeedback(of, page, writing)
  const said = of.is_open ? 'write' : 'question'
  return composer(
    words,
    {
      of,
      action: `/threads/${of.id}/messages`,
      heading: t('threads.write.title', { partner }),
      bodyLabel: t(isReply ? 'threads.reply.more' : said === 'write' ? 'threads.write.body' : 'threads.question.write'),
      send: t(`threads.${said}.send`),
      mayDelay: of.is_open,
      kinds: kindButtons(t, of, 'text'),
      before: isReply ? replyFields(words, writing.form) : [],
      isOptional: isReply,
      ...quoteBox(words, of, 'text'),
    },
    writing,
  )
}

function messageItem(words: Words, of: ThreadRow, message: MessageRow, isFirstNew: boolean): MessageItem {
  const { t, dates, viewer } = words
  const mine = message.author_id === viewer.participant?.id
  const partner = callNameOf(t, of)
  const later = goesOutLater(message)
  return {
    id: message.id,
    mine,
    isFirstNew,
    author: mine ? t('threads.show.you') : partner,
    at: `${message.visible_at.toISOString().slice(0, 16)}Z`,
    when: dates.stamp(message.visible_at),
    edited: message.edited_at !== null,
    ...contentOf(words, of, message),
    goesOut: later ? goesOut(words, of, message) : undefined,
    acts: mine ? actsOnOwn(words, of, message) : actsOnTheirs(t, of, message),
  }
}

function goesOut({ t, dates }: Words, of: ThreadRow, { visible_at: at }: MessageRow): string {
  if (of.messages_paused) return t('threads.show.held')
  return t('threads.show.goesOut', { partner: callNameOf(t, of), when: dates.moment(at) })
}

/** What it says. Of what was taken back nothing is left. */
function contentOf(words: Words, of: ThreadRow, message: MessageRow) {
  return {
    body: message.body ?? undefined,
    kind: message.body === null ? undefined : kindChip(words.t, message.kind),
    signpost: signpostCard(words, of, message),
    quote: quoteOf(words, of, message),
  }
}

function kindChip(t: T, kind: Kind): Chip | undefined {
  return kind === 'text' ? undefined : { kind: 'plain', icon: ICONS[kind], text: t(`threads.kinds.${kind}`) }
}

function actsOnOwn({ t, viewer }: Words, of: ThreadRow, message: MessageRow): Act[] {
  const isOnThis = true
  const href = `/threads/${of.id}/messages/${message.id}`
  const edit = { href: `${href}/edit`, label: t('threads.show.edit'), isOnThis }
  const label = t(goesOutLater(message) ? 'threads.show.takeBack' : 'threads.show.withdraw')
  return [
    ...(mayEdit(viewer, of, message) ? [edit] : []),
    ...(mayWithdraw(viewer, of, message) ? [{ href: `${href}/withdrawal`, label, isOnThis }] : []),
  ]
}

function actsOnTheirs(t: T, of: ThreadRow, { id, body }: MessageRow): Act[] {
  if (body === null) return []
  const reply = { href: `/threads/${of.id}?quote=${id}#write`, label: t('threads.show.quote'), isOnThis: true }
  const report = { href: `/threads/${of.id}/messages/${id}/concern`, label: t('threads.show.report'), isOnThis: true }
  return mayWrite(of) ? [reply, report] : [report]
}

function quoteOf({ t, viewer }: Words, of: ThreadRow, message: MessageRow): MessageItem['quote'] {
  if (message.quote_id === null) return undefined
  const mine = message.quote_author_id === viewer.participant?.id
  return {
    who: t('threads.show.quoted', { who: mine ? t('threads.show.you') : callNameOf(t, of) }),
    text: message.quote_body ?? t('threads.show.quotedWithdrawn'),
  }
}
