// Weaknesses: an old key that can never be dropped, and one that is dropped while something still needs it.
import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { PersonKeys } from '#libs/audit/person-keys.js';
import { Database } from '#libs/database/database.js';
import { Connection } from '#libs/doctor/connection.js';
import { reseal, type Query } from '#libs/secrets/reseal.js';
import { Secrets } from '#libs/secrets/secrets.js';
import { sealedTotpSecrets } from '#src/identity/second-factor/totp.js';
import { TestApp, testEncryptionKey } from '#test/harness/test-app.js';
import { examineSealed } from './sealed-check.js';
import { Resealing } from './resealing.module.js';
import { sealedColumns } from './sealed-columns.js';

const [oldKey, newKey] = [Buffer.from(testEncryptionKey, 'base64'), randomBytes(32)];
const keysOf = (...keys: Buffer[]) => keys.map((key) => key.toString('base64')).join(',');
const old = new Secrets({ encryptionKeys: [oldKey] });
const both = new Secrets({ encryptionKeys: [newKey, oldKey] });
const later = new Secrets({ encryptionKeys: [newKey] });
const people = 25;

let app: TestApp;
let other: TestApp;
let ids: string[];
beforeAll(async () => {
  const env = { ENCRYPTION_KEYS: keysOf(newKey, oldKey) };
  app = await TestApp.start({ env });
  other = await TestApp.start({ env, database: app.database, issuer: app.issuer });
});
afterAll(async () => {
  await other?.stop();
  await app?.stop();
});
beforeEach(async () => {
  await app.database.sql('delete from totp_secrets');
  ids = Array.from({ length: people }, () => randomUUID());
  await app.database.sql(
    `insert into users (id, email, display_name) select id, id || '@example.com', 'x' from unnest($1::uuid[]) id`,
    [ids],
  );
  await app.database.sql(
    `insert into totp_secrets (user_id, sealed, last_step) select id, sealed, 0 from unnest($1::uuid[], $2::text[]) as n (id, sealed)`,
    [ids, ids.map((id) => old.seal(sealedTotpSecrets.purpose, `secret of ${id}`, id))],
  );
});
const query: Query = async (text, values) =>
  (await app.database.sql(text, [...values])).map((row) => Object.values(row as object) as unknown[]);
const stored = async () =>
  (await app.database.sql('select user_id::text as id, sealed from totp_secrets')) as { id: string; sealed: string }[];
const openedBy = async (secrets: Secrets) =>
  (await stored()).filter(({ id, sealed }) => {
    try {
      return secrets.open(sealedTotpSecrets.purpose, sealed, id).toString() === `secret of ${id}`;
    } catch {
      return false;
    }
  }).length;
async function doctor(...keys: Buffer[]) {
  const db = await Connection.open(app.database.servingUrl);
  try {
    return await examineSealed(db, keys);
  } finally {
    await db.close();
  }
}

it('everything is sealed anew by two instances at once, and then the old key can go', async () => {
  await app.app.get(Database).transaction((em) => app.app.get(PersonKeys).provide(ids, em));
  const sealed = ids.map((id) => old.seal('person key', randomBytes(32), id));
  await app.database.sql(
    `update person_keys k set sealed_key = n.sealed from unnest($1::uuid[], $2::text[]) as n (id, sealed) where k.person_id = n.id`,
    [ids, sealed],
  );
  const [before] = await doctor(newKey, oldKey);
  expect(before).toMatchObject({ status: 'warning', cure: expect.stringContaining('--reseal') });
  expect(before.message).toMatch(new RegExp(`totp_secrets \\(${people}\\), person_keys \\(${people}\\)`));
  expect((await doctor(newKey))[0]).toMatchObject({
    status: 'problem',
    message: expect.stringContaining('totp_secrets'),
  });
  const runs = await Promise.all([app, other].map((each) => each.app.get(Resealing).run(undefined, 4)));
  for (const { table } of sealedColumns) {
    const of = runs.map((run) => run.find((each) => each.table === table)!);
    expect(of.map(({ closed }) => closed)).toEqual([0, 0]);
    if (table !== 'signing_keys') expect(of[0].done + of[1].done).toBe(people);
  }
  expect(await openedBy(later)).toBe(people);
  expect(await doctor(newKey)).toEqual([expect.objectContaining({ status: 'ok' })]);
  const [{ sealed_key: key }] = await app.database.sql('select sealed_key from person_keys where person_id = $1', [
    ids[0],
  ]);
  expect(later.open('person key', key as string, ids[0])).toEqual(old.open('person key', sealed[0], ids[0]));
  // Whoever only has the new key signs tokens with the key that was there.
  const alone = await TestApp.start({
    env: { ENCRYPTION_KEYS: keysOf(newKey) },
    database: app.database,
    issuer: app.issuer,
  });
  expect((await (await alone.as('ada', ids[0])).get('/v1/users/me')).status).toBe(200);
  await alone.stop();
  expect(await app.app.get(Resealing).run()).toEqual(sealedColumns.map(({ table }) => ({ table, done: 0, closed: 0 })));
});
it('stopped in the middle nothing is lost, and the next run does the rest', async () => {
  const giveUp = new AbortController();
  let updates = 0;
  const dying: Query = async (text, values) => {
    const rows = await query(text, values);
    if (text.trimStart().startsWith('update') && ++updates === 2) giveUp.abort();
    return rows;
  };
  await expect(reseal(dying, both, sealedTotpSecrets, { signal: giveUp.signal, batch: 5 })).rejects.toThrow();
  expect([await openedBy(later), await openedBy(both)]).toEqual([10, people]);
  expect(await reseal(query, both, sealedTotpSecrets, { batch: 5 })).toMatchObject({ done: 15, closed: 0 });
  expect(await openedBy(later)).toBe(people);
});
/** Somebody gets a new secret between the look and the write. */
async function changedMeanwhile(write = (text: string) => text) {
  const fresh = both.seal(sealedTotpSecrets.purpose, 'a new secret', ids[0]);
  const racing: Query = async (text, values) => {
    const isWrite = text.trimStart().startsWith('update');
    if (isWrite) await query('update totp_secrets set sealed = $2 where user_id = $1', [ids[0], fresh]);
    return query(isWrite ? write(text) : text, values);
  };
  await reseal(racing, both, sealedTotpSecrets);
  const { sealed } = (await stored()).find(({ id }) => id === ids[0])!;
  return both.open(sealedTotpSecrets.purpose, sealed, ids[0]).toString();
}
it('what is changed meanwhile stays as it is', async () => {
  expect(await changedMeanwhile()).toBe('a new secret');
});
it('control: a write that does not compare brings the old secret back', async () => {
  expect(await changedMeanwhile((text) => text.replace('= n.old', '<> (n.old || n.id::text)'))).toBe(
    `secret of ${ids[0]}`,
  );
});
it('what nobody can open is left, counted, and does not hold up the rest', async () => {
  const lost = new Secrets({ encryptionKeys: [randomBytes(32)] }).seal(sealedTotpSecrets.purpose, 'lost', ids[3]);
  await app.database.sql('update totp_secrets set sealed = $2 where user_id = $1', [ids[3], lost]);
  expect(await reseal(query, both, sealedTotpSecrets, { batch: 2 })).toMatchObject({ done: people - 1, closed: 1 });
  expect((await stored()).find(({ id }) => id === ids[3])!.sealed).toBe(lost);
  expect((await doctor(newKey, oldKey))[0].status).toBe('problem');
});
