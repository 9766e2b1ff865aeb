import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { defaults } from '../../config/content.ts'
import {
  isByAct,
  isDone,
  isMet,
  mayPutAside,
  saidOf,
  sidesOf,
  stageAfter,
  type StageItem,
} from '../../src/features/stages/service.ts'

const itemOf = (key: string): StageItem => {
  const item = defaults.stageItems.find((one) => one.key === key)
  if (!item) throw new Error(`There is no item ${key}`)
  return item
}
const row = (mentee: 'talked' | 'later' | 'not_for_us' | null, mentor: 'talked' | 'later' | 'not_for_us' | null) => ({
  ...{ item_key: '', mentee_verdict: mentee, mentor_verdict: mentor },
  ...{ mentee_at: new Date(0), mentor_at: new Date(0) },
})
const isMetBy = (key: string, ...said: Parameters<typeof row>) =>
  isMet(itemOf(key), saidOf(itemOf(key), row(...said), false))
const READY = {
  ...{ stage: 1, mentee_ready_at: new Date(0), mentor_ready_at: new Date(0), done_at: null, skipped_at: null },
  ...{ reopened_at: null, reopened_by: null, reopen_line: null },
}

describe('an item that everybody does', () => {
  it('is done when whoever it is for has ticked it', () => {
    expect(isMetBy('item-trust', 'talked', null)).toBe(false)
    expect(isMetBy('item-trust', 'talked', 'later')).toBe(false)
    expect(isMetBy('item-trust', 'talked', 'talked')).toBe(true)
    expect(isMetBy('item-log-stage-1', null, 'talked')).toBe(true)
    expect(isMetBy('item-log-stage-1', 'talked', null)).toBe(false)
  })

  it('cannot be put aside, but for talking about the ending', () => {
    expect(isMetBy('item-trust', 'not_for_us', 'not_for_us')).toBe(false)
    expect(isMetBy('item-talked-about-ending', 'not_for_us', 'talked')).toBe(true)
    const aside = defaults.stageItems.filter((item) => item.kind === 'required' && mayPutAside(item))
    expect(aside.map(({ key }) => key)).toEqual(['item-talked-about-ending'])
  })

  it('is done with the agreement, and only by it', () => {
    const item = itemOf('item-agreement')
    expect([isByAct(item), isMet(item, saidOf(item, undefined, true))]).toEqual([true, true])
    expect(isMet(item, saidOf(item, undefined, false))).toBe(false)
  })
})

describe('a stage', () => {
  it('is done when both are ready and all that everybody does is done', () => {
    expect(isDone(1, READY, () => true)).toBe(true)
    expect(isDone(1, READY, ({ key }) => key !== 'item-trust')).toBe(false)
    expect(isDone(1, READY, ({ stage }) => stage === 1)).toBe(true)
    expect(isDone(1, { ...READY, mentor_ready_at: null }, () => true)).toBe(false)
    expect(isDone(1, undefined, () => true)).toBe(false)
  })

  it('has at least one thing that everybody does, and everything is for somebody', () => {
    for (const stage of [1, 2, 3]) {
      const items = defaults.stageItems.filter((item) => item.stage === stage)
      expect(items.some(({ kind }) => kind === 'required')).toBe(true)
      expect(items.every((item) => sidesOf(item).length > 0)).toBe(true)
    }
  })

  it('is followed by the first that is not done, whatever was done before', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.constantFrom(1, 2, 3)), (done) => {
        const next = stageAfter(done)
        expect((done as number[]).includes(next)).toBe(done.length === 3)
        for (let stage = 1; stage < next && done.length < 3; stage++) expect(done).toContain(stage)
      }),
    )
    expect(stageAfter([1, 2, 3])).toBe(3)
  })
})
