import { DateTime } from 'luxon'

/**
 * The rules' now: what decides which day it is, and whether something is too old. Tests move it, and `signpost seed`,
 * which tells a term that is past; nothing else does.
 * Sessions, leases and the times of scores take the database's clock instead (two servers may disagree, it does not).
 */
let shiftMs = 0

/** The instant by which rules decide. */
export function now(): Date {
  return new Date(Date.now() + shiftMs)
}

/** For tests and the seed: from here on the rules think it is `date`, and time goes on from there. Without a date, back to the real one. */
export function setClock(date?: Date): void {
  shiftMs = date ? date.getTime() - Date.now() : 0
}

/** The calendar day, `2026-11-24`, that it is in a time zone at an instant. */
export function dayIn(timeZone: string, at: Date): string {
  return formatsOf(timeZone).day.format(at)
}

/** A day later or earlier: `addDays('2026-11-24', -1)` is `'2026-11-23'`. */
export function addDays(day: string, days: number): string {
  const date = new Date(`${day}T12:00:00Z`)
  date.setUTCDate(date.getUTCDate() + days)
  return date.toISOString().slice(0, 10)
}

/** How many days it is from one day to another (`2026-11-24`). */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 86_400_000)
}

/**
 * The instant at which clocks in a time zone show a day and time (`2026-11-24`, `18:30`). Of an hour that comes twice,
 * the first; undefined for one that clocks skip that night.
 */
export function instantIn(timeZone: string, day: string, time: string): Date | undefined {
  const wall = `${day}T${time}`
  const [first] = DateTime.fromISO(wall, { zone: timeZone })
    .getPossibleOffsets()
    .sort((a, b) => a.toMillis() - b.toMillis())
  return first?.toFormat("yyyy-MM-dd'T'HH:mm") === wall ? first.toJSDate() : undefined
}

/** What clocks in a time zone show at an instant: `18:30`. */
export function timeIn(timeZone: string, at: Date): string {
  return formatsOf(timeZone).time.format(at)
}

/** Whether a time lies in hours that may run over midnight: from 21:00 until 07:00. */
export function isWithin(time: string, from: string | null, until: string | null): boolean {
  if (from === null || until === null) return false
  return from <= until ? time >= from && time < until : time >= from || time < until
}

/** The next instant after another at which clocks in a time zone show a time. */
export function nextTimeIn(timeZone: string, after: Date, time: string): Date {
  let day = dayIn(timeZone, after)
  for (;;) {
    const at = instantIn(timeZone, day, time)
    if (at && at > after) return at
    day = addDays(day, 1)
  }
}

type Formats = { day: Intl.DateTimeFormat; time: Intl.DateTimeFormat }
const formats = new Map<string, Formats>()
function formatsOf(timeZone: string): Formats {
  let made = formats.get(timeZone)
  if (!made) {
    made = {
      day: new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }),
      time: new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
    }
    formats.set(timeZone, made)
  }
  return made
}
