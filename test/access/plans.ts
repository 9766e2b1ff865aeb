import { FORM, planOf } from '../plan/support.ts'
import type { Fields } from '../support/browser.ts'
import type { Launched } from '../support/builders.ts'
import { sendTooLate } from '../support/forms.ts'
import { canary, type CanaryName } from './canaries.ts'
import { fill, send, type Room } from './filling.ts'

const REMOVAL = 'form[action$="/removal"]'
const pathOf = ({ url }: { url: string }) => new URL(url).pathname

/** The plan of two: what each wants, goals, tasks and decisions; of each something that is gone again. */
export async function plan(room: Room): Promise<void> {
  const { mentee, mentor, matchId } = room
  await fill(mentee, `${planOf(matchId)}/wants`, { wants: canary('want-mentee') }, FORM)
  await fill(mentor, `${planOf(matchId)}/wants`, { wants: canary('want-mentor') }, FORM)
  await setGoals(room)
  await setTasks(room)
  await decide(room)
}

async function setGoals({ mentee, mentor, matchId }: Room): Promise<void> {
  const blank = `/matches/${matchId}/goals/new`
  const first = { goal: canary('goal-before'), measure: canary('measure-before'), why: canary('why-before') }
  const goal = pathOf(await fill(mentee, blank, first, FORM))
  const words = { goal: canary('goal'), measure: canary('measure'), why: canary('why') }
  await fill(mentee, `${goal}/edit`, words, FORM)
  await fill(mentor, goal, { comment: canary('comment-removed') }, FORM)
  await send(mentor, {}, 'form[action*="/comments/"][action$="/removal"]')
  await fill(mentor, goal, { comment: canary('comment') }, FORM)
  await mentor.browser.open(goal)
  await sendTooLate(mentor, { comment: canary('draft-comment') }, FORM)
  await fill(mentee, `${goal}/review`, { outcome: 'partly', note: canary('review') }, FORM)
  await fill(mentee, blank, { goal: canary('goal-removed') }, FORM)
  await send(mentee, {}, REMOVAL)
}

async function setTasks({ mentee, mentor, matchId }: Room): Promise<void> {
  const blank = `/matches/${matchId}/tasks/new`
  const change = async (by: Launched, name: CanaryName, fields: Fields, form: string) => {
    const { $ } = await fill(by, blank, { task: canary(name), owner: by === mentee ? 'mentee' : 'mentor' }, FORM)
    const line = $('li').filter((_, one) => $(one).text().includes(canary(name)))
    await fill(by, line.find('a[href$="/edit"]').attr('href') ?? '/not-there', fields, form)
  }
  await change(mentee, 'task-before', { task: canary('task-mentee') }, FORM)
  await change(mentor, 'task-removed', {}, REMOVAL)
  await fill(mentor, blank, { task: canary('task-mentor'), owner: 'mentee' }, FORM)
  await mentee.browser.open(blank)
  await sendTooLate(mentee, { task: canary('draft-task') }, FORM)
}

async function decide({ mentee, matchId }: Room): Promise<void> {
  const blank = `/matches/${matchId}/decisions/new`
  await fill(mentee, blank, { question: canary('decision-removed') }, FORM)
  await send(mentee, {}, REMOVAL)
  const before = { option1: canary('option-before'), for1: canary('for-before'), against1: canary('against-before') }
  const decision = pathOf(await fill(mentee, blank, { question: canary('question-before'), ...before }, FORM))
  const weighed = {
    ...{ question: canary('question') },
    ...{ option1: canary('option'), for1: canary('for'), against1: canary('against') },
    ...{ option4: canary('last-option'), for4: canary('last-for'), against4: canary('last-against') },
  }
  await fill(mentee, `${decision}/edit`, weighed, FORM)
  await send(mentee, { choice: 'other', other: canary('choice') }, '#choose')
  await fill(mentee, blank, { question: canary('draft-decision'), _act: 'draft' }, FORM)
}
