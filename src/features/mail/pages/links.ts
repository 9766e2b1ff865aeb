import type { T } from '../../../web/i18n.ts'
import { view, type PageModel } from '../../../web/views.ts'
import { TOPICS, type Topic } from '../forms.ts'

/** Pages that a link in a mail leads to: without a login, and without anything about anybody. */
export type UnsubscribePage = PageModel & {
  lede: string
  topics: string[]
  text: string
  /** What the two buttons end; none once it is done. */
  acts: { action: string; label: string; main: boolean }[]
}
export const renderUnsubscribe = view<UnsubscribePage>('mail/unsubscribe')

/** Asks before it acts: programs that look at links in mails follow them all. */
export function unsubscribePage(t: T, key: string, topics: readonly Topic[]): UnsubscribePage {
  const act = (of: string, label: string, main: boolean) => ({ action: `/unsubscribe/${key}/${of}`, label, main })
  const isAll = topics.length === TOPICS.length
  return {
    title: t('mail.unsubscribe.title'),
    lede: t('mail.unsubscribe.lede'),
    topics: topics.map((topic) => t(`mail.topics.${topic}.label`)),
    text: t('mail.unsubscribe.text'),
    acts: [
      ...(isAll ? [] : [act(topics.join('-'), t('mail.unsubscribe.some'), true)]),
      act('all', t('mail.unsubscribe.all'), isAll),
    ],
  }
}

export function unsubscribedPage(t: T, topics: readonly Topic[]): UnsubscribePage {
  return {
    title: t('mail.unsubscribe.done'),
    lede: t('mail.unsubscribe.doneLede'),
    topics: topics.map((topic) => t(`mail.topics.${topic}.label`)),
    text: t('mail.unsubscribe.text'),
    acts: [],
  }
}

/** The key is nobody's: the person was erased, or the link is not whole. */
export function goneKeyPage(t: T): UnsubscribePage {
  return { title: t('mail.unsubscribe.title'), lede: t('mail.unsubscribe.gone'), topics: [], text: '', acts: [] }
}

export type OpenPage = PageModel & { lede: string; steps: string[] }
export const renderOpen = view<OpenPage>('mail/open')

/** How to get to Signpost: for who comes from a mail, where the address of the course is not known. */
export function openPage(t: T): OpenPage {
  const steps = ([1, 2, 3] as const).map((step) => t(`mail.open.steps.${step}`))
  return { title: t('mail.open.title'), lede: t('mail.open.lede'), steps }
}
