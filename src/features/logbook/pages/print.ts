import { view, type PageModel, type Words } from '../../../web/views.ts'
import type { EntryRow } from '../queries.ts'
import { backToOwn } from './entry.ts'
import { entryTitle } from './items.ts'

type Printed = { title: string; when: string; tags: string; text: string }
export type PrintLogbookPage = PageModel & { back: { href: string; label: string }; lede: string; entries: Printed[] }
export const renderPrint = view<PrintLogbookPage>('logbook/print')

/** Everything that somebody wrote for themselves, oldest first, on a page to print. */
export function printPage(words: Words, entries: EntryRow[]): PrintLogbookPage {
  const back = backToOwn(words)
  return {
    title: back.label,
    here: '/logbook',
    back,
    lede: words.viewer.programme?.title ?? '',
    entries: entries.map((entry) => printed(words, entry)),
  }
}

/** The same as a text to keep. */
export function logbookFile(words: Words, entries: EntryRow[]): { name: string; text: string } {
  const { title, lede, entries: all } = printPage(words, entries)
  const parts = all.map(({ title: about, when, tags, text }) =>
    [[when, about].join('. '), tags, text].filter((line) => line !== '').join('\n'),
  )
  return {
    name: `${words.viewer.participant?.role === 'mentor' ? 'log-book' : 'diary'}.txt`,
    text: [`${title}\n${lede}`, ...parts].join('\n\n'),
  }
}

function printed(words: Words, entry: EntryRow): Printed {
  const { t, dates } = words
  return {
    title: entryTitle(words, entry),
    when: dates.full(entry.written_at),
    tags: entry.tags.map((tag) => t(`logbook.tag.${tag}`)).join(', '),
    text: entry.text,
  }
}
