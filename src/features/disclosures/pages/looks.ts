import type { T } from '../../../web/i18n.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { nameOf } from '../../people/index.ts'
import type { LookRow, Seen } from '../queries.ts'

export type LooksPage = PageModel & {
  lede: string
  looks: { title: string; text: string; seen: { at: Date; when: string; text: string }[] }[]
}
export const renderLooks = view<LooksPage>('disclosures/looks')

/** Who looked at what somebody wrote with others, and when: for everybody to see of themselves. */
export function looksPage(words: Words, looks: readonly LookRow[]): LooksPage {
  const { t } = words
  return {
    title: t('disclosures.looks.title'),
    here: '/my-data',
    lede: t('disclosures.looks.lede'),
    looks: looks.map((look) => lookItem(words, look)),
  }
}

function lookItem({ t, dates }: Words, look: LookRow): LooksPage['looks'][number] {
  const name = look.by_name ?? t('disclosures.looks.lead')
  return {
    title: t('disclosures.looks.of', { name, when: dates.stamp(look.opened_at) }),
    text: t('disclosures.looks.could', { partner: nameOf(t, look.partner), when: dates.moment(look.until) }),
    seen: look.traces.map(({ object, at }) => ({
      at: new Date(at),
      when: dates.stamp(new Date(at)),
      text: seenText(t, object),
    })),
  }
}

function seenText(t: T, object: Seen): string {
  const kind = object.startsWith('thread:') ? 'thread' : (object as Exclude<Seen, `thread:${number}`>)
  return t(`disclosures.looks.seen.${kind}`)
}
