import { expect, it } from 'vitest';
import { openDatabase } from '#test/queries/opened.js';
import { addTogether } from './versions.js';

it('two rows changed in one flush by eight writers: nothing that was acknowledged is lost', async () => {
  const opened = await openDatabase();
  const { acknowledged, refused, stored } = await addTogether(opened);
  expect(acknowledged).toBeGreaterThan(0);
  expect(refused).toBeGreaterThan(0);
  const row = { count: acknowledged, version: acknowledged + 1 };
  expect(stored).toEqual([row, row]);
  await opened.close();
});
