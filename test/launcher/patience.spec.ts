import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Patience } from '../../launcher/patience.mjs';

const hour = 3_600_000;
let said: string[];

beforeEach(() => {
  vi.useFakeTimers();
  said = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => said.push(String(text)) > 0);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});
/** When it gave up, in seconds; undefined when it did not within an hour. */
function waitWith(patience: Patience): number | undefined {
  const start = Date.now();
  while (Date.now() < start + hour) {
    vi.advanceTimersByTime(500);
    if (patience.isOver()) return (Date.now() - start) / 1_000;
  }
  return undefined;
}

test('waiting does not end while something moves, however slowly', () => {
  expect(waitWith(new Patience('it', () => Math.floor(Date.now() / 100_000)))).toBeUndefined();
  expect(said[0]).toBe('Still waiting for it (21 s) …\n');
  expect(said.length).toBeLessThan(12);
});
test('it ends when nothing has moved for three minutes', () => {
  const start = Date.now();
  expect(waitWith(new Patience('it', () => Math.min(Date.now() - start, 60_000)))).toBeCloseTo(240, -1);
});
