import type { TextKey } from '../../../web/i18n.ts'
import type { Words } from '../../../web/views.ts'
import type { ChartName } from '../forms.ts'
import type { StageRow, WeekRow } from '../queries.ts'

/** What a chart shows: for the picture, and as the table beside it. */
export type ChartTable = {
  title: string
  src: string
  head: [string, string]
  rows: { label: string; value: number }[]
}

/** Contacts that counted, week by week. */
export function weekTable({ t, dates }: Words, weeks: readonly WeekRow[]): ChartTable {
  return tableOf(
    t,
    'contacts',
    weeks.map(({ week, count }) => ({ label: dates.shortDay(week), value: count })),
  )
}

/** How many pairs are in which stage now. */
export function stageTable({ t }: Words, stages: readonly StageRow[]): ChartTable {
  return tableOf(
    t,
    'stages',
    stages.map(({ stage, count }) => ({ label: t('overview.chart.stage', { stage }), value: count })),
  )
}

function tableOf(t: Words['t'], name: ChartName, rows: ChartTable['rows']): ChartTable {
  const say = (part: 'title' | 'label' | 'value') => t(`overview.chart.${name}.${part}` as TextKey)
  return { title: say('title'), src: `/admin/charts/${name}.svg`, head: [say('label'), say('value')], rows }
}
