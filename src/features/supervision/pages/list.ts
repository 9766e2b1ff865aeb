import { view, type PageModel, type Words } from '../../../web/views.ts'
import { hasDuty } from '../../../web/viewer.ts'
import { nameOf } from '../../people/index.ts'
import type { Mentee, SessionRow, SupportedRow } from '../queries.ts'

type Line = { title: string; href: string; mentees: string[] }
export type ListPage = PageModel & {
  lede: string
  own: Line[]
  times: { id: number; title: string; startsAt: string; about: string; who: string }[]
  all: { mentor: string; supervisor: string; href: string }[] | undefined
  moreHref: string | undefined
}
export const renderList = view<ListPage>('supervision/list')

export type ListFacts = { rows: SupportedRow[]; more?: number; sessions: SessionRow[] }

/** A supervisor's mentors and times; for a coordinator also who supports whom (R148). */
export function listPage(words: Words, { rows, more, sessions }: ListFacts): ListPage {
  const { t, dates, viewer } = words
  const nameIn = (mentor: SupportedRow) => nameOf(t, { ...mentor, role: 'mentor' })
  const chooses = hasDuty(viewer, 'coordinator')
  return {
    title: t('supervision.list.title'),
    here: '/admin/supervision',
    lede: t('supervision.list.lede'),
    own: rows
      .filter(({ own }) => own)
      .map((mentor) => ({
        title: nameIn(mentor),
        href: `/admin/supervision/${mentor.mentor_id}`,
        mentees: (mentor.mentees ?? []).map((mentee) => menteeWords(words, mentee)),
      })),
    times: sessions.map((session) => ({
      id: session.id,
      title: dates.stamp(session.starts_at),
      startsAt: session.starts_at.toISOString(),
      about: t('supervision.room.about', { count: session.minutes, place: session.place }),
      who:
        session.ref === null
          ? t('supervision.list.free')
          : t('supervision.list.bookedBy', { mentor: nameOf(t, { ...session, ref: session.ref, role: 'mentor' }) }),
    })),
    all: chooses
      ? rows.map((mentor) => ({
          mentor: nameIn(mentor),
          supervisor: mentor.supervisor_name ?? t('supervision.list.nobody'),
          href: `/admin/supervision/${mentor.mentor_id}/supervisor`,
        }))
      : undefined,
    moreHref: more === undefined ? undefined : `/admin/supervision?after=${more}`,
  }
}

/** A mentee as a supervisor knows them: by reference, and how far the two are. */
function menteeWords({ t, dates }: Words, { ref, stage, counted, minimum, last_on: last, low }: Mentee): string {
  const mentee = t('shared.unnamed.mentee', { ref })
  const so = t('supervision.list.mentee', { mentee, stage, counted, minimum })
  const lastWords = last === null ? [] : [t('supervision.list.last', { day: dates.dayInText(last) })]
  return [so, ...lastWords, ...(low ? [t('supervision.list.low')] : [])].join(' ')
}
