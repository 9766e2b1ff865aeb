import { config } from '../../../../config/index.ts'
import type { Mail } from '../../../smtp.ts'
import { translator, type T } from '../../../web/i18n.ts'
import { fragment } from '../../../web/views.ts'
import { TOPIC_OF, TOPICS, type Topic } from '../forms.ts'
import type { ClaimedMailingRow, LineRow } from '../queries.ts'
import { topicOf, type Says, type WeekLine } from '../service.ts'

type Link = { text: string; href: string }
/** What a mail says, as text and as HTML: sentences of ours, its reader's own first name, the title of the programme. */
export type Letter = {
  language: string
  subject: string
  hello: string
  lede: string
  items: string[]
  link: Link
  notes: string[]
  stop: Link | undefined
}
const toHtml = fragment<Letter>('mail/letter')

/** The mail itself. Nothing that anybody wrote, nobody's name but the reader's own first name (T20). */
export function composeLetter(mailing: ClaimedMailingRow, says: Says): Omit<Mail, 'to' | 'messageId'> {
  const letter = letterOf(mailing, says)
  const unsubscribe = letter.stop?.href
  return { subject: letter.subject, text: toText(letter), html: toHtml(letter), unsubscribe }
}

function letterOf(mailing: ClaimedMailingRow, says: Says): Letter {
  const language = mailing.language ?? 'en'
  const t = translator(language)
  const { programme, call_name: name } = mailing
  const { subject, lede } = KEYS[mailing.kind]
  return {
    language,
    subject: t(subject, { programme }),
    hello: name === null ? t('mail.letter.helloNobody') : t('mail.letter.hello', { name: oneLine(name) }),
    lede: t(lede, { programme }),
    items: [...itemsOf(t, says.lines), ...says.week.map((line) => weekText(t, line))],
    link: linkOf(t, mailing),
    notes: [...(says.lines.length > 0 ? [t('mail.letter.private')] : []), t('mail.letter.answer')],
    stop: stopOf(t, mailing, says),
  }
}

const KEYS = {
  news: { subject: 'mail.letter.subject', lede: 'mail.letter.lede' },
  week: { subject: 'mail.letter.subjectWeek', lede: 'mail.letter.ledeWeek' },
  test: { subject: 'mail.letter.subjectTest', lede: 'mail.letter.ledeTest' },
} as const

/** What a name may be is not ours to say, but it stays one line of a mail. */
const oneLine = (name: string) => name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim()

/** Said with less than in Signpost: what the sentence there tells already is not for a mail. */
const SAID_WITH_LESS = [
  'progressFell',
  'excused',
  'honorariumApproved',
  'honorariumWithheld',
  'honorariumReleased',
  'honorariumPaid',
  'partnerLeft',
  'contactDifferent',
  'contactTakenBack',
  'looked',
  'erasureAsked',
  'erasureRefused',
] as const

/** A line for each sentence, and how often it holds. */
function itemsOf(t: T, lines: readonly LineRow[]): string[] {
  const counts = new Map<string, number>()
  for (const { kind, count } of lines) {
    const text = sentenceOf(t, kind)
    counts.set(text, (counts.get(text) ?? 0) + count)
  }
  return [...counts].map(([text, count]) => (count === 1 ? text : t('mail.letter.times', { text, count })))
}

function sentenceOf(t: T, kind: string): string {
  const less = SAID_WITH_LESS.find((one) => one === kind)
  if (less) return t(`mail.line.${less}`)
  return kind in TOPIC_OF ? t(`notifications.kind.${kind}.title` as 'notifications.title') : t('mail.line.other')
}

function weekText(t: T, { what, count }: WeekLine): string {
  return t(`mail.week.${what}` as 'mail.week.reports', { count })
}

/** A mail signs nobody in: it leads to the course, where that is known, or to a page that says how to get there. */
function linkOf(t: T, { product, issuer, course }: ClaimedMailingRow): Link {
  const isKnown = /^moodle\b/i.test(product ?? '') && /^\d+$/.test(course)
  return isKnown
    ? { text: t('mail.letter.course'), href: `${issuer.replace(/\/$/, '')}/course/view.php?id=${course}` }
    : { text: t('mail.letter.open'), href: `${config.publicUrl}/open` }
}

function stopOf(t: T, { kind, mail_key }: ClaimedMailingRow, { lines }: Says): Link | undefined {
  const topics: Topic[] = kind === 'week' ? ['week'] : topicsOf(lines)
  if (topics.length === 0) return undefined
  return { text: t('mail.letter.stop'), href: `${config.publicUrl}/unsubscribe/${mail_key}/${topics.join('-')}` }
}

/** What can be turned off of what a mail says. */
function topicsOf(lines: readonly LineRow[]): Topic[] {
  const about = new Set<string>(lines.map(({ kind }) => topicOf(kind)))
  return TOPICS.filter((topic) => about.has(topic))
}

function toText({ hello, lede, items, link, notes, stop }: Letter): string {
  const paragraphs = [
    hello,
    lede,
    items.map((item) => `- ${item}`).join('\n'),
    `${link.text}\n${link.href}`,
    ...notes,
    stop ? `${stop.text}\n${stop.href}` : '',
  ]
  return `${paragraphs.filter((paragraph) => paragraph !== '').join('\n\n')}\n`
}
