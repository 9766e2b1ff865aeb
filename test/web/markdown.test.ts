import { describe, expect, it } from 'vitest'
import { translator } from '../../src/web/i18n.ts'
import { markdownToHtml } from '../../src/web/markdown.ts'

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
