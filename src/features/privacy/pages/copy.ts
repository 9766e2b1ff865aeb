import { now } from '../../../clock.ts'
import { fragment, type Words } from '../../../web/views.ts'
import type { T } from '../../../web/i18n.ts'
import type { Json, OwnRow, OwnSection } from '../queries.ts'

/** What stands in the copy of somebody's data to be read: a line, or lines of its own under a label. */
export type CopyLine = { label: string; text: string; lines: CopyLine[] }
export type CopyHead = { language: string; title: string; lede: string[] }
export type CopySection = { title: string }
export type CopyRow = { lines: CopyLine[] }
export type CopyEnd = { text: string }
const head = fragment<CopyHead>('privacy/copy-head')
const section = fragment<CopySection>('privacy/copy-section')
const row = fragment<CopyRow>('privacy/copy-row')
const end = fragment<CopyEnd>('privacy/copy-end')

/** The copy as one page that needs nothing else, to be read by people. Written bit by bit. */
export async function* writeHtml(words: Words, own: Iterable<OwnSection>): AsyncGenerator<string> {
  const { t, dates } = words
  const made = t('privacy.file.made', { when: dates.full(now()) })
  yield head({ language: 'en', title: t('privacy.file.title'), lede: [made, t('privacy.file.lede')] })
  for (const { name, rows } of own) {
    yield section({ title: t(`privacy.section.${name}`) })
    let some = false
    for await (const data of rows) {
      some = true
      yield row({ lines: linesOf(words, data) })
    }
    if (!some) yield row({ lines: [{ label: '', text: t('privacy.file.nothing'), lines: [] }] })
  }
  yield end({ text: t('privacy.file.end') })
}

function linesOf(words: Words, data: OwnRow['data']): CopyLine[] {
  return Object.entries(data).flatMap(([name, value]) => lineOf(words, labelOf(words.t, name), value))
}

/** Names that we give have words; keys of questions and fields of drafts stand as they are. */
function labelOf(t: T, name: string): string {
  const key = `privacy.field.${name}`
  const said = t(key as 'privacy.field.name')
  return said === key ? name.replace(/[-_]/g, ' ') : said
}

function lineOf(words: Words, label: string, value: Json): CopyLine[] {
  if (value === null || value === '') return []
  if (Array.isArray(value))
    return value.every((one) => typeof one === 'string')
      ? [{ label, text: value.join(', '), lines: [] }]
      : [{ label, text: '', lines: value.flatMap((one) => lineOf(words, '', one)) }]
  if (typeof value === 'object') return [{ label, text: '', lines: linesOf(words, value) }]
  return [{ label, text: textOf(words, value), lines: [] }]
}

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:[\d.]+[+Z]/
function textOf({ t, dates }: Words, value: string | number | boolean): string {
  if (typeof value === 'boolean') return t(value ? 'privacy.file.yes' : 'privacy.file.no')
  return typeof value === 'string' && INSTANT.test(value) ? dates.full(new Date(value)) : String(value)
}

/** The same for machines: each section is a list of rows, with the times as they are kept. */
export async function* writeJson(own: Iterable<OwnSection>): AsyncGenerator<string> {
  yield `{\n"made": ${JSON.stringify(now())}`
  for (const { name, rows } of own) {
    yield `,\n"${name}": [`
    let before = '\n'
    for await (const data of rows) {
      yield before + JSON.stringify(data)
      before = ',\n'
    }
    yield ']'
  }
  yield '\n}\n'
}
