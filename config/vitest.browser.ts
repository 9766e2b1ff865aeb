import { defineConfig } from 'vitest/config'

/** `npm run test:browser`: the built app in a real Chromium, two files at a time. */
export default defineConfig({
  test: {
    root: `${import.meta.dirname}/..`,
    include: ['test/browser/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: ['default'],
  },
})
