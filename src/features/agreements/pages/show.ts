import { dayIn } from '../../../clock.ts'
import {
  isWrong,
  type Boxes,
  type Chip,
  type ErrorLine,
  type Field,
  type Notice,
  type Tick,
} from '../../../web/components.ts'
import type { Form } from '../../../web/forms.ts'
import type { TextKey } from '../../../web/i18n.ts'
import { timeZoneOf, type Role } from '../../../web/viewer.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import type { OwnMatchRow } from '../../matches/index.ts'
import { callNameOf } from '../../people/index.ts'
import type { SignForm } from '../forms.ts'
import type { AgreementRow } from '../queries.ts'
import { expectationsOf, mayChange, signingNames, type Agreement } from '../service.ts'
import { textModel, type TextModel } from './text.ts'

export type SignBox = {
  action: string
  hash: string
  expectations: Boxes
  ticks: Tick[]
  name: Field
}
export type AgreementPage = PageModel & {
  lede: string
  errors: ErrorLine[]
  keptAt: Date | undefined
  chips: Chip[]
  version: string
  notice: Notice | undefined
  text: TextModel
  editHref: string | undefined
  sign: SignBox | undefined
  dropAction: string | undefined
  versions: { label: string; href: string }[]
  printHref: string
}
export const renderAgreement = view<AgreementPage>('agreements/show')

/** The agreement as one of the two has it before them: to read, to change, to sign (spec 5.2). */
export function agreementPage(
  words: Words,
  match: OwnMatchRow,
  agreement: Agreement,
  form: Form<SignForm>,
): AgreementPage {
  const { t } = words
  const role: Role = match.role === 'mentor' ? 'mentee' : 'mentor'
  const partner = callNameOf(t, match)
  const href = `/matches/${match.id}/agreement`
  return {
    title: t('agreements.title', { partner }),
    here: '/',
    hasErrors: isWrong(form.errors),
    lede: t(ledeFor(agreement), { partner, version: agreement.inForce?.version }),
    errors: errorsOf(form),
    keptAt: form.keptAt,
    chips: chipsOf(words, agreement, role, partner),
    version: t('agreements.version', { version: agreement.version }),
    notice: noticeFor(words, match, agreement, role),
    text: textModel(words, agreement.text, agreement.sides, role),
    editHref: mayChange(match) ? `${href}/edit` : undefined,
    sign: maySign(match, agreement, role) ? signBox(words, `${href}/signature`, agreement, form) : undefined,
    dropAction: agreement.draft && agreement.inForce && mayChange(match) ? `${href}/withdrawal` : undefined,
    versions: agreement.versions
      .filter(({ state }) => state !== 'draft')
      .map((one) => ({ label: versionWords(words, one), href: `${href}/versions/${one.version}` })),
    printHref: `${href}/print`,
  }
}

function ledeFor({
  draft,
  inForce,
}: Agreement): 'agreements.lede.first' | 'agreements.lede.renewed' | 'agreements.lede.inForce' {
  if (!inForce) return 'agreements.lede.first'
  return draft ? 'agreements.lede.renewed' : 'agreements.lede.inForce'
}

function signedAt(row: AgreementRow | undefined, role: Role): Date | null {
  return (role === 'mentor' ? row?.mentor_signed_at : row?.mentee_signed_at) ?? null
}

function maySign(match: OwnMatchRow, { draft, inForce }: Agreement, role: Role): boolean {
  return mayChange(match) && (draft !== undefined || !inForce) && signedAt(draft, role) === null
}

function chipsOf({ t, dates, viewer }: Words, agreement: Agreement, role: Role, partner: string): Chip[] {
  const { draft, inForce } = agreement
  if (!draft && inForce) return [{ kind: 'ok', icon: 'check-lg', text: t('agreements.chip.inForce') }]
  const day = (at: Date) => dates.dayInText(dayIn(timeZoneOf(viewer), at))
  const partnerAt = signedAt(draft, role === 'mentor' ? 'mentee' : 'mentor')
  const ownAt = signedAt(draft, role)
  return [
    ownAt
      ? { kind: 'ok', icon: 'check-lg', text: t('agreements.chip.youSigned', { day: day(ownAt) }) }
      : { kind: 'you', icon: 'arrow-right-circle', text: t('agreements.chip.you') },
    partnerAt
      ? { kind: 'ok', icon: 'check-lg', text: t('agreements.chip.partnerSigned', { partner, day: day(partnerAt) }) }
      : { kind: 'wait', icon: 'hourglass-split', text: t('agreements.chip.partner', { partner }) },
  ]
}

function noticeFor({ t, viewer }: Words, match: OwnMatchRow, agreement: Agreement, role: Role): Notice | undefined {
  const { draft, inForce } = agreement
  const partner = callNameOf(t, match)
  const byPartner = draft && draft.changed_by_id !== null && draft.changed_by_id !== viewer.participant?.id
  if (byPartner && signedAt(draft, role) === null)
    return {
      kind: 'wait',
      icon: 'exclamation-circle',
      title: t('agreements.notice.changed', { partner }),
      text: t('agreements.notice.changedText'),
    }
  if (inForce && match.state === 'agreeing')
    return {
      kind: 'wait',
      icon: 'hourglass-split',
      title: t('agreements.notice.training'),
      text: t(`agreements.notice.trainingText.${match.role}`, { partner }),
    }
  return undefined
}

function versionWords({ t, dates, viewer }: Words, row: AgreementRow): string {
  const day = row.in_force_at ? dates.date(dayIn(timeZoneOf(viewer), row.in_force_at)) : ''
  return t(row.state === 'in_force' ? 'agreements.versions.inForce' : 'agreements.versions.before', {
    version: row.version,
    day,
  })
}

const ORDER = ['expectations', 'private', 'limits', 'name'] as const
function errorsOf({ errors }: Form<SignForm>): ErrorLine[] {
  const given: Partial<Record<string, TextKey>> = { ...errors, name: errors.name ?? errors._hash }
  return ORDER.flatMap((name) => (given[name] ? [{ href: `#${name}`, error: given[name] }] : []))
}

function signBox({ t, viewer }: Words, action: string, agreement: Agreement, form: Form<SignForm>): SignBox {
  const { values, errors } = form
  const sent = (values.expectations ?? '').split('\n')
  const tick = (name: 'private' | 'limits'): Tick => ({
    name,
    label: t(`agreements.sign.${name}`),
    ticked: values[name] === 'yes',
    error: errors[name],
  })
  return {
    action,
    hash: agreement.hash,
    expectations: {
      name: 'expectations',
      legend: t('agreements.sign.expectations'),
      hint: t('agreements.sign.expectationsHint'),
      options: expectationsOf(agreement.text, viewer.participant?.role ?? 'mentee').map((label, at) => ({
        value: String(at),
        label,
      })),
      values: sent,
      error: errors.expectations,
    },
    ticks: [tick('private'), tick('limits')],
    name: {
      name: 'name',
      label: t('agreements.sign.name'),
      hint: signingNames(viewer)[0] ?? '',
      value: values.name,
      error: errors.name ?? errors._hash,
      autocomplete: 'name',
    },
  }
}
