import { errorLines, isWrong, type Choice, type ErrorLine } from '../../../web/components.ts'
import type { Form } from '../../../web/forms.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { nameOf } from '../../people/index.ts'
import { supervisorForm, type SupervisorForm } from '../forms.ts'
import type { CandidateRow, MentorRow } from '../queries.ts'

export type ChooserPage = PageModel & {
  back: { href: string; label: string }
  lede: string
  errors: ErrorLine[]
  action: string
  choice: Choice
}
export const renderChooser = view<ChooserPage>('supervision/chooser')

/** Who supports a mentor from now on. */
export function chooserPage(
  { t }: Words,
  mentor: MentorRow,
  people: readonly CandidateRow[],
  form: Form<SupervisorForm>,
): ChooserPage {
  return {
    title: t('supervision.chooser.title', { mentor: nameOf(t, { ...mentor, role: 'mentor' }) }),
    here: '/admin/supervision',
    hasErrors: isWrong(form.errors),
    back: { href: '/admin/supervision', label: t('supervision.list.title') },
    lede: t('supervision.chooser.lede'),
    errors: errorLines(form.errors, supervisorForm),
    action: `/admin/supervision/${mentor.mentor_id}/supervisor`,
    choice: {
      name: 'person',
      legend: t('supervision.chooser.person'),
      value: form.values.person ?? String(mentor.supervisor_id ?? ''),
      error: form.errors.person,
      options: people.map(({ id, name, supervises }) => ({
        value: String(id),
        label: name ?? t('supervision.chooser.unnamed'),
        small: t(supervises ? 'supervision.chooser.supervisor' : 'supervision.chooser.coordinator'),
      })),
    },
  }
}
