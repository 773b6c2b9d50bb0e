import { createServer, connect, type AddressInfo } from 'node:net';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, inject, it, vi } from 'vitest';
import { PipelinedTransaction } from '#libs/database/pipelined-transaction.js';
import { CountingClient } from '#libs/database/statements.js';
import { Pipelined } from './pipelined.js';

let on: Pipelined;
beforeEach(async () => {
  on = await Pipelined.open();
});
afterEach(async () => {
  await on.requireQuiet();
  await on.opened.close();
});
const nothing = async () => undefined;

describe('a pipelined transaction', () => {
  it('gives what its statements give, and is there when it ends', async () => {
    const found = await on.database.pipelined(
      (transaction) => on.run(transaction, 'select other from things where id = 2 for update'),
      async (transaction, rows) => {
        const [, seen] = await Promise.all([
          on.insert(transaction, 3, (rows[0][0] as number) + 5),
          on.run(transaction, 'select other from things where id = 3'),
        ]);
        // Behind the commit, which it does not have to wait for.
        const later = await on.run(transaction, 'select count(*)::int from things');
        return [seen[0][0], later[0][0]];
      },
    );
    expect(found).toEqual([7, 3]);
    expect(await on.ids()).toEqual([1, 2, 3]);
  });
  it('takes two round trips', async () => {
    let turns = 0;
    let mine = false;
    const { hostname, port, username, password, pathname } = new URL(on.opened.database.servingUrl);
    const proxy = createServer((client) => {
      const server = connect(Number(port), hostname);
      client.on('data', (data) => {
        if (!mine) turns++;
        mine = true;
        server.write(data);
      });
      server.on('data', (data) => {
        mine = false;
        client.write(data);
      });
      for (const socket of [client, server])
        socket.on('error', () => {}).on('close', () => (client.destroy(), server.destroy()));
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const { port: proxied } = proxy.address() as AddressInfo;
    const pool = new pg.Pool({
      connectionString: `postgres://${username}:${password}@127.0.0.1:${proxied}${pathname}`,
      Client: CountingClient,
    });
    const client = await pool.connect();
    turns = 0;
    mine = false;
    await PipelinedTransaction.run(
      client,
      (transaction) => on.run(transaction, 'select id from things where id = $1 for update', [1]),
      (transaction) => Promise.all([on.insert(transaction, 3), on.insert(transaction, 4)]),
    );
    expect(turns).toBe(2);
    await pool.end();
    proxy.close();
    expect(await on.ids()).toEqual([1, 2, 3, 4]);
  });
  it('writes nothing when a statement fails, and tells of that one', async () => {
    const { ids, error } = await on.failBetween();
    expect(error).toMatchObject({ code: '23505', constraint: 'things_pkey' });
    expect((error as Error).stack).toContain('statements.ts');
    expect(ids).toEqual([1, 2]);
  });
  it('writes nothing when a statement takes too long', async () => {
    const slow = on.database.pipelined(
      (transaction) => on.run(transaction, `select set_config('statement_timeout', '50ms', true)`),
      (transaction) => Promise.all([on.insert(transaction, 3), on.run(transaction, 'select pg_sleep(5)')]),
    );
    await expect(slow).rejects.toMatchObject({ code: '57014' });
    expect(await on.ids()).toEqual([1, 2]);
  });
  it('writes nothing when the commit fails', async () => {
    const commit = on.database.pipelined(nothing, (transaction) => on.insert(transaction, 3, 1));
    await expect(commit).rejects.toMatchObject({ code: '23505', constraint: 'things_other_key' });
    expect(await on.ids()).toEqual([1, 2]);
  });
  it('does not end well when it hides a failure', async () => {
    const hidden = on.database.pipelined(nothing, async (transaction) => {
      const failing = on.insert(transaction, 1).catch(() => 'hidden');
      return Promise.all([on.insert(transaction, 3).catch(() => 'hidden'), failing]);
    });
    await expect(hidden).rejects.toThrow('The transaction ended with ROLLBACK.');
    expect(await on.ids()).toEqual([1, 2]);
  });
  it('rolls back, and lets go of its locks, when something is thrown before the last statements', async () => {
    const thrown = on.database.pipelined(
      (transaction) => on.run(transaction, 'select id from things for update'),
      () => {
        throw new Error('out of stock');
      },
    );
    await expect(thrown).rejects.toThrow('out of stock');
    await on.opened.database.sql('select id from things for update nowait');
  });
  it('takes no write behind its commit', async () => {
    const late = on.database.pipelined(nothing, async (transaction) => {
      await on.insert(transaction, 3);
      await on.insert(transaction, 4);
    });
    await expect(late).rejects.toThrow('has been committed');
    expect(await on.ids()).toEqual([1, 2, 3]);
  });
  it('has written nothing when it did not begin', async () => {
    const query = CountingClient.prototype.query;
    vi.spyOn(CountingClient.prototype, 'query').mockImplementation(function (this: CountingClient, ...args) {
      return query.apply(this, args[0] === 'begin' ? ['begin nonsense'] : args) as unknown;
    });
    const { ids, error } = await on.failBetween('select 1');
    vi.restoreAllMocks();
    expect(error).toMatchObject({ code: '42601' });
    expect(ids).toEqual([1, 2]);
  });
});

describe('a pipelined transaction is tried again', () => {
  it('after a deadlock, and both of the two are there', async () => {
    const both = Promise.withResolvers<void>();
    let waiting = 0;
    const tries: number[] = [];
    const write = (first: number, second: number, id: number) =>
      on.database.pipelined(
        async (transaction) => {
          tries.push(id);
          // A busy machine may need longer to see the deadlock than locks are waited for.
          await on.run(transaction, `select set_config('lock_timeout', '0', true)`);
          await on.run(transaction, 'select id from things where id = $1 for update', [first]);
          if (++waiting === 2) both.resolve();
          await both.promise;
          await on.run(transaction, 'select id from things where id = $1 for update', [second]);
        },
        (transaction) => on.insert(transaction, id),
      );
    await Promise.all([write(1, 2, 3), write(2, 1, 4)]);
    expect(tries.length).toBeGreaterThan(2);
    expect(await on.ids()).toEqual([1, 2, 3, 4]);
  });
  it('after a serialization failure among the last statements, as often as it is said', async () => {
    const fail = `do $$ begin raise exception 'again' using errcode = '40001'; end $$`;
    let tries = 0;
    const failing = (times: number) =>
      on.database.pipelined(nothing, (transaction) =>
        Promise.all([on.insert(transaction, 3), ++tries <= times && on.run(transaction, fail)]),
      );
    await expect(failing(3)).rejects.toMatchObject({ code: '40001' });
    expect(tries).toBe(3);
    expect(await on.ids()).toEqual([1, 2]);
    tries = 0;
    await failing(2);
    expect(tries).toBe(3);
    expect(await on.ids()).toEqual([1, 2, 3]);
  });
});

describe('a connection that is lost', () => {
  /** Of whoever sleeps, seen by a superuser. */
  const end = async () => {
    const admin = new pg.Client({ connectionString: inject('testDatabase').adminUrl });
    await admin.connect();
    await vi.waitFor(async () => {
      const { rowCount } = await admin.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep(7)' and state = 'active'`,
      );
      expect(rowCount).toBe(1);
    });
    await admin.end();
  };
  it.each([
    ['while something is read', 0],
    ['among the last statements', 1],
  ])('%s is an error of the caller, and nothing is written', async (_when, at) => {
    const sleep = (transaction: Parameters<typeof on.run>[0]) => on.run(transaction, 'select pg_sleep(7)');
    const lost = on.database.pipelined(
      (transaction) => (at === 0 ? sleep(transaction) : Promise.resolve([])),
      (transaction) => Promise.all([on.insert(transaction, 3), at === 1 && sleep(transaction)]),
    );
    await Promise.all([expect(lost).rejects.toMatchObject({ code: '57P01' }), end()]);
    expect(await on.ids()).toEqual([1, 2]);
    await on.database.pipelined(nothing, (transaction) => on.insert(transaction, 3));
    expect(await on.ids()).toEqual([1, 2, 3]);
  });
});
