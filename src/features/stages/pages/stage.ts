import {
  errorLines,
  isWrong,
  type Chip,
  type ErrorLine,
  type Field,
  type Notice,
  type StageStrip,
} from '../../../web/components.ts'
import type { Form } from '../../../web/forms.ts'
import type { T } from '../../../web/i18n.ts'
import { coordinatorOf } from '../../../web/viewer.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { stuckFor, type OwnMatchRow } from '../../matches/index.ts'
import { callNameOf } from '../../people/index.ts'
import { reopeningForm, type ReopeningForm } from '../forms.ts'
import type { StageRow } from '../queries.ts'
import {
  isEndNear,
  isMet,
  isReopenable,
  maySay,
  mayStartLast,
  saidOf,
  type Facts,
  type StageItem,
  type StageNames,
} from '../service.ts'
import { isForOther, itemCard, type ItemCard, type Shown } from './items.ts'

export type StagePage = PageModel & {
  strip: StageStrip
  errors: ErrorLine[]
  lede: string
  privacy: string
  /** What there is to know first: that a match is over, who came back to this stage, that it has been long. */
  notices: Notice[]
  requiredTitle: string
  required: ItemCard[]
  ideas: ItemCard[]
  ready: ReadyCard | undefined
  done:
    { text: string; reopen: { action: string; line: Field; label: string; isOpen: boolean } | undefined } | undefined
  ahead: { title: string; text: string } | undefined
  start: { action: string } | undefined
  /** In the first stage: that it may take time. */
  time: boolean
}
export type ReadyCard = {
  title: string
  chips: Chip[]
  text: string
  /** What everyone does and is not done yet. */
  open: { href: string; title: string }[]
  action: string
  ready: 'yes' | 'no'
  label: string
}
export const renderStage = view<StagePage>('stages/show')

type Given = { match: OwnMatchRow; stage: number; facts: Facts }

/** A stage of a pair: what everyone does, ideas, and whether both are ready to move on. */
export function stagePage(words: Words, given: Given, form: Form<ReopeningForm>): StagePage {
  const { t, viewer } = words
  const { match, stage, facts } = given
  const { title, text } = nameIn(facts.names, stage)
  const shown = shownIn(words, match, facts)
  const own = match.role === 'mentor' ? 'mentee' : 'mentor'
  const items = facts.content.filter((item) => item.stage === stage && !isForOther(item, own))
  const cards = (isRequired: boolean) =>
    items.filter(({ kind }) => (kind === 'required') === isRequired).map((item) => itemCard(words, shown, item))
  const required = cards(true)
  return {
    title: t('stages.title', { stage, name: title }),
    here: '/stages',
    hasErrors: isWrong(form.errors),
    errors: errorLines(form.errors, reopeningForm),
    strip: stageStrip(t, match, facts.names, stage),
    lede: text,
    privacy: t('stages.private', { coordinator: coordinatorOf(viewer) }),
    notices: noticesOf(words, given, shown.partner),
    requiredTitle: t(`stages.required.${COUNTS[required.length] ?? 'many'}`),
    required,
    ideas: cards(false),
    ...aside(words, given, shown, form),
    start: mayStartLast(match) && maySay(match) ? { action: `${hrefOf(match)}/3/opening` } : undefined,
    time: stage === 1,
  }
}

/** What a stage is called. No programme hides one. */
function nameIn(names: StageNames, stage: number) {
  const name = names.find((one) => one.stage === stage)
  if (!name) throw new Error(`There is no stage ${stage}`)
  return name
}

const COUNTS = ['many', 'one', 'two', 'three', 'four'] as const
const hrefOf = ({ id }: OwnMatchRow) => `/matches/${id}/stages`

function shownIn({ t, viewer }: Words, match: OwnMatchRow, { items }: Facts): Shown {
  return {
    match,
    rows: new Map(items.map((row) => [row.item_key, row])),
    partner: callNameOf(t, match),
    endNear: isEndNear(viewer, match),
  }
}

/** The three stages in a row: which is now, which are done. `shown` is the one that the page is about, if it is about one. */
export function stageStrip(t: T, match: OwnMatchRow, names: StageNames, shown?: number): StageStrip {
  const stages = names.map(({ stage, title }) => {
    const state = stateOf(match, stage)
    const label = t('stages.label', { stage, name: title })
    return { href: `${hrefOf(match)}/${stage}`, label, state, text: t(`stages.${state}`), isShown: stage === shown }
  })
  return { stages }
}

function stateOf({ stage: now, stages_done: done }: OwnMatchRow, stage: number): 'done' | 'here' | 'later' | 'skipped' {
  if (done.includes(stage)) return 'done'
  if (stage === now) return 'here'
  return stage < now ? 'skipped' : 'later'
}

function noticesOf(words: Words, given: Given, partner: string): Notice[] {
  return [
    ...closedNotice(words, given),
    ...reopenedNotice(words, given, partner),
    ...stuckNotice(words, given, partner),
  ]
}

