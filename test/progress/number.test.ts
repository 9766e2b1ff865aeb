import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { REQUIREMENTS } from '../../src/features/progress/forms.ts'
import type { Facts, MatchFacts } from '../../src/features/progress/queries.ts'
import { progressOf, scoreToSend } from '../../src/features/progress/service.ts'

const MENTEE = { agreement: 10, contacts: 40, stage1: 10, stage2: 10, stage3: 10, report: 20 }
const MENTOR = { training: 10, agreement: 10, contacts: 40, stage1: 5, stage2: 5, stage3: 5, report: 25 }
const begun = (counted: number, more: Partial<MatchFacts> = {}): MatchFacts => ({
  ...{ begun: true, agreed: true, counted, minimum: 4, stages: [], endReason: null },
  ...more,
})
const mentee = (more: Partial<Facts> = {}): Facts => ({
  ...{
    participantId: 1,
    programmeId: 1,
    role: 'mentee',
    recipe: MENTEE,
    mode: 'progress',
    minimum: 4,
    carryOver: true,
  },
  ...{ trainingAsked: true, trained: false, matches: [], reported: false, excused: [] },
  ...more,
})
const mentor = (more: Partial<Facts> = {}) => mentee({ role: 'mentor', recipe: MENTOR, ...more })
const all = [1, 2, 3]

// The defaults of the specification (4.6), worked out by hand.
describe('the number of a mentee', () => {
  it.each<[string, Partial<Facts>, number]>([
    ['without a match', {}, 0],
    ['who waits for training to begin', { matches: [begun(0, { begun: false })] }, 10],
    ['with an agreement', { matches: [begun(0)] }, 10],
    ['with two contacts', { matches: [begun(2)] }, 30],
    ['with more contacts than are asked for', { matches: [begun(9)] }, 50],
    ['with a stage done', { matches: [begun(2, { stages: [1] })] }, 40],
    ['with everything but the report', { matches: [begun(4, { stages: all })] }, 80],
    ['with everything', { matches: [begun(4, { stages: all })], reported: true }, 100],
    ['with a report and nothing else', { reported: true }, 20],
    ['excused from the report', { matches: [begun(4, { stages: all })], excused: ['report'] }, 100],
    ['with three asked for', { matches: [begun(1, { minimum: 3 })] }, 23],
    ['whose first mentor left', { matches: [begun(2, { endReason: 'mentor_withdrew', stages: [1] }), begun(1)] }, 50],
    ['after two contacts each', { matches: [begun(2, { endReason: 'mismatch' }), begun(2)] }, 50],
  ])('%s', (_, more, score) => {
    expect(progressOf(mentee(more)).score).toBe(score)
  })

  it('begins anew with another mentor where the programme says so', () => {
    const matches = [begun(2, { endReason: 'mentor_withdrew', stages: [1] }), begun(1)]
    expect(progressOf(mentee({ matches, carryOver: false })).score).toBe(20)
  })

  it('is rounded down, and 100 only when nothing is missing', () => {
    const recipe = { contacts: 99, report: 1 }
    expect(progressOf(mentee({ recipe, matches: [begun(4)] })).score).toBe(99)
    const thirds = { contacts: 33, stage1: 33, stage2: 34 }
    expect(progressOf(mentee({ recipe: thirds, matches: [begun(1, { minimum: 3 })] })).score).toBe(11)
  })

  it('says what it is made of', () => {
    const { parts } = progressOf(mentee({ matches: [begun(1)], excused: ['stage2'] }))
    expect(parts.map(({ requirement }) => requirement)).toEqual(REQUIREMENTS.slice(1))
    expect(parts.find(({ requirement }) => requirement === 'contacts')).toMatchObject({ worth: 40, done: 1, of: 4 })
    expect(parts.find(({ requirement }) => requirement === 'stage2')).toMatchObject({ met: true, excused: true })
  })
})

describe('the number of a mentor', () => {
  it.each<[string, Partial<Facts>, number]>([
    ['who is trained', { trained: true }, 10],
    ['with one mentee', { trained: true, matches: [begun(2)] }, 40],
    ['with two mentees, who weigh the same', { matches: [begun(4), begun(1)] }, 35],
    ['with different minimums', { matches: [begun(2, { minimum: 2 }), begun(0, { minimum: 5 })] }, 30],
    ['with one of two stages done', { matches: [begun(0, { stages: [1] }), begun(0)] }, 12],
    ['whose one mentee left', { matches: [begun(1, { endReason: 'mentee_withdrew' }), begun(4)] }, 50],
    ['who had but a match that did not fit', { matches: [begun(2, { endReason: 'mismatch' })] }, 30],
    ['who left one', { matches: [begun(0, { endReason: 'mentor_withdrew' }), begun(4)] }, 30],
    [
      'with everything in every match',
      { trained: true, reported: true, matches: [begun(4, { stages: all }), begun(5, { stages: all })] },
      100,
    ],
    [
      'with one contact missing in one match',
      { trained: true, reported: true, matches: [begun(4, { stages: all }), begun(3, { stages: all })] },
      95,
    ],
  ])('%s', (_, more, score) => {
    expect(progressOf(mentor(more)).score).toBe(score)
  })

  it('can reach 100 without training where nobody is asked for it: its points are shared out', () => {
    const facts = mentor({ trainingAsked: false, matches: [begun(0)] })
    const worths = progressOf(facts).parts.map(({ requirement, worth }) => [requirement, worth])
    expect(Object.fromEntries(worths)).toEqual({
      ...{ agreement: 11, contacts: 44, stage1: 6, stage2: 6, stage3: 5, report: 28 },
    })
    expect(progressOf({ ...facts, reported: true, matches: [begun(4, { stages: all })] }).score).toBe(100)
  })
})

