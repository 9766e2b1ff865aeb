import type { Chip } from '../../../web/components.ts'
import type { T } from '../../../web/i18n.ts'
import type { HonorariumState } from '../queries.ts'

const LOOKS: Record<HonorariumState, Pick<Chip, 'kind' | 'icon'>> = {
  expected: { kind: 'plain', icon: 'circle' },
  due: { kind: 'you', icon: 'exclamation-circle' },
  approved: { kind: 'ok', icon: 'check-lg' },
  exported: { kind: 'plain', icon: 'hourglass-split' },
  paid: { kind: 'ok', icon: 'check-circle' },
  withheld: { kind: 'wait', icon: 'clock-history' },
  declined: { kind: 'plain', icon: 'dash' },
}

/** Where an honorarium stands, in a word. */
export function stateChip(t: T, state: HonorariumState): Chip {
  return { ...LOOKS[state], text: t(`honoraria.state.${state}`) }
}

/** `£150.00`. */
export function moneyWords(t: T, { amount, currency }: { amount: string; currency: string }): string {
  const known = currency === 'GBP' || currency === 'EUR' || currency === 'USD' ? currency : 'other'
  return t(`honoraria.money.${known}`, { amount, currency })
}
