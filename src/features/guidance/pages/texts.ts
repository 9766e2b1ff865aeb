import type { T } from '../../../web/i18n.ts'
import type { Viewer } from '../../../web/viewer.ts'
import { view, type PageModel } from '../../../web/views.ts'

export type HelpPage = PageModel & {
  lede: string
  contact: { name: string; phone: string; phoneHref: string; email: string } | undefined
}
export const renderHelp = view<HelpPage>('guidance/help')

/** Whom to turn to (R131). */
export function helpPage(t: T, { programme }: Viewer): HelpPage {
  return {
    title: t('guidance.help.title'),
    here: '/help',
    lede: t(programme ? 'guidance.help.lede' : 'guidance.help.nobody'),
    contact: programme && {
      name: programme.coordinatorName,
      phone: programme.coordinatorPhone,
      phoneHref: `tel:${programme.coordinatorPhone.replace(/[^+\d]/g, '')}`,
      email: programme.coordinatorEmail,
    },
  }
}

export type TextPage = PageModel & { lede: string; sections: { title: string; text: string }[] }
export const renderText = view<TextPage>('guidance/text')

const sections = {
  privacy: ['kept', 'readers', 'sent', 'long', 'rights'],
  accessibility: ['aims', 'known', 'tell'],
} as const

/** The privacy notice and the accessibility statement. */
export function textPage(t: T, page: 'privacy' | 'accessibility'): TextPage {
  return {
    title: t(`guidance.${page}.title`),
    lede: t(`guidance.${page}.lede`),
    sections: sections[page].map((section) => ({
      title: t(`guidance.${page}.${section}.title` as 'guidance.privacy.kept.title'),
      text: t(`guidance.${page}.${section}.text` as 'guidance.privacy.kept.text'),
    })),
  }
}

export type Readers = 'yes' | 'part' | 'no'
export type VisibilityPage = PageModel & {
  lede: string
  rows: { what: string; cells: { who: string; kind: Readers; text: string }[] }[]
}
export const renderVisibility = view<VisibilityPage>('guidance/visibility')

/** Who can see what: spec 4.4, as far as there are such things yet. Pair, coordinator, tutors. */
const matrix = [
  ['contacts', 'yes', 'yes', 'part'],
  ['line', 'yes', 'no', 'no'],
  ['partner', 'yes', 'yes', 'no'],
  ['number', 'part', 'yes', 'yes'],
] as const

/** Who can see what, for everybody to read (spec 4.4). */
export function visibilityPage(t: T): VisibilityPage {
  return {
    title: t('guidance.visibility.title'),
    lede: t('guidance.visibility.lede'),
    rows: matrix.map(([what, pair, coordinator, tutors]) => ({
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
    })),
  }
}
