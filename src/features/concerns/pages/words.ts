import type { Chip } from '../../../web/components.ts'
import type { T } from '../../../web/i18n.ts'
import { nameOf } from '../../people/index.ts'
import type { ConcernRow, ConcernState } from '../queries.ts'

const LOOKS: Record<ConcernState, Pick<Chip, 'kind' | 'icon'>> = {
  raised: { kind: 'you', icon: 'exclamation-circle' },
  acknowledged: { kind: 'plain', icon: 'circle-half' },
  in_hand: { kind: 'plain', icon: 'arrow-repeat' },
  passed_on: { kind: 'plain', icon: 'arrow-up-right' },
  closed: { kind: 'plain', icon: 'check-lg' },
}

/** Where a concern stands, in a word; to whoever raised it no state is more alarming than another. */
export function stateChip(t: T, state: ConcernState, { plain = false } = {}): Chip {
  const { kind, icon } = LOOKS[state]
  return { kind: plain ? 'plain' : kind, icon, text: t(`concerns.own.state.${state}`) }
}

/** Who has raised it. */
export function raiserName(t: T, row: Pick<ConcernRow, 'raised_by_name' | 'raised_by_role' | 'raised_by_ref'>): string {
  const { raised_by_name: name, raised_by_role: role, raised_by_ref: ref } = row
  if (role === null || ref === null) return name ?? t('concerns.new.whom.staff')
  return nameOf(t, { name, role, ref })
}