function closedNotice({ t }: Words, { match }: Given): Notice[] {
  if (maySay(match)) return []
  return [{ ...PLAIN, title: t(match.active_at ? 'stages.over' : 'stages.notYet'), text: undefined }]
}

function reopenedNotice({ t, dates }: Words, { match, stage, facts }: Given, partner: string): Notice[] {
  const state = stateIn(facts, stage)
  if (!state?.reopened_at || state.done_at) return []
  const who = state.reopened_by === match.role ? partner : t('stages.you')
  const title = t('stages.reopen.notice', { who, when: dates.moment(state.reopened_at) })
  return [{ ...PLAIN, title, text: t('stages.reopen.said', { line: state.reopen_line }) }]
}

/** For a mentor whose pair has been in the first stage for long (R56). */
function stuckNotice({ t }: Words, { match, stage }: Given, partner: string): Notice[] {
  const days = match.role === 'mentee' && stage === 1 && match.stage === 1 ? stuckFor(match) : undefined
  if (days === undefined) return []
  const title = t('stages.stuck.title', { weeks: Math.floor(days / 7) })
  return [{ ...PLAIN, title, text: t('stages.stuck.text', { partner }) }]
}

const stateIn = ({ states }: Facts, stage: number) => states.find((one) => one.stage === stage)

const PLAIN = { kind: 'plain', icon: 'info-circle' } as const

/** What stands beside the items: whether both are ready, that the stage is done, or that it comes later. */
function aside(words: Words, given: Given, shown: Shown, form: Form<ReopeningForm>) {
  const { match, stage, facts } = given
  const state = stateIn(facts, stage)
  const isNow = match.stage === stage && !match.stages_done.includes(stage)
  return {
    ready: isNow && maySay(match) ? readyCard(words, given, shown, state) : undefined,
    done: isReopenable(state) ? doneCard(words, given, state, form) : undefined,
    ahead: stage > match.stage && !isReopenable(state) ? aheadCard(words, match) : undefined,
  }
}

function aheadCard({ t }: Words, { stage }: OwnMatchRow) {
  return { title: t('stages.ahead.title'), text: t('stages.ahead.text', { stage }) }
}

function readyCard(words: Words, given: Given, shown: Shown, state: StageRow | undefined): ReadyCard {
  const { t } = words
  const { match, stage } = given
  const ready = readinessIn(match, state)
  const open = openItems(given, shown)
  const isLast = stage === 3
  return {
    title: isLast ? t('stages.ready.titleLast') : t('stages.ready.title', { next: stage + 1 }),
    chips: readyChips(t, ready, shown.partner),
    text: waitsForPartner(ready, open)
      ? t('stages.ready.waits', { partner: shown.partner })
      : t(isLast ? 'stages.ready.textLast' : 'stages.ready.text'),
    open: open.map(({ key, title }) => ({ href: `#${key}`, title })),
    action: `${hrefOf(match)}/${stage}/readiness`,
    ready: ready.own ? 'no' : 'yes',
    label: t(ready.own ? 'stages.ready.unsay' : ready.other ? 'stages.ready.sayToo' : 'stages.ready.say'),
  }
}

type Readiness = { own: boolean; other: boolean }
function readinessIn({ role }: OwnMatchRow, state: StageRow | undefined): Readiness {
  const mentee = Boolean(state?.mentee_ready_at)
  const mentor = Boolean(state?.mentor_ready_at)
  return role === 'mentor' ? { own: mentee, other: mentor } : { own: mentor, other: mentee }
}

const waitsForPartner = ({ own, other }: Readiness, open: readonly StageItem[]) => own && !other && open.length === 0

function readyChips(t: T, { own, other }: Readiness, partner: string): Chip[] {
  const chip = (text: string) => ({ kind: 'ok', icon: 'check-lg', text }) as const
  return [
    ...(own ? [chip(t('stages.ready.you'))] : []),
    ...(other ? [chip(t('stages.ready.partner', { partner }))] : []),
  ]
}

function openItems({ match, stage, facts }: Given, { rows }: Shown): StageItem[] {
  return facts.content.filter(
    (item) =>
      item.stage === stage &&
      item.kind === 'required' &&
      !isMet(item, saidOf(item, rows.get(item.key), match.in_force)),
  )
}

function doneCard(
  words: Words,
  { match, stage }: Given,
  state: StageRow,
  form: Form<ReopeningForm>,
): StagePage['done'] {
  const { t, dates } = words
  const text = state.done_at
    ? t('stages.reopen.done', { when: dates.moment(state.done_at) })
    : t('stages.reopen.skipped')
  const line: Field = {
    name: 'line',
    label: t('stages.reopen.line'),
    hint: t('stages.reopen.hint', { partner: callNameOf(t, match) }),
    value: form.values.line,
    error: form.errors.line,
  }
  const action = `${hrefOf(match)}/${stage}/reopening`
  const label = t('stages.reopen.save', { stage })
  const isOpen = isWrong(form.errors) || form.values.line !== undefined
  return { text, reopen: maySay(match) ? { action, line, label, isOpen } : undefined }
}
