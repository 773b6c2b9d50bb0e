import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest';
import { Connection } from '#libs/doctor/connection.js';
import { JobWorker } from '#libs/testing/job-worker.js';
import { TestDatabase } from '#libs/testing/database.js';
import { defineJob, JobCannotSucceed } from './job.js';
import { examineJobs } from './jobs-check.js';

const hopeless = defineJob<object>('test.hopeless', { description: 'of the test', polling: 0.5, retryDelay: 0 });

let database: TestDatabase;
let doctor: Connection;
beforeAll(async () => {
  database = await TestDatabase.clone(inject('testDatabase'));
  doctor = await Connection.open(database.servingUrl);
});
afterAll(async () => {
  await doctor?.close();
  await database?.drop();
});

it('finds jobs that nobody runs, and then those that failed for good', async () => {
  const sender = await JobWorker.start(database.servingUrl, {
    role: 'api',
    handle: (jobs) => jobs.handle(hopeless, no),
  });
  await sender.jobs.send(undefined, hopeless, {});
  await sender.stop();
  const [first, ...none] = await examineJobs(doctor);
  expect([first.status, none]).toEqual(['ok', []]);
  await database.sql(`update jobs.job set start_after = now() - interval '6 minutes' where name = $1`, [hopeless.name]);
  expect(await examineJobs(doctor)).toEqual([
    {
      check: 'jobs',
      status: 'warning',
      message: '1 jobs are due for more than 5 minutes; 0 workers run.',
      cure: expect.stringContaining('ROLE=worker'),
    },
  ]);

  const worker = await JobWorker.start(database.servingUrl, { handle: (jobs) => jobs.handle(hopeless, no) });
  const found = () => examineJobs(doctor);
  await vi.waitFor(
    async () =>
      expect(await found()).toEqual([
        {
          check: 'jobs',
          status: 'warning',
          message: 'Failed for good: test.hopeless (1).',
          cure: expect.stringContaining('npm run jobs'),
        },
      ]),
    { timeout: 20_000, interval: 100 },
  );
  await worker.stop();
});
it('finds rights that are missing', async () => {
  const [{ role }] = await doctor.rows<{ role: string }>('select current_user::text as role');
  await database.sql(`revoke delete on jobs.job from "${role}"`);
  expect(await examineJobs(doctor)).toMatchObject([
    { status: 'problem', message: expect.stringContaining('lacks rights'), cure: expect.stringContaining('grant') },
  ]);
});
async function no(): Promise<void> {
  throw new JobCannotSucceed('no');
}
