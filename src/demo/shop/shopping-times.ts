import type { Random } from '../random.js';

const hour = 3_600_000;
const day = 24 * hour;
/** By hour of the day, UTC: lunch break and evening. */
const byHour = [2, 1, 1, 1, 1, 2, 4, 7, 9, 10, 11, 13, 12, 10, 10, 11, 12, 14, 17, 20, 19, 13, 8, 4];
/** By day of the week from Sunday on. */
const byWeekday = [1.25, 1.15, 1, 1, 0.95, 0.85, 0.8];

/** Moments of the year before `now` at which people shop, in order. */
export function shoppingTimes(count: number, now: number, random: Random): number[] {
  const days = Array.from({ length: 365 }, (_, age) => age);
  const times = new Set<number>();
  while (times.size < count) {
    const start = Math.floor((now - random.weighted(days, (age) => dayWeight(age, now)) * day) / day) * day;
    const at = random.weighted(
      byHour.map((weight, index) => ({ weight, index })),
      (h) => h.weight,
    ).index;
    const time = Math.floor(start + (at + random.next()) * hour);
    if (time < now - 5_000 && time > now - 365 * day) times.add(time);
  }
  return [...times].sort((a, b) => a - b);
}
function dayWeight(age: number, now: number): number {
  const date = new Date(now - age * day);
  const month = date.getUTCMonth();
  const christmas = (month === 10 && date.getUTCDate() > 18) || (month === 11 && date.getUTCDate() < 21) ? 1.8 : 1;
  const summer = month === 6 || month === 7 ? 0.8 : 1;
  const growth = 1.6 - (0.8 * age) / 365;
  const campaign = age < 8 ? 3 : 1;
  return byWeekday[date.getUTCDay()] * christmas * summer * growth * campaign;
}

/** The moment itself when the shop is staffed (Monday to Friday, 7 to 17 h UTC), else early on the next such day. */
export function workingTime(time: number, random: Random): number {
  const hours = (time % day) / hour;
  let start = Math.floor(time / day) * day;
  const open = (at: number) => ![0, 6].includes(new Date(at).getUTCDay());
  if (open(start) && hours >= 7 && hours < 17) return time;
  if (hours >= 17 || !open(start))
    do start += day;
    while (!open(start));
  return start + random.between(7, 11) * hour;
}
