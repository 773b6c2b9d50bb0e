import { createHash, randomBytes } from 'node:crypto';
import pg from 'pg';
import { CookieJar } from 'tough-cookie';
import { cpuOf, cpuOfPostgres } from './cpu.mjs';
import { median } from './measure.mjs';
import { built } from './preparation.mjs';

/** Of the app in the bench, as `MOBILE_REDIRECT_URIS` has it. */
export const redirectUri = 'com.example.bench:/callback';
const clientId = 'tandem-mobile';
const password = 'a password for measuring';
const ROUNDS = 5;

/** @typedef {{ service: number, postgres: number }} Cost CPU in ms */

/**
 * CPU in ms that signing in by password costs, from the address that an app opens to its tokens, with all pages on the way,
 * and a refresh of those tokens. Beside them what a hash of a password takes, below which no sign-in can be.
 * @param {{ root: string, service: import('./services.mjs').Service, postmaster: number, servingUrl: string, publicUrl: string, quick: boolean }} options
 */
export async function measureSignIn({ root, service, postmaster, servingUrl, publicUrl, quick }) {
  const each = quick ? 2 : 20;
  const { PasswordHashes } = await built(root);
  const hashes = new PasswordHashes();
  const hash = await hashes.hash(password);
  const emails = await accounts(servingUrl, hash, (ROUNDS + 1) * each);

  const startedHash = process.cpuUsage();
  for (let i = 0; i < each; i++) await hashes.isPasswordOf(hash, password);
  const { user, system } = process.cpuUsage(startedHash);

  const cost = async (/** @type {number} */ count, /** @type {() => Promise<void>} */ work) => {
    const before = { service: cpuOf(service.pid), postgres: cpuOfPostgres(postmaster) };
    await work();
    return {
      service: (cpuOf(service.pid) - before.service) / count,
      postgres: (cpuOfPostgres(postmaster) - before.postgres) / count,
    };
  };
  /** @type {Cost[]} */
  const signIns = [];
  /** @type {Cost[]} */
  const refreshes = [];
  const refreshesOfEach = quick ? 2 : 10;
  for (let round = 0; round <= ROUNDS; round++) {
    /** @type {App[]} */
    const apps = [];
    signIns.push(
      await cost(each, async () => {
        for (const email of emails.splice(0, each)) {
          // Each from a network of its own: nobody signs so many in from one.
          const app = new App(service.url, publicUrl, `2001:db8:0:${apps.length + round * each}::1`);
          await app.signIn(email);
          apps.push(app);
        }
      }),
    );
    refreshes.push(
      await cost(each * refreshesOfEach, async () => {
        for (let i = 0; i < refreshesOfEach; i++) for (const app of apps) await app.refresh();
      }),
    );
  }
  // The first one also compiles.
  const middle = (/** @type {Cost[]} */ costs) => ({
    service: median(costs.slice(1).map((c) => c.service)),
    postgres: median(costs.slice(1).map((c) => c.postgres)),
  });
  return { signIn: middle(signIns), refresh: middle(refreshes), hash: (user + system) / 1_000 / each };
}

/** Gives so many of the database's accounts the password. @param {string} url @param {string} hash @param {number} count */
async function accounts(url, hash, count) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query(
      `with chosen as (select id, email from users where status = 'ACTIVE' and deleted_at is null order by id limit $2),
            known as (insert into verified_emails (user_id, email) select id, email from chosen on conflict do nothing),
            set as (insert into passwords (user_id, hash) select id, $1 from chosen
                    on conflict (user_id) do update set hash = excluded.hash)
       select email from chosen`,
      [hash, count],
    );
    return rows.map(({ email }) => /** @type {string} */ (email));
  } finally {
    await client.end();
  }
}

/** An app with the browser that it opens. */
class App {
  jar = new CookieJar(undefined, { rejectPublicSuffixes: false });
  refreshToken = '';

  /** @param {string} url @param {string} publicUrl @param {string} address */
  constructor(url, publicUrl, address) {
    this.url = url;
    this.publicUrl = publicUrl;
    this.headers = { 'x-forwarded-for': address };
  }
  /** @param {string} email */
  async signIn(email) {
    const verifier = randomBytes(32).toString('base64url');
    const query = new URLSearchParams({
      client_id: clientId,
      response_type: 'code',
      redirect_uri: redirectUri,
      scope: 'openid profile email offline_access',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
    });
    const page = await this.browse(`/oauth/authorize?${query.toString()}`);
    const form = /<form[^>]*method="post"[^>]*>([\s\S]*?)<\/form>/.exec(page.html ?? '');
    if (!form) throw new Error(`no page to sign in on: ${page.left ?? page.html}`);
    const action = /action="([^"]*)"/.exec(form[0])?.[1] ?? page.path;
    const fields = Object.fromEntries(
      [...form[1].matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([input]) => [
        /name="([^"]*)"/.exec(input)?.[1] ?? '',
        /value="([^"]*)"/.exec(input)?.[1] ?? '',
      ]),
    );
    const { left, html } = await this.browse(action, new URLSearchParams({ ...fields, email, password }).toString());
    const code = left && new URL(left).searchParams.get('code');
    if (!code) throw new Error(`not signed in: ${left ?? html}`);
    await this.token({ grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier });
  }
  refresh() {
    return this.token({ grant_type: 'refresh_token', refresh_token: this.refreshToken });
  }
  /** @param {Record<string, string>} fields */
  async token(fields) {
    const body = new URLSearchParams({ client_id: clientId, ...fields });
    const response = await fetch(`${this.url}/oauth/token`, { method: 'POST', body, headers: this.headers });
    const answer = /** @type {any} */ (await response.json());
    if (!answer.refresh_token) throw new Error(`no tokens: ${JSON.stringify(answer)}`);
    this.refreshToken = answer.refresh_token;
  }
  /**
   * Follows redirects within the service.
   * @param {string} address @param {string} [body] of a form
   * @returns {Promise<{ path: string, html?: string, left?: string }>}
   */
  async browse(address, body) {
    for (let at = new URL(address, this.publicUrl); ; body = undefined) {
      const response = await fetch(this.url + at.pathname + at.search, {
        method: body === undefined ? 'GET' : 'POST',
        body,
        redirect: 'manual',
        headers: {
          ...this.headers,
          cookie: await this.jar.getCookieString(at.href),
          ...(body !== undefined && {
            origin: this.publicUrl,
            'content-type': 'application/x-www-form-urlencoded',
          }),
        },
      });
      for (const cookie of response.headers.getSetCookie()) await this.jar.setCookie(cookie, at.href);
      const html = await response.text();
      const location = response.headers.get('location');
      if (location === null) return { path: at.pathname, html };
      const next = new URL(location, at);
      if (next.origin !== at.origin) return { path: at.pathname, left: next.href };
      at = next;
    }
  }
}
