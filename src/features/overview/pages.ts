import type { Chip, Notice } from '../../web/components.ts'
import type { T } from '../../web/i18n.ts'
import { coordinatorOf } from '../../web/viewer.ts'
import { view, type PageModel, type Words } from '../../web/views.ts'
import { matchChip, mayBeStuck, type MatchFactsRow } from '../matches/index.ts'
import { nameOf } from '../people/index.ts'
import { lateNotice, sendingItem } from '../grades/index.ts'
import type { StudentRow, ToDoRow } from './queries.ts'

export type StudentItem = { name: string; progress: string; chip: Chip; beside: string }
export type TutorPage = PageModel & {
  lede: string
  students: StudentItem[]
  moreHref: string | undefined
  coordinator: string
}
export const renderTutor = view<TutorPage>('overview/tutor')

/** What staff without a duty see: name, number, and how it stands in the gradebook (spec 5.4). */
export function tutorPage({ t, dates, viewer }: Words, students: StudentRow[], hasMore: boolean): TutorPage {
  return {
    title: t('overview.tutor.title'),
    here: '/tutor',
    wide: true,
    lede: t('overview.tutor.lede'),
    students: students.map((row) => ({
      name: row.name ?? t('overview.tutor.unnamed', { ref: row.ref }),
      progress: t('overview.number', { score: row.progress }),
      ...sendingItem({ t, dates, own: false }, row),
    })),
    moreHref: hasMore ? `/tutor?after=${students.at(-1)?.id ?? 0}` : undefined,
    coordinator: coordinatorOf(viewer),
  }
}

export type PairItem = {
  href: string
  chip: Chip
  title: string
  contacts: string
  waiting: string
  stage: { text: string; stuck: Chip | undefined } | undefined
  last: string
}
export type TodayPage = PageModel & {
  date: string
  next: { title: string; text: string; action: { href: string; label: string } | undefined }
  late: Notice | undefined
  pairs: PairItem[]
  moreHref: string | undefined
}
export const renderToday = view<TodayPage>('overview/today')

type TodayFacts = { toDo: ToDoRow; matches: MatchFactsRow[]; hasMore: boolean }

/** A coordinator's first page: one next thing, then the pairs as facts (spec 5.5). */
export function todayPage(words: Words, { toDo, matches, hasMore }: TodayFacts): TodayPage {
  const { t, dates } = words
  return {
    title: t('overview.today.title'),
    date: dates.date(dates.today),
    here: '/',
    wide: true,
    next: nextFor(words, toDo),
    late: lateNotice(words, toDo.grades_since),
    pairs: matches.map((match) => pairItem(words, match)),
    moreHref: hasMore ? `/admin?after=${matches.at(-1)?.id ?? 0}` : undefined,
  }
}

function nextFor(words: Words, toDo: ToDoRow): TodayPage['next'] {
  return setupNext(words) ?? applicationsNext(words, toDo) ?? pairingNext(words, toDo)
}

function setupNext({ t, viewer }: Words): TodayPage['next'] | undefined {
  if (viewer.programme?.state === 'draft')
    return {
      title: t('overview.today.draft.title'),
      text: t('overview.today.draft.text'),
      action: { href: '/admin/setup', label: t('overview.today.draft.action') },
    }
  return undefined
}

function applicationsNext({ t }: Words, { applications, waiting, free }: ToDoRow): TodayPage['next'] | undefined {
  const action = { href: '/admin/applications', label: t('overview.today.applications.action') }
  if (applications > 0)
    return {
      title: t('overview.today.applications.title', { count: applications }),
      text: t('overview.today.applications.text'),
      action,
    }
  if (waiting === 0 || !free) return undefined
  return { title: t('overview.today.free.title'), text: t('overview.today.free.text', { count: waiting }), action }
}

function pairingNext({ t }: Words, { mentees, mentors }: ToDoRow): TodayPage['next'] {
  if (mentees > 0 && mentors > 0)
    return {
      title: t('overview.today.pair.title', { count: mentees }),
      text: t('overview.today.pair.text', { count: mentors }),
      action: { href: '/admin/matching', label: t('overview.today.pair.action') },
    }
  const key = mentees > 0 ? 'noMentors' : mentors > 0 ? 'noMentees' : 'nobody'
  return { title: t(`overview.today.${key}.title`), text: t(`overview.today.${key}.text`), action: undefined }
}

function pairItem({ t, dates }: Words, match: MatchFactsRow): PairItem {
  const mentee = nameOf(t, { ...match.mentee, role: 'mentee' })
  const mentor = nameOf(t, { ...match.mentor, role: 'mentor' })
  const { contacts_counted: counted, minimum, last_contact_on: last } = match
  const begun = match.active_at !== null
  return {
    href: `/admin/matches/${match.id}`,
    chip: matchChip(t, match),
    title: t('overview.today.pairOf', { mentee, mentor }),
    contacts: begun ? t('overview.today.counted', { counted, minimum }) : t('overview.today.notBegun'),
    stage: begun ? stageOf(t, match) : undefined,
    waiting: match.contacts_waiting > 0 ? t('overview.today.waiting', { count: match.contacts_waiting }) : '',
    last: begun ? (last === null ? t('overview.today.noContact') : dates.day(last)) : '',
  }
}

/** Which stage a pair is in; and that it has been there for long, if it has (R56). */
function stageOf(t: T, match: MatchFactsRow): PairItem['stage'] {
  const stuck: Chip = { kind: 'wait', icon: 'hourglass-split', text: t('overview.today.stuck') }
  return { text: String(match.stage), stuck: mayBeStuck(match) ? stuck : undefined }
}
