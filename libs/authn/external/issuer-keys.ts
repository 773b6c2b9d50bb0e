import { createPublicKey, type KeyObject } from 'node:crypto';
import type { JWK } from 'jose';
import type { PinoLogger } from 'nestjs-pino';
import type { TokenIssuer } from '#libs/config/environment.js';
import type { Egress } from '#libs/egress/egress.js';

type Algorithm = TokenIssuer['algorithms'][number];

/** Whose keys, where they are unless discovery says it, and which of them can be used. */
export type KeySource = Pick<TokenIssuer, 'issuer' | 'jwksUri' | 'algorithms'>;

const refreshEvery = 10 * 60_000;
/** Whatever tokens are shown: no issuer is asked more often, answer or not. */
const atMostEvery = 60_000;
/** An issuer that cannot be reached cannot take keys back either. */
const trustFor = 24 * 3_600_000;
const timeoutMs = 5_000;
const maxBytes = 256 * 1024;
const maxKeys = 100;
const minRsaBits = 2048;

/**
 * The public keys of one issuer. What is known stays known while the issuer is slow, away or answers nonsense; what a good
 * answer lacks is gone. Keys come from the configured issuer only: nothing that a token names is ever fetched.
 */
export class IssuerKeys {
  private keys: ReadonlyMap<string, KeyObject> = new Map();
  private askedAt = -Infinity;
  private answeredAt = -Infinity;
  private asking?: Promise<void>;

  constructor(
    private readonly issuer: KeySource,
    private readonly egress: Pick<Egress, 'fetch'>,
    private readonly logger: Pick<PinoLogger, 'warn'>,
    private readonly onRemoved: () => void,
  ) {}

  find(algorithm: string, kid: string): KeyObject | undefined {
    return performance.now() - this.answeredAt > trustFor ? undefined : this.keys.get(nameOf(algorithm, kid));
  }
  /**
   * Asks the issuer again for a key that is not known, unless it was asked a moment ago. Everybody waits for the same answer:
   * for as long as they could not ask, none of the keys that it lacks is asked for again.
   */
  async lookAgain(): Promise<void> {
    if (!this.asking && performance.now() - this.askedAt < atMostEvery) return;
    await this.ask();
  }
  /** In the background, so that keys that the issuer has removed end, and new ones are known before they are used. */
  async keepUp(): Promise<void> {
    if (performance.now() - this.answeredAt >= refreshEvery) await this.lookAgain();
    if (performance.now() - this.answeredAt > trustFor) this.take(new Map());
  }
  private ask(): Promise<void> {
    this.asking ??= this.askOnce().finally(() => (this.asking = undefined));
    return this.asking;
  }
  private async askOnce(): Promise<void> {
    this.askedAt = performance.now();
    try {
      const { keys } = await this.document(this.issuer.jwksUri ?? (await this.discovered()));
      if (!Array.isArray(keys) || keys.length > maxKeys) throw new Error('this is no set of keys');
      const usable = this.usable(keys);
      // One that says that there are none left is believed.
      if (usable.size === 0 && keys.length > 0) throw new Error('none of the keys can be used');
      this.answeredAt = performance.now();
      this.take(usable);
    } catch (error) {
      this.logger.warn({ err: error, issuer: this.issuer.issuer }, 'keys of an issuer cannot be read');
    }
  }
  /** OpenID Connect Discovery §4; the document has to be of this very issuer (§4.3). */
  private async discovered(): Promise<string> {
    const base = this.issuer.issuer.replace(/\/$/, '');
    const { issuer, jwks_uri: uri } = await this.document(`${base}/.well-known/openid-configuration`);
    if (issuer !== this.issuer.issuer) throw new Error('the discovery document is of another issuer');
    if (typeof uri !== 'string' || !URL.canParse(uri)) throw new Error('the discovery document names no keys');
    if (base.startsWith('https:') && new URL(uri).protocol !== 'https:')
      throw new Error('the discovery document leads away from https');
    return uri;
  }
  private async document(url: string): Promise<Record<string, unknown>> {
    const { status, body } = await this.egress.fetch(url, {
      headers: { accept: 'application/json' },
      timeoutMs,
      maxBytes,
    });
    if (status !== 200) throw new Error(`the answer has the status ${status}`);
    const document: unknown = JSON.parse(body.toString());
    if (typeof document !== 'object' || document === null) throw new Error('the answer is no document');
    return document as Record<string, unknown>;
  }
  /** By what a token may ask for. Keys that are of no use to us are none of our business (RFC 7517 §5). */
  private usable(keys: readonly unknown[]): Map<string, KeyObject> {
    const found = new Map<string, KeyObject>();
    for (const jwk of keys as readonly (JWK | null)[]) {
      if (typeof jwk?.kid !== 'string' || (jwk.use !== undefined && jwk.use !== 'sig')) continue;
      const algorithms = this.issuer.algorithms.filter((alg) => fits(jwk, alg));
      const key = algorithms.length > 0 ? publicKey(jwk) : undefined;
      if (key) for (const alg of algorithms) found.set(nameOf(alg, jwk.kid), key);
    }
    return found;
  }
  private take(keys: ReadonlyMap<string, KeyObject>): void {
    const before = this.keys;
    this.keys = keys;
    if ([...before].some(([name, key]) => !keys.get(name)?.equals(key))) this.onRemoved();
  }
}
const nameOf = (algorithm: string, kid: string): string => `${algorithm} ${kid}`;

/** A key serves the algorithm that it names (RFC 7517 §4.4), or else those of its kind. */
function fits({ kty, crv, alg }: JWK, algorithm: Algorithm): boolean {
  if (alg !== undefined && alg !== algorithm && !(alg === 'Ed25519' && algorithm === 'EdDSA')) return false;
  if (algorithm === 'ES256') return kty === 'EC' && crv === 'P-256';
  if (algorithm === 'EdDSA') return kty === 'OKP' && crv === 'Ed25519';
  return kty === 'RSA';
}
/** Undefined for what cannot be read, and for RSA keys that are too short to be trusted. */
function publicKey({ kty, crv, x, y, n, e }: JWK): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: { kty, crv, x, y, n, e }, format: 'jwk' });
    const bits = key.asymmetricKeyDetails?.modulusLength;
    return bits !== undefined && bits < minRsaBits ? undefined : key;
  } catch {
    return undefined;
  }
}
