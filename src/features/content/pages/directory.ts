import { randomUUID } from 'node:crypto'
import { errorLines, type Chip, type Choice, type ErrorLine, type Field } from '../../../web/components.ts'
import type { Form } from '../../../web/forms.ts'
import type { T } from '../../../web/i18n.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { directoryForm, type DirectoryForm } from '../forms.ts'
import type { DirectoryRow, SignpostSumRow } from '../queries.ts'
import { reviewOf } from '../service.ts'

const HREF = '/admin/content/directory'

export type EntryItem = {
  href: string
  name: string
  text: string
  note: string
  chip: Chip | undefined
  counts: string | undefined
}
export type DirectoryAdminPage = PageModel & {
  back: { href: string; label: string }
  newHref: string
  entries: EntryItem[]
  removed: { action: string; name: string }[]
}
export const renderDirectoryAdmin = view<DirectoryAdminPage>('content/directory')

/** The directory as its coordinators keep it. */
export function directoryAdminPage(
  words: Words,
  entries: readonly DirectoryRow[],
  sums: readonly SignpostSumRow[],
): DirectoryAdminPage {
  const { t } = words
  const counts = new Map(sums.map((sum) => [sum.entry_key, sumText(words, sum)]))
  return {
    title: t('content.directory.title'),
    here: '/admin/content',
    back: { href: '/admin/content', label: t('content.overview.title') },
    newHref: `${HREF}/new`,
    entries: entries
      .filter((entry) => entry.removed_at === null)
      .map((entry) => ({ ...entryItem(words, entry), counts: counts.get(entry.key) })),
    removed: entries
      .filter((entry) => entry.removed_at !== null)
      .map(({ key, name }) => ({ action: `${HREF}/${key}/restoration`, name })),
  }
}

/** Sums of all pairs; those that would tell of one or two of them are not there. */
function sumText({ t }: Words, { times, useful, not_useful: no }: SignpostSumRow): string {
  const signposted = t('content.directory.signposted', { times })
  return useful === null ? signposted : `${signposted} · ${t('content.directory.useful', { yes: useful, no })}`
}

function entryItem({ t, dates }: Words, entry: DirectoryRow): Omit<EntryItem, 'counts'> {
  const review = reviewOf(entry, dates.today)
  const { owner_name: owner, review_on: day } = entry
  return {
    href: `${HREF}/${entry.key}`,
    name: entry.name,
    text: entry.what_for,
    note: [
      t(`content.directory.${entry.category}`),
      ...(owner === null ? [] : [t('content.directory.ownedBy', { name: owner })]),
      ...(day === null ? [] : [t('content.directory.reviewOn', { day: dates.dayInText(day) })]),
    ].join(' · '),
    chip: review && { kind: 'wait', icon: 'clock-history', text: t(`content.directory.review.${review}`) },
  }
}

export type EntryPage = PageModel & {
  back: { href: string; label: string }
  lede: string
  action: string
  version: string
  /** For a new entry. */
  key: string | undefined
  keptAt: Date | undefined
  errors: ErrorLine[]
  said: Field[]
  category: Choice
  specialist: Choice
  care: Field[]
  removal: string | undefined
  /** What a colleague has saved, when the form is behind. */
  now: string | undefined
}
export const renderEntry = view<EntryPage>('content/entry')

/** The form of an entry, new or known. */
export function entryPage(t: T, form: Form<DirectoryForm>, entry?: DirectoryRow): EntryPage {
  const known: Values = entry ? valuesOf(entry) : { version: '0' }
  const values = { ...known, ...form.values }
  const isBehind = form.errors.name === 'content.errors.behindEntry'
  return {
    ...(entry ? knownEntry(t, entry) : newEntry(t)),
    here: '/admin/content',
    hasErrors: Object.keys(form.errors).length > 0,
    back: { href: HREF, label: t('content.directory.title') },
    version: (isBehind ? known.version : values.version) ?? '',
    keptAt: form.keptAt,
    errors: errorLines(form.errors, directoryForm),
    ...questions(t, { ...form, values }),
    now: isBehind ? wordsOf(known) : undefined,
  }
}

function knownEntry(t: T, { key }: DirectoryRow) {
  const href = `${HREF}/${key}`
  return {
    title: t('content.entry.change'),
    lede: t('content.entry.changeLede'),
    action: href,
    key: undefined,
    removal: `${href}/removal`,
  }
}

function newEntry(t: T) {
  return {
    title: t('content.entry.new'),
    lede: t('content.entry.newLede'),
    action: HREF,
    key: randomUUID(),
    removal: undefined,
  }
}

type Values = Form<DirectoryForm>['values']

function valuesOf(entry: DirectoryRow): Values {
  return {
    name: entry.name,
    whatFor: entry.what_for,
    how: entry.how,
    hours: entry.hours ?? '',
    link: entry.link ?? '',
    category: entry.category,
    specialist: entry.specialist ? 'yes' : 'no',
    owner: entry.owner_name ?? '',
    reviewOn: entry.review_on ?? '',
    version: String(entry.version),
  }
}

function wordsOf({ name, whatFor, how, hours, link }: Values): string {
  return [name, whatFor, how, hours, link].filter((words) => words !== '').join('\n')
}

function questions(
  t: T,
  { values, errors }: Form<DirectoryForm>,
): Pick<EntryPage, 'said' | 'category' | 'specialist' | 'care'> {
  const field = (
    name: 'name' | 'whatFor' | 'how' | 'hours' | 'link' | 'owner' | 'reviewOn',
    more: Partial<Field> = {},
  ) => ({
    name,
    label: t(`content.entry.${name}`),
    value: values[name],
    error: errors[name],
    ...more,
  })
  return {
    said: [
      field('name'),
      field('whatFor', { rows: 2 }),
      field('how', { rows: 2, hint: t('content.entry.howHint') }),
      field('hours', { optional: true }),
      field('link', { optional: true, hint: t('content.entry.linkHint') }),
    ],
    ...choices(t, { values, errors }),
    care: [
      field('owner', { optional: true, hint: t('content.entry.ownerHint') }),
      field('reviewOn', { optional: true, type: 'date', short: true, hint: t('content.entry.reviewHint') }),
    ],
  }
}

function choices(t: T, { values, errors }: Form<DirectoryForm>): Pick<EntryPage, 'category' | 'specialist'> {
  const choice = (name: 'category' | 'specialist', answers: readonly string[]): Choice => ({
    name,
    legend: t(`content.entry.${name}`),
    value: values[name],
    error: errors[name],
    small: name === 'specialist',
    options: answers.map((value) => ({
      value,
      label: t(`content.entry.answers.${value}` as 'content.entry.answers.yes'),
    })),
  })
  return {
    category: choice('category', ['college', 'external']),
    specialist: choice('specialist', ['yes', 'no']),
  }
}
