import type { IconName } from './icons.ts'
import type { TextKey } from './i18n.ts'

/** Models of the parts in views/shared. Labels and hints are said already; errors are text keys, as schemas give them. */
export type Chip = { kind: 'ok' | 'you' | 'wait' | 'stop' | 'plain'; icon: IconName; text: string }

export type Field = {
  name: string
  label: string
  hint?: string | undefined
  value: string | undefined
  error: TextKey | undefined
  type?: 'text' | 'email' | 'tel' | 'date' | 'number'
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

export type Option = { value: string; label: string; small?: string | undefined; icon?: IconName }
export type Choice = {
  name: string
  legend: string
  hint?: string | undefined
  options: Option[]
  value: string | undefined
  error: TextKey | undefined
  small?: boolean
}

export type ErrorLine = { href: string; error: TextKey }
export type Notice = { kind: 'plain' | 'ok' | 'wait' | 'stop'; icon: IconName; title: string; text: string | undefined }
export type Dots = { counted: number; waiting: number; of: number; text: string; strong: string; big?: boolean }
export type Empty = { title: string; text: string; action?: { href: string; label: string } | undefined }

/** One line for each field that is wrong, in the order of the form's fields. */
export function errorLines(errors: Partial<Record<string, TextKey>>, form: { shape: object }): ErrorLine[] {
  return Object.keys(form.shape).flatMap((name) => {
    const error = errors[name]
    return error ? [{ href: `#${name}`, error }] : []
  })
}
