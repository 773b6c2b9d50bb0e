import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import pg from 'pg';
import type { PgBoss } from 'pg-boss';
import { afterAll, afterEach, beforeAll, expect, inject, it, vi } from 'vitest';
import { createContext, currentContext, runInContext } from '#libs/context/request-context.js';
import { Database } from '#libs/database/database.js';
import { TestDatabase } from '#libs/testing/database.js';
import { JobWorker } from '#libs/testing/job-worker.js';
import { listDeadLetters, resendDeadLetters } from './dead-letters.js';
import { defineJob, JobCannotSucceed } from './job.js';
import { bossOver, withinTransaction } from './schema.js';

interface Note {
  readonly text: string;
}
const quick = { description: 'of the test', polling: 0.5, retryDelay: 0 };
const note = defineJob<Note>('test.note', quick);
const flaky = defineJob<Note>('test.flaky', { ...quick, retries: 1 });
const hopeless = defineJob<Note>('test.hopeless', quick);
const single = defineJob<Note>('test.single', { ...quick, exclusive: true });
const slow = defineJob<Note>('test.slow', quick);
const nobodys = defineJob<Note>('test.nobodys', quick);

let database: TestDatabase;
let worker: JobWorker;
let pool: pg.Pool;
let boss: PgBoss;
const lines: Record<string, unknown>[] = [];
const done: { text: string; correlationId?: string; traceId?: string; attempt: number }[] = [];
const texts = () => done.map(({ text }) => text);
let release: () => void = () => undefined;
const held = new Promise<void>((resolve) => (release = resolve));

beforeAll(async () => {
  database = await TestDatabase.clone(inject('testDatabase'));
  pool = new pg.Pool({ connectionString: database.servingUrl, max: 1 });
  boss = bossOver(pool);
  const record = (text: string, attempt: number) => {
    const context = currentContext();
    done.push({ text, attempt, correlationId: context?.correlationId, traceId: context?.traceId });
  };
  worker = await JobWorker.start(database.servingUrl, {
    role: 'all',
    log: (line) => void lines.push(line),
    handle: (jobs) => {
      jobs.handle(note, async ({ text }, { number }) => record(text, number));
      jobs.handle(flaky, async ({ text }, { number }) => {
        record(text, number);
        if (number === 1 || text === 'never') throw new Error(`attempt ${number} of ada@example.com`);
      });
      jobs.handle(hopeless, async () => {
        throw new JobCannotSucceed('no such thing');
      });
      jobs.handle(single, async () => held);
      jobs.handle(slow, async ({ text }, { number }) => {
        if (number === 1) await held;
        record(`${text} ${number}`, number);
      });
    },
  });
});
afterEach(() => void (done.length = 0));
afterAll(async () => {
  release();
  await worker.stop();
  await pool.end();
  await database.drop();
});
const soon = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 20_000, interval: 50 });
const stateOf = async (id: string) =>
  (
    await database.sql<{ state: string; attempt: number }>(
      'select state, retry_count as attempt from jobs.job where id = $1',
      [id],
    )
  )[0];

