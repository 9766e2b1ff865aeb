/** Random numbers that come again with the same seed (mulberry32). */
export function randomFrom(seed: number) {
  let state = seed
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    /** From 0 up to the limit. */
    upTo: (limit: number) => next() * limit,
    /** A whole number from 1 to the last one. */
    oneTo: (last: number) => 1 + Math.floor(next() * last),
    chance: (of: number) => next() < of,
    pick<One>(all: readonly [One, ...One[]]): One {
      return all[Math.floor(next() * all.length)] ?? all[0]
    },
  }
}

const given = process.env['FAULT_SEED']
/** Printed at the start of each file; what happens on the machine besides is not in it. */
export const seed = given === undefined || given === '' ? Date.now() % 1_000_000 : Number(given)
