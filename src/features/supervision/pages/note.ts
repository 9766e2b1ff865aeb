import { randomUUID } from 'node:crypto'
import { errorLines, isWrong, type ErrorLine, type Field } from '../../../web/components.ts'
import type { Form } from '../../../web/forms.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { noteForm, type PostForm } from '../forms.ts'
import type { SupportRow } from '../queries.ts'
import { roomOf } from '../service.ts'
import { bodyField, replaceOf, type Named, type Replace } from './room.ts'

export type NotePage = PageModel & {
  back: { href: string; label: string }
  lede: string
  errors: ErrorLine[]
  keptAt: Date | undefined
  action: string
  key: string
  fields: Field[]
  replace: Replace | undefined
}
export const renderNote = view<NotePage>('supervision/note')

/** A note of a support session, which both read: nobody's mentee can be told by it (R37). */
export function notePage(words: Words, of: SupportRow, form: Form<PostForm>, named?: Named): NotePage {
  const { t, dates } = words
  const base = roomOf(of)
  return {
    title: t('supervision.note.title'),
    here: of.side === 'mentor' ? '/supervision' : '/admin/supervision',
    hasErrors: isWrong(form.errors),
    back: { href: base, label: t('supervision.note.back') },
    lede: t('supervision.note.lede'),
    errors: errorLines(form.errors, noteForm),
    keptAt: form.keptAt,
    action: `${base}/notes`,
    key: randomUUID(),
    fields: [
      {
        name: 'on',
        label: t('supervision.note.on'),
        type: 'date',
        short: true,
        value: form.values.on ?? dates.today,
        error: form.errors.on,
      },
      bodyField(words, form, t('supervision.note.body')),
    ],
    replace: replaceOf(words, named),
  }
}
