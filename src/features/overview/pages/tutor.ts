import type { Chip } from '../../../web/components.ts'
import type { Rows } from '../../../web/csv.ts'
import { coordinatorOf } from '../../../web/viewer.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { sendingItem } from '../../grades/index.ts'
import { doneParts, openParts, type Progress } from '../../progress/index.ts'
import { SHOWN_STUDENTS, type ShownStudents } from '../forms.ts'
import type { StudentRow } from '../queries.ts'

export type StudentItem = {
  name: string
  role: string
  progress: string
  done: string
  open: string
  chip: Chip
  beside: string
  ask: string | undefined
}
export type TutorPage = PageModel & {
  lede: string
  shown: { value: ShownStudents; label: string; selected: boolean }[]
  students: StudentItem[]
  empty: { title: string; text: string }
  csvHref: string
  moreHref: string | undefined
  coordinator: string
}
export const renderTutor = view<TutorPage>('overview/tutor')

export type Students = {
  students: StudentRow[]
  hasMore: boolean
  show: ShownStudents
  /** What each number is made of. */
  progress: ReadonlyMap<number, Progress>
}

/** What staff without a duty see: name, role, number, what it is made of, and how it stands in the gradebook (spec 5.4). */
export function tutorPage(words: Words, { students, hasMore, show, progress }: Students): TutorPage {
  const { t, viewer } = words
  return {
    title: t('overview.tutor.title'),
    here: '/tutor',
    wide: true,
    lede: t('overview.tutor.lede'),
    shown: SHOWN_STUDENTS.map((value) => ({
      value,
      label: t(`overview.tutor.show.${value}`),
      selected: value === show,
    })),
    students: students.map((row) => studentItem(words, row, progress.get(row.id))),
    empty:
      show === 'all'
        ? { title: t('overview.tutor.emptyTitle'), text: t('overview.tutor.emptyText') }
        : { title: t('overview.tutor.noneTitle'), text: t('overview.tutor.noneText') },
    csvHref: `/tutor/table.csv?show=${show}`,
    moreHref: hasMore ? `/tutor?show=${show}&after=${students.at(-1)?.id ?? 0}` : undefined,
    coordinator: coordinatorOf(viewer),
  }
}

function studentItem(words: Words, row: StudentRow, progress: Progress | undefined): StudentItem {
  const { t, dates, viewer } = words
  const { chip, beside } = sendingItem({ t, dates, own: false }, row)
  const email = viewer.programme?.coordinatorEmail
  return {
    name: nameIn(words, row),
    role: t(`shared.role.${row.role}`),
    progress: t('overview.number', { score: row.progress }),
    done: progress ? doneParts(t, progress).join(', ') : '',
    open: progress ? openParts(t, progress).join(', ') : '',
    chip,
    beside,
    // Their letter and number: a subject line is read on the way.
    ask: email
      ? `mailto:${email}?subject=${encodeURIComponent(t('overview.tutor.subject', { ref: row.ref }))}`
      : undefined,
  }
}

const nameIn = ({ t }: Words, { name, ref }: StudentRow) => name ?? t('overview.tutor.unnamed', { ref })

/** The same, for a spreadsheet. */
export function studentRows(words: Words, { students, progress }: Pick<Students, 'students' | 'progress'>): Rows {
  const { t } = words
  const heads = ['student', 'role', 'progress', 'done', 'open', 'gradebook'] as const
  const lines = students.map((row) => {
    const item = studentItem(words, row, progress.get(row.id))
    return [item.name, item.role, row.progress, item.done, item.open, item.chip.text]
  })
  return [heads.map((name) => t(`overview.tutor.${name}`)), ...lines]
}
