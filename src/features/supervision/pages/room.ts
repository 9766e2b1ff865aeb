import { randomUUID } from 'node:crypto'
import { errorLines, isWrong, type ErrorLine, type Field, type Notice } from '../../../web/components.ts'
import type { Form } from '../../../web/forms.ts'
import { coordinatorOf } from '../../../web/viewer.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { callNameOf, nameOf } from '../../people/index.ts'
import { messageForm, type PostForm } from '../forms.ts'
import type { PostRow, SessionRow, SupportRow } from '../queries.ts'
import { roomOf } from '../service.ts'

/** A mentee whose name stands in what was written. */
export type Named = { name: string; ref: string }
/** How to go on with a text in which a mentee is named. */
export type Replace = { title: string; text: string; button: string }

type Time = {
  title: string
  startsAt: string
  about: string
  action: string
  button: string
  booked: boolean
}
export type RoomPage = PageModel & {
  back: { href: string; label: string } | undefined
  privacy: string
  /** What else a supervisor can read of the mentor (spec 4.4). */
  reading: { href: string; label: string }[]
  notice: Notice | undefined
  errors: ErrorLine[]
  keptAt: Date | undefined
  times: { empty: string; all: Time[] } | undefined
  posts: {
    id: number
    mine: boolean
    author: string
    at: string
    when: string
    note: string | undefined
    body: string
  }[]
  olderHref: string | undefined
  action: string
  key: string
  field: Field
  replace: Replace | undefined
  send: string
  noteHref: string
}
export const renderRoom = view<RoomPage>('supervision/room')

export type RoomFacts = {
  of: SupportRow
  posts: PostRow[]
  older?: number
  sessions: SessionRow[]
  named?: Named | undefined
  /** The time that was to be booked is not there any more. */
  gone?: boolean | undefined
}

/** What mentor and supervisor write to each other, and for the mentor the times to book (R148). */
export function roomPage(words: Words, facts: RoomFacts, form: Form<PostForm>): RoomPage {
  const { t } = words
  const { of, posts, older, named, gone } = facts
  const base = roomOf(of)
  const around = of.side === 'mentor' ? ownSide(words, facts) : otherSide(words, of)
  return {
    ...around.page,
    here: around.here,
    hasErrors: isWrong(form.errors),
    notice: gone ? goneNotice(words) : undefined,
    errors: errorLines(form.errors, messageForm),
    keptAt: form.keptAt,
    posts: posts.map((post) => postOf(words, of, post)),
    olderHref: older === undefined ? undefined : `${base}?before=${older}`,
    action: `${base}/messages`,
    key: randomUUID(),
    field: bodyField(words, form, t('supervision.room.write', { partner: around.called })),
    replace: replaceOf(words, named),
    send: t('supervision.room.send'),
    noteHref: `${base}/notes`,
  }
}

type Side = {
  page: Pick<RoomPage, 'title' | 'back' | 'privacy' | 'times' | 'reading'>
  here: string
  called: string
}
function ownSide(words: Words, facts: RoomFacts): Side {
  const { t } = words
  const partner = supervisorOf(words, facts.of)
  const privacy = t('supervision.room.private', { partner })
  const times = timesOf(words, facts, partner)
  const page = { title: t('supervision.room.own'), back: undefined, privacy, times, reading: [] }
  return { page, here: '/supervision', called: partner }
}

function otherSide(words: Words, of: SupportRow): Side {
  const { t } = words
  const mentor = nameOf(t, { ...of, role: 'mentor' })
  const here = '/admin/supervision'
  const page = {
    title: t('supervision.room.of', { mentor }),
    back: { href: here, label: t('supervision.list.title') },
    privacy: t('supervision.room.privateOf', { partner: mentor }),
    times: undefined,
    reading: (['logbook', 'report', 'requests'] as const).map((what) => ({
      href: `${roomOf(of)}/${what}`,
      label: t(`supervision.reading.${what}`),
    })),
  }
  return { page, here, called: calledIn(words, of) }
}

const goneNotice = ({ t }: Words): Notice => ({
  kind: 'wait',
  icon: 'info-circle',
  title: t('supervision.room.gone'),
  text: t('supervision.room.goneText'),
})

const calledIn = ({ t }: Words, of: SupportRow) => callNameOf(t, { ...of, role: 'mentor' })
const supervisorOf = ({ viewer }: Words, { supervisor_name: name }: Pick<SupportRow, 'supervisor_name'>) =>
  name ?? coordinatorOf(viewer)

/** The text of a message or note: no mentee is named in it. */
export function bodyField({ t }: Words, form: Form<PostForm>, label: string): Field {
  const hint = t('supervision.room.hint')
  return { name: 'body', label, hint, value: form.values.body, error: form.errors.body, rows: 5 }
}

/** The offer to put a reference where a name stands. */
export function replaceOf({ t }: Words, named: Named | undefined): Replace | undefined {
  if (!named) return undefined
  const ref = t('shared.unnamed.mentee', { ref: named.ref })
  return {
    title: t('supervision.named.title', { name: named.name }),
    text: t('supervision.named.text', { ref }),
    button: t('supervision.named.button', { ref }),
  }
}

function timesOf(words: Words, { sessions, of }: RoomFacts, partner: string): RoomPage['times'] {
  const { t, dates } = words
  const mine = sessions.filter(({ mentor_id: by }) => by === of.mentor_id)
  const all = (mine.length > 0 ? mine : sessions).map((session) => {
    const booked = session.mentor_id === of.mentor_id
    const action = `/supervision/sessions/${session.id}/booking`
    return {
      title: dates.stamp(session.starts_at),
      startsAt: session.starts_at.toISOString(),
      about: t('supervision.room.about', { count: session.minutes, place: session.place }),
      action: booked ? `${action}/cancellation` : action,
      button: t(booked ? 'supervision.room.giveBack' : 'supervision.room.book'),
      booked,
    }
  })
  return { empty: t('supervision.room.noTimes', { partner }), all }
}

function postOf(words: Words, of: SupportRow, post: PostRow): RoomPage['posts'][number] {
  const { t, dates } = words
  const mine = post.side === of.side
  const other = post.side === 'mentor' ? calledIn(words, of) : supervisorOf(words, post)
  return {
    id: post.id,
    mine,
    author: mine ? t('supervision.room.you') : other,
    at: post.sent_at.toISOString(),
    when: dates.stamp(post.sent_at),
    note: post.about_on === null ? undefined : t('supervision.room.note', { day: dates.dayInText(post.about_on) }),
    body: post.body,
  }
}

export type NobodyPage = PageModel & { text: string }
export const renderNobody = view<NobodyPage>('supervision/nobody')

/** For a mentor whom nobody can support yet. */
export function nobodyPage({ t }: Words): NobodyPage {
  return { title: t('supervision.room.own'), here: '/supervision', text: t('supervision.room.nobody') }
}
