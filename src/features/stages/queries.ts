import { statement } from '../../db.ts'
import type { Match } from '../../models/index.ts'
import type { Role } from '../../web/viewer.ts'
import type { OwnMatchRow } from '../matches/index.ts'
import type { Verdict } from './forms.ts'

/** How a stage stands; there is no row before anything has happened. */
export type StageRow = {
  stage: number
  mentee_ready_at: Date | null
  mentor_ready_at: Date | null
  done_at: Date | null
  skipped_at: Date | null
  reopened_at: Date | null
  reopened_by: Role | null
  reopen_line: string | null
}
const states = statement<StageRow>(
  'list_stage_states',
  `select stage, mentee_ready_at, mentor_ready_at, done_at, skipped_at, reopened_at, reopened_by, reopen_line
   from stage_states where match_id = $1`,
)
/** The stages of a match of which anything is known. */
export async function listStages(match: Match | OwnMatchRow): Promise<StageRow[]> {
  return states(match.id)
}

/** What the two say of an item. */
export type ItemRow = {
  item_key: string
  mentee_verdict: Verdict | null
  mentee_at: Date | null
  mentor_verdict: Verdict | null
  mentor_at: Date | null
}
const items = statement<ItemRow>(
  'list_stage_items',
  'select item_key, mentee_verdict, mentee_at, mentor_verdict, mentor_at from stage_items where match_id = $1',
)
/** The items of a match of which somebody has said anything. */
export async function listItems(match: Match | OwnMatchRow): Promise<ItemRow[]> {
  return items(match.id)
}

const inForce = statement(
  'find_agreement_in_force',
  `select 1 from agreements where match_id = $1 and state = 'in_force' limit 1`,
)
/** Whether both have signed one version of their agreement. */
export async function hasAgreement(match: Match): Promise<boolean> {
  return (await inForce(match.id)).length > 0
}

const saying = (role: Role) =>
  statement(
    `say_of_items_as_${role}`,
    `insert into stage_items (match_id, item_key, ${role}_verdict, ${role}_at)
     select $1, key, $3, case when $3::text is null then null else $4::timestamptz end from unnest($2::text[]) key
     on conflict (match_id, item_key) do update set ${role}_verdict = excluded.${role}_verdict, ${role}_at = excluded.${role}_at
     where stage_items.${role}_verdict is distinct from excluded.${role}_verdict`,
  )
const say = { mentee: saying('mentee'), mentor: saying('mentor') }
/** Writes what one side says of items; with no verdict, that they say nothing any more. */
export async function saveVerdict(
  match: Match,
  role: Role,
  { keys, verdict }: { keys: readonly string[]; verdict: Verdict | null },
  at: Date,
): Promise<void> {
  await say[role](match.id, keys, verdict, at)
}

const beReady = (role: Role) =>
  statement(
    `be_ready_as_${role}`,
    `insert into stage_states (match_id, stage, ${role}_ready_at) values ($1, $2, $3)
     on conflict (match_id, stage) do update set ${role}_ready_at = excluded.${role}_ready_at
     where (stage_states.${role}_ready_at is null) <> (excluded.${role}_ready_at is null)
     returning stage`,
  )
const ready = { mentee: beReady('mentee'), mentor: beReady('mentor') }
/** Writes whether one side is ready to move on. Says whether that is new. */
export async function saveReady(match: Match, role: Role, stage: number, at: Date | null): Promise<boolean> {
  return (await ready[role](match.id, stage, at)).length > 0
}

const done = statement(
  'finish_stage',
  `insert into stage_states (match_id, stage, done_at) values ($1, $2, $3)
   on conflict (match_id, stage) do update set done_at = excluded.done_at, skipped_at = null`,
)
/** A stage is done. */
export async function saveDone(match: Match, stage: number, at: Date): Promise<void> {
  await done(match.id, stage, at)
}

const skip = statement(
  'skip_stages',
  `insert into stage_states (match_id, stage, skipped_at)
   select $1, stage, $3 from generate_series(1, $2::integer) stage
   on conflict (match_id, stage) do update set skipped_at = excluded.skipped_at where stage_states.done_at is null`,
)
/** All stages up to this one that are not done are left out. */
export async function saveSkipped(match: Match, upTo: number, at: Date): Promise<void> {
  await skip(match.id, upTo, at)
}

const reopen = statement(
  'reopen_stage',
  `update stage_states set done_at = null, skipped_at = null, mentee_ready_at = null, mentor_ready_at = null,
     reopened_at = $3, reopened_by = $4, reopen_line = $5
   where match_id = $1 and stage = $2`,
)
/** A stage is open again, with a line that says why; both have to be ready anew. */
export async function saveReopened(
  match: Match,
  stage: number,
  { by, line }: { by: Role; line: string },
  at: Date,
): Promise<void> {
  await reopen(match.id, stage, at, by, line)
}
