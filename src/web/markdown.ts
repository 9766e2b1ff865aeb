import { LRUCache } from 'lru-cache'
import MarkdownIt, { type Token } from 'markdown-it'
import sanitizeHtml from 'sanitize-html'
import type { T } from './i18n.ts'

const OUTSIDE = /^https?:\/\//i

/** The handbook: no HTML and no pictures, and links only to pages, mail and telephones. */
const markdown = withoutHtml(/^(https?:\/\/|mailto:|tel:|\/(?![/\\]))/i)
/** What two people write to each other: less of it, and no way from a message into our own pages. */
const messages = withoutHtml(/^(https?:\/\/|mailto:)/i)
  .set({ breaks: true, linkify: true }) // a line ends where it was ended, and an address is a link
  .disable(['heading', 'lheading', 'hr', 'code', 'reference'])
  .enable('linkify')
messages.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false })

function withoutHtml(allowed: RegExp): InstanceType<typeof MarkdownIt> {
  const made = new MarkdownIt('commonmark', { html: false }).disable(['html_block', 'html_inline', 'image'])
  made.validateLink = (href) => allowed.test(href.trim())
  made.core.ruler.push('page', ({ tokens, Token: Made }) => {
    for (const token of tokens) forPage(token, () => new Made('opens_new_window', '', 0))
  })
  made.renderer.rules['opens_new_window'] = (_tokens, _at, _options, env) =>
    `<span class="visually-hidden"> ${made.utils.escapeHtml((env as Env).hint)}</span>`
  return made
}
type Env = { hint: string }

/** Headings stand under the title of the page, none of them beside it; other sites do not open inside the course's frame. */
function forPage(token: Token, newWindow: () => Token): void {
  if (token.type.startsWith('heading_')) token.tag = 'h2'
  let outside = false
  token.children = (token.children ?? []).flatMap((part) => {
    if (part.type === 'link_open') outside = OUTSIDE.test(String(part.attrGet('href')))
    if (part.type === 'link_open' && outside) part.attrs?.push(['target', '_blank'], ['rel', 'noopener'])
    return part.type === 'link_close' && outside ? [newWindow(), part] : [part]
  })
}

/** Markdown as HTML that is safe to show, whoever wrote it. */
export function markdownToHtml(t: T, text: string): string {
  return markdown.render(text, { hint: t('shared.opensNewWindow') } satisfies Env)
}

/** The second wall, should the parser ever let something pass: what a message may consist of, and nothing else. */
const ALLOWED: sanitizeHtml.IOptions = {
  allowedTags: ['p', 'br', 'strong', 'em', 'ul', 'ol', 'li', 'blockquote', 'code', 'pre', 'a', 'span'],
  allowedAttributes: {
    a: ['href', 'target', 'rel'],
    span: [{ name: 'class', values: ['visually-hidden'] }],
    ol: ['start'],
  },
  allowedSchemes: ['http', 'https', 'mailto'],
  allowProtocolRelative: false,
  disallowedTagsMode: 'escape',
  transformTags: { a: sanitizeHtml.simpleTransform('a', { rel: 'noopener noreferrer nofollow' }) },
}

/** The same message is shown many times, and never changes without its text changing: sixteen million characters are kept. */
const shown = new LRUCache<string, string>({
  maxSize: 16_000_000,
  sizeCalculation: (html, key) => html.length + key.length,
})

/** A message as HTML that is safe to show: parsed by one library, which lets no HTML pass, and cleaned by another. */
export function messageToHtml(t: T, text: string): string {
  const hint = t('shared.opensNewWindow')
  const key = `${hint}\n${text}`
  let html = shown.get(key)
  if (html === undefined) {
    html = sanitizeHtml(messages.render(text, { hint } satisfies Env), ALLOWED).trimEnd()
    shown.set(key, html)
  }
  return html
}

/** What a message says, without its Markdown and on one line: for lists that show how it begins. */
export function messageToText(text: string): string {
  const said = (token: Token) => (token.type.endsWith('break') ? ' ' : token.content)
  const blocks = messages.parse(text, {}).filter(({ type }) => type === 'inline')
  return blocks.map(({ children }) => (children ?? []).map(said).join('')).join(' ')
}
