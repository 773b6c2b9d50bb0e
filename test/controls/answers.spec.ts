import type { EntityManager } from '@mikro-orm/postgresql';
import { Injectable } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { afterEach, expect, it, vi } from 'vitest';
import { Document } from '#libs/database/answers.js';
import type { Read } from '#libs/database/compiler.js';
import type { Page } from '#libs/database/item.js';
import { Reads } from '#libs/database/reads.js';
import * as limits from '#libs/graphql/limits.js';
import { Logging } from '#libs/telemetry/logging.js';
import { ordersTests } from '#test/domains/orders/orders.tests.js';
import { startWorld, startWorldOf } from '#test/harness/world.js';
import { afterRenamingTheCustomer, confusedOperations } from '#test/wire/checks.js';

afterEach(() => vi.restoreAllMocks());

/** Reads every row of a page again by itself. */
@Injectable()
class ChattyReads extends Reads {
  override async page(read: Read, em?: EntityManager): Promise<Page> {
    const page = await super.page(read, em);
    for (const item of page.items)
      await super.page({ ...read, id: item.id as string, after: undefined, limit: undefined }, em);
    return page;
  }
}
it('one statement a row is counted as such', async () => {
  const world = await startWorldOf(ordersTests, {
    override: (builder) => builder.overrideProvider(Reads).useClass(ChattyReads),
  });
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
  vi.spyOn(limits, 'checkLimits').mockReturnValue(undefined);
  const document = '{ users(first: 100) { nodes { orders(first: 100) { nodes { lines { id product { name } } } } } } }';
  expect(await world.app.statements(() => admin.graphql(document))).toBeGreaterThan(0);
  await world.app.stop();
});
it('a tag that forgets other rows keeps an old name alive', async () => {
  const world = await startWorldOf(ordersTests);
  const etag = Object.getOwnPropertyDescriptor(Document.prototype, 'etag')!.get!;
  vi.spyOn(Document.prototype, 'etag', 'get').mockImplementation(function (this: Document) {
    return (etag.call(this) as string).replace(/-[\w-]{10}"$/, '"');
  });
  expect(await afterRenamingTheCustomer(world)).toEqual({ without: 304, showing: 304 });
  await world.app.stop();
});
it('a document of several operations that is compiled once answers with the wrong one', async () => {
  const world = await startWorldOf(ordersTests);
  const { graphql } = world.app.app.getHttpAdapter().getInstance() as unknown as { graphql: object };
  const key = Object.getOwnPropertySymbols(graphql).find((symbol) => symbol.description === 'mercurius.hooks')!;
  (graphql as Record<symbol, { preExecution: unknown[] }>)[key].preExecution = [];
  expect(await confusedOperations(world, 6)).not.toEqual([]);
  await world.app.stop();
});
it('a log that holds addresses as sent gives away what was looked for', async () => {
  let text = '';
  class Chatty extends Logging {
    override readonly logRequest = (request: FastifyRequest, _reply: FastifyReply): void => {
      this.logger.info({ operation: request.raw.url });
    };
  }
  const logging = new Chatty({ level: 'info', stream: { write: (line: string) => void (text += line) } });
  const world = await startWorld({ override: (builder) => builder.overrideProvider(Logging).useValue(logging) });
  await world.clients.support.get('/v1/users?email=SECRET@tandem.example');
  await expect.poll(() => text).toContain('/v1/users');
  expect(text).toContain('SECRET');
  await world.app.stop();
});
