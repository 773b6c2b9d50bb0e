import { afterAll, describe, expect, it } from 'vitest';
import { operationsOf, twinOf } from '#libs/testing/operations.js';
import { exceptions } from './routes.js';
import { startSurfaces } from './started.js';

const { world, surfaces, tables } = await startSurfaces();
afterAll(() => world.app.stop());

describe.each(Object.entries(tables))('%s', (_name, table) => {
  it.each(table.cases)('$as $name', async (one) => {
    expect(await surfaces.differences(table, one)).toEqual([]);
  });
});
it('has something that works and something that is refused for every operation', () => {
  const all = Object.values(tables).flatMap((table) => table.cases);
  const has = (works: boolean) => new Set(all.filter((c) => (c.outcome === 'OK') === works).map((c) => c.graphql[0]));
  const names = operationsOf(world.app.app, [])
    .rest.flatMap((o) => o.operationId ?? [])
    .filter((id) => !Object.hasOwn(exceptions, id))
    .map(twinOf);
  expect(names.length).toBeGreaterThan(0);
  expect(names.filter((name) => !has(true).has(name) || !has(false).has(name))).toEqual([]);
});
it('tells nobody what they may not see', () => {
  expect(world.app.sniffer.leaks).toEqual([]);
});
