import { addDays, dayIn, instantIn, now, setClock } from '../clock.ts'
import { tellOfWaiting } from '../features/concerns/index.ts'
import { moveContactsOn } from '../features/contacts/index.ts'
import { tellOfLooks } from '../features/disclosures/index.ts'
import { moveEndingsOn } from '../features/endings/index.ts'
import { makeHonorariaDue } from '../features/honoraria/index.ts'
import { listOwnMatches, moveMatchesOn } from '../features/matches/index.ts'
import { remindOfReports } from '../features/reports/index.ts'
import { tellDueMessages } from '../features/threads/index.ts'
import type { System, Viewer } from '../web/viewer.ts'

/** What happens in a term is told as data: on which day (0 is today, -40 is forty days ago), and who does what. */
export type Happening<Where = Stage> = readonly [day: number, ...acts: Act<Where>[]]
/** One thing that somebody does, through the service that a page of theirs would call. Gives what that says. */
export type Act<Where = Stage> = (where: Where) => Promise<unknown>

/** Where a programme's people act. */
export type Stage = {
  staff: Staff
  /** Who somebody is, by the name that the college has for them. */
  as: (name: string) => Promise<Viewer>
  /** A day of the term, `2026-11-24`. */
  day: (days: number) => string
}
export type Staff = { coordinator: string; lead: string; supervisor: string; payer: string }

/** The same, with two of whom the story is: their match, and who of them somebody is. */
export type Pair = Stage & { mentee: string; mentor: string; id: () => Promise<number> }

export const ZONE = 'Europe/London'
/** The real day, also when midnight passes meanwhile: all days are counted from it. */
const TODAY = dayIn(ZONE, new Date())
export const dayOf = (days: number): string => addDays(TODAY, days)

/** Two people, in whose match things happen. */
export function pairOn(stage: Stage, mentee: string, mentor: string): Pair {
  const LONG_AGO = new Date(0)
  const id = async () => {
    const matches = await listOwnMatches(await stage.as(mentee), now(), LONG_AGO)
    const match = matches.find(({ name }) => name === mentor)
    if (!match) throw new Error(`${mentee} and ${mentor} have no match`)
    return match.id
  }
  return { ...stage, mentee, mentor, id }
}

export type Ready = { day: number; act: () => Promise<unknown> }
/** Things that happen somewhere, each ready to happen on its day. */
export function readyOn<Where>(where: Where, happenings: readonly Happening<Where>[]): Ready[] {
  return happenings.flatMap(([day, ...acts]) => acts.map((act) => ({ day, act: () => act(where) })))
}

/** Lets everything happen in its order, each on its own day, and each night what happens by itself, which `by` may. */
export async function play(by: System, all: readonly Ready[]): Promise<void> {
  const first = Math.min(...all.map(({ day }) => day))
  try {
    for (let day = first; day < 0; day += 1) {
      await passNight(by, day)
      for (const [place, { act }] of all.filter((one) => one.day === day).entries()) {
        setClock(at(day, place))
        check(await act(), day)
      }
    }
  } finally {
    setClock()
  }
  await passNight(by)
}

/** From ten past nine on, with a few minutes between one and the next. */
function at(day: number, place: number): Date {
  const minutes = 9 * 60 + 10 + place * 9
  const two = (part: number) => String(part).padStart(2, '0')
  const time = `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`
  const instant = instantIn(ZONE, dayOf(day), time)
  if (!instant) throw new Error(`Too much happens on day ${day}`)
  return instant
}

async function passNight(by: System, day?: number): Promise<void> {
  if (day !== undefined) setClock(instantIn(ZONE, dayOf(day), '03:30'))
  await moveMatchesOn(by)
  await moveEndingsOn(by)
  await moveContactsOn(by)
  await tellDueMessages(by)
  await remindOfReports(by)
  await makeHonorariaDue(by)
  await tellOfWaiting(by)
  await tellOfLooks(by)
}

/** Words by which services say that nothing came of it. */
const NOTHING = ['gone', 'notNow', 'past', 'future', 'other', 'held', 'tooLate', 'missing', 'taken', 'capacity'].concat(
  'empty',
  'stale',
  'cancelled',
  'started',
  'full',
  'elsewhere',
  'unknown',
  'needed',
  'begun',
  'over',
)
const SAYS_NO = ['ok', 'sent', 'made', 'done', 'signed']

/** A story in which something does not come about is told wrong. */
function check(said: unknown, day: number): void {
  const no =
    typeof said === 'string'
      ? NOTHING.includes(said)
      : typeof said === 'object' && said !== null
        ? 'error' in said || SAYS_NO.some((name) => (said as Record<string, unknown>)[name] === false)
        : said === false
  if (no) throw new Error(`On day ${day} something did not come about: ${JSON.stringify(said)}`)
}
