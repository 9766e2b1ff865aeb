import { dayIn } from '../../../clock.ts'
import { timeZoneOf } from '../../../web/viewer.ts'
import { isWrong, type Chip, type ErrorLine, type Field } from '../../../web/components.ts'
import type { Form } from '../../../web/forms.ts'
import type { T } from '../../../web/i18n.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { callNameOf, nameOf, pairNames } from '../../people/index.ts'
import type { ReplyForm } from '../forms.ts'
import type { HappenedRow, MatchFactsRow, MatchRow, QuestionRow } from '../queries.ts'
import { mayBeStuck } from '../service.ts'

export type AskedItem = {
  id: number
  who: string
  question: string
  answer: string | undefined
  field: Field
  action: string
}
/** Strong: it counts. */
export type HappenedItem = { on: string; day: string; text: string; href: string | undefined; strong: boolean }
export type MatchPage = PageModel & {
  lede: string
  keptAt: Date | undefined
  errors: ErrorLine[]
  chip: Chip
  facts: { label: string; value: string }[]
  questions: AskedItem[]
  happened: HappenedItem[]
  also: { href: string; label: string }[]
  /** Somebody asks for something to change: under review, for the coordinator alone. */
  review: { href: string; label: string } | undefined
  /** Somebody would like to hear from the coordinator. */
  wishes: { href: string; label: string } | undefined
  takeBack: { action: string; label: string } | undefined
}
export const renderMatch = view<MatchPage>('matches/match')

/** What stands in the answer to one of the questions. */
export type Replying = { form: Form<ReplyForm>; of: number | undefined }

export type MatchOnPage = { match: MatchRow; questions: QuestionRow[]; happened: HappenedRow[] }

/** A match as facts, for its coordinator: who, since when, how far; never what the pair wrote. */
export function matchPage(words: Words, { match, questions, happened }: MatchOnPage, typed: Replying): MatchPage {
  const { t } = words
  const { form, of } = typed
  const begun = match.state !== 'offered' && match.state !== 'agreeing'
  return {
    title: t('matches.match.title', pairNames(t, match)),
    here: '/admin/matches',
    hasErrors: isWrong(form.errors),
    errors: form.errors.reply ? [{ href: `#reply-${of}`, error: form.errors.reply }] : [],
    lede: t('matches.match.lede'),
    keptAt: form.keptAt,
    chip: matchChip(t, match),
    facts: factsOf(words, match),
    questions: questions.map((one) => askedItem(t, match, one, typed)),
    happened: happened.map((one) => happenedItem(words, match, one)),
    also: linksOf(words, match),
    review:
      match.request_id === null
        ? undefined
        : { href: `/admin/requests/${match.request_id}`, label: t('matches.match.review') },
    wishes:
      match.wishes > 0 ? { href: `/admin/matches/${match.id}/wishes`, label: t('matches.match.wishes') } : undefined,
    takeBack: begun
      ? undefined
      : { action: `/admin/matches/${match.id}/withdrawal`, label: t('matches.match.takeBack') },
  }
}

/** What its coordinator can read or do. */
function linksOf({ t }: Words, match: MatchRow): MatchPage['also'] {
  const pair = `/admin/matches/${match.id}`
  const agreed = match.state !== 'offered' && match.state !== 'discarded'
  const names = {
    mentee: callNameOf(t, { ...match.mentee, role: 'mentee' }),
    mentor: callNameOf(t, { ...match.mentor, role: 'mentor' }),
  }
  return [
    ...(agreed && match.ended_at === null && match.state !== 'paused'
      ? (['mentee', 'mentor'] as const).map((role) => ({
          href: `${pair}/nudges/${role}/other`,
          label: t('matches.match.write', { name: names[role] }),
        }))
      : []),
    ...(match.active_at === null ? [] : [{ href: `${pair}/contacts`, label: t('matches.match.allContacts') }]),
    ...endingLink(t, match),
    ...supervisorLink(t, match, names.mentor),
    ...(agreed ? [{ href: `${pair}/agreement`, label: t('matches.match.clauses') }] : []),
  ]
}

function endingLink(t: T, match: MatchRow): MatchPage['also'] {
  if (match.active_at === null || match.ready_at !== null) return []
  const label = t(match.ended_at === null ? 'matches.match.change' : 'matches.match.changeOver')
  return [{ href: `/admin/matches/${match.id}/ending`, label }]
}

/** Who supports the mentor is chosen for the mentor, in all their matches (R148). */
function supervisorLink(t: T, match: MatchRow, name: string): MatchPage['also'] {
  if (match.active_at === null || match.ended_at !== null) return []
  return [{ href: `/admin/supervision/${match.mentor.id}/supervisor`, label: t('matches.match.supervisor', { name }) }]
}

const STRONG = ['contact', 'in_force', 'stage']

function happenedItem(words: Words, match: MatchRow, one: HappenedRow): HappenedItem {
  const { kind, at, number } = one
  // The day of a contact is a day, whatever the time zone.
  const day = kind === 'contact' ? at.toISOString().slice(0, 10) : dayIn(timeZoneOf(words.viewer), at)
  return {
    on: day,
    day: words.dates.day(day),
    href: kind === 'nudge' ? `/nudges/${number}` : undefined,
    text: happenedText(words, match, one),
    strong: STRONG.includes(kind),
  }
}

function happenedText({ t }: Words, match: MatchRow, { kind, role, number, channel }: HappenedRow): string {
  const text = t(`matches.happened.${kind}`, {
    name: role ? callNameOf(t, { ...match[role], role }) : '',
    number: number ?? 0,
    channel: channel ? t(`shared.channel.${channel as 'telephone'}`) : '',
  })
  return kind === 'contact' && number !== null ? text + t('matches.happened.minutes', { count: number }) : text
}

