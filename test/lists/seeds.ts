import { randomUUID } from 'node:crypto';

/** Who looks at the lists, and owns what has an owner: the first of the seeded users. */
export const adminId = randomUUID();
/** SQL for times of the `g`-th row, so few that rows share them. */
export const instant = (groups: number): string =>
  `timestamptz '2026-01-01 00:00:00.123+00' + (g * 7919 % ${groups}) * interval '61 minutes'`;
