import { view, type PageModel, type Words } from '../../../web/views.ts'
import type { Chip } from '../../../web/components.ts'
import { nameOf } from '../../people/index.ts'
import type { SupportRow } from '../../supervision/index.ts'
import type { SupportedRequestRow } from '../queries.ts'
import { chipOf } from './list.ts'

export type SupportedRequestsPage = PageModel & {
  back: { href: string; label: string }
  privacy: string
  noneText: string
  rows: { title: string; when: string; at: string; chip: Chip; text: string | undefined }[]
}
export const renderSupportedRequests = view<SupportedRequestsPage>('requests/supported')

type Shown = { of: SupportRow; rows: readonly SupportedRequestRow[]; hide: (text: string) => string }
/** What a mentor asked for about their matches, for their supervisor; `hide` puts references where mentees are named (R37). */
export function supportedRequestsPage(words: Words, { of, rows, hide }: Shown): SupportedRequestsPage {
  const { t, dates } = words
  const mentor = nameOf(t, { ...of, role: 'mentor' })
  return {
    title: t('requests.supported.title', { mentor }),
    here: '/admin/supervision',
    back: { href: `/admin/supervision/${of.mentor_id}`, label: t('supervision.room.of', { mentor }) },
    privacy: t('requests.supported.privacy', { mentor }),
    noneText: t('requests.supported.noneText', { mentor }),
    rows: rows.map((row) => ({
      title: t('requests.supported.row', {
        kind: t(`requests.kind.${row.kind}`),
        mentee: t('shared.unnamed.mentee', { ref: row.mentee_ref }),
      }),
      at: row.raised_at.toISOString(),
      when: dates.stamp(row.raised_at),
      chip: chipOf(t, row),
      text: row.text === null ? undefined : hide(row.text),
    })),
  }
}
