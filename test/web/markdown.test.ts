import { describe, expect, it } from 'vitest'
import { translator } from '../../src/web/i18n.ts'
import { markdownToHtml, messageToHtml, messageToText } from '../../src/web/markdown.ts'

const html = (text: string) => markdownToHtml(translator('en'), text)

describe('Markdown', () => {
  it.each([
    '<script>alert(1)</script>',
    'a <img src=x onerror=alert(1)> b',
    '<div onclick="alert(1)">x</div>',
    '<style>*{display:none}</style>',
    '<!-- <b> -->',
  ])('shows HTML as text: %s', (text) => {
    expect(html(text)).not.toMatch(/<(?!\/?p>)/)
  })

  it.each([
    '[x](javascript:alert(1))',
    '[x](JaVaScRiPt:alert(1))',
    '[x](java&#115;cript:alert(1))',
    '[x](\tjavascript:alert(1))',
    '<javascript:alert(1)>',
    '[x](vbscript:x)',
    '[x](data:text/html,x)',
    '[x](//evil.example)',
    '[x](file:///etc/passwd)',
    '[x][1]\n\n[1]: javascript:alert(1)',
  ])('makes no link of %s', (text) => {
    expect(html(text)).not.toContain('<a')
  })

  it('loads no pictures', () => {
    expect(html('![x](https://evil.example/track.png)')).not.toContain('<img')
  })

  it('lets our own pages open in place, and other sites outside the frame', () => {
    expect(html('[Help](/help)')).toBe('<p><a href="/help">Help</a></p>\n')
    expect(html('[A](https://a.example) and [B](mailto:b@b.example)')).toBe(
      '<p><a href="https://a.example" target="_blank" rel="noopener">A<span class="visually-hidden"> (opens in a new window)</span></a> and <a href="mailto:b@b.example">B</a></p>\n',
    )
  })

  it('has no heading beside the title of the page', () => {
    expect(html('# A\n\n### B\n\nC\n===')).toBe('<h2>A</h2>\n<h2>B</h2>\n<h2>C</h2>\n')
  })
})

describe('a message', () => {
  const message = (text: string) => messageToHtml(translator('en'), text)
  const TAG =
    /<\/?(p|br|strong|em|ul|ol|li|blockquote|code|pre|a|span)( (href|target|rel|class|start)="[^"<>]*")* ?\/?>/g

  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '[x](javascript:alert(1))',
    '[x](data:text/html,<script>alert(1)</script>)',
    '[x](//evil.example)',
    '[x](/help)',
    '[x](tel:999)',
    '![x](https://evil.example/x.png)',
    '<javascript:alert(1)>',
    '[x](https://a.example/"onmouseover="alert(1))',
    '[x](<https://a.example/ "x" onclick=alert(1)>)',
    '`<b>`\n\n```<i>\n<script>\n```',
    '<https://a.example/<script>>',
    '&lt;script&gt;&#x3C;b&#62;',
    '# Not a heading\n\nNor this\n===',
    '***\n---',
    '\u202e<b>\u0000\ufffd',
    '['.repeat(2000),
    '> '.repeat(500) + 'x',
    '*a **b '.repeat(600),
  ])('holds nothing but what a message may consist of: %s', (text) => {
    const html = message(text)
    expect(html.replace(TAG, '')).not.toMatch(/[<>]/)
    expect(html).not.toMatch(/href="(?!https?:\/\/|mailto:)/)
  })

  it('keeps lines, makes addresses links, and sends nobody anywhere unasked', () => {
    expect(message('One\nTwo https://a.example')).toBe(
      '<p>One<br />\nTwo <a href="https://a.example" target="_blank" rel="noopener noreferrer nofollow">https://a.example<span class="visually-hidden"> (opens in a new window)</span></a></p>',
    )
    expect(message('[B](mailto:b@b.example)')).toBe(
      '<p><a href="mailto:b@b.example" rel="noopener noreferrer nofollow">B</a></p>',
    )
    expect(message('- **a**\n- *b*')).toBe('<ul>\n<li><strong>a</strong></li>\n<li><em>b</em></li>\n</ul>')
  })
})

describe('The beginning of a message in a list', () => {
  it('is its words on one line, without Markdown', () => {
    expect(messageToText('Shall we go **together**?\n\n- On *Friday*\n- Or [here](https://a.example)\nlater')).toBe(
      'Shall we go together? On Friday Or here later',
    )
    expect(messageToText('<b>snake_case</b> 2 * 3')).toBe('<b>snake_case</b> 2 * 3')
  })
})
