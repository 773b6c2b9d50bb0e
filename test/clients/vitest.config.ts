import { mergeConfig, type ViteUserConfig } from 'vitest/config';
import base from '../../vitest.config.ts';

/** `npm run test:clients`: Tandem as clients, checkers and generators that others wrote see it. */
const config: ViteUserConfig = mergeConfig(base, { test: { testTimeout: 120_000, hookTimeout: 120_000 } });
config.test!.include = ['test/clients/**/*.spec.ts'];
config.test!.exclude = ['**/node_modules/**'];
export default config;