it('is done once it is committed, and not at all when it is rolled back', async () => {
  const db = worker.app.get(Database);
  await expect(
    db.transaction(async (em) => {
      await worker.jobs.send(em, note, { text: 'rolled back' });
      throw new Error('no');
    }),
  ).rejects.toThrow('no');
  await db.transaction(async (em) => {
    await worker.jobs.send(em, note, { text: 'committed' });
    expect(await database.sql(`select 1 from jobs.job where data->'payload'->>'text' = 'committed'`)).toEqual([]);
  });
  await worker.jobs.send(undefined, note, { text: 'last' });
  await soon(() => expect(texts()).toContain('last'));
  expect(texts()).toEqual(['committed', 'last']);
});
it('refuses to be sent with an entity manager that has no transaction', async () => {
  const em = worker.app.get(Database);
  await em.transaction(async (inner) => {
    await expect(worker.jobs.send(inner.fork(), note, { text: '' })).rejects.toThrow('outside the transaction');
  });
});
it('that nobody handles cannot be sent', async () => {
  await expect(worker.jobs.send(undefined, nobodys, { text: '' })).rejects.toThrow('nobody handles job test.nobodys');
});
it('has the correlation id and the trace of its sender', async () => {
  const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
  const context = createContext('', { 'x-correlation-id': 'c-7', traceparent: `00-${trace}-00f067aa0ba902b7-01` });
  await runInContext(context, () => worker.jobs.send(undefined, note, { text: 'traced' }));
  await soon(() => expect(texts()).toContain('traced'));
  expect(done[0]).toMatchObject({ correlationId: 'c-7', traceId: trace });
  await soon(() =>
    expect(lines).toContainEqual(
      expect.objectContaining({ msg: 'job done', job: 'test.note', correlationId: 'c-7', traceId: trace }),
    ),
  );
});
it('with a key is sent once, whatever became of it', async () => {
  const send = () => worker.jobs.send(undefined, note, { text: 'keyed' }, { key: 'k 1' });
  const ids = await Promise.all([send(), send(), send()]);
  expect(ids.filter(Boolean)).toHaveLength(1);
  await soon(async () => expect((await stateOf(ids.find(Boolean)!)).state).toBe('completed'));
  expect(await send()).toBeUndefined();
  expect(texts()).toEqual(['keyed']);
});
it('waits until its time', async () => {
  const id = await worker.jobs.send(
    undefined,
    note,
    { text: 'later' },
    { startAfter: new Date(Date.now() + 3_600_000) },
  );
  await worker.jobs.send(undefined, note, { text: 'now' });
  await soon(() => expect(texts()).toEqual(['now']));
  expect((await stateOf(id!)).state).toBe('created');
});
it('that is exclusive is dropped while one waits or runs', async () => {
  const id = await worker.jobs.send(undefined, single, { text: '' });
  expect(await worker.jobs.send(undefined, single, { text: '' })).toBeUndefined();
  await soon(async () => expect((await stateOf(id!)).state).toBe('active'));
  expect(await worker.jobs.send(undefined, single, { text: '' })).toBeUndefined();
});
it('that fails is tried again', async () => {
  const id = await worker.jobs.send(undefined, flaky, { text: 'flaky' });
  await soon(async () => expect((await stateOf(id!)).state).toBe('completed'));
  expect(done.map(({ attempt }) => attempt)).toEqual([1, 2]);
});
it('that fails for good is logged, kept, and can be sent again', async () => {
  const id = await worker.jobs.send(undefined, flaky, { text: 'never' });
  const without = await worker.jobs.send(undefined, hopeless, { text: 'x' });
  await soon(async () => {
    expect((await stateOf(id!)).state).toBe('failed');
    expect((await stateOf(without!)).state).toBe('failed');
  });
  const letters = await listDeadLetters(boss);
  expect(letters.map(({ job, attempts, error }) => ({ job, attempts, error }))).toEqual(
    expect.arrayContaining([
      { job: 'test.flaky', attempts: 2, error: 'attempt 2 of [email]' },
      { job: 'test.hopeless', attempts: 1, error: 'no such thing' },
    ]),
  );
  const failures = lines.filter(({ msg }) => msg === 'job failed for good');
  expect(failures.map(({ job, level }) => ({ job, level }))).toEqual(
    expect.arrayContaining([
      { job: 'test.flaky', level: 'error' },
      { job: 'test.hopeless', level: 'error' },
    ]),
  );
  done.length = 0;
  const [letter] = await listDeadLetters(boss, flaky.name);
  expect(await resendDeadLetters(boss, { id: letter.id })).toBe(1);
  await soon(() => expect(texts()).toContain('never'));
  await soon(async () => expect(await listDeadLetters(boss, flaky.name)).toHaveLength(1));
});
it('whose worker was not heard of runs again, and the late end of the first attempt changes nothing', async () => {
  const id = await worker.jobs.send(undefined, slow, { text: 'slow' });
  await soon(async () => expect((await stateOf(id!)).state).toBe('active'));
  const other = await JobWorker.start(database.servingUrl, {
    handle: (jobs) =>
      jobs.handle(slow, async ({ text }, { number }) => {
        done.push({ text: `${text} ${number} elsewhere`, attempt: number });
      }),
  });
  await soon(async () => {
    // As if nothing had been heard of the worker, whatever it says meanwhile; another one takes the job.
    await database.sql(
      `update jobs.job set heartbeat_on = now() - interval '1 hour' where id = $1 and retry_count = 0`,
      [id],
    );
    expect(await stateOf(id!)).toEqual({ state: 'completed', attempt: 1 });
  });
  expect(texts()).toEqual(['slow 2 elsewhere']);
  const before = await database.sql('select completed_on, output from jobs.job where id = $1', [id]);
  release();
  await soon(() => expect(texts()).toContain('slow 1'));
  await soon(() =>
    expect(lines).toContainEqual(
      expect.objectContaining({ job: 'test.slow', attempt: 1, durationMs: expect.any(Number) }),
    ),
  );
  await other.stop();
  expect(await database.sql('select completed_on, output from jobs.job where id = $1', [id])).toEqual(before);
});
it('has the tables that this release of pg-boss needs', async () => {
  const require = createRequire(import.meta.url);
  const file = require.resolve('pg-boss').replace(/dist.*$/, 'package.json');
  const { pgboss } = JSON.parse(readFileSync(file, 'utf8')) as { pgboss: { schema: number } };
  const [{ version }] = await database.sql('select version from jobs.version');
  expect(version, 'a migration has to call installJobs again').toBe(pgboss.schema);
});
it('leaves the transaction of the migrations to its owner', () => {
  const plan = '\n BEGIN;\n SET LOCAL lock_timeout = 30000;\n create table t (begin int);\n COMMIT;\n';
  expect(withinTransaction(plan).trim()).toBe('create table t (begin int);');
});
