import { view, type PageModel, type Words } from '../../../web/views.ts'
import type { OwnMatchRow } from '../../matches/index.ts'
import { nameOf } from '../../people/index.ts'
import { lastContact } from './home.ts'

/** Addresses without a match: where each leads in the room of a pair. */
export const DOORS = {
  '/contacts/new': { place: 'contacts/new', title: 'log' },
  '/contacts': { place: 'contacts', title: 'contacts' },
  '/conversation': { place: 'threads', title: 'conversation' },
  '/stages': { place: 'stages', title: 'stages' },
} as const
export type Door = keyof typeof DOORS
export const doorHref = (door: Door, { id }: OwnMatchRow) => `/matches/${id}/${DOORS[door].place}`

export type WhichPage = PageModel & { lede: string; partners: { label: string; text: string; href: string }[] }
export const renderWhich = view<WhichPage>('home/which')

/** For somebody with several partners: with whom? The one that waits longest is first. */
export function whichPage(words: Words, door: Door, matches: readonly OwnMatchRow[]): WhichPage {
  const { t } = words
  const { title } = DOORS[door]
  return {
    title: t(`home.which.${title}`),
    here: door,
    lede: t(title === 'log' ? 'home.which.lede' : 'home.which.ledePlace'),
    partners: matches.map((match) => ({
      label: t('home.withName', { name: nameOf(t, match) }),
      text: lastContact(words, match),
      href: doorHref(door, match),
    })),
  }
}
