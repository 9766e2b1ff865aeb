import { errorLines, type Choice, type ErrorLine } from '../../web/components.ts'
import type { Dates } from '../../web/dates.ts'
import { dayIn } from '../../clock.ts'
import type { Form } from '../../web/forms.ts'
import type { T } from '../../web/i18n.ts'
import type { Viewer } from '../../web/viewer.ts'
import { view, type PageModel } from '../../web/views.ts'
import { nameOf } from '../people/index.ts'
import { pairForm, type PairForm } from './forms.ts'
import type { CandidateRow } from './queries.ts'

export type MatchingPage = PageModel & {
  errors: ErrorLine[]
  mentees: Choice
  mentors: Choice
  noMentees: boolean
  noMentors: boolean
}
export const renderMatching = view<MatchingPage>('matches/matching')

type Candidates = { mentees: CandidateRow[]; mentors: CandidateRow[] }

/** The coordinator's page for pairing: mentees who wait on one side, mentors on the other. */
export function matchingPage(
  words: { t: T; dates: Dates; viewer: Viewer },
  { mentees, mentors }: Candidates,
  { values, errors }: Form<PairForm>,
): MatchingPage {
  const { t, dates, viewer } = words
  const timeZone = viewer.programme?.timeZone ?? 'UTC'
  const since = ({ created_at }: CandidateRow) => t('matches.since', { day: dates.day(dayIn(timeZone, created_at)) })
  const room = ({ mentees: count }: CandidateRow) =>
    count === 0 ? t('matches.noMentee') : t('matches.mentees', { count })
  const option = (small: (row: CandidateRow) => string) => (row: CandidateRow) => ({
    value: String(row.id),
    label: nameOf(t, row),
    small: small(row),
  })
  return {
    title: t('matches.title'),
    here: '/admin/matching',
    hasErrors: Object.keys(errors).length > 0,
    errors: errorLines(errors, pairForm),
    mentees: {
      name: 'mentee',
      legend: t('matches.legend.mentees', { count: mentees.length }),
      options: mentees.map(option(since)),
      value: values.mentee,
      error: errors.mentee,
    },
    mentors: {
      name: 'mentor',
      legend: t('matches.legend.mentors', { count: mentors.length }),
      options: mentors.map(option((row) => `${room(row)} ${since(row)}`)),
      value: values.mentor,
      error: errors.mentor,
    },
    noMentees: mentees.length === 0,
    noMentors: mentors.length === 0,
  }
}
