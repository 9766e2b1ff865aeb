import { randomUUID } from 'node:crypto'
import { dayIn, now } from '../../clock.ts'
import { transaction } from '../../db.ts'
import type { Match } from '../../models/index.ts'
import { forbidden } from '../../web/errors.ts'
import type { TextKey } from '../../web/i18n.ts'
import { timeZoneOf, type Role, type Viewer } from '../../web/viewer.ts'
import { isUnderWay, lockOwnMatch } from '../matches/index.ts'
import { settle, tell } from '../notifications/index.ts'
import { tickByAct } from '../stages/index.ts'
import { OPTIONS, type ChoiceForm, type DecisionForm, type GoalForm, type ReviewForm, type TaskForm } from './forms.ts'
import {
  addComment,
  addDecision,
  addGoal,
  countComments,
  countDecisions,
  countGoals,
  countTasks,
  findDecision,
  findGoal,
  findPlan,
  findTask,
  insertTaskOf,
  listComments,
  listDecisions,
  listGoals,
  listTasks,
  removeComment,
  removeDecision,
  removeGoal,
  removeTask,
  saveChoice,
  saveDecision,
  saveDone,
  saveGoal,
  saveReview,
  saveSupport,
  saveTask,
  saveWants,
  type CommentRow,
  type DecisionItemRow,
  type DecisionRow,
  type DecisionText,
  type GoalItemRow,
  type GoalRow,
  type GoalText,
  type Option,
  type PairRow,
  type PlanRow,
  type TaskItemRow,
  type TaskRow,
  type TaskText,
} from './queries.ts'

/** So that a plan stays something two people can look through. */
export const LIMITS = { goals: 20, tasks: 100, decisions: 20, comments: 50 } as const

/** Both write in their plan while the match is under way; afterwards it is there to read (spec 4.4). */
export function mayWrite(pair: Pick<PairRow, 'state'>): boolean {
  return isUnderWay(pair)
}

/** Goals and decisions are the mentee's: nobody else adds, changes, reviews or deletes them (R7, R68). */
export function mayOwn(pair: Pick<PairRow, 'state' | 'own_role'>): boolean {
  return mayWrite(pair) && pair.own_role === 'mentee'
}

/** The mentor says something of a goal, or that they are with the mentee in it (R7). */
export function mayComment(pair: Pick<PairRow, 'state' | 'own_role'>): boolean {
  return mayWrite(pair) && pair.own_role === 'mentor'
}

/** A task is ticked by the one whose it is, and by nobody else (R73). */
export function mayTick(viewer: Viewer, pair: Pick<PairRow, 'state'>, { owner_id }: TaskText): boolean {
  return mayWrite(pair) && owner_id === viewer.participant?.id
}

/** Whoever wrote a task, and the one whose it is, may change it or take it away. */
export function mayChange(
  viewer: Viewer,
  pair: Pick<PairRow, 'state'>,
  { owner_id, written_by_id }: Pick<TaskItemRow, 'owner_id' | 'written_by_id'>,
): boolean {
  const own = viewer.participant?.id
  return mayWrite(pair) && (owner_id === own || written_by_id === own)
}

/** Goals can wait: the two have not been in touch yet, as far as anybody has logged (R62). */
export function isEarly({ contacts }: Pick<PairRow, 'contacts'>): boolean {
  return contacts === 0
}

export type Plan = { pair: PlanRow; goals: GoalItemRow[]; tasks: TaskItemRow[]; decisions: DecisionItemRow[] }

/** The plan of a pair, whole; what was new in it has been seen from now on. */
export async function readPlan(viewer: Viewer, matchId: number): Promise<Plan> {
  const pair = await findBegun(viewer, matchId)
  const plan = {
    pair,
    goals: await listGoals(pair),
    tasks: await listTasks(pair),
    decisions: await listDecisions(pair),
  }
  await settle({ id: pair.programme_id }, planSubject(pair.match_id), viewer.participant?.id)
  return plan
}

/** @throws 403 before the two have begun */
async function findBegun(viewer: Viewer, matchId: number): Promise<PlanRow> {
  const pair = await findPlan(viewer, matchId)
  if (pair.active_at === null) throw forbidden('plan.rules.notYet')
  return pair
}

