import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK, type JWTPayload } from 'jose';

type Algorithm = 'ES256' | 'RS256' | 'PS256' | 'EdDSA';
/** How it answers when it is asked for its keys. `hanging` is until the mode changes. */
export type IssuerMode = 'well' | 'hanging' | 'garbage' | 'huge' | 'failing' | 'away';

interface Key {
  readonly algorithm: Algorithm;
  readonly privateKey: CryptoKey;
  readonly publicJwk: JWK;
}

/** An issuer of somebody else's on loopback, with keys that come and go, in good and bad moods. */
export class ExternalIssuer {
  /** What was asked of it, by path. */
  readonly asked: string[] = [];
  readonly keys = new Map<string, Key>();
  private readonly hidden = new Map<string, Key>();
  private readonly waiting = new Map<ServerResponse, IncomingMessage>();
  private readonly modes = new Map<string, IssuerMode>();
  private server!: Server;
  private current: IssuerMode = 'well';
  private made = 0;
  url = '';

  static async start<Issuer extends ExternalIssuer>(this: new () => Issuer): Promise<Issuer> {
    const issuer = new this();
    issuer.server = createServer((request, response) => issuer.answer(request, response));
    issuer.server.listen(0, '127.0.0.1');
    await once(issuer.server, 'listening');
    // Who does not stop it is not kept by it.
    issuer.server.unref();
    issuer.url = `http://127.0.0.1:${(issuer.server.address() as AddressInfo).port}`;
    await issuer.addKey();
    return issuer;
  }
  /** How often it was asked for its keys. */
  get fetches(): number {
    return this.asked.filter((path) => path === '/keys').length;
  }
  /** Whether somebody still waits for an answer. */
  get isAwaited(): boolean {
    return [...this.waiting.keys()].some((response) => !response.closed);
  }
  set mode(mode: IssuerMode) {
    this.current = mode;
    this.modes.clear();
    this.answerWaiting();
  }
  /** How it answers at one of its addresses, until the mode of all is set. */
  modeAt(path: string, mode: IssuerMode): void {
    this.modes.set(path, mode);
    this.answerWaiting();
  }
  private answerWaiting(): void {
    const waiting = [...this.waiting];
    this.waiting.clear();
    for (const [response, request] of waiting) this.answerAs(this.modeOf(request), request, response);
  }
  private modeOf(request: IncomingMessage): IssuerMode {
    return this.modes.get(pathOf(request)) ?? this.current;
  }
  /** The new key signs from now on. */
  async addKey(algorithm: Algorithm = 'ES256', about: JWK = {}): Promise<string> {
    const kid = `key-${++this.made}`;
    const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
    const publicJwk = { ...(await exportJWK(publicKey)), kid, alg: algorithm, use: 'sig', ...about };
    this.keys.set(kid, { algorithm, privateKey, publicJwk });
    return kid;
  }
  /** A key that it does not publish. */
  async hiddenKey(): Promise<string> {
    const kid = await this.addKey();
    const key = this.keys.get(kid)!;
    this.hidden.set(kid, key);
    this.keys.delete(kid);
    return kid;
  }
  /** Taken out of what it publishes; what it signed is still around. */
  removeKey(kid: string): void {
    this.hidden.set(kid, this.keys.get(kid)!);
    this.keys.delete(kid);
  }
  token(
    sub: string,
    claims: JWTPayload = {},
    header: Record<string, unknown> & { kid?: string } = {},
  ): Promise<string> {
    const { kid, algorithm, privateKey } = this.signingKey(header.kid);
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({ iss: this.url, aud: 'shop', sub, iat: now, exp: now + 600, scope: 'api', ...claims })
      .setProtectedHeader({ alg: algorithm, typ: 'at+jwt', kid, ...header })
      .sign(privateKey);
  }
  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }
  /** Signs with the key that signs now, or with one that was taken out of what it publishes. */
  protected signingKey(kid = [...this.keys.keys()].at(-1)!): Key & { readonly kid: string } {
    return { kid, ...(this.keys.get(kid) ?? this.hidden.get(kid) ?? [...this.keys.values()].at(-1)!) };
  }
  private answer(request: IncomingMessage, response: ServerResponse): void {
    this.asked.push(pathOf(request));
    this.answerAs(this.modeOf(request), request, response);
  }
  private answerAs(mode: IssuerMode, request: IncomingMessage, response: ServerResponse): void {
    if (mode === 'hanging') this.waiting.set(response, request);
    else if (mode === 'away') response.destroy();
    else if (mode === 'failing') response.writeHead(500).end('{}');
    else if (mode === 'garbage') response.writeHead(200).end('<html>Please sign in</html>');
    else if (mode === 'huge') response.writeHead(200).end(`{"keys":[],"more":"${'x'.repeat(2 ** 20)}"}`);
    else this.respond(request, response);
  }
  protected respond(request: IncomingMessage, response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(this.document(pathOf(request))));
  }
  protected document(path: string): object {
    if (path === '/keys') return { keys: [...this.keys.values()].map((key) => key.publicJwk) };
    return { issuer: this.url, jwks_uri: `${this.url}/keys` };
  }
}
export const pathOf = ({ url = '' }: IncomingMessage): string => url.split('?', 1)[0];
