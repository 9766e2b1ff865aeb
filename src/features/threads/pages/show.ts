import { randomUUID } from 'node:crypto'
import { isWrong, type ErrorLine, type Notice } from '../../../web/components.ts'
import type { T } from '../../../web/i18n.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { callNameOf } from '../../people/index.ts'
import type { MessagePage, MessageRow, RoomRow, ThreadRow } from '../queries.ts'
import { goesOutLater, mayAnswerNow, mayEdit, mayWithdraw, mayWrite } from '../service.ts'
import { composer, composerErrors, type Composer, type Writing } from './composer.ts'

export type MessageItem = {
  id: number
  mine: boolean
  /** The first that is new: the page opens here. */
  isFirstNew: boolean
  author: string
  at: Date
  when: string
  edited: boolean
  /** What was written, in Markdown; nothing when it was taken back. */
  body: string | undefined
  quote: { who: string; text: string } | undefined
  goesOut: string | undefined
  /** For links that stand under every message: which one is meant. */
  which: string
  quoteHref: string | undefined
  editHref: string | undefined
  withdrawHref: string | undefined
  withdraw: string
  mayReport: boolean
}
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
    hasErrors: isWrong(writing.form.errors),
    back: { href: `/matches/${of.match_id}/threads`, label: t('threads.show.back', { partner }) },
    privacy: t('threads.private', { partner }),
    errors: composerErrors(writing.form),
    notice: noticeFor(t, of, partner),
    hasNew: firstNew !== undefined,
    exchange: exchangeOf(t, of, partner),
    olderHref: hasOlder ? `${href}?before=${messages[0]?.id}#messages` : undefined,
    newerHref: hasNewer ? `${href}?after=${messages.at(-1)?.id}#messages` : undefined,
    messages: messages.map((message) => messageItem(words, of, message, message.id === firstNew)),
    composer: mayAnswerNow(of) ? threadComposer(words, of, writing) : undefined,
  }
}

function exchangeOf(t: T, of: ThreadRow, partner: string): Exchange | undefined {
  if (of.exchange_id === null || !mayWrite(of)) return undefined
  return { action: `/exchanges/${of.exchange_id}`, key: randomUUID(), text: t('threads.exchange.text', { partner }) }
}

/** Why nobody writes to the other now, if so. */
export function closedNotice(t: T, of: RoomRow): Notice | undefined {
  if (mayWrite(of)) return undefined
  const why = of.state === 'agreeing' ? 'notYet' : 'ended'
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

function threadComposer(words: Words, of: ThreadRow, writing: Writing): Composer {
  const { t } = words
  const partner = callNameOf(t, of)
  const said = of.is_open ? 'write' : 'question'
  return composer(
    words,
    {
      of,
      action: `/threads/${of.id}/messages`,
      heading: t('threads.write.title', { partner }),
      bodyLabel: t(said === 'write' ? 'threads.write.body' : 'threads.question.write'),
      send: t(`threads.${said}.send`),
      mayDelay: of.is_open,
      ...quoteIn(words, of),
    },
    writing,
  )
}

function quoteIn({ t, viewer }: Words, of: ThreadRow): Pick<Composer, 'quote' | 'hidden'> {
  const { quoted } = of
  if (!quoted || quoted.body === null) return { quote: undefined, hidden: [] }
  const mine = quoted.author_id === viewer.participant?.id
  return {
    quote: {
      who: mine ? t('threads.show.you') : callNameOf(t, of),
      text: quoted.body,
      dropHref: `/threads/${of.id}?quote=0#write`,
    },
    hidden: [{ name: 'quote', value: String(quoted.id) }],
  }
}

function messageItem(words: Words, of: ThreadRow, message: MessageRow, isFirstNew: boolean): MessageItem {
  const { t, dates, viewer } = words
  const mine = message.author_id === viewer.participant?.id
  const partner = callNameOf(t, of)
  const when = dates.stamp(message.visible_at)
  const later = goesOutLater(message)
  return {
    id: message.id,
    mine,
    isFirstNew,
    author: mine ? t('threads.show.you') : partner,
    at: message.visible_at,
    when,
    edited: message.edited_at !== null,
    body: message.body ?? undefined,
    quote: quoteOf(words, of, message),
    goesOut: later ? t('threads.show.goesOut', { partner, when: dates.moment(message.visible_at) }) : undefined,
    which: t(mine ? 'threads.show.own' : 'threads.show.toPartner', { partner, when }),
    ...actsOn(words, of, message),
    withdraw: t(later ? 'threads.show.takeBack' : 'threads.show.withdraw'),
    mayReport: !mine && message.body !== null,
  }
}

type Acts = Pick<MessageItem, 'quoteHref' | 'editHref' | 'withdrawHref'>
function actsOn({ viewer }: Words, of: ThreadRow, message: MessageRow): Acts {
  const href = `/threads/${of.id}/messages/${message.id}`
  const mine = message.author_id === viewer.participant?.id
  const mayQuote = !mine && message.body !== null && mayWrite(of)
  return {
    quoteHref: mayQuote ? `/threads/${of.id}?quote=${message.id}#write` : undefined,
    editHref: mayEdit(viewer, of, message) ? `${href}/edit` : undefined,
    withdrawHref: mayWithdraw(viewer, of, message) ? `${href}/withdrawal` : undefined,
  }
}

function quoteOf({ t, viewer }: Words, of: ThreadRow, message: MessageRow): MessageItem['quote'] {
  if (message.quote_id === null) return undefined
  const mine = message.quote_author_id === viewer.participant?.id
  return {
    who: t('threads.show.quoted', { who: mine ? t('threads.show.you') : callNameOf(t, of) }),
    text: message.quote_body ?? t('threads.show.quotedWithdrawn'),
  }
}
