import { view, type PageModel, type Words } from '../../../web/views.ts'
import { callNameOf } from '../../people/index.ts'
import type { Places } from '../service.ts'

export type PlacesPage = PageModel & {
  back: { href: string; label: string }
  lede: string
  topics: { href: string; title: string; who: string }[]
  /** A topic has to be there first. */
  begin: { href: string; label: string }[]
}
export const renderPlaces = view<PlacesPage>('feedback/places')

/** In which topic a mentor points to an entry that they found in the directory. */
export function placesPage({ t }: Words, { entry, matches, topics }: Places): PlacesPage {
  const names = new Map(matches.map((match) => [match.id, callNameOf(t, match)]))
  return {
    title: t('feedback.places.title', { name: entry.name }),
    here: '/directory',
    back: { href: '/directory', label: t('guidance.directory.title') },
    lede: t(matches.length > 0 ? 'feedback.places.lede' : 'feedback.places.nobody'),
    topics: topics.map(({ id, match_id, title }) => ({
      href: `/threads/${id}/signpost?entry=${entry.key}`,
      title,
      who: t('feedback.places.with', { partner: names.get(match_id) }),
    })),
    begin: matches.map((match) => ({
      href: `/matches/${match.id}/threads/new`,
      label: t('feedback.places.begin', { partner: callNameOf(t, match) }),
    })),
  }
}