/** A plan that the viewer may write in, all of it or (as the mentee) goals and decisions. @throws 403 */
export async function openPlan(viewer: Viewer, matchId: number, whose: 'both' | 'mentee' = 'both'): Promise<PlanRow> {
  const pair = await findBegun(viewer, matchId)
  check(pair, whose === 'both' ? mayWrite(pair) : mayOwn(pair), 'plan.rules.mentees')
  return pair
}

/** Refuses with the rule, or because it is over. */
function check(pair: PairRow, may: boolean, rule: TextKey): void {
  if (!may) throw forbidden(mayWrite(pair) ? rule : 'plan.rules.ended')
}

type Found<Row> = { find: () => Promise<Row>; may: (row: Row) => boolean; rule: TextKey }

/** Something of a plan, held until the end of the transaction: what the two do to one plan happens one after the other. */
async function holding<Row extends PairRow, T>(
  viewer: Viewer,
  { find, may, rule }: Found<Row>,
  act: (row: Row, match: Match) => Promise<T>,
): Promise<T> {
  return transaction(async () => {
    const match = await lockOwnMatch(viewer, (await find()).match_id)
    const row = await find() // again: it may have changed until we held the match
    check(row, may(row), rule)
    return act(row, match)
  })
}

const ofPlan = (viewer: Viewer, matchId: number, may: (pair: PlanRow) => boolean = mayWrite): Found<PlanRow> => ({
  find: () => findBegun(viewer, matchId),
  may,
  rule: 'plan.rules.mentees',
})
const ofGoal = (viewer: Viewer, id: number, may: (goal: GoalRow) => boolean = mayOwn): Found<GoalRow> => ({
  find: () => findGoal(viewer, id),
  may,
  rule: may === mayComment ? 'plan.rules.mentors' : 'plan.rules.mentees',
})
const ofDecision = (viewer: Viewer, id: number): Found<DecisionRow> => ({
  find: () => findDecision(viewer, id),
  may: mayOwn,
  rule: 'plan.rules.mentees',
})

/** What was done, and where; or which field stood in its way. */
export type Written<Field extends string = string> =
  { ok: true; id: number | undefined } | { ok: false; field: Field; error: TextKey }
const done = (id?: number): { ok: true; id: number | undefined } => ({ ok: true, id })

/** A day ahead: today or later, or the one that stood there before. */
function isPast(viewer: Viewer, day: string | null | undefined, before?: string | null): boolean {
  return day !== null && day !== undefined && day !== before && day < dayIn(timeZoneOf(viewer), now())
}

const planSubject = (matchId: number) => `plan:${matchId}`
const goalSubject = (goalId: number) => `goal:${goalId}`
/** Where the plan of a match is. */
export const planHref = (matchId: number): string => `/matches/${matchId}/plan`

/** The partner has one line waiting, however much is new in the plan. */
async function tellPartner(viewer: Viewer, match: Match): Promise<void> {
  const programme = { id: match.programmeId }
  const partner = match.mentorId === viewer.participant?.id ? match.menteeId : match.mentorId
  await settle(programme, planSubject(match.id), partner)
  await tell(programme, [partner], { kind: 'plan', subject: planSubject(match.id), href: planHref(match.id) })
}

// What I want from this.

/** One line of the viewer's own about what they want from this, in place of the one before (R57, R60). */
export function writeWants(viewer: Viewer, matchId: number, text: string): Promise<void> {
  return holding(viewer, ofPlan(viewer, matchId), async ({ own_wants: before, own_role: own }, match) => {
    if (before === text) return
    await saveWants(viewer, match, text, now())
    await tickByAct(match, 'wants', own)
    if (before === null) await tellPartner(viewer, match)
  })
}

// Goals.

const goalFrom = ({ goal, why, measure, byOn, category }: GoalForm): GoalText => ({
  text: goal,
  why: why ?? null,
  measure: measure ?? null,
  by_on: byOn ?? null,
  category: category ?? null,
})

