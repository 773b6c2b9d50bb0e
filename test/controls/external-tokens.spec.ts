import { v7 as uuidv7 } from 'uuid';
import { afterEach, expect, it, vi } from 'vitest';
import { IssuerKeys } from '#libs/authn/external/issuer-keys.js';
import { RememberedAccount } from '#libs/authn/access-state.js';
import { TestClient } from '#libs/testing/clients.js';
import { ExternalIssuer } from '#libs/testing/external-issuer.js';
import { TestApp } from '#test/harness/test-app.js';

let app: TestApp;
let issuer: ExternalIssuer;
const sub = 'somebody elsewhere';
afterEach(async () => {
  vi.restoreAllMocks();
  await app.stop();
  await issuer.stop();
});
async function start(): Promise<void> {
  issuer = await ExternalIssuer.start();
  const roles = { claim: 'groups', map: { helpers: 'support' } };
  app = await TestApp.start({
    env: {
      EGRESS_ALLOW: '127.0.0.1/32',
      TOKEN_ISSUERS: JSON.stringify([{ issuer: issuer.url, audience: 'shop', roles }]),
    },
  });
  const id = uuidv7();
  await app.database.sql(
    `insert into users (id, email, display_name, roles) values ($1, 'admin@tandem.example', 'Somebody', '{admin}')`,
    [id],
  );
  await app.database.sql('insert into identities (id, user_id, issuer, subject) values ($1, $2, $3, $4)', [
    uuidv7(),
    id,
    issuer.url,
    sub,
  ]);
}
const statusWith = async (token: string, path: string) =>
  (await new TestClient(app.url, 'somebody', token, app.sniffer).get(path)).status;

/** How often the issuer is asked for its keys when tokens with ids of keys come that it does not have. */
async function fetchesForUnknownKeys(): Promise<number> {
  await start();
  expect(await statusWith(await issuer.token(sub), '/v1/users/me')).toBe(200);
  const before = issuer.fetches;
  for (let i = 0; i < 10; i++)
    expect(await statusWith(await issuer.token(sub, {}, { kid: `made up ${i}` }), '/v1/users/me')).toBe(401);
  return issuer.fetches - before;
}
it('an issuer that is asked again for each unknown key is asked by whoever makes ids up', async () => {
  expect(await fetchesForUnknownKeys()).toBe(0);
  await app.stop();
  await issuer.stop();
  vi.spyOn(IssuerKeys.prototype, 'lookAgain').mockImplementation(function (this: IssuerKeys) {
    return (this as unknown as { ask(): Promise<void> }).ask();
  });
  expect(await fetchesForUnknownKeys()).toBeGreaterThanOrEqual(10);
});
it('an account that keeps its own roles is an admin by the word of others', async () => {
  await start();
  expect(await statusWith(await issuer.token(sub), '/v1/roles')).toBe(403);
  vi.spyOn(RememberedAccount.prototype, 'holding').mockImplementation(function (this: RememberedAccount) {
    return this;
  });
  expect(await statusWith(await issuer.token(sub), '/v1/roles')).toBe(200);
});
