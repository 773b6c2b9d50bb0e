import { createHash, randomBytes } from 'node:crypto';
import { CookieJar } from 'tough-cookie';
import type { TestApp } from '#test/harness/test-app.js';
import { Issuer } from '#libs/oidc/issuer.js';

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly id_token: string;
  readonly token_type: string;
  readonly scope: string;
}
export interface Answer<T = any> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}
/** Instances of the service, which take turns. All have the same public URL, which none of them listens on. */
export class Instances {
  private turn = 0;
  constructor(readonly all: readonly TestApp[]) {}
  get publicUrl(): string {
    return this.all[0].issuer.issuer;
  }
  get next(): TestApp {
    return this.all[this.turn++ % this.all.length];
  }
  /** As `fetch`, of an address under the public URL; redirects are not followed. */
  fetch(address: string, init: RequestInit = {}): Promise<Response> {
    const { pathname, search } = new URL(address, this.publicUrl);
    return fetch(this.next.url + pathname + search, { ...init, redirect: 'manual' });
  }
}
export const pkce = () => {
  const verifier = randomBytes(32).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
};

/** A browser: cookies, and nothing else that would matter here. */
export class Browser {
  private readonly jar = new CookieJar();
  /** Values of the cookies that it was given. */
  readonly secrets: string[] = [];
  constructor(readonly instances: Instances) {}

  async fetch(address: string, init: RequestInit = {}): Promise<Response> {
    const url = new URL(address, this.instances.publicUrl).href;
    const cookie = await this.jar.getCookieString(url);
    const response = await this.instances.fetch(url, {
      ...init,
      headers: { ...(init.headers as Record<string, string>), ...(cookie && { cookie }) },
    });
    for (const line of response.headers.getSetCookie()) {
      await this.jar.setCookie(line, url);
      const value = /^[^=]*=([^;]{10,})/.exec(line)?.[1];
      if (value) this.secrets.push(value);
    }
    return response;
  }
  /** Follows redirects within the service; resolves to the address that leaves it, or to the last answer. */
  async follow(address: string, init: RequestInit = {}): Promise<{ left?: URL; response: Response }> {
    let response = await this.fetch(address, init);
    for (let hops = 0; hops < 10; hops++) {
      const location = response.headers.get('location');
      if (!location) return { response };
      const next = new URL(location, this.instances.publicUrl);
      if (next.origin !== this.instances.publicUrl) return { left: next, response };
      if (next.pathname.startsWith('/sign-in/')) return { left: next, response };
      response = await this.fetch(next.href);
    }
    throw new Error('redirects without end');
  }
}

export interface Request {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly scope?: string;
  readonly more?: Readonly<Record<string, string>>;
}
export const web: Request = { clientId: 'tandem-web', redirectUri: 'http://localhost:5173/callback' };
export const mobile: Request = { clientId: 'tandem-mobile', redirectUri: 'example.tandem:/callback' };

/** The address that a client opens in a browser. */
export function authorizationUrl({ clientId, redirectUri, scope, more }: Request, challenge: string): string {
  const query = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: scope ?? 'openid profile email',
    code_challenge: challenge,
    code_challenge_method: 'S256',
    state: 'a-state',
    ...more,
  });
  return `/oauth/authorize?${query.toString()}`;
}
/**
 * What the pages do once they know who it is, without them: notes the result and gives the address at which the browser
 * goes on.
 */
export async function finishSignIn(app: TestApp, page: URL, accountId: string): Promise<string> {
  const { Interaction } = app.app.get(Issuer).current;
  const interaction = await Interaction.find(page.pathname.split('/')[2]);
  if (!interaction) throw new Error('no such interaction');
  const result = interaction.prompt.name === 'login' ? { login: { accountId, amr: ['pwd'] } } : { consent: {} };
  interaction.result = { ...interaction.lastSubmission, ...result };
  await interaction.save(600);
  return interaction.returnTo;
}
/** Signs an account in and brings the client its code. */
export async function codeFor(browser: Browser, accountId: string, request: Request, challenge: string): Promise<URL> {
  let { left, response } = await browser.follow(authorizationUrl(request, challenge));
  for (let prompts = 0; left?.pathname.startsWith('/sign-in/') && prompts < 3; prompts++) {
    const next = await finishSignIn(browser.instances.all[0], left, accountId);
    ({ left, response } = await browser.follow(next));
  }
  if (!left) throw new Error(`no redirect to the client: ${response.status} ${await response.text()}`);
  return left;
}
export async function call(
  instances: Instances,
  path: string,
  fields: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const response = await instances.fetch(path, { method: 'POST', body: new URLSearchParams(fields), headers });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : undefined };
}
/** Signs in and exchanges the code. */
export async function signIn(
  browser: Browser,
  accountId: string,
  request: Request = web,
  headers = {},
): Promise<Tokens> {
  const { verifier, challenge } = pkce();
  const back = await codeFor(browser, accountId, request, challenge);
  const code = back.searchParams.get('code');
  if (!code) throw new Error(`no code: ${back.href}`);
  const answer = await exchange(browser.instances, request, code, verifier, headers);
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
  return answer.body;
}
export const exchange = (instances: Instances, request: Request, code: string, verifier: string, headers = {}) =>
  call(
    instances,
    '/oauth/token',
    {
      grant_type: 'authorization_code',
      client_id: request.clientId,
      redirect_uri: request.redirectUri,
      code,
      code_verifier: verifier,
    },
    headers,
  );
export const refresh = (instances: Instances, clientId: string, token: string, more = {}, headers = {}) =>
  call(
    instances,
    '/oauth/token',
    { grant_type: 'refresh_token', client_id: clientId, refresh_token: token, ...more },
    headers,
  );
export const me = async (instances: Instances, token: string, headers = {}) => {
  const response = await instances.fetch('/v1/users/me', { headers: { authorization: `Bearer ${token}`, ...headers } });
  return { status: response.status, body: (await response.json()) as any };
};
/** The origin whose scripts may read what the token endpoint says to the client, when one asks that says it is `origin`. */
export const originAllowedTo = async (instances: Instances, clientId: string, origin: string) =>
  (await refresh(instances, clientId, 'x', {}, { origin })).headers.get('access-control-allow-origin');
