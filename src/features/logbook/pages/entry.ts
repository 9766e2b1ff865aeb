import type { Chip } from '../../../web/components.ts'
import type { Form } from '../../../web/forms.ts'
import { coordinatorOf } from '../../../web/viewer.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import type { SupportRow } from '../../supervision/index.ts'
import type { EntryForm } from '../forms.ts'
import type { EntryRow } from '../queries.ts'
import type { Abouts } from '../service.ts'
import { entryFormPart, type EntryFormPart } from './form.ts'
import { entryChips, entryTitle, partnerOf, writtenOn } from './items.ts'

type Link = { href: string; label: string }
/** A button that lets somebody read an entry, or not any more. */
type Share = { action: string; readers: string; label: string }

export type EntryPageModel = PageModel & {
  back: Link
  lede: string
  chips: Chip[]
  /** Who can read this, of a partner's entry. */
  privacy: string | undefined
  text: string
  balance: string | undefined
  /** What its writer can do. */
  own: { editHref: string; href: string; shares: Share[]; supportHint: string | undefined } | undefined
}
export const renderEntry = view<EntryPageModel>('logbook/entry')

/** One entry, for its writer (`support`: who could read it too), or for the partner with whom it is shared. */
export function entryPage(words: Words, entry: EntryRow, support?: SupportRow): EntryPageModel {
  const { t } = words
  const { own } = entry
  const partner = partnerOf(t, entry)
  return {
    title: entryTitle(words, entry),
    here: '/logbook',
    back: own
      ? backToOwn(words)
      : { href: `/matches/${entry.match_id ?? 0}/logbook`, label: sharedTitle(words, entry) },
    lede: t('logbook.entry.written', { when: writtenOn(words, entry).when }),
    chips: entryChips(t, entry),
    privacy: own ? undefined : t('logbook.shared.privacy', { partner }),
    text: entry.text,
    balance: own && entry.balance !== null ? t('logbook.entry.balance', { balance: entry.balance }) : undefined,
    own: own ? ownOf(words, entry, support) : undefined,
  }
}

function ownOf(words: Words, entry: EntryRow, support?: SupportRow): EntryPageModel['own'] {
  const { t } = words
  const href = `/logbook/${entry.id}`
  return {
    href,
    editHref: `${href}/edit`,
    supportHint: support && t('logbook.entry.supportHint', { partner: supporterIn(words, support) }),
    shares: [
      ...withPartner(words, entry, `${href}/sharing`),
      ...withSupervisor(words, entry, `${href}/supervision`, support),
    ],
  }
}

function withPartner({ t }: Words, entry: EntryRow, action: string): Share[] {
  const partner = partnerOf(t, entry)
  if (partner === undefined) return []
  const isShared = entry.shared_at !== null
  const label = t(isShared ? 'logbook.entry.hideFrom' : 'logbook.form.share', { partner })
  return [{ action, readers: isShared ? 'me' : 'partner', label }]
}

const supporterIn = ({ viewer }: Words, { supervisor_name: name }: SupportRow) => name ?? coordinatorOf(viewer)

function withSupervisor(words: Words, entry: EntryRow, action: string, support?: SupportRow): Share[] {
  const { t } = words
  if (!support) return []
  const partner = supporterIn(words, support)
  return entry.supervisor_id === support.supervisor_id
    ? [{ action, readers: 'me', label: t('logbook.entry.hideFrom', { partner }) }]
    : [{ action, readers: 'supervisor', label: t('logbook.entry.support', { partner }) }]
}

export function backToOwn({ t, viewer }: Words): Link {
  return { href: '/logbook', label: t(`logbook.heading.${viewer.participant?.role ?? 'mentee'}`) }
}

function sharedTitle({ t }: Words, entry: EntryRow): string {
  return t(`logbook.partners.${entry.role ?? 'mentee'}`, { partner: partnerOf(t, entry) })
}

export type EditEntryPage = PageModel & { back: Link; form: EntryFormPart }
export const renderEdit = view<EditEntryPage>('logbook/edit')

export function editPage(words: Words, entry: EntryRow, abouts: Abouts, form: Form<EntryForm>): EditEntryPage {
  const part = entryFormPart(words, { abouts, before: entry }, form)
  return {
    title: words.t('logbook.edit.title'),
    here: '/logbook',
    back: { href: `/logbook/${entry.id}`, label: entryTitle(words, entry) },
    hasErrors: part.hasErrors,
    form: part,
  }
}
