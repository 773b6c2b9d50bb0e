import { mergeConfig, type ViteUserConfig } from 'vitest/config';
import base, { globalSetup } from '../../vitest.base.ts';

/** `npm run test:long`: what takes longer than a change should wait for. */
const config: ViteUserConfig = mergeConfig(base, { test: { globalSetup, testTimeout: 600_000, hookTimeout: 120_000 } });
config.test!.include = ['test/long/**/*.spec.ts'];
config.test!.exclude = ['**/node_modules/**'];
export default config;
