import { z } from 'zod'
import { boxes, id, key, maybe, optionalText } from '../../web/forms.ts'

export const roundUrl = z.object({ round: z.enum(['start', 'end']) })
export type Round = z.infer<typeof roundUrl>['round']

export type GroupKey = 'skills' | 'gains' | 'study' | 'coursework' | 'work_experience' | 'outlook'
/** A text of the programme that somebody answers; its key never changes, its words may. */
export type Item = { key: string; label: string; text: string | undefined }
export type Group = { key: GroupKey; items: Item[] }
/** What one side is asked: the mentor reflects on skills, the mentee looks at their studies. */
export type Sheet = { groups: Group[]; statement: { prompts: Item[] } | undefined }

const LEVELS = ['1', '2', '3', '4', '5'] as const
const LISTS = ['have', 'develop', 'none'] as const
const NOTE_MAX = 2000

/** How each group is answered: one of some values, and for most a text of at most so many characters. */
export const HOW: Record<GroupKey, { values: readonly string[]; textMax?: number }> = {
  skills: { values: LISTS, textMax: 1000 },
  gains: { values: ['yes'] },
  study: { values: LEVELS, textMax: NOTE_MAX },
  coursework: { values: LEVELS, textMax: NOTE_MAX },
  work_experience: { values: LEVELS, textMax: NOTE_MAX },
  outlook: { values: LEVELS },
}

export const valueField = (item: Item) => `value-${item.key}`
export const textField = (item: Item) => `text-${item.key}`

/** The form of a sheet: nothing in it has to be answered. */
export function recordForm({ groups, statement }: Sheet) {
  const shape: Record<string, z.ZodType<string | undefined>> = {}
  for (const group of groups) {
    const { values, textMax } = HOW[group.key]
    for (const item of group.items) {
      shape[valueField(item)] = maybe(z.enum([...values], key('skills.errors.value')))
      if (textMax !== undefined) shape[textField(item)] = optionalText(textMax, textError(textMax))
    }
  }
  if (statement) shape['statement'] = optionalText(NOTE_MAX, key('skills.errors.noteLong'))
  return z.object(shape)
}
export type RecordForm = Record<string, string | undefined>

const textError = (max: number) =>
  max === NOTE_MAX ? key('skills.errors.noteLong') : key('skills.errors.evidenceLong')

/** Of which version somebody has changed a record: 0 when there was none. */
export const versionField = z.object({ _version: z.coerce.number().int().min(0) })

/** Who may read a record: the matches that were ticked, perhaps none. */
export const sharingForm = z.object({
  round: roundUrl.shape.round,
  match: boxes(id),
})
export type SharingForm = z.infer<typeof sharingForm>
