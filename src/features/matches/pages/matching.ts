import { dayIn } from '../../../clock.ts'
import { errorLines, isWrong, type Choice, type ErrorLine, type Field, type Notice } from '../../../web/components.ts'
import type { Form } from '../../../web/forms.ts'
import type { T } from '../../../web/i18n.ts'
import { timeZoneOf } from '../../../web/viewer.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { nameOf } from '../../people/index.ts'
import { offerForm, type OfferForm } from '../forms.ts'
import type { CandidateRow, ProfileRow } from '../queries.ts'
import { OFFER_DAYS } from '../service.ts'

export type CheckItem = { kind: 'yes' | 'part'; text: string }
export type MatchingPage = PageModel & {
  lede: string
  errors: ErrorLine[]
  keptAt: Date | undefined
  mentees: Choice
  mentors: Choice
  noMentees: boolean
  noMentors: boolean
  /** The two that are chosen, and what is known of them together. */
  chosen: { title: string; checks: CheckItem[] }
  reason: Field
  /** They were a pair before: offered again only when the coordinator says so. */
  again: Notice | undefined
}
export const renderMatching = view<MatchingPage>('matches/matching')

export type Candidates = { mentees: CandidateRow[]; mentors: CandidateRow[]; again: string | undefined }

/** The coordinator's page for pairing: mentees without a mentor beside mentors with room. */
export function matchingPage(words: Words, candidates: Candidates, form: Form<OfferForm>): MatchingPage {
  const { t, dates } = words
  const { mentees, mentors, again } = candidates
  const { values, errors } = form
  return {
    title: t('matches.title'),
    here: '/admin/matching',
    wide: true,
    lede: t('matches.lede', { count: OFFER_DAYS }),
    hasErrors: isWrong(errors),
    errors: errorLines(errors, offerForm),
    keptAt: form.keptAt,
    mentees: sideOf(words, 'mentee', candidates, form),
    mentors: sideOf(words, 'mentor', candidates, form),
    noMentees: mentees.length === 0,
    noMentors: mentors.length === 0,
    chosen: chosenOf(words, candidates, values),
    reason: {
      name: 'reason',
      label: t('matches.reason'),
      hint: t('matches.reasonHint'),
      value: values.reason,
      error: errors.reason,
      rows: 3,
      optional: true,
    },
    again:
      again === undefined
        ? undefined
        : {
            kind: 'wait',
            icon: 'exclamation-circle',
            title: t('matches.again.title'),
            text: t('matches.again.text', { day: dates.dayInText(again) }),
          },
  }
}

function sideOf(
  words: Words,
  name: 'mentee' | 'mentor',
  { mentees, mentors }: Candidates,
  { values, errors }: Form<OfferForm>,
): Choice {
  const rows = name === 'mentee' ? mentees : mentors
  const others = name === 'mentee' ? [] : mentees // a mentor's line says whom of these they had before
  return {
    name,
    legend: words.t(name === 'mentee' ? 'matches.legend.mentees' : 'matches.legend.mentors', { count: rows.length }),
    value: values[name],
    error: errors[name],
    options: rows.map((row) => ({
      value: String(row.id),
      label: nameOf(words.t, row),
      lines: linesOf(words, row, others),
    })),
  }
}

/** What is known of somebody, a line each: course, wants or offers, when and how, and whom they had before. */
function linesOf({ t, dates, viewer }: Words, row: CandidateRow, others: readonly CandidateRow[]): string[] {
  const study = [row.course, row.study_year].filter((part) => part !== null).join(', ')
  const accepted = row.decided_at
    ? t('matches.accepted', { day: dates.dayInText(dayIn(timeZoneOf(viewer), row.decided_at)) })
    : ''
  const room = t('matches.room', { count: row.capacity - row.open_matches })
  const past = row.before.flatMap(({ id, ended_on }) => {
    const other = others.find((one) => one.id === id)
    return other ? [t('matches.before', { name: nameOf(t, other), day: dates.dayInText(ended_on) })] : []
  })
  return [
    [study, row.role === 'mentor' ? room : accepted].filter(Boolean).join('. '),
    row.role === 'mentor' && !row.trained && viewer.programme?.trainingRequired ? t('matches.notTrained') : '',
    ...profileLines(t, row),
    ...past,
  ].filter(Boolean)
}

/** A profile in lines, as the coordinator and the partner read it. */
export function profileLines(t: T, row: ProfileRow): string[] {
  return [
    row.wants ? t('matches.profile.wants', { text: row.wants }) : '',
    row.offers ? t('matches.profile.offers', { text: row.offers }) : '',
    row.could_teach ? t('matches.profile.couldTeach', { text: row.could_teach }) : '',
    row.free_times ? t('matches.profile.free', { text: row.free_times }) : '',
    row.channels.length > 0 ? t('matches.profile.channels', { text: channelWords(t, row.channels) }) : '',
  ].filter(Boolean)
}

/** Ways of being in touch, in words: `Phone, Text`. */
export function channelWords(t: T, channels: readonly string[]): string {
  return channels.map((one) => t(`shared.channel.${one as 'text'}`)).join(', ')
}

function chosenOf(words: Words, { mentees, mentors }: Candidates, values: Form<OfferForm>['values']) {
  const { t } = words
  const mentee = mentees.find(({ id }) => String(id) === values.mentee)
  const mentor = mentors.find(({ id }) => String(id) === values.mentor)
  if (!mentee || !mentor) return { title: t('matches.nobody'), checks: [] }
  return {
    title: t('matches.two', { mentee: nameOf(t, mentee), mentor: nameOf(t, mentor) }),
    checks: checksOf(words, mentee, mentor),
  }
}

/** Facts about two people, no score: what fits is theirs and the coordinator's to say. */
function checksOf({ t, dates, viewer }: Words, mentee: CandidateRow, mentor: CandidateRow): CheckItem[] {
  const both = mentee.channels.filter((one) => mentor.channels.includes(one))
  const past = mentor.before.find(({ id }) => id === mentee.id)
  const needsTraining = viewer.programme?.trainingRequired === true
  const name = nameOf(t, mentor)
  return [
    both.length > 0
      ? { kind: 'yes', text: t('matches.check.channels', { text: channelWords(t, both) }) }
      : { kind: 'part', text: t('matches.check.noChannels') },
    ...(needsTraining
      ? [
          {
            kind: mentor.trained ? 'yes' : 'part',
            text: t(`matches.check.${mentor.trained ? 'trained' : 'notTrained'}`, { name }),
          } as const,
        ]
      : []),
    past
      ? { kind: 'part', text: t('matches.check.before', { day: dates.dayInText(past.ended_on) }) }
      : { kind: 'yes', text: t('matches.check.new') },
  ]
}
