import { dayIn } from '../../../clock.ts'
import type { Chip } from '../../../web/components.ts'
import { timeZoneOf } from '../../../web/viewer.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { nameOf } from '../../people/index.ts'
import { openParts, type Progress } from '../../progress/index.ts'
import type { ExportRow, HonorariumRow, TotalRow } from '../queries.ts'
import { mayDecide } from '../service.ts'
import { moneyWords, stateChip } from './words.ts'

export type ListedHonorarium = {
  id: number
  href: string
  name: string
  ref: string
  amount: string
  chip: Chip
  report: string
  open: string | undefined
  /** Can be approved now. */
  tick: boolean
}
export type HonorariaPage = PageModel & {
  lede: string
  rows: ListedHonorarium[]
  decides: boolean
  anyDue: boolean
  moreHref: string | undefined
  totals: string[]
  waiting: string | undefined
  exports: { href: string; label: string }[]
}
export const renderHonoraria = view<HonorariaPage>('honoraria/list')

export type Listed = {
  rows: readonly HonorariumRow[]
  hasMore: boolean
  totals: readonly TotalRow[]
  exports: readonly ExportRow[]
  /** What each mentor's number is made of: for coordinators alone. */
  progress: ReadonlyMap<number, Progress>
}

/** All honoraria of a programme: to approve, to hand over, to look up. */
export function honorariaPage(words: Words, { rows, hasMore, totals, exports, progress }: Listed): HonorariaPage {
  const { t, dates, viewer } = words
  const decides = mayDecide(viewer)
  const waiting = totals.filter(({ state }) => state === 'approved').reduce((sum, { count }) => sum + count, 0)
  return {
    title: t('honoraria.list.title'),
    here: '/admin/honoraria',
    wide: true,
    lede: t(decides ? 'honoraria.list.lede' : 'honoraria.list.ledePayer'),
    rows: rows.map((row) => listed(words, row, decides, progress.get(row.participant_id))),
    decides,
    anyDue: decides && rows.some(({ state }) => state === 'due'),
    moreHref: hasMore ? `/admin/honoraria?after=${rows.at(-1)?.participant_id ?? ''}` : undefined,
    totals: totals.map((total) =>
      t('honoraria.list.total', {
        state: t(`honoraria.state.${total.state}`),
        count: total.count,
        amount: moneyWords(t, total),
      }),
    ),
    waiting: waiting > 0 ? t('honoraria.list.exportText', { count: waiting }) : undefined,
    exports: exports.map(({ id, made_at: at, count }) => ({
      href: `/admin/honoraria/exports/${id}`,
      label: t('honoraria.list.exportOf', { when: dates.stamp(at), count }),
    })),
  }
}

function listed(words: Words, row: HonorariumRow, decides: boolean, progress: Progress | undefined): ListedHonorarium {
  const { t } = words
  const name = nameOf(t, { ...row, role: 'mentor' })
  return {
    id: row.participant_id,
    href: `/admin/honoraria/${row.participant_id}`,
    name,
    ref: row.ref,
    amount: moneyWords(t, row),
    chip: stateChip(t, row.state),
    report: reportWords(words, row),
    open: decides && progress ? openWords(words, progress) : undefined,
    tick: decides && row.state === 'due',
  }
}

/** Whether the report is in, and since when: all that a payer learns of it. */
export function reportWords({ t, dates, viewer }: Words, { report_at: at }: HonorariumRow): string {
  if (at === null) return t('honoraria.list.reportOut')
  return t('honoraria.list.reportIn', { day: dates.dayInText(dayIn(timeZoneOf(viewer), at)) })
}

/** The duties that are not done, before anybody approves (R150). */
export function openWords({ t }: Words, progress: Progress): string {
  const open = openParts(t, progress)
  return open.length === 0 ? t('honoraria.list.allDone') : open.join(', ')
}
