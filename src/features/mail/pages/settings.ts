import { mailIsOn } from '../../../smtp.ts'
import {
  errorLines,
  firstLetterOf,
  isWrong,
  type Choice,
  type ErrorLine,
  type Field,
  type FormPart,
  type Notice,
} from '../../../web/components.ts'
import type { Form } from '../../../web/forms.ts'
import type { T } from '../../../web/i18n.ts'
import { hasDuty, type Viewer } from '../../../web/viewer.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { settingsForm, WAYS, type AddressForm, type SettingsForm, type Topic } from '../forms.ts'
import type { SettingsRow } from '../queries.ts'
import { topicsFor, wayOf } from '../service.ts'

export type SettingsPage = PageModel & {
  lede: string
  notices: Notice[]
  errors: ErrorLine[]
  keptAt: Date | undefined
  parts: FormPart[]
  /** What is mailed whatever is chosen. */
  always: string
}
export const renderSettings = view<SettingsPage>('mail/settings')

/** Where mail goes, when it does not, and what it may be about (spec 5.7). */
export function settingsPage(words: Words, row: SettingsRow, form: Form<SettingsForm>): SettingsPage {
  const { t, viewer } = words
  return {
    title: t('mail.title'),
    here: '/notifications',
    hasErrors: isWrong(form.errors),
    lede: t('mail.lede'),
    notices: noticesOf(t, viewer),
    errors: errorLines(form.errors, settingsForm),
    keptAt: form.keptAt,
    parts: [...addressParts(t, row, form), ...hourParts(t, row, form), ...topicParts(words, row, form)],
    always: hasDuty(viewer, 'coordinator') ? t('mail.topics.always') : '',
  }
}

function noticesOf(t: T, { reach }: Viewer): Notice[] {
  const off: Notice = { kind: 'wait', icon: 'info-circle', title: t('mail.off.title'), text: t('mail.off.text') }
  const isLost = reach === 'missing' || reach === 'refused'
  return [...(mailIsOn ? [] : [off]), ...(isLost ? [lost(t, reach)] : [])]
}

function lost(t: T, reach: 'missing' | 'refused'): Notice {
  return {
    kind: 'wait',
    icon: 'exclamation-triangle',
    title: t(`mail.reach.${reach}.title`),
    text: t(`mail.reach.${reach}.text`),
  }
}

/** On other pages: that mails do not reach the viewer, and where to mend it; nothing to who wants none, or while mail is off. */
export type MailNotice = { notice: Notice; action: { href: string; label: string } }
export function mailNotice(t: T, { reach }: Pick<Viewer, 'reach'>): MailNotice | undefined {
  if (!mailIsOn || (reach !== 'missing' && reach !== 'refused')) return undefined
  return { notice: lost(t, reach), action: { href: '/notifications/mail', label: t(`mail.reach.${reach}.action`) } }
}

type Address = Pick<SettingsRow, 'email' | 'own_email' | 'mail_to'>
/** Where mail goes: two parts of a form, here and in the welcome. */
export function addressParts(t: T, row: Address, { values, errors }: Form<AddressForm>): FormPart[] {
  const { label, hint } = fieldWords(t, 'ownEmail')
  const typed = { type: 'email', autocomplete: 'email' } as const
  const part: Field = {
    ...{ name: 'ownEmail', label, hint, value: values.ownEmail ?? row.own_email ?? undefined, error: errors.ownEmail },
    ...{ optional: true, ...typed },
  }
  return [
    { is: 'choice', part: addressChoice(t, row, { values, errors }) },
    { is: 'field', part },
  ]
}

/** Is the address that the LMS gives right? It is shown shortened: whoever looks over a shoulder need not read it. */
function addressChoice(t: T, { email, mail_to }: Address, { values, errors }: Form<AddressForm>): Choice {
  const options = [
    ...(email ? [{ value: 'lms', label: t('mail.address.lms', { email: shortened(email) }) }] : []),
    { value: 'own', label: t('mail.address.own') },
    { value: 'none', label: t('mail.address.none') },
  ]
  const holds = email === null && mail_to === 'lms' ? 'none' : mail_to
  return {
    name: 'mailTo',
    legend: t(email ? 'mail.address.right' : 'mail.address.missing'),
    hint: t('mail.address.hint'),
    value: values.mailTo ?? holds,
    error: errors.mailTo,
    options,
  }
}

function shortened(email: string): string {
  const [name = '', host = ''] = email.split('@')
  return `${firstLetterOf(name)}…@${host}`
}

type Hour = 'quietFrom' | 'quietUntil' | 'digestAt'
const fieldWords = (t: T, name: Hour | 'ownEmail') => ({
  label: t(`mail.form.${name}.label`),
  hint: t(`mail.form.${name}.hint`) || undefined,
})

function hourParts(t: T, row: SettingsRow, { values, errors }: Form<SettingsForm>): FormPart[] {
  const hour = (name: Hour, holds: string | null, optional: boolean): FormPart => ({
    is: 'field',
    part: {
      ...{ name, ...fieldWords(t, name), value: values[name] ?? holds ?? undefined, error: errors[name] },
      ...{ type: 'time', short: true, optional },
    },
  })
  return [
    hour('quietFrom', row.quiet_from, true),
    hour('quietUntil', row.quiet_until, true),
    hour('digestAt', row.digest_at, false),
  ]
}

function topicParts(
  { t, viewer }: Words,
  { choices }: SettingsRow,
  { values, errors }: Form<SettingsForm>,
): FormPart[] {
  const select = (topic: Topic): FormPart => ({
    is: 'select',
    part: {
      name: topic,
      legend: t(`mail.topics.${topic}.label`),
      value: values[topic] ?? wayOf(choices, topic),
      error: errors[topic],
      options: topic === 'week' ? weekOptions(t) : WAYS.map((value) => ({ value, label: t(`mail.way.${value}`) })),
    },
  })
  const heading: FormPart = { is: 'heading', part: { text: t('mail.topics.heading'), hint: t('mail.topics.hint') } }
  return [heading, ...topicsFor(viewer).map(select)]
}

const weekOptions = (t: T) =>
  (['instant', 'off'] as const).map((value) => ({ value, label: t(`mail.weekWay.${value}`) }))
