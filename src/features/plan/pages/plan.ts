import { addDays, dayIn } from '../../../clock.ts'
import type { Chip, Empty, Notice } from '../../../web/components.ts'
import type { T } from '../../../web/i18n.ts'
import type { IconName } from '../../../web/icons.ts'
import { timeZoneOf } from '../../../web/viewer.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { READABLE_DAYS } from '../../matches/index.ts'
import { callNameOf } from '../../people/index.ts'
import { wantsForm, type WantsForm } from '../forms.ts'
import type { Form } from '../../../web/forms.ts'
import type { DecisionItemRow, GoalItemRow, GoalOutcome, OwnTask, PairRow, PlanRow, TaskItemRow } from '../queries.ts'
import { isEarly, LIMITS, mayChange, mayOwn, mayTick, mayWrite, planHref, type Plan } from '../service.ts'
import { filled, planFormPage, type Link, type PlanFormPage } from './form.ts'

type WantsItem = { who: string; text: string | undefined; none: string; change: Link | undefined }
type GoalItem = { href: string; text: string; icon: IconName; facts: string; chips: Chip[]; note: string | undefined }
type TaskItem = {
  text: string
  own: boolean
  when: string
  chips: Chip[]
  tick: string | undefined
  reopen: string | undefined
  changeHref: string | undefined
}
type DecisionItem = { href: string; question: string; text: string; chip: Chip }
/** One of the lists: what is in it, and how another one comes into it, or why none does. */
type List<Item> = {
  items: Item[]
  empty: Empty | undefined
  add: Link | undefined
  full: string | undefined
  hint: string | undefined
}
export type PlanPage = PageModel & {
  privacy: string
  over: Notice | undefined
  wants: WantsItem[]
  /** The viewer has not said yet what they want: this comes first. */
  wantsMissing: Link | undefined
  goals: List<GoalItem>
  /** It is early for goals, and there are none. */
  early: { title: string; text: string; anyway: Link | undefined } | undefined
  tasks: List<TaskItem>
  done: TaskItem[]
  decisions: List<DecisionItem>
}
export const renderPlan = view<PlanPage>('plan/show')

/** The plan of a pair: what each wants, the mentee's goals, tasks of both, the mentee's decisions. */
export function planPage(words: Words, plan: Plan): PlanPage {
  const { t } = words
  const { pair, tasks } = plan
  const partner = callNameOf(t, pair)
  const href = `${planHref(pair.match_id)}/wants`
  return {
    title: t('plan.title', { partner }),
    here: '/',
    wide: true,
    privacy: privacyOf(t, pair),
    over: mayWrite(pair) ? undefined : overNotice(words, pair),
    wants: wantsItems(t, pair),
    wantsMissing: mayWrite(pair) && pair.own_wants === null ? { href, label: t('plan.wants.write') } : undefined,
    goals: goalList(words, plan),
    early: plan.goals.length === 0 && mayWrite(pair) && isEarly(pair) ? earlyOf(t, pair) : undefined,
    tasks: taskList(words, plan),
    done: tasks.filter(({ done_at }) => done_at !== null).map((task) => taskItem(words, pair, task)),
    decisions: decisionList(words, plan),
  }
}

/** It has ended: until when the plan can still be read. */
function overNotice({ t, dates, viewer }: Words, { ended_at: at }: PairRow): Notice {
  const until = at ? dates.date(addDays(dayIn(timeZoneOf(viewer), at), READABLE_DAYS)) : ''
  return { kind: 'plain', icon: 'lock', title: t('plan.over.title'), text: t('plan.over.text', { until }) }
}

/** Both lines, the mentee's on top (R57). */
function wantsItems(t: T, pair: PlanRow): WantsItem[] {
  const partner = callNameOf(t, pair)
  const change = { href: `${planHref(pair.match_id)}/wants`, label: t('plan.wants.change') }
  const own: WantsItem = {
    who: t('plan.wants.you'),
    text: pair.own_wants ?? undefined,
    none: t('plan.wants.noneOfYou'),
    change: mayWrite(pair) && pair.own_wants !== null ? change : undefined,
  }
  const other: WantsItem = {
    who: t('plan.wants.partner', { partner }),
    text: pair.partner_wants ?? undefined,
    none: t('plan.wants.noneOfThem', { partner }),
    change: undefined,
  }
  return pair.own_role === 'mentee' ? [own, other] : [other, own]
}

