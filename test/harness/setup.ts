import { afterAll } from 'vitest';
import { clearProcess, resetLoggers } from './shared-process.js';

// Test files share their process: each finds it as if it were the first, and fails when it leaves something behind.
await resetLoggers();
afterAll(() => {
  const left = clearProcess();
  if (left.length > 0) throw new Error(`This file left in its process: ${left.join(', ')}.`);
});
