import type { Chip } from '../../../web/components.ts'
import type { Dates } from '../../../web/dates.ts'
import type { T } from '../../../web/i18n.ts'
import type { SendingRow } from '../queries.ts'

/** How a number stands in the gradebook: a chip, a sentence that says when or why, and what to put beside the chip. */
export type SendingItem = { chip: Chip; text: string; beside: string }

type Words = { t: T; dates: Dates; /** Whether the person reads of their own number. */ own: boolean }

/** Says it: sent and when, waiting, failed and why, or nothing to send. A missing row is not connected. */
export function sendingItem({ t, dates, own }: Words, row: SendingRow | undefined): SendingItem {
  if (!row?.connected) return quiet(t('grades.chip.notConnected'), t('grades.notConnected'))
  if (row.score === null) return quiet(t('grades.chip.nothing'), t('grades.nothing'))
  if (row.waiting || !row.sent_at) return unsent(t, own, row)
  const chip: Chip = { kind: 'ok', icon: 'check-lg', text: t('grades.chip.sent') }
  return { chip, text: t('grades.sent', { when: dates.moment(row.sent_at) }), beside: dates.stamp(row.sent_at) }
}

function quiet(word: string, text: string): SendingItem {
  return { chip: { kind: 'plain', icon: 'dash', text: word }, text, beside: '' }
}

function unsent(t: T, own: boolean, { problem }: SendingRow): SendingItem {
  const waiting: Chip = { kind: 'wait', icon: 'hourglass-split', text: t('grades.chip.waiting') }
  const failed: Chip = { kind: 'stop', icon: 'exclamation-triangle', text: t('grades.chip.failed') }
  const mendsItself = problem === null || problem === 'later' || problem === 'stale'
  const text = reasonOf(t, own, problem)
  return { chip: mendsItself ? waiting : failed, text, beside: text }
}

function reasonOf(t: T, own: boolean, problem: SendingRow['problem']): string {
  if (problem === null) return t('grades.waiting')
  return problem === 'not_graded' && own ? t('grades.problem.youNotGraded') : t(`grades.problem.${problem}`)
}
