import { randomUUID } from 'node:crypto'
import { errorLines, isWrong, type Choice, type ErrorLine, type Field, type Tick } from '../../web/components.ts'
import type { Form } from '../../web/forms.ts'
import { coordinatorOf } from '../../web/viewer.ts'
import { view, type PageModel, type Words } from '../../web/views.ts'
import type { MatchFactsRow, OwnMatchRow } from '../matches/index.ts'
import { callNameOf, pairNames } from '../people/index.ts'
import { FITS, pulseForm, SCORES, type PulseForm } from './forms.ts'
import type { WishRow } from './queries.ts'
import { asksFit } from './service.ts'

export type PulsePage = PageModel & {
  lede: string
  errors: ErrorLine[]
  keptAt: Date | undefined
  action: string
  key: string
  score: Choice
  /** After the first two contacts alone. */
  fit: Choice | undefined
  text: Field
  wantsContact: Tick
  contactsHref: string
}
export const renderPulse = view<PulsePage>('pulses/new')

/** How it goes, and two lines for oneself: after a contact, and all of it if one likes (R48, R71, R79). */
export function pulsePage(words: Words, match: OwnMatchRow, contactId: number, form: Form<PulseForm>): PulsePage {
  const { t, viewer } = words
  const { values, errors } = form
  const partner = callNameOf(t, match)
  const coordinator = coordinatorOf(viewer)
  return {
    title: t('pulses.title'),
    here: '/contacts',
    hasErrors: isWrong(errors),
    lede: t('pulses.lede', { partner, coordinator }),
    errors: errorLines(errors, pulseForm),
    keptAt: form.keptAt,
    action: `/contacts/${contactId}/pulse`,
    key: randomUUID(),
    ...choices(words, match, form),
    text: {
      name: 'text',
      label: t(`pulses.text.${viewer.participant?.role ?? 'mentee'}`),
      hint: t('pulses.textHint'),
      value: values.text,
      error: errors.text,
      rows: 4,
      optional: true,
    },
    wantsContact: {
      name: 'wantsContact',
      label: t('pulses.wantsContact', { coordinator }),
      small: t('pulses.wantsContactHint', { coordinator }),
      ticked: values.wantsContact === 'yes',
      error: errors.wantsContact,
    },
    contactsHref: `/matches/${match.id}/contacts`,
  }
}

function choices({ t }: Words, match: OwnMatchRow, { values, errors }: Form<PulseForm>) {
  const score: Choice = {
    name: 'score',
    legend: t('pulses.score'),
    hint: t('pulses.scoreHint'),
    value: values.score,
    error: errors.score,
    options: SCORES.map((value) => ({ value, label: value })),
  }
  const fit: Choice = {
    name: 'fit',
    legend: t('pulses.fit', { partner: callNameOf(t, match) }),
    hint: t('pulses.fitHint'),
    value: values.fit,
    error: errors.fit,
    small: true,
    options: FITS.map((value) => ({ value, label: t(`pulses.fits.${value}`) })),
  }
  return { score, fit: asksFit(match) ? fit : undefined }
}

export type WishesPage = PageModel & {
  back: { href: string; label: string }
  lede: string
  wishes: { text: string; action: string }[]
}
export const renderWishes = view<WishesPage>('pulses/wishes')

/** Who of a match would like to hear from the coordinator; not why, and not how it went for them. */
export function wishesPage({ t, dates }: Words, match: MatchFactsRow, wishes: readonly WishRow[]): WishesPage {
  const names = pairNames(t, match)
  const href = `/admin/matches/${match.id}`
  return {
    title: t('pulses.wish.heading'),
    here: '/admin',
    back: { href, label: t('pulses.wish.back', names) },
    lede: t('pulses.wish.lede'),
    wishes: wishes.map(({ id, role, given_at: at }) => ({
      text: t('pulses.wish.who', { name: names[role], when: dates.moment(at) }),
      action: `${href}/wishes/${id}/answer`,
    })),
  }
}
