import { v7 as uuidv7 } from 'uuid';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { ExternalTokens } from '#libs/authn/external/external-tokens.js';
import { Database } from '#libs/database/database.js';
import { TestClient } from '#libs/testing/clients.js';
import { ExternalIssuer, type IssuerMode } from '#libs/testing/external-issuer.js';
import { TestApp } from '#test/harness/test-app.js';
import { Accounts } from '#src/identity/accounts.js';
import { LinkUse } from '#src/identity/links/link-use.js';
import { MailedLinks } from '#src/identity/links/mailed-links.js';
import { Identities } from './identities.js';
import { ProviderAccounts } from './provider-accounts.js';
import { SignInProviders } from './sign-in-providers.js';

let issuer: ExternalIssuer;
/** Makes accounts, sends access tokens of the type JWT, has roles and scopes where Keycloak has them. */
let maker: ExternalIssuer;
let app: TestApp;
let second: TestApp;
/** Monotonic time goes faster by this. */
let later = 0;
const minute = 60_000;

beforeAll(async () => {
  [issuer, maker] = await Promise.all([ExternalIssuer.start(), ExternalIssuer.start()]);
  const now = performance.now.bind(performance);
  vi.spyOn(performance, 'now').mockImplementation(() => now() + later);
  const env = {
    EGRESS_ALLOW: '127.0.0.1/32',
    SIGN_IN_PROVIDERS: JSON.stringify([
      { id: 'example', name: 'Example', issuer: 'https://login.example.com', clientId: 'tandem' },
    ]),
    TOKEN_ISSUERS: JSON.stringify([
      {
        issuer: issuer.url,
        audience: 'shop',
        algorithms: ['ES256', 'RS256', 'EdDSA'],
        roles: { claim: 'groups', map: { helpers: 'support', owners: ['support', 'admin'] } },
      },
      {
        issuer: maker.url,
        audience: ['shop', 'other'],
        type: 'JWT',
        createAccounts: true,
        roles: { claim: ['realm_access', 'roles'], map: { helper: 'support' }, besideOwn: true },
        scopes: { implied: 'api' },
      },
    ]),
  };
  app = await TestApp.start({ env });
  second = await TestApp.start({ env, database: app.database, issuer: app.issuer });
});
afterEach(() => {
  for (const one of [issuer, maker]) one.mode = 'well';
});
afterAll(async () => {
  await second.stop();
  await app.stop();
  await Promise.all([issuer.stop(), maker.stop()]);
  vi.restoreAllMocks();
});

const as = (token: string, { url } = app) => new TestClient(url, 'somebody', token, app.sniffer);
const me = (token: string, where = app) => as(token, where).get('/v1/users/me');
const code = async (token: string, where = app) => (await me(token, where)).body?.error?.code ?? 'done';
const emailFor = (id: string) => `user-${id}@tandem.example`;
async function account(roles = ['customer']): Promise<string> {
  const id = uuidv7();
  await app.database.sql(`insert into users (id, email, display_name, roles) values ($1, $2, 'Somebody', $3)`, [
    id,
    emailFor(id),
    roles,
  ]);
  return id;
}
async function linked(roles?: string[], { url } = issuer): Promise<{ id: string; sub: string; link: string }> {
  const id = await account(roles);
  const sub = `subject of ${id}`;
  const made = await app.app
    .get(Database)
    .transaction((em) => app.app.get(Identities, { strict: false }).link(em, id, url, sub));
  return { id, sub, link: made.id };
}
/** So much later, and what is done in the background is done. */
async function pass(ms: number): Promise<void> {
  later += ms;
  await app.app.get(ExternalTokens).keepUp();
}
const accountsOf = (email: string) =>
  app.database.sql<{ id: string; roles: string[] }>('select id, roles from users where email = $1', [email]);

