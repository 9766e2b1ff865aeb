import { errorLines, type ErrorLine, type Field } from '../../../web/components.ts'
import type { Form } from '../../../web/forms.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import type { OwnMatchRow } from '../../matches/index.ts'
import { callNameOf } from '../../people/index.ts'
import { differenceForm, type DifferenceForm } from '../forms.ts'
import type { ContactRow } from '../queries.ts'
import { contactTitle } from './list.ts'

export type DifferencePage = PageModel & {
  back: { href: string; label: string }
  lede: string
  what: string
  action: string
  keptAt: Date | undefined
  errors: ErrorLine[]
  difference: Field
}
export const renderDifference = view<DifferencePage>('contacts/difference')

export function differencePage(
  words: Words,
  match: OwnMatchRow,
  contact: ContactRow,
  form: Form<DifferenceForm>,
): DifferencePage {
  const { t } = words
  const partner = callNameOf(t, match)
  return {
    title: t('contacts.difference.title'),
    here: '/contacts',
    hasErrors: Object.keys(form.errors).length > 0,
    back: { href: `/matches/${match.id}/contacts`, label: t('contacts.list.title', { partner }) },
    lede: t('contacts.difference.lede', { partner }),
    what: contactTitle(words, contact),
    action: `/contacts/${contact.id}/difference`,
    keptAt: form.keptAt,
    errors: errorLines(form.errors, differenceForm),
    difference: {
      name: 'difference',
      label: t('contacts.difference.label'),
      hint: t('contacts.difference.hint', { partner }),
      value: form.values.difference,
      error: form.errors.difference,
      rows: 3,
    },
  }
}
