import { Injectable } from '@nestjs/common';
import { expect, it, vi } from 'vitest';
import type { Read } from '#libs/database/compiler.js';
import type { Page } from '#libs/database/item.js';
import { Reads, type ReadOptions } from '#libs/database/reads.js';
import type * as Limits from '#libs/graphql/limits.js';
import { startWorld } from '#test/harness/world.js';

const sabotage = vi.hoisted(() => ({ limitless: false }));
vi.mock('#libs/graphql/limits.js', async (original) => {
  const real = await original<typeof Limits>();
  const checkLimits: typeof real.checkLimits = (...args) => {
    if (!sabotage.limitless) real.checkLimits(...args);
  };
  return { ...real, checkLimits };
});

/** Reads every row of a page again by itself. */
@Injectable()
class ChattyReads extends Reads {
  override async page(read: Read, options: ReadOptions = {}): Promise<Page> {
    const page = await super.page(read, options);
    for (const item of page.items)
      await super.page({ ...read, id: item.id as string, after: undefined, limit: undefined }, options);
    return page;
  }
}
it('one statement a row is counted as such', async () => {
  const world = await startWorld({ override: (builder) => builder.overrideProvider(Reads).useClass(ChattyReads) });
  const { ada } = world.clients;
  await ada.get('/v1/orders');
  const sent = await world.app.statements(() => ada.graphql('{ orders { nodes { id lines { product { name } } } } }'));
  expect(sent).toBeGreaterThanOrEqual(1 + Object.keys(world.orderIds).length);
  await world.app.stop();
});
it('without limits a document that goes too far sends statements', async () => {
  const world = await startWorld();
  const { admin } = world.clients;
  await admin.get('/v1/orders');
  sabotage.limitless = true;
  const document = '{ users(first: 100) { nodes { orders(first: 100) { nodes { lines { id product { name } } } } } } }';
  expect(await world.app.statements(() => admin.graphql(document))).toBeGreaterThan(0);
  sabotage.limitless = false;
  await world.app.stop();
});
