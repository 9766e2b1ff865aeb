import { isWrong, type Choice, type ErrorLine } from '../../../web/components.ts'
import type { Form } from '../../../web/forms.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import type { DirectoryRow } from '../../content/index.ts'
import { callNameOf } from '../../people/index.ts'
import {
  composer,
  composerErrors,
  entryCard,
  kindButtons,
  placeOf,
  quoteBox,
  type Composer,
  type ComposerFor,
  type EntryCard,
  type ThreadRow,
  type Writing,
} from '../../threads/index.ts'
import type { SignpostForm } from '../forms.ts'

export type SignpostPage = PageModel & {
  back: { href: string; label: string }
  lede: string
  privacy: string
  errors: ErrorLine[]
  /** The service that was chosen in the directory, as the mentee will see it. */
  card: EntryCard | undefined
  composer: Composer
}
export const renderSignpost = view<SignpostPage>('feedback/signpost')

type Pointing = { of: ThreadRow; chosen: string | undefined; entries: readonly DirectoryRow[] }
type SignpostWriting = Omit<Writing, 'form'> & { form: Form<SignpostForm> }

/** A message that points to somebody or something that can help. */
export function signpostPage(words: Words, pointing: Pointing, writing: SignpostWriting): SignpostPage {
  const { t } = words
  const { of, chosen, entries } = pointing
  const partner = callNameOf(t, of)
  const entry = entries.find(({ key }) => key === chosen)
  return {
    title: t('feedback.signpost.title', { partner }),
    hasErrors: isWrong(writing.form.errors),
    back: { href: `/threads/${of.id}`, label: t('feedback.back', { title: of.title }) },
    lede: t('feedback.signpost.lede', { partner }),
    privacy: t('threads.private', { partner }),
    errors: composerErrors(writing.form, ['entry']),
    card: entry && entryCard(words, entry, entry.name),
    composer: composer(words, boxFor(words, pointing, writing.form), writing),
  }
}

function boxFor(words: Words, pointing: Pointing, form: Form<SignpostForm>): ComposerFor {
  const { t } = words
  const { of } = pointing
  const partner = callNameOf(t, of)
  return {
    of,
    action: placeOf(of, 'signpost').form,
    heading: t('threads.write.title', { partner }),
    bodyLabel: t('feedback.signpost.why', { partner }),
    send: t('feedback.signpost.send'),
    mayDelay: true,
    kinds: kindButtons(t, of, 'signpost'),
    before: [{ is: 'select', part: entrySelect(words, pointing, form) }],
    ...quoteBox(words, of, 'signpost'),
  }
}

function entrySelect({ t }: Words, { chosen, entries }: Pointing, { errors }: Form<SignpostForm>): Choice {
  return {
    name: 'entry',
    legend: t('feedback.signpost.entry'),
    value: chosen,
    error: errors.entry,
    wide: true,
    options: [
      { value: '', label: t('feedback.signpost.choose') },
      ...entries.map(({ key, name }) => ({ value: key, label: name })),
    ],
  }
}
