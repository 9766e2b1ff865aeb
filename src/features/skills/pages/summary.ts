import type { T } from '../../../web/i18n.ts'
import type { Words } from '../../../web/views.ts'
import type { Group, Item, Sheet } from '../forms.ts'
import type { Answer, RecordRow } from '../queries.ts'

export type SummaryRow = {
  label: string
  value: string | undefined
  /** What was said at the start, where that has changed. */
  before: string | undefined
  text: string | undefined
}
export type SummarySection = { id: string; title: string; rows: SummaryRow[]; texts: string[] }
/** A person's rounds to read: what they said last, with what has changed since the start. */
export type Summary = { saved: string[]; sections: SummarySection[] }

type Rounds = { last: RecordRow; first: RecordRow | undefined }

/** The summary of somebody's rounds; undefined before they have saved any. */
export function summaryOf({ t, dates }: Words, sheet: Sheet, records: readonly RecordRow[]): Summary | undefined {
  const start = records.find(({ round }) => round === 'start')
  const end = records.find(({ round }) => round === 'end')
  const last = end ?? start
  if (!last) return undefined
  const rounds: Rounds = { last, first: end && start }
  return {
    saved: [start, end].flatMap((record) =>
      record ? [t(`skills.saved.${record.round}`, { when: dates.moment(record.saved_at) })] : [],
    ),
    sections: [...sheet.groups.flatMap((group) => sectionsOf(t, group, rounds)), ...statementOf(t, rounds)].filter(
      ({ rows, texts }) => rows.length + texts.length > 0,
    ),
  }
}

/** Skills stand in two lists: those that somebody has, and those to develop. */
function sectionsOf(t: T, group: Group, rounds: Rounds): SummarySection[] {
  const rows = (items: Item[]) => items.flatMap((item) => rowOf(t, group, item, rounds))
  const section = (id: SectionId, items: Item[]): SummarySection => ({
    id,
    title: t(`skills.section.${id}`),
    rows: rows(items),
    texts: [],
  })
  if (group.key !== 'skills') return [section(group.key, group.items)]
  const inList = (list: string | undefined) => group.items.filter((item) => answerTo(item, rounds)?.value === list)
  return [section('have', inList('have')), section('develop', inList('develop')), section('other', inList(undefined))]
}
type SectionId = Exclude<Group['key'], 'skills'> | 'have' | 'develop' | 'other'

/** Who skips an item at the end still stands by what they said at the start. */
function answerTo({ key }: Item, { last, first }: Rounds): Answer | undefined {
  return last.answers[key] ?? first?.answers[key]
}

function rowOf(t: T, group: Group, item: Item, rounds: Rounds): SummaryRow[] {
  const answer = answerTo(item, rounds)
  if (!answer) return []
  const before = rounds.first?.answers[item.key]?.value
  const hasChanged = before !== undefined && before !== answer.value
  return [
    {
      label: item.label,
      value: group.key === 'skills' ? undefined : valueText(t, answer.value),
      before: hasChanged ? t('skills.before', { value: valueText(t, before) ?? '' }) : undefined,
      text: answer.text,
    },
  ]
}

/** `I have this`, `3 of 5`; a tick says nothing more. */
export function valueText(t: T, value: string | undefined): string | undefined {
  if (value === 'have' || value === 'develop') return t(`skills.value.${value}`)
  return value === undefined || value === 'yes' ? undefined : t('skills.value.level', { value })
}

function statementOf(t: T, { last, first }: Rounds): SummarySection[] {
  const text = last.statement ?? first?.statement
  const earlier = last.statement !== null && first?.statement !== last.statement ? first?.statement : undefined
  const texts = [text, earlier && t('skills.before', { value: earlier })].filter((one) => typeof one === 'string')
  return [{ id: 'statement', title: t('skills.section.statement'), rows: [], texts }]
}
