import type { Chip } from '../../../web/components.ts'
import type { TextKey } from '../../../web/i18n.ts'
import type { Role } from '../../../web/viewer.ts'
import type { Words } from '../../../web/views.ts'
import type { OwnMatchRow } from '../../matches/index.ts'
import type { Verdict } from '../forms.ts'
import type { ItemRow } from '../queries.ts'
import {
  ABOUT_THE_END,
  ACTS,
  isByAct,
  isMet,
  mayPutAside,
  maySay,
  saidOf,
  sidesOf,
  type Act,
  type Said,
  type StageItem,
} from '../service.ts'

export type Verdicts = {
  action: string
  buttons: {
    verdict: Verdict | 'open'
    label: string
    pressed: boolean | undefined
    kind: 'primary' | 'outline' | 'link'
  }[]
}
/** One item: what it is about, what the two said of it, and what the viewer can say. */
export type ItemCard = {
  id: string
  title: string
  text: string
  /** For a mentor: how to go about it. */
  tip: string | undefined
  chip: Chip | undefined
  said: string[]
  link: { href: string; label: string } | undefined
  verdicts: Verdicts | undefined
}

/** What a card is made from. */
export type Shown = { match: OwnMatchRow; rows: ReadonlyMap<string, ItemRow>; partner: string; endNear: boolean }

/** Whose an item is that one of the two does alone and in private: the other one does not see it. */
export function isForOther(item: StageItem, own: Role): boolean {
  return item.kind === 'private' && !sidesOf(item).includes(own)
}

export function itemCard(words: Words, shown: Shown, item: StageItem): ItemCard {
  const { match, rows } = shown
  const own = ownRole(match)
  const said = saidOf(item, rows.get(item.key), match.in_force)
  const mine = sidesOf(item).includes(own)
  return {
    id: item.key,
    title: item.title,
    text: item.text,
    tip: own === 'mentor' ? item.hint : undefined,
    chip: chipOf(words, shown, item, said),
    said: saidLines(words, shown, item, said),
    link: mine && said[own].verdict !== 'talked' ? linkOf(words, match, item) : undefined,
    verdicts: mine && maySay(match) ? verdictsOf(words, match, item, said[own].verdict) : undefined,
  }
}

const ownRole = ({ role }: OwnMatchRow): Role => (role === 'mentor' ? 'mentee' : 'mentor')

function chipOf({ t }: Words, { match, partner }: Shown, item: StageItem, said: Said): Chip | undefined {
  if (item.kind !== 'required') return asideChip(t, said)
  if (isMet(item, said)) return { kind: 'ok', icon: 'check-lg', text: t('stages.chip.done') }
  const own = ownRole(match)
  const waits = sidesOf(item).filter((role) => said[role].verdict !== 'talked')
  if (!waits.includes(own))
    return { kind: 'wait', icon: 'hourglass-split', text: t('stages.chip.partner', { partner }) }
  const isLast = waits.length === 1
  return isLast
    ? { kind: 'you', icon: 'arrow-right-circle', text: t('stages.chip.you') }
    : { kind: 'plain', icon: 'circle', text: t('stages.chip.open') }
}

function asideChip(t: Words['t'], said: Said): Chip | undefined {
  const isAside = said.mentee.verdict === 'not_for_us' && said.mentor.verdict === 'not_for_us'
  return isAside ? { kind: 'plain', icon: 'dash', text: t('stages.chip.aside') } : undefined
}

function saidLines(words: Words, shown: Shown, item: StageItem, said: Said): string[] {
  const { t } = words
  const { match, partner } = shown
  if (item.doneBy === 'agreement' && match.in_force) return [t('stages.said.signed')]
  const sides = sidesOf(item)
  const isOfBoth = sides.length === 2 && sides.every((role) => said[role].verdict === 'talked')
  return [
    ...nearLines(t, shown, item),
    ...(isOfBoth ? [t('stages.said.both', { partner })] : eachLines(words, shown, item, said)),
  ]
}

