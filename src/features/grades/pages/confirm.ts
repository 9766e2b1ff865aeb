import { view, type PageModel, type Words } from '../../../web/views.ts'
import type { GradesStateRow } from '../queries.ts'

export type ConfirmPage = PageModel & {
  which: 'failed' | 'all'
  back: { href: string; label: string }
  lines: string[]
  label: string | undefined
}
export const renderConfirm = view<ConfirmPage>('grades/confirm')

/** How many numbers would be sent, and which not, before anything is sent. */
export function confirmPage({ t }: Words, which: 'failed' | 'all', state: GradesStateRow): ConfirmPage {
  const count = which === 'failed' ? state.tried : state.total - state.changed
  const left = which === 'all' && state.changed > 0 ? [t('grades.confirm.changed', { count: state.changed })] : []
  return {
    title: t(`grades.confirm.${which}.title`),
    here: '/admin/grades',
    which,
    back: { href: '/admin/grades', label: t('grades.list.title') },
    lines: [count === 0 ? t('grades.confirm.nothing') : t(`grades.confirm.${which}.text`, { count }), ...left],
    label: count === 0 ? undefined : t('grades.confirm.send', { count }),
  }
}
