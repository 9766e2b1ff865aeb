import type { ActivityForm } from './activities.ts'
import type { Errors, Fields } from './add-activity-form.ts'
import { addingQuery } from './adding.ts'
import type { Adding } from './adding.ts'
import { courseHref, topOf } from './pages.ts'
import type { Top } from './pages.ts'
import type { Selection } from './site.ts'

type Hidden = { name: string; value: string }[]
type Frame = { top: Top; heading: string; who: string; courseHref: string; hidden: Hidden }
type FieldItem = {
  name: string
  label: string
  hint: string
  value: string
  error: string | undefined
  isLong: boolean
}
export type AddActivityPage = Frame & {
  /** Whether the tool lets content be selected. */
  canSelect: boolean
  notice: Selection['notice']
  fields: FieldItem[]
}
export type AddSeveralPage = Frame & { notice: Selection['notice']; items: { title: string; note: string }[] }
export type SelectContentPage = Frame & { src: string; backHref: string }

const FIELDS: Record<keyof Fields, [label: string, hint: string]> = {
  name: ['Activity name', ''],
  description: ['Activity description', ''],
  url: ['Tool URL', 'Empty: the address of the tool.'],
  custom: ['Custom parameters', 'One a line, such as thread_id=7.'],
  maximum: ['Maximum grade', 'Empty: not graded.'],
  resourceId: ['Resource ID', 'By which the tool knows the column again.'],
  tag: ['Tag', ''],
}
const LONG = ['description', 'custom']

/** Moodle's form for an external tool, as far as the college has its fields. */
export function addActivityPage(
  adding: Adding,
  { fields, errors = {}, notice }: { fields: Fields; errors?: Errors; notice?: Selection['notice'] },
): AddActivityPage {
  const names = Object.keys(FIELDS) as (keyof Fields)[]
  const { top, ...frame } = frameOf(adding, addingQuery(adding))
  const hasErrors = Object.keys(errors).length > 0
  return {
    ...frame,
    top: hasErrors ? { ...top, title: `Error: ${top.title}` } : top,
    canSelect: adding.tool.deepLinkingUrl !== null,
    notice,
    fields: names.map((name) => {
      const [label, hint] = FIELDS[name]
      return { name, label, hint, value: fields[name], error: errors[name], isLong: LONG.includes(name) }
    }),
  }
}

/** Several items cannot be changed before they are saved. */
export function addSeveralPage(adding: Adding, selectionId: string, { items, notice }: Selection): AddSeveralPage {
  return {
    ...frameOf(adding, { ...addingQuery(adding), selection: selectionId }),
    notice,
    items: items.map((item) => ({ title: item.title || adding.tool.name, note: noteOf(item) })),
  }
}

function noteOf({ lineItem }: ActivityForm): string {
  return lineItem ? `Maximum grade: ${lineItem.scoreMaximum}` : 'Not graded'
}

/** The tool's own page, in a frame of Moodle's size. */
export function selectContentPage(adding: Adding): SelectContentPage {
  const query = new URLSearchParams(addingQuery(adding)).toString()
  return {
    ...frameOf(adding, {}),
    heading: 'Select content',
    src: `/contentitem?${query}`,
    backHref: `/activities/new?${query}`,
  }
}

function frameOf({ course, tool, person }: Adding, hidden: Record<string, string>): Frame {
  const heading = `Add an activity: ${tool.name}`
  return {
    top: topOf(heading),
    heading,
    who: person.name,
    courseHref: courseHref(course),
    hidden: Object.entries(hidden).map(([name, value]) => ({ name, value })),
  }
}
