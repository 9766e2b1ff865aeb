import * as cheerio from 'cheerio'
import { beforeAll, describe, expect, it } from 'vitest'
import { canaries, canariesIn } from '../access/canaries.ts'
import type { Room } from '../access/filling.ts'
import { pdf } from '../files/documents.ts'
import { manyMessages, startTopic, aPair } from '../support/builders.ts'
import { FORM } from '../reports/support.ts'
import { aFullRoom, copyOf } from './support.ts'

type Copy = { html: string; json: Record<string, Record<string, unknown>[]>; files: string[] }
const read = (files: Map<string, Buffer>): Copy => ({
  html: files.get('my-data.html')?.toString() ?? '',
  json: JSON.parse(files.get('my-data.json')?.toString() ?? '{}') as Copy['json'],
  files: [...files.keys()],
})

/**
 * What a partner only lets somebody read, and what a partner wrote that lies in somebody's open concern; what a file says,
 * which is in the copy as it is; and training that somebody could come to.
 */
const LEFT_OUT = {
  mentee: ['offers', 'study-year', 'log-shared', 'report-shared', 'message-reported', 'file-name', 'file-words'],
  mentor: [
    'wants',
    'could-teach',
    'free-times',
    'course',
    'pronoun',
    'entry-shared',
    'skills-shared',
    'file-words',
  ].concat(['training-place', 'training-by', 'training-link']),
}

describe('a copy of one’s own data', () => {
  let room: Room
  const copies: Partial<Record<'mentee' | 'mentor', Copy>> = {}
  beforeAll(async () => {
    room = await aFullRoom()
    for (const role of ['mentee', 'mentor'] as const) copies[role] = read(await copyOf(room[role]))
  }, 120_000)

  it.each(['mentee', 'mentor'] as const)('of the %s holds all that is theirs, and nothing that is not', (role) => {
    const theirs = canaries
      .filter(({ readers }) => (readers as readonly string[]).includes(role))
      .map(({ name }) => name)
      .filter((name) => !LEFT_OUT[role].includes(name))
    const held = canariesIn(JSON.stringify(copies[role]?.json))
    expect(theirs.filter((name) => !held.includes(name))).toEqual([])
    expect(held.filter((name) => !theirs.some((one) => one === name))).toEqual([])
  })

  it.each(['mentee', 'mentor'] as const)('of the %s tells the same as a page and as JSON', (role) => {
    const { html = '', json = {} } = copies[role] ?? {}
    const words = cheerio.load(html)('body').text()
    const times = /^\d{4}-\d\d-\d\dT/
    const said = (value: unknown): string[] => {
      if (typeof value === 'string') return times.test(value) ? [] : [value]
      return typeof value === 'object' && value !== null ? Object.values(value).flatMap(said) : []
    }
    expect(said(Object.values(json).slice(1)).filter((text) => !words.includes(text))).toEqual([])
    expect(canariesIn(html)).toEqual(expect.arrayContaining(canariesIn(JSON.stringify(json))))
    expect(words).not.toContain('privacy.')
    expect(html).not.toMatch(/<script|src=|href=/)
  })
})

it('escapes what was written, and has the files that were handed in', async () => {
  const { mentee, mentor, matchId } = await aPair()
  const body = '<img src=x onerror=alert(1)> & so on'
  await startTopic(mentee, matchId, { body })
  await mentee.browser.open('/report')
  const data = pdf()
  await mentee.browser.submitFile({ name: 'look back.pdf', data }, {}, FORM)
  const files = await copyOf(mentee)
  const copy = read(files)
  expect(copy.html).not.toContain('<img')
  expect(cheerio.load(copy.html)('body').text()).toContain(body)
  expect(copy.json['messages']?.map(({ text }) => text)).toEqual([body])
  const name = copy.files.find((one) => one.startsWith('files/')) ?? ''
  expect(name).toMatch(/^files\/\d+-look back\.pdf$/)
  expect(files.get(name)?.equals(data)).toBe(true)
  expect(read(await copyOf(mentor)).files).toEqual(['my-data.html', 'my-data.json'])
})

it('has all of a long history, in its order', async () => {
  const { mentee, mentor, matchId } = await aPair()
  await manyMessages(await startTopic(mentor, matchId), 450)
  const { json } = read(await copyOf(mentee))
  const texts = json['messages']?.map(({ text }) => text)
  expect(texts).toHaveLength(451)
  expect(texts?.slice(1)).toEqual(Array.from({ length: 450 }, (_, n) => `Message no. ${n + 1}.`))
})

it('is made ten times an hour, and then no more', async () => {
  const { mentee } = await aPair()
  for (let one = 0; one < 10; one++) await copyOf(mentee)
  await expect(copyOf(mentee)).rejects.toThrow('429')
})

it('is linked from the page about one’s data, which leads to who looked', async () => {
  const { mentee, mentor } = await aPair()
  for (const { browser } of [mentee, mentor]) {
    const page = await browser.open('/my-data')
    expect(page.$('a[href="/my-data/copy.zip"]')).toHaveLength(1)
    expect((await browser.follow('Who looked at my record')).words).toContain('Nobody has looked')
  }
})
