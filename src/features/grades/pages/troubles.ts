import { view, type PageModel, type Words } from '../../../web/views.ts'
import type { Problem } from '../queries.ts'

export type TroublesPage = PageModel & { troubles: { count: string; text: string }[] }
export const renderTroubles = view<TroublesPage>('grades/troubles')

/** What an administrator of the LMS sees: what goes wrong and how often, and nobody's name (spec 4.4). */
export function troublesPage({ t }: Words, troubles: { problem: Problem; count: number }[]): TroublesPage {
  return {
    title: t('grades.list.title'),
    here: '/admin/grades',
    troubles: troubles.map(({ problem, count }) => ({
      count: t('grades.troubles.count', { count }),
      text: t(`grades.problem.${problem}`),
    })),
  }
}
