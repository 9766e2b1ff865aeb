import type { Chip } from '../../../web/components.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { nameOf } from '../../people/index.ts'
import type { SupportRow } from '../../supervision/index.ts'
import type { EntryPage } from '../service.ts'
import { entryChips, entryTitle, writtenOn } from './items.ts'
import { olderHref } from './list.ts'

export type SupportedLogbookPage = PageModel & {
  back: { href: string; label: string }
  privacy: string
  entries: { title: string; day: string; when: string; text: string; chips: Chip[]; balance: string | undefined }[]
  empty: { title: string; text: string }
  olderHref: string | undefined
}
export const renderSupported = view<SupportedLogbookPage>('logbook/supported')

type Shown = EntryPage & { of: SupportRow; hide: (text: string) => string }
/** What a mentor lets their supervisor read of the log book; `hide` puts references where mentees are named (R37). */
export function supportedPage(words: Words, { of, entries, hasMore, hide }: Shown): SupportedLogbookPage {
  const { t } = words
  const mentor = nameOf(t, { ...of, role: 'mentor' })
  const room = `/admin/supervision/${of.mentor_id}`
  return {
    title: t('logbook.supported.title', { mentor }),
    here: '/admin/supervision',
    back: { href: room, label: t('supervision.room.of', { mentor }) },
    privacy: t('logbook.supported.privacy', { mentor }),
    entries: entries.map((entry) => ({
      title: entryTitle(words, entry),
      ...writtenOn(words, entry),
      text: hide(entry.text),
      chips: entryChips(t, entry),
      balance: entry.balance === null ? undefined : t('logbook.entry.balance', { balance: entry.balance }),
    })),
    empty: { title: t('logbook.shared.emptyTitle'), text: t('logbook.supported.emptyText', { mentor }) },
    olderHref: hasMore ? olderHref(`${room}/logbook`, entries.at(-1)?.id) : undefined,
  }
}
