import { firstLetterOf } from '../../../web/components.ts'
import type { T } from '../../../web/i18n.ts'
import { coordinatorOf } from '../../../web/viewer.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { callNameOf, nameOf } from '../../people/index.ts'
import type { OwnMatchRow, ProfileRow } from '../queries.ts'
import { profileLines } from './matching.ts'

/** Who somebody is, as far as their partner knows, and why the two were put together. */
export type PartnerCard = { name: string; mark: string; lines: string[]; reason: string | undefined }
export type PartnerPage = PageModel & {
  back: { href: string; label: string }
  privacy: string
  who: PartnerCard
  links: { href: string; label: string }[]
}
export const renderPartner = view<PartnerPage>('matches/partner')

export type PartnerProfile = ProfileRow & { pronoun: string | null }

/** The partner of a match that both wanted, as their application and settings say now (R16, R70). */
export function partnerPage(
  { t, viewer }: Words,
  match: OwnMatchRow,
  profile: PartnerProfile | undefined,
): PartnerPage {
  const partner = callNameOf(t, match)
  const href = `/matches/${match.id}`
  return {
    title: t('matches.partner.title', { partner }),
    here: '/',
    back: { href: '/', label: t('matches.partner.back') },
    privacy: t('matches.partner.private', { partner, coordinator: coordinatorOf(viewer) }),
    who: partnerCard(t, match, profile),
    links: [
      { href: `${href}/agreement`, label: t('home.agreement') },
      ...(match.active_at === null ? [] : [{ href: `${href}/ending`, label: t('matches.partner.ending') }]),
      { href: '/apply/edit', label: t('matches.partner.mine', { partner }) },
    ],
  }
}

/** Name, studies and what else a profile says, in lines. */
export function partnerCard(t: T, match: OwnMatchRow, profile: PartnerProfile | undefined): PartnerCard {
  const name = nameOf(t, match)
  const study = [profile?.course, profile?.study_year].filter(Boolean).join(', ')
  const lines = [study, ...(profile ? profileLines(t, profile) : []), profile?.pronoun ?? '']
  return { name, mark: firstLetterOf(name), lines: lines.filter(Boolean), reason: match.reason ?? undefined }
}
