import type { Chip } from '../../../web/components.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import type { findOwnConcern } from '../queries.ts'
import { stateChip } from './words.ts'

export type OwnConcernPage = PageModel & {
  back: { href: string; label: string }
  lede: string
  chip: Chip
  text: string
  answers: { at: Date; when: string; text: string }[]
  yours: string
}
export const renderOwnConcern = view<OwnConcernPage>('concerns/own')

/** Where a concern stands, for whoever raised it, and what they were told (spec 4.4). */
export function ownConcernPage(words: Words, own: Awaited<ReturnType<typeof findOwnConcern>>): OwnConcernPage {
  const { t, dates } = words
  return {
    title: t('concerns.own.title'),
    here: '/help',
    back: { href: '/help', label: t('concerns.own.back') },
    lede: t('concerns.own.sent', { when: dates.stamp(own.raised_at) }),
    chip: stateChip(t, own.state, { plain: true }),
    text: t(`concerns.own.text.${own.state}`),
    answers: own.told.map(({ at, note }) => ({ at: new Date(at), when: dates.stamp(new Date(at)), text: note })),
    yours: own.body,
  }
}
