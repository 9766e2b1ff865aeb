import { timeZoneOf } from '../../../web/viewer.ts'
import { dayIn } from '../../../clock.ts'
import type { Chip } from '../../../web/components.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { nameOf } from '../../people/index.ts'
import type { ListedRow } from '../queries.ts'

export type ListedItem = { href: string; name: string; line: string; chip: Chip | undefined }
export type ListPage = PageModel & {
  lede: string
  groups: { title: string; items: ListedItem[]; none: string }[]
}
export const renderList = view<ListPage>('applications/list')

/** Who has applied, and who waits in line, in the order in which they came. */
export function listPage(
  words: Words,
  rows: readonly ListedRow[],
  places: { taken: number; places: number },
): ListPage {
  const { t } = words
  const group = (state: 'applied' | 'waiting') => ({
    title: t(`applications.list.${state}`, { count: rows.filter((row) => row.state === state).length }),
    items: rows.filter((row) => row.state === state).map((row) => itemOf(words, row)),
    none: t(`applications.list.none.${state}`),
  })
  return {
    title: t('applications.list.title'),
    here: '/admin/applications',
    lede: t('applications.list.lede', places),
    groups: [group('applied'), group('waiting')],
  }
}

function itemOf({ t, dates, viewer }: Words, row: ListedRow): ListedItem {
  const day = row.applied_at ? dates.dayInText(dayIn(timeZoneOf(viewer), row.applied_at)) : ''
  return {
    href: `/admin/applications/${row.id}`,
    name: nameOf(t, row),
    line: [t(`shared.role.${row.role}`), row.course, t('applications.list.since', { day })].filter(Boolean).join(', '),
    chip:
      row.noes > 0
        ? { kind: 'wait', icon: 'exclamation-circle', text: t('applications.list.noes', { count: row.noes }) }
        : undefined,
  }
}
