import { errorLines, type Choice, type ErrorLine, type Field, type Notice } from '../../../web/components.ts'
import type { Form } from '../../../web/forms.ts'
import type { T } from '../../../web/i18n.ts'
import { view, type PageModel } from '../../../web/views.ts'
import { textForm, type TextForm } from '../forms.ts'
import { alwaysShown, type ProgrammeText } from '../service.ts'

export type Said = { heading: string; title: string | undefined; text: string; hint: string | undefined }
export type EditPage = PageModel & {
  back: { href: string; label: string }
  lede: string
  notice: Notice | undefined
  action: string
  version: string
  keptAt: Date | undefined
  errors: ErrorLine[]
  fields: Field[]
  shown: Choice | undefined
  /** Why it cannot be hidden. */
  stays: string | undefined
  /** What stands there otherwise: a colleague's words if the form is behind, and the default. */
  said: Said[]
  restoration: string | undefined
  read: string | undefined
}
export const renderEdit = view<EditPage>('content/edit')

/** The form of a text, beside what the default says. */
export function editPage(t: T, text: ProgrammeText, form: Form<TextForm>): EditPage {
  const { kind, key, original, version } = text
  const href = `/admin/content/${kind}/${key}`
  const stays = alwaysShown(text)
  return {
    title: t('content.edit.heading', { what: t(`content.kinds.${kind}.one`) }),
    here: '/admin/content',
    hasErrors: Object.keys(form.errors).length > 0,
    back: { href: `/admin/content/${kind}`, label: t(`content.kinds.${kind}.title`) },
    lede: t('content.edit.lede'),
    notice: kind === 'clauses' || kind === 'expectations' ? signedNotice(t) : undefined,
    action: href,
    version: isBehind(form) ? String(version) : (form.values.version ?? String(version)),
    keptAt: form.keptAt,
    errors: errorLines(form.errors, textForm(original)),
    fields: fieldsOf(t, text, form),
    shown: stays ? undefined : shownChoice(t, text, form),
    stays: stays && t(`content.edit.stays.${stays}`),
    said: saidBeside(t, text, isBehind(form)),
    restoration: version > 0 ? `${href}/restoration` : undefined,
    read: readHref(original),
  }
}

/** Saved again, the form is no longer behind: its writer has been told. */
function isBehind({ errors }: Form<TextForm>): boolean {
  return errors.text === 'content.errors.behind'
}

function saidBeside(t: T, { title, text, hint, original }: ProgrammeText, behind: boolean): Said[] {
  const now = { heading: t('content.edit.now'), title, text, hint }
  const first = { heading: t('content.edit.default'), title: original.title, text: original.text, hint: original.hint }
  return behind ? [now, first] : [first]
}

function readHref({ section, edition }: ProgrammeText['original']): string | undefined {
  return section && edition && `/handbook/${section}?for=${edition}`
}

function signedNotice(t: T): Notice {
  return {
    kind: 'plain',
    icon: 'info-circle',
    title: t('content.overview.signed'),
    text: t('content.overview.signedText'),
  }
}

function fieldsOf(t: T, text: ProgrammeText, { values, errors }: Form<TextForm>): Field[] {
  const { kind, original } = text
  const long = kind === 'handbook'
  const field = (name: 'title' | 'text' | 'hint', more: Partial<Field>): Field => ({
    name,
    label: t(`content.edit.${name}`),
    value: values[name] ?? text[name],
    error: errors[name],
    ...more,
  })
  return [
    ...(original.title === undefined ? [] : [field('title', {})]),
    field('text', { rows: long ? 20 : 4, hint: long ? t('content.edit.markdown') : undefined }),
    ...(original.hint === undefined ? [] : [field('hint', { rows: 3, hint: t('content.edit.hintHint') })]),
  ]
}

function shownChoice(t: T, { hidden }: ProgrammeText, { values, errors }: Form<TextForm>): Choice {
  return {
    name: 'shown',
    legend: t('content.edit.shown'),
    value: values.shown ?? (hidden ? 'no' : 'yes'),
    error: errors.shown,
    small: true,
    options: [
      { value: 'yes', label: t('content.edit.yes') },
      { value: 'no', label: t('content.edit.no') },
    ],
  }
}
