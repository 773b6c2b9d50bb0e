import { createHash, randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { SignJWT, UnsecuredJWT, type JWTPayload } from 'jose';
import { ExternalIssuer, pathOf } from './external-issuer.js';

interface Grant {
  readonly claims: JWTPayload;
  readonly nonce?: string;
  readonly redirectUri: string;
  readonly challenge: string;
}
/** How an ID token is signed: as it should be, or as somebody would who has not got the key. */
export type IdTokenSignature = 'key' | 'none' | 'client-secret' | 'hidden-key';

/** An OpenID provider of somebody else's: authorization code with PKCE, for one client, without asking anybody anything. */
export class SignInIssuer extends ExternalIssuer {
  readonly clientId = 'tandem of example';
  readonly clientSecret = 'a secret & more: %';
  /** Who is signed in there: claims of the ID token. */
  person: JWTPayload = {};
  /** What the userinfo endpoint says instead of the ID token; there is none without it. */
  userinfo?: JWTPayload;
  /** An error instead of a code (RFC 6749 §4.1.2.1). */
  refusal?: string;
  /** Shows a page of its own with a link `#go` first. */
  asks = false;
  /** What replaces claims of the ID token. */
  spoiled: Readonly<Record<string, unknown>> = {};
  signature: IdTokenSignature = 'key';
  /** The `iss` of its answers (RFC 9207); null leaves it out. */
  responseIssuer?: string | null;
  /** Parameters of the requests for a code, the last one last. */
  readonly requests: URLSearchParams[] = [];
  private readonly grants = new Map<string, Grant>();
  private readonly tokens = new Map<string, Grant>();

  /** Everything as it should be again. */
  reset(): void {
    this.mode = 'well';
    this.person = {};
    this.userinfo = undefined;
    this.refusal = undefined;
    this.asks = false;
    this.spoiled = {};
    this.signature = 'key';
    this.responseIssuer = undefined;
  }
  protected override document(path: string): object {
    if (path === '/keys') return super.document(path);
    return {
      ...super.document(path),
      authorization_endpoint: `${this.url}/authorize`,
      token_endpoint: `${this.url}/token`,
      ...(this.userinfo && { userinfo_endpoint: `${this.url}/userinfo` }),
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['ES256', 'RS256', 'HS256', 'none'],
      code_challenge_methods_supported: ['S256'],
      token_endpoint_auth_methods_supported: ['client_secret_basic'],
      authorization_response_iss_parameter_supported: true,
    };
  }
  protected override respond(request: IncomingMessage, response: ServerResponse): void {
    const path = pathOf(request);
    if (path === '/authorize') this.authorize(new URL(request.url!, this.url).searchParams, response);
    else if (path === '/token') this.exchange(request, response).catch(() => response.destroy());
    else if (path === '/userinfo') this.tell(request, response);
    else super.respond(request, response);
  }
  /** Where a browser that opens this address of its is sent. */
  async through(address: string): Promise<URL> {
    const answer = await fetch(address, { redirect: 'manual' });
    const location = answer.headers.get('location');
    if (location === null) throw new Error(`the provider sends nobody back: ${answer.status} ${await answer.text()}`);
    return new URL(location);
  }
  private authorize(query: URLSearchParams, response: ServerResponse): void {
    const [redirectUri, challenge] = [query.get('redirect_uri'), query.get('code_challenge')];
    const isRight =
      query.get('client_id') === this.clientId &&
      query.get('response_type') === 'code' &&
      query.get('code_challenge_method') === 'S256' &&
      query.get('scope')?.split(' ').includes('openid');
    if (!isRight || redirectUri === null || challenge === null) {
      response.writeHead(400).end('this is no request for a code');
      return;
    }
    if (this.asks && !query.has('asked')) {
      query.set('asked', 'yes');
      const link = `/authorize?${query.toString()}`.replaceAll('&', '&amp;');
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end(`<!doctype html><html lang="en"><title>Example</title><a id="go" href="${link}">It is me</a></html>`);
      return;
    }
    this.requests.push(query);
    const back = new URL(redirectUri);
    if (this.refusal !== undefined) back.searchParams.set('error', this.refusal);
    else back.searchParams.set('code', this.code(query, redirectUri, challenge));
    const state = query.get('state');
    if (state !== null) back.searchParams.set('state', state);
    const iss = this.responseIssuer === undefined ? this.url : this.responseIssuer;
    if (iss !== null) back.searchParams.set('iss', iss);
    response.writeHead(302, { location: back.href }).end();
  }
  private code(query: URLSearchParams, redirectUri: string, challenge: string): string {
    const code = randomBytes(16).toString('hex');
    this.grants.set(code, { claims: this.person, nonce: query.get('nonce') ?? undefined, redirectUri, challenge });
    return code;
  }
  private async exchange(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = new URLSearchParams(Buffer.concat(chunks).toString());
    const answer = (status: number, document: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(document));
    if (request.headers.authorization !== this.credentials()) {
      answer(401, { error: 'invalid_client' });
      return;
    }
    const code = body.get('code') ?? '';
    const grant = this.grants.get(code);
    this.grants.delete(code);
    const shown = createHash('sha256')
      .update(body.get('code_verifier') ?? '')
      .digest('base64url');
    if (grant?.challenge !== shown || grant.redirectUri !== body.get('redirect_uri')) {
      answer(400, { error: 'invalid_grant' });
      return;
    }
    const token = randomBytes(16).toString('hex');
    this.tokens.set(token, grant);
    answer(200, { access_token: token, token_type: 'Bearer', expires_in: 300, id_token: await this.idToken(grant) });
  }
  /** RFC 6749 §2.3.1: both halves are form-encoded first. */
  private credentials(): string {
    const encoded = (text: string) => new URLSearchParams({ t: text }).toString().slice(2);
    return `Basic ${btoa(`${encoded(this.clientId)}:${encoded(this.clientSecret)}`)}`;
  }
  private async idToken({ claims, nonce }: Grant): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const payload = JSON.parse(
      JSON.stringify({
        iss: this.url,
        aud: this.clientId,
        iat: now,
        exp: now + 300,
        nonce,
        ...claims,
        ...this.spoiled,
      }),
    ) as JWTPayload;
    if (this.signature === 'none') return new UnsecuredJWT(payload).encode();
    if (this.signature === 'client-secret')
      return new SignJWT(payload)
        .setProtectedHeader({ alg: 'HS256', kid: [...this.keys.keys()][0] })
        .sign(Buffer.from(this.clientSecret.padEnd(32)));
    const { kid, algorithm, privateKey } = this.signingKey(
      this.signature === 'hidden-key' ? await this.hiddenKey() : undefined,
    );
    return new SignJWT(payload).setProtectedHeader({ alg: algorithm, kid }).sign(privateKey);
  }
  private tell(request: IncomingMessage, response: ServerResponse): void {
    const grant = this.tokens.get(request.headers.authorization?.replace(/^Bearer /, '') ?? '');
    if (!grant) response.writeHead(401).end();
    else
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ sub: grant.claims.sub, ...this.userinfo }));
  }
}
