import * as cheerio from 'cheerio'
import i18next from 'i18next'
import { beforeAll, expect, it } from 'vitest'
import { defaults } from '../../config/content.ts'
import { statement } from '../../src/db.ts'
import { logContacts } from '../access/contacts.ts'
import { converse } from '../access/conversation.ts'
import { keepDiaries, reflect, sayOfSkills } from '../access/diaries.ts'
import { aRoom } from '../access/pair.ts'
import { plan } from '../access/plans.ts'
import { report } from '../access/reports.ts'
import { aSweep } from '../access/sweep.ts'
import { get, routeOf } from '../access/world.ts'
import { worry } from '../access/worries.ts'
import type { Browser } from '../support/browser.ts'
import { launch, planTraining } from '../support/builders.ts'
import { college } from '../support/world.ts'

/** A language in which every text stands between these: what stands outside of them is not translated. */
const PSEUDO = 'qq'
const marked = (texts: unknown): unknown =>
  typeof texts === 'string'
    ? texts
        .split('\n')
        .map((line) => `⟦${line}⟧`)
        .join('\n')
    : Object.fromEntries(Object.entries(texts as object).map(([key, value]) => [key, marked(value)]))
const speakPseudo = statement('test_speak_pseudo', 'update sessions set locale = $1')

const SHOWN = ['alt', 'aria-label', 'placeholder', 'title', 'content', 'data-autosave']
const SKIPPED = 'script, style, svg, .sp-prose, .sp-post__body, blockquote, textarea, [dir=auto], .sp-typed, option'

let left: string[] = []
const looked = new Set<string>()
beforeAll(async () => {
  const room = await aRoom(() => undefined)
  for (const write of [plan, worry, converse, logContacts, reflect, keepDiaries, sayOfSkills, report]) await write(room)
  await planTraining(room.coordinator)
  const tutor = await launch(college.addTeacher('Tess Tutor'), room.course)
  i18next.addResourceBundle(PSEUDO, 'translation', marked(i18next.getResourceBundle('en', 'translation')))
  await speakPseudo(PSEUDO)
  const typed = await allTyped()
  const found = new Map<string, string>()
  const { mentee, mentor, coordinator } = room
  for (const [role, { browser }] of Object.entries({ mentee, mentor, coordinator, tutor }))
    for (const [address, text] of await pagesOf(role, browser)) {
      looked.add(routeOf('GET', address))
      for (const one of untranslated(text, typed)) found.set(one, `${routeOf('GET', address)}: ${one}`)
    }
  left = [...found.values()]
}, 120_000)

async function pagesOf(role: string, browser: Browser) {
  const sweep = aSweep()
  await sweep.walk(role, browser, ['/', '/admin', '/tutor'])
  const pages: [string, string][] = []
  for (const address of sweep.links) {
    const { status, text, headers } = await get(browser, address)
    if (status === 200 && String(headers['content-type']).startsWith('text/html')) pages.push([address, text])
  }
  return pages
}

function untranslated(html: string, typed: string): string[] {
  const $ = cheerio.load(html)
  $(SKIPPED).remove()
  const texts = $('body *, title')
    .contents()
    .toArray()
    .flatMap((node) => ('data' in node ? [node.data] : []))
  const values = SHOWN.flatMap((name) =>
    $(`body [${name}]`)
      .toArray()
      .map((one) => $(one).attr(name) ?? ''),
  )
  return [...texts, ...values].map(outside).filter((text) => /\p{L}{2}/u.test(text) && !isContent(text, typed))
}

/** What stands outside of all marks. */
function outside(text: string): string {
  let so = text
  for (let before = ''; so !== before;) [before, so] = [so, so.replace(/⟦[^⟦⟧]*⟧/gu, ' ')]
  return so.replace(/\s+/g, ' ').trim()
}

// What people have typed, a platform has sent, or a programme has as its own text.
const contents = JSON.stringify(defaults)
const WEEKDAY = '(?:Sun|Mon|Tues|Wednes|Thurs|Fri|Satur)day|Sun|Mon|Tue|Wed|Thu|Fri|Sat'
const MONTH =
  'January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec'
const DATE = new RegExp(`\\b(?:${WEEKDAY}|${MONTH}|at)\\b`, 'g')
const DATA = /^(R-[\dA-Z]{4,}|moodle \d+)$/ // a receipt; an LMS and its version
function isContent(text: string, typed: string): boolean {
  const isKnown = (part: string) =>
    !/^[a-z_]+$/.test(part) && (contents.includes(inJson(part)) || typed.includes(part) || DATA.test(part))
  const parts = text
    .split(/^[:·,.“\s]+|[:·,.”\s]+$|\s[·|]\s/)
    .filter((part) => /\p{L}{2}/u.test(part.replaceAll(DATE, '')))
  return parts.every((part) => isKnown(part) || part.split(', ').every(isKnown))
}
const inJson = (text: string) => JSON.stringify(text).slice(1, -1)

/** Every text in the database. */
async function allTyped(): Promise<string> {
  const columns = await textColumns()
  const values = await Promise.all(columns.map(({ table, column }) => valuesOf(table, column)))
  return values
    .flat()
    .join('\n')
    .replace(/[^\S\n]+/g, ' ')
}
const textColumns = statement<{ table: string; column: string }>(
  'test_text_columns',
  `select c.table_name as table, c.column_name as column from information_schema.columns c
   join information_schema.tables t using (table_schema, table_name)
   where t.table_type = 'BASE TABLE' and c.table_schema = 'public' and c.data_type in ('text', 'jsonb', 'character varying')
     and c.table_name <> 'audit_events'`,
)
async function valuesOf(table: string, column: string): Promise<string[]> {
  const all = statement<{ value: string }>(
    `test_values_of_${table}_${column}`,
    `select distinct "${column}"::text as value from "${table}" where "${column}" is not null`,
  )
  return (await all()).map(({ value }) => value)
}

it('says every text in the language of the page', () => {
  expect(looked.size).toBeGreaterThan(70)
  expect(left).toEqual([])
})
