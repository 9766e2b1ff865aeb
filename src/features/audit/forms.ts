import { z } from 'zod'
import { id } from '../../web/forms.ts'

/** What acts are about: the first part of their names. */
export const AREAS = [
  'programme',
  'duty',
  'people',
  'application',
  'match',
  'agreement',
  'contact',
  'training',
  'excuse',
  'report',
  'honorarium',
  'grade',
  'content',
  'concern',
  'disclosure',
  'data',
] as const
export type Area = (typeof AREAS)[number]

/** What is not an area is no filter; people type none of this. */
export const listUrl = z.object({
  area: z.enum(AREAS).optional().catch(undefined),
  before: id.optional().catch(undefined),
})
export type Filter = z.infer<typeof listUrl>
