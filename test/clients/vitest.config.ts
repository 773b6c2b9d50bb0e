import { mergeConfig, type ViteUserConfig } from 'vitest/config';
import base, { globalSetup } from '../../vitest.base.ts';

/** `npm run test:clients`: Tandem as clients, checkers and generators that others wrote see it. */
const config: ViteUserConfig = mergeConfig(base, { test: { globalSetup, testTimeout: 120_000, hookTimeout: 120_000 } });
config.test!.include = ['test/clients/**/*.spec.ts'];
// Code that a test generates stays TypeScript, although it lies where the packages are that it imports.
config.test!.server = { deps: { inline: [/node_modules\/\.cache\//] } };
config.test!.exclude = ['**/node_modules/**'];
export default config;
