import { afterAll, expect, vi } from 'vitest';
import { resetLoggers, runningApps } from './shared-process.js';

// Test files share their process. Each finds it as if it were the first, and fails when it leaves something behind.
await resetLoggers();
afterAll(() => {
  const left = { runningApps: runningApps.size, fakeTime: vi.isFakeTimers() };
  runningApps.clear();
  vi.useRealTimers();
  vi.restoreAllMocks();
  expect(left, 'what this file left behind').toEqual({ runningApps: 0, fakeTime: false });
});