/** The mentee adds a goal; the same form sent twice is one (R7). */
export function writeGoal(viewer: Viewer, matchId: number, formKey: string, form: GoalForm) {
  return holding(viewer, ofPlan(viewer, matchId, mayOwn), async (_, match): Promise<Written<'goal' | 'byOn'>> => {
    const { count, made } = await countGoals(match, formKey)
    if (made !== null) return done(made)
    if (isPast(viewer, form.byOn)) return { ok: false, field: 'byOn', error: 'plan.errors.past' }
    if (count >= LIMITS.goals) return { ok: false, field: 'goal', error: 'plan.errors.goalsFull' }
    const id = await addGoal(match, formKey, goalFrom(form), now())
    await tellPartner(viewer, match)
    return done(id)
  })
}

/** The mentee changes a goal; whoever changed an older version is told so, and changes nothing. */
export function changeGoal(viewer: Viewer, id: number, version: number, form: GoalForm) {
  return holding(viewer, ofGoal(viewer, id), async (goal): Promise<Written<'goal' | 'byOn'>> => {
    const text = goalFrom(form)
    if (isSame(text, goal)) return done(id)
    if (isPast(viewer, text.by_on, goal.by_on)) return { ok: false, field: 'byOn', error: 'plan.errors.past' }
    if (!(await saveGoal(goal, version, text))) return { ok: false, field: 'goal', error: 'plan.errors.stale' }
    return done(id)
  })
}

function isSame<T extends object>(text: T, before: T): boolean {
  return (Object.keys(text) as (keyof T)[]).every((name) => JSON.stringify(text[name]) === JSON.stringify(before[name]))
}

/** How a goal came out: achieved, partly, not, or changed, with one line each (R96). */
export function reviewGoal(viewer: Viewer, id: number, { outcome, note }: ReviewForm): Promise<GoalRow> {
  return holding(viewer, ofGoal(viewer, id), async (goal, match) => {
    if (goal.outcome === outcome && goal.review_note === note) return goal
    await saveReview(goal, outcome, note, now())
    await tickByAct(match, 'goals', 'both')
    await tellPartner(viewer, match)
    return goal
  })
}

/** A goal that was looked back on is open again. */
export function reopenGoal(viewer: Viewer, id: number): Promise<GoalRow> {
  return holding(viewer, ofGoal(viewer, id), async (goal) => {
    if (goal.outcome !== 'open') await saveReview(goal, 'open', null, null)
    return goal
  })
}

/** Deletes a goal for good, with what was said of it. */
export function dropGoal(viewer: Viewer, id: number): Promise<GoalRow> {
  return holding(viewer, ofGoal(viewer, id), async (goal) => {
    await settle({ id: goal.programme_id }, goalSubject(id))
    await removeGoal(goal)
    return goal
  })
}

/** A goal with what the mentor says of it. The mentee has seen that from now on. */
export async function readGoal(viewer: Viewer, id: number): Promise<{ goal: GoalRow; comments: CommentRow[] }> {
  const goal = await findGoal(viewer, id)
  const comments = await listComments(goal)
  if (goal.own_role === 'mentee') await settle({ id: goal.programme_id }, goalSubject(id), viewer.participant?.id)
  return { goal, comments }
}

/** A goal on a page where something is to be written. @throws 403 */
export async function openGoal(viewer: Viewer, id: number, as: 'mentee' | 'mentor' = 'mentee'): Promise<GoalRow> {
  const { find, may, rule } = ofGoal(viewer, id, as === 'mentee' ? mayOwn : mayComment)
  const goal = await find()
  check(goal, may(goal), rule)
  return goal
}

/** The mentor says something of a goal. The mentee is told that, not what. */
export function commentOn(viewer: Viewer, id: number, formKey: string, text: string) {
  return holding(viewer, ofGoal(viewer, id, mayComment), async (goal, match): Promise<Written<'comment'>> => {
    const { count, made } = await countComments(goal, formKey)
    if (made !== null) return done(id)
    if (count >= LIMITS.comments) return { ok: false, field: 'comment', error: 'plan.errors.commentsFull' }
    await addComment(viewer, goal, { formKey, text, at: now() })
    const programme = { id: match.programmeId }
    await settle(programme, goalSubject(id), match.menteeId)
    await tell(programme, [match.menteeId], { kind: 'goalComment', subject: goalSubject(id), href: `/goals/${id}` })
    return done(id)
  })
}

