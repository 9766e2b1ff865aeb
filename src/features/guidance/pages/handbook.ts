import type { T } from '../../../web/i18n.ts'
import type { Role } from '../../../web/viewer.ts'
import { view, type PageModel } from '../../../web/views.ts'

type Link = { href: string; label: string }
/** An edition of the handbook, in the address too where it is not the reader's own. */
export type Edition = { role: Role; both: boolean; sections: readonly Section[] }
type Section = { section: string; title: string; text: string }

export type HandbookPage = PageModel & {
  lede: string
  sections: Link[]
  /** The other edition, for those who read both. */
  other: Link | undefined
}
export const renderHandbook = view<HandbookPage>('guidance/handbook')

/** What is in the handbook. */
export function handbookPage(t: T, edition: Edition): HandbookPage {
  const other = edition.role === 'mentee' ? 'mentor' : 'mentee'
  return {
    title: t('guidance.handbook.title'),
    here: '/handbook',
    lede: t(`guidance.handbook.lede.${edition.role}`),
    sections: edition.sections.map((section) => linkTo(edition, section)),
    other: edition.both ? { href: `/handbook?for=${other}`, label: t(`guidance.handbook.other.${other}`) } : undefined,
  }
}

export type SectionPage = PageModel & {
  back: Link
  place: string
  text: string
  previous: Link | undefined
  next: Link | undefined
}
export const renderSection = view<SectionPage>('guidance/section')

/** One section, with the ones before and after it. Undefined when the edition has no such section. */
export function sectionPage(t: T, edition: Edition, name: string): SectionPage | undefined {
  const { sections } = edition
  const at = sections.findIndex(({ section }) => section === name)
  const [section, before, after] = [sections[at], sections[at - 1], sections[at + 1]]
  return (
    section && {
      title: section.title,
      here: '/handbook',
      back: { href: `/handbook${forOf(edition)}`, label: t('guidance.handbook.title') },
      place: t('guidance.handbook.place', { number: at + 1, of: sections.length }),
      text: section.text,
      previous: before && linkTo(edition, before),
      next: after && linkTo(edition, after),
    }
  )
}

function linkTo(edition: Edition, { section, title }: Section): Link {
  return { href: `/handbook/${section}${forOf(edition)}`, label: title }
}

function forOf({ both, role }: Edition): string {
  return both ? `?for=${role}` : ''
}
