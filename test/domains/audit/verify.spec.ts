import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { Audit, draftOf } from '#libs/audit/audit.js';
import { AuditSealer } from '#libs/audit/sealer.js';
import type { VerifyOptions } from '#libs/audit/verify.js';
import { Database } from '#libs/database/database.js';
import { Secrets } from '#libs/secrets/secrets.js';
import { Snapshot } from '#libs/testing/snapshot.js';
import { auditVerify } from '#src/audit-verify.js';
import { testEncryptionKey } from '#test/harness/test-app.js';
import { startWorldOf } from '#test/harness/world.js';
import { auditTests } from './audit.tests.js';
import * as checks from './checks.js';
import type { AuditWorld } from './world.js';

let w: AuditWorld;
let pristine: Snapshot;
/** In the order of the chain. */
let ids: string[];
const key = Buffer.from(testEncryptionKey, 'base64');
const secretsOf = (...keys: Buffer[]) => new Secrets({ encryptionKeys: keys });
const sql = (text: string, values?: unknown[]) => w.app.database.sql(text, values);
const sealer = () => w.app.app.get(AuditSealer);
const told = (action: string) =>
  w.app.app.get(Database).transaction(async (em) => w.app.app.get(Audit).record(em, { action }));

const verify = (options?: VerifyOptions, secrets?: Secrets) => checks.verify(w, options, secrets);
const sabotage = (...statements: string[]) => checks.sabotage(w, ...statements);

beforeAll(async () => {
  w = await startWorldOf(auditTests);
  await sealer().seal();
  for (const action of ['test.one', 'test.two', 'test.three']) await told(action);
  await sealer().seal();
  await told('test.waiting');
  ids = (await sql('select unnest(entry_ids)::text as id from audit_seals order by no')).map(({ id }) => id as string);
  pristine = await Snapshot.take(w.app.database);
});
afterEach(() => pristine.restore());
afterAll(() => w.app.stop());

it('a trail that nobody touched is as it was written, on every way to check it', async () => {
  const verdict = await verify();
  expect(verdict).toMatchObject({ problem: undefined, seals: 2, entries: 7, waiting: 1, unknownKeys: 0 });
  const { head } = verdict;
  expect(await verify({ anchor: head })).toMatchObject({ problem: undefined });
  expect(await verify({ from: 2, anchor: head })).toMatchObject({ problem: undefined, seals: 1, entries: 3 });
  await told('test.later');
  await sealer().seal();
  expect(await verify({ anchor: head })).toMatchObject({ problem: undefined, seals: 3, entries: 9, waiting: 0 });
});