it('of a programme that is passed or not is sent when it is complete', () => {
  const half = mentee({ mode: 'passfail', matches: [begun(2)] })
  expect([progressOf(half).score, scoreToSend(half, progressOf(half))]).toEqual([30, 0])
  const whole = mentee({ mode: 'passfail', matches: [begun(4, { stages: all })], reported: true })
  expect(scoreToSend(whole, progressOf(whole))).toBe(100)
})

// Whatever people and programmes are like.
const matchOf = fc.record({
  begun: fc.boolean(),
  agreed: fc.boolean(),
  counted: fc.integer({ min: 0, max: 25 }),
  minimum: fc.integer({ min: 1, max: 20 }),
  stages: fc.subarray([1, 2, 3]),
  endReason: fc.constantFrom(null, 'completed', 'mismatch', 'mentee_withdrew', 'mentor_withdrew', 'no_answer'),
})
const recipeOf = fc
  .array(fc.integer({ min: 0, max: 100 }), { minLength: REQUIREMENTS.length, maxLength: REQUIREMENTS.length })
  .filter((weights) => weights.slice(1).some((weight) => weight > 0))
  .map((weights) => {
    const sum = weights.reduce((total, weight) => total + weight, 0)
    const points = weights.map((weight) => Math.floor((100 * weight) / sum))
    const left = 100 - points.reduce((total, one) => total + one, 0)
    return Object.fromEntries(REQUIREMENTS.map((name, at) => [name, (points[at] ?? 0) + (at === 1 ? left : 0)]))
  })
const factsOf: fc.Arbitrary<Facts> = fc.record({
  ...{ participantId: fc.constant(1), programmeId: fc.constant(1), role: fc.constantFrom('mentee', 'mentor') },
  ...{ recipe: recipeOf, mode: fc.constantFrom('progress', 'passfail'), carryOver: fc.boolean() },
  minimum: fc.integer({ min: 1, max: 20 }),
  ...{ trainingAsked: fc.boolean(), trained: fc.boolean(), reported: fc.boolean() },
  matches: fc.array(matchOf, { maxLength: 10 }),
  excused: fc.subarray([...REQUIREMENTS]),
})

/** Everything good that can happen to somebody. */
const GOOD: Record<string, (facts: Facts, at: number) => Facts> = {
  training: (facts) => ({ ...facts, trained: true }),
  report: (facts) => ({ ...facts, reported: true }),
  excuse: (facts, at) => ({
    ...facts,
    excused: [...facts.excused, REQUIREMENTS[at % REQUIREMENTS.length] ?? 'report'],
  }),
  contact: (facts, at) => inMatch(facts, at, (match) => ({ ...match, counted: match.counted + 1 })),
  agreement: (facts, at) => inMatch(facts, at, (match) => ({ ...match, agreed: true })),
  stage: (facts, at) => inMatch(facts, at, (match) => ({ ...match, stages: [...match.stages, 1 + (at % 3)] })),
}
const inMatch = (facts: Facts, at: number, change: (match: MatchFacts) => MatchFacts): Facts => ({
  ...facts,
  matches: facts.matches.map((match, index) => (index === at % facts.matches.length ? change(match) : match)),
})
const acts = fc.array(fc.tuple(fc.constantFrom(...Object.keys(GOOD)), fc.nat({ max: 20 })), { maxLength: 12 })
const after = (facts: Facts, done: readonly [string, number][]) =>
  done.reduce((now, [act, at]) => GOOD[act]?.(now, at) ?? now, facts)

describe('every number', () => {
  it('is whole and between 0 and 100; what its parts are worth sums to 100', () => {
    fc.assert(
      fc.property(factsOf, (facts) => {
        const { score, parts } = progressOf(facts)
        expect(Number.isInteger(score) && score >= 0 && score <= 100).toBe(true)
        expect(parts.reduce((sum, { worth }) => sum + worth, 0)).toBe(100)
        for (const { done, of } of parts) expect(done >= 0 && done <= of && Number.isSafeInteger(of)).toBe(true)
      }),
      { numRuns: 2000 },
    )
  })

  it('never falls by a good act', () => {
    fc.assert(
      fc.property(factsOf, acts, (facts, done) => {
        let before = progressOf(facts).score
        for (let at = 1; at <= done.length; at++) {
          const now = progressOf(after(facts, done.slice(0, at))).score
          expect(now).toBeGreaterThanOrEqual(before)
          before = now
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('is 100 when it is complete, and only then', () => {
    fc.assert(
      fc.property(factsOf, ({ ...facts }) => {
        const { score, complete, parts } = progressOf(facts)
        expect(score === 100).toBe(complete)
        expect(complete).toBe(parts.every(({ met }) => met))
        expect(scoreToSend({ ...facts, mode: 'passfail' }, progressOf(facts))).toBe(complete ? 100 : 0)
      }),
      { numRuns: 2000 },
    )
  })

  it('does not ask in which order things happened', () => {
    fc.assert(
      fc.property(factsOf, acts, fc.array(fc.nat(), { minLength: 12, maxLength: 12 }), (facts, done, order) => {
        const shuffled = done
          .map((act, at) => ({ act, place: order[at] ?? 0 }))
          .sort((one, other) => one.place - other.place)
          .map(({ act }) => act)
        expect(progressOf(after(facts, shuffled)).score).toBe(progressOf(after(facts, done)).score)
      }),
      { numRuns: 1000 },
    )
  })
})