describe('a token of another issuer', () => {
  it('stands for the account that is linked to its subject, and costs no more than one of ours', async () => {
    const { id, sub } = await linked();
    const token = await issuer.token(sub);
    expect((await me(token)).body).toMatchObject({ id });
    const own = await app.as('somebody', id);
    // Now and then a request renews what all share.
    const fewest = async (ask: () => Promise<unknown>) => {
      const counts: number[] = [];
      for (let i = 0; i < 6; i++) counts.push(await app.statements(ask));
      return Math.min(...counts);
    };
    expect(await fewest(() => me(token))).toBe(await fewest(() => own.get('/v1/users/me')));
    // Of the account's budget, from the first request on.
    const { headers } = await me(await issuer.token(sub, { jti: 'another' }));
    expect(headers.get('ratelimit-policy')).toMatch(/^"default"/);
  });
  it.each(['RS256', 'EdDSA'] as const)('may be signed by %s where that is allowed', async (algorithm) => {
    const { sub } = await linked();
    const kid = await issuer.addKey(algorithm);
    await pass(11 * minute);
    expect(await code(await issuer.token(sub))).toBe('done');
    issuer.removeKey(kid);
  });
  it('gives its holder the roles that the map says, in place of their own', async () => {
    const { sub } = await linked(['customer', 'manager', 'admin']);
    const may = async (groups: unknown) => {
      const client = as(await issuer.token(sub, { groups }));
      const [users, roles] = [await client.get('/v1/users?limit=1'), await client.get('/v1/roles')];
      return [users.status, roles.status];
    };
    const one = await linked();
    const sees = async (groups?: unknown) =>
      (await as(await issuer.token(one.sub, { groups })).get('/v1/users')).body.data.length;
    expect(await sees()).toBe(1);
    expect(await sees(['helpers', 'strangers'])).toBeGreaterThan(1);
    // What its claims say counts with the next token.
    expect(await sees('nobody')).toBe(1);
    expect(await may([])).toEqual([200, 403]);
    expect(await may(['constructor', '__proto__'])).toEqual([200, 403]);
    expect(await may('owners')).toEqual([200, 200]);
  });
  it('leaves its holder their own roles beside where that is said, but never makes an admin of them by itself', async () => {
    const { sub } = await linked(['customer', 'manager', 'admin'], maker);
    const plain = as(await maker.token(sub, { typ: 'Bearer' }, { typ: 'JWT' }));
    expect((await plain.get('/v1/users')).body.data.length).toBeGreaterThan(1);
    expect((await plain.get('/v1/roles')).status).toBe(403);
  });
  it('narrows by its scopes, and its `openid` is not ours', async () => {
    const { sub } = await linked();
    expect(await code(await issuer.token(sub, { scope: 'roles:read' }))).toBe('INSUFFICIENT_SCOPE');
    expect(await code(await issuer.token(sub, { scope: undefined }))).toBe('INSUFFICIENT_SCOPE');
    const client = as(await issuer.token(sub, { scope: 'openid api' }));
    expect((await client.get('/oauth/userinfo')).status).toBe(403);
  });
  it.each<[string, (sub: string) => Promise<string>]>([
    ['for another audience', (sub) => issuer.token(sub, { aud: 'elsewhere' })],
    ['for nobody in particular', (sub) => issuer.token(sub, { aud: undefined })],
    ['of an issuer that nobody named', (sub) => issuer.token(sub, { iss: `${issuer.url}/` })],
    ['of the other issuer, signed by this one', (sub) => issuer.token(sub, { iss: maker.url })],
    ['that has ended', (sub) => issuer.token(sub, { exp: Math.floor(Date.now() / 1000) - 1 })],
    ['without an end', (sub) => issuer.token(sub, { exp: undefined })],
    ['that does not count yet', (sub) => issuer.token(sub, { nbf: Math.floor(Date.now() / 1000) + 60 })],
    ['without a subject', () => issuer.token(undefined as never)],
    ['of the type JWT where at+jwt is expected', (sub) => issuer.token(sub, {}, { typ: 'JWT' })],
    ['by somebody who acts for the subject', (sub) => issuer.token(sub, { act: { sub: 'another' } })],
    ['that is an ID token', (sub) => maker.token(sub, { nonce: 'n' }, { typ: 'JWT' })],
    ['that is an ID token of Keycloak', (sub) => maker.token(sub, { typ: 'ID' }, { typ: 'JWT' })],
    ['that ends sessions', (sub) => maker.token(sub, { events: {} }, { typ: 'JWT' })],
    ['of the type of logout tokens', (sub) => maker.token(sub, {}, { typ: 'logout+jwt' })],
    ['with a changed end', async (sub) => (await issuer.token(sub)).replace(/.{5}$/, 'AAAAA')],
    [
      'without a signature',
      async (sub) => {
        const [, payload] = (await issuer.token(sub)).split('.');
        return `${Buffer.from('{"alg":"none","typ":"at+jwt"}').toString('base64url')}.${payload}.`;
      },
    ],
  ])('is refused %s, without a look at any account', async (_, make) => {
    const { sub } = await linked(undefined, issuer);
    await linked(undefined, maker);
    const token = await make(sub);
    const sent = await app.statements(async () => expect(await code(token)).toBe('TOKEN_INVALID'));
    // Our own keys may be looked at again for what could be ours.
    expect(sent).toBeLessThanOrEqual(2);
  });
  it('is refused where its algorithm is not allowed for its issuer', async () => {
    const { sub } = await linked(undefined, maker);
    const kid = await maker.addKey('RS256');
    await pass(11 * minute);
    expect(await code(await maker.token(sub))).toBe('TOKEN_INVALID');
    maker.removeKey(kid);
    expect(await code(await maker.token(sub))).toBe('done');
  });
  it('leads nobody to the keys that it names or brings along', async () => {
    const { sub } = await linked();
    const stranger = await ExternalIssuer.start();
    const [key] = stranger.keys.values();
    for (const header of [
      { jku: `${stranger.url}/keys` },
      { x5u: `${stranger.url}/keys` },
      { jwk: key.publicJwk },
      { kid: `${stranger.url}/keys` },
      { jwk: key.publicJwk, kid: [...issuer.keys.keys()].at(-1)! },
    ])
      expect(await code(await stranger.token(sub, { iss: issuer.url }, header))).toBe('TOKEN_INVALID');
    expect(stranger.asked).toEqual([]);
    await stranger.stop();
  });
});

