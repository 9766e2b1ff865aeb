import type { Choice } from '../../web/components.ts'
import type { T } from '../../web/i18n.ts'
import { hasDuty, type Viewer } from '../../web/viewer.ts'
import { view, type PageModel, type Words } from '../../web/views.ts'
import { AREAS, type Area, type Filter } from './forms.ts'
import type { ListedRow } from './queries.ts'

export type AuditLine = {
  number: number
  at: Date
  when: string
  who: string
  what: string
  about: string
  details: string
}
export type AuditPage = PageModel & {
  lede: string
  show: Choice
  csvHref: string
  lines: AuditLine[]
  olderHref: string | undefined
}
export const renderAudit = view<AuditPage>('audit/list')

/** What has been done in a programme, without a word that anybody wrote (spec 4.4). */
export function auditPage(
  words: Words,
  { area }: Filter,
  { rows, hasMore }: { rows: readonly ListedRow[]; hasMore: boolean },
): AuditPage {
  const { t, viewer } = words
  const query = area === undefined ? '' : `area=${area}`
  const last = rows.at(-1)?.number ?? 0
  return {
    title: t('audit.title'),
    here: '/admin/audit',
    wide: true,
    lede: t('audit.lede'),
    show: {
      name: 'area',
      legend: t('audit.filter'),
      value: area ?? '',
      error: undefined,
      options: [
        { value: '', label: t('audit.all') },
        ...areasFor(viewer).map((value) => ({ value, label: t(`audit.area.${value}`) })),
      ],
    },
    csvHref: `/admin/audit/table.csv${query && `?${query}`}`,
    lines: rows.map((row) => lineOf(words, row)),
    olderHref: hasMore ? `/admin/audit?${query && `${query}&`}before=${last}` : undefined,
  }
}

/** What is done about concerns is for those who hear of them. */
function areasFor(viewer: Viewer): Area[] {
  return AREAS.filter((area) => (area !== 'concern' && area !== 'disclosure') || hasDuty(viewer, 'concern_lead'))
}

function lineOf({ t, dates }: Words, row: ListedRow): AuditLine {
  return {
    number: row.number,
    at: row.at,
    when: dates.stamp(row.at),
    who: row.by_name ?? t(row.by_id === null ? 'audit.machine' : 'audit.gone'),
    what: t(`audit.act.${row.act}` as 'audit.act.duty.given'),
    about: aboutOf(t, row),
    details: Object.entries(row.facts)
      .map(([name, value]) => t('audit.fact', { name, value: String(value) }))
      .join(', '),
  }
}

const KINDS = [
  'programme',
  'person',
  'participant',
  'match',
  'contact',
  'training',
  'list',
  'concern',
  'disclosure',
] as const

function aboutOf(t: T, { object, name, ref }: ListedRow): string {
  const [kind = '', id = ''] = object.split(':')
  const known = KINDS.find((one) => one === kind) ?? 'other'
  return t(`audit.object.${known}`, { kind, id, name: name ?? t('audit.gone'), ref: ref ?? '' })
}

/** The same as a table for a spreadsheet, with times that any program reads. */
export function csvRows(words: Words, rows: readonly ListedRow[]): (string | number)[][] {
  const { t } = words
  const heads = (['number', 'at', 'who', 'what', 'about', 'details'] as const).map((name) => t(`audit.${name}`))
  const lines = rows.map((row) => {
    const { number, at, who, what, about, details } = lineOf(words, row)
    return [number, at.toISOString(), who, what, about, details]
  })
  return [heads, ...lines]
}
