import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { defaults, directoryDefaults, KINDS } from '../../config/content.ts'

const rows = [...readFileSync('docs/handbook-map.md', 'utf8').matchAll(/^\| R(\d+) \| (\w+) \| (.+) \| (.+) \|$/gm)]
const keys = new Set([
  ...KINDS.flatMap((kind) => [`${kind}/*`, ...defaults[kind].map(({ key }) => `${kind}/${key}`)]),
  ...['directory/*', ...directoryDefaults.map(({ key }) => `directory/${key}`)],
])
const named = rows.flatMap(([, number, , , where = '']) =>
  [...where.matchAll(/`(\w+)\/([\w*-]+)`/g)].map(([, kind = '', key = '']) => [`R${number ?? ''}`, `${kind}/${key}`]),
)

describe('the map of the handbook', () => {
  it('has one row for each of R1 to R164, each saying where it lives', () => {
    expect(rows.map(([, number]) => Number(number))).toEqual(Array.from({ length: 164 }, (_, at) => at + 1))
    for (const [, , kind] of rows) expect(['prompt', 'rule', 'act', 'art', 'cfg']).toContain(kind)
  })

  it('names only texts that exist', () => {
    const unknown = named.filter(([, key = '']) => !keys.has(key))
    expect(named.length).toBeGreaterThan(200)
    expect(unknown).toEqual([])
  })

  it('forgets no topic, idea or clause: each is there for a sentence of the handbook', () => {
    const said = new Set(named.map(([, key]) => key))
    const ours = ['topic-money', 'topic-applying', 'topic-what-now'] // beginnings that we added
    for (const kind of ['topics', 'stageItems', 'clauses', 'criteria', 'handbook', 'feedback'] as const) {
      const forgotten = defaults[kind].filter(({ key }) => !said.has(`${kind}/${key}`) && !ours.includes(key))
      expect(forgotten.map(({ key }) => key)).toEqual([])
    }
  })
})
