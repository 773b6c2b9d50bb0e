import { afterAll, beforeAll, expect, it } from 'vitest';
import { Reads } from '#libs/database/reads.js';
import { tally } from '#test/fuzz/tally.js';
import { startWorld, type World } from '#test/harness/world.js';
import { nameStatements } from '#test/queries/named-statements.js';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.app.stop());

it('10,000 statements of a thousand accounts have the names that fifty accounts brought', async () => {
  const users = 1200;
  const { few, all } = await nameStatements(world, 50, users);
  tally({ requests: users * 8, operations: 0, refusals: 0, statements: all.statements, findings: 0 });
  expect(all.statements).toBeGreaterThan(10_000);
  expect(few.prepared).toBeGreaterThan(5);
  expect(all.names).toEqual(few.names);
  expect(all.names.length).toBeLessThanOrEqual(300);
  expect(world.app.app.get(Reads).size.named).toBe(all.names.length);
});
