import { z } from 'zod'
import { id } from '../../web/forms.ts'

/** What somebody waits for, or what gets worse: first in Today. */
export const URGENT = ['request', 'wish', 'question', 'dispute', 'grades', 'applications', 'erasure', 'place'] as const
/** What Today has lines about, in their order (spec 5.5). */
export const TODAY_KINDS = [
  ...URGENT,
  'over',
  'ready',
  'unmatched',
  'unsigned',
  'silent',
  'stuck',
  'reportIn',
  'reportLate',
  'honoraria',
  'directory',
] as const
export type TodayKind = (typeof TODAY_KINDS)[number]
/** Lines about concerns stand before them all: for who reads them, and for who only knows that one waits. */
export const CONCERN_LINES = ['concern', 'concernOfOthers'] as const
/** At most so many lines of one kind: whoever has more looks at the list. */
export const LINES = 5

/** The pictures of Today. */
export const CHARTS = ['contacts', 'stages'] as const
export type ChartName = (typeof CHARTS)[number]
export const chartUrl = z.object({ name: z.enum(CHARTS.map((name) => `${name}.svg` as const)) })

/** Which students the table for tutors shows. */
export const SHOWN_STUDENTS = ['all', 'new', 'stuck', 'complete'] as const
export type ShownStudents = (typeof SHOWN_STUDENTS)[number]
export const studentsUrl = z.object({ show: z.enum(SHOWN_STUDENTS).catch('all'), after: id.optional() })
