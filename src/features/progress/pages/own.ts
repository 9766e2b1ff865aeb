import type { Chip } from '../../../web/components.ts'
import type { T } from '../../../web/i18n.ts'
import { coordinatorOf } from '../../../web/viewer.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import type { Requirement } from '../forms.ts'
import { sendingItem, type SendingRow } from '../../grades/index.ts'
import type { ExcuseRow, Facts } from '../queries.ts'
import { commentFor, nextGain, progressOf, type Gain, type Part, type Progress } from '../service.ts'

export type PartRow = { name: string; href: string | undefined; chip: Chip; text: string | undefined; points: string }
export type PartsTable = { caption: string; rows: PartRow[]; total: string; rounded: boolean }
export type SendingCard = { chip: Chip; text: string; number: string | undefined; comment: string }
export type ProgressPage = PageModel & {
  lede: string
  score: number
  meter: string
  table: PartsTable
  next: { title: string; text: string; action: { href: string; label: string } | undefined }
  sending: SendingCard
}
export const renderProgress = view<ProgressPage>('progress/own')

/** What a number is shown from. */
export type Shown = { facts: Facts; excuses: readonly ExcuseRow[]; sending: SendingRow | undefined }

/** What somebody's own number is made of, what would move it next, and how far it has got (spec 5.2). */
export function progressPage(words: Words, { facts, excuses, sending }: Shown): ProgressPage {
  const { t } = words
  const progress = progressOf(facts)
  const { score } = progress
  return {
    title: t('progress.title', { score }),
    here: '/progress',
    lede: t('progress.lede'),
    score,
    meter: t('progress.meter', { score }),
    table: partsTable(words, facts, excuses, true),
    next: nextCard(words, nextGain(facts, progress), score),
    sending: sendingCard(words, { facts, sending, own: true }),
  }
}

/** One row a requirement: where it stands, and what it is worth. */
export function partsTable(words: Words, facts: Facts, excuses: readonly ExcuseRow[], own: boolean): PartsTable {
  const { t } = words
  const { score, parts } = progressOf(facts)
  return {
    caption: t('progress.table.caption'),
    rows: parts.map((part) => ({
      name: t(`progress.part.${part.requirement}`),
      href: own ? HREFS[part.requirement] : undefined,
      chip: chipOf(words, part),
      text: textOf(words, part, excuses),
      points: t('progress.table.of', { points: pointsOf(words, part), worth: part.worth }),
    })),
    total: t('progress.table.of', { points: score, worth: 100 }),
    rounded: parts.some((part) => (part.worth * part.done) % part.of !== 0),
  }
}

const HREFS: Record<Requirement, string> = {
  training: '/training',
  agreement: '/',
  contacts: '/contacts',
  stage1: '/stages',
  stage2: '/stages',
  stage3: '/stages',
  report: '/report',
}

const tenths = (points: number) => Math.floor(points * 10 + 1e-6) / 10
function pointsOf({ dates }: Words, { worth, done, of }: Part): string {
  return dates.number(tenths((worth * done) / of))
}

/** What is not done, each as people read it: `Contacts (2 of 4)`. */
export function openParts(t: T, { parts }: Progress): string[] {
  return parts.filter(({ met }) => !met).map((part) => partWords(t, part))
}

/** What is done, or begun where it has several steps: `Agreement`, `Contacts (2 of 4)`. */
export function doneParts(t: T, { parts }: Progress): string[] {
  return parts
    .filter(({ met, done, requirement }) => met || (requirement === 'contacts' && done > 0))
    .map((part) => partWords(t, part))
}

function partWords(t: T, { requirement, done, of, across }: Part): string {
  return requirement === 'contacts' && across === 1
    ? t('progress.openContacts', { done, of })
    : t(`progress.part.${requirement}`)
}

function chipOf({ t }: Words, { met, done }: Part): Chip {
  if (met) return { kind: 'ok', icon: 'check-lg', text: t('progress.state.met') }
  return done > 0
    ? { kind: 'you', icon: 'circle-half', text: t('progress.state.begun') }
    : { kind: 'plain', icon: 'circle', text: t('progress.state.open') }
}

function textOf(words: Words, part: Part, excuses: readonly ExcuseRow[]): string | undefined {
  const { t, viewer } = words
  const { requirement, done, of, across, excused } = part
  const excuse = excused ? excuses.find((one) => one.requirement === requirement) : undefined
  if (excuse)
    return t('progress.excusedBy', { name: excuse.excused_by ?? coordinatorOf(viewer), reason: excuse.reason })
  if (requirement === 'contacts')
    return across === 1
      ? t('progress.contacts', { done, of })
      : t('progress.contactsAcross', { percent: Math.floor((100 * done) / of), count: across })
  return across === 1 ? undefined : t('progress.stageAcross', { done, count: of })
}

function nextCard({ t }: Words, gain: Gain | undefined, score: number): ProgressPage['next'] {
  if (!gain)
    return score === 100
      ? { title: t('progress.next.doneTitle'), text: t('progress.next.doneText'), action: undefined }
      : { title: t('progress.next.noneTitle'), text: t('progress.next.noneText'), action: undefined }
  return {
    title: t(`progress.next.${gain.requirement}`),
    text: t('progress.next.text', { from: score, to: gain.score }),
    action: { href: HREFS[gain.requirement], label: t('progress.next.open') },
  }
}

type Sent = { facts: Facts; sending: SendingRow | undefined; own: boolean }

/** How far the number has got, and the note that goes with it. */
export function sendingCard(words: Words, { facts, sending, own }: Sent): SendingCard {
  const { t, dates } = words
  const { chip, text } = sendingItem({ t, dates, own }, sending)
  return {
    chip,
    text,
    number: sending?.sent_score == null ? undefined : t('progress.lastNumber', { score: sending.sent_score }),
    comment: t('progress.noteBeside', { comment: commentFor(progressOf(facts)) }),
  }
}
