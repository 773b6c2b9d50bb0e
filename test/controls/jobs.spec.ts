import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import pg from 'pg';
import type { PgBoss } from 'pg-boss';
import { bossOver } from '#libs/jobs/schema.js';
import { TestDatabase } from '#libs/testing/database.js';

let database: TestDatabase;
let pool: pg.Pool;
let boss: PgBoss;
const queue = 'control.fence';
beforeAll(async () => {
  database = await TestDatabase.clone(inject('testDatabase'));
  pool = new pg.Pool({ connectionString: database.servingUrl, max: 2 });
  boss = bossOver(pool);
  await boss.createQueue(queue, { retryLimit: 3, retryDelay: 0, heartbeatSeconds: 10 });
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});
/** A job whose first worker was given up and whose second one has it. */
async function takenOver() {
  const id = (await boss.send(queue, {}))!;
  const [first] = await boss.fetch(queue);
  await database.sql(`update jobs.job set heartbeat_on = now() - interval '1 hour' where id = $1`, [id]);
  await database.sql(`update jobs.queue set monitor_claim_on = null, monitor_on = null where name = $1`, [queue]);
  await boss.supervise(queue);
  const [second] = await boss.fetch(queue);
  expect([first.id, second.id, first.retryCount, second.retryCount]).toEqual([id, id, 0, 1]);
  const state = async () =>
    (await database.sql<{ state: string }>('select state from jobs.job where id = $1', [id]))[0].state;
  return { id, first, second, state };
}

it('who completes by attempt is refused when another one has the job', async () => {
  const { first, second, state } = await takenOver();
  await boss.complete(queue, first);
  expect(await state()).toBe('active');
  await boss.complete(queue, second);
  expect(await state()).toBe('completed');
});
it('who completes by id alone ends what another one has', async () => {
  const { id, state } = await takenOver();
  await boss.complete(queue, id);
  expect(await state()).toBe('completed');
});
