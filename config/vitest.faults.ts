import { defineConfig } from 'vitest/config'

/**
 * `npm run test:faults`: the built app, killed and started again, on PGlite or on the server that DATABASE_URL names.
 * FAULT_KILLS says how often (20), FUZZ_CASES how many odd requests it gets (10,000), FAULT_SEED repeats the choices of
 * an earlier run. One file after the other: each has processes of its own.
 */
export default defineConfig({
  test: {
    root: `${import.meta.dirname}/..`,
    include: ['test/faults/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 590_000, // one run is one piece: FAULT_KILLS says how large
    hookTimeout: 180_000,
    reporters: ['default'],
    disableConsoleIntercept: true, // the seed and the summary stand in the log as they are
  },
})