/** The mentor deletes what they said. */
export function dropComment(viewer: Viewer, id: number, commentId: number): Promise<void> {
  return holding(viewer, ofGoal(viewer, id, mayComment), (goal) => removeComment(viewer, goal, commentId))
}

/** The mentor says that they are with the mentee in this, or not any more. Twice is once. */
export function supportGoal(viewer: Viewer, id: number, isWith: boolean): Promise<void> {
  return holding(viewer, ofGoal(viewer, id, mayComment), async (goal, match) => {
    if (isWith === (goal.supported_at !== null)) return
    await saveSupport(goal, isWith ? now() : null)
    if (isWith) await tellPartner(viewer, match)
  })
}

// Tasks.

export type NewTask = { text: string; owner: Role; dueOn?: string | undefined; formKey?: string | undefined }

/**
 * Adds a task to the plan of a match that is locked in this transaction, for either of the two (R73). Says `already` when
 * this very form has made one, and `full` when there are too many open ones: then it has written nothing.
 */
export async function addTask(viewer: Viewer, match: Match, task: NewTask): Promise<'added' | 'already' | 'full'> {
  const { text, owner, dueOn = null, formKey = randomUUID() } = task
  const { count, made } = await countTasks(match, formKey)
  if (made !== null) return 'already'
  if (count >= LIMITS.tasks) return 'full'
  const owner_id = ownerOf(match, owner)
  if (!(await insertTaskOf(match, viewer, { text, owner_id, due_on: dueOn, formKey, at: now() }))) return 'already'
  await tickByAct(match, 'task', 'both')
  if (owner_id !== viewer.participant?.id) await tellPartner(viewer, match)
  return 'added'
}

const ownerOf = ({ menteeId, mentorId }: Match, owner: Role) => (owner === 'mentee' ? menteeId : mentorId)

/** Either of the two sets a task, for themselves or for the other. */
export function writeTask(viewer: Viewer, matchId: number, formKey: string, form: TaskForm) {
  return holding(viewer, ofPlan(viewer, matchId), async (_, match): Promise<Written<'task' | 'dueOn'>> => {
    const { task: text, owner, dueOn } = form
    if (isPast(viewer, dueOn)) return { ok: false, field: 'dueOn', error: 'plan.errors.past' }
    const added = await addTask(viewer, match, { text, owner, dueOn, formKey })
    return added === 'full' ? { ok: false, field: 'task', error: 'plan.errors.tasksFull' } : done(matchId)
  })
}

const ofTask = (viewer: Viewer, id: number, may: typeof mayTick | typeof mayChange, rule: TextKey): Found<TaskRow> => ({
  find: () => findTask(viewer, id),
  may: (task) => may(viewer, task, task),
  rule,
})

/** A task that the viewer may change. @throws 403 */
export async function openTask(viewer: Viewer, id: number): Promise<TaskRow> {
  const task = await findTask(viewer, id)
  check(task, mayChange(viewer, task, task), 'plan.rules.change')
  return task
}

/** Whoever wrote a task, or whose it is, changes it; whoever changed an older version is told so, and changes nothing. */
export function changeTask(viewer: Viewer, id: number, version: number, form: TaskForm) {
  const found = ofTask(viewer, id, mayChange, 'plan.rules.change')
  return holding(viewer, found, async (task, match): Promise<Written<'task' | 'dueOn'>> => {
    const text = { text: form.task, owner_id: ownerOf(match, form.owner), due_on: form.dueOn ?? null }
    if (isSame(text, task)) return done(match.id)
    if (isPast(viewer, text.due_on, task.due_on)) return { ok: false, field: 'dueOn', error: 'plan.errors.past' }
    if (!(await saveTask(viewer, task, version, text))) return { ok: false, field: 'task', error: 'plan.errors.stale' }
    if (text.owner_id !== task.owner_id && text.owner_id !== viewer.participant?.id) await tellPartner(viewer, match)
    return done(match.id)
  })
}

/** The one whose task it is ticks it, or opens it again. Twice is once. */
export function tickTask(viewer: Viewer, id: number, isDone: boolean): Promise<TaskRow> {
  return holding(viewer, ofTask(viewer, id, mayTick, 'plan.rules.tick'), async (task, match) => {
    if (isDone === (task.done_at !== null)) return task
    if (!isDone && (await countTasks(match, randomUUID())).count >= LIMITS.tasks)
      throw forbidden('plan.rules.tasksFull')
    await saveDone(task, isDone ? now() : null)
    return task
  })
}

