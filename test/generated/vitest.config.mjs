import { mergeConfig } from 'vitest/config';
import base, { globalSetup } from '../../vitest.base.ts';

/** `npm run test:generated`: what `npm run generate` makes passes every check, in a copy of the project. */
const config = mergeConfig(base, { test: { globalSetup, testTimeout: 600_000, hookTimeout: 120_000 } });
config.test.include = ['test/generated/**/*.spec.ts'];
config.test.exclude = ['**/node_modules/**'];
export default config;