describe('the account', () => {
  it('stays out when it is suspended, and when it is parted from the identity', async () => {
    const { id, sub } = await linked();
    const [token, other] = [await issuer.token(sub), await linked()];
    const parted = await issuer.token(other.sub);
    for (const where of [app, second]) for (const one of [token, parted]) expect(await code(one, where)).toBe('done');
    await app.database.sql(`update users set status = 'SUSPENDED' where id = $1`, [id]);
    await app.app
      .get(Database)
      .transaction((em) => app.app.get(Identities, { strict: false }).unlink(em, other.id, other.link));
    for (const where of [app, second]) {
      await vi.waitFor(async () => expect(await code(token, where)).toBe('ACCOUNT_SUSPENDED'), { timeout: 2000 });
      await vi.waitFor(async () => expect(await code(parted, where)).toBe('TOKEN_INVALID'), { timeout: 2000 });
    }
    expect(await code(await issuer.token(other.sub))).toBe('IDENTITY_NOT_LINKED');
  });
  it('is asked for where the issuer makes none', async () => {
    const claims = { email: 'new@tandem.example', email_verified: true };
    expect(await code(await issuer.token('nobody', claims))).toBe('IDENTITY_NOT_LINKED');
    expect(await accountsOf('new@tandem.example')).toEqual([]);
  });
  it('is made once by all that come at once to two instances', async () => {
    const claims = { email: 'First@Tandem.example', email_verified: true, name: '  Fir\u0000st  Comer ' };
    const token = await maker.token('first', claims, { typ: 'JWT' });
    const answers = await Promise.all(
      Array.from({ length: 10 }, async (_, i) =>
        me(await maker.token('first', { ...claims, jti: `${i}` }, { typ: 'JWT' }), i % 2 ? app : second),
      ),
    );
    const made = await accountsOf('first@tandem.example');
    expect(made).toEqual([expect.objectContaining({ roles: ['customer'] })]);
    expect(answers.map(({ body }) => body.id)).toEqual(answers.map(() => made[0].id));
    expect((await me(token)).body).toMatchObject({ id: made[0].id, displayName: 'Fir st Comer' });
  });
  it.each([
    ['no address', {}],
    ['an address that nobody has verified', { email: 'loose@tandem.example' }],
    ['an address that is verified in words', { email: 'loose@tandem.example', email_verified: 'true' }],
    ['an address that is not verified', { email: 'loose@tandem.example', email_verified: false }],
    ['what is no address', { email: 'loose', email_verified: true }],
    ['an address that Unicode folds to another', { email: 'Loo\u212Ae@tandem.example', email_verified: true }],
  ])('is not made of a token with %s', async (_, claims) => {
    expect(await code(await maker.token('loose', claims))).toBe('IDENTITY_EMAIL_UNVERIFIED');
    expect(await accountsOf('loose@tandem.example')).toEqual([]);
  });
  describe('that was made of a token', () => {
    /** The token's subject and the account that it made. */
    async function prepared() {
      const sub = uuidv7();
      const email = emailFor(sub);
      const token = await maker.token(sub, { email, email_verified: true }, { typ: 'JWT' });
      return { sub, email, token, id: (await me(token)).body.id as string };
    }
    const get = <T>(type: new (...args: never[]) => T): T => app.app.get(type as never, { strict: false });
    const issuersOf = async (id: string) => (await get(Identities).of(id)).map((identity) => identity.issuer);
    const confirm = async (email: string) => {
      const sent = await app.app.get(Database).transaction((em) => get(MailedLinks).make(em, email, undefined));
      const choice = { password: 'correct horse battery', name: 'Owner', locale: 'en' };
      return get(LinkUse).choosePassword(sent.token, choice);
    };
    const arrive = (email: string) =>
      get(ProviderAccounts).arrive(
        get(SignInProviders).all[0],
        { subject: uuidv7(), claims: { email, email_verified: true } },
        'en',
      );
    const unlinks = (id: string) =>
      app.database.sql(
        `select before ->> 'issuer' as issuer from audit_entries where action = 'identity.unlink' and person_id = $1`,
        [id],
      );

    it('has no confirmed address, and no other provider leads into it', async () => {
      const { id, email } = await prepared();
      expect((await get(Accounts).find(id))?.isEmailVerified).toBe(false);
      expect(await arrive(email)).toEqual({ refusal: 'unconfirmed', userId: id });
    });
    it('is parted from the issuer, not from providers, when its owner first confirms the address', async () => {
      const { sub, id, email, token } = await prepared();
      const provider = get(SignInProviders).all[0].settings.issuer;
      await app.app.get(Database).transaction((em) => get(Identities).link(em, id, provider, sub));
      for (const where of [app, second]) expect(await code(token, where)).toBe('done');
      expect(await confirm(email)).toBe(id);
      expect(await issuersOf(id)).toEqual([provider]);
      expect(await unlinks(id)).toEqual([{ issuer: maker.url }]);
      for (const where of [app, second])
        await vi.waitFor(async () => expect(await code(token, where)).toBe('TOKEN_INVALID'), { timeout: 10_000 });
      const next = await maker.token(sub, { email, email_verified: true, jti: 'next' }, { typ: 'JWT' });
      expect(await code(next)).toBe('IDENTITY_EMAIL_TAKEN');
      expect(await arrive(email)).toEqual({ refusal: 'other-subject', userId: id });
    });
    it('keeps a link that was made after its address was confirmed', async () => {
      const { id, email } = await prepared();
      await confirm(email);
      await app.app.get(Database).transaction((em) => get(Identities).link(em, id, issuer.url, uuidv7()));
      expect(await confirm(email)).toBe(id);
      expect(await issuersOf(id)).toEqual([issuer.url]);
      expect(await unlinks(id)).toHaveLength(1);
      expect(await arrive(email)).toMatchObject({ account: { id }, link: { email } });
    });
  });
  it('with the same address is never taken over', async () => {
    const id = await account();
    const claims = { email: emailFor(id).toUpperCase(), email_verified: true };
    expect(await code(await maker.token('taker', claims))).toBe('IDENTITY_EMAIL_TAKEN');
    expect(await app.database.sql('select id from identities where user_id = $1', [id])).toEqual([]);
  });
});

