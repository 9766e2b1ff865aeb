import { readFileSync } from 'node:fs'

/** The drawings of Bootstrap Icons, put into the page: no request, no font, and they take the colour of the text. */
// prettier-ignore
const NAMES = [
  'arrow-up-right', 'bar-chart-steps', 'file-earmark-text', 'upload', 'gem', 'trophy',
  'building', 'clock-history', 'eye-slash', 'globe', 'pencil', 'pencil-square', 'person-plus', 'search', 'wallet2',
  'arrow-left', 'arrow-right-circle', 'arrow-repeat', 'box-arrow-up-right', 'calendar-check', 'chat-left-text', 'chat-square-quote', 'check-circle',
  'check-lg', 'chevron-down', 'chevron-right', 'circle', 'circle-half', 'dash', 'envelope', 'exclamation-circle', 'exclamation-triangle',
  'hourglass-split', 'info-circle', 'life-preserver', 'lock', 'mortarboard', 'people', 'person', 'phone', 'plus-lg',
  'question-circle', 'signpost', 'signpost-split', 'telephone', 'three-dots', 'x-lg',
] as const
export type IconName = (typeof NAMES)[number]

const drawings = new Map<string, string>(NAMES.map((name) => [name, draw(name)]))

function draw(name: string): string {
  const svg = readFileSync(`node_modules/bootstrap-icons/icons/${name}.svg`, 'utf8')
  const inner = svg.slice(svg.indexOf('>') + 1, svg.lastIndexOf('</svg>')).trim()
  return `viewBox="0 0 16 16" aria-hidden="true" focusable="false">${inner}</svg>`
}

/** An inline drawing, hidden from screen readers. Arrows turn round where text runs from right to left. */
export function icon(name: IconName, turns?: 'flip'): string {
  return `<svg class="sp-icon${turns ? ' sp-icon--flip' : ''}" ${drawings.get(name) ?? ''}`
}
