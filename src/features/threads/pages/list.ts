import type { ContentEntry } from '../../../../config/content.ts'
import type { Notice } from '../../../web/components.ts'
import { messageToText } from '../../../web/markdown.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { callNameOf } from '../../people/index.ts'
import type { RoomRow, TopicRow } from '../queries.ts'
import { mayWrite } from '../service.ts'
import { closedNotice } from './show.ts'

export type TopicItem = {
  href: string
  title: string
  at: Date
  when: string
  text: string
  /** How many messages are new. */
  fresh: string | undefined
  goesOut: string | undefined
}
export type Card = { href: string; title: string; text: string }
export type TopicsPage = PageModel & {
  privacy: string
  limitsHref: string
  newHref: string | undefined
  notice: Notice | undefined
  topics: TopicItem[]
  moreHref: string | undefined
  cards: Card[]
  /** The rest, behind one tap. */
  moreCards: Card[]
}
export const renderTopics = view<TopicsPage>('threads/list')

/** As many cards as do not push everything else off a phone. */
const FEW = 8

type Topics = { topics: TopicRow[]; hasMore: boolean }
type Cards = readonly ContentEntry<'topics'>[]

/** All topics of a pair, the newest message first, and cards to begin another one with. */
export function topicsPage(words: Words, of: RoomRow, { topics, hasMore }: Topics, cards: Cards): TopicsPage {
  const { t } = words
  const partner = callNameOf(t, of)
  const href = `/matches/${of.match_id}/threads`
  const open = mayWrite(of)
  const shown = open ? cards.map((card) => cardOf(words, href, card)) : []
  return {
    title: t('threads.list.title', { partner }),
    here: '/conversation',
    privacy: t('threads.private', { partner }),
    limitsHref: '/handbook/confidentiality',
    newHref: open ? `${href}/new` : undefined,
    notice: closedNotice(t, of),
    topics: topics.map((topic) => topicItem(words, partner, topic)),
    moreHref: hasMore ? `${href}?before=${topics.at(-1)?.id}` : undefined,
    cards: shown.slice(0, FEW),
    moreCards: shown.slice(FEW),
  }
}

function cardOf({ t }: Words, href: string, { key, title, text }: Cards[number]): Card {
  return { href: `${href}/new?topic=${key}`, title, text: t('threads.list.quote', { text }) }
}

function topicItem(words: Words, partner: string, topic: TopicRow): TopicItem {
  const { t, dates } = words
  return {
    href: `/threads/${topic.id}#${topic.unread > 0 ? 'new' : 'write'}`,
    title: topic.title,
    at: topic.active_at,
    when: dates.stamp(topic.active_at),
    text: previewOf(words, partner, topic),
    fresh: topic.unread > 0 ? t('threads.list.fresh', { count: topic.unread }) : undefined,
    goesOut: topic.goes_out_at ? t('threads.list.goesOut', { when: dates.moment(topic.goes_out_at) }) : undefined,
  }
}

/** The beginning of what was written last; of a question that is not open yet, whose turn it is. */
function previewOf(words: Words, partner: string, topic: TopicRow): string {
  const { t } = words
  if (topic.is_open) return lastOf(words, partner, topic)
  if (topic.own_answered) return t('threads.list.waitsForPartner', { partner })
  return topic.partner_answered ? t('threads.list.answerFirst', { partner }) : t('threads.list.nothing')
}

function lastOf({ t, viewer }: Words, partner: string, { author_id, withdrawn, body }: TopicRow): string {
  if (author_id === null) return t('threads.list.nothing')
  const mine = author_id === viewer.participant?.id
  if (withdrawn) return t('threads.list.withdrawn', { who: mine ? t('threads.list.youAre') : partner })
  return t(mine ? 'threads.list.you' : 'threads.list.they', { partner, text: messageToText(body ?? '') })
}