function earlyOf(t: T, { match_id, own_role, ...pair }: PlanRow): PlanPage['early'] {
  const anyway = { href: `/matches/${match_id}/goals/new`, label: t('plan.goals.anyway') }
  return {
    title: t('plan.goals.early'),
    text: t(`plan.goals.earlyText.${own_role}`, { partner: callNameOf(t, pair) }),
    anyway: own_role === 'mentee' ? anyway : undefined,
  }
}

type Listed = { kind: 'goals' | 'tasks' | 'decisions'; may: boolean; count: number }
/** How one more comes into a list of the plan, or that it is full. */
function another({ t }: Words, { match_id }: PairRow, { kind, may, count }: Listed): Pick<List<never>, 'add' | 'full'> {
  const isFull = count >= LIMITS[kind]
  return {
    add: may && !isFull ? { href: `/matches/${match_id}/${kind}/new`, label: t(`plan.${kind}.add`) } : undefined,
    full: may && isFull ? t(`plan.${kind}.full`, { count: LIMITS[kind] }) : undefined,
  }
}

function goalList(words: Words, { pair, goals }: Plan): List<GoalItem> {
  const { t } = words
  const may = mayOwn(pair)
  const partner = callNameOf(t, pair)
  return {
    items: goals.map((goal) => goalItem(words, pair, goal)),
    empty:
      goals.length === 0
        ? { title: t('plan.goals.none'), text: t(`plan.goals.noneText.${pair.own_role}`, { partner }) }
        : undefined,
    ...another(words, pair, { kind: 'goals', may, count: goals.length }),
    hint: mayWrite(pair) && !may ? t('plan.goals.theirs', { partner }) : undefined,
  }
}

const GOAL_ICONS: Record<GoalOutcome, IconName> = {
  open: 'circle',
  achieved: 'check-circle',
  partly: 'circle-half',
  not: 'dash',
  changed: 'arrow-repeat',
}

function goalItem(words: Words, pair: PairRow, goal: GoalItemRow): GoalItem {
  const { t } = words
  return {
    href: `/goals/${goal.id}`,
    text: goal.text,
    icon: GOAL_ICONS[goal.outcome],
    facts: goalFacts(words, goal),
    chips: goalChips(t, pair, goal),
    note: goal.review_note ?? undefined,
  }
}

/** `By Friday 4 December. Confidence. 2 comments.` */
function goalFacts({ t, dates }: Words, goal: GoalItemRow): string {
  return [
    goal.by_on === null ? undefined : t('plan.goals.by', { day: dates.date(goal.by_on) }),
    goal.category === null
      ? undefined
      : t('plan.goals.about', { category: t(`plan.category.${goal.category as 'other'}`) }),
    goal.comments === 0 ? undefined : t('plan.goals.comments', { count: goal.comments }),
  ]
    .filter((part) => part !== undefined)
    .join(' ')
}

/** How a goal stands, and that the mentor is with it. */
export function goalChips(t: T, pair: PairRow, { outcome, supported_at }: GoalItemRow): Chip[] {
  const kind = outcome === 'achieved' || outcome === 'partly' ? 'ok' : 'plain'
  const chips: Chip[] =
    outcome === 'open' ? [] : [{ kind, icon: GOAL_ICONS[outcome], text: t(`plan.outcome.${outcome}`) }]
  if (supported_at) chips.push({ kind: 'you', icon: 'people', text: supportText(t, pair) })
  return chips
}

const supportText = (t: T, pair: PairRow) =>
  pair.own_role === 'mentor' ? t('plan.goal.youSupport') : t('plan.goal.theySupport', { partner: callNameOf(t, pair) })

function taskList(words: Words, { pair, tasks }: Plan): List<TaskItem> {
  const { t } = words
  const may = mayWrite(pair)
  const open = tasks.filter(({ done_at }) => done_at === null)
  const items = open.map((task) => taskItem(words, pair, task))
  const partner = callNameOf(t, pair)
  return {
    items: [...items.filter(({ own }) => own), ...items.filter(({ own }) => !own)],
    empty: open.length === 0 ? { title: t('plan.tasks.none'), text: t('plan.tasks.noneText', { partner }) } : undefined,
    ...another(words, pair, { kind: 'tasks', may, count: open.length }),
    hint: undefined,
  }
}

function taskItem(words: Words, pair: PairRow, task: TaskItemRow): TaskItem {
  const { viewer } = words
  const done = task.done_at !== null
  const may = mayTick(viewer, pair, task)
  return {
    text: task.text,
    own: task.owner_id === viewer.participant?.id,
    when: taskWhen(words, task),
    chips: taskChips(words, pair, task),
    tick: may && !done ? `/tasks/${task.id}/completion` : undefined,
    reopen: may && done ? `/tasks/${task.id}/reopening` : undefined,
    changeHref: !done && mayChange(viewer, pair, task) ? `/tasks/${task.id}/edit` : undefined,
  }
}

