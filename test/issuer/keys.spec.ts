// Weaknesses: keys that nobody can replace, that verifiers learn too late, that lie open in the database.
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  customFetch,
  decodeProtectedHeader,
  jwtVerify,
  type JSONWebKeySet,
} from 'jose';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { SigningKeyStore } from '#libs/authn/signing-key-store.js';
import { SigningKeys } from '#libs/authn/signing-keys.js';
import { loadConfig } from '#libs/config/config.js';
import { Secrets } from '#libs/secrets/secrets.js';
import { TestDatabase } from '#libs/testing/database.js';
import { testEncryptionKey } from '#test/harness/test-app.js';
import { startWorld, type World } from '#test/harness/world.js';
import { TestApp } from '#test/harness/test-app.js';
import { Browser, Instances, me, mobile, signIn } from './client.js';

let world: World;
let second: TestApp;
let instances: Instances;
let store: SigningKeyStore;
const secrets = new Secrets(loadConfig({ DATABASE_URL: 'postgres://a@b/c', ENCRYPTION_KEYS: testEncryptionKey }));
const storeOn = (database: TestDatabase) =>
  new SigningKeyStore(
    async (text, values) => (await database.sql(text, [...values])).map((row) => Object.values(row)),
    secrets,
  );
beforeAll(async () => {
  world = await startWorld();
  second = await TestApp.start({ database: world.app.database, issuer: world.app.issuer });
  instances = new Instances([world.app, second]);
  store = storeOn(world.app.database);
});
afterAll(async () => {
  await second?.stop();
  await world?.app.stop();
});
const states = async () => (await store.read()).map(({ state }) => state);
const sql = (text: string) => world.app.database.sql(text);
const takeKeys = () => Promise.all(instances.all.map(({ app }) => app.get(SigningKeys).load()));
const tokens = () => signIn(new Browser(instances), world.ids.ada, mobile);

it('two instances that start at once on an empty table make one key', async () => {
  const database = await TestDatabase.clone(inject('testDatabase'));
  await Promise.all(Array.from({ length: 8 }, () => storeOn(database).keepUp()));
  expect((await storeOn(database).read()).map(({ state }) => state)).toEqual(['active']);
  await database.drop();
});
it('tokens verify before, during and after a rotation, on instances that have not all heard of it', async () => {
  const keys = createRemoteJWKSet(new URL(`${instances.publicUrl}/oauth/jwks`), {
    [customFetch]: (url: string) => instances.fetch(url),
    cooldownDuration: 0,
  });
  const check = async (token: string, audience: string) =>
    (await jwtVerify(token, keys, { issuer: instances.publicUrl, audience })).protectedHeader.kid;
  const before = await tokens();
  expect(await check(before.access_token, 'tandem')).toBe('test');

  const { kid } = await store.rotate('planned');
  expect(await store.rotate('planned')).toMatchObject({ kid });
  expect(await states()).toEqual(['active', 'next']);
  await takeKeys();
  const during = await tokens();
  expect(await check(during.access_token, 'tandem')).toBe('test');
  // Whoever keeps the set that is published now can check what the next key will sign.
  const kept = createLocalJWKSet((await (await instances.fetch('/oauth/jwks')).json()) as JSONWebKeySet);

  await sql(`update signing_keys set signs_from = now() where kid = '${kid}'`);
  expect(await states()).toEqual(['active', 'old']);
  await world.app.app.get(SigningKeys).load();
  const after = await signIn(new Browser(new Instances([world.app])), world.ids.ada, mobile);
  expect(await check(after.access_token, 'tandem')).toBe(kid);
  expect(await check(after.id_token, mobile.clientId)).toBe(kid);
  await jwtVerify(after.access_token, kept, { issuer: instances.publicUrl, audience: 'tandem' });
  // The other instance goes on with the old key, and takes what the new one has signed.
  for (const { access_token: token } of [before, during, after])
    for (let turn = 0; turn < 2; turn++) expect((await me(instances, token)).status).toBe(200);
  await takeKeys();
  expect(decodeProtectedHeader((await tokens()).access_token).kid).toBe(kid);
});
it('an instance that has never seen a key looks for it, at most once a second', async () => {
  const { kid } = await store.rotate('now');
  await world.app.app.get(SigningKeys).load();
  const { access_token: token } = await signIn(new Browser(new Instances([world.app])), world.ids.ada, mobile);
  expect(decodeProtectedHeader(token).kid).toBe(kid);
  const behind = new Instances([second]);
  await expect.poll(async () => (await me(behind, token)).status, { timeout: 5_000 }).toBe(200);
  const unknown = await world.app.issuer.token(world.ids.ada, {}, { kid: 'nobody' });
  const keys = second.app.get(SigningKeys);
  const load = keys.load.bind(keys);
  let looks = 0;
  keys.load = () => {
    looks++;
    return load();
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: 50 }, () => me(behind, unknown)));
  keys.load = load;
  expect(looks).toBeLessThanOrEqual(1 + Math.ceil((performance.now() - started) / 1000));
});
it('a key is replaced in time, and an old one goes when nothing that it signed is left', async () => {
  const newest = `(select kid from signing_keys order by generation desc limit 1)`;
  await sql(`delete from signing_keys where kid <> ${newest}`);
  await sql(`update signing_keys set signs_from = now() - interval '28 days'`);
  await store.keepUp();
  expect(await states()).toEqual(['active']);
  await sql(`update signing_keys set signs_from = now() - interval '29 days 1 hour'`);
  await Promise.all(Array.from({ length: 5 }, () => store.keepUp()));
  expect(await states()).toEqual(['active', 'next']);
  await sql(`update signing_keys set signs_from = signs_from - interval '32 days'`);
  await store.keepUp();
  const [{ count }] = await sql('select count(*)::int from signing_keys');
  // The one that took over has signed for its time as well.
  expect([count, await states()]).toEqual([2, ['active', 'next']]);
});
it('after a key was stolen nothing that it signed counts', async () => {
  await takeKeys();
  const { access_token: token } = await tokens();
  expect((await me(instances, token)).status).toBe(200);
  await store.rotate('compromised');
  await takeKeys();
  for (let turn = 0; turn < 2; turn++) expect((await me(instances, token)).status).toBe(401);
  expect((await me(instances, (await tokens()).access_token)).status).toBe(200);
});
it('private keys are in the database only sealed', async () => {
  const privates = (await store.read()).map(({ privateJwk }) => privateJwk.d!);
  const rows = JSON.stringify(await sql('select * from signing_keys'));
  for (const d of privates) expect(rows).not.toContain(d);
});
