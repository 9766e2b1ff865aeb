import type { Chip, Choice, ErrorLine, Option } from '../../../web/components.ts'
import type { Form } from '../../../web/forms.ts'
import type { TextKey } from '../../../web/i18n.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { nameOf } from '../../people/index.ts'
import type { SessionRow, TraineeRow } from '../queries.ts'
import { mayCancel, mayMark, mayPlan } from '../service.ts'
import { seatsText } from './list.ts'
import { aboutSession } from './words.ts'

/** Marks as they stand in the form: `mark-12` is `attended`. */
export type MarksForm = Form<Record<string, string>>

export type Box = { name: string; label: string; small: string | undefined; checked: boolean }
export type SessionPage = PageModel & {
  back: { href: string; label: string }
  href: string
  startsAt: string
  about: string
  link: string | undefined
  people: string
  chip: Chip | undefined
  /** What may be done with the session: its own pages. */
  actions: { href: string; label: string }[]
  keptAt: Date | undefined
  errors: ErrorLine[]
  /** Undefined until the day of the session, and for one that is called off. */
  marks: { listed: Choice[]; others: Box[]; othersOpen: boolean } | undefined
  /** Names of who signed up, where nothing is to be marked. */
  names: string[]
  moreHref: string | undefined
}
export const renderSession = view<SessionPage>('training/session')

type Trainees = { trainees: TraineeRow[]; hasMore: boolean }

/** One session: what it is, and who came. */
export function sessionPage(words: Words, session: SessionRow, found: Trainees, form: MarksForm): SessionPage {
  const { t, dates, viewer } = words
  const { trainees, hasMore } = found
  const href = `/admin/training/sessions/${session.id}`
  const listed = trainees.filter(({ state }) => state !== null)
  const marking = mayMark(viewer, session)
  return {
    title: t('training.session.title', { when: dates.stamp(session.starts_at) }),
    here: '/admin/training',
    hasErrors: Object.keys(form.errors).length > 0,
    back: { href: '/admin/training', label: t('training.title') },
    href,
    startsAt: session.starts_at.toISOString(),
    about: aboutSession(t, session),
    link: session.link ?? undefined,
    people: seatsText(t, session.taken, session.seats),
    chip: session.cancelled_at ? { kind: 'wait', icon: 'x-lg', text: t('training.chip.cancelled') } : undefined,
    actions: actionsFor(words, session, href),
    keptAt: form.keptAt,
    errors: Object.entries(form.errors).map(([name, error]) => ({ href: `#${name}`, error: error as TextKey })),
    marks: marking ? marksOf(words, listed, trainees.slice(listed.length), form) : undefined,
    names: marking ? [] : listed.map((trainee) => nameOf(t, trainee)),
    moreHref: hasMore ? moreHref(href, trainees, marking) : undefined,
  }
}

/** Where only the list is shown, it ends with who signed up. */
function moreHref(href: string, trainees: TraineeRow[], marking: boolean): string | undefined {
  const last = trainees.at(-1)
  return last && (marking || last.state !== null) ? `${href}?after=${last.id}` : undefined
}

function actionsFor({ t, viewer }: Words, session: SessionRow, href: string): SessionPage['actions'] {
  const plan = mayPlan(viewer) && session.cancelled_at === null
  return [
    ...(session.cancelled_at === null ? [{ href: `${href}/sheet`, label: t('training.session.sheet') }] : []),
    ...(plan ? [{ href: `${href}/details`, label: t('training.session.change') }] : []),
    ...(plan && mayCancel(session) ? [{ href: `${href}/cancellation`, label: t('training.session.cancel') }] : []),
  ]
}

function marksOf(words: Words, listed: TraineeRow[], others: TraineeRow[], form: MarksForm): SessionPage['marks'] {
  const { t } = words
  const boxes = others.map((trainee) => ({
    name: `mark-${trainee.id}`,
    label: nameOf(t, trainee),
    small: trainee.trained ? t('training.session.trained') : undefined,
    checked: form.values[`mark-${trainee.id}`] === 'attended',
  }))
  return {
    listed: listed.map((trainee) => markChoice(words, trainee, form)),
    others: boxes,
    othersOpen: listed.length === 0 || boxes.some(({ checked }) => checked),
  }
}

function markChoice({ t }: Words, trainee: TraineeRow, form: MarksForm): Choice {
  const name = `mark-${trainee.id}`
  const option = (value: 'attended' | 'missed' | 'unmarked'): Option => ({
    value,
    label: t(`training.session.${value}`),
  })
  const marked = trainee.state !== 'booked'
  return {
    name,
    legend: nameOf(t, trainee),
    small: true,
    value: form.values[name] ?? (marked ? (trainee.state ?? undefined) : undefined),
    error: form.errors[name],
    options: [option('attended'), option('missed'), ...(marked ? [option('unmarked')] : [])],
  }
}

export type SheetPage = PageModel & {
  back: { href: string; label: string }
  startsAt: string
  when: string
  about: string
  names: string[]
  /** Lines for who comes without having signed up. */
  empty: number
}
export const renderSheet = view<SheetPage>('training/sheet')

const EMPTY_LINES = 6

/** A page to print: everybody who signed up, with room for a signature. */
export function sheetPage({ t, dates }: Words, session: SessionRow, signedUp: TraineeRow[]): SheetPage {
  return {
    title: t('training.sheet.title'),
    here: '/admin/training',
    back: { href: `/admin/training/sessions/${session.id}`, label: dates.stamp(session.starts_at) },
    startsAt: session.starts_at.toISOString(),
    when: dates.full(session.starts_at),
    about: aboutSession(t, session),
    names: signedUp.map((trainee) => nameOf(t, trainee)),
    empty: EMPTY_LINES,
  }
}
