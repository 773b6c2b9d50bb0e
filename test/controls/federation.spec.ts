import { randomUUID } from 'node:crypto';
import { afterEach, expect, it, vi } from 'vitest';
import { Database } from '#libs/database/database.js';
import { FormBrowser, type ShownPage } from '#libs/testing/form-browser.js';
import { SignInIssuer } from '#libs/testing/sign-in-issuer.js';
import { BrowserSession } from '#libs/oidc/browser-session.js';
import { Accounts } from '#src/identity/accounts.js';
import { Identities } from '#src/identity/external/identities.js';
import { ProviderAccounts } from '#src/identity/external/provider-accounts.js';
import { ProviderTrips, type Trip } from '#src/identity/pages/provider-trips.js';
import { SecondFactorsOf } from '#src/identity/second-factor/second-factors.js';
import { WaysIn } from '#src/identity/ways-in.js';
import { TestApp } from '#test/harness/test-app.js';
import { authorizationUrl, pkce, web } from '#test/issuer/client.js';

const publicUrl = 'http://tandem.test';
let app: TestApp;
let issuer: SignInIssuer;
afterEach(async () => {
  vi.restoreAllMocks();
  await app.stop();
  await issuer.stop();
});
async function start(): Promise<void> {
  issuer = await SignInIssuer.start();
  const { clientId, clientSecret, url } = issuer;
  app = await TestApp.start({
    env: {
      PUBLIC_URL: publicUrl,
      EGRESS_ALLOW: '127.0.0.1/32',
      SIGN_IN_PROVIDERS: JSON.stringify([{ id: 'example', name: 'Example', issuer: url, clientId, clientSecret }]),
    },
  });
}
const browser = () => new FormBrowser(app.url, publicUrl);
const begin = (who: FormBrowser) => who.get(authorizationUrl(web, pkce().challenge));
/** To the provider and, as far as the address at which it sends the browser back. */
async function there(who: FormBrowser, page: ShownPage): Promise<URL> {
  const going = await who.submit(page, {}, '/with/example');
  return issuer.through(/content="0; url=([^"]*)"/.exec(going.html)![1].replaceAll('&amp;', '&'));
}
async function account(isVerified: boolean): Promise<{ id: string; email: string }> {
  const id = randomUUID();
  const email = `${id}@example.com`;
  await app.database.sql(`insert into users (id, email, display_name) values ($1, $2, 'Ada')`, [id, email]);
  if (isVerified) await app.database.sql('insert into verified_emails (user_id, email) values ($1, $2)', [id, email]);
  return { id, email };
}
const linksOf = (id: string) =>
  app.database.sql('select 1 from identities where user_id = $1 and deleted_at is null', [id]);

/** How many links somebody gets to an account by an address that the provider has not verified. */
async function linksByWord(): Promise<number> {
  const { id, email } = await account(true);
  issuer.person = { sub: randomUUID(), email, email_verified: false };
  const who = browser();
  await who.get((await there(who, await begin(who))).href);
  return (await linksOf(id)).length;
}
it('an address that the provider only repeats opens the account of whoever it names', async () => {
  await start();
  expect(await linksByWord()).toBe(0);
  const links = app.app.get(ProviderAccounts, { strict: false });
  vi.spyOn(links as unknown as { verifiedEmail(claims: object): string }, 'verifiedEmail').mockImplementation(
    (claims) => (claims as { email: string }).email,
  );
  expect(await linksByWord()).toBe(1);
});

/** How many links somebody gets to an account whose address nobody has confirmed. */
async function linksToUnconfirmed(): Promise<number> {
  const { id, email } = await account(false);
  issuer.person = { sub: randomUUID(), email, email_verified: true };
  const who = browser();
  await who.get((await there(who, await begin(who))).href);
  return (await linksOf(id)).length;
}
it('an account of an address that only the provider has confirmed is shared with whoever made it', async () => {
  await start();
  expect(await linksToUnconfirmed()).toBe(0);
  const find = Accounts.prototype.findByEmail;
  const confirmed = <T extends object>(found: T | undefined) => found && { ...found, isEmailVerified: true };
  vi.spyOn(Accounts.prototype, 'findByEmail').mockImplementation(async function (this: Accounts, email) {
    return confirmed(await find.call(this, email));
  });
  const findById = Accounts.prototype.find;
  vi.spyOn(Accounts.prototype, 'find').mockImplementation(async function (this: Accounts, id, em) {
    return confirmed(await findById.call(this, id, em));
  });
  expect(await linksToUnconfirmed()).toBe(1);
});

