import { expect, it, vi } from 'vitest';
import { clearProcess, runningApps } from '#test/harness/shared-process.js';

it('a file that leaves nothing behind is not reported', () => {
  expect(clearProcess()).toEqual([]);
});
it('applications and fake timers left behind are reported, and the next file finds neither them nor spies', () => {
  const product = { answer: () => 'real' };
  vi.spyOn(product, 'answer').mockReturnValue('sabotaged');
  runningApps.add({});
  vi.useFakeTimers();
  expect(clearProcess()).toEqual(['running applications: 1', 'fake timers']);
  expect(product.answer()).toBe('real');
  expect(clearProcess()).toEqual([]);
});
