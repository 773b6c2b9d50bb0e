import { MikroORM } from '@mikro-orm/postgresql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ormOptions } from '#libs/database/orm.js';
import { entities } from '#src/entities.js';
import { Order } from '#src/orders/order.entity.js';
import { startWorld, type World } from '#test/harness/world.js';
import { persistent } from './persistent.js';

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world.app.stop());

describe('fifty edits of one order that all saw the same version', () => {
  const outcome = (codes: readonly string[]) =>
    Object.fromEntries([...new Set(codes)].map((code) => [code, codes.filter((c) => c === code).length]));

  it('by REST: one succeeds, the others hear 412', async () => {
    const id = await world.makeOrder('DRAFT');
    const seen = await world.clients.ada.get(`/v1/orders/${id}`);
    const etag = seen.headers.get('etag')!;
    const codes = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        persistent(async () => {
          const answer = await world.clients.ada.patch(`/v1/orders/${id}`, { note: `edit ${i}` }, { 'if-match': etag });
          if (answer.status === 412) expect(answer.body.error.code).toBe('PRECONDITION_FAILED');
          return answer.status === 503 ? 'UNAVAILABLE' : String(answer.status);
        }),
      ),
    );
    expect(outcome(codes)).toEqual({ 200: 1, 412: 49 });
    const [row] = await world.app.database.sql('select note, version from orders where id = $1', [id]);
    expect(row).toEqual({ note: `edit ${codes.indexOf('200')}`, version: seen.body.version + 1 });
  });
  it('by GraphQL: the same', async () => {
    const id = await world.makeOrder('DRAFT');
    const { etag, version } = (
      await world.clients.ada.graphql('query ($id: ID!) { order(id: $id) { etag version } }', { id })
    ).data.order;
    const edit = `mutation ($id: ID!, $input: UpdateOrderInput!, $ifMatch: String) {
      updateOrder(id: $id, input: $input, ifMatch: $ifMatch) { version } }`;
    const codes = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        persistent(
          async () =>
            (await world.clients.ada.graphql(edit, { id, input: { note: `edit ${i}` }, ifMatch: etag })).code ?? 'OK',
        ),
      ),
    );
    expect(outcome(codes)).toEqual({ OK: 1, PRECONDITION_FAILED: 49 });
    const [row] = await world.app.database.sql('select note, version from orders where id = $1', [id]);
    expect(row).toEqual({ note: `edit ${codes.indexOf('OK')}`, version: version + 1 });
  });
});

/**
 * Eight writers each add to a counter in two rows of one class in one flush, without a lock, and try again when the
 * version has moved on. Gives how many acknowledged additions are missing in the end.
 */
async function lostAdditions(options: { useBatchUpdates: boolean }): Promise<number> {
  const ids = [await world.makeOrder('DRAFT'), await world.makeOrder('DRAFT')];
  await world.app.database.sql('update orders set history_count = 0 where id = any($1)', [ids]);
  const config = { database: { url: world.app.database.servingUrl, poolMax: 8 } } as never;
  const orm = await MikroORM.init({ ...ormOptions(config, entities), ...options } as never);
  let acknowledged = 0;
  try {
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        for (let round = 0; round < 15; round++) {
          const em = orm.em.fork();
          const orders = await em.find(Order, { id: { $in: ids } }, { orderBy: { id: 'asc' } });
          for (const order of orders) order.historyCount++;
          // One of the two rows may be written before the other is refused: only a transaction makes it all or nothing.
          if (
            await em
              .transactional(() => em.flush())
              .then(
                () => true,
                () => false,
              )
          )
            acknowledged++;
        }
      }),
    );
  } finally {
    await orm.close(true);
  }
  const rows = await world.app.database.sql('select history_count from orders where id = any($1)', [ids]);
  expect(acknowledged).toBeGreaterThan(0);
  return rows.reduce((lost: number, row) => lost + acknowledged - (row.history_count as number), 0);
}

describe('two rows of a class changed in one flush by eight writers', () => {
  it('lose no acknowledged write', async () => {
    expect(await lostAdditions({ useBatchUpdates: false })).toBe(0);
    expect(ormOptions({ database: {} } as never, []).useBatchUpdates).toBe(false);
  });
  it('control: with batch updates they do', async () => {
    expect(await lostAdditions({ useBatchUpdates: true })).toBeGreaterThan(0);
  });
});
