import createError from 'http-errors'
import { statement } from '../../db.ts'
import type { Match, MatchState } from '../../models/index.ts'
import type { Role, Viewer } from '../../web/viewer.ts'
import { readableSince } from '../matches/index.ts'

/** A pair from one side: the viewer's partner, and what decides who may write what. */
export type PairRow = {
  match_id: number
  programme_id: number
  state: MatchState
  active_at: Date | null
  ended_at: Date | null
  own_role: Role
  /** Contacts that count or wait to: none means that the two hardly know each other. */
  contacts: number
  partner_id: number
  role: Role
  ref: string
  name: string | null
  given_name: string | null
}
const PAIR = `m.id as match_id, m.programme_id, m.state, m.active_at, m.ended_at,
  case when m.mentee_id = $1 then 'mentee' else 'mentor' end as own_role,
  m.contacts_counted + m.contacts_waiting as contacts, partner.id as partner_id, partner.role, partner.ref,
  p.shown_name as name, p.call_name as given_name`
// Only the two of a match get here; once it has ended, to read for thirty days, and then no more (spec 4.4).
const OF_PAIR = `
  join participants partner on partner.id in (m.mentor_id, m.mentee_id) and partner.id <> $1
  join people p on p.id = partner.person_id
  where (m.mentor_id = $1 or m.mentee_id = $1) and m.state not in ('offered', 'discarded')
    and (m.ended_at is null or (m.active_at is not null and m.ended_at > $2))`

/** A pair with what each says that they want from it (R57, R60). */
export type PlanRow = PairRow & {
  own_wants: string | null
  partner_wants: string | null
  /** What the viewer wrote when they applied, if it is short enough to begin with. */
  applied_wants: string | null
}
const plan = statement<PlanRow>(
  'find_plan',
  `select ${PAIR}, own.text as own_wants, other.text as partner_wants,
     (select wants from participants where id = $1 and length(wants) <= 280) as applied_wants
   from matches m
   left join plan_wants own on own.match_id = m.id and own.participant_id = $1
   left join plan_wants other on other.match_id = m.id and other.participant_id <> $1 ${OF_PAIR} and m.id = $3`,
)
/** The plan of the viewer's own match. To anyone else it does not exist. */
export async function findPlan(viewer: Viewer, matchId: number): Promise<PlanRow> {
  return found(viewer, plan, matchId)
}

/** One row that is the viewer's and their partner's; to anyone else it does not exist. */
async function found<Row>(viewer: Viewer, find: (...values: unknown[]) => Promise<Row[]>, id: number): Promise<Row> {
  const [row] = viewer.participant ? await find(viewer.participant.id, readableSince(), id) : []
  if (!row) throw createError(404)
  return row
}

const saveLine = statement(
  'save_wants',
  `insert into plan_wants (match_id, participant_id, text, written_at) values ($1, $2, $3, $4)
   on conflict (match_id, participant_id) do update set text = excluded.text, written_at = excluded.written_at`,
)
/** The viewer's one line in a match, in place of the one before. */
export async function saveWants(viewer: Viewer, match: Match, text: string, at: Date): Promise<void> {
  await saveLine(match.id, viewer.participant?.id, text, at)
}

// Goals.

export type GoalOutcome = 'open' | 'achieved' | 'partly' | 'not' | 'changed'
export type GoalText = {
  text: string
  why: string | null
  measure: string | null
  by_on: string | null
  category: string | null
}
/** A goal in the list of a plan. */
export type GoalItemRow = GoalText & {
  id: number
  outcome: GoalOutcome
  review_note: string | null
  reviewed_at: Date | null
  supported_at: Date | null
  version: number
  comments: number
}
const GOAL = `g.id, g.text, g.why, g.measure, g.by_on, g.category, g.outcome, g.review_note, g.reviewed_at, g.supported_at,
  g.version, (select count(*)::int from goal_comments c where c.goal_id = g.id) as comments`
