import { addDays, dayIn } from '../../../clock.ts'
import {
  errorLines,
  isWrong,
  type Chip,
  type Choice,
  type ErrorLine,
  type Field,
  type FormPart,
} from '../../../web/components.ts'
import type { Form } from '../../../web/forms.ts'
import type { T } from '../../../web/i18n.ts'
import { timeZoneOf } from '../../../web/viewer.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { matchChip, type MatchRow } from '../../matches/index.ts'
import { callNameOf, pairNames } from '../../people/index.ts'
import { REASONS, WAYS, endingForm, extensionForm, pauseForm } from '../forms.ts'
import { BUFFER_DAYS, mayEnd, mayExtend, mayPause, mayResume, maySayReady } from '../service.ts'
import { untilField } from './own.ts'

export type Act = { name: string; title: string; text: string; action: string; parts: FormPart[]; label: string }
export type CoordinatorPage = PageModel & {
  back: { href: string; label: string }
  errors: ErrorLine[]
  chip: Chip
  nothing: string | undefined
  acts: Act[]
}
export const renderCoordinator = view<CoordinatorPage>('endings/coordinator')

/** What may be wrong in one of the forms. */
export type Wrong = { until?: string; plannedEndOn?: string; reason?: string; when?: string; note?: string }

/** To pause a match, to move its end, to end it, and to say that its mentee is ready for another: the coordinator's. */
export function coordinatorPage(
  words: Words,
  match: MatchRow,
  form: Form<Wrong>,
  act: string | undefined,
): CoordinatorPage {
  const { t } = words
  const of = (path: string): Form<Wrong> => (act === path ? form : { values: {}, errors: {} })
  const acts = [
    ...(mayPause(match) ? [pauseAct(words, match, of('pause'))] : []),
    ...(mayResume(match) ? [plainAct(t, match, 'resumption', '')] : []),
    ...(mayExtend(match) ? [extensionAct(words, match, of('extension'))] : []),
    ...(mayEnd(match) ? [endingAct(words, match, of('ending'))] : []),
    ...(maySayReady(match) ? [plainAct(t, match, 'readiness', bufferDay(words, match))] : []),
  ]
  return {
    title: t('endings.coordinator.title', pairNames(t, match)),
    here: '/admin/matches',
    hasErrors: isWrong(form.errors),
    back: { href: `/admin/matches/${match.id}`, label: t('endings.coordinator.back') },
    errors: [pauseForm, extensionForm, endingForm].flatMap((schema) => errorLines(form.errors, schema)),
    chip: matchChip(t, match),
    nothing: acts.length === 0 ? t('endings.coordinator.nothing') : undefined,
    acts,
  }
}

type ActName = 'pause' | 'resumption' | 'extension' | 'ending' | 'readiness'
function actOf(t: T, { id, mentee }: MatchRow, name: ActName, more: { day?: string; parts?: FormPart[] }): Act {
  const values = { day: more.day ?? '', mentee: callNameOf(t, { ...mentee, role: 'mentee' }) }
  return {
    name,
    title: t(`endings.act.${name}.title`, values),
    text: t(`endings.act.${name}.text`, values),
    action: `/admin/matches/${id}/${name}`,
    parts: more.parts ?? [],
    label: t(`endings.act.${name}.save`, values),
  }
}

const plainAct = (t: T, match: MatchRow, name: 'resumption' | 'readiness', day: string) =>
  actOf(t, match, name, { day })

/** The day from which somebody new is suggested. */
function bufferDay({ dates, viewer }: Words, { ended_at: at }: MatchRow): string {
  return at ? dates.date(addDays(dayIn(timeZoneOf(viewer), at), BUFFER_DAYS)) : ''
}

function pauseAct(words: Words, match: MatchRow, form: Form<Wrong>): Act {
  return actOf(words.t, match, 'pause', { parts: [{ is: 'field', part: untilField(words, form) }] })
}

function extensionAct({ t, dates }: Words, match: MatchRow, { values, errors }: Form<Wrong>): Act {
  const part: Field = {
    name: 'plannedEndOn',
    label: t('endings.act.extension.field'),
    value: values.plannedEndOn ?? match.planned_end_on,
    error: errors.plannedEndOn,
    type: 'date',
    short: true,
    min: dates.today,
  }
  const parts: FormPart[] = [{ is: 'field', part }]
  return actOf(t, match, 'extension', { day: dates.date(match.planned_end_on), parts })
}

function endingAct({ t }: Words, match: MatchRow, { values, errors }: Form<Wrong>): Act {
  const isClosing = match.state === 'closing'
  const when: Choice = {
    name: 'when',
    legend: t('endings.act.ending.when'),
    hint: t('endings.act.ending.safety'),
    options: WAYS.filter((way) => way === 'now' || !isClosing).map((value) => ({
      value,
      label: t(`endings.way.${value}.label`),
      small: t(`endings.way.${value}.text`),
    })),
    value: values.when ?? (isClosing ? 'now' : 'closing'),
    error: errors.when,
  }
  const note: Field = {
    name: 'note',
    label: t('endings.act.ending.note'),
    hint: t('endings.act.ending.noteHint'),
    value: values.note ?? match.end_note ?? undefined,
    error: errors.note,
    optional: true,
    rows: 3,
  }
  const parts: FormPart[] = [
    { is: 'choice', part: reasonChoice(t, values.reason ?? match.over_because ?? undefined, errors.reason) },
    { is: 'choice', part: when },
    { is: 'field', part: note },
  ]
  return actOf(t, match, 'ending', { parts })
}

/** Why a match ends: the coordinator's to know. */
function reasonChoice(t: T, value: string | undefined, error: Choice['error']): Choice {
  const options = REASONS.map((reason) => ({ value: reason, label: t(`matches.ended.${reason}`) }))
  return {
    name: 'reason',
    legend: t('endings.act.ending.reason'),
    hint: t('endings.act.ending.reasonHint'),
    options,
    value,
    error,
  }
}
