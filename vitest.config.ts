import { defineConfig } from 'vitest/config';
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
    include: ['src/**/*.spec.ts', 'libs/**/*.spec.ts', 'test/**/*.spec.ts'],
    // Other people's clients have packages of their own: `npm run test:clients`.
    // What the generator makes is tested in a copy of the project: `npm run test:generated`.
    exclude: ['**/node_modules/**', 'test/clients/**', 'test/long/**', 'test/generated/**'],
    globalSetup: ['launcher/test-database.mjs'],
    // More would fight over the two cores of a small machine with the database that all of them use.
    maxWorkers: 2,
    // How long something takes on a busy machine says nothing about it.
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
