/**
 * Texts that try to be something else: HTML, script, Markdown that leads elsewhere, addresses that do things, letters that
 * turn the line round. `RUN` is what each of them would do if it could.
 */
export const RUN = 'window.ran=1'

const tagsWith = (code: string) => [
  `<script>${code}</script>`,
  `<ScRiPt>${code}</sCrIpT>`,
  `<img src=x onerror="${code}">`,
  `<svg onload="${code}">`,
  `<svg><script>${code}</script></svg>`,
  `<body onload=${code}>`,
  `<details open ontoggle="${code}">x</details>`,
  `<input autofocus onfocus="${code}">`,
  `<video><source onerror="${code}"></video>`,
  `<math><mtext><style><img src onerror="${code}"></style></mtext></math>`,
  `<a href="javascript:${code}">press</a>`,
  `<iframe srcdoc="<script>${code}</script>"></iframe>`,
  `<object data="javascript:${code}"></object>`,
  `<form action="javascript:${code}"><button>Send</button></form>`,
  `<!--><script>${code}</script-->`,
  `"><script>${code}</script>`,
  `'-${code}-'`,
  `</textarea><script>${code}</script>`,
  `</title><script>${code}</script>`,
  `<%= ${code} %>`,
  '{{constructor.constructor("' + code + '")()}}',
  '${' + code + '}',
  `<noscript><p title="</noscript><img src=x onerror=${code}>">`,
  `<template><script>${code}</script></template>`,
]
const OTHER_CODE = [`top.${RUN}`, `fetch('http://127.0.0.2:9/x')`, `alert(1)`]
const ADDRESSES = [
  'javascript:window.ran=1',
  'JaVaScRiPt:window.ran=1',
  ' javascript:window.ran=1',
  'java\tscript:window.ran=1',
  '&#106;avascript:window.ran=1',
  'data:text/html,<script>window.ran=1</script>',
  'data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9YWxlcnQoMSk+',
  'vbscript:x',
  'file:///etc/passwd',
  '//127.0.0.2:9/x',
  'http://127.0.0.2:9/x.png',
  'https://college.example@127.0.0.2:9/',
  '/logbook/1/removal',
  '\\\\127.0.0.2\\x',
]
const MARKDOWN = ADDRESSES.flatMap((address) => [
  `[press](${address})`,
  `![picture](${address})`,
  `<${address}>`,
  `[press][1]\n\n[1]: ${address}`,
  `[a](${address} "title\\" onmouseover=window.ran=1")`,
])
const SHAPES = [
  '# One\n\n# Two\n\n###### Six',
  '> '.repeat(200) + 'deep',
  '- '.repeat(200) + 'deep',
  '*'.repeat(2000),
  '['.repeat(1000) + 'x' + ']'.repeat(1000),
  '|a|b|\n|-|-|\n|c|d|',
  '```html\n<script>window.ran=1</script>\n```',
  '    <script>window.ran=1</script>',
  '`<script>window.ran=1</script>`',
  '&lt;script&gt;window.ran=1&lt;/script&gt;',
  '&#60;script&#62;window.ran=1&#60;/script&#62;',
  '\\<script\\>window.ran=1\\</script\\>',
  '<b\n>bold</b\n>',
  '---\n***\n___',
  '1. one\n99999999999. two',
  'x\n'.repeat(500),
  'wide'.repeat(300),
  'http://'.repeat(50),
  'a@b.'.repeat(100),
]
const LETTERS = [
  '\u202Etxet desrever\u202C',
  '\u2066\u2067\u2068 open, never closed',
  '\u202E<script>window.ran=1</script>',
  'مرحبا <b>עולם</b> abc 123',
  'Z\u0351\u036B\u0343\u036A\u0302'.repeat(40),
  '\u200B\u200C\u200D\uFEFF zero width',
  '👩‍👩‍👧‍👦'.repeat(30),
  '\uFFFD\uFFFE',
  'ﷺ'.repeat(30),
  '\u2028line\u2029paragraph',
  'ＳＣＲＩＰＴ',
  '‮‮‮'.repeat(20) + 'x',
  "'; drop table messages; --",
  '%3Cscript%3Ewindow.ran=1%3C/script%3E',
  '../../../../etc/passwd',
  'null',
  '__proto__',
  'constructor[prototype][ran]=1',
]
/** One of each kind. */
export const HOSTILE: readonly string[] = [...tagsWith(RUN), ...MARKDOWN, ...SHAPES, ...LETTERS]
/** The same, and the tags with other code in them: more than two hundred. */
export const MORE_HOSTILE: readonly string[] = [...HOSTILE, ...OTHER_CODE.flatMap(tagsWith)]
