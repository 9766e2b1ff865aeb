import { errorLines, isWrong, type ErrorLine, type Field, type FormPart, type Steps } from '../../../web/components.ts'
import type { Form } from '../../../web/forms.ts'
import { languages, type T } from '../../../web/i18n.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { limitsOf, visibilityRows, type Limits, type VisibilityRow } from '../../guidance/index.ts'
import { addressParts } from '../../mail/index.ts'
import type { InvitationRow } from '../../people/index.ts'
import type { AboutRow } from '../../programmes/index.ts'
import { welcomeForms, type WelcomeForm } from '../forms.ts'
import type { PersonalRow, WelcomeRow } from '../queries.ts'

export type WelcomePage = PageModel & {
  steps: Steps | undefined
  lede: string
  errors: ErrorLine[]
  keptAt: Date | undefined
  action: string
  /** Step 1: what this is, and what it asks of people. */
  about: { aims: string; facts: { label: string; value: string }[]; not: string } | undefined
  /** Step 2: who can see what, and what cannot stay private. */
  visibility: { rows: VisibilityRow[]; limits: Limits } | undefined
  parts: FormPart[]
  save: string
}
export const renderWelcome = view<WelcomePage>('arrival/welcome')

export type WelcomeFacts = {
  step: number
  welcome: WelcomeRow
  about: AboutRow | undefined
  personal: PersonalRow | undefined
  invitation: InvitationRow | undefined
  form: Form<WelcomeForm>
}

/** One of four short steps: what this is; who can see what; how you are called; as what you come (spec 5.1). */
export function welcomePage(words: Words, facts: WelcomeFacts): WelcomePage {
  const { t, viewer } = words
  const { step, form } = facts
  return {
    ...(viewer.participant && step === 3 ? aloneWords(words) : stepWords(words, step)),
    hasErrors: isWrong(form.errors),
    lede: t(`arrival.step.${step as 1}.lede`),
    errors: errorLines(form.errors, welcomeForms[step - 1] ?? welcomeForms[0]),
    keptAt: form.keptAt,
    action: `/welcome/${step}`,
    about: step === 1 ? aboutOf(words, facts) : undefined,
    visibility: step === 2 ? { rows: visibilityRows(t), limits: limitsOf(t, viewer) } : undefined,
    parts: partsFor(words, facts),
  }
}

type Around = Pick<WelcomePage, 'title' | 'here' | 'steps' | 'save'>

/** As one of four steps. */
function stepWords({ t, viewer }: Words, step: number): Around {
  const of = welcomeForms.length
  return {
    title: t(`arrival.step.${step as 1}.title`, { programme: viewer.programme?.title }),
    here: '/',
    steps: { now: step, of, text: t('arrival.step.of', { step, of }) },
    save: t(step === of ? 'arrival.step.apply' : 'arrival.step.goOn', { step: step + 1 }),
  }
}

/** As a page of its own, for who takes part. */
function aloneWords({ t }: Words): Around {
  return { title: t('arrival.step.3.alone'), here: '/welcome/3', steps: undefined, save: t('arrival.step.save') }
}

function aboutOf({ t, dates, viewer }: Words, { about }: WelcomeFacts): WelcomePage['about'] {
  const { programme } = viewer
  if (!programme) return undefined
  const { minimumContacts: count, startsOn, endsOn, trainingRequired, trainingMinutes } = programme
  const from = dates.date(startsOn)
  const facts = [
    ['contacts', t('arrival.about.contactsValue', { count })],
    ['dates', t('arrival.about.datesValue', { from, to: dates.date(endsOn) })],
    ['report', reportWords({ t, dates }, about)],
    ['training', trainingRequired ? t('arrival.about.trainingValue', { count: trainingMinutes }) : ''],
    ['honorarium', honorariumWords(t, about)],
  ] as const
  return {
    aims: about?.aims ?? '',
    facts: facts.flatMap(([name, value]) => (value === '' ? [] : [{ label: t(`arrival.about.${name}`), value }])),
    not: t('arrival.about.not'),
  }
}

function reportWords({ t, dates }: Pick<Words, 't' | 'dates'>, about: AboutRow | undefined): string {
  const by = about?.mentee_report_on ?? about?.mentor_report_on
  return by ? t('arrival.about.reportBy', { day: dates.date(by) }) : t('arrival.about.reportValue')
}

function honorariumWords(t: T, about: AboutRow | undefined): string {
  const honorarium = about?.honorarium
  return honorarium ? t('arrival.about.honorariumValue', { amount: `${honorarium.amount} ${honorarium.currency}` }) : ''
}

function partsFor(words: Words, facts: WelcomeFacts): FormPart[] {
  const { t } = words
  const { step, welcome, form } = facts
  if (step === 2)
    return [
      {
        is: 'tick',
        part: {
          name: 'acknowledged',
          label: t('arrival.acknowledge'),
          ticked: form.values.acknowledged === 'yes' || welcome.acknowledged_at !== null,
          error: form.errors.acknowledged,
        },
      },
    ]
  if (step === 3 && facts.personal) return aboutParts(words, facts.personal, form)
  return step === 4 ? [rolePart(words, facts)] : []
}

function aboutParts({ t }: Words, personal: PersonalRow, form: Form<WelcomeForm>): FormPart[] {
  const { values, errors } = form
  const field = (name: FieldName, holds: string | null, more: Partial<Field> = {}): FormPart => ({
    is: 'field',
    part: {
      name,
      label: t(`arrival.form.${name}.label`),
      hint: t(`arrival.form.${name}.hint`) || undefined,
      value: values[name] ?? holds ?? undefined,
      error: errors[name],
      optional: true,
      ...more,
    },
  })
  return [
    field('preferredName', personal.preferred_name ?? personal.given_name ?? personal.name, {
      autocomplete: 'nickname',
    }),
    field('pronoun', personal.pronoun, { short: true }),
    ...addressParts(t, personal, form),
    ...(languages.length > 1 ? [languagePart(t, personal, form)] : []),
    field('quietFrom', personal.quiet_from, { type: 'time', short: true }),
    field('quietUntil', personal.quiet_until, { type: 'time', short: true }),
  ]
}
type FieldName = 'preferredName' | 'pronoun' | 'quietFrom' | 'quietUntil'

const languageNames = new Intl.DisplayNames(['en'], { type: 'language' })
function languagePart(t: T, personal: PersonalRow, { values }: Form<WelcomeForm>): FormPart {
  return {
    is: 'select',
    part: {
      name: 'language',
      legend: t('arrival.form.language'),
      value: values.language ?? personal.language ?? undefined,
      error: undefined,
      options: languages.map((value) => ({ value, label: languageNames.of(value) ?? value })),
    },
  }
}

function rolePart({ t }: Words, { welcome, invitation, form }: WelcomeFacts): FormPart {
  return {
    is: 'pick',
    part: {
      name: 'role',
      legend: t('arrival.role.legend'),
      hint: invitation
        ? t('arrival.role.invited', {
            by: invitation.invited_by ?? t('shared.role.coordinator'),
            role: t(`shared.role.${invitation.role}`),
          })
        : undefined,
      value: form.values.role ?? welcome.role ?? invitation?.role,
      error: form.errors.role,
      options: [
        { value: 'mentee', label: t('arrival.role.mentee'), small: t('arrival.role.menteeHint') },
        { value: 'mentor', label: t('arrival.role.mentor'), small: t('arrival.role.mentorHint') },
      ],
    },
  }
}
