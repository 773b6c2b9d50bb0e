import { afterAll, beforeAll, expect, it } from 'vitest';
import { startWorld, type World } from '#test/harness/world.js';
import { confusions } from './callers.js';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.app.stop());

it('many callers at once are each answered as themselves', async () => {
  expect(await confusions(world)).toEqual([]);
});
