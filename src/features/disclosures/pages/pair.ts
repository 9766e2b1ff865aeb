import { now } from '../../../clock.ts'
import { view, type PageModel, type Words } from '../../../web/views.ts'
import { nameOf } from '../../people/index.ts'
import type { DisclosureRow, LineRow, listAgreement, listMessages, TopicRow } from '../queries.ts'

type Back = { href: string; label: string }
export type DisclosedTopicsPage = PageModel & {
  back: Back
  lede: string
  topics: { href: string; title: string; small: string }[]
  links: { href: string; label: string }[]
  shut: string
  /** The two have not been told: a button lets them know. */
  lift: { action: string; text: string } | undefined
}
export const renderTopics = view<DisclosedTopicsPage>('disclosures/topics')

const hrefOf = (id: number) => `/admin/concerns/${id}/pair`

/** What can be looked at, for how long, and that each look is kept. */
export function topicsPage({ t, dates }: Words, of: DisclosureRow, topics: readonly TopicRow[]): DisclosedTopicsPage {
  const href = hrefOf(of.concern_id)
  const { embargo_until: embargo } = of
  const isHidden = embargo !== null && embargo > now()
  return {
    title: t('disclosures.pair.title'),
    here: '/admin/concerns',
    back: { href: `/admin/concerns/${of.concern_id}`, label: t('concerns.show.title', { id: of.concern_id }) },
    lede: t('disclosures.pair.lede', { when: dates.moment(of.until) }),
    topics: topics.map(({ id, title, messages, last_at: at }) => ({
      href: `${href}/threads/${id}`,
      title,
      small: t('disclosures.pair.messages', { count: messages, when: at ? dates.stamp(at) : '' }),
    })),
    links: [
      { href: `${href}/agreement`, label: t('disclosures.pair.agreement') },
      { href: `${href}/contacts`, label: t('disclosures.pair.contacts') },
    ],
    shut: `${href}/end`,
    lift: isHidden
      ? { action: `${href}/telling`, text: t('disclosures.pair.hidden', { when: dates.moment(embargo) }) }
      : undefined,
  }
}

export type DisclosedThreadPage = PageModel & {
  back: Back
  messages: { who: string; at: Date; when: string; edited: boolean; body: string | undefined }[]
  olderHref: string | undefined
}
export const renderThread = view<DisclosedThreadPage>('disclosures/thread')

/** A topic, to be read and nothing else. */
export function threadPage(
  { t, dates }: Words,
  { id, thread }: { id: number; thread: number },
  { title, messages, hasOlder }: Awaited<ReturnType<typeof listMessages>>,
): DisclosedThreadPage {
  const href = hrefOf(id)
  return {
    title,
    here: '/admin/concerns',
    back: { href, label: t('disclosures.pair.title') },
    messages: messages.map((one) => ({
      who: nameOf(t, one),
      at: one.visible_at,
      when: dates.stamp(one.visible_at),
      edited: one.edited_at !== null,
      body: one.body ?? undefined,
    })),
    olderHref: hasOlder ? `${href}/threads/${thread}?before=${messages[0]?.id ?? 0}` : undefined,
  }
}

export type DisclosedTextsPage = PageModel & { back: Back; texts: { label: string; text: string }[] }
export const renderTexts = view<DisclosedTextsPage>('disclosures/texts')

/** What the two have written into their agreement themselves. */
export function agreementPage(
  { t }: Words,
  id: number,
  versions: Awaited<ReturnType<typeof listAgreement>>,
): DisclosedTextsPage {
  const texts = versions.flatMap(({ version, mentee_expects, mentor_expects, best_times, clauses }) => {
    const own = [
      ...[mentee_expects, mentor_expects, best_times].filter((text) => text !== null),
      ...clauses.map(({ text }) => text),
    ]
    return own.map((text) => ({ label: t('disclosures.pair.version', { version }), text }))
  })
  return textsPage(t('disclosures.pair.agreement'), { href: hrefOf(id), label: t('disclosures.pair.title') }, texts)
}

/** The lines about contacts. */
export function linesPage({ t, dates }: Words, id: number, lines: readonly LineRow[]): DisclosedTextsPage {
  const texts = lines.flatMap(({ happened_on: day, line, difference }) =>
    [line, difference].filter((text) => text !== null).map((text) => ({ label: dates.date(day), text })),
  )
  return textsPage(t('disclosures.pair.contacts'), { href: hrefOf(id), label: t('disclosures.pair.title') }, texts)
}

function textsPage(title: string, back: Back, texts: DisclosedTextsPage['texts']): DisclosedTextsPage {
  return { title, here: '/admin/concerns', back, texts }
}
