import type { Role } from '../../web/viewer.ts'
import type { ToConfirmRow } from '../contacts/index.ts'
import type { OwnMatchRow } from '../matches/index.ts'

export type NextStep =
  | { kind: 'confirm'; contact: ToConfirmRow }
  | { kind: 'wait'; role: Role }
  | { kind: 'log'; match: OwnMatchRow }
  | { kind: 'partner'; match: OwnMatchRow }
  | { kind: 'done' }

/**
 * The one next thing; the order is the list in docs/next-step.md. Across several matches the one that waits longest
 * comes first.
 */
export function nextStepFor(facts: {
  role: Role
  minimum: number
  matches: readonly OwnMatchRow[]
  toConfirm: ToConfirmRow | undefined
}): NextStep {
  const { role, minimum, matches, toConfirm } = facts
  if (toConfirm) return { kind: 'confirm', contact: toConfirm }
  if (matches.length === 0) return { kind: 'wait', role }
  const open = matches.filter(({ contacts_counted }) => contacts_counted < minimum)
  const toLog = open.find(({ contacts_counted, contacts_waiting }) => contacts_counted + contacts_waiting < minimum)
  if (toLog) return { kind: 'log', match: toLog }
  return open[0] ? { kind: 'partner', match: open[0] } : { kind: 'done' }
}
