import { afterAll, beforeAll, expect, it } from 'vitest';
import { Reads } from '#libs/database/reads.js';
import { startWorld, type World } from '#test/harness/world.js';
import { nameStatements } from './named-statements.js';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.app.stop());

it('names of statements do not grow with the accounts that ask', { timeout: 60_000 }, async () => {
  const { few, all } = await nameStatements(world, 50, 150);
  expect(few.prepared).toBeGreaterThan(5);
  expect(all.names).toEqual(few.names);
  expect(all.names.length).toBeLessThanOrEqual(300);
  expect(world.app.app.get(Reads).size.named).toBe(all.names.length);
  expect(all.statements).toBeGreaterThan(few.statements * 2);
});
