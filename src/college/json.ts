/** What a message says, read without trust: anything of another kind is as good as nothing. */
export type Json = Record<string, unknown>

export function objectIn(value: unknown): Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : {}
}

export function textsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : []
}

/** Text, or a number as text. */
export function textIn(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

/** Custom parameters as Moodle keeps them: all of them text. */
export function parametersIn(value: unknown): Record<string, string> {
  const entries = Object.entries(objectIn(value))
  return Object.fromEntries(entries.map(([name, one]) => [name, one === true ? '1' : textIn(one)]))
}