const goals = statement<GoalItemRow>(
  'list_goals',
  `select ${GOAL} from goals g where g.match_id = $1 order by g.outcome <> 'open', g.by_on, g.id limit 100`,
)
/** The goals of a pair, the open ones first, the nearest date on top. */
export async function listGoals({ match_id }: PairRow): Promise<GoalItemRow[]> {
  return goals(match_id)
}

export type GoalRow = PairRow & GoalItemRow
const goal = statement<GoalRow>(
  'find_goal',
  `select ${GOAL}, ${PAIR} from goals g join matches m on m.id = g.match_id ${OF_PAIR} and g.id = $3`,
)
/** A goal of the viewer's own match. To anyone else it does not exist. */
export async function findGoal(viewer: Viewer, id: number): Promise<GoalRow> {
  return found(viewer, goal, id)
}

/** How many there are in a match, and the one that this very form has made before. */
export type Made = { count: number; made: number | null }
function counting(name: string, what: string, { of = 'match_id', where = 'true' } = {}) {
  const find = statement<Made>(
    name,
    `select (count(*) filter (where ${where}))::int as count, max(id) filter (where form_key = $2) as made
     from ${what} where ${of} = $1`,
  )
  return async (id: number, formKey: string): Promise<Made> => (await find(id, formKey))[0] ?? { count: 0, made: null }
}

const goalsMade = counting('count_goals', 'goals')
export async function countGoals(match: Match, formKey: string): Promise<Made> {
  return goalsMade(match.id, formKey)
}

const insertGoal = statement<{ id: number }>(
  'insert_goal',
  `insert into goals (match_id, form_key, text, why, measure, by_on, category, written_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (form_key) do nothing returning id`,
)
/** Writes a goal down. Says nothing when this very form was used before. */
export async function addGoal(match: Match, formKey: string, goal: GoalText, at: Date): Promise<number | undefined> {
  const { text, why, measure, by_on, category } = goal
  return (await insertGoal(match.id, formKey, text, why, measure, by_on, category, at))[0]?.id
}

const updateGoal = statement<{ id: number }>(
  'update_goal',
  `update goals set text = $3, why = $4, measure = $5, by_on = $6, category = $7, version = version + 1
   where id = $1 and version = $2 returning id`,
)
/** Changes a goal. Says no when it is not the version any more that was changed. */
export async function saveGoal({ id }: GoalRow, version: number, goal: GoalText): Promise<boolean> {
  const { text, why, measure, by_on, category } = goal
  return (await updateGoal(id, version, text, why, measure, by_on, category)).length > 0
}

const review = statement(
  'review_goal',
  'update goals set outcome = $2, review_note = $3, reviewed_at = $4, version = version + 1 where id = $1',
)
/** How a goal came out, or that it is open again. */
export async function saveReview({ id }: GoalRow, outcome: GoalOutcome, note: string | null, at: Date | null) {
  await review(id, outcome, note, at)
}

const support = statement('support_goal', 'update goals set supported_at = $2 where id = $1')
/** The mentor is with the mentee in this, or not any more. */
export async function saveSupport({ id }: GoalRow, at: Date | null): Promise<void> {
  await support(id, at)
}

const dropGoalOf = statement('remove_goal', 'delete from goals where id = $1')
export async function removeGoal({ id }: GoalRow): Promise<void> {
  await dropGoalOf(id)
}

export type CommentRow = { id: number; author_id: number; text: string; written_at: Date }
const comments = statement<CommentRow>(
  'list_goal_comments',
  'select id, author_id, text, written_at from goal_comments where goal_id = $1 order by id limit 100',
)
/** What the mentor says of a goal, in the order of writing. */
export async function listComments({ id }: GoalRow): Promise<CommentRow[]> {
  return comments(id)
}

const commentsMade = counting('count_goal_comments', 'goal_comments', { of: 'goal_id' })
export async function countComments({ id }: GoalRow, formKey: string): Promise<Made> {
  return commentsMade(id, formKey)
}

const insertComment = statement<{ id: number }>(
  'insert_goal_comment',
  `insert into goal_comments (goal_id, form_key, author_id, text, written_at) values ($1, $2, $3, $4, $5)
   on conflict (form_key) do nothing returning id`,
)
/** Says something of a goal; a form that was used before changes nothing. */
export async function addComment(
  viewer: Viewer,
  { id }: GoalRow,
  comment: { formKey: string; text: string; at: Date },
) {
  const { formKey, text, at } = comment
  await insertComment(id, formKey, viewer.participant?.id, text, at)
}

