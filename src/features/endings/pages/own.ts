import { addDays, dayIn } from '../../../clock.ts'
import { errorLines, isWrong, type ErrorLine, type Field, type Notice } from '../../../web/components.ts'
import type { Form } from '../../../web/forms.ts'
import { coordinatorOf, timeZoneOf } from '../../../web/viewer.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import type { OwnMatchRow } from '../../matches/index.ts'
import { callNameOf } from '../../people/index.ts'
import { pauseForm, type PauseForm } from '../forms.ts'
import { PAUSE_DAYS, mayPause, mayResume, readableUntil } from '../service.ts'

export type Step = { title: string; text: string; done: boolean; link: { href: string; label: string } | undefined }
export type EndingPage = PageModel & {
  back: { href: string; label: string }
  lede: string
  errors: ErrorLine[]
  notice: Notice | undefined
  pause: { action: string; field: Field } | undefined
  resume: string | undefined
  /** What makes a good ending, while it ends. */
  steps: Step[]
  finish: string | undefined
  links: { href: string; label: string }[]
  change: { text: string; links: { href: string; label: string }[] } | undefined
}
export const renderEnding = view<EndingPage>('endings/own')

/** To pause or to end, for one of the two: where their match is on its way, and what they can do (spec 4.7, R90, R91). */
export function endingPage(
  words: Words,
  { match, talked }: { match: OwnMatchRow; talked: boolean },
  form: Form<PauseForm>,
): EndingPage {
  const { t, viewer } = words
  const partner = callNameOf(t, match)
  const href = `/matches/${match.id}`
  const phase = phaseOf(match)
  const said = { ...sayings(words, match), partner, coordinator: coordinatorOf(viewer) }
  return {
    title: t(`endings.own.${phase}.title`, said),
    here: '/',
    hasErrors: isWrong(form.errors),
    back: { href: '/', label: t('endings.own.back') },
    lede: t(`endings.own.${phase}.lede`, said),
    errors: errorLines(form.errors, pauseForm),
    notice: overNotice(words, match),
    pause: mayPause(match) ? { action: `${href}/pause`, field: untilField(words, form) } : undefined,
    resume: mayResume(match) ? `${href}/resumption` : undefined,
    steps: match.state === 'closing' ? stepsOf(words, match, talked) : [],
    finish: match.state === 'closing' && talked ? `${href}/closure` : undefined,
    change: match.state === 'closed' ? undefined : changeOf(words, match),
    links:
      match.state === 'closed'
        ? [
            { href: `${href}/threads`, label: t('endings.own.conversation') },
            { href: '/report', label: t('endings.own.report') },
            { href: '/progress', label: t('endings.own.progress') },
          ]
        : [],
  }
}

/** To tell the coordinator that something does not fit. */
function changeOf({ t, viewer }: Words, { id }: OwnMatchRow): EndingPage['change'] {
  const links = (['mismatch', 'partner_silent', 'end_early'] as const).map((kind) => ({
    href: `/help/request?match=${id}&kind=${kind}`,
    label: t(`endings.own.change.${kind}`),
  }))
  return { text: t('endings.own.change.text', { coordinator: coordinatorOf(viewer) }), links }
}

function phaseOf({ state }: OwnMatchRow): 'active' | 'paused' | 'closing' | 'closed' {
  return state === 'paused' || state === 'closing' || state === 'closed' ? state : 'active'
}

/** The days that the texts of this page name. */
function sayings({ dates, viewer }: Words, match: OwnMatchRow) {
  const dayOf = (at: Date | null) => (at ? dates.dayInText(dayIn(timeZoneOf(viewer), at)) : '')
  return {
    since: dayOf(match.paused_at),
    until: match.paused_until ? dates.date(match.paused_until) : '',
    last: dayOf(match.closing_until),
    ended: dayOf(match.ended_at),
    readable: dates.date(readableUntil(match, viewer) ?? dates.today),
  }
}

/** Why it ends, where that can be said to both; nothing else. */
function overNotice({ t }: Words, { over_because: why }: OwnMatchRow): Notice | undefined {
  if (why !== 'completed' && why !== 'natural_end' && why !== 'programme_ended') return undefined
  return { kind: 'plain', icon: 'info-circle', title: t(`endings.because.${why}`), text: undefined }
}

/** Until which day to rest. Two weeks are suggested. */
export function untilField({ t, dates }: Words, form: Form<PauseForm>): Field {
  return {
    name: 'until',
    label: t('endings.pause.until'),
    hint: t('endings.pause.hint', { day: dates.date(addDays(dates.today, PAUSE_DAYS)) }),
    value: form.values.until ?? addDays(dates.today, 14),
    error: form.errors.until,
    type: 'date',
    short: true,
    min: addDays(dates.today, 1),
    max: addDays(dates.today, PAUSE_DAYS),
  }
}

function stepsOf({ t }: Words, match: OwnMatchRow, talked: boolean): Step[] {
  const href = `/matches/${match.id}`
  const partner = callNameOf(t, match)
  return [
    {
      title: t('endings.step.talk'),
      text: t('endings.step.talkText', { partner }),
      done: talked,
      link: { href: `${href}/contacts/new`, label: t('endings.step.talkLink') },
    },
    {
      title: t('endings.step.stage'),
      text: t('endings.step.stageText'),
      done: match.stages_done.includes(3),
      link: { href: `${href}/stages/3`, label: t('endings.step.stageLink') },
    },
    {
      title: t('endings.step.report'),
      text: t('endings.step.reportText'),
      done: false,
      link: { href: '/report', label: t('endings.step.reportLink') },
    },
  ]
}
