import { view, type PageModel, type Words } from '../../../web/views.ts'
import { nameOf, pairNames } from '../../people/index.ts'
import type { MatchFactsRow } from '../../matches/index.ts'
import type { AgreementRow, Clause, SidesRow } from '../queries.ts'
import { clauseGroups, textModel, type TextModel } from './text.ts'

export type ReadPage = PageModel & {
  back: { href: string; label: string }
  lede: string
  text: TextModel
  signatures: string[]
  /** The browser offers to print it at once. */
  print?: boolean
}
export const renderRead = view<ReadPage>('agreements/read')

/** One version to read or print, with who signed it and when. */
export function readPage(words: Words, matchId: number, row: AgreementRow, sides: SidesRow): ReadPage {
  const { t, dates } = words
  const mentee = nameOf(t, { ...sides.mentee, role: 'mentee' })
  const mentor = nameOf(t, { ...sides.mentor, role: 'mentor' })
  const signature = (name: string | null, at: Date | null, who: string) =>
    at && name ? t('agreements.read.signed', { name, when: dates.full(at) }) : t('agreements.read.notSigned', { who })
  return {
    title: t('agreements.read.title', { mentee, mentor }),
    here: '/',
    back: { href: `/matches/${matchId}/agreement`, label: t('agreements.read.back') },
    lede: t(`agreements.read.${row.state}`, { version: row.version, programme: sides.programme_title }),
    text: textModel(words, row, sides, undefined),
    signatures: [
      signature(row.mentee_signed_name, row.mentee_signed_at, mentee),
      signature(row.mentor_signed_name, row.mentor_signed_at, mentor),
    ],
  }
}

export type FactsPage = PageModel & { back: { href: string; label: string }; lede: string; groups: TextModel['groups'] }
export const renderFacts = view<FactsPage>('agreements/facts')

/** For the coordinator: that it is signed, and what is the same for everyone. */
export function factsPage({ t, dates }: Words, match: MatchFactsRow, clauses: readonly Clause[]): FactsPage {
  const state = match.in_force_at
    ? t('agreements.facts.inForce', { when: dates.moment(match.in_force_at) })
    : t('agreements.facts.signed', { count: match.signed })
  return {
    title: t('agreements.facts.title', pairNames(t, match)),
    here: '/admin',
    back: { href: `/admin/matches/${match.id}`, label: t('agreements.facts.back') },
    lede: `${state} ${t('agreements.facts.lede')}`,
    groups: clauseGroups(t, clauses),
  }
}
