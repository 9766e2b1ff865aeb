import type { Chip } from '../../../web/components.ts'
import { coordinatorOf } from '../../../web/viewer.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { sendingItem } from '../../grades/index.ts'
import type { StudentRow } from '../queries.ts'

export type StudentItem = { name: string; progress: string; chip: Chip; beside: string }
export type TutorPage = PageModel & {
  lede: string
  students: StudentItem[]
  moreHref: string | undefined
  coordinator: string
}
export const renderTutor = view<TutorPage>('overview/tutor')

/** What staff without a duty see: name, number, and how it stands in the gradebook (spec 5.4). */
export function tutorPage({ t, dates, viewer }: Words, students: StudentRow[], hasMore: boolean): TutorPage {
  return {
    title: t('overview.tutor.title'),
    here: '/tutor',
    wide: true,
    lede: t('overview.tutor.lede'),
    students: students.map((row) => ({
      name: row.name ?? t('overview.tutor.unnamed', { ref: row.ref }),
      progress: t('overview.number', { score: row.progress }),
      ...sendingItem({ t, dates, own: false }, row),
    })),
    moreHref: hasMore ? `/tutor?after=${students.at(-1)?.id ?? 0}` : undefined,
    coordinator: coordinatorOf(viewer),
  }
}
