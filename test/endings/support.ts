import { now, setClock } from '../../src/clock.ts'
import { moveEndingsOn } from '../../src/features/endings/index.ts'
import type { Fields } from '../support/browser.ts'
import type { Launched } from '../support/builders.ts'

const DAY = 86_400_000
/** So many days pass, and what happens by itself happens. */
export async function later(days: number): Promise<void> {
  setClock(new Date(now().getTime() + days * DAY))
  await moveEndingsOn({ system: true })
}

/** One of the two begins a pause until a day. */
export async function pause({ browser }: Launched, matchId: number, until: string) {
  await browser.open(`/matches/${matchId}/ending`)
  return browser.submit({ until }, 'form[action$="/pause"]')
}

/** The coordinator ends a match: in two weeks, unless said otherwise. */
export async function end({ browser }: Launched, matchId: number, fields: Fields = {}) {
  await browser.open(`/admin/matches/${matchId}/ending`)
  return browser.submit({ reason: 'natural_end', when: 'closing', ...fields }, 'form[action$="/ending"]')
}
