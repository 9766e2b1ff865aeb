import type { Words } from '../../../web/views.ts'
import { shownEntry, type ShownEntry } from '../../content/index.ts'
import { callNameOf } from '../../people/index.ts'
import type { MessageRow, RoomRow } from '../queries.ts'
import { maySayUseful } from '../service.ts'

/** An entry of the directory as a card under the words of a message. */
export type SignpostCard = EntryCard & {
  /** What the mentee has said, in words for this viewer. */
  said: string | undefined
  /** For the mentee: where their answer goes, and what it is now. */
  ask: { action: string; value: 'yes' | 'no' | undefined } | undefined
}
export type EntryCard = {
  name: string
  /** Said of an entry that is no longer there: only its name is left. */
  gone: string | undefined
  whatFor: string | undefined
  facts: { label: string; text: string }[]
  link: { href: string; label: string } | undefined
}

/** The card of a message that points to an entry, as the directory has it today (R80). */
export function signpostCard(
  words: Words,
  of: RoomRow,
  { id, thread_id, signpost }: MessageRow,
): SignpostCard | undefined {
  if (!signpost) return undefined
  const { key, name, own, useful } = signpost
  const value = useful === null ? undefined : useful ? 'yes' : 'no'
  const action = `/threads/${thread_id}/messages/${id}/usefulness`
  return {
    ...entryCard(words, shownEntry(key, own), name),
    said: value && saidOf(words, of, value),
    ask: maySayUseful(of) ? { action, value } : undefined,
  }
}

function saidOf({ t }: Words, of: RoomRow, value: 'yes' | 'no'): string {
  const partner = callNameOf(t, of)
  return of.role === 'mentor'
    ? t('threads.signpost.seen', { partner })
    : t(`threads.signpost.said.${value}`, { partner })
}

/** What an entry says of itself; of one that is gone, its name alone. */
export function entryCard({ t }: Words, entry: ShownEntry | undefined, name: string): EntryCard {
  if (!entry) return { name, gone: t('threads.signpost.gone'), whatFor: undefined, facts: [], link: undefined }
  return {
    name: entry.name,
    gone: undefined,
    whatFor: entry.what_for,
    facts: [
      { label: t('guidance.directory.how'), text: entry.how },
      ...(entry.hours === null ? [] : [{ label: t('guidance.directory.hours'), text: entry.hours }]),
    ],
    link:
      entry.link === null ? undefined : { href: entry.link, label: new URL(entry.link).hostname.replace(/^www\./, '') },
  }
}
