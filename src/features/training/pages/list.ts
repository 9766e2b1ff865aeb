import { now } from '../../../clock.ts'
import type { Chip } from '../../../web/components.ts'
import type { T } from '../../../web/i18n.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { nameOf } from '../../people/index.ts'
import type { MentorRow, SessionRow } from '../queries.ts'
import { mayExcuse, mayPlan } from '../service.ts'
import { aboutSession } from './words.ts'

export type SessionItem = {
  href: string
  title: string
  startsAt: string
  about: string
  chip: Chip | undefined
  people: string
}
export type MentorItem = {
  id: number
  name: string
  chip: Chip
  /** When, or why. */
  text: string
  mayExcuse: boolean
  mayTakeBack: boolean
}
export type TrainingPage = PageModel & {
  lede: string
  mayPlan: boolean
  coming: SessionItem[]
  past: SessionItem[]
  /** Undefined for who only writes down attendance. */
  mentors: { summary: string; items: MentorItem[]; moreHref: string | undefined } | undefined
}
export const renderTraining = view<TrainingPage>('training/list')

type Mentors = { mentors: MentorRow[]; hasMore: boolean; counted: { mentors: number; trained: number } }

/** All sessions, those to come first; below, for the coordinator, how far each mentor has got. */
export function trainingPage(words: Words, sessions: SessionRow[], mentors: Mentors | undefined): TrainingPage {
  const { t, viewer } = words
  const isComing = ({ starts_at, minutes }: SessionRow) => starts_at.getTime() + minutes * 60_000 > now().getTime()
  const items = (some: SessionRow[]) => some.map((session) => sessionItem(words, session))
  return {
    title: t('training.title'),
    here: '/admin/training',
    lede: t(mayPlan(viewer) ? 'training.list.lede' : 'training.list.supervisorLede'),
    mayPlan: mayPlan(viewer),
    coming: items(sessions.filter(isComing).reverse()),
    past: items(sessions.filter((session) => !isComing(session))),
    mentors: mentors && {
      summary: t('training.list.trained', mentors.counted),
      items: mentors.mentors.map((mentor) => mentorItem(words, mentor)),
      moreHref: mentors.hasMore ? `/admin/training?after=${mentors.mentors.at(-1)?.id ?? 0}#mentors` : undefined,
    },
  }
}

function sessionItem({ t, dates }: Words, session: SessionRow): SessionItem {
  const { attended, unmarked, taken, seats } = session
  const begun = session.starts_at <= now()
  return {
    href: `/admin/training/sessions/${session.id}`,
    title: dates.stamp(session.starts_at),
    startsAt: session.starts_at.toISOString(),
    about: aboutSession(t, session),
    chip: chipOf(t, session, begun),
    people: begun ? t('training.list.came', { count: attended, unmarked }) : seatsText(t, taken, seats),
  }
}

/** `3 signed up`, `3 of 10 seats taken`. */
export function seatsText(t: T, taken: number, seats: number | null): string {
  return seats === null ? t('training.list.signedUp', { count: taken }) : t('training.list.seats', { taken, seats })
}

function chipOf(t: T, session: SessionRow, begun: boolean): Chip | undefined {
  if (session.cancelled_at) return { kind: 'wait', icon: 'x-lg', text: t('training.chip.cancelled') }
  if (begun && session.unmarked > 0) return { kind: 'you', icon: 'arrow-right-circle', text: t('training.chip.toMark') }
  return !begun && session.seats !== null && session.taken >= session.seats
    ? { kind: 'plain', icon: 'people', text: t('training.chip.full') }
    : undefined
}

function mentorItem(words: Words, mentor: MentorRow): MentorItem {
  const { t, dates, viewer } = words
  const chips: Record<NonNullable<MentorRow['state']> | 'none', Chip> = {
    attended: { kind: 'ok', icon: 'check-lg', text: t('training.chip.attended') },
    excused: { kind: 'ok', icon: 'check-lg', text: t('training.chip.excused') },
    booked: { kind: 'plain', icon: 'calendar-check', text: t('training.chip.booked') },
    missed: { kind: 'wait', icon: 'x-lg', text: t('training.chip.missed') },
    none: { kind: 'plain', icon: 'dash', text: t('training.chip.none') },
  }
  return {
    id: mentor.id,
    name: nameOf(t, mentor),
    chip: chips[mentor.state ?? 'none'],
    text: mentor.reason ?? (mentor.at ? dates.stamp(mentor.at) : ''),
    mayExcuse: mayExcuse(viewer, mentor) && mentor.state !== 'excused',
    mayTakeBack: mentor.state === 'excused',
  }
}
