import type { Rows } from '../../../web/csv.ts'
import type { Words } from '../../../web/views.ts'
import type { GradeRow } from '../queries.ts'
import { standingOf } from './list.ts'

/** The numbers of everybody as a table for a spreadsheet. */
export function gradeRows(words: Words, rows: GradeRow[]): Rows {
  const { t } = words
  const heads = (['person', 'ref', 'role', 'number', 'has', 'sentAt', 'state', 'text', 'next'] as const).map((name) =>
    t(`grades.csv.${name}`),
  )
  const lines = rows.map((row) => {
    const { chip, text } = standingOf(words, row)
    const waits = row.waiting ? at(row.next_try_at) : ''
    const person = [row.name ?? '', row.ref, t(`shared.role.${row.role}`)]
    return [...person, row.progress, row.sent_score ?? '', at(row.sent_at), chip.text, text, waits]
  })
  return [heads, ...lines]
}

/** To be sorted and reckoned with. */
const at = (when: Date | null) => when?.toISOString() ?? ''