/** How many ways in are left of two, when both are taken away at once. */
async function leftOfTwo(): Promise<number> {
  const { id } = await account(true);
  const [database, identities, links] = [Database, Identities, ProviderAccounts].map((token) =>
    app.app.get<unknown>(token, { strict: false }),
  ) as [Database, Identities, ProviderAccounts];
  const made = await database.transaction(async (em) => [
    await identities.link(em, id, issuer.url, randomUUID()),
    await identities.link(em, id, issuer.url, randomUUID()),
  ]);
  await Promise.all(made.map((link) => links.unlink(id, link.id, 'none')));
  return (await linksOf(id)).length;
}
it('without a lock two that are removed at once take each other for the last way in', async () => {
  await start();
  expect(await leftOfTwo()).toBe(1);
  // Both have counted before either is done.
  vi.spyOn(SecondFactorsOf.prototype, 'lock').mockImplementation(function (this: SecondFactorsOf, em, userId) {
    return this.account(userId, em);
  });
  const ways = app.app.get<{ count(em: unknown, id: string): Promise<number> }>(WaysIn, { strict: false });
  const count = ways.count.bind(ways);
  let meet: () => void;
  let counted = 0;
  const both = new Promise<void>((resolve) => (meet = resolve));
  vi.spyOn(ways, 'count').mockImplementation(async (em, id) => {
    const found = await count(em, id);
    if (++counted === 2) meet();
    await both;
    return found;
  });
  expect(await leftOfTwo()).toBe(0);
});

/** Whether the answer to a sign-in that another browser has begun signs this one in. */
async function signsInAnother(): Promise<boolean> {
  issuer.person = { sub: randomUUID(), email: `${randomUUID()}@example.com`, email_verified: true };
  const [attacker, victim] = [browser(), browser()];
  const page = await begin(victim);
  await there(victim, page);
  const back = await there(attacker, await begin(attacker));
  await victim.get(back.href);
  return victim.left !== undefined;
}
it('an answer that is not held against the browser signs people in as somebody else', async () => {
  await start();
  expect(await signsInAnother()).toBe(false);
  // What each set out with is kept for all; only the sign-in is that of the browser.
  const trips = app.app.get(ProviderTrips, { strict: false });
  const { signed } = trips as unknown as { signed: { sign(purpose: string, value: unknown, s: number): string } };
  const begun: Trip[] = [];
  const sign = signed.sign.bind(signed);
  vi.spyOn(signed, 'sign').mockImplementation((purpose, value, seconds) => {
    if (purpose.startsWith('trip')) begun.push(value as Trip);
    return sign(purpose, value, seconds);
  });
  vi.spyOn(trips, 'take').mockImplementation((visit) => {
    const trip = begun.find(({ state }) => state === visit.query('state'));
    return trip && { ...trip, purpose: begun[0].purpose };
  });
  expect(await signsInAnother()).toBe(true);
});

/** Where somebody gets who opens the change of the password after a provider has signed them in without asking anybody. */
async function openedUnattended(): Promise<string> {
  issuer.person = { sub: randomUUID(), email: `${randomUUID()}@example.com`, email_verified: true };
  const who = browser();
  await who.get((await there(who, await begin(who))).href);
  return new URL((await who.get('/account/password')).path, publicUrl).pathname;
}
it('a provider that asks nobody opens how one signs in to whoever sits at the browser, where any sign-in counts', async () => {
  await start();
  expect(await openedUnattended()).toBe('/account/confirm');
  const sessions = app.app.get(BrowserSession, { strict: false });
  const accountOf = sessions.accountOf.bind(sessions);
  vi.spyOn(sessions, 'accountOf').mockImplementation(async (request, reply) => {
    const session = await accountOf(request, reply);
    return session && { ...session, amr: [...session.amr, 'pwd'] };
  });
  expect(await openedUnattended()).toBe('/account/password');
});
