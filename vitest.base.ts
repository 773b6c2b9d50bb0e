import { defineConfig } from 'vitest/config';

/** Global set-up of every test run; once for a run, however many projects it has. */
export const globalSetup = ['launcher/test-database.mjs'];

/** What all test runs have in common: `npm test`, `test:long`, `test:clients` and `test:generated`. */
export default defineConfig({
  resolve: {
    conditions: ['source'],
    // Node takes the CommonJS build of graphql; a second copy of it from the ES build would know none of its types.
    alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }],
  },
  ssr: { resolve: { conditions: ['source'] } },
  // The environment of the global set-up.
  environments: { __vitest__: { resolve: { conditions: ['source'] } } },
  test: {
    setupFiles: ['test/harness/setup.ts'],
    // More would fight over the two cores of a small machine with the database that all of them use.
    maxWorkers: 2,
    // How long something takes on a busy machine says nothing about it.
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