function nearLines(t: Words['t'], { endNear }: Shown, item: StageItem): string[] {
  return endNear && item.key === ABOUT_THE_END ? [t('stages.endNear')] : []
}

/** What the partner said; what the viewer said themselves where no button shows it. */
function eachLines(words: Words, { match, partner }: Shown, item: StageItem, said: Said): string[] {
  const { t } = words
  const own = ownRole(match)
  const sides = sidesOf(item)
  const theirs = sides.includes(match.role) ? saidBy(words, partner, item, said[match.role]) : []
  if (!sides.includes(own)) return [t('stages.whose', { partner }), ...theirs]
  return item.kind === 'required' ? [...theirs, ...saidBy(words, t('stages.you'), item, said[own])] : theirs
}

function saidBy({ t, dates }: Words, who: string, item: StageItem, { verdict, at }: Said[Role]): string[] {
  if (verdict === null) return []
  const said = verdict === 'talked' && isByAct(item) ? 'act' : verdict
  return [t(`stages.said.${said}`, { who, when: at ? dates.moment(at) : '' })]
}

const HREFS: Partial<Record<Act, (match: OwnMatchRow, item: StageItem) => string>> = {
  agreement: ({ id }) => `/matches/${id}/agreement`,
  audit: () => '/skills',
  wants: ({ id }) => `/matches/${id}/plan/wants`,
  task: ({ id }) => `/matches/${id}/tasks/new`,
  goals: ({ id }) => `/matches/${id}/plan#goals`,
  decision: ({ id }) => `/matches/${id}/plan#decisions`,
  signpost: () => '/directory',
  shadowing: ({ id }) => `/matches/${id}/contacts/new`,
  logEntry: ({ id }, { stage }) => `/logbook?match=${id}&stage=${stage}#new`,
}

/** The page on which an item is done. */
function linkOf({ t }: Words, match: OwnMatchRow, item: StageItem): ItemCard['link'] {
  const href = item.doneBy && ACTS.includes(item.doneBy) ? HREFS[item.doneBy] : undefined
  if (!href || !maySay(match)) return undefined
  return { href: href(match, item), label: t(`stages.link.${item.doneBy as 'logEntry'}`) }
}

function verdictsOf({ t }: Words, match: OwnMatchRow, item: StageItem, own: Verdict | null): Verdicts | undefined {
  const action = `/matches/${match.id}/stages/${item.stage}/items/${item.key}`
  if (item.kind === 'required' && own === 'talked')
    return isByAct(item) ? undefined : { action, buttons: [{ ...UNDO, label: t('stages.undo') }] }
  const buttons = (['talked', 'later', 'not_for_us'] as const)
    .filter((verdict) => isOffered(item, verdict, match.in_force))
    .map((verdict) => ({
      verdict: own === verdict ? ('open' as const) : verdict,
      label: t(labelOf(item, verdict)),
      ...(item.kind === 'required' && verdict === 'talked' ? MAIN : { ...OTHER, pressed: own === verdict }),
    }))
  return buttons.length > 0 ? { action, buttons } : undefined
}

const MAIN = { pressed: undefined, kind: 'primary' } as const
const OTHER = { kind: 'outline' } as const
const UNDO = { verdict: 'open', pressed: undefined, kind: 'link' } as const

function isOffered(item: StageItem, verdict: Verdict, inForce: boolean): boolean {
  if (item.doneBy === 'agreement' && inForce) return false // it is done, whatever somebody says
  if (verdict === 'talked') return !isByAct(item)
  return verdict === 'later' || mayPutAside(item)
}

function labelOf(item: StageItem, verdict: Verdict): TextKey {
  if (verdict === 'later') return 'stages.laterButton'
  if (verdict === 'not_for_us') return 'stages.notForUs'
  if (item.kind === 'required') return item.by === 'both' ? 'stages.talked' : 'stages.did'
  return item.by === 'both' ? 'stages.talkedShort' : 'stages.didShort'
}
