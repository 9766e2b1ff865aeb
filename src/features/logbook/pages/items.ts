import { dayIn } from '../../../clock.ts'
import type { Chip } from '../../../web/components.ts'
import type { T } from '../../../web/i18n.ts'
import type { IconName } from '../../../web/icons.ts'
import { timeZoneOf } from '../../../web/viewer.ts'
import type { Words } from '../../../web/views.ts'
import { callNameOf } from '../../people/index.ts'
import type { Tag } from '../forms.ts'
import type { EntryRow } from '../queries.ts'

/** An entry in a list. */
export type EntryItem = {
  href: string
  title: string
  day: string
  when: string
  text: string
  chips: Chip[]
  isShared: boolean
}

export const TAG_ICONS: Record<Tag, IconName> = {
  achievement: 'trophy',
  challenge: 'bar-chart-steps',
  strength: 'gem',
  growth: 'arrow-up-right',
}

const SHOWN = 280
/** The beginning of a text; letters that belong together stay together. */
function beginningOf(text: string): string {
  const letters = [...new Intl.Segmenter().segment(text.slice(0, SHOWN * 4))].map(({ segment }) => segment)
  return text.length <= SHOWN ? text : `${letters.slice(0, SHOWN).join('').trimEnd()}…`
}

export function entryItem(words: Words, entry: EntryRow): EntryItem {
  return {
    href: `/logbook/${entry.id}`,
    title: entryTitle(words, entry),
    ...writtenOn(words, entry),
    text: beginningOf(entry.text),
    chips: entryChips(words.t, entry),
    isShared: entry.shared_at !== null,
  }
}

/** The day of writing, as a date and in words with its stage: `Tuesday 10 November, stage 1`. */
export function writtenOn({ t, dates, viewer }: Words, { written_at: at, stage }: EntryRow) {
  const day = dayIn(timeZoneOf(viewer), at)
  return { day, when: stage === null ? dates.day(day) : t('logbook.when', { day: dates.day(day), stage }) }
}

/** What an entry is about: `Phone, Thursday 19 November`. */
export function entryTitle(words: Words, entry: EntryRow): string {
  const { t } = words
  if (entry.kind === 'reflection') return t('logbook.title.reflection', { stage: entry.stage })
  if (entry.happened_on !== null) return contactTitle(words, { ...entry, happened_on: entry.happened_on })
  const partner = partnerOf(t, entry)
  return partner === undefined ? t('logbook.title.thought') : t('logbook.title.partner', { partner })
}

/** The same for a contact in a list to choose from. */
export function contactTitle(
  { t, dates }: Words,
  contact: Pick<EntryRow, 'channel'> & { happened_on: string },
): string {
  const day = dates.date(contact.happened_on)
  return t('logbook.title.contact', { channel: t(`shared.channel.${contact.channel ?? 'other'}`), day })
}

/** What the partner of an entry is called; of an entry about nobody, nothing. */
export function partnerOf(t: T, { role, ref, name, given_name }: EntryRow): string | undefined {
  return role && ref !== null ? callNameOf(t, { role, ref, name, given_name }) : undefined
}

/** How an entry is marked and, for its writer, who can read it. */
export function entryChips(t: T, entry: EntryRow): Chip[] {
  const marks = entry.tags.map((tag): Chip => ({ kind: 'plain', icon: TAG_ICONS[tag], text: t(`logbook.tag.${tag}`) }))
  if (!entry.own) return marks
  const supervisor: Chip[] =
    entry.supervisor_id === null ? [] : [{ kind: 'you', icon: 'life-preserver', text: t('logbook.readers.supervisor') }]
  return [...marks, ...(supervisor.length === 0 || entry.shared_at ? [readersChip(t, entry)] : []), ...supervisor]
}

function readersChip(t: T, entry: EntryRow): Chip {
  const partner = partnerOf(t, entry)
  return entry.shared_at && partner !== undefined
    ? { kind: 'you', icon: 'people', text: t('logbook.readers.shared', { partner }) }
    : { kind: 'plain', icon: 'lock', text: t('logbook.readers.own') }
}
