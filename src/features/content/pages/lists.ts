import type { Kind } from '../../../../config/content.ts'
import type { Chip, Notice } from '../../../web/components.ts'
import type { T } from '../../../web/i18n.ts'
import { view, type PageModel } from '../../../web/views.ts'
import { reviewOf, type ProgrammeText } from '../service.ts'
import type { DirectoryRow } from '../queries.ts'

export type KindItem = { href: string; title: string; text: string; changed: string }
export type ContentPage = PageModel & { notice: Notice; kinds: KindItem[] }
export const renderContent = view<ContentPage>('content/overview')

type Counts = {
  kinds: { kind: Kind; all: number; changed: number }[]
  directory: readonly DirectoryRow[]
  today: string
}

/** Everything a coordinator may put into their own words. */
export function contentPage(t: T, { kinds, directory, today }: Counts): ContentPage {
  const waiting = directory.filter((entry) => reviewOf(entry, today)).length
  return {
    title: t('content.overview.title'),
    here: '/admin/content',
    notice: {
      kind: 'plain',
      icon: 'info-circle',
      title: t('content.overview.signed'),
      text: t('content.overview.signedText'),
    },
    kinds: [
      {
        href: '/admin/content/directory',
        title: t('content.directory.title'),
        text: t('content.directory.about'),
        changed: t('content.directory.toCheck', { count: waiting, all: directory.length }),
      },
      ...kinds.map(({ kind, all, changed }) => ({
        href: `/admin/content/${kind}`,
        title: t(`content.kinds.${kind}.title`),
        text: t(`content.kinds.${kind}.about`),
        changed: t('content.overview.changed', { count: changed, all }),
      })),
    ],
  }
}

export type TextItem = { href: string; title: string; text: string | undefined; note: string; chips: Chip[] }
export type KindPage = PageModel & { back: { href: string; label: string }; lede: string; texts: TextItem[] }
export const renderKind = view<KindPage>('content/kind')

/** All texts of a kind, in their order. */
export function kindPage(t: T, kind: Kind, texts: readonly ProgrammeText[]): KindPage {
  return {
    title: t(`content.kinds.${kind}.title`),
    here: '/admin/content',
    back: { href: '/admin/content', label: t('content.overview.title') },
    lede: t(`content.kinds.${kind}.about`),
    texts: texts.map((text) => textItem(t, text)),
  }
}

function textItem(t: T, text: ProgrammeText): TextItem {
  const changed: Chip = { kind: 'plain', icon: 'pencil', text: t('content.chip.changed') }
  const hidden: Chip = { kind: 'wait', icon: 'eye-slash', text: t('content.chip.hidden') }
  return {
    href: `/admin/content/${text.kind}/${text.key}`,
    title: text.title ?? text.text,
    text: text.title === undefined || text.kind === 'handbook' ? undefined : text.text,
    note: notesOf(t, text.original).join(' · '),
    chips: [...(text.version > 0 && !text.hidden ? [changed] : []), ...(text.hidden ? [hidden] : [])],
  }
}

/** What an entry is, besides its words. */
function notesOf(t: T, { stage, side, edition, kind }: ProgrammeText['original']): string[] {
  const whose = side ?? edition
  return [
    ...(stage === undefined ? [] : [t('content.note.stage', { stage })]),
    ...(whose === undefined ? [] : [t(`content.note.${whose}`)]),
    ...(kind === 'required' || kind === 'private' ? [t(`content.note.${kind}`)] : []),
  ]
}
