import { isAcceptedState, type ParticipantState, type Role } from '../../web/viewer.ts'
import { addDays, now } from '../../clock.ts'
import type { ToConfirmRow } from '../contacts/index.ts'
import type { OwnMatchRow } from '../matches/index.ts'
import { mayHandIn, type ReportFactsRow } from '../reports/index.ts'
import type { AheadRow } from './queries.ts'

type AboutMatch =
  | 'offer'
  | 'sign'
  | 'log'
  | 'partner'
  | 'partnerAnswers'
  | 'partnerSigns'
  | 'partnerTrains'
  | 'lastTalk'
  | 'finish'
  | 'paused'
  | 'over'
export type NextStep =
  | { kind: 'application'; state: ParticipantState }
  | { kind: AboutMatch; match: OwnMatchRow }
  | { kind: 'confirm'; match: OwnMatchRow; contact: ToConfirmRow }
  | { kind: 'reply' | 'write' | 'task' | 'move'; match: OwnMatchRow; ahead: AheadRow }
  | { kind: 'train' }
  | { kind: 'report'; report: ReportFactsRow }
  | { kind: 'wait'; role: Role }
  | { kind: 'done' }

const WRITE_DAYS = 3
/** For two lines about a contact people are asked for some days, and then no more. */
export function askedToWriteSince(): Date {
  return new Date(now().getTime() - WRITE_DAYS * 86_400_000)
}

export type StepFacts = {
  role: Role
  state: ParticipantState
  /** A mentor who has not attended the training yet, where that is asked for. */
  needsTraining: boolean
  /** The viewer's own. */
  report: ReportFactsRow | undefined
  /** In the programme's time zone. */
  today: string
  /** Also those that ended lately. */
  matches: readonly OwnMatchRow[]
  /** What lies ahead in them; the contact that waits longest is first. */
  ahead: readonly AheadRow[]
}

/** One line of docs/next-step.md: what to do, if it is to be done. */
type Line = (facts: StepFacts & { over: readonly OwnMatchRow[] }) => NextStep | undefined

const about = (kind: AboutMatch, match?: OwnMatchRow) => match && { kind, match }
const begun = (match: OwnMatchRow) => match.active_at !== null
const hasFew = (match: OwnMatchRow) => begun(match) && match.contacts_counted < match.minimum
/** A pair that rests, or comes to its end, is not asked for more contacts. */
const lacksContacts = (match: OwnMatchRow) => match.state === 'active' && hasFew(match)

/** Something to sign: the first agreement, or a new version that the partner has signed already. */
function isToSign({ state, own_signed, partner_signed, in_force }: OwnMatchRow): boolean {
  if (own_signed) return false
  return in_force ? partner_signed : state === 'agreeing'
}

function confirmStep({ ahead, matches }: StepFacts): NextStep | undefined {
  for (const { match_id, to_confirm: contact } of ahead) {
    const match = matches.find(({ id }) => id === match_id)
    if (contact && match) return { kind: 'confirm', match, contact }
  }
  return undefined
}

/** The first match of which something holds that lies ahead in it. */
function aheadStep(
  kind: 'reply' | 'write' | 'task' | 'move',
  holds: (ahead: AheadRow, today: string) => boolean,
): Line {
  return ({ ahead, matches, today }) => {
    for (const row of ahead) {
      const match = holds(row, today) ? matches.find(({ id }) => id === row.match_id) : undefined
      if (match?.state === 'paused' && kind !== 'reply') continue
      if (match) return { kind, match, ahead: row }
    }
    return undefined
  }
}

/** What comes to its end, before or after the last talk. */
function closingStep(kind: 'lastTalk' | 'finish'): Line {
  return ({ matches, ahead }) => {
    const talked = new Set(ahead.filter((row) => row.has_last_talk).map((row) => row.match_id))
    return about(
      kind,
      matches.find(({ id, state }) => state === 'closing' && talked.has(id) === (kind === 'finish')),
    )
  }
}

const REPORT_SOON_DAYS = 14
/** It came back, or its day is near, or over. */
function isPressing({ state, due_on: due }: ReportFactsRow, today: string): boolean {
  return state === 'returned' || (due !== null && due <= addDays(today, REPORT_SOON_DAYS))
}

function reportStep(isTime: (report: ReportFactsRow, facts: StepFacts) => boolean): Line {
  return (facts) => {
    const { report } = facts
    return report && mayHandIn(report) && isTime(report, facts) ? { kind: 'report', report } : undefined
  }
}

const lines: Line[] = [
  ({ state }) => (isAcceptedState(state) ? undefined : { kind: 'application', state }),
  ({ matches }) =>
    about(
      'offer',
      matches.find(({ state, own_answer }) => state === 'offered' && own_answer === null),
    ),
  ({ matches }) => about('sign', matches.find(isToSign)),
  aheadStep('reply', ({ unread }) => unread > 0),
  confirmStep,
  ({ role, needsTraining }) => (role === 'mentor' && needsTraining ? { kind: 'train' } : undefined),
  aheadStep('write', ({ to_write_id: contact }) => contact !== null),
  aheadStep('task', ({ tasks: [task] }, today) => !!task?.due_on && task.due_on <= addDays(today, 1)),
  reportStep((report, { today }) => isPressing(report, today)),
  closingStep('lastTalk'),
  aheadStep('move', (row) => row.partner_is_ready),
  ({ matches }) =>
    about(
      'log',
      matches.find((one) => lacksContacts(one) && one.contacts_counted + one.contacts_waiting < one.minimum),
    ),
  reportStep((_, { matches }) => !matches.some((one) => one.state !== 'closing' && hasFew(one))),
  ({ matches }) =>
    about(
      'partnerSigns',
      matches.find(({ state, own_signed }) => state === 'agreeing' && own_signed),
    ),
  ({ matches }) =>
    about(
      'partnerTrains',
      matches.find(({ state, in_force }) => state === 'agreeing' && in_force),
    ),
  ({ matches }) => about('partner', matches.find(lacksContacts)),
  ({ matches }) =>
    about(
      'partnerAnswers',
      matches.find(({ state }) => state === 'offered'),
    ),
  closingStep('finish'),
  ({ matches }) =>
    about(
      'paused',
      matches.find(({ state }) => state === 'paused'),
    ),
  ({ matches, over }) => (matches.length === 0 ? about('over', over[0]) : undefined),
  ({ role, matches }) => (matches.length === 0 ? { kind: 'wait', role } : undefined),
]

/**
 * The one next thing; the order is the list in docs/next-step.md. Across several matches the one that waits longest
 * comes first.
 */
export function nextStepFor(facts: StepFacts): NextStep {
  const open = facts.matches.filter((match) => match.ended_at === null)
  const over = facts.matches.filter((match) => match.ended_at !== null)
  for (const line of lines) {
    const step = line({ ...facts, matches: open, over })
    if (step) return step
  }
  return { kind: 'done' }
}
