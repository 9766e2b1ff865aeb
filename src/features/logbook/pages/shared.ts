import { view, type PageModel, type Words } from '../../../web/views.ts'
import type { OwnMatchRow } from '../../matches/index.ts'
import { callNameOf } from '../../people/index.ts'
import { mayEncourage, type EntryPage } from '../service.ts'
import { backToOwn } from './entry.ts'
import { entryItem, type EntryItem } from './items.ts'
import { olderHref } from './list.ts'

export type SharedLogbookPage = PageModel & {
  back: { href: string; label: string }
  privacy: string
  entries: EntryItem[]
  empty: { title: string; text: string }
  olderHref: string | undefined
  encourage: { action: string; text: string } | undefined
}
export const renderShared = view<SharedLogbookPage>('logbook/shared')

/** What a partner shares of their diary or log book; a mentor can say a friendly word about keeping it. */
export function sharedPage(words: Words, shown: EntryPage & { match: OwnMatchRow }): SharedLogbookPage {
  const { t } = words
  const { match, entries, hasMore } = shown
  const partner = callNameOf(t, match)
  const path = `/matches/${match.id}/logbook`
  return {
    title: t(`logbook.partners.${match.role}`, { partner }),
    here: '/logbook',
    back: backToOwn(words),
    privacy: t('logbook.shared.privacy', { partner }),
    entries: entries.map((entry) => entryItem(words, entry)),
    empty: { title: t('logbook.shared.emptyTitle'), text: t('logbook.shared.emptyText', { partner }) },
    olderHref: hasMore ? olderHref(path, entries.at(-1)?.id) : undefined,
    encourage: mayEncourage(match)
      ? { action: `/matches/${match.id}/encouragement`, text: t('logbook.shared.encourageText', { partner }) }
      : undefined,
  }
}
