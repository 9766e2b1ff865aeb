import type { ContentEntry } from '../../../../config/content.ts'
import { isWrong, type ErrorLine, type Field } from '../../../web/components.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { callNameOf } from '../../people/index.ts'
import type { RoomRow } from '../queries.ts'
import { isQuestion } from '../service.ts'
import { composer, composerErrors, type Composer, type ComposerFor, type Writing } from './composer.ts'

type Topic = ContentEntry<'topics'>
export type NewThreadPage = PageModel & {
  back: { href: string; label: string }
  lede: string | undefined
  privacy: string
  errors: ErrorLine[]
  /** What the card says to the mentor alone. */
  hint: string | undefined
  otherDraftHref: string | undefined
  composer: Composer
}
export const renderNewThread = view<NewThreadPage>('threads/new')

/** What a new topic begins with: a card, or nothing; and whether another topic is kept as a draft. */
export type Beginning = { of: RoomRow; card: Topic | undefined; hasOtherDraft: boolean }

/** A new topic: what it is about, and the first message. A card brings both, to be changed. */
export function newThreadPage(words: Words, beginning: Beginning, writing: Writing): NewThreadPage {
  const page = topicPage(words, beginning, writing)
  const { of, card } = beginning
  if (!card || !isQuestion(card.key)) return page
  return {
    ...page,
    title: card.title,
    here: '/conversation',
    lede: words.t('threads.question.lede'),
    composer: composer(words, questionBox(words, of, card), writing),
  }
}

function topicPage(words: Words, beginning: Beginning, writing: Writing): NewThreadPage {
  const { t, viewer } = words
  const { of, card, hasOtherDraft } = beginning
  const partner = callNameOf(t, of)
  const href = `/matches/${of.match_id}/threads`
  return {
    title: t('threads.new.title', { partner }),
    here: '/conversation',
    hasErrors: isWrong(writing.form.errors),
    back: { href, label: t('threads.new.back', { partner }) },
    lede: undefined,
    privacy: t('threads.private', { partner }),
    errors: composerErrors(writing.form),
    hint: viewer.participant?.role === 'mentor' ? card?.hint : undefined,
    otherDraftHref: hasOtherDraft ? `${href}/new` : undefined,
    composer: composer(words, topicBox(words, beginning, writing), writing),
  }
}

function topicBox(words: Words, { of, card }: Beginning, writing: Writing): ComposerFor {
  const { t } = words
  const partner = callNameOf(t, of)
  return {
    of,
    action: `/matches/${of.match_id}/threads`,
    heading: t('threads.write.title', { partner }),
    bodyLabel: t('threads.new.write'),
    send: t('threads.new.send'),
    opener: card?.text,
    mayDelay: true,
    title: titleField(words, partner, card, writing),
    hidden: card ? [{ name: 'topic', value: card.key }] : [],
  }
}

/** The card's question is the title; an answer goes out at once. */
function questionBox({ t }: Words, of: RoomRow, card: Topic): ComposerFor {
  return {
    of,
    action: `/matches/${of.match_id}/threads`,
    heading: t('threads.write.title', { partner: callNameOf(t, of) }),
    bodyLabel: t('threads.question.write'),
    send: t('threads.question.send'),
    opener: card.text,
    mayDelay: false,
    hidden: [
      { name: 'topic', value: card.key },
      { name: 'title', value: card.title },
    ],
  }
}

function titleField({ t }: Words, partner: string, card: Topic | undefined, { form }: Writing): Field {
  return {
    name: 'title',
    label: t('threads.new.topic'),
    hint: t('threads.new.topicHint', { partner }),
    value: form.values.title ?? card?.title,
    error: form.errors.title,
  }
}
