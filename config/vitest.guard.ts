import { defineConfig } from 'vitest/config'
import tests from './vitest.config.ts'

/** `npm run test:guard`: the refusing LTI cases against a guard that lacks one of its checks, for each of them. */
export default defineConfig({
  test: {
    ...tests.test,
    include: ['test/guard/**/*.test.ts'],
    exclude: [],
    testTimeout: 120_000,
    disableConsoleIntercept: true, // the table stands in the log as it is
  },
})