function askedItem(t: T, match: MatchRow, one: QuestionRow, { form, of }: Replying): AskedItem {
  return {
    id: one.id,
    who: nameOf(t, one.asked_by),
    question: one.question,
    answer: one.answer ?? undefined,
    field: {
      ...{ name: 'reply', id: `reply-${one.id}` },
      label: t('matches.match.reply'),
      hint: t('matches.match.replyHint'),
      value: of === one.id ? form.values.reply : undefined,
      error: of === one.id ? form.errors.reply : undefined,
      rows: 2,
    },
    action: `/admin/matches/${match.id}/questions/${one.id}/answer`,
  }
}

/** The state of a match in one word, as DESIGN 4 names them. */
export function matchChip(t: T, { state }: Pick<MatchFactsRow, 'state'>): Chip {
  const kinds = {
    offered: { kind: 'wait', icon: 'hourglass-split' },
    agreeing: { kind: 'wait', icon: 'hourglass-split' },
    active: { kind: 'ok', icon: 'check-lg' },
    paused: { kind: 'plain', icon: 'dash' },
    closing: { kind: 'you', icon: 'arrow-right-circle' },
    closed: { kind: 'plain', icon: 'dash' },
    discarded: { kind: 'plain', icon: 'dash' },
  } as const
  return { ...kinds[state], text: t(`matches.state.${state}`) }
}

function factsOf(words: Words, match: MatchRow): MatchPage['facts'] {
  const { t } = words
  const begun = match.active_at !== null
  const facts = [
    ...answerFacts(words, match),
    ...stateFacts(words, match),
    ...(begun ? contactFacts(words, match) : []),
    ...(begun ? endingFacts(words, match) : []),
  ]
  return facts.flatMap(([name, value]) => (value === undefined ? [] : [{ label: t(`matches.match.${name}`), value }]))
}

type Fact = readonly [
  name:
    | 'menteeAnswer'
    | 'mentorAnswer'
    | 'until'
    | 'note'
    | 'training'
    | 'agreement'
    | 'since'
    | 'stage'
    | 'contacts'
    | 'ended'
    | 'endedOn'
    | 'paused'
    | 'plannedEnd'
    | 'closing'
    | 'why'
    | 'endNote',
  value: string | undefined,
]

function answerFacts({ t, dates }: Words, match: MatchRow): Fact[] {
  const answer = (given: 'accepted' | 'declined' | null) => t(`matches.answer.${given ?? 'none'}`)
  return [
    ['menteeAnswer', answer(match.mentee.answer)],
    ['mentorAnswer', answer(match.mentor.answer)],
    ['until', match.state === 'offered' && match.expires_at ? dates.moment(match.expires_at) : undefined],
    ['note', match.decline_note ?? undefined],
  ]
}

function stateFacts({ t, viewer }: Words, match: MatchRow): Fact[] {
  const training = t(`matches.match.${match.mentor.trained ? 'trained' : 'notTrained'}`)
  return [
    ['training', viewer.programme?.trainingRequired ? training : undefined],
    ['agreement', agreementWords(t, match)],
    ['ended', match.end_reason ? t(`matches.ended.${match.end_reason as 'declined'}`) : undefined],
  ]
}

function contactFacts({ t, dates }: Words, match: MatchRow): Fact[] {
  return [
    ['since', match.active_at ? dates.moment(match.active_at) : undefined],
    ['stage', match.ended_at ? undefined : stageWords({ t, dates }, match)],
    ['contacts', t('matches.match.counted', { counted: match.contacts_counted, minimum: match.minimum })],
  ]
}

function endingFacts(words: Words, match: MatchRow): Fact[] {
  const { dates } = words
  const { closing_until: closing, ended_at: ended } = match
  const goesOn = match.state === 'active' || match.state === 'paused'
  return [
    ['paused', pauseWords(words, match)],
    ['plannedEnd', goesOn ? dates.date(match.planned_end_on) : undefined],
    ...(match.state === 'closing' ? closingFacts(words, match, closing) : []),
    ['endedOn', ended ? dates.moment(ended) : undefined],
    ['endNote', match.end_note ?? undefined],
  ]
}

function pauseWords({ t, dates, viewer }: Words, { paused_at: since, paused_until: until }: MatchRow) {
  if (since === null || until === null) return undefined
  const day = dates.dayInText(dayIn(timeZoneOf(viewer), since))
  return t('matches.match.pausedText', { since: day, until: dates.date(until) })
}

function closingFacts({ t, dates }: Words, { over_because: why }: MatchRow, until: Date | null): Fact[] {
  return [
    ['closing', until ? dates.moment(until) : undefined],
    ['why', why ? t(`matches.ended.${why}`) : undefined],
  ]
}

/** Which stage a pair is in and since when; kindly, when that is long (R56). The coordinator sees no more of it. */
export function stageWords({ t, dates }: Pick<Words, 't' | 'dates'>, match: MatchFactsRow): string {
  const { stage, stage_since: since } = match
  if (since === null) return ''
  const at = t('matches.stage', { stage, since: dates.moment(since) })
  return mayBeStuck(match) ? `${at}. ${t('matches.stuck')}` : at
}

function agreementWords(t: T, match: MatchRow): string | undefined {
  if (match.state === 'offered' || match.state === 'discarded') return undefined
  return match.in_force_at ? t('matches.match.inForce') : t('matches.match.signed', { count: match.signed })
}
