import { z } from 'zod'
import { chosen, key, someBoxes } from '../../web/forms.ts'

/** What can be placed in a course. The whole programme carries the grade, the others are doors to one page of it. */
export const PLACES = ['programme', 'contact', 'training', 'report', 'handbook'] as const
export type Place = (typeof PLACES)[number]

const place = z.enum(PLACES, key('deeplinking.errors.places'))

export const choiceForm = z.object({
  programme: z.union([z.literal('new'), chosen(key('deeplinking.errors.programme'))]),
  places: someBoxes(place, key('deeplinking.errors.places')),
})
export type ChoiceForm = z.infer<typeof choiceForm>
