import { randomUUID } from 'node:crypto'
import { statement } from '../../src/db.ts'
import type { Fields, Page } from '../support/browser.ts'
import type { Launched } from '../support/builders.ts'
import { tokenOf } from '../support/token.ts'

/** The one form with which something of a plan is written. */
export const FORM = 'main form.sp-form'

export const planOf = (matchId: number) => `/matches/${matchId}/plan`

/** Opens a page with a form, and sends it. */
export async function fill({ browser }: Launched, path: string, fields: Fields): Promise<Page> {
  await browser.open(path)
  return browser.submit(fields, FORM)
}

/** A request that no form of ours made. */
export async function post({ browser }: Launched, path: string, fields: Fields = {}): Promise<Page> {
  return browser.post(path, { _token: await tokenOf(browser), _key: randomUUID(), _version: '1', ...fields })
}

/** Sets a goal. Returns where it is. */
export async function setGoal(by: Launched, matchId: number, fields: Fields = {}): Promise<string> {
  const page = await fill(by, `/matches/${matchId}/goals/new`, { goal: 'Hand in two essays on time', ...fields })
  return new URL(page.url).pathname
}

/** Weighs two options. Returns where that is. */
export async function weigh(by: Launched, matchId: number, fields: Fields = {}): Promise<string> {
  const page = await fill(by, `/matches/${matchId}/decisions/new`, {
    ...{ question: 'Where do I apply?', option1: 'Here', for1: 'Near home', option2: 'Leeds', against2: 'Far away' },
    ...fields,
  })
  return new URL(page.url).pathname
}

/** Sets a task. */
export async function setTask(by: Launched, matchId: number, fields: Fields = {}): Promise<Page> {
  return fill(by, `/matches/${matchId}/tasks/new`, { task: 'Find two course pages', ...fields })
}

/** The address that a form on the plan sends a task to. */
export const taskAction = (page: Page, end: string): string =>
  page.$(`form[action^="/tasks/"][action$="/${end}"]`).attr('action') ?? ''

const endMatch = statement(
  'test_end_for_plan',
  "update matches set state = 'closed', end_reason = 'completed', ended_at = now() - make_interval(days => $2::int) where id = $1",
)
/** The match ended so many days ago. */
export const end = (matchId: number, days: number) => endMatch(matchId, days)
