import { errorLines, isWrong, type Boxes, type ErrorLine, type Field, type FormPart } from '../../../web/components.ts'
import { ticked, type Form } from '../../../web/forms.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import type { OwnMatchRow } from '../../matches/index.ts'
import { callNameOf } from '../../people/index.ts'
import { editForm, OWN_KINDS, type EditForm } from '../forms.ts'
import { ownClauses, type Agreement } from '../service.ts'

export type EditPage = PageModel & {
  back: { href: string; label: string }
  lede: string
  privacy: string
  action: string
  errors: ErrorLine[]
  keptAt: Date | undefined
  hash: string
  parts: FormPart[]
}
export const renderEdit = view<EditPage>('agreements/edit')

/** What one of the two may write: their expectation, clauses of their own, and how they stay in touch. */
export function editPage(words: Words, match: OwnMatchRow, agreement: Agreement, form: Form<EditForm>): EditPage {
  const { t } = words
  const partner = callNameOf(t, match)
  const { errors } = form
  const signed = agreement.draft?.mentee_signed_at ?? agreement.draft?.mentor_signed_at
  const lede = agreement.inForce && !agreement.draft ? 'again' : signed ? 'signed' : 'first'
  return {
    title: t('agreements.edit.title'),
    here: '/',
    hasErrors: isWrong(errors),
    back: { href: `/matches/${match.id}/agreement`, label: t('agreements.title', { partner }) },
    lede: t(`agreements.edit.lede.${lede}`, { partner }),
    privacy: t('agreements.private', { partner }),
    action: `/matches/${match.id}/agreement/edit`,
    errors: errorLines({ ...errors, expects: errors.expects ?? errors._hash }, editForm),
    keptAt: form.keptAt,
    hash: agreement.hash,
    parts: partsFor(words, match, agreement, form),
  }
}

function partsFor(words: Words, match: OwnMatchRow, agreement: Agreement, form: Form<EditForm>): FormPart[] {
  const { t } = words
  const { values, errors } = form
  const { text, sides } = agreement
  const role = match.role === 'mentor' ? 'mentee' : 'mentor'
  const field = (name: FieldName, holds: string | number | null, more: Partial<Field> = {}): FormPart => ({
    is: 'field',
    part: {
      name,
      label: t(`agreements.edit.${name}.label`),
      hint: t(`agreements.edit.${name}.hint`) || undefined,
      value: values[name] ?? (holds === null ? undefined : String(holds)),
      error: errors[name] ?? (name === 'expects' ? errors._hash : undefined),
      ...more,
    },
  })
  const suggested = role === 'mentee' ? sides.mentee.wants : sides.mentor.offers
  return [
    field('expects', text[`${role}_expects`] ?? suggested, { rows: 4, optional: true }),
    ...OWN_KINDS.map((kind) => field(kind, ownClauses(text, kind).join('\n'), { rows: 3, optional: true })),
    { is: 'heading', part: { text: t('agreements.group.channel') } },
    { is: 'boxes', part: channelBoxes(words, match, agreement, form) },
    field('everyDays', text.every_days, { type: 'number', short: true, min: '1', max: '90' }),
    field('replyDays', text.reply_days, { type: 'number', short: true, min: '1', max: '30' }),
    field('bestTimes', text.best_times, { optional: true }),
    field('quietFrom', text.quiet_from, { type: 'time', short: true, optional: true }),
    field('quietUntil', text.quiet_until, { type: 'time', short: true, optional: true }),
  ]
}
type FieldName = Exclude<keyof EditForm, '_hash' | 'channels'>

/** The programme's ways of being in touch; those that both prefer say so (R76). */
function channelBoxes(
  { t, viewer }: Words,
  match: OwnMatchRow,
  { text, sides }: Agreement,
  form: Form<EditForm>,
): Boxes {
  const partner = callNameOf(t, match)
  const own = sides[match.role === 'mentor' ? 'mentee' : 'mentor'].channels
  const theirs = sides[match.role].channels
  const likes = (one: string): string | undefined => {
    if (own.includes(one) && theirs.includes(one)) return t('agreements.edit.bothLike', { partner })
    if (theirs.includes(one)) return t('agreements.edit.partnerLikes', { partner })
    return own.includes(one) ? t('agreements.edit.youLike') : undefined
  }
  return {
    name: 'channels',
    legend: t('agreements.edit.channels.label'),
    values: ticked(form, 'channels', text.channels),
    error: form.errors.channels,
    options: (viewer.programme?.channels ?? []).map((one) => ({
      value: one,
      label: t(`shared.channel.${one as 'text'}`),
      small: likes(one),
    })),
  }
}
