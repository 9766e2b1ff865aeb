import MarkdownIt from 'markdown-it'
import type { T } from './i18n.ts'

/** What may be written in Markdown: no HTML and no pictures, and links only to pages, mail and telephones. */
const markdown = new MarkdownIt('commonmark', { html: false }).disable(['html_block', 'html_inline', 'image'])

const OUTSIDE = /^https?:\/\//i
const ALLOWED = /^(https?:\/\/|mailto:|tel:|\/(?![/\\]))/i
markdown.validateLink = (href) => ALLOWED.test(href.trim())

/** Headings stand under the title of the page, none of them beside it; other sites do not open inside the course's frame. */
markdown.core.ruler.push('page', ({ tokens, Token }) => {
  for (const token of tokens) {
    if (token.type.startsWith('heading_')) token.tag = 'h2'
    let outside = false
    token.children = (token.children ?? []).flatMap((part) => {
      if (part.type === 'link_open') outside = OUTSIDE.test(String(part.attrGet('href')))
      if (part.type === 'link_open' && outside) part.attrs?.push(['target', '_blank'], ['rel', 'noopener'])
      return part.type === 'link_close' && outside ? [new Token('opens_new_window', '', 0), part] : [part]
    })
  }
})
markdown.renderer.rules['opens_new_window'] = (_tokens, _at, _options, env) =>
  `<span class="visually-hidden"> ${markdown.utils.escapeHtml((env as Env).hint)}</span>`
type Env = { hint: string }

/** Markdown as HTML that is safe to show, whoever wrote it. */
export function markdownToHtml(t: T, text: string): string {
  return markdown.render(text, { hint: t('shared.opensNewWindow') } satisfies Env)
}
