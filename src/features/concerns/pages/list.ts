import type { Chip, Notice } from '../../../web/components.ts'
import { now } from '../../../clock.ts'
import { hasDuty } from '../../../web/viewer.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import type { ListedRow } from '../queries.ts'
import { raiserName, stateChip } from './words.ts'

export type ListedConcern = {
  href: string
  name: string
  urgency: string
  sent: string
  from: string
  about: string
  chip: Chip
  due: { at: Date; when: string; late: Chip | undefined } | undefined
}
export type ConcernsPage = PageModel & {
  lede: string
  waits: Notice | undefined
  rows: ListedConcern[]
  moreHref: string | undefined
}
export const renderConcerns = view<ConcernsPage>('concerns/list')

/** The concerns of a programme for those who hear of them; a coordinator learns that one waits. */
export function concernsPage(
  words: Words,
  { rows, hasMore, waits }: { rows: readonly ListedRow[]; hasMore: boolean; waits: boolean },
): ConcernsPage {
  const { t, viewer } = words
  const notice = { kind: 'stop', icon: 'exclamation-triangle' } as const
  return {
    title: t('concerns.list.title'),
    here: '/admin/concerns',
    wide: true,
    lede: t(hasDuty(viewer, 'concern_lead') ? 'concerns.list.lede' : 'concerns.list.ledeCoordinator'),
    waits: waits ? { ...notice, title: t('concerns.list.waits'), text: waitsText(words) } : undefined,
    rows: rows.map((row) => listed(words, row)),
    moreHref: hasMore ? `/admin/concerns?after=${rows.at(-1)?.id ?? 0}` : undefined,
  }
}

/** Whom to call: a telephone is faster than anything that Signpost could send. */
function waitsText({ t, viewer }: Words): string {
  const { leadName: lead = '', leadPhone: phone = '' } = viewer.programme ?? {}
  return t('concerns.list.waitsText', { lead, phone })
}

function listed({ t, dates }: Words, row: ListedRow): ListedConcern {
  const waits = row.state === 'raised'
  const late: Chip = { kind: 'stop', icon: 'clock-history', text: t('concerns.list.late') }
  return {
    href: `/admin/concerns/${row.id}`,
    name: t('concerns.list.name', { id: row.id }),
    sent: t('concerns.list.sent', { when: dates.stamp(row.raised_at) }),
    urgency: t(row.urgency === 'now' ? 'concerns.list.today' : 'concerns.list.days'),
    from: raiserName(t, row),
    about: t(`concerns.show.whom.${row.about}`),
    chip: stateChip(t, row.state),
    due: waits
      ? { at: row.due_at, when: dates.stamp(row.due_at), late: row.due_at <= now() ? late : undefined }
      : undefined,
  }
}
