import type { IconName } from './icons.ts'
import type { TextKey } from './i18n.ts'

/** Models of the parts in views/shared. Labels and hints are said already; errors are text keys, as schemas give them. */
export type Chip = { kind: 'ok' | 'you' | 'wait' | 'stop' | 'plain'; icon: IconName; text: string }

export type Field = {
  name: string
  /** Where a page has several fields of one name. */
  id?: string
  label: string
  hint?: string | undefined
  value: string | undefined
  error: TextKey | undefined
  type?: 'text' | 'email' | 'tel' | 'url' | 'date' | 'time' | 'number'
  optional?: boolean
  /** A name of the HTML autofill list. */
  autocomplete?: string
  short?: boolean
  min?: string
  max?: string
  rows?: number
  /** Belongs to the choice before it: shown with its “other” answer, where the browser can tell. */
  ifOther?: boolean
}

export type Option = {
  value: string
  label: string
  small?: string | undefined
  /** More about it, a line each. */
  lines?: readonly string[]
  icon?: IconName
}
export type Choice = {
  name: string
  legend: string
  hint?: string | undefined
  options: Option[]
  value: string | undefined
  error: TextKey | undefined
  small?: boolean
  /** A list to choose from that is as wide as a text. */
  wide?: boolean
}

/** Boxes of which several may be ticked. */
export type Boxes = Omit<Choice, 'value' | 'small' | 'wide'> & { values: readonly string[] }
/** One box to tick. */
export type Tick = {
  name: string
  label: string
  small?: string | undefined
  ticked: boolean
  error: TextKey | undefined
}
/** The position in a row of pages: 2 of 4. */
export type Steps = { now: number; of: number; text: string }

export type ErrorLine = { href: string; error: TextKey }
export type Notice = { kind: 'plain' | 'ok' | 'wait' | 'stop'; icon: IconName; title: string; text: string | undefined }
export type Dots = { counted: number; waiting: number; of: number; text: string; strong: string; big?: boolean }
/** The three stages of a pair in a row. */
export type StageStrip = {
  stages: {
    href: string
    label: string
    state: 'done' | 'here' | 'later' | 'skipped'
    text: string
    isShown: boolean
  }[]
}
export type Empty = { title: string; text: string; action?: { href: string; label: string } | undefined }

/** One line for each field that is wrong, in the order of the form's fields. */
export function errorLines(errors: Partial<Record<string, TextKey>>, form: { shape: object }): ErrorLine[] {
  return Object.keys(form.shape).flatMap((name) => {
    const error = errors[name]
    return error ? [{ href: `#${name}`, error }] : []
  })
}

/** The parts of a form, in their order: views/shared/_form shows each by its own part. */
export type FormPart =
  | { is: 'field'; part: Field }
  | { is: 'choice' | 'tiles' | 'select' | 'pick'; part: Choice }
  | { is: 'boxes'; part: Boxes }
  | { is: 'tick'; part: Tick }
  | { is: 'heading'; part: { text: string; hint?: string | undefined } }

const letters = new Intl.Segmenter()
/** The first letter as people see it: an accent belongs to its letter. */
export function firstLetterOf(text: string): string {
  return letters.segment(text)[Symbol.iterator]().next().value?.segment ?? ''
}

/** Whether anything in a form is wrong: the title says so too. */
export function isWrong(errors: object): boolean {
  return Object.keys(errors).length > 0
}

/** A telephone number as a link: the digits, and the plus of another country. */
export function phoneHref(phone: string): string {
  return `tel:${phone.replace(/[^+\d]/g, '')}`
}
