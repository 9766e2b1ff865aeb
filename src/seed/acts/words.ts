/** What the two write: to each other, into their plan, and for themselves. */
import { randomUUID } from 'node:crypto'
import { now } from '../../clock.ts'
import * as feedback from '../../features/feedback/index.ts'
import * as logbook from '../../features/logbook/index.ts'
import * as plan from '../../features/plan/index.ts'
import * as skills from '../../features/skills/index.ts'
import * as threads from '../../features/threads/index.ts'
import type { Role } from '../../web/viewer.ts'
import type { Act, Pair } from '../stage.ts'
import { oneOf, type PairAct } from './matching.ts'

const sending = () =>
  ({ noted: 'yes', _act: 'send', _key: randomUUID(), _anyway: undefined, quote: undefined }) as const

/** One of the two begins a topic. */
export const writes =
  (role: Role, title: string, body: string): PairAct =>
  async (pair) =>
    threads.startThread(await oneOf(pair, role), await pair.id(), { title, body, topic: undefined, ...sending() })

/** The other one has read it, and answers in the topic that was last written in. */
export const answers =
  (role: Role, body: string): PairAct =>
  async (pair) => {
    const { viewer, thread } = await lastThread(pair, role)
    await threads.readThread(viewer, thread, {})
    return threads.postMessage(viewer, thread.id, { body, ...sending() })
  }

async function lastThread(pair: Pair, role: Role) {
  const viewer = await oneOf(pair, role)
  const { topics } = await threads.listTopics(viewer, await threads.findRoom(viewer, await pair.id()), now())
  const [last] = topics
  if (!last) throw new Error(`${pair.mentee} and ${pair.mentor} have no topic`)
  return { viewer, thread: await threads.findThread(viewer, last.id, now()) }
}

/** The mentor gives feedback that ends with a question of their own. */
export const givesFeedback =
  (body: string): PairAct =>
  async (pair) => {
    const { viewer, thread } = await lastThread(pair, 'mentor')
    return feedback.giveFeedback(viewer, thread.id, { body, question: 'own', reflection: undefined, ...sending() })
  }

/** The mentor points to an entry of the directory. */
export const pointsTo =
  (entry: string, body: string): PairAct =>
  async (pair) => {
    const { viewer, thread } = await lastThread(pair, 'mentor')
    return feedback.signpost(viewer, thread.id, { entry, body, ...sending() })
  }

type Entry = Parameters<typeof logbook.writeEntry>[2]
/** One of the two writes in their diary or log book about this match. */
export const notes =
  (
    role: Role,
    stage: '1' | '2' | '3',
    text: string,
    more: Partial<Pick<Entry, 'tags' | 'readers' | 'balance'>> = {},
  ): PairAct =>
  async (pair) =>
    logbook.writeEntry(await oneOf(pair, role), randomUUID(), {
      ...{ about: `match-${await pair.id()}`, kind: 'reflection', stage, text, tags: [], readers: 'me' },
      ...more,
    })

/** A mentor lets their supervisor read the newest entry. */
export const sharesEntry: PairAct = async (pair) => {
  const viewer = await oneOf(pair, 'mentor')
  const [entry] = (await logbook.readEntries(viewer, {})).entries
  if (entry) await logbook.shareWithSupervisor(viewer, entry.id, 'supervisor')
}

/** Each of the two writes what they want from this. */
export const want =
  (mentee: string, mentor: string): PairAct =>
  async (pair) => {
    await plan.writeWants(await oneOf(pair, 'mentee'), await pair.id(), mentee)
    await plan.writeWants(await oneOf(pair, 'mentor'), await pair.id(), mentor)
  }

type Goal = Parameters<typeof plan.writeGoal>[3]
/** The mentee sets a goal, and the mentor says that they are with them in it. */
export const setsGoal =
  ({ by, ...goal }: Pick<Goal, 'goal' | 'measure' | 'category'> & { by: number }, comment?: string): PairAct =>
  async (pair) => {
    const form = { ...goal, byOn: pair.day(by), why: undefined }
    const made = await plan.writeGoal(await oneOf(pair, 'mentee'), await pair.id(), randomUUID(), form)
    if (!made.ok || made.id === undefined) return made
    const mentor = await oneOf(pair, 'mentor')
    await plan.supportGoal(mentor, made.id, true)
    return comment && plan.commentOn(mentor, made.id, randomUUID(), comment)
  }

/** The mentee looks back on the goal that was set first. */
export const reviewsGoal =
  (outcome: 'achieved' | 'partly', note: string): PairAct =>
  async (pair) => {
    const viewer = await oneOf(pair, 'mentee')
    const goal = (await plan.readPlan(viewer, await pair.id())).goals[0]
    return goal && plan.reviewGoal(viewer, goal.id, { outcome, note })
  }

/** One of the two writes down a task for one of them. */
export const setsTask =
  (role: Role, task: string, owner: Role, due: number): PairAct =>
  async (pair) => {
    const form = { task, owner, dueOn: pair.day(due) }
    return plan.writeTask(await oneOf(pair, role), await pair.id(), randomUUID(), form)
  }

/** Whoever's it is has done the newest task. */
export const ticksTask =
  (role: Role): PairAct =>
  async (pair) => {
    const viewer = await oneOf(pair, role)
    const task = (await plan.readPlan(viewer, await pair.id())).tasks[0]
    return task && plan.tickTask(viewer, task.id, true)
  }

/** The mentee weighs two ways to go on. */
export const weighs =
  (question: string, one: [option: string, pro: string], other: [option: string, pro: string]): PairAct =>
  async (pair) => {
    return plan.writeDecision(await oneOf(pair, 'mentee'), await pair.id(), randomUUID(), {
      ...{ question, option1: one[0], for1: one[1], against1: undefined },
      ...{ option2: other[0], for2: other[1], against2: undefined },
      ...{ option3: undefined, for3: undefined, against3: undefined },
      ...{ option4: undefined, for4: undefined, against4: undefined },
    })
  }

/** Somebody looks at what they can do, at the start: each thing with a value of those that can be chosen. */
export const looksAtThemselves =
  (name: string, values: readonly string[]): Act =>
  async ({ as }) => {
    const viewer = await as(name)
    const sheet = await skills.sheetFor(viewer, viewer.participant?.role ?? 'mentee')
    const [items] = sheet.groups
    const form = Object.fromEntries(
      (items?.items ?? []).map(({ key }, at) => [`value-${key}`, values[at % values.length]]),
    )
    return skills.saveRound(viewer, { round: 'start', version: 0, sheet }, form)
  }

/** One of the two lets the other read what they said of themselves at the start. */
export const sharesSkills =
  (role: Role): PairAct =>
  async (pair) =>
    skills.shareRound(await oneOf(pair, role), { round: 'start', match: [await pair.id()] })