/** Whoever wrote a task, or whose it is, takes it away. */
export function dropTask(viewer: Viewer, id: number): Promise<TaskRow> {
  return holding(viewer, ofTask(viewer, id, mayChange, 'plan.rules.change'), async (task) => {
    await removeTask(task)
    return task
  })
}

// Decisions.

function decisionFrom(form: DecisionForm): DecisionText {
  const options = OPTIONS.flatMap((at): Option[] => {
    const text = form[`option${at}`]
    return text === undefined ? [] : [{ text, for: form[`for${at}`] ?? null, against: form[`against${at}`] ?? null }]
  })
  return { question: form.question, options }
}

/** The mentee writes down what is to be decided, and what speaks for and against each way (R4). */
export function writeDecision(viewer: Viewer, matchId: number, formKey: string, form: DecisionForm) {
  return holding(viewer, ofPlan(viewer, matchId, mayOwn), async (_, match): Promise<Written<'question'>> => {
    const { count, made } = await countDecisions(match, formKey)
    if (made !== null) return done(made)
    if (count >= LIMITS.decisions) return { ok: false, field: 'question', error: 'plan.errors.decisionsFull' }
    const id = await addDecision(match, formKey, decisionFrom(form), now())
    await tellPartner(viewer, match)
    return done(id)
  })
}

/** The mentee changes what is weighed; whoever changed an older version is told so, and changes nothing. */
export function changeDecision(viewer: Viewer, id: number, version: number, form: DecisionForm) {
  return holding(viewer, ofDecision(viewer, id), async (decision): Promise<Written<'question'>> => {
    const text = decisionFrom(form)
    const { question, options } = decision
    if (question === text.question && optionsKey(options) === optionsKey(text.options)) return done(id)
    if (!(await saveDecision(decision, version, text)))
      return { ok: false, field: 'question', error: 'plan.errors.stale' }
    return done(id)
  })
}

/** The database keeps the parts of an option in an order of its own. */
const optionsKey = (options: readonly Option[]) =>
  JSON.stringify(options.map((one) => [one.text, one.for, one.against]))

/** The mentee decides: one of the options, or something else, on a day; and where it leads (R4, R98). */
export function takeDecision(viewer: Viewer, id: number, form: ChoiceForm) {
  return holding(viewer, ofDecision(viewer, id), async (decision, match): Promise<Written<'choice' | 'decidedOn'>> => {
    const chosen = form.choice === 'other' ? form.other : decision.options[Number(form.choice) - 1]?.text
    const today = dayIn(timeZoneOf(viewer), now())
    const { decidedOn: on = today, destination = null } = form
    if (chosen === undefined) return { ok: false, field: 'choice', error: 'plan.errors.choice' }
    if (on > today) return { ok: false, field: 'decidedOn', error: 'plan.errors.future' }
    const { chosen: before, decided_on, destination: led } = decision
    if (isSame({ chosen, on, destination }, { chosen: before, on: decided_on, destination: led })) return done(id)
    await saveChoice(decision, { chosen, decided_on: on, destination })
    await tickByAct(match, 'decision', 'mentee')
    await tellPartner(viewer, match)
    return done(id)
  })
}

/** A decision is open again. */
export function reopenDecision(viewer: Viewer, id: number): Promise<DecisionRow> {
  return holding(viewer, ofDecision(viewer, id), async (decision) => {
    if (decision.chosen !== null) await saveChoice(decision, { chosen: null, decided_on: null, destination: null })
    return decision
  })
}

/** Deletes a decision for good, with what was weighed. */
export function dropDecision(viewer: Viewer, id: number): Promise<DecisionRow> {
  return holding(viewer, ofDecision(viewer, id), async (decision) => {
    await removeDecision(decision)
    return decision
  })
}

/** A decision that the viewer may change. @throws 403 */
export async function openDecision(viewer: Viewer, id: number): Promise<DecisionRow> {
  const decision = await findDecision(viewer, id)
  check(decision, mayOwn(decision), 'plan.rules.mentees')
  return decision
}