const dropCommentOf = statement<{ id: number }>(
  'remove_goal_comment',
  'delete from goal_comments where id = $1 and goal_id = $2 and author_id = $3 returning id',
)
/** Deletes a comment of the viewer's own. @throws 404 where there is none */
export async function removeComment(viewer: Viewer, { id }: GoalRow, commentId: number): Promise<void> {
  if ((await dropCommentOf(commentId, id, viewer.participant?.id)).length === 0) throw createError(404)
}

// Tasks.

export type TaskText = { text: string; owner_id: number; due_on: string | null }
/** A task in the list of a plan. */
export type TaskItemRow = TaskText & { id: number; written_by_id: number; done_at: Date | null; version: number }
const TASK = 't.id, t.text, t.owner_id, t.due_on, t.written_by_id, t.done_at, t.version'
const DONE_SHOWN = 20
const tasks = statement<TaskItemRow>(
  'list_tasks',
  `(select ${TASK} from tasks t where t.match_id = $1 and t.done_at is null order by t.due_on, t.id limit 200)
   union all
   (select ${TASK} from tasks t where t.match_id = $1 and t.done_at is not null
    order by t.done_at desc, t.id desc limit ${DONE_SHOWN})`,
)
/** The open tasks of a pair, the nearest date first, and the latest that are done. */
export async function listTasks({ match_id }: PairRow): Promise<TaskItemRow[]> {
  return tasks(match_id)
}

export type TaskRow = PairRow & TaskItemRow
const task = statement<TaskRow>(
  'find_task',
  `select ${TASK}, ${PAIR} from tasks t join matches m on m.id = t.match_id ${OF_PAIR} and t.id = $3`,
)
/** A task of the viewer's own match. To anyone else it does not exist. */
export async function findTask(viewer: Viewer, id: number): Promise<TaskRow> {
  return found(viewer, task, id)
}

const tasksMade = counting('count_open_tasks', 'tasks', { where: 'done_at is null' })
/** The open ones count. */
export async function countTasks(match: Match, formKey: string): Promise<Made> {
  return tasksMade(match.id, formKey)
}

const insertTask = statement<{ id: number }>(
  'insert_task',
  `insert into tasks (match_id, form_key, owner_id, written_by_id, text, due_on, written_at)
   values ($1, $2, $3, $4, $5, $6, $7) on conflict (form_key) do nothing returning id`,
)
/** Says whether it was added: a form that was used before changes nothing. */
export async function insertTaskOf(match: Match, by: Viewer, task: TaskText & { formKey: string; at: Date }) {
  const { formKey, owner_id, text, due_on, at } = task
  return (await insertTask(match.id, formKey, owner_id, by.participant?.id, text, due_on, at)).length > 0
}

const updateTask = statement<{ id: number }>(
  'update_task',
  `update tasks set text = $3, written_by_id = case when owner_id = $4 then written_by_id else $6 end, owner_id = $4,
     due_on = $5, version = version + 1
   where id = $1 and version = $2 returning id`,
)
/**
 * Changes a task; whoever hands it to the other is the one who sets it from now on. Says no when it is not the version any
 * more that was changed.
 */
export async function saveTask(by: Viewer, { id }: TaskRow, version: number, task: TaskText): Promise<boolean> {
  return (await updateTask(id, version, task.text, task.owner_id, task.due_on, by.participant?.id)).length > 0
}

const tick = statement('tick_task', 'update tasks set done_at = $2, version = version + 1 where id = $1')
/** A task is done, or not any more. */
export async function saveDone({ id }: TaskRow, at: Date | null): Promise<void> {
  await tick(id, at)
}

const dropTaskOf = statement('remove_task', 'delete from tasks where id = $1')
export async function removeTask({ id }: TaskRow): Promise<void> {
  await dropTaskOf(id)
}

// Decisions.

