import { isAcceptedState, timeZoneOf } from '../../../web/viewer.ts'
import { dayIn } from '../../../clock.ts'
import { errorLines, isWrong, type Chip, type ErrorLine, type FormPart, type Notice } from '../../../web/components.ts'
import type { Form } from '../../../web/forms.ts'
import type { T } from '../../../web/i18n.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { channelWords } from '../../matches/index.ts'
import { nameOf } from '../../people/index.ts'
import { decisionForm, type DecisionForm } from '../forms.ts'
import type { AnswerRow, PersonRow } from '../queries.ts'
import { mayDecide } from '../service.ts'

export type PersonPage = PageModel & {
  back: { href: string; label: string }
  lede: string
  chip: Chip
  errors: ErrorLine[]
  keptAt: Date | undefined
  answers: { question: string; kind: 'yes' | 'no' | 'part'; text: string }[]
  facts: { label: string; value: string }[]
  full: Notice | undefined
  decideAction: string
  parts: FormPart[]
  withdrawAction: string | undefined
  progressHref: string | undefined
}
export const renderPerson = view<PersonPage>('applications/person')

export type PersonFacts = {
  person: PersonRow
  criteria: readonly { key: string; title: string }[]
  places: { taken: number; places: number }
}

/** Somebody as their coordinator sees them: answers, profile, and what to decide (spec 4.4, 5.5). */
export function personPage(words: Words, facts: PersonFacts, form: Form<DecisionForm>): PersonPage {
  const { t } = words
  const { person, criteria, places } = facts
  const open = mayDecide(person)
  return {
    title: nameOf(t, person),
    here: '/admin/applications',
    back: { href: '/admin/applications', label: t('applications.list.title') },
    hasErrors: isWrong(form.errors),
    lede: t('applications.person.lede', { role: t(`shared.role.${person.role}`), ref: person.ref }),
    chip: chipOf(t, person),
    errors: errorLines(form.errors, decisionForm),
    keptAt: form.keptAt,
    answers: criteria.map(({ key, title }) =>
      answerItem(
        t,
        title,
        person.answers.find(({ criterion }) => criterion === key),
      ),
    ),
    facts: factsOf(words, person),
    full: open && person.role === 'mentee' ? fullNotice(t, places) : undefined,
    decideAction: `/admin/applications/${person.id}/decision`,
    parts: open ? decisionParts(t, person, form) : [],
    withdrawAction: isAcceptedState(person.state) ? `/admin/applications/${person.id}/withdrawal` : undefined,
    progressHref: isAcceptedState(person.state) ? `/admin/progress/${person.id}` : undefined,
  }
}

function chipOf(t: T, person: PersonRow): Chip {
  const text = t(`applications.chip.${person.state}`)
  if (isAcceptedState(person.state)) return { kind: 'ok', icon: 'check-lg', text }
  const waits = person.state === 'applied' || person.state === 'waiting'
  return waits ? { kind: 'wait', icon: 'hourglass-split', text } : { kind: 'plain', icon: 'dash', text }
}

function fullNotice(t: T, places: PersonFacts['places']): Notice | undefined {
  if (places.taken < places.places) return undefined
  const text = t('applications.person.fullText', places)
  return { kind: 'wait', icon: 'people', title: t('applications.person.full'), text }
}

function answerItem(t: T, question: string, row: AnswerRow | undefined): PersonPage['answers'][number] {
  if (!row) return { question, kind: 'part', text: t('applications.person.noAnswer') }
  const more = [choiceWords(t, row), row.detail].filter(Boolean).join(', ')
  const yes = t(row.answer ? 'applications.yes' : 'applications.no')
  return { question, kind: row.answer ? 'yes' : 'no', text: more ? `${yes}: ${more}` : yes }
}

function choiceWords(t: T, { criterion, choice }: AnswerRow): string {
  if (choice === null) return ''
  const list = criterion === 'criterion-return' ? 'returnFrom' : 'hePlace'
  return t(`applications.${list}.${choice}` as 'applications.hePlace.here')
}

function factsOf({ t, dates, viewer }: Words, person: PersonRow): PersonPage['facts'] {
  const day = (at: Date | null) => (at ? dates.date(dayIn(timeZoneOf(viewer), at)) : null)
  const facts = [
    ['email', person.email ?? t(person.wants_mail ? 'applications.person.noMail' : 'applications.person.wantsNoMail')],
    ['course', [person.course, person.study_year].filter(Boolean).join(', ')],
    ['wants', person.wants],
    ['offers', person.offers],
    ['couldTeach', person.could_teach],
    ['freeTimes', person.free_times],
    ['channels', channelWords(t, person.channels)],
    [
      'capacity',
      person.role === 'mentor'
        ? t('applications.person.mentees', { open: person.open_matches, capacity: person.capacity })
        : null,
    ],
    ['applied', day(person.applied_at)],
    ['decided', day(person.decided_at)],
    ['exception', person.exception_reason],
    ['told', person.told],
  ] as const
  return facts.flatMap(([name, value]) => (value ? [{ label: t(`applications.person.fact.${name}`), value }] : []))
}

function decisionParts(t: T, person: PersonRow, { values, errors }: Form<DecisionForm>): FormPart[] {
  const options = (['eligible', 'exception', 'waiting', 'declined'] as const).filter((one) => one !== person.state)
  const line = (name: 'reason' | 'told'): FormPart => ({
    is: 'field',
    part: {
      name,
      label: t(`applications.person.${name}`),
      hint: t(`applications.person.${name}Hint`),
      value: values[name],
      error: errors[name],
      rows: 2,
      optional: true,
    },
  })
  return [
    {
      is: 'choice',
      part: {
        name: 'decision',
        legend: t('applications.person.decision'),
        value: values.decision,
        error: errors.decision,
        options: options.map((value) => ({
          value,
          label: t(`applications.decision.${value}`),
          small: t(`applications.decision.${value}Hint`),
        })),
      },
    },
    line('reason'),
    line('told'),
  ]
}