describe('what the owner of the tables does to it is found', () => {
  const at = (i: number) => `'${ids[i]}'`;
  const cases: [string, () => string[], RegExp][] = [
    ['an edit', () => [`update audit_entries set actor = 'user:x' where id = ${at(4)}`], /^Entry 4 .*was changed/],
    [
      'an edit of a time',
      () => [`update audit_entries set at = at + interval '1 ms' where id = ${at(0)}`],
      /^Entry 0 .*was changed/,
    ],
    [
      'an edit of a value',
      () => [`update audit_entries set after = after || '{"roles": []}' where id = ${at(1)}`],
      /^Entry 1 .*was changed/,
    ],
    [
      'another signature',
      () => [`update audit_entries set mac = mac || 'x' where id = ${at(2)}`],
      /^Entry 2 .*was changed/,
    ],
    ['a cut', () => [`delete from audit_entries where id = ${at(3)}`], /3 .* is missing/],
    ['a cut of the last one', () => [`delete from audit_entries where id = ${at(6)}`], /6 .* is missing/],
    [
      'a cut of what waits',
      () => [`delete from audit_entries where action = 'test.waiting'`],
      /not sealed yet\) is missing/,
    ],
    ['a cut of what waits, and of its place', () => [`delete from audit_unsealed`], /is not part of the chain/],
    [
      'a cut of the tail',
      () => [
        `delete from audit_entries where id = any(array[${ids
          .slice(4)
          .map((id) => `'${id}'`)
          .join()}]::uuid[])`,
        'delete from audit_seals where no = 2',
      ],
      /^Seal 2 is missing/,
    ],
    ['a cut of the beginning', () => ['delete from audit_seals where no = 1'], /^Seal 1 is missing/],
    [
      'a cut of everything',
      () => ['delete from audit_seals', 'delete from audit_entries', 'delete from audit_unsealed'],
      /^Seal 1 is missing/,
    ],
    [
      'a head that fits the cut',
      () => [
        'delete from audit_seals where no = 2',
        `update audit_head set seal = 1, total = 4, hash = (select hash from audit_seals where no = 1)`,
      ],
      /^The head of the chain was changed/,
    ],
    ['no head', () => ['delete from audit_head'], /^The head of the chain is missing/],
    [
      'two that changed places',
      () => [
        `update audit_entries set id = 'aaaaaaaa-0000-7000-8000-000000000000' where id = ${at(4)}`,
        `update audit_entries set id = ${at(4)} where id = ${at(5)}`,
        `update audit_entries set id = ${at(5)} where id = 'aaaaaaaa-0000-7000-8000-000000000000'`,
      ],
      /4 .* was changed/,
    ],
    [
      'another order in the seal',
      () => [`update audit_seals set entry_ids = array[entry_ids[2], entry_ids[1], entry_ids[3]] where no = 2`],
      /^Seal 2 was changed/,
    ],
    [
      'seals that changed places',
      () => ['update audit_seals set no = 3 - no + 10', 'update audit_seals set no = no - 10'],
      /^Seal 1 does not follow/,
    ],
    [
      'a seal of another time',
      () => [`update audit_seals set at = at - interval '1 day' where no = 1`],
      /^Seal 1 was changed/,
    ],
    ['one put in', () => [copied('false')], /is not part of the chain/],
    ['one put in to be sealed', () => [copied('true')], /was not written by the service/],
  ];
  /** A row like the first one, with an id of its own; `queued`: so that the sealer would take it. */
  function copied(queued: 'true' | 'false'): string {
    const columns = 'at, action, outcome, actor, mac';
    return `with copy as (insert into audit_entries (id, ${columns}) select gen_random_uuid(), ${columns} from audit_entries where action = 'test.one' returning id)
            insert into audit_unsealed select id from copy where ${queued}`;
  }
  it.each(cases)('%s', async (_name, statements, problem) => {
    await sabotage(...statements());
    const found = (await verify()).problem ?? 'nothing';
    // Names of entries as their places, so that a case can say which.
    expect(ids.reduce((text, id, i) => text.replace(id, String(i)), found)).toMatch(problem);
  });
  it('one that is sealed meanwhile stays found', async () => {
    await sabotage(copied('true'));
    await sealer().seal();
    expect((await verify()).problem).toMatch(/was not written by the service/);
  });
  it('an edit with every hash after it made anew', async () => {
    await checks.forge(w, 2, ids[4]);
    expect((await verify()).problem).toMatch(/was not made by the service/);
  });
  it('a return to how all of it once was, by whoever kept an anchor', async () => {
    const { head } = await verify();
    const [old] = await sql('select * from audit_head');
    await sealer().seal();
    const later = (await verify()).head;
    const { rows } = { rows: await sql('select entry_ids from audit_seals where no = 3') };
    await sabotage(
      `delete from audit_entries where id = any('{${rows[0].entry_ids.join()}}')`,
      'delete from audit_seals where no = 3',
      `update audit_head set seal = ${old.seal}, total = ${old.total}, hash = '\\x${old.hash.toString('hex')}', mac = '\\x${old.mac.toString('hex')}'`,
    );
    // Nothing in the database tells it from the trail of a minute ago.
    expect(await verify({ anchor: head })).toMatchObject({ problem: undefined });
    expect((await verify({ anchor: later })).problem).toBe(`Seal ${later.seal}, the anchor, is missing.`);
    expect((await verify({ anchor: { seal: 2, hash: later.hash } })).problem).toMatch(/is another one than the anchor/);
  });
});

it('keys change, and what old ones signed stays covered as long as the head is known', async () => {
  const other = Buffer.alloc(32, 'other');
  expect(await verify({}, secretsOf(other, key))).toMatchObject({ problem: undefined, unknownKeys: 0 });
  expect((await verify({}, secretsOf(other))).problem).toMatch(/signed by a key that ENCRYPTION_KEYS does not hold/);
});

it('the command says so, and exits with it', async () => {
  const written: string[] = [];
  const output = vi.spyOn(process.stdout, 'write').mockImplementation((text) => written.push(String(text)) > 0);
  const env = { DATABASE_URL: w.app.database.servingUrl, ENCRYPTION_KEYS: testEncryptionKey };
  expect(await auditVerify([], env)).toBe(0);
  await sabotage(`update audit_entries set actor = 'user:x' where id = '${ids[4]}'`);
  expect(await auditVerify(['--from', '2'], env)).toBe(1);
  output.mockRestore();
  expect(written[0]).toMatch(/as it was written\.\n7 entries in 2 seals.*\n.*--anchor 2:[0-9a-f]{64}/);
  expect(written[1]).toContain(`Entry ${ids[4]} (seal 2) was changed.`);
});

describe('the sealer', () => {
  it('misses nothing that commits late, and seals nothing twice on two instances', async () => {
    const late = Promise.withResolvers<void>();
    const written = Promise.withResolvers<void>();
    const transaction = w.app.app.get(Database).transaction(async (em) => {
      await w.app.app.get(Audit).write(em, [draftOf({ action: 'test.late' })]);
      written.resolve();
      await late.promise;
    });
    await written.promise;
    await told('test.early');
    const counts = await Promise.all(Array.from({ length: 4 }, () => sealer().seal()));
    expect(counts.reduce((a, b) => a + b)).toBe(2);
    late.resolve();
    await transaction;
    expect(await sealer().seal()).toBe(1);
    expect(await verify()).toMatchObject({ problem: undefined, seals: 4, entries: 10, waiting: 0 });
  });
  it('seals many in pieces', async () => {
    await w.app.app.get(Database).transaction(async (em) => {
      for (let i = 0; i < 2100; i++) w.app.app.get(Audit).record(em, { action: 'test.many' });
    });
    expect(await sealer().seal()).toBe(2101);
    expect(await verify()).toMatchObject({ problem: undefined, seals: 5, entries: 2108, waiting: 0 });
  });
});
