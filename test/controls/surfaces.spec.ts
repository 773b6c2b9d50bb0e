import { afterAll, afterEach, expect, it, vi } from 'vitest';
import { AppError } from '#libs/errors/app-error.js';
import { commonErrors } from '#libs/errors/common-errors.js';
import type { Document } from '#libs/database/answers.js';
import { hidden } from '#libs/database/item.js';
import type { Ask } from '#libs/database/list.js';
import { Reads } from '#libs/database/reads.js';
import { OrdersService } from '#src/orders/orders.service.js';
import { startSurfaces } from '#test/surfaces/started.js';

const { world, surfaces, tables } = await startSurfaces();
const table = tables.orders;
afterEach(() => vi.restoreAllMocks());
afterAll(() => world.app.stop());

const differences = (name: string) =>
  surfaces.differences(
    table,
    table.cases.find((one) => one.name === name)!,
  );
/** Makes something else of what GraphQL answers, which alone asks for hidden fields to be null. */
function changeGraphql(change: (document: Document) => void): void {
  const { document } = Reads.prototype;
  vi.spyOn(Reads.prototype, 'document').mockImplementation(async function (this: Reads, resource, access, id, ask, em) {
    const found = await document.call(this, resource, access, id, ask, em);
    if (found && ask.nullHidden) change(found);
    return found;
  });
}
const failing = (code: () => AppError) =>
  vi.spyOn(OrdersService.prototype, 'get').mockImplementation(async (_actor: unknown, _id: string, ask: Ask) => {
    throw ask.nullHidden ? code() : new AppError(commonErrors.NOT_FOUND);
  });

it('notes no difference where there is none', async () => {
  expect(await differences('reads an own order')).toEqual([]);
  expect(await differences('updates nothing on an old version')).toEqual([]);
});
it.each<[string, (document: Document) => void]>([
  ['another value', ({ item }) => (item.note = 'else')],
  ['another number', ({ item }) => (item.total = { ...(item.total as object), amount: 501 })],
  ['a null', ({ item }) => (item.placedAt = null)],
  ['another time', ({ item }) => (item.createdAt = '2026-01-01T00:00:00.000Z')],
  ['another order of a list', ({ item }) => (item.lines as unknown[]).reverse()],
  ['one row less', ({ item }) => (item.lines as unknown[]).pop()],
  ['another version', ({ item }) => (item.version = 7)],
  ['a null that does not say that it is hidden', ({ item }) => delete (item as { [hidden]?: unknown })[hidden]],
])('notes %s in the answer of GraphQL', async (_what, change) => {
  changeGraphql(change);
  expect(await differences('reads an own order')).not.toEqual([]);
});
it('notes another code', async () => {
  failing(() => new AppError(commonErrors.FORBIDDEN));
  expect(await differences('reads what there is not')).not.toEqual([]);
});
it('notes other details', async () => {
  failing(() => new AppError(commonErrors.NOT_FOUND, { details: [{ field: 'id', code: 'FORMAT' }] }));
  expect(await differences('reads what there is not')).toContain(
    'GraphQL, run 1 and REST, details, 0: "id FORMAT" instead of absent',
  );
});
it('notes when both are wrong alike', async () => {
  failing(() => new AppError(commonErrors.NOT_FOUND));
  expect(await differences('reads what there is not')).toEqual([
    'REST, outcome: "NOT_FOUND" instead of "ORDER_NOT_FOUND"',
  ]);
});
it('notes a precondition that only one of them knows', async () => {
  const { update } = OrdersService.prototype;
  vi.spyOn(OrdersService.prototype, 'update').mockImplementation(function (
    this: OrdersService,
    actor,
    id,
    input,
    ifMatch,
    ask,
  ) {
    return update.call(this, actor, id, input, ask.nullHidden ? undefined : ifMatch, ask);
  });
  expect(await differences('updates nothing on an old version')).not.toEqual([]);
});
it('notes a list that is filtered, sorted or counted otherwise', async () => {
  const { list } = OrdersService.prototype;
  for (const [name, change] of [
    ['lists by a status', { filter: {} }],
    ['lists by createdAt ascending', { sort: '-createdAt' }],
    ['lists what was counted only', { count: true, filter: { status: { eq: 'DRAFT' } } }],
    ['lists by what the caller may not read', { filter: {} }],
  ] as const) {
    vi.spyOn(OrdersService.prototype, 'list').mockImplementation(function (this: OrdersService, actor, input) {
      return list.call(this, actor, input.nullHidden ? { ...input, ...change } : input);
    });
    expect(await differences(name), name).not.toEqual([]);
    vi.restoreAllMocks();
  }
});
