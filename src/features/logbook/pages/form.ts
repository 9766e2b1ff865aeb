import { randomUUID } from 'node:crypto'
import { errorLines, isWrong, type Choice, type ErrorLine, type Field } from '../../../web/components.ts'
import { ticked, type Form } from '../../../web/forms.ts'
import type { IconName } from '../../../web/icons.ts'
import type { TextKey } from '../../../web/i18n.ts'
import type { Words } from '../../../web/views.ts'
import { callNameOf } from '../../people/index.ts'
import { BALANCES, entryForm, STAGES, TAGS, type EntryForm } from '../forms.ts'
import type { EntryRow } from '../queries.ts'
import { aboutValue, type Abouts } from '../service.ts'
import { contactTitle, entryTitle, partnerOf, TAG_ICONS } from './items.ts'

export type TagBoxes = {
  legend: string
  error: TextKey | undefined
  options: { value: string; label: string; icon: IconName; checked: boolean }[]
}
export type EntryFormPart = {
  action: string
  errors: ErrorLine[]
  hasErrors: boolean
  keptAt: Date | undefined
  key: string
  /** 0 for a new entry. */
  version: number
  about: Choice
  text: Field
  kind: Choice
  stage: Choice
  tags: TagBoxes
  /** For mentors alone. */
  balance: Choice | undefined
  readers: Choice | undefined
}

type Given = { abouts: Abouts; before?: EntryRow; about?: string | undefined; stage?: string | undefined }
type Filled = { form: Form<EntryForm>; values: Form<EntryForm>['values']; errors: Form<EntryForm>['errors'] }

/** The form of an entry: what was typed, what was kept, what stands in the entry, or what suits a new one. */
export function entryFormPart(words: Words, given: Given, form: Form<EntryForm>): EntryFormPart {
  const { before } = given
  const { errors } = form
  const filled = { form, errors, values: { ...standing(given), ...form.values } }
  return {
    action: before ? `/logbook/${before.id}` : '/logbook',
    errors: errorLines(errors, entryForm),
    hasErrors: isWrong(errors),
    keptAt: form.keptAt,
    key: randomUUID(),
    version: before?.version ?? 0,
    about: aboutChoice(words, given, filled),
    ...whatChoices(words, filled),
    tags: tagBoxes(words, before, filled),
    balance: words.viewer.participant?.role === 'mentor' ? balanceChoice(words, filled) : undefined,
    readers: readersChoice(words, given, filled),
  }
}

function standing({ abouts, before, about = usualAbout(abouts), stage: ofStage = '' }: Given): Filled['values'] {
  if (!before) return { about, kind: ofStage ? 'reflection' : 'diary', stage: ofStage, readers: 'me' }
  const { stage, balance, kind, text, shared_at: sharedAt } = before
  return {
    ...{ about: aboutValue(before), kind, text, stage: String(stage ?? '') },
    ...(balance !== null && { balance: String(balance) }),
    readers: sharedAt ? 'partner' : 'me',
  }
}

/** The newest contact, or the one partner: what most entries are about. */
function usualAbout({ partners: [partner, another], contacts: [contact] }: Abouts): string {
  if (contact) return `contact-${contact.id}`
  return partner && !another ? `match-${partner.id}` : 'none'
}

function aboutChoice(
  words: Words,
  { abouts: { partners, contacts }, before }: Given,
  { values, errors }: Filled,
): Choice {
  const { t } = words
  const withWhom = (matchId: number) => {
    const partner = partners.length > 1 ? partners.find(({ id }) => id === matchId) : undefined
    return partner ? t('logbook.form.with', { partner: callNameOf(t, partner) }) : ''
  }
  const options = [
    ...contacts.map((one) => ({
      value: `contact-${one.id}`,
      label: contactTitle(words, one) + withWhom(one.match_id),
    })),
    ...partners.map((one) => ({
      value: `match-${one.id}`,
      label: t('logbook.title.partner', { partner: callNameOf(t, one) }),
    })),
    { value: 'none', label: t('logbook.form.thought') },
  ]
  // What an entry was about before stays to be chosen, also when the match is over.
  if (before && !options.some(({ value }) => value === aboutValue(before)))
    options.unshift({ value: aboutValue(before), label: entryTitle(words, { ...before, kind: 'diary' }) })
  return {
    name: 'about',
    legend: t('logbook.form.about'),
    options,
    value: values.about,
    error: errors.about,
    wide: true,
  }
}

function whatChoices({ t, viewer }: Words, { values, errors }: Filled) {
  return {
    text: {
      name: 'text',
      label: t('logbook.form.text'),
      hint: t(`logbook.form.textHint.${viewer.participant?.role ?? 'mentee'}`),
      value: values.text,
      error: errors.text,
      rows: 6,
    },
    kind: {
      name: 'kind',
      legend: t('logbook.form.kind'),
      value: values.kind,
      error: errors.kind,
      options: (['diary', 'reflection'] as const).map((value) => ({ value, label: t(`logbook.form.kinds.${value}`) })),
    },
    stage: {
      name: 'stage',
      legend: t('logbook.form.stage'),
      value: values.stage,
      error: errors.stage,
      options: [
        { value: '', label: t('logbook.form.noStage') },
        ...STAGES.map((value) => ({ value, label: t('logbook.form.stageNo', { stage: value }) })),
      ],
    },
  }
}

function tagBoxes({ t }: Words, before: EntryRow | undefined, { form }: Filled): TagBoxes {
  const chosen = ticked(form, 'tags', before?.tags ?? [])
  return {
    legend: t('logbook.form.tags'),
    error: form.errors.tags,
    options: TAGS.map((value) => ({
      value,
      label: t(`logbook.tag.${value}`),
      icon: TAG_ICONS[value],
      checked: chosen.includes(value),
    })),
  }
}

function balanceChoice({ t }: Words, { values, errors }: Filled): Choice {
  return {
    name: 'balance',
    legend: t('logbook.form.balance'),
    hint: t('logbook.form.balanceHint'),
    value: values.balance,
    error: errors.balance,
    options: BALANCES.map((value) => ({ value, label: value })),
  }
}

/** With nobody to share with, there is nothing to choose. */
function readersChoice(words: Words, given: Given, { values, errors }: Filled): Choice | undefined {
  const { t } = words
  const names = namesOf(words, given)
  const [only, second] = names
  if (only === undefined) return undefined
  const share = second === undefined ? t('logbook.form.share', { partner: only }) : t('logbook.form.shareThem')
  return {
    name: 'readers',
    legend: t('logbook.form.readers'),
    value: values.readers,
    error: errors.readers,
    options: [
      { value: 'me', label: t('logbook.form.me') },
      { value: 'partner', label: share },
    ],
  }
}

/** Everybody whom an entry could be shared with. */
function namesOf({ t }: Words, { abouts, before }: Given): string[] {
  const earlier = before && partnerOf(t, before)
  const names = abouts.partners.map((partner) => callNameOf(t, partner))
  return [...new Set(earlier === undefined ? names : [...names, earlier])]
}
