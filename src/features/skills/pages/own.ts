import { view, type PageModel, type Words } from '../../../web/views.ts'
import { callNameOf, nameOf } from '../../people/index.ts'
import { roundUrl, type Round, type Sheet } from '../forms.ts'
import type { PartnerRow, RecordRow } from '../queries.ts'
import { mayReadOf, mayShareWith, mayWrite } from '../service.ts'
import { summaryOf, type Summary } from './summary.ts'

export type SharingItem = {
  round: Round
  title: string
  partners: { id: string; matchId: number; name: string; checked: boolean }[]
}
export type SkillsPage = PageModel & {
  lede: string
  privacy: string
  summary: Summary | undefined
  /** The rounds that can be written or changed now; the first is the next thing to do. */
  actions: { href: string; label: string; isNew: boolean }[]
  printHref: string | undefined
  sharing: SharingItem[]
  /** What partners let the viewer read. */
  shared: { href: string; label: string }[]
}
export const renderSkills = view<SkillsPage>('skills/own')

type Own = { sheet: Sheet; records: RecordRow[]; partners: PartnerRow[] }

/** A person's own skills: what they said, what they can do next, and who may read it. */
export function skillsPage(words: Words, { sheet, records, partners }: Own): SkillsPage {
  const { t, viewer } = words
  const role = viewer.participant?.role ?? 'mentee'
  const rounds = roundUrl.shape.round.options
  return {
    title: t(`skills.title.${role}`),
    here: '/skills',
    lede: t(`skills.lede.${role}`),
    privacy: privacyOf(words, records, partners),
    summary: summaryOf(words, sheet, records),
    actions: rounds
      .filter((round) => mayWrite(round, records, partners))
      .map((round) => actionFor(words, round, records))
      .sort((one, other) => Number(other.isNew) - Number(one.isNew)),
    printHref: records.length > 0 ? '/skills/print' : undefined,
    sharing: records.flatMap((record) => sharingOf(words, record, partners)),
    shared: partners.filter(mayReadOf).map((partner) => ({
      href: `/matches/${partner.match_id}/skills`,
      label: t(`skills.shared.${partner.role}`, { partner: callNameOf(t, partner) }),
    })),
  }
}

/** Who can read this page, in one sentence. */
function privacyOf({ t }: Words, records: RecordRow[], partners: PartnerRow[]): string {
  const readers = new Set(records.flatMap(({ shared_with }) => shared_with))
  const names = partners.filter(({ match_id }) => readers.has(match_id)).map((partner) => callNameOf(t, partner))
  return names.length === 0 ? t('skills.privacy.own') : t('skills.privacy.shared', { partners: names.join(', ') })
}

function actionFor({ t }: Words, round: Round, records: RecordRow[]): SkillsPage['actions'][number] {
  const isNew = !records.some((record) => record.round === round)
  return { href: `/skills/${round}`, label: t(`skills.action.${isNew ? 'new' : 'change'}.${round}`), isNew }
}

function sharingOf({ t }: Words, record: RecordRow, partners: PartnerRow[]): SharingItem[] {
  const possible = partners.filter((partner) => mayShareWith(record, partner))
  if (possible.length === 0) return []
  return [
    {
      round: record.round,
      title: t(`skills.sharing.${record.round}`),
      partners: possible.map((partner) => ({
        id: `share-${record.round}-${partner.match_id}`,
        matchId: partner.match_id,
        name: nameOf(t, partner),
        checked: record.shared_with.includes(partner.match_id),
      })),
    },
  ]
}

export type PrintPage = PageModel & { back: { href: string; label: string }; lede: string; summary: Summary }
export const renderPrint = view<PrintPage>('skills/print')

/** For a CV: the viewer's own words on a page to print. */
export function printPage(words: Words, summary: Summary): PrintPage {
  const { t, viewer } = words
  const role = viewer.participant?.role ?? 'mentee'
  return {
    title: t(`skills.print.${role}`, { context: viewer.name === undefined ? 'unnamed' : 'named', name: viewer.name }),
    here: '/skills',
    back: { href: '/skills', label: t(`skills.title.${role}`) },
    lede: viewer.programme?.title ?? '',
    summary,
  }
}

export type SharedPage = PageModel & { back: { href: string; label: string }; privacy: string; summary: Summary }
export const renderShared = view<SharedPage>('skills/shared')

/** What a partner shares. */
export function sharedPage({ t }: Words, partner: PartnerRow, summary: Summary): SharedPage {
  const name = callNameOf(t, partner)
  return {
    title: t(`skills.shared.${partner.role}`, { partner: name }),
    here: '/skills',
    back: { href: '/skills', label: t('skills.shared.back') },
    privacy: t('skills.shared.privacy', { partner: name }),
    summary,
  }
}
