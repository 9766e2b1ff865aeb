import { randomUUID } from 'node:crypto'
import { errorLines, isWrong, type ErrorLine, type FormPart, type Notice } from '../../../web/components.ts'
import type { Form } from '../../../web/forms.ts'
import { coordinatorOf } from '../../../web/viewer.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import type { OwnMatchRow } from '../../matches/index.ts'
import { nameOf } from '../../people/index.ts'
import { KINDS, requestForm, type RequestForm } from '../forms.ts'
import type { OwnRequestRow } from '../queries.ts'

export type NewRequestPage = PageModel & {
  lede: string
  privacy: string
  errors: ErrorLine[]
  keptAt: Date | undefined
  key: string
  /** With one match there is nothing to choose. */
  match: string | undefined
  parts: FormPart[]
  own: { href: string; label: string }[]
}
export const renderNewRequest = view<NewRequestPage>('requests/new')

/** To say that a match may not fit: who reads it, and that it goes on meanwhile (spec 5.1, R90). */
export function newRequestPage(
  words: Words,
  { matches, own }: { matches: readonly OwnMatchRow[]; own: readonly OwnRequestRow[] },
  form: Form<RequestForm>,
): NewRequestPage {
  const { t, dates, viewer } = words
  const coordinator = coordinatorOf(viewer)
  const [only] = matches
  const match = matches.length === 1 && only ? String(only.id) : undefined
  return {
    title: t('requests.new.title'),
    here: '/help',
    hasErrors: isWrong(form.errors),
    lede: t('requests.new.lede', { coordinator }),
    privacy: privateText(words),
    errors: errorLines(form.errors, requestForm),
    keptAt: form.keptAt,
    key: randomUUID(),
    match,
    parts: [...(match === undefined ? [matchPart(words, matches, form)] : []), ...partsOf(words, form)],
    own: own.map(({ id, raised_at: at }) => ({
      href: `/help/requests/${id}`,
      label: t('requests.new.before', { when: dates.moment(at) }),
    })),
  }
}

/** Who reads it: of a mentor's, their supervisor too (spec 4.4). */
const privateText = ({ t, viewer }: Words): string =>
  t(`requests.new.private.${viewer.participant?.role ?? 'mentee'}`, { coordinator: coordinatorOf(viewer) })

function matchPart({ t }: Words, matches: readonly OwnMatchRow[], { values, errors }: Form<RequestForm>): FormPart {
  const options = matches.map((match) => ({ value: String(match.id), label: nameOf(t, match) }))
  const choice = { name: 'match', legend: t('requests.new.match'), options, value: values.match, error: errors.match }
  return { is: 'choice', part: choice }
}

function partsOf(words: Words, { values, errors }: Form<RequestForm>): FormPart[] {
  const { t } = words
  const choice = (name: 'kind' | 'talked', options: { value: string; label: string }[]): FormPart => ({
    is: 'choice',
    part: { name, legend: t(`requests.new.${name}`), options, value: values[name], error: errors[name] },
  })
  return [
    choice(
      'kind',
      KINDS.map((value) => ({ value, label: t(`requests.kind.${value}`) })),
    ),
    choice(
      'talked',
      (['yes', 'no'] as const).map((value) => ({ value, label: t(`requests.talked.${value}`) })),
    ),
    {
      is: 'field',
      part: {
        name: 'text',
        label: t('requests.new.text'),
        hint: privateText(words),
        value: values.text,
        error: errors.text,
        optional: true,
        rows: 5,
      },
    },
  ]
}

export type OwnRequestPage = PageModel & {
  privacy: string
  notice: Notice
  facts: { label: string; value: string }[]
  text: string | undefined
  word: string | undefined
}
export const renderOwnRequest = view<OwnRequestPage>('requests/own')

/** What somebody said to the coordinator, and the answer. */
export function ownRequestPage(words: Words, request: OwnRequestRow): OwnRequestPage {
  const { t, dates, viewer } = words
  const coordinator = coordinatorOf(viewer)
  const { outcome } = request
  const waits: Notice = {
    kind: 'plain',
    icon: 'hourglass-split',
    title: t('requests.own.waits', { coordinator }),
    text: t('requests.own.goesOn'),
  }
  return {
    title: t('requests.own.title'),
    here: '/help',
    privacy: privateText(words),
    notice: outcome
      ? { kind: 'ok', icon: 'check-circle', title: t(`requests.own.${outcome}`), text: undefined }
      : waits,
    facts: [
      { label: t('requests.show.said'), value: t(`requests.kind.${request.kind}`) },
      { label: t('requests.new.talked'), value: t(`requests.talked.${request.talked ? 'yes' : 'no'}`) },
      { label: t('requests.show.raised'), value: dates.stamp(request.raised_at) },
    ],
    text: request.text ?? undefined,
    word: request.word ?? undefined,
  }
}
