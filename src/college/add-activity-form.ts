import type { Request } from 'express'
import type { ActivityForm, ColumnForm } from './activities.ts'
import { fieldOf } from './requests.ts'
import { originOf } from './tools.ts'

const NAMES = ['name', 'description', 'url', 'custom', 'maximum', 'resourceId', 'tag'] as const
type Name = (typeof NAMES)[number]
/** What stands in the fields of "Add an activity". */
export type Fields = Record<Name, string>
export type Errors = Partial<Record<Name, string>>

export const EMPTY_FIELDS = Object.fromEntries(NAMES.map((name) => [name, ''])) as Fields

/** A selected item, for a teacher to look at and change. */
export function fieldsOf({ title, description = '', url = '', custom = {}, lineItem }: ActivityForm): Fields {
  return {
    name: title,
    description,
    url,
    custom: Object.entries(custom)
      .map(([name, value]) => `${name}=${value}`)
      .join('\n'),
    ...columnFields(lineItem),
  }
}

function columnFields(lineItem: ColumnForm | undefined): Pick<Fields, 'maximum' | 'resourceId' | 'tag'> {
  if (!lineItem) return { maximum: '', resourceId: '', tag: '' }
  const { scoreMaximum, resourceId = '', tag = '' } = lineItem
  return { maximum: String(scoreMaximum), resourceId, tag }
}

/** What was typed, and what is wrong with it. */
export function readFields(req: Request): { fields: Fields; errors: Errors } {
  const fields = Object.fromEntries(NAMES.map((name) => [name, fieldOf(req, name).trim()])) as Fields
  const { name, url, maximum } = fields
  const errors = {
    ...(name === '' ? { name: 'Write a name for the activity' } : {}),
    ...(url !== '' && originOf(url) === ''
      ? { url: 'Write a whole web address, or nothing for that of the tool' }
      : {}),
    ...(maximum === '' || Number(maximum) > 0 ? {} : { maximum: 'Write a number, or nothing if it is not graded' }),
  }
  return { fields, errors }
}

/** Without a maximum the activity is not graded. */
export function activityFrom({ name, description, url, custom, maximum, resourceId, tag }: Fields): ActivityForm {
  const lineItem = maximum === '' ? undefined : { scoreMaximum: Number(maximum), resourceId, tag }
  return { title: name, description, url, custom: parametersFrom(custom), lineItem }
}

/** One a line, as Moodle takes them: the name, "=", the value; other lines are ignored. */
function parametersFrom(text: string): Record<string, string> {
  const pairs = text
    .split(/\r?\n/)
    .filter((line) => line.includes('='))
    .map((line) => [line.slice(0, line.indexOf('=')).trim(), line.slice(line.indexOf('=') + 1).trim()])
  return Object.fromEntries(pairs) as Record<string, string>
}
