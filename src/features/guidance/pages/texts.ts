import type { T } from '../../../web/i18n.ts'
import type { Viewer } from '../../../web/viewer.ts'
import { view, type PageModel } from '../../../web/views.ts'
import type { NoticesRow } from '../queries.ts'

export type TextPage = PageModel & { lede: string; sections: { title: string; text: string }[] }
export const renderText = view<TextPage>('guidance/text')

const sections = {
  privacy: ['kept', 'readers', 'door', 'sent', 'time', 'long', 'rights'],
  accessibility: ['aims', 'known', 'limits', 'tell'],
} as const

/** The privacy notice and the accessibility statement. */
export function textPage(t: T, page: 'privacy' | 'accessibility', notices?: NoticesRow): TextPage {
  const ours = page === 'privacy' ? notices?.privacy_text : undefined
  return {
    title: t(`guidance.${page}.title`),
    lede: t(`guidance.${page}.lede`),
    sections: [
      ...(ours ? [{ title: t('guidance.privacy.programme'), text: ours }] : []),
      ...sections[page].map((section) => ({
        title: t(`guidance.${page}.${section}.title` as 'guidance.privacy.kept.title'),
        text: t(`guidance.${page}.${section}.text` as 'guidance.privacy.kept.text'),
      })),
    ],
  }
}

export type Readers = 'yes' | 'part' | 'no'
export type VisibilityRow = { what: string; cells: { who: string; kind: Readers; text: string }[] }
export type VisibilityPage = PageModel & { lede: string; rows: VisibilityRow[]; limits: Limits }
export type Limits = { title: string; text: string; scanned: string }
export const renderVisibility = view<VisibilityPage>('guidance/visibility')

/** Who can see what: spec 4.4, as far as there are such things yet. Pair, coordinator, tutors. */
const matrix = [
  ['answers', 'part', 'yes', 'no'],
  ['profile', 'yes', 'yes', 'no'],
  ['agreement', 'yes', 'part', 'no'],
  ['contacts', 'yes', 'yes', 'part'],
  ['line', 'yes', 'no', 'no'],
  ['messages', 'yes', 'no', 'no'],
  ['stages', 'yes', 'part', 'no'],
  ['pulse', 'part', 'part', 'no'],
  ['plan', 'yes', 'no', 'no'],
  ['skills', 'part', 'no', 'no'],
  ['logbook', 'part', 'no', 'no'],
  ['training', 'part', 'yes', 'no'],
  ['number', 'part', 'yes', 'yes'],
  ['report', 'part', 'yes', 'part'],
  ['request', 'part', 'yes', 'no'],
  ['concern', 'part', 'part', 'no'],
  ['payment', 'part', 'yes', 'no'],
] as const

/** The table in rows: what, and who of pair, coordinator and tutors sees it. */
export function visibilityRows(t: T): VisibilityRow[] {
  return matrix.map(([what, pair, coordinator, tutors]) => ({
    what: t(`guidance.visibility.${what}.what`),
    cells: (
      [
        ['pair', pair],
        ['coordinator', coordinator],
        ['tutors', tutors],
      ] as const
    ).map(([who, kind]) => ({
      who: t(`guidance.visibility.who.${who}`),
      kind,
      text: t(`guidance.visibility.${what}.${who}`),
    })),
  }))
}

/** What cannot stay private, and that nothing is searched (spec settled Q1). */
export function limitsOf(t: T, { programme }: Viewer): Limits {
  const lead = programme?.leadName ?? ''
  return {
    title: t('guidance.limits.title'),
    text: t(lead === '' ? 'guidance.limits.text' : 'guidance.limits.named', { lead }),
    scanned: t('guidance.limits.scanned'),
  }
}

/** Who can see what, for everybody to read (spec 4.4). */
export function visibilityPage(t: T, viewer: Viewer): VisibilityPage {
  return {
    title: t('guidance.visibility.title'),
    lede: t('guidance.visibility.lede'),
    rows: visibilityRows(t),
    limits: limitsOf(t, viewer),
  }
}
