import type { Choice } from '../../../web/components.ts'
import type { Form } from '../../../web/forms.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { callNameOf } from '../../people/index.ts'
import { TAGS, type EntryForm, type ListUrl } from '../forms.ts'
import type { Abouts, EntryPage } from '../service.ts'
import { entryFormPart, type EntryFormPart } from './form.ts'
import { entryItem, type EntryItem } from './items.ts'

export type LogbookPage = PageModel & {
  privacy: string
  form: EntryFormPart
  filter: Choice
  entries: EntryItem[]
  /** Nothing written yet, or nothing with this tag. */
  empty: { title: string; text: string } | undefined
  olderHref: string | undefined
  /** What can be read of others. */
  partners: { href: string; label: string }[]
}
export const renderLogbook = view<LogbookPage>('logbook/list')

type Shown = EntryPage & { of: ListUrl; abouts: Abouts }

/** A diary or log book: a new entry, and all others to look back on (R79, R82, R83). */
export function logbookPage(words: Words, { of, abouts, entries, hasMore }: Shown, form: Form<EntryForm>): LogbookPage {
  const { t, viewer } = words
  const role = viewer.participant?.role ?? 'mentee'
  const part = entryFormPart(words, { abouts, about: aboutOf(of), stage: of.stage }, form)
  return {
    title: t(`logbook.heading.${role}`),
    here: '/logbook',
    wide: true,
    hasErrors: part.hasErrors,
    privacy: t('logbook.privacy'),
    form: part,
    filter: filterOf(words, of),
    entries: entries.map((entry) => entryItem(words, entry)),
    empty: entries.length > 0 ? undefined : emptyOf(words, of),
    olderHref: hasMore ? olderHref('/logbook', entries.at(-1)?.id, of.tag) : undefined,
    partners: abouts.partners.map((partner) => ({
      href: `/matches/${partner.id}/logbook`,
      label: t(`logbook.partners.${partner.role}`, { partner: callNameOf(t, partner) }),
    })),
  }
}

/** What a new entry is about, where the page was opened from a contact or from a stage. */
function aboutOf({ contact, match }: ListUrl): string | undefined {
  if (contact !== undefined) return `contact-${contact}`
  return match === undefined ? undefined : `match-${match}`
}

function filterOf({ t }: Words, { tag }: ListUrl): Choice {
  return {
    name: 'tag',
    legend: t('logbook.filter.label'),
    value: tag ?? '',
    error: undefined,
    options: [
      { value: '', label: t('logbook.filter.all') },
      ...TAGS.map((value) => ({ value, label: t(`logbook.filter.${value}`) })),
    ],
  }
}

function emptyOf({ t, viewer }: Words, { tag, before }: ListUrl): LogbookPage['empty'] {
  if (tag !== undefined || before !== undefined)
    return { title: t('logbook.empty.noneTitle'), text: t('logbook.empty.noneText') }
  const role = viewer.participant?.role ?? 'mentee'
  return { title: t(`logbook.empty.title.${role}`), text: t('logbook.empty.text') }
}

/** The next page of older entries. */
export function olderHref(path: string, last: number | undefined, tag?: string): string {
  const query = new URLSearchParams({ ...(tag !== undefined && { tag }), before: String(last ?? '') })
  return `${path}?${query.toString()}`
}
