import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CountingClient } from '#libs/database/statements.js';
import { Pipelined } from '#test/queries/pipelined.js';

let on: Pipelined;
beforeEach(async () => {
  on = await Pipelined.open();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await on.opened.close();
});

it('a transaction that does not begin leaves a half behind when it fails', async () => {
  const query = CountingClient.prototype.query;
  vi.spyOn(CountingClient.prototype, 'query').mockImplementation(function (this: CountingClient, ...args) {
    return query.apply(this, args[0] === 'begin' ? ['select 1'] : args) as unknown;
  });
  expect((await on.failBetween()).ids).toEqual([1, 2, 3, 4]);
});
it('a failure that nobody looks for, with a commit that is not looked at, is taken for a success', async () => {
  const query = CountingClient.prototype.query;
  vi.spyOn(CountingClient.prototype, 'query').mockImplementation(async function (this: CountingClient, ...args) {
    const answer = await (query.apply(this, args) as Promise<{ command: string }>).catch(() => ({ rows: [] }));
    return args[0] === 'commit' ? { ...answer, command: 'COMMIT' } : answer;
  });
  expect(await on.failBetween()).toEqual({ ids: [1, 2], error: undefined });
});
