import { dayIn } from '../../../clock.ts'
import type { Chip, Choice, Empty, Field } from '../../../web/components.ts'
import type { T } from '../../../web/i18n.ts'
import { timeZoneOf } from '../../../web/viewer.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import type { DirectoryRow } from '../../content/index.ts'
import { SHOWN, type Search } from '../forms.ts'
import { maySignpost, searchDirectory } from '../service.ts'

export type DirectoryItem = {
  name: string
  chips: Chip[]
  whatFor: string
  facts: { label: string; text: string }[]
  link: { href: string; label: string } | undefined
  checked: string
  /** For mentors: puts it into a message. */
  signpostHref: string | undefined
}
export type DirectoryPage = PageModel & {
  lede: string
  search: Field
  show: Choice
  found: string
  entries: DirectoryItem[]
  empty: Empty | undefined
}
export const renderDirectory = view<DirectoryPage>('guidance/directory')

/** Who can help, and how to reach them: all of it, or what somebody looks for. */
export function directoryPage(words: Words, entries: readonly DirectoryRow[], search: Search): DirectoryPage {
  const { t } = words
  const found = searchDirectory(entries, search)
  return {
    title: t('guidance.directory.title'),
    here: '/directory',
    lede: t('guidance.directory.lede'),
    search: { name: 'search', label: t('guidance.directory.search'), value: search.search, error: undefined },
    show: {
      name: 'show',
      legend: t('guidance.directory.show'),
      value: search.show,
      error: undefined,
      options: SHOWN.map((value) => ({ value, label: t(`guidance.directory.shown.${value}`) })),
    },
    found: t('guidance.directory.found', { count: found.length }),
    entries: found.map((entry) => directoryItem(words, entry)),
    empty: found.length > 0 ? undefined : emptyOf(t, entries.length),
  }
}

function emptyOf(t: T, all: number): Empty {
  if (all === 0) return { title: t('guidance.directory.none'), text: t('guidance.directory.noneText') }
  return {
    title: t('guidance.directory.nothing'),
    text: t('guidance.directory.nothingText'),
    action: { href: '/directory', label: t('guidance.directory.showAll') },
  }
}

function directoryItem({ t, dates, viewer }: Words, entry: DirectoryRow): DirectoryItem {
  const { category, specialist, checked_at: checkedAt } = entry
  const place: Chip = {
    kind: 'plain',
    icon: category === 'college' ? 'building' : 'globe',
    text: t(`guidance.directory.place.${category}`),
  }
  const expert: Chip = { kind: 'plain', icon: 'person', text: t('guidance.directory.specialist') }
  return {
    name: entry.name,
    signpostHref: maySignpost(viewer, entry, dates.today) ? `/directory/${entry.key}/signpost` : undefined,
    chips: specialist ? [place, expert] : [place],
    whatFor: entry.what_for,
    facts: [
      { label: t('guidance.directory.how'), text: entry.how },
      ...(entry.hours === null ? [] : [{ label: t('guidance.directory.hours'), text: entry.hours }]),
    ],
    link: entry.link === null ? undefined : { href: entry.link, label: hostOf(entry.link) },
    checked:
      checkedAt === null
        ? t('guidance.directory.unchecked')
        : t('guidance.directory.checked', {
            day: dates.dayInText(dayIn(timeZoneOf(viewer), checkedAt)),
          }),
  }
}

/** What people know a site by: an address may be longer than a line. */
function hostOf(link: string): string {
  return new URL(link).hostname.replace(/^www\./, '')
}
