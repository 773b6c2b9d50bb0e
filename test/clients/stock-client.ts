import { randomUUID } from 'node:crypto';
import * as oidc from 'openid-client';
import { FormBrowser, type ShownPage } from '../../libs/testing/form-browser.js';
import { PasswordHashes } from '../../src/identity/passwords/password-hashes.js';
import type { World } from '../harness/world.js';
import type { Instances } from '../issuer/client.js';

const password = 'correct horse battery';

export interface Person {
  readonly id: string;
  readonly email: string;
}
/** What an admin sends to register a client; see `CreateClientInput`. */
export interface Registration {
  readonly name: string;
  readonly kind: 'WEB' | 'NATIVE' | 'SERVICE';
  readonly [field: string]: unknown;
}
export interface Registered {
  readonly id: string;
  readonly clientId: string;
}

/** Clients that admins register, set up with openid-client, and people with browsers; over instances that take turns. */
export class StockClients {
  constructor(
    readonly world: World,
    readonly instances: Instances,
  ) {}

  get admin() {
    return this.world.clients.admin;
  }
  async register(registration: Registration): Promise<Registered> {
    const { status, text, body } = await this.admin.post('/v1/clients', registration);
    if (status !== 201) throw new Error(text);
    return body as Registered;
  }
  async newSecret({ id }: Registered, input?: object): Promise<string> {
    const { status, text, body } = await this.admin.post(`/v1/clients/${id}/rotate-secret`, input);
    if (status !== 200) throw new Error(text);
    return body.secret as string;
  }
  async disable({ id }: Registered): Promise<void> {
    const { status, text } = await this.admin.post(`/v1/clients/${id}/disable`);
    if (status !== 200) throw new Error(text);
  }
  config(clientId: string, authentication: oidc.ClientAuth = oidc.None()): Promise<oidc.Configuration> {
    const metadata = { id_token_signed_response_alg: 'ES256' };
    const inTurn = (url: string, init: object) => this.instances.fetch(url, init as RequestInit);
    return oidc.discovery(new URL(this.instances.publicUrl), clientId, metadata, authentication, {
      execute: [oidc.allowInsecureRequests],
      [oidc.customFetch]: inTurn as never,
    });
  }
  async person(): Promise<Person> {
    const id = randomUUID();
    const email = `${id}@example.com`;
    const { app, database } = this.world.app;
    await database.sql(`insert into users (id, email, display_name) values ($1, $2, 'Ada Lovelace')`, [id, email]);
    await database.sql('insert into passwords (user_id, hash) values ($1, $2)', [
      id,
      await app.get(PasswordHashes).hash(password),
    ]);
    return { id, email };
  }
  browser(): FormBrowser {
    return new FormBrowser(() => this.instances.next.url, this.instances.publicUrl);
  }
  enter(browser: FormBrowser, page: ShownPage, { email }: Person): Promise<ShownPage> {
    return browser.submit(page, { email, password });
  }
  request(at: string, authorization: string, method = 'GET'): Promise<Response> {
    return this.instances.fetch(at, { method, headers: { authorization } });
  }
}

/** A request for a code, and what is needed to redeem it. */
export class Asking {
  private readonly verifier = oidc.randomPKCECodeVerifier();
  private readonly state = oidc.randomState();
  private readonly nonce = oidc.randomNonce();

  constructor(
    private readonly config: oidc.Configuration,
    private readonly redirectUri: string,
    private readonly scope: string,
  ) {}
  async parameters(): Promise<Record<string, string>> {
    return {
      redirect_uri: this.redirectUri,
      scope: this.scope,
      state: this.state,
      nonce: this.nonce,
      code_challenge: await oidc.calculatePKCECodeChallenge(this.verifier),
      code_challenge_method: 'S256',
    };
  }
  async address(): Promise<string> {
    return oidc.buildAuthorizationUrl(this.config, await this.parameters()).href;
  }
  redeem(back: URL) {
    return oidc.authorizationCodeGrant(this.config, back, {
      pkceCodeVerifier: this.verifier,
      expectedState: this.state,
      expectedNonce: this.nonce,
      idTokenExpected: true,
    });
  }
}
