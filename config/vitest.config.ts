import { defineConfig } from 'vitest/config'

/** `npm test`: everything that needs no browser. On PGlite, or on the PostgreSQL server that DATABASE_URL names. */
export default defineConfig({
  test: {
    root: `${import.meta.dirname}/..`,
    include: ['test/**/*.test.ts'],
    exclude: [
      'test/browser/**',
      'test/faults/**',
      'test/guard/**',
      'test/bench/**',
      // What needs two processes, or true concurrency; and what uses no PostgreSQL server, whatever is set.
      ...(process.env['DATABASE_URL']
        ? ['test/config/**', 'test/college/**', 'test/files/text.test.ts']
        : ['test/postgres/**']),
    ],
    globalSetup: ['test/support/database.ts'],
    setupFiles: ['test/support/world.ts'],
    pool: 'forks',
    execArgv: ['--max-semi-space-size=32'], // much is made and thrown away: fewer, larger collections
    isolate: false, // one database, one college and one app a worker; nothing of ours is mocked
    maxWorkers: 3, // more than two cores hold: some tests wait for an answer that never comes
    testTimeout: 40_000,
    hookTimeout: 60_000,
    reporters: ['default'],
  },
})
