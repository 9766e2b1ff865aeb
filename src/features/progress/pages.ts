import type { Dates } from '../../web/dates.ts'
import type { T } from '../../web/i18n.ts'
import type { Chip } from '../../web/components.ts'
import type { SendingRow } from './queries.ts'

/** How a number stands in the gradebook, in words: a chip, and a sentence that says when or why. */
export type SendingItem = { chip: Chip; text: string }

/** Says it: sent and when, waiting, failed and why, or nothing to send. A missing row is not connected. */
export function sendingItem(t: T, dates: Dates, row: SendingRow | undefined): SendingItem {
  if (!row?.connected)
    return {
      chip: { kind: 'plain', icon: 'dash', text: t('progress.chip.notConnected') },
      text: t('progress.notConnected'),
    }
  if (row.score === null)
    return { chip: { kind: 'plain', icon: 'dash', text: t('progress.chip.nothing') }, text: t('progress.nothing') }
  if (!row.waiting && row.sent_at)
    return {
      chip: { kind: 'ok', icon: 'check-lg', text: t('progress.chip.sent') },
      text: t('progress.sent', { when: dates.moment(row.sent_at) }),
    }
  return unsent(t, row)
}

function unsent(t: T, { problem }: SendingRow): SendingItem {
  const waiting: Chip = { kind: 'wait', icon: 'hourglass-split', text: t('progress.chip.waiting') }
  const failed: Chip = { kind: 'stop', icon: 'exclamation-triangle', text: t('progress.chip.failed') }
  if (problem === null) return { chip: waiting, text: t('progress.waiting') }
  const mendsItself = problem === 'later' || problem === 'stale'
  return { chip: mendsItself ? waiting : failed, text: t(`progress.problem.${problem}`) }
}
