import { dayIn } from '../../../clock.ts'
import type { Chip } from '../../../web/components.ts'
import { coordinatorOf, timeZoneOf } from '../../../web/viewer.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import type { HonorariumRow } from '../queries.ts'
import { mayDecline } from '../service.ts'
import { moneyWords, stateChip } from './words.ts'

export type OwnHonorariumPage = PageModel & {
  lede: string
  chip: Chip
  amount: string
  text: string
  reportHref: string | undefined
  mayDecline: boolean
  mayWant: boolean
}
export const renderOwnHonorarium = view<OwnHonorariumPage>('honoraria/own')

/** Where a mentor's own payment is (R149, R150). */
export function ownHonorariumPage(words: Words, own: HonorariumRow): OwnHonorariumPage {
  const { t } = words
  const amount = moneyWords(t, own)
  return {
    title: t('honoraria.title'),
    here: '/honorarium',
    lede: t('honoraria.lede', { amount }),
    chip: stateChip(t, own.state),
    amount,
    text: textOf(words, own),
    reportHref: own.state === 'expected' ? '/report' : undefined,
    mayDecline: mayDecline(own),
    mayWant: own.state === 'declined',
  }
}

function textOf({ t, dates, viewer }: Words, own: HonorariumRow): string {
  if (own.state === 'expected') return t(`honoraria.own.expected.${own.gate}`)
  return t(`honoraria.own.${own.state}`, {
    coordinator: coordinatorOf(viewer),
    when: own.due_at ? dates.dayInText(dayIn(timeZoneOf(viewer), own.due_at)) : '',
    day: own.paid_on ? dates.date(own.paid_on) : '',
    reference: own.reference ?? '',
    reason: own.reason ?? '',
  })
}
