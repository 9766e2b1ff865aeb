import { describe, expect, it } from 'vitest'
import { progressFrom } from '../../src/features/progress/service.ts'

describe('a number', () => {
  it.each([
    [[], { score: 0, counted: 0, needed: 0 }],
    [[{ counted: 1, minimum: 4 }], { score: 25, counted: 1, needed: 4 }],
    [[{ counted: 9, minimum: 4 }], { score: 100, counted: 4, needed: 4 }],
    [
      [
        { counted: 4, minimum: 4 },
        { counted: 1, minimum: 4 },
      ],
      { score: 62, counted: 5, needed: 8 },
    ], // rounded down
  ])('from %j', (matches, progress) => {
    expect(progressFrom(matches)).toEqual(progress)
  })
})
