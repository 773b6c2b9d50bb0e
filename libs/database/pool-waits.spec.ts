import { connect, createServer, type AddressInfo, type Server } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { TestDatabase } from '#libs/testing/database.js';
import { limitWaits, poolWaits } from './pool-waits.js';

let database: TestDatabase;
/** Between us and the database: takes connections at once and passes them on after a second. */
let slow: Server;
let url: string;
beforeAll(async () => {
  database = await TestDatabase.clone(inject('testDatabase'));
  const { hostname, port } = new URL(database.servingUrl);
  slow = createServer((near) => {
    near.pause();
    const far = connect(Number(port), hostname);
    for (const socket of [near, far]) socket.on('error', () => undefined);
    void pause(1_000).then(() => near.pipe(far).pipe(near));
  });
  await new Promise<void>((resolve) => slow.listen(0, '127.0.0.1', resolve));
  const through = new URL(database.servingUrl);
  through.port = String((slow.address() as AddressInfo).port);
  through.hostname = '127.0.0.1';
  url = through.href;
});
afterAll(async () => {
  slow?.close();
  await database?.drop();
});
const poolOf = () => new pg.Pool({ connectionString: url, max: 1, connectionTimeoutMillis: poolWaits.free });
const outcome = (asked: Promise<unknown>) => asked.then(() => 'done').catch((error: Error) => error.message);

it('a connection that takes its time to be made is waited for', async () => {
  const pool = poolOf();
  limitWaits(pool);
  expect(await outcome(pool.query('select 1'))).toBe('done');
  await pool.end();
});
it('one that others keep is not, and so the queue stays short', async () => {
  const pool = poolOf();
  limitWaits(pool);
  await pool.query('select 1');
  const busy = outcome(pool.query(`select pg_sleep(2)`));
  expect(await outcome(pool.query('select 1'))).toBe('timeout exceeded when trying to connect');
  expect(await busy).toBe('done');
  await pool.end();
});
it('control: with the limit of the package the first one is turned away', async () => {
  const pool = poolOf();
  expect(await outcome(pool.query('select 1'))).not.toBe('done');
  await pool.end();
});
