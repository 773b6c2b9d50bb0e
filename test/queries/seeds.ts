import { randomUUID } from 'node:crypto';

/** Somebody who owns some of the rows: the first of the seeded users. */
export const me = randomUUID();
/** How many rows a subject has, with every combination of null and value, and few different values, so that comparisons meet them. */
export const rowsEach = 1200;
/** SQL for times of rows, on both sides of 1970. */
export const instant = (step: number): string =>
  `timestamptz '1969-12-30 00:00:00.5+00' + (g % ${step}) * interval '1 day'`;
/** SQL for the deletion of some of the rows. */
export const deleted = `case when g % 29 = 0 then now() end`;