export type Option = { text: string; for: string | null; against: string | null }
/** A decision in the list of a plan. */
export type DecisionItemRow = {
  id: number
  question: string
  options: Option[]
  chosen: string | null
  decided_on: string | null
  destination: string | null
  version: number
}
const DECISION = 'd.id, d.question, d.options, d.chosen, d.decided_on, d.destination, d.version'
const decisions = statement<DecisionItemRow>(
  'list_decisions',
  `select ${DECISION} from decisions d where d.match_id = $1 order by d.chosen is not null, d.decided_on desc, d.id limit 100`,
)
/** The decisions of a pair's mentee: those still open first, then the newest. */
export async function listDecisions({ match_id }: PairRow): Promise<DecisionItemRow[]> {
  return decisions(match_id)
}

export type DecisionRow = PairRow & DecisionItemRow
const decision = statement<DecisionRow>(
  'find_decision',
  `select ${DECISION}, ${PAIR} from decisions d join matches m on m.id = d.match_id ${OF_PAIR} and d.id = $3`,
)
/** A decision in the viewer's own match. To anyone else it does not exist. */
export async function findDecision(viewer: Viewer, id: number): Promise<DecisionRow> {
  return found(viewer, decision, id)
}

const decisionsMade = counting('count_decisions', 'decisions')
export async function countDecisions(match: Match, formKey: string): Promise<Made> {
  return decisionsMade(match.id, formKey)
}

export type DecisionText = Pick<DecisionItemRow, 'question' | 'options'>
const insertDecision = statement<{ id: number }>(
  'insert_decision',
  `insert into decisions (match_id, form_key, question, options, written_at) values ($1, $2, $3, $4, $5)
   on conflict (form_key) do nothing returning id`,
)
/** Writes down what is to be decided. Says nothing when this very form was used before. */
export async function addDecision(match: Match, formKey: string, decision: DecisionText, at: Date) {
  const { question, options } = decision
  return (await insertDecision(match.id, formKey, question, JSON.stringify(options), at))[0]?.id
}

const updateDecision = statement<{ id: number }>(
  'update_decision',
  `update decisions set question = $3, options = $4, version = version + 1 where id = $1 and version = $2 returning id`,
)
/** Changes what is weighed. Says no when it is not the version any more that was changed. */
export async function saveDecision({ id }: DecisionRow, version: number, decision: DecisionText): Promise<boolean> {
  return (await updateDecision(id, version, decision.question, JSON.stringify(decision.options))).length > 0
}

export type Choice = Pick<DecisionItemRow, 'chosen' | 'decided_on' | 'destination'>
const choose = statement(
  'choose_option',
  `update decisions set chosen = $2, decided_on = $3, destination = $4, version = version + 1 where id = $1`,
)
/** What it became, or that it is open again. */
export async function saveChoice({ id }: DecisionRow, { chosen, decided_on, destination }: Choice): Promise<void> {
  await choose(id, chosen, decided_on, destination)
}

const dropDecisionOf = statement('remove_decision', 'delete from decisions where id = $1')
export async function removeDecision({ id }: DecisionRow): Promise<void> {
  await dropDecisionOf(id)
}

// For pages above.

export type OwnTask = { id: number; text: string; due_on: string | null }
/** What a home page says of a plan: what the partner wants from this, and what the viewer has to do next. */
export type PlanNotes = { partner_wants: string | null; tasks: OwnTask[] }
/**
 * The plan of match `m` in short, to join into a statement of a feature above that asks as participant $1, so that a home
 * page needs none more: `noted` has the columns of PlanNotes.
 */
export const PLAN_NOTES = `cross join lateral (select
    (select w.text from plan_wants w where w.match_id = m.id and w.participant_id <> $1) as partner_wants,
    coalesce((select json_agg(json_build_object('id', n.id, 'text', n.text, 'due_on', n.due_on) order by n.due_on, n.id)
      from (select t.id, t.text, t.due_on from tasks t where t.match_id = m.id and t.owner_id = $1 and t.done_at is null
        order by t.due_on, t.id limit 2) n), '[]') as tasks) noted`
