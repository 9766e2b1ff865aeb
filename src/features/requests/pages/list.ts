import type { Chip } from '../../../web/components.ts'
import type { T } from '../../../web/i18n.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { nameOf, pairNames } from '../../people/index.ts'
import type { RequestRow } from '../queries.ts'

export type ListedRequest = { href: string; pair: string; by: string; kind: string; chip: Chip; at: Date; when: string }
export type RequestsPage = PageModel & { lede: string; rows: ListedRequest[]; moreHref: string | undefined }
export const renderRequests = view<RequestsPage>('requests/list')

/** What people asked about their matches; what is open comes first (spec 5.5). */
export function requestsPage(
  words: Words,
  { rows, hasMore }: { rows: readonly RequestRow[]; hasMore: boolean },
): RequestsPage {
  const { t, dates } = words
  return {
    title: t('requests.list.title'),
    here: '/admin/matches',
    wide: true,
    lede: t('requests.list.lede'),
    rows: rows.map((row) => ({
      href: `/admin/requests/${row.id}`,
      pair: pairOf(t, row),
      by: byOf(t, row),
      kind: t(`requests.kind.${row.kind}`),
      chip: chipOf(t, row),
      at: row.raised_at,
      when: dates.stamp(row.raised_at),
    })),
    moreHref: hasMore ? `/admin/requests?after=${rows.at(-1)?.id ?? 0}` : undefined,
  }
}

export const pairOf = (t: T, row: RequestRow): string => t('matches.match.title', pairNames(t, row))

export const byOf = (t: T, row: RequestRow): string => nameOf(t, { ...row[row.by_role], role: row.by_role })

/** Open, or what came of it. */
export function chipOf(t: T, { outcome }: Pick<RequestRow, 'outcome'>): Chip {
  return outcome === null
    ? { kind: 'wait', icon: 'hourglass-split', text: t('requests.state.open') }
    : { kind: 'ok', icon: 'check-lg', text: t(`requests.state.${outcome}`) }
}
