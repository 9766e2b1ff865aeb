import { randomUUID } from 'node:crypto'
import { errorLines, isWrong, type ErrorLine, type FormPart, type Notice } from '../../../web/components.ts'
import type { Form } from '../../../web/forms.ts'
import { view, type PageModel } from '../../../web/views.ts'

export type Link = { href: string; label: string }

/** A page on which something of the plan is written: one form. */
export type PlanFormPage = PageModel & {
  back: Link
  lede: string
  privacy: string
  notice: Notice | undefined
  /** More about it, to unfold. */
  help: { title: string; lines: string[] } | undefined
  errors: ErrorLine[]
  keptAt: Date | undefined
  action: string
  key: string
  /** 0 for something new. */
  version: number
  parts: FormPart[]
  /** Less often needed. */
  more: { title: string; open: boolean; parts: FormPart[] } | undefined
  save: string
  /** Long enough to be kept as a draft. */
  draft: boolean
  removal: Removal | undefined
}
export type Removal = { action: string; title: string; text: string; yes: string }
export const renderPlanForm = view<PlanFormPage>('plan/form')

type Given = Pick<PlanFormPage, 'title' | 'back' | 'lede' | 'privacy' | 'action' | 'parts' | 'save'> &
  Partial<Pick<PlanFormPage, 'notice' | 'help' | 'version' | 'more' | 'draft' | 'removal'>>

/** What all these pages have in common. */
export function planFormPage(given: Given, { errors, keptAt }: Form<object>, schema: { shape: object }): PlanFormPage {
  return {
    ...{ notice: undefined, help: undefined, version: 0, more: undefined, draft: false, removal: undefined },
    ...given,
    here: '/',
    hasErrors: isWrong(errors),
    errors: errorLines(errors, schema),
    keptAt,
    key: randomUUID(),
  }
}

/** What was typed or kept; on a form that was not touched yet, what stands there. */
export function filled<T>(form: Form<T>, standing: Form<T>['values']): Form<T> {
  const touched = isWrong(form.errors) || form.keptAt !== undefined || Object.keys(form.values).length > 0
  return touched ? form : { ...form, values: standing }
}
