import { randomUUID } from 'node:crypto'
import { errorLines, isWrong, phoneHref, type Choice, type ErrorLine, type Field } from '../../../web/components.ts'
import type { Form } from '../../../web/forms.ts'
import type { T } from '../../../web/i18n.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { nameOf } from '../../people/index.ts'
import { concernForm, type ConcernForm } from '../forms.ts'
import type { FormFactsRow, OwnRow } from '../queries.ts'
import { aboutsFor, type Reported } from '../service.ts'

export type ShownMessage = { who: string; at: Date; when: string; body: string | undefined; chosen: boolean }
export type NewConcernPage = PageModel & {
  back: { href: string; label: string }
  errors: ErrorLine[]
  /** What to do first when somebody is in danger. */
  urgent: string
  lead: { name: string; phone: string; phoneHref: string }
  lede: string
  shown: ShownMessage[]
  action: string
  key: string
  keptAt: Date | undefined
  urgency: Choice
  about: Choice
  match: Choice | undefined
  person: Choice
  body: Field
  reach: Choice
  phone: Field
  send: string
  privacy: string
  own: { href: string; label: string }[]
}
export const renderNewConcern = view<NewConcernPage>('concerns/new')

type Given = {
  action: string
  reported: Reported | undefined
  facts: FormFactsRow
  own: readonly OwnRow[]
}

/** Numbers to call first, then the form: only the words are needed. */
export function newConcernPage(words: Words, given: Given, form: Form<ConcernForm>): NewConcernPage {
  const { t, dates, viewer } = words
  const { action, reported, facts, own } = given
  const { leadName: lead = '', leadPhone: phone = '' } = viewer.programme ?? {}
  return {
    title: t(reported ? 'concerns.new.reportTitle' : 'guidance.help.risk.title'),
    here: '/help',
    hasErrors: isWrong(form.errors),
    back: backFrom(t, reported),
    errors: errorLines(form.errors, concernForm),
    urgent: facts.urgent ?? t('guidance.help.dangerText'),
    lead: { name: t('concerns.new.lead', { name: lead }), phone, phoneHref: phoneHref(phone) },
    lede: t('concerns.new.lede', { lead }),
    shown: reported ? shownMessages(words, reported) : [],
    action,
    key: randomUUID(),
    keptAt: form.keptAt,
    ...fieldsOf(words, given, form),
    send: t('concerns.new.send', { lead }),
    privacy: t('concerns.new.private', { lead }),
    own: own.map(({ id, state, raised_at: at }) => ({
      href: `/help/concerns/${id}`,
      label: `${t('concerns.own.sent', { when: dates.stamp(at) })}: ${t(`concerns.own.state.${state}`)}`,
    })),
  }
}

function backFrom(t: T, reported: Reported | undefined): NewConcernPage['back'] {
  if (!reported) return { href: '/help', label: t('guidance.help.title') }
  return { href: `/threads/${reported.of.id}#m${reported.message.id}`, label: reported.of.title }
}

function shownMessages({ t, dates, viewer }: Words, { of, message, shown }: Reported): ShownMessage[] {
  return shown.map(({ id, author_id: author, body, visible_at: at }) => ({
    who: author === viewer.participant?.id ? t('threads.show.you') : nameOf(t, of),
    at,
    when: dates.stamp(at),
    body: body ?? undefined,
    chosen: id === message.id,
  }))
}

type Fields = Pick<NewConcernPage, 'urgency' | 'about' | 'match' | 'person' | 'body' | 'reach' | 'phone'>

function fieldsOf(words: Words, given: Given, { values, errors }: Form<ConcernForm>): Fields {
  const { t, viewer } = words
  const { facts, reported } = given
  const urgencies = (['now', 'soon'] as const).map((value) => ({
    value,
    label: t(`concerns.new.${value}`),
    small: t(`concerns.new.${value}Hint`),
  }))
  const abouts = aboutsFor(viewer, facts).map((value) => ({ value, label: t(`concerns.new.whom.${value}`) }))
  const reaches = (['here', 'call'] as const).map((value) => ({ value, label: t(`concerns.new.${value}`) }))
  const about = values.about ?? (reported ? 'partner' : undefined)
  const hint = t('concerns.new.bodyHint')
  const phone = {
    hint: t('concerns.new.phoneHint'),
    type: 'tel',
    short: true,
    autocomplete: 'tel',
    optional: true,
  } as const
  return {
    urgency: choice('urgency', t('concerns.new.urgency'), urgencies, [values.urgency, errors.urgency]),
    about: choice('about', t('concerns.new.about'), abouts, [about, errors.about]),
    match: reported ? undefined : matchChoice(words, facts, [values.match, errors.match]),
    person: personChoice(words, facts, [values.person, errors.person]),
    body: { name: 'body', label: t('concerns.new.body'), hint, value: values.body, error: errors.body, rows: 6 },
    reach: choice('reach', t('concerns.new.reach'), reaches, [values.reach ?? 'here', errors.reach]),
    phone: { name: 'phone', label: t('concerns.new.phone'), ...phone, value: values.phone, error: errors.phone },
  }
}

type Given2 = [value: string | undefined, error: Choice['error']]
function choice(name: string, legend: string, options: Choice['options'], [value, error]: Given2): Choice {
  return { name, legend, options, value, error }
}

/** Whoever has one partner need not say which. */
function matchChoice({ t }: Words, { partners }: FormFactsRow, given: Given2): Choice | undefined {
  if (partners.length < 2) return undefined
  const options = partners.map((one) => ({ value: String(one.match_id), label: nameOf(t, one) }))
  const none = { value: '', label: t('concerns.new.matchNone') }
  return {
    ...choice('match', t('concerns.new.match'), [none, ...options], given),
    hint: t('concerns.new.matchHint'),
    wide: true,
  }
}

function personChoice({ t }: Words, { staff }: FormFactsRow, given: Given2): Choice {
  const options = staff.map(({ id, name, duties }) => ({
    value: String(id),
    label: `${name ?? t('concerns.new.whom.staff')} (${duties.map((duty) => t(`concerns.new.duty.${duty}`)).join(', ')})`,
  }))
  const none = { value: '', label: t('concerns.new.personNone') }
  return {
    ...choice('person', t('concerns.new.person'), [none, ...options], given),
    hint: t('concerns.new.personHint'),
    wide: true,
  }
}