describe('keys of another issuer', () => {
  it.each<IssuerMode>(['hanging', 'garbage', 'huge', 'failing', 'away'])(
    'go on working while it is %s, and it is asked at most once a minute',
    async (mode) => {
      await pass(11 * minute);
      const { id, sub } = await linked();
      const stray = await issuer.hiddenKey();
      issuer.mode = mode;
      const before = issuer.asked.length;
      later += 11 * minute;
      const unknown = Array.from({ length: 20 }, async (_, i) =>
        code(await issuer.token(sub, { jti: `${i}` }, { kid: i % 2 ? stray : `made up ${i}` })),
      );
      // Known keys wait for nothing.
      for (let i = 0; i < 3; i++)
        expect((await me(await issuer.token(sub, { jti: `known ${i}` }))).body).toMatchObject({ id });
      expect(issuer.isAwaited).toBe(mode === 'hanging');
      issuer.mode = mode === 'hanging' ? 'failing' : mode;
      expect(new Set(await Promise.all(unknown))).toEqual(new Set(['TOKEN_INVALID']));
      expect(issuer.asked.length - before).toBe(1);
      later += 59_000;
      expect(await code(await issuer.token(sub, {}, { kid: stray }))).toBe('TOKEN_INVALID');
      expect(issuer.asked.length - before).toBe(1);
      expect(await code(await issuer.token(sub, { jti: 'after' }))).toBe('done');
    },
  );
  it('are known when they sign, one look after the other, whoever asks for others', async () => {
    await pass(11 * minute);
    const { sub } = await linked();
    const [old] = [[...issuer.keys.keys()].at(-1)!];
    await issuer.addKey();
    const before = issuer.fetches;
    expect(await code(await issuer.token(sub, {}, { kid: 'made up' }))).toBe('TOKEN_INVALID');
    expect(issuer.fetches).toBe(before);
    later += minute;
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_, i) =>
        code(await issuer.token(sub, { jti: `new ${i}` }, i % 2 ? {} : { kid: `made up ${i}` })),
      ),
    );
    expect(answers).toEqual(answers.map((_, i) => (i % 2 ? 'done' : 'TOKEN_INVALID')));
    expect(issuer.fetches - before).toBe(1);
    expect(await code(await issuer.token(sub, { jti: 'old' }, { kid: old }))).toBe('done');
  });
  it('that it has removed end with all that they signed, and all of them when it is away for a day', async () => {
    await pass(11 * minute);
    const { sub } = await linked();
    const kid = await issuer.addKey();
    await pass(11 * minute);
    const [gone, stays] = [
      await issuer.token(sub),
      await issuer.token(sub, {}, { kid: [...issuer.keys.keys()].at(-2)! }),
    ];
    expect([await code(gone), await code(stays)]).toEqual(['done', 'done']);
    issuer.removeKey(kid);
    await pass(11 * minute);
    expect([await code(gone), await code(stays)]).toEqual(['TOKEN_INVALID', 'done']);
    issuer.mode = 'away';
    await pass(23 * 60 * minute);
    expect(await code(stays)).toBe('done');
    await pass(2 * 60 * minute);
    expect(await code(stays)).toBe('TOKEN_INVALID');
    issuer.mode = 'well';
    await pass(minute);
    expect(await code(stays)).toBe('done');
  });
});
