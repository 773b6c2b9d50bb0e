import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { AccessState } from '#libs/authn/access-state.js';
import { Actor } from '#libs/authz/actor.js';
import { Roles } from '#libs/authz/roles.js';
import type { Rights } from '#libs/database/access.js';
import { OrdersService } from '#src/orders/orders.service.js';
import type { Row } from '#test/matrix/expectations.js';
import { fields, nested, operations } from '#test/matrix/expected.js';
import { hiddenField } from '#test/matrix/hidden-fields.js';
import { Matrix, startMatrix } from '#test/matrix/matrix.js';
import { moves } from './expected.js';
import { wrongMoves } from './moves.js';
import type { OrdersWorld } from './world.js';

const world = (await startMatrix()) as OrdersWorld;
const matrix = new Matrix(world);
const { app } = world.app;
afterEach(() => vi.restoreAllMocks());
afterAll(() => world.app.stop());

const rowOf = (rows: readonly Row[], operation: string, situation: string): Row =>
  rows.find((row) => row.operation === operation && row.situation === situation)!;
/** Rights of the actor with parts of an admin's. */
function widenRights(widen: (own: Rights, all: Rights) => Partial<Rights>): void {
  const admin = app.get(Roles).actor(null, ['admin']);
  const { rights } = Actor.prototype;
  vi.spyOn(Actor.prototype, 'rights').mockImplementation(function (this: Actor, resource) {
    const own = rights.call(this, resource);
    // A shape of rights has a plan of its own.
    return { ...own, ...widen(own, rights.call(admin, resource)), id: own.id + 1_000_000 };
  });
}
/** What leaks while `work` runs; the world forgets it again. */
async function leaksOf(work: () => Promise<unknown>): Promise<string[]> {
  const { leaks } = world.app.sniffer;
  const before = leaks.length;
  await work();
  return leaks.splice(before);
}

describe('the matrix fails', () => {
  it('when everybody may do everything to a row', async () => {
    const rows = [
      rowOf(moves, 'place', 'DRAFT'),
      rowOf(moves, 'cancel', 'CONFIRMED'),
      rowOf(operations, 'updateOrder', 'note of a draft'),
      rowOf(operations, 'setOrderLine', 'of a draft'),
    ];
    const check = (row: Row) => (moves.includes(row) ? wrongMoves(world, matrix, row) : matrix.operation(row));
    vi.spyOn(Actor.prototype, 'can').mockReturnValue(true);
    for (const row of rows) expect(await check(row), row.operation).not.toEqual([]);
    vi.restoreAllMocks();
    for (const row of rows) expect(await check(row), row.operation).toEqual([]);
  });
  it('when rights on fields do not bind writing', async () => {
    vi.spyOn(Actor.prototype, 'requireFields').mockReturnValue(undefined);
    expect(await matrix.operation(rowOf(operations, 'updateOrder', 'internal note of a draft'))).not.toEqual([]);
  });
  it('when reads are without the conditions on rows', async () => {
    widenRights((_own, { rows, everything }) => ({ rows, everything }));
    const leaks = await leaksOf(async () => {
      for (const [operation, situation] of [
        ['listOrders', 'one of Ada’s, one of Grace'],
        ['getOrder', 'placed'],
        ['listUsers', 'Ada and Grace'],
        ['getProduct', 'draft'],
      ])
        expect(await matrix.operation(rowOf(operations, operation, situation)), operation).not.toEqual([]);
      for (const [path, situation] of [
        ['OrderLine.product', 'one for sale, one draft'],
        ['Category.products', 'counted'],
        ['User.orders', 'of the customer of Ada’s order'],
      ])
        expect(await matrix.path(rowOf(nested, path, situation)), path).not.toEqual([]);
    });
    expect(leaks).toContainEqual(expect.stringMatching(/^grace was given canary-note-/));
    expect(leaks).toContainEqual(expect.stringMatching(/^anonymous was given canary-unreleased-/));
  });
  it('when reads are without the rights on fields', async () => {
    widenRights((_own, all) => ({ fields: all.fields }));
    const leaks = await leaksOf(async () => {
      const wrong = await hiddenField(world, rowOf(fields, 'Order.internalNote', 'ada'));
      expect(wrong).toContainEqual(expect.stringContaining('REST with fields: it is there'));
      expect(wrong).toContainEqual(expect.stringContaining('GraphQL, one.internalNote'));
      expect(wrong).toContainEqual(expect.stringContaining('filter contains: 1 and 1'));
      expect(await hiddenField(world, rowOf(fields, 'User.preferences', 'ada'))).not.toEqual([]);
    });
    expect(leaks).toContainEqual(expect.stringMatching(/^ada was given canary-internal-note-/));
    expect(leaks).toContainEqual(expect.stringMatching(/^support was given canary-preferences-ada-/));
  });
  it('when a role is given more than it should have', async () => {
    const setRules = async (rules: object[]) => {
      await world.app.database.sql(`update roles set rules = $1 where name = 'customer'`, [JSON.stringify(rules)]);
      await app.get(AccessState).refresh();
    };
    await setRules([{ action: 'ship', subject: 'Order' }]);
    expect(await wrongMoves(world, matrix, rowOf(moves, 'ship', 'CONFIRMED'))).not.toEqual([]);
    await setRules([]);
    expect(await wrongMoves(world, matrix, rowOf(moves, 'ship', 'CONFIRMED'))).toEqual([]);
  });
  it('when what is refused is done all the same', async () => {
    const { update } = OrdersService.prototype;
    vi.spyOn(OrdersService.prototype, 'update').mockImplementation(async function (
      this: OrdersService,
      actor,
      id,
      ...rest
    ) {
      await world.app.database.sql(`update orders set note = 'overwritten' where id = $1`, [id]);
      return update.call(this, actor, id, ...rest);
    });
    const wrong = await matrix.operation(rowOf(operations, 'updateOrder', 'note of a placed order'));
    expect(wrong).toContainEqual(expect.stringContaining('somebody changed rows'));
  });
});
describe('the sniffer', () => {
  it('looks at every answer of both APIs', async () => {
    // Ada's token in the hands of somebody who is called Grace.
    const grace = await world.app.as('grace', world.ids.ada);
    const id = world.orderIds.PLACED;
    expect(await leaksOf(() => grace.get(`/v1/orders/${id}`))).not.toEqual([]);
    expect(await leaksOf(() => grace.graphql(`{ order(id: "${id}") { note } }`))).not.toEqual([]);
  });
});
