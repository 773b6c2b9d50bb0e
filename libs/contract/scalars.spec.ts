import { describe, expect, it } from 'vitest';
import { isInstant } from './scalars.js';

const pad = (n: number, length: number) => String(n).padStart(length, '0');
/** Whether the calendar has the day; of the years 0 to 99 `Date.UTC` means other ones. */
function exists(year: number, month: number, day: number): boolean {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return year > 0 && date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

describe('isInstant', () => {
  it('knows the calendar', () => {
    const wrong: string[] = [];
    for (let year = 0; year <= 9999; year++)
      for (const [month, day] of year % 100 < 5 || year % 97 === 0 ? everyDay : aroundLeapDays) {
        const text = `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}T00:00:00Z`;
        if (isInstant(text) !== exists(year, month, day)) wrong.push(text);
      }
    expect(wrong).toEqual([]);
  });
  it.each(['2026-03-14t09:26:53z', '2026-03-14T23:59:59.999999999+23:59', '0001-01-01T00:00:00-00:00'])(
    'takes %s',
    (text) => expect(isInstant(text)).toBe(true),
  );
  it.each([
    '2016-12-31T23:59:60Z',
    '2026-03-14T24:00:00Z',
    '2026-03-14T09:60:00Z',
    '2026-03-14 09:26:53Z',
    '2026-03-14T09:26:53',
    '2026-03-14T09:26:53+0100',
    '2026-03-14T09:26:53+24:00',
    '2026-03-14T09:26:53.Z',
    '2026-03-14T09:26:53.1234567890Z',
    '2026-03-14',
    '2026-03-14T09:26:53Z\n',
    '+002026-03-14T09:26:53Z',
    '२०२६-03-14T09:26:53Z',
  ])('refuses %j', (text) => expect(isInstant(text)).toBe(false));
});
const days = (months: number[]) =>
  months.flatMap((month) => Array.from({ length: 34 }, (_, day): [number, number] => [month, day]));
const everyDay = days(Array.from({ length: 15 }, (_, month) => month));
const aroundLeapDays: [number, number][] = [
  [2, 28],
  [2, 29],
  [2, 30],
];