/** Whose it is, and whether its day is over. */
function taskChips({ t, dates, viewer }: Words, pair: PairRow, task: TaskItemRow): Chip[] {
  const isOpen = task.done_at === null
  const who: Chip =
    task.owner_id === viewer.participant?.id
      ? { kind: isOpen ? 'you' : 'plain', icon: 'person', text: t('plan.tasks.you') }
      : { kind: 'plain', icon: 'person', text: callNameOf(t, pair) }
  const isLate = isOpen && task.due_on !== null && task.due_on < dates.today
  return isLate ? [who, { kind: 'wait', icon: 'hourglass-split', text: t('plan.tasks.late') }] : [who]
}

/** `By Friday 4 December`, `By today`, `Was for Monday 23 November`, `Done yesterday`. */
function taskWhen(words: Words, { due_on, done_at }: Pick<TaskItemRow, 'due_on' | 'done_at'>): string {
  const { t, dates, viewer } = words
  if (done_at) return t('plan.tasks.doneOn', { day: dates.dayInText(dayIn(timeZoneOf(viewer), done_at)) })
  return dueWords(words, { due_on })
}

/** When a task is due, in words; nothing where there is no day: for the plan, and for pages above. */
export function dueWords({ t, dates }: Pick<Words, 't' | 'dates'>, { due_on }: Pick<OwnTask, 'due_on'>): string {
  if (due_on === null) return ''
  const words = { day: dates.dayInText(due_on) }
  return due_on < dates.today ? t('plan.tasks.was', words) : t('plan.tasks.by', words)
}

function decisionList(words: Words, { pair, decisions }: Plan): List<DecisionItem> {
  const { t } = words
  const may = mayOwn(pair)
  const partner = callNameOf(t, pair)
  return {
    items: decisions.map((decision) => decisionItem(words, decision)),
    empty:
      decisions.length === 0
        ? { title: t('plan.decisions.none'), text: t(`plan.decisions.noneText.${pair.own_role}`, { partner }) }
        : undefined,
    ...another(words, pair, { kind: 'decisions', may, count: decisions.length }),
    hint: mayWrite(pair) ? t(`plan.decisions.prompt.${pair.own_role}`, { partner }) : undefined,
  }
}

function decisionItem({ t, dates }: Words, decision: DecisionItemRow): DecisionItem {
  const { id, question, chosen, decided_on: on, options } = decision
  const taken = chosen !== null && on !== null
  return {
    href: `/decisions/${id}`,
    question,
    text: taken
      ? t('plan.decisions.taken', { chosen, day: dates.dayInText(on) })
      : t('plan.decisions.open', { count: options.length }),
    chip: taken
      ? { kind: 'ok', icon: 'check-lg', text: t('plan.decisions.chipTaken') }
      : { kind: 'plain', icon: 'circle', text: t('plan.decisions.chipOpen') },
  }
}

/** The page on which somebody writes their one line. */
export function wantsPage({ t }: Words, pair: PlanRow, form: Form<WantsForm>): PlanFormPage {
  const partner = callNameOf(t, pair)
  const suggested = pair.own_wants === null && pair.applied_wants !== null
  const { values, errors } = filled(form, { wants: pair.own_wants ?? pair.applied_wants ?? '' })
  const given = {
    title: t('plan.wants.title'),
    back: backToPlan(t, pair),
    lede: t(`plan.wants.lede.${pair.own_role}`, { partner }),
    privacy: privacyOf(t, pair),
    action: `${planHref(pair.match_id)}/wants`,
    parts: [
      {
        is: 'field' as const,
        part: {
          name: 'wants',
          label: t('plan.wants.label'),
          hint: t(suggested ? 'plan.wants.applied' : 'plan.wants.hint'),
          value: values.wants,
          error: errors.wants,
          rows: 3,
        },
      },
    ],
    save: t('plan.save'),
  }
  return planFormPage(given, form, wantsForm)
}

/** Who can read what is written here. */
export const privacyOf = (t: T, pair: PairRow): string => t('plan.privacy', { partner: callNameOf(t, pair) })

export function backToPlan(t: T, pair: PairRow): Link {
  return { href: planHref(pair.match_id), label: t('plan.title', { partner: callNameOf(t, pair) }) }
}
