import { z } from 'zod'
import { chosen, key } from '../../web/forms.ts'

/** What can be placed in a course. The whole programme carries the grade, the others are doors to one page of it. */
export const PLACES = ['programme', 'contact', 'training', 'report', 'handbook'] as const
export type Place = (typeof PLACES)[number]

const place = z.enum(PLACES, key('deeplinking.errors.places'))
/** One box arrives as text, several as a list. */
const oneOrMore = z.preprocess((given) => (given === undefined ? [] : [given].flat()), z.array(place))

export const choiceForm = z.object({
  programme: z.union([z.literal('new'), chosen(key('deeplinking.errors.programme'))]),
  places: oneOrMore.pipe(z.array(place).min(1, key('deeplinking.errors.places'))).transform((all) => [...new Set(all)]),
})
export type ChoiceForm = z.infer<typeof choiceForm>
