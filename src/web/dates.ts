import { addDays, dayIn, now } from '../clock.ts'
import type { T } from './i18n.ts'

/** How dates, times and numbers are said: in words, in the programme's time zone and the page's language. */
export type Dates = Readonly<{
  /** `Today`, `Yesterday`, `Thursday 19 November`, or with the year when that is not this one. Takes `2026-11-19`. */
  day: (day: string) => string
  /** The same inside a sentence: `today`. */
  dayInText: (day: string) => string
  /** Always the date, never `Today`. */
  date: (day: string) => string
  /** `Tue 24 Nov`, for tight places. */
  shortDay: (day: string) => string
  /** Inside a sentence: `today at 10:02`, `Thursday 19 November at 10:02`. */
  moment: (at: Date) => string
  /** The same on its own: `Today, 10:02`. */
  stamp: (at: Date) => string
  /** With the year, always: for receipts and references. */
  full: (at: Date) => string
  /** The day of it alone, with the year: for what is printed and shown. */
  fullDay: (at: Date) => string
  /** With one decimal at most: `13.3`. */
  number: (value: number) => string
  today: string
}>

/** Says dates in a language (`en`) and time zone (`Europe/London`), as of now. */
export function datesIn(language: string, timeZone: string, t: T): Dates {
  const today = dayIn(timeZone, now())
  const yesterday = addDays(today, -1)
  const days = formatsOf(language, 'UTC')
  const clocks = formatsOf(language, timeZone)
  const date = (of: string): string => (of.slice(0, 4) === today.slice(0, 4) ? days.day : days.dayAndYear)(noonOf(of))
  const or = (of: string, words: { today: string; yesterday: string }): string =>
    of === today ? words.today : of === yesterday ? words.yesterday : date(of)
  const day = (of: string) => or(of, { today: t('shared.today'), yesterday: t('shared.yesterday') })
  const dayInText = (of: string) => or(of, { today: t('shared.todayInText'), yesterday: t('shared.yesterdayInText') })
  return {
    day,
    dayInText,
    date,
    shortDay: (of) => days.short(noonOf(of)),
    moment: (at) => t('shared.dayAt', { day: dayInText(dayIn(timeZone, at)), time: clocks.time(at) }),
    stamp: (at) => t('shared.stamp', { day: day(dayIn(timeZone, at)), time: clocks.time(at) }),
    full: clocks.full,
    fullDay: clocks.dayAndYear,
    number: (value) => numbersOf(language).format(value),
    today,
  }
}

const DAY = { weekday: 'long', day: 'numeric', month: 'long' } as const
const DAY_AND_YEAR = { ...DAY, year: 'numeric' } as const
const SHORT = { weekday: 'short', day: 'numeric', month: 'short' } as const
const TIME = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
const SHAPES = {
  day: DAY,
  dayAndYear: DAY_AND_YEAR,
  short: SHORT,
  time: TIME,
  full: { ...DAY_AND_YEAR, ...TIME },
} as const

const noonOf = (day: string) => new Date(`${day}T12:00:00Z`)

type Formats = Record<keyof typeof SHAPES, (at: Date) => string>
const formats = new Map<string, Formats>()
const numbers = new Map<string, Intl.NumberFormat>()
function numbersOf(language: string): Intl.NumberFormat {
  const made = numbers.get(language) ?? new Intl.NumberFormat(localeOf(language), { maximumFractionDigits: 1 })
  numbers.set(language, made)
  return made
}

const localeOf = (language: string) => (language === 'en' ? 'en-GB' : language)

/** Making a format costs far more than using it. */
function formatsOf(language: string, timeZone: string): Formats {
  const key = `${language} ${timeZone}`
  let made = formats.get(key)
  if (!made) {
    const locale = localeOf(language)
    const formatOf = (shape: Intl.DateTimeFormatOptions) => {
      const format = new Intl.DateTimeFormat(locale, { ...shape, timeZone })
      return (at: Date) => format.format(at)
    }
    made = Object.fromEntries(Object.entries(SHAPES).map(([name, shape]) => [name, formatOf(shape)])) as Formats
    formats.set(key, made)
  }
  return made
}
