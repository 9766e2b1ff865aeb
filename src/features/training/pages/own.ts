import { coordinatorOf } from '../../../web/viewer.ts'
import type { Chip, Empty, Notice } from '../../../web/components.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import type { OwnSessionRow, TrainingRow } from '../queries.ts'
import { closedBecause, isBookedElsewhere, mayBook, mayCancelBooking, usualMinutes, type Booked } from '../service.ts'
import { aboutSession, trainingWords } from './words.ts'

export type OwnSessionItem = {
  id: number
  title: string
  startsAt: string
  about: string
  link: string | undefined
  chip: Chip | undefined
  why: string | undefined
  maySignUp: boolean
  mayCancel: boolean
  /** For who is on the list. */
  calendarHref: string | undefined
}
export type OwnTrainingPage = PageModel & {
  forMentors: boolean
  lede: string
  /** Why signing up did not work, then how the training stands. */
  notices: Notice[]
  sessions: OwnSessionItem[]
  empty: Empty
}
export const renderOwnTraining = view<OwnTrainingPage>('training/own')

type Refusal = Exclude<Booked, 'booked'>
type Own = { sessions: OwnSessionRow[]; training: TrainingRow | undefined; refused?: Refusal | undefined }

/** A mentor's own training: what there is to sign up for. To anybody else it says whom training is for. */
export function ownTrainingPage(words: Words, { sessions, training, refused }: Own): OwnTrainingPage {
  const { t, viewer } = words
  const forMentors = viewer.participant?.role === 'mentor'
  return {
    title: t('training.title'),
    here: '/training',
    forMentors,
    lede: forMentors ? t('training.own.lede', { count: usualMinutes(viewer) }) : t('training.own.others'),
    notices: [...(refused ? [refusalNotice(words, refused)] : []), ...(training ? [stateNotice(words, training)] : [])],
    sessions: sessions.map((session) => sessionItem(words, session, training)),
    empty: {
      title: t('training.own.emptyTitle'),
      text: t('training.own.emptyText', { coordinator: coordinatorOf(viewer) }),
    },
  }
}

function refusalNotice({ t }: Words, refused: Refusal): Notice {
  return {
    kind: 'wait',
    icon: 'exclamation-circle',
    title: t(`training.refused.${refused}.title`),
    text: t(`training.refused.${refused}.text`),
  }
}

function stateNotice(words: Words, training: TrainingRow): Notice {
  const kinds = { attended: 'ok', excused: 'ok', booked: 'plain', missed: 'wait' } as const
  const icons = {
    attended: 'check-circle',
    excused: 'check-circle',
    booked: 'calendar-check',
    missed: 'exclamation-circle',
  } as const
  return { kind: kinds[training.state], icon: icons[training.state], ...trainingWords(words, training) }
}

function sessionItem(words: Words, session: OwnSessionRow, training: TrainingRow | undefined): OwnSessionItem {
  const { t, dates, viewer } = words
  const listed = session.own_state !== null
  const free = !listed && closedBecause(session) === undefined && mayBook(viewer, training)
  const elsewhere = free && isBookedElsewhere(session, training)
  return {
    id: session.id,
    title: dates.stamp(session.starts_at),
    startsAt: session.starts_at.toISOString(),
    about: aboutSession(t, session),
    link: linkOf(session),
    chip: chipOf(words, session),
    why: elsewhere ? t('training.own.elsewhere') : undefined,
    maySignUp: free && !elsewhere,
    mayCancel: mayCancelBooking(session),
    calendarHref: listed ? `/training/${session.id}/calendar.ics` : undefined,
  }
}

function linkOf({ link, cancelled_at }: OwnSessionRow): string | undefined {
  return link === null || cancelled_at ? undefined : link
}

function chipOf({ t }: Words, session: OwnSessionRow): Chip | undefined {
  const closed = closedBecause(session)
  if (closed === 'cancelled') return { kind: 'wait', icon: 'x-lg', text: t('training.chip.cancelled') }
  const state = session.own_state
  if (state === 'missed') return { kind: 'wait', icon: 'x-lg', text: t('training.chip.missed') }
  if (state !== null) return { kind: 'ok', icon: 'check-lg', text: t(`training.chip.${state}`) }
  if (closed === 'started') return { kind: 'plain', icon: 'hourglass-split', text: t('training.chip.started') }
  return closed === 'full' ? { kind: 'plain', icon: 'people', text: t('training.chip.full') } : undefined
}
