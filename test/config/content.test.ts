import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, inject, it } from 'vitest'
import { defaults, directoryDefaults, KINDS, readContent } from '../../config/content.ts'

/** A copy of the texts with one file changed. */
function broken(file: string, change: (text: string) => string): string {
  const folder = mkdtempSync(join(inject('folder'), 'content-'))
  cpSync('config/content/en', folder, { recursive: true })
  writeFileSync(join(folder, file), change(readFileSync(join(folder, file), 'utf8')))
  return folder
}

function faultsOf(folder: string): string[] {
  const read = readContent(folder)
  return read.ok ? [] : read.faults.map((fault) => fault.replace(`${folder}/`, '').replace(folder, ''))
}

describe('the default texts', () => {
  it('are whole: three stages, nine sections for each side, nine points of feedback, nine values', () => {
    expect(defaults.stages.map(({ stage, title }) => `${stage} ${title}`)).toEqual([
      '1 Getting to know each other',
      '2 Working together',
      '3 Ending well',
    ])
    for (const side of ['mentor', 'mentee']) {
      expect(defaults.handbook.filter(({ edition }) => edition === side)).toHaveLength(9)
      const expectations = defaults.expectations.filter((one) => one.side === side)
      expect([4, 5, 6]).toContain(expectations.length)
    }
    expect(defaults.feedback.filter(({ part }) => part === 'point')).toHaveLength(9)
    expect(defaults.values).toHaveLength(9)
    expect(KINDS.flatMap((kind) => defaults[kind])).not.toContain(undefined)
    expect(new Set(directoryDefaults.map(({ category }) => category))).toEqual(new Set(['college', 'external']))
  })

  it('keep to one screen for each section of the handbook', () => {
    for (const { key, text } of defaults.handbook) {
      const words = text.split(/\s+/).length
      expect([key, words >= 120 && words <= 215]).toEqual([key, true])
    }
  })

  it.each([
    [
      'a missing text',
      'values.json',
      (text: string) => text.replace('"text": "I keep my word', '"texts": "I keep my'),
      'values.json: entry 7',
    ],
    [
      'a word that does not exist',
      'topics.json',
      (text: string) => text.replace('"stage": 1', '"stage": 4'),
      'topics.json: entry 1, stage',
    ],
    [
      'a key twice',
      'values.json',
      (text: string) => text.replace('value-open', 'gain-smart'),
      ': the key gain-smart is there twice',
    ],
    ['a file that is no JSON', 'skills.json', (text: string) => text.slice(0, -5), 'skills.json: '],
    [
      'a link that could run something',
      'directory.json',
      (text: string) => text.replace('https://www.ucas.com', 'javascript:alert(1)'),
      'directory.json: entry 13, link',
    ],
    [
      'a section without a title',
      'handbook/mentor/3-values.md',
      (text: string) => text.slice(2),
      'handbook: entry 3, title',
    ],
    [
      'a text that is too long',
      'values.json',
      (text: string) => text.replace('I keep my word', 'x'.repeat(5001)),
      'values.json: entry 7, text',
    ],
  ])('say where %s is', (_what, file, change, said) => {
    const faults = faultsOf(broken(file, change))
    expect(faults.length).toBeGreaterThan(0)
    expect(faults.some((fault) => fault.startsWith(said))).toBe(true)
  })

  it('say which file is missing', () => {
    const folder = broken('values.json', (text) => text)
    rmSync(join(folder, 'values.json'))
    expect(faultsOf(folder)[0]).toMatch(/^values\.json: ENOENT/)
  })
})
